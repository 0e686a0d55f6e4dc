/* Groups that would switch to the other nation: a number on each, and an arrow over the border. */
(function (global) {
  "use strict";

  const { Drawing, depth } = global.TwoNations;

  const SANS = '"Public Sans", "Helvetica Neue", Helvetica, Arial, sans-serif';
  const RADIUS = 9; // pixels of the mark with the number
  const SHORTEST = 30; // pixels of an arrow, however near the two units are
  const HEAD = 8; // pixels of its head
  const SIDES = ["red", "blue"]; // in the order of the parts

  const around = (x, y, size) => ({ left: x - size, right: x + size, top: y - size, bottom: y + size });

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

    /** Where the marks and arrows stand while they are shown, as boxes along each of them. */
    boxes() {
      if (this.page.layer.view !== "switching") return [];
      const { units } = this.page;
      const growth = this.growth();
      return units.switchingGroups.flatMap(({ way: [from, to] }) => {
        const [x, y] = this.at(from);
        const marks = [around(x, y, (RADIUS + 1) * growth)];
        if (from === to) return marks;
        const [tipX, tipY] = this.tip([x, y], this.at(to), growth);
        const steps = Math.ceil(Math.hypot(tipX - x, tipY - y) / HEAD);
        for (let step = 1; step <= steps; step++) {
          const share = step / steps;
          marks.push(around(x + share * (tipX - x), y + share * (tipY - y), (HEAD - 2) * growth));
        }
        return marks;
      });
    }

    /** Where a unit stands on the canvas. */
    at(unit) {
      const { a, b, c, d } = this.transformation();
      const [x, y] = this.page.units.anchor(unit);
      return [a * x + b, c * y + d];
    }

    /** How much larger marks are than at the first sight. */
    growth() {
      return Math.pow(1.15, Math.max(0, depth(this.map, this.page.units)));
    }

    /** Where an arrow ends: in the other unit, or beyond it where that is too near to be seen. */
    tip([x, y], [toX, toY], growth) {
      const length = Math.hypot(toX - x, toY - y) || 1;
      const reach = Math.max(length, SHORTEST * growth) / length;
      return [x + (toX - x) * reach, y + (toY - y) * reach];
    }

    paintOn(context) {
      const { units } = this.page;
      const computed = getComputedStyle(document.documentElement);
      const colour = (name) => computed.getPropertyValue(name).trim();
      const growth = this.growth();
      context.save();
      context.lineJoin = context.lineCap = "round";
      context.textAlign = "center";
      context.textBaseline = "middle";
      // The strongest group is drawn last, above the others.
      for (const group of [...units.switchingGroups].reverse()) {
        const [from, to] = group.way;
        const fill = colour(`--rim-${SIDES[group.part]}`);
        if (from !== to) this.paintArrow(context, this.at(from), this.at(to), growth, fill, colour);
        this.paintMark(context, this.at(from), group.number, growth, fill, colour);
      }
      context.restore();
    }

    paintArrow(context, [x, y], to, growth, fill, colour) {
      const [tipX, tipY] = this.tip([x, y], to, growth);
      const length = Math.hypot(tipX - x, tipY - y) || 1;
      const [dx, dy] = [(tipX - x) / length, (tipY - y) / length];
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
    map.on("viewchange", () => {
      arrows.repaint();
      for (const names of page.names) names.repaint(); // which make room for the arrows
    });
    for (const row of document.querySelectorAll("[data-group]")) {
      const group = page.units.switchingGroups[Number(row.dataset.group)];
      row.addEventListener("click", () => page.goToUnit(group.way[0]));
    }
  };
})(window);
