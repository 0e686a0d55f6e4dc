/* Names of places, the most important first, and of units where they fit; none covers another. */
(function (global) {
  "use strict";

  const { Drawing, depth } = global.TwoNations;
  const FIRST = 26; // places named on a map about a thousand pixels wide
  const SANS = '"Public Sans", "Helvetica Neue", Helvetica, Arial, sans-serif';
  const FEW = 150; // units whose names stand at once; more wait until the map is larger
  const MARGIN = 3; // pixels between names
  const SMALLEST = 7; // pixels of the radius of a circle with a name
  const WIDEST = 3; // widths of a circle that its name may have

  const overlaps = (a, b) =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

  class PlaceNames extends Drawing {
    /**
     * `covered` tells how much of the map a panel covers on each side, `layers` what lies below:
     * on paper the names are on those canvases.
     */
    constructor(map, units, places, covered, layers) {
      super(map, "places", 420);
      Object.assign(this, { units, places, covered, layers, isShown: true, placed: [] });
      this.repaint();
    }

    setShown(isShown) {
      this.isShown = isShown;
      this.repaint();
    }

    /** A box that is free, tried right, left, above and below of a dot. */
    findBox(x, y, width, height) {
      const gap = 5;
      const boxes = [
        [x + gap, y - height / 2],
        [x - gap - width, y - height / 2],
        [x - width / 2, y - gap - height + 2],
        [x - width / 2, y + gap - 2],
      ];
      for (const [left, top] of boxes) {
        const box = { left, top, right: left + width, bottom: top + height };
        const wide = {
          left: Math.min(left, x - 3) - MARGIN,
          right: Math.max(box.right, x + 3) + MARGIN,
          top: Math.min(top, y - 3) - 1,
          bottom: Math.max(box.bottom, y + 3) + 1,
        };
        if (!this.taken.some((other) => overlaps(wide, other))) return { ...box, wide };
      }
      return null;
    }

    paint() {
      const below = Drawing.isPrinting ? this.layers().filter(({ map }) => map === this.map) : [this];
      for (const { canvas } of below) this.paintOn(canvas._ctx);
    }

    paintOn(context) {
      this.placed = [];
      if (!this.units || !this.isShown) return;
      this.taken = [...this.edges(), ...this.labels()];
      const computed = getComputedStyle(document.documentElement);
      this.ink = computed.getPropertyValue("--ink").trim();
      this.halo = computed.getPropertyValue("--halo").trim();
      context.save();
      context.lineJoin = "round";
      context.textBaseline = "middle";
      const depthNow = depth(this.map, this.units);
      const most = Math.max(7, FIRST * Math.pow(3.2, depthNow));
      if (this.units.shownCircles) this.nameCircles(context, most);
      else {
        this.nameCities(context, depthNow, most);
        if (depthNow > 1.1 || this.units.n <= FEW) this.nameUnits(context);
      }
      context.restore();
    }

    /** The edges of what is seen, which no name may cross, as boxes that are taken. */
    edges() {
      const covered = this.covered();
      const origin = this.map.containerPointToLayerPoint([0, 0]);
      const { x: width, y: height } = this.map.getSize();
      const [left, right] = [origin.x + covered.left, origin.x + width - covered.right];
      const [top, bottom] = [origin.y + covered.top, origin.y + height - covered.bottom];
      const far = 1e5;
      return [
        { left: left - 1, right: left + 1, top: -far, bottom: far },
        { left: right - 1, right: right + 1, top: -far, bottom: far },
        { left: -far, right: far, top: top - 1, bottom: top + 1 },
        { left: -far, right: far, top: bottom - 1, bottom: bottom + 1 },
      ];
    }

    nameCities(context, depthNow, most) {
      const { a, b, c, d } = this.transformation();
      const { min, max } = this.canvas._bounds;
      const size = Math.min(13, 11 + 0.5 * Math.max(0, depthNow));
      this.places.slice(0, most).forEach(([name, px, py], rank) => {
        const [x, y] = [a * px + b, c * py + d];
        if (x < min.x || y < min.y || x > max.x || y > max.y) return;
        context.font = `${rank < FIRST ? 600 : 400} ${size}px ${SANS}`;
        const box = this.findBox(x, y, context.measureText(name).width, size + 2);
        if (!box) return;
        this.taken.push(box.wide);
        context.beginPath();
        context.arc(x, y, rank < FIRST ? 2.3 : 1.8, 0, 2 * Math.PI);
        context.lineWidth = 2.5;
        context.strokeStyle = this.halo;
        context.stroke();
        context.fillStyle = this.ink;
        context.fill();
        this.write(context, name, box);
      });
    }

    /** What stands on the map beside these names: what moved states are. */
    labels() {
      const map = this.map.getContainer();
      const { left, top } = map.getBoundingClientRect();
      const origin = this.map.containerPointToLayerPoint([0, 0]);
      return [...map.querySelectorAll(".inset-label span")].map((label) => {
        const box = label.getBoundingClientRect();
        const [x, y] = [origin.x - left, origin.y - top];
        return { left: box.left + x, right: box.right + x, top: box.top + y, bottom: box.bottom + y };
      });
    }

    /** Whether a name is on its unit from end to end. */
    isOnLand(unit, { left, right, top, bottom }) {
      const { a, b, c, d } = this.transformation();
      return this.units.holdsBox(unit, (left - b) / a, (bottom - d) / c, (right - b) / a, (top - d) / c);
    }

    /** Circles of votes have their names in their middles: the largest, and all that hold theirs. */
    nameCircles(context, most) {
      const { names, n } = this.units;
      context.font = `600 10.5px ${SANS}`;
      const circles = this.seenCircles();
      for (const { unit, rank, x, y, radius } of circles) {
        const length = context.measureText(names[unit]).width;
        const box = { left: x - length / 2, top: y - 6, right: x + length / 2, bottom: y + 6 };
        if (Math.hypot(length / 2, 6) >= radius) {
          if (length > WIDEST * 2 * radius || (rank >= most && n > FEW)) continue;
          const isOver = (one) => one.unit !== unit
            && one.x > box.left && one.x < box.right && one.y > box.top && one.y < box.bottom;
          if (circles.some(isOver)) continue;
        }
        const wide = {
          left: box.left - MARGIN,
          right: box.right + MARGIN,
          top: box.top - MARGIN,
          bottom: box.bottom + MARGIN,
        };
        if (this.taken.some((other) => overlaps(wide, other))) continue;
        this.taken.push(box);
        this.write(context, names[unit], box);
      }
    }

    /** The circles on the canvas that are large enough for a name, the largest first. */
    seenCircles() {
      const { order, radius, x, y } = this.units.shownCircles;
      const { a, b, c, d } = this.transformation();
      const { min, max } = this.canvas._bounds;
      const end = order.findIndex((unit) => a * radius[unit] < SMALLEST);
      return [...order.subarray(0, end < 0 ? order.length : end)]
        .map((unit, rank) => ({ unit, rank, x: a * x[unit] + b, y: c * y[unit] + d, radius: a * radius[unit] }))
        .filter((one) => one.x > min.x && one.x < max.x && one.y > min.y && one.y < max.y);
    }

    /** Units are named where the name is on their land. */
    nameUnits(context) {
      const { a, b, c, d } = this.transformation();
      const { min, max } = this.canvas._bounds;
      const { boxes, names, n } = this.units;
      context.font = `italic 10.5px ${SANS}`;
      for (let unit = 0; unit < n; unit++) {
        const [west, south, east, north] = boxes.subarray(4 * unit, 4 * unit + 4);
        const [width, height] = [a * (east - west), -c * (north - south)];
        if (width < 44 || height < 26) continue;
        const [left, top] = [a * west + b, c * north + d];
        if (left > max.x || top > max.y || left + width < min.x || top + height < min.y) continue;
        const length = context.measureText(names[unit]).width;
        if (length > width) continue;
        const [px, py] = this.units.anchor(unit);
        const [x, y] = [a * px + b, c * py + d];
        const box = { left: x - length / 2, top: y - 6, right: x + length / 2, bottom: y + 6 };
        if (this.taken.some((other) => overlaps(box, other))) continue;
        if (!this.isOnLand(unit, box)) continue;
        this.taken.push(box);
        this.write(context, names[unit], box);
      }
    }

    write(context, text, { left, top, right, bottom }) {
      const origin = this.map.containerPointToLayerPoint([0, 0]);
      context.strokeStyle = this.halo;
      context.lineWidth = 3;
      context.strokeText(text, left, (top + bottom) / 2);
      context.fillStyle = this.ink;
      context.fillText(text, left, (top + bottom) / 2);
      this.placed.push({
        text,
        left: left - origin.x,
        right: right - origin.x,
        top: top - origin.y,
        bottom: bottom - origin.y,
      });
    }
  }

  global.TwoNations.PlaceNames = PlaceNames;
})(window);
