/* Two drawings on one map, one on each side of a divider that a person drags. */
(function (global) {
  "use strict";

  class Swipe {
    /** `sides` are the drawings left and right of the divider. */
    constructor(map, sides) {
      Object.assign(this, { map, sides });
      this.share = 0.5;
      this.isOn = false;
      this.handle = document.getElementById("divider");
      map.on("move viewreset resize", () => this.clip());
      this.handle.addEventListener("pointerdown", (event) => this.drag(event));
      this.handle.addEventListener("keydown", (event) => {
        const step = { ArrowLeft: -0.02, ArrowRight: 0.02, Home: -1, End: 1 }[event.key];
        if (!step) return;
        event.preventDefault();
        this.move(this.share + step);
      });
    }

    show(isOn) {
      this.isOn = isOn;
      this.handle.hidden = !isOn;
      this.clip();
    }

    drag(event) {
      event.preventDefault();
      this.handle.focus();
      this.handle.setPointerCapture(event.pointerId);
      const follow = ({ clientX }) => {
        const { left, width } = this.map.getContainer().getBoundingClientRect();
        this.move((clientX - left) / width);
      };
      const stop = () => this.handle.removeEventListener("pointermove", follow);
      this.handle.addEventListener("pointermove", follow);
      this.handle.addEventListener("pointerup", stop, { once: true });
      this.handle.addEventListener("pointercancel", stop, { once: true });
    }

    move(share) {
      this.share = Math.min(1, Math.max(0, share));
      this.clip();
      this.map.fire("viewchange");
    }

    /** Cut each drawing at the divider, in the coordinates of the panes, which move with the map. */
    clip() {
      if (!this.isOn) {
        for (const { pane } of this.sides) pane.style.clipPath = "";
        return;
      }
      const { x: width, y: height } = this.map.getSize();
      const at = Math.round(this.share * width);
      this.handle.style.left = `${at}px`;
      this.handle.setAttribute("aria-valuenow", String(Math.round(100 * this.share)));
      const cut = ({ pane }, from, to) => {
        const low = this.map.containerPointToLayerPoint([from, 0]);
        const high = this.map.containerPointToLayerPoint([to, height]);
        const corners = [[low.x, low.y], [high.x, low.y], [high.x, high.y], [low.x, high.y]];
        pane.style.clipPath = `polygon(${corners.map(([x, y]) => `${x}px ${y}px`).join(", ")})`;
      };
      cut(this.sides[0], 0, at);
      cut(this.sides[1], at, width);
    }
  }

  global.TwoNations.Swipe = Swipe;
})(window);
