/* A line drawn around units, and a light on units that were cut off. */
(function (global) {
  "use strict";

  const { Drawing } = global.TwoNations;
  const STEP = 4; // pixels between the points of the line
  const FEWEST = 6; // points below which it is a click

  const colour = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function isInside(line, x, y) {
    let found = false;
    line.forEach(([x1, y1], i) => {
      const [x0, y0] = line[i ? i - 1 : line.length - 1];
      if (y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) found = !found;
    });
    return found;
  }

  /** Units in their colour of alarm, until they are told to stop. */
  class Flash extends Drawing {
    constructor(map, units) {
      super(map, "flash", 445);
      Object.assign(this, { units, shown: [] });
    }

    show(shown) {
      this.shown = shown;
      this.pane.classList.remove("is-flashing");
      void this.pane.offsetWidth; // so that the animation begins anew
      this.pane.classList.toggle("is-flashing", shown.length > 0);
      this.repaint();
    }

    paint() {
      if (!this.units || !this.shown.length) return;
      this.draw((context, pixels) => {
        for (const [name, width] of [["--casing", 6], ["--moved", 3]]) {
          context.strokeStyle = colour(name);
          context.lineWidth = pixels(width);
          for (const unit of this.shown) context.stroke(this.units.shape(unit));
        }
        context.fillStyle = colour("--moved");
        for (const unit of this.shown) context.fill(this.units.shape(unit), "evenodd");
      });
    }
  }

  class Lasso extends Drawing {
    /** `take(units)` gets the units whose middle lies within the line. */
    constructor(map, units, take) {
      super(map, "lasso", 460);
      Object.assign(this, { units, take, line: null, isOn: false, hasJustTaken: false });
      const container = map.getContainer();
      container.addEventListener("pointerdown", (event) => this.begin(event));
      container.addEventListener("pointermove", (event) => this.extend(event));
      container.addEventListener("pointerup", () => this.end());
      container.addEventListener("pointercancel", () => this.drop());
      container.addEventListener("keydown", (event) => event.key === "Escape" && this.drop());
    }

    setOn(isOn) {
      this.isOn = isOn;
      this.drop();
      this.map.dragging[isOn ? "disable" : "enable"]();
      this.map.getContainer().classList.toggle("has-lasso", isOn);
    }

    at(event) {
      const { x, y } = this.map.options.crs.projection.project(
        this.map.mouseEventToLatLng(event)
      );
      return [x, y];
    }

    begin(event) {
      this.hasJustTaken = false;
      const isFirst = event.isPrimary && event.button === 0;
      if (!this.isOn || !isFirst || event.target.closest(".leaflet-control")) return;
      this.map.getContainer().setPointerCapture(event.pointerId);
      this.line = [this.at(event)];
      this.last = [event.clientX, event.clientY];
    }

    extend(event) {
      if (!this.line || !event.isPrimary) return;
      const [x, y] = this.last;
      if (Math.hypot(event.clientX - x, event.clientY - y) < STEP) return;
      this.last = [event.clientX, event.clientY];
      this.line.push(this.at(event));
      this.repaint();
    }

    drop() {
      this.line = null;
      this.repaint();
    }

    end() {
      const { line } = this;
      this.drop();
      if (!line || line.length < FEWEST) return;
      this.hasJustTaken = true; // the click that follows is none
      const held = [...Array(this.units.n).keys()].filter((unit) =>
        isInside(line, ...this.units.spot(unit))
      );
      this.take(held);
    }

    paint() {
      if (!this.line) return;
      const path = new Path2D();
      this.line.forEach(([x, y], i) => (i ? path.lineTo(x, y) : path.moveTo(x, y)));
      path.closePath();
      this.draw((context, pixels) => {
        context.fillStyle = `color-mix(in srgb, ${colour("--moved")} 25%, transparent)`;
        context.fill(path);
        context.strokeStyle = colour("--ink");
        context.lineWidth = pixels(1.6);
        context.setLineDash([pixels(5), pixels(4)]);
        context.stroke(path);
      });
    }
  }

  Object.assign(global.TwoNations, { Flash, Lasso });
})(window);
