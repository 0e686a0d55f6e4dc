/*
 * Draws a plan on a Leaflet map.
 *
 * Leaflet moves, zooms and sizes the canvases; what is on them is drawn here, as paths in the
 * coordinates of the page under one transformation, so that zooming projects nothing again.
 */
(function (global) {
  "use strict";

  const OUTSIDE = global.TwoNationsTopology.OUTSIDE;
  const UNFOLDING = 800; // milliseconds until circles are as large as people are many
  const LARGEST_CIRCLE = 27; // pixels, when the map is about a thousand pixels wide

  const TILE = 256; // pixels
  const ROOM = 9; // pixels of a unit from which on it has lines around it

  const SIDES = ["red", "blue"]; // in the order of the parts

  const style = () => getComputedStyle(document.documentElement);

  /**
   * Leaflet's canvas, for drawing by others: it does not wipe itself to draw paths of its own, and
   * after a jump it lies on whole pixels, where Leaflet leaves it between them and blurred. Of the
   * two updates that follow a jump it leaves out the second.
   */
  const CrispCanvas = L.Canvas.extend({
    _updatePaths() {},
    _update() {
      const map = this._map;
      const { min, max } = map.getPixelBounds();
      const seen = [map.getZoom(), min, max, map.getPixelOrigin(), map._getMapPanePos()].join();
      if (seen === this._seen) return;
      this._seen = map._animatingZoom ? null : seen;
      if (this.keep) this.keep();
      L.Canvas.prototype._update.call(this);
    },
    _reset() {
      L.Canvas.prototype._reset.call(this);
      L.DomUtil.setPosition(this._container, this._bounds.min);
    },
  });

  L.Control.Attribution.mergeOptions({ prefix: false });

  /** Something drawn on a canvas of its own, which Leaflet keeps in place. */
  class Drawing {
    constructor(map, name, zIndex) {
      this.map = map;
      this.pane = map.createPane(name);
      this.pane.style.zIndex = zIndex;
      this.pane.style.pointerEvents = "none";
      this.canvas = new CrispCanvas({ pane: name, padding: 0.25 }).addTo(map);
      this.canvas.on("update", () => Drawing.isHeld || this.paint());
    }

    repaint() {
      if (Drawing.isHeld) return;
      if (Drawing.isPrinting) {
        this.canvas._seen = null;
        this.canvas._update();
        return;
      }
      const { min, max } = this.canvas._bounds;
      this.canvas._ctx.clearRect(min.x, min.y, max.x - min.x, max.y - min.y);
      this.paint();
    }

    /** From coordinates of the page to pixels: x * a + b and y * c + d, from the map's origin. */
    transformation() {
      const { transformation, scale } = this.map.options.crs;
      const size = scale.call(this.map.options.crs, this.map.getZoom());
      const { _a: a, _b: b, _c: c, _d: d } = transformation;
      const origin = this.map.getPixelOrigin();
      return { a: size * a, b: size * b - origin.x, c: size * c, d: size * d - origin.y };
    }

    /** Call `draw(context, pixels)` with coordinates of the page on an empty canvas. */
    draw(draw) {
      const context = this.canvas._ctx;
      const { a, b, c, d } = this.transformation();
      context.save();
      context.translate(b, d);
      context.scale(a, c);
      context.lineJoin = context.lineCap = "round";
      draw(context, (width) => width / a);
      context.restore();
    }
  }

  /** While this is true nothing is drawn; whoever sets it repaints in the end. */
  Drawing.isHeld = false;

  /**
   * While this is true canvases are made anew. A printer is sent the strokes, not the picture; what
   * is wiped is white on paper, and so is whatever a canvas leaves empty. Hence one canvas has all.
   */
  Drawing.isPrinting = false;

  /** How often the map is larger than when it is about a thousand pixels wide, as a power of 2. */
  function depth(map, units) {
    const [west, south, east, north] = units.bounds;
    const crs = map.options.crs;
    const pixels = crs.scale(map.getZoom()) * crs.transformation._a;
    return Math.log2((pixels * Math.max(east - west, north - south)) / 1000);
  }

  /** The rectangles (left, top, right, bottom) of one box that another does not cover. */
  function uncovered(min, max, otherMin, otherMax) {
    const low = L.point(Math.max(min.x, otherMin.x), Math.max(min.y, otherMin.y));
    const high = L.point(Math.min(max.x, otherMax.x), Math.min(max.y, otherMax.y));
    if (low.x >= high.x || low.y >= high.y) return [[min.x, min.y, max.x, max.y]];
    return [
      [min.x, min.y, max.x, low.y],
      [min.x, high.y, max.x, max.y],
      [min.x, low.y, low.x, high.y],
      [high.x, low.y, max.x, high.y],
    ].filter(([left, top, right, bottom]) => right > left && bottom > top);
  }

  /** A rectangle in pieces: a path takes a browser longer than its halves do. */
  function tiles([left, top, right, bottom]) {
    const pieces = [];
    for (let y = top; y < bottom; y += TILE) {
      for (let x = left; x < right; x += TILE) {
        pieces.push([x, y, Math.min(x + TILE, right), Math.min(y + TILE, bottom)]);
      }
    }
    return pieces;
  }

  class Nations extends Drawing {
    /** Draw the plan `part` (the nation of every unit) on a pane called `name`. */
    constructor(map, units, part, name = "nations") {
      super(map, name, 350);
      this.units = units;
      this.view = "agreement";
      this.shows = { frontier: true, states: true };
      this.unfolded = 1;
      this.canvas.keep = () => this.keep();
      this.setPlan(part);
    }

    /** Draw another plan, compared with `other` where that is given; null draws none. */
    setPlan(part, other = null) {
      const isSame = part === this.part && (other === this.other || this.view !== "difference");
      this.other = other;
      if (isSame && this.colouring) {
        this.colouring = global.twoNationsColouring(this.units, part, other);
        return;
      }
      this.part = part;
      this.pane.style.visibility = part ? "" : "hidden";
      this.colouring = global.twoNationsColouring(this.units, part, other);
      this.frontier = this.areas = null;
    }

    setView(view) {
      this.view = view;
      this.areas = null;
      this.units.showCircles(view === "voters");
      this.repaint();
    }

    /** Let circles grow from circles as large as the land, and move, unless motion is unwanted. */
    unfold() {
      const { view } = this;
      if (!["people", "voters"].includes(view) || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
      const start = performance.now();
      const step = () => {
        const share = Math.min(1, (performance.now() - start) / UNFOLDING);
        this.unfolded = this.view === view ? share * share * (3 - 2 * share) : 1;
        this.repaint();
        if (this.unfolded < 1) requestAnimationFrame(step);
      };
      step();
    }

    /** Draw a line around what a reader has changed; null for none. */
    setMarked(path, isMoved = null) {
      this.marked = path;
      this.isMoved = isMoved;
    }

    setShown(layer, isShown) {
      this.shows[layer] = isShown;
      this.repaint();
    }

    repaint() {
      this.kept = this.drawn = null; // what is there is another plan or view
      super.repaint();
    }

    paint() {
      if (!this.part) return;
      this.pane.style.opacity = this.units.opacity;
      if (this.view === "voters") {
        this.draw((context, pixels) => this.paintVotes(context, pixels));
        return;
      }
      if (this.units.isLarge && this.view !== "people" && !Drawing.isPrinting) return this.paintLarge();
      this.areas = this.areas || this.units.areas(this.colouring[this.view]);
      this.frontier = this.frontier || this.units.frontier(this.part);
      const { areas, frontier } = this;
      const { shore, stateLine } = this.units.lines;
      const { units } = this;
      this.draw((context, pixels) => {
        const unitLine = { get unitLine() { return units.lines.unitLine; } };
        this.paintParts(context, pixels, Object.assign(unitLine, { areas, frontier, shore, stateLine }));
      });
    }

    /** Before the canvas is wiped for another part of the map: keep what of it will be seen again. */
    keep() {
      this.kept = null;
      const { drawn } = this;
      this.drawn = null;
      if (!drawn || !this.units.isLarge || drawn.zoom !== this.map.getZoom()) return;
      const { canvas } = this.canvas._ctx;
      const spare = this.spare || (this.spare = document.createElement("canvas"));
      [spare.width, spare.height] = [canvas.width, canvas.height];
      spare.getContext("2d").drawImage(canvas, 0, 0);
      this.kept = { ...drawn, spare };
    }

    /** Draw only what is new of a large map: what was there before is moved. */
    paintLarge() {
      const context = this.canvas._ctx;
      const { min, max } = this.canvas._bounds;
      const origin = this.map.getPixelOrigin();
      const { kept } = this;
      this.kept = null;
      this.drawn = { min, max, origin, zoom: this.map.getZoom() };
      let grounds = [[min.x, min.y, max.x, max.y]];
      if (kept && kept.origin.equals(origin)) {
        const { x, y } = kept.max.subtract(kept.min);
        context.drawImage(kept.spare, kept.min.x, kept.min.y, x, y);
        grounds = uncovered(min, max, kept.min, kept.max);
      }
      for (const tile of grounds.flatMap(tiles)) this.paintGround(context, tile);
    }

    /** Draw what is in a rectangle of pixels, as simple as it is small; the frontier as it is. */
    paintGround(context, [left, top, right, bottom]) {
      const { a, b, c, d } = this.transformation();
      const reach = Math.ceil(3 * this.growth()) + 2; // pixels of half the widest line, and its corners
      const west = (left - reach - b) / a;
      const east = (right + reach - b) / a;
      const [south, north] = [(bottom + reach - d) / c, (top - reach - d) / c];
      const { part, units, view } = this;
      const near = units.within(west, south, east, north);
      if (!near.length) return;
      const simple = units.detail(a);
      const areas = simple.areas(this.colouring[view], near);
      const lines = simple.linesAround(near, part, this.hasRoomForLines(a));
      const { frontier } = simple === units ? lines : units.linesAround(near, part, false, true);
      context.save();
      context.beginPath();
      context.rect(left, top, right - left, bottom - top);
      context.clip();
      this.draw((_, pixels) => this.paintParts(context, pixels, { ...lines, areas, frontier }));
      context.restore();
    }

    /** Pixels from one unit to the next, about, where so many are one coordinate of the page. */
    sizeOfUnits(pixels) {
      const [west, south, east, north] = this.units.bounds;
      return Math.sqrt(((east - west) * (north - south)) / this.units.n) * pixels;
    }

    /** Whether the units of a large map are such on the screen that lines are more than a haze. */
    hasRoomForLines(pixels) {
      return !this.units.isLarge || this.sizeOfUnits(pixels) > ROOM;
    }

    /** How wide lines are, in pixels: they gain weight more slowly than the land. */
    growth() {
      return Math.pow(1.28, depth(this.map, this.units));
    }

    /** Paint areas, borders and frontier, of all units or of some. */
    paintParts(context, pixels, parts) {
      const { areas, frontier, shore, stateLine } = parts;
      const growth = this.growth();
      // Round ends and corners take ten times as long, and are not seen on thousands of short lines.
      if (this.units.isLarge && this.sizeOfUnits(1 / pixels(1)) < 3 * ROOM) {
        context.lineJoin = "bevel";
        context.lineCap = "square";
      }
      const computed = style();
      const colour = (name) => computed.getPropertyValue(name).trim();
      const line = (path, name, width) => {
        context.strokeStyle = colour(name);
        context.lineWidth = pixels(width);
        context.stroke(path);
      };
      areas.forEach((path, name) => {
        context.fillStyle = global.twoNationsFill(context, name, colour);
        context.fill(path, "evenodd");
      });
      const isPlain = ["nations", "people", "difference"].includes(this.view);
      const hasLines = !isPlain || growth > Math.pow(1.28, 1.2);
      if (hasLines && this.hasRoomForLines(1 / pixels(1))) line(parts.unitLine, "--county-line", 0.5 * growth);
      line(shore, "--coast-line", 0.5 * growth);
      if (this.shows.states) line(stateLine, "--state-line", 0.9 * growth);
      else line(stateLine, "--county-line", 0.5 * growth);
      if (this.view === "margin") line(this.units.leadLine(), "--frontier", 0.9 * growth);
      if (this.view === "people") this.paintCircles(context, pixels, colour);
      if (this.shows.frontier) {
        line(frontier, "--casing", (this.view === "people" ? 3 : 4) * growth);
        line(frontier, "--frontier", (this.view === "people" ? 1.2 : 1.8) * growth);
      }
      if (this.marked) {
        line(this.marked, "--frontier", 3.4 * growth);
        line(this.marked, "--moved", 2 * growth);
      }
    }

    /** The votes of every unit as a circle in the colour of its nation: the frontier is a change of colour. */
    paintVotes(context, pixels) {
      const circles = this.units.circles();
      const { order, radius, x, y } = circles;
      const { part, unfolded } = this;
      const { radii } = this.units;
      const middles = this.units.middles();
      const colour = (name) => style().getPropertyValue(name).trim();
      const between = (from, to) => from + (to - from) * unfolded;
      const paths = [new Path2D(), new Path2D()];
      const moved = new Path2D();
      for (const unit of order) {
        const at = [between(middles[2 * unit], x[unit]), between(middles[2 * unit + 1], y[unit])];
        const size = between(radii[unit], radius[unit]);
        for (const path of this.isMoved && this.isMoved(unit) ? [paths[part[unit]], moved] : [paths[part[unit]]]) {
          path.moveTo(at[0] + size, at[1]);
          path.arc(...at, size, 0, 2 * Math.PI);
        }
      }
      paths.forEach((path, side) => {
        context.fillStyle = colour(`--nation-${SIDES[side]}`);
        context.fill(path);
        context.strokeStyle = colour("--page");
        context.lineWidth = pixels(0.5);
        context.stroke(path);
      });
      context.strokeStyle = colour("--moved");
      context.lineWidth = pixels(2.5);
      context.stroke(moved);
    }

    /** Pixels of the radius of a circle for so many people: its area is in proportion to them. */
    radius(people) {
      this.most = this.most || this.units.people.reduce((a, b) => Math.max(a, b), 1);
      return LARGEST_CIRCLE * Math.pow(1.5, depth(this.map, this.units))
        * Math.sqrt(people / this.most);
    }

    /** Everybody as circles, the small ones in front. */
    paintCircles(context, pixels, colour) {
      const { people, n } = this.units;
      const middles = this.units.middles();
      const order = Array.from({ length: n }, (_, unit) => unit);
      order.sort((a, b) => people[b] - people[a]);
      const fills = order.map((unit) => this.colouring.agreement(unit));
      const fill = (name) => [name, global.twoNationsFill(context, name, colour)];
      const colours = Object.fromEntries([...new Set(fills)].map(fill));
      const rims = SIDES.map((side) => colour(`--rim-${side}`));
      context.lineWidth = pixels(0.75);
      order.forEach((unit, i) => {
        const full = pixels(this.radius(people[unit]));
        const radius = full * this.unfolded + this.units.radii[unit] * (1 - this.unfolded);
        if (!radius) return;
        context.beginPath();
        context.arc(middles[2 * unit], middles[2 * unit + 1], radius, 0, 2 * Math.PI);
        context.fillStyle = colours[fills[i]];
        context.fill();
        context.strokeStyle = rims[this.part[unit]];
        context.stroke();
      });
    }
  }

  /** The outline of the unit that is spoken of. */
  class Selection extends Drawing {
    constructor(map, units) {
      super(map, "selection", 450);
      this.units = units;
      this.unit = OUTSIDE;
    }

    select(unit) {
      if (unit === this.unit) return;
      this.unit = unit;
      this.repaint();
    }

    paint() {
      if (!this.units || this.unit === OUTSIDE) return;
      const path = this.units.shape(this.unit);
      this.draw((context, pixels) => {
        for (const [name, width] of [["--casing", 7], ["--ink", 3.4]]) {
          context.strokeStyle = style().getPropertyValue(name).trim();
          context.lineWidth = pixels(width);
          context.stroke(path);
        }
      });
    }
  }

  global.TwoNations = { Drawing, Nations, Selection, OUTSIDE, depth };
})(window);
