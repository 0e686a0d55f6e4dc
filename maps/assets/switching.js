/* Groups that would switch to the other nation: a number on each, and an arrow over the border. */
(function (global) {
  "use strict";

  const { Drawing, depth } = global.TwoNations;

  const SANS = '"Public Sans", "Helvetica Neue", Helvetica, Arial, sans-serif';
  const RADIUS = 9; // pixels of the mark with the number
  const SHORTEST = 30; // pixels of an arrow, however near the two units are
  const HEAD = 8; // pixels of its head
  const SIDES = ["red", "blue"]; // in the order of the parts

  class Arrows extends Drawing {
    constructor(map, page) {
      super(map, "switching", 430);
      this.page = page;
      this.repaint();
    }

    paint() {
      if (!this.page || this.page.layer.view !== "switching") return;
      const below = Drawing.isPrinting ? this.page.layers : [this];
      for (const { canvas } of below) this.paintOn(canvas._ctx);
    }

    paintOn(context) {
      const { a, b, c, d } = this.transformation();
      const { units } = this.page;
      const computed = getComputedStyle(document.documentElement);
      const colour = (name) => computed.getPropertyValue(name).trim();
      const at = (unit) => {
        const [x, y] = units.anchor(unit);
        return [a * x + b, c * y + d];
      };
      const growth = Math.pow(1.15, Math.max(0, depth(this.map, units)));
      context.save();
      context.lineJoin = context.lineCap = "round";
      context.textAlign = "center";
      context.textBaseline = "middle";
      // The strongest group is drawn last, above the others.
      for (const group of [...units.switchingGroups].reverse()) {
        const [from, to] = group.way;
        const fill = colour(`--rim-${SIDES[group.part]}`);
        if (from !== to) this.paintArrow(context, at(from), at(to), growth, fill, colour);
        this.paintMark(context, at(from), group.number, growth, fill, colour);
      }
      context.restore();
    }

    paintArrow(context, [x, y], [toX, toY], growth, fill, colour) {
      const length = Math.hypot(toX - x, toY - y) || 1;
      const [dx, dy] = [(toX - x) / length, (toY - y) / length];
      const reach = Math.max(length, SHORTEST * growth);
      const [tipX, tipY] = [x + dx * reach, y + dy * reach];
      const head = HEAD * growth;
      const draw = (ink, width) => {
        context.strokeStyle = ink;
        context.lineWidth = width * growth;
        context.beginPath();
        context.moveTo(x, y);
        context.lineTo(tipX, tipY);
        for (const side of [-1, 1]) {
          context.moveTo(tipX, tipY);
          context.lineTo(tipX - dx * head + side * dy * head * 0.7, tipY - dy * head - side * dx * head * 0.7);
        }
        context.stroke();
      };
      draw(colour("--casing"), 6);
      draw(fill, 3);
    }

    paintMark(context, [x, y], number, growth, fill, colour) {
      const radius = RADIUS * growth;
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fillStyle = fill;
      context.fill();
      context.strokeStyle = colour("--casing");
      context.lineWidth = 2 * growth;
      context.stroke();
      context.fillStyle = colour("--page");
      context.font = `600 ${12 * growth}px ${SANS}`;
      context.fillText(number, x, y + 0.5);
    }
  }

  /** Draw the arrows while their view is shown; a row of the legend leads to its group. */
  global.TwoNations.startSwitching = function (map, page) {
    const arrows = new Arrows(map, page);
    page.overlays.push(arrows);
    map.on("viewchange", () => arrows.repaint());
    for (const row of document.querySelectorAll("[data-group]")) {
      const group = page.units.switchingGroups[Number(row.dataset.group)];
      row.addEventListener("click", () => page.goToUnit(group.way[0]));
    }
  };
})(window);
