/* Names of places, the most important first, and of units where they fit; none covers another. */
(function (global) {
  "use strict";

  const { Drawing, depth } = global.TwoNations;
  const { arrangements, stack, isInCircle, touches } = global.TwoNationsNameLines;
  const FIRST = 26; // places named on a map about a thousand pixels wide
  const SANS = '"Public Sans", "Helvetica Neue", Helvetica, Arial, sans-serif';
  const FEW = 150; // units whose names stand at once; more wait until the map is larger
  const MARGIN = 3; // pixels between names
  const SMALLEST = 7; // pixels of the radius of a circle with a name
  const SEEN = 3; // the same, of a circle that no name of another one may touch: smaller ones are dots
  const SIZES = [10.5, 9.75, 9]; // pixels of letters in a circle, the first of those on land
  // Where a name stands that a circle does not hold: across it, beside it, at its corners.
  const AROUND = [[0, 0], [1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [1, -1], [-1, 1], [-1, -1]];

  const overlaps = (a, b) =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

  class PlaceNames extends Drawing {
    /**
     * `covered` tells how much of the map a panel covers on each side, `layers` what lies below:
     * on paper the names are on those canvases. `marks` are boxes of what is drawn above them.
     */
    constructor(map, units, places, covered, layers, marks = () => []) {
      super(map, "places", 420);
      Object.assign(this, { units, places, covered, layers, marks, isShown: true, placed: [] });
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
      this.known = {};
      if (!this.units || !this.isShown) return;
      this.taken = [...this.edges(), ...this.labels(), ...this.marks()];
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
        this.write(context, name, { rows: [{ text: name, ...box }], ...box });
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

    /**
     * Circles of votes have their names inside them; the largest, which cannot hold theirs, have it
     * beside them or across them where it touches no other circle.
     */
    nameCircles(context, most) {
      const { names, n } = this.units;
      const circles = this.seenCircles();
      for (const circle of circles) {
        if (circle.radius < SMALLEST) break; // the others are smaller
        const name = names[circle.unit];
        if (this.nameInside(context, name, circle)) continue;
        if (circle.rank < most || n <= FEW) this.nameBeside(context, name, circle, circles);
      }
    }

    nameInside(context, name, circle) {
      for (const size of SIZES) {
        const width = this.ruler(context, `600 ${size}px ${SANS}`);
        for (const lines of arrangements(name, width)) {
          const box = stack(lines, width, circle.x, circle.y, size);
          if (!isInCircle(box, circle)) continue;
          return this.isFree(box) && this.write(context, name, box);
        }
      }
      return false;
    }

    nameBeside(context, name, circle, circles) {
      const [size] = SIZES;
      const width = this.ruler(context, `600 ${size}px ${SANS}`);
      const { x, y, radius } = circle;
      const [wide, high] = [width(name) / 2 + 3, size / 2 + 2];
      for (const [across, up] of AROUND) {
        const reach = radius * (across && up ? Math.SQRT1_2 : 1);
        const [dx, dy] = [across * (reach + wide), up * (reach + high)];
        const box = stack([name], width, x + dx, y - dy, size);
        if (!this.isFree(box)) continue;
        if (circles.some((other) => other !== circle && touches(box, other))) continue;
        return this.write(context, name, box);
      }
      return false;
    }

    /** The circles on the canvas that can be seen, the largest first. */
    seenCircles() {
      const { order, radius, x, y } = this.units.shownCircles;
      const { a, b, c, d } = this.transformation();
      const { min, max } = this.canvas._bounds;
      const end = order.findIndex((unit) => a * radius[unit] < SEEN);
      return [...order.subarray(0, end < 0 ? order.length : end)]
        .map((unit, rank) => ({ unit, rank, x: a * x[unit] + b, y: c * y[unit] + d, radius: a * radius[unit] }))
        .filter((one) => one.x + one.radius > min.x && one.x - one.radius < max.x
          && one.y + one.radius > min.y && one.y - one.radius < max.y);
    }

    /** Units are named where the name is on their land, in as many lines as that takes. */
    nameUnits(context) {
      const { a, b, c, d } = this.transformation();
      const { min, max } = this.canvas._bounds;
      const { boxes, names, n } = this.units;
      const [size] = SIZES;
      const width = this.ruler(context, `italic ${size}px ${SANS}`);
      for (let unit = 0; unit < n; unit++) {
        const [west, south, east, north] = boxes.subarray(4 * unit, 4 * unit + 4);
        const [wide, high] = [a * (east - west), -c * (north - south)];
        if (wide < 2 * size || high < 1.5 * size) continue;
        const [left, top] = [a * west + b, c * north + d];
        if (left > max.x || top > max.y || left + wide < min.x || top + high < min.y) continue;
        const ways = arrangements(names[unit], width)
          .filter((lines) => Math.max(...lines.map(width)) < wide && 1.1 * size * lines.length < high);
        if (ways.length) this.nameUnit(context, unit, ways, width);
      }
    }

    nameUnit(context, unit, ways, width) {
      const { a, b, c, d } = this.transformation();
      const spots = this.units.spots(unit);
      for (const [px, py] of this.units.n > FEW ? spots.slice(0, 5) : spots) {
        for (const lines of ways) {
          const box = stack(lines, width, a * px + b, c * py + d, SIZES[0]);
          if (!this.isFree(box) || !this.isOnLand(unit, box)) continue;
          return this.write(context, this.units.names[unit], box);
        }
      }
      return false;
    }

    /** Whether a name would be on the canvas, and on no other. */
    isFree(box) {
      const { min, max } = this.canvas._bounds;
      if (box.left < min.x || box.right > max.x || box.top < min.y || box.bottom > max.y) return false;
      const wide = { left: box.left - MARGIN, right: box.right + MARGIN, top: box.top - 1, bottom: box.bottom + 1 };
      return !this.taken.some((other) => overlaps(wide, other));
    }

    /** A function that tells how wide texts are in a font, which is the context's from now on. */
    ruler(context, font) {
      context.font = font;
      const known = (this.known[font] = this.known[font] || new Map());
      return (text) => {
        if (!known.has(text)) known.set(text, context.measureText(text).width);
        return known.get(text);
      };
    }

    /** Write the lines of a name, which no other may cover. */
    write(context, text, { rows, left, right, top, bottom }) {
      const origin = this.map.containerPointToLayerPoint([0, 0]);
      const shown = (box) => ({
        text: box.text,
        left: box.left - origin.x,
        right: box.right - origin.x,
        top: box.top - origin.y,
        bottom: box.bottom - origin.y,
      });
      context.strokeStyle = this.halo;
      context.lineWidth = 3;
      for (const row of rows) context.strokeText(row.text, row.left, (row.top + row.bottom) / 2);
      context.fillStyle = this.ink;
      for (const row of rows) context.fillText(row.text, row.left, (row.top + row.bottom) / 2);
      this.taken.push({ left, right, top, bottom });
      this.placed.push({ ...shown({ text, left, right, top, bottom }), rows: rows.map(shown) });
      return true;
    }
  }

  global.TwoNations.PlaceNames = PlaceNames;
})(window);
