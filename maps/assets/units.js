/* The units of a page: their polygons as paths, what lies under a point, where their middles are. */
(function (global) {
  "use strict";

  const { Arcs, OUTSIDE, decode, numberReader, traceArc, traceUnit, mesh, unitBoxes } = global.TwoNationsTopology;

  /** Whole numbers as maps/topology.py writes them; null where there are none. */
  function numbers(text, n) {
    if (text === null) return null;
    const next = numberReader(text);
    return Array.from({ length: n }, () => next());
  }

  const SPOTS = 7; // points, in each direction, at which a name of a unit is tried
  const LARGE = 6000; // units from which on a map is drawn in parts, and simpler from afar

  /** Count the crossings of a ray from the point to the east. */
  function isInRing(topology, ring, x, y) {
    let isInside = false;
    for (const reference of ring) {
      const arc = topology.arcs.at(reference >> 1);
      for (let i = 2; i < arc.length; i += 2) {
        const y0 = arc[i - 1];
        const y1 = arc[i + 1];
        if (y0 > y === y1 > y) continue;
        const x0 = arc[i - 2];
        if (x < x0 + ((y - y0) / (y1 - y0)) * (arc[i] - x0)) isInside = !isInside;
      }
    }
    return isInside;
  }

  /** Whether a line has a part in a box (Y.-D. Liang and B. A. Barsky, 1984). */
  function crosses(x0, y0, x1, y1, west, south, east, north) {
    if (Math.max(x0, x1) < west || Math.min(x0, x1) > east) return false;
    if (Math.max(y0, y1) < south || Math.min(y0, y1) > north) return false;
    const [dx, dy] = [x1 - x0, y1 - y0];
    let [from, to] = [0, 1];
    for (const [step, room] of [[-dx, x0 - west], [dx, east - x0], [-dy, y0 - south], [dy, north - y0]]) {
      if (!step && room < 0) return false;
      if (step < 0) from = Math.max(from, room / step);
      if (step > 0) to = Math.min(to, room / step);
    }
    return from <= to;
  }

  /** Twice the area of a ring, with its sign, and its centroid. */
  function measureRing(topology, ring) {
    let [sum, sumX, sumY] = [0, 0, 0];
    const first = topology.arcs.at(ring[0] >> 1); // an origin nearby keeps the digits
    const [ox, oy] = [first[0], first[1]];
    for (const reference of ring) {
      const arc = topology.arcs.at(reference >> 1);
      const sign = reference % 2 ? -1 : 1;
      for (let i = 2; i < arc.length; i += 2) {
        const [x0, y0, x1, y1] = [arc[i - 2] - ox, arc[i - 1] - oy, arc[i] - ox, arc[i + 1] - oy];
        const cross = sign * (x0 * y1 - x1 * y0);
        sum += cross;
        sumX += cross * (x0 + x1);
        sumY += cross * (y0 + y1);
      }
    }
    if (!sum) return { area: 0, x: ox, y: oy };
    return { area: Math.abs(sum), x: ox + sumX / (3 * sum), y: oy + sumY / (3 * sum) };
  }

  class Units {
    constructor(data) {
      Object.assign(this, data);
      this.n = data.names.length;
      for (const name of ["state", "blue", "red", "people"]) this[name] = numbers(data[name], this.n);
      this.goodBlue = numbers(data.goodBlue ?? null, this.n);
      this.people = this.people || this.blue.map((votes, unit) => votes + this.red[unit]);
      this.topology = decode(data.topology, data.step);
      this.boxes = unitBoxes(this.topology);
      this.lines = this.findLines();
    }

    get isLarge() {
      return this.n > LARGE;
    }

    /** Borders that are the same whatever the plan, each traced when it is first drawn. */
    findLines() {
      const { state, topology } = this;
      const found = {};
      const line = (name, isWanted) => () => (found[name] = found[name] || mesh(topology, isWanted));
      return Object.defineProperties({}, {
        shore: { get: line("shore", (a, b) => b === OUTSIDE) },
        stateLine: { get: line("state", (a, b) => b !== OUTSIDE && state[a] !== state[b]) },
        unitLine: { get: line("unit", (a, b) => b !== OUTSIDE && state[a] === state[b]) },
      });
    }

    /** Units of which something is in a box of the page. */
    within(west, south, east, north) {
      const { boxes, n } = this;
      const found = [];
      for (let unit = 0; unit < n; unit++) {
        const i = 4 * unit;
        if (boxes[i] <= east && boxes[i + 2] >= west && boxes[i + 1] <= north && boxes[i + 3] >= south) {
          found.push(unit);
        }
      }
      return found;
    }

    /** The line between the nations of a plan. */
    frontier(part) {
      return mesh(this.topology, (a, b) => b !== OUTSIDE && part[a] !== part[b]);
    }

    /** All borders for which `isWanted(unit, other)`; the other is OUTSIDE at the shore. */
    lineBetween(isWanted) {
      return mesh(this.topology, isWanted);
    }

    /** Where the lead changes sides: colours of the two sides may look alike, a line does not. */
    leadLine() {
      const { blue, red } = this;
      const hasVotes = (unit) => blue[unit] + red[unit] > 0;
      const isBlue = (unit) => blue[unit] > red[unit];
      this.foundLeadLine = this.foundLeadLine || mesh(
        this.topology,
        (a, b) => b !== OUTSIDE && hasVotes(a) && hasVotes(b) && isBlue(a) !== isBlue(b)
      );
      return this.foundLeadLine;
    }

    /** One path for each colour in use: neighbours of one colour then show no seam. */
    areas(colourOf, among = this.all()) {
      const areas = new Map();
      for (const unit of among) {
        const colour = colourOf(unit);
        if (!areas.has(colour)) areas.set(colour, new Path2D());
        if (this.isLarge) traceUnit(areas.get(colour), this.topology, unit, false);
        else areas.get(colour).addPath(this.outline(unit));
      }
      return areas;
    }

    all() {
      return Array.from({ length: this.n }, (_, unit) => unit);
    }

    /** Borders of some units alone, each once, and the frontier of a plan along them. */
    linesAround(among, part, hasUnitLines = true, isFrontierAlone = false) {
      const { topology, state } = this;
      const paths = {
        shore: new Path2D(), stateLine: new Path2D(), unitLine: new Path2D(), frontier: new Path2D(),
      };
      const arcs = new Set();
      for (const unit of among) {
        for (const ring of topology.units[unit]) for (const reference of ring) arcs.add(reference >> 1);
      }
      for (const arc of arcs) {
        const [a, b] = [topology.sides[2 * arc], topology.sides[2 * arc + 1]];
        const isState = b !== OUTSIDE && state[a] !== state[b];
        const name = b === OUTSIDE ? "shore" : isState ? "stateLine" : "unitLine";
        const isDrawn = !isFrontierAlone && (hasUnitLines || name !== "unitLine");
        if (isDrawn) traceArc(paths[name], topology.arcs.at(arc));
        if (b !== OUTSIDE && part[a] !== part[b]) traceArc(paths.frontier, topology.arcs.at(arc));
      }
      return paths;
    }

    /** Units as circles of their votes: while they are shown, a unit is where its circle is. */
    circles() {
      this.foundCircles = this.foundCircles || new global.TwoNationsCircles(this);
      return this.foundCircles;
    }

    showCircles(isOn) {
      this.shownCircles = isOn ? this.circles() : null;
    }

    /** West, south, east and north of what is shown of a unit. */
    boxOf(unit) {
      if (this.shownCircles) return this.shownCircles.box(unit);
      return this.boxes.subarray(4 * unit, 4 * unit + 4);
    }

    /** What is shown of a unit, as a path. */
    shape(unit) {
      return this.shownCircles ? this.shownCircles.outline(unit) : this.outline(unit);
    }

    /** Where a unit is shown, in one point. */
    spot(unit) {
      if (this.shownCircles) return [this.shownCircles.x[unit], this.shownCircles.y[unit]];
      const middles = this.middles();
      return [middles[2 * unit], middles[2 * unit + 1]];
    }

    /** A unit as a path, traced once: joining paths is much quicker than tracing them. */
    outline(unit) {
      this.outlines = this.outlines || [];
      if (!this.outlines[unit]) {
        this.outlines[unit] = new Path2D();
        traceUnit(this.outlines[unit], this.topology, unit);
      }
      return this.outlines[unit];
    }

    /** The same units with fewer vertices, none nearer to the one before than a step. */
    coarse(step = Math.max(this.bounds[2] - this.bounds[0], this.bounds[3] - this.bounds[1]) / 400) {
      const { points, starts } = this.topology.arcs;
      const kept = new Float64Array(points.length);
      const from = new Int32Array(starts.length);
      let n = 0;
      const keep = (i) => {
        kept[n] = points[i];
        kept[n + 1] = points[i + 1];
        n += 2;
      };
      for (let arc = 0; arc + 1 < starts.length; arc++) {
        const [first, last] = [2 * starts[arc], 2 * starts[arc + 1] - 2];
        keep(first);
        for (let i = first + 2; i < last; i += 2) {
          const away = Math.abs(points[i] - kept[n - 2]) + Math.abs(points[i + 1] - kept[n - 1]);
          if (away >= step) keep(i);
        }
        if (last > first) keep(last);
        from[arc + 1] = n / 2;
      }
      const coarse = Object.create(this);
      coarse.topology = { ...this.topology, arcs: new Arcs(kept.slice(0, n), from) };
      coarse.outlines = [];
      coarse.lines = coarse.findLines();
      return coarse;
    }

    /** The units as they need to be drawn where so many pixels are one coordinate of the page. */
    detail(pixels) {
      const level = Math.ceil(Math.log2(1 / pixels));
      if (!this.isLarge || level < this.finest()) return this;
      this.details = this.details || new Map();
      if (!this.details.has(level)) this.details.set(level, this.coarse(0.6 * 2 ** (level - 1)));
      return this.details.get(level);
    }

    /** The power of 2 of coordinates from which on leaving out vertices leaves out many. */
    finest() {
      const { points, starts } = this.topology.arcs;
      const [west, south, east, north] = this.bounds;
      const vertices = points.length / 2 - starts.length + 1;
      // The mean distance of vertices, were all borders straight.
      const apart = Math.sqrt(((east - west) * (north - south)) / this.n) * (starts.length / vertices);
      return vertices > 1.2 * starts.length ? Math.ceil(Math.log2(2 * apart)) : Infinity;
    }

    /** The unit at a point, or OUTSIDE. */
    at(x, y) {
      if (this.shownCircles) return this.shownCircles.at(x, y);
      const { boxes, topology } = this;
      return topology.units.findIndex((rings, unit) => {
        const i = 4 * unit;
        if (x < boxes[i] || y < boxes[i + 1] || x > boxes[i + 2] || y > boxes[i + 3]) return false;
        return rings.filter((ring) => isInRing(topology, ring, x, y)).length % 2 === 1;
      });
    }

    /** Whether a point lies in a unit. */
    holds(unit, x, y) {
      const rings = this.topology.units[unit];
      return rings.filter((ring) => isInRing(this.topology, ring, x, y)).length % 2 === 1;
    }

    /** Whether a box lies in a unit: its middle does, and no border runs through it. */
    holdsBox(unit, west, south, east, north) {
      if (!this.holds(unit, (west + east) / 2, (south + north) / 2)) return false;
      for (const ring of this.topology.units[unit]) {
        for (const reference of ring) {
          const arc = this.topology.arcs.at(reference >> 1);
          for (let i = 2; i < arc.length; i += 2) {
            if (crosses(arc[i - 2], arc[i - 1], arc[i], arc[i + 1], west, south, east, north)) return false;
          }
        }
      }
      return true;
    }

    /** The middle of each unit's largest piece, x and y, two numbers each. */
    middles() {
      if (this.foundMiddles) return this.foundMiddles;
      this.foundMiddles = new Float64Array(2 * this.n);
      this.radii = new Float64Array(this.n);
      this.topology.units.forEach((rings, unit) => {
        const measured = rings.map((ring) => measureRing(this.topology, ring));
        if (!measured.length) return;
        const { x, y, area } = measured.reduce((a, b) => (b.area > a.area ? b : a));
        this.radii[unit] = Math.sqrt(area / 2 / Math.PI); // of a circle as large as the land
        this.foundMiddles.set([x, y], 2 * unit);
      });
      return this.foundMiddles;
    }

    /** A point for a label or a mark: the middle, where the unit is not bent around it. */
    anchor(unit) {
      if (this.shownCircles) return this.spot(unit);
      const [x, y] = this.middles().subarray(2 * unit, 2 * unit + 2);
      if (this.at(x, y) === unit) return [x, y];
      const ring = this.topology.units[unit][0];
      const arc = ring && this.topology.arcs.at(ring[0] >> 1);
      return arc ? [arc[0], arc[1]] : [x, y];
    }

    /** Points inside a unit where a name could stand, the middle first and then the nearest to it. */
    spots(unit) {
      this.foundSpots = this.foundSpots || new Map();
      if (!this.foundSpots.has(unit)) {
        const [west, south, east, north] = this.boxes.subarray(4 * unit, 4 * unit + 4);
        const [x, y] = this.middles().subarray(2 * unit, 2 * unit + 2);
        const steps = Array.from({ length: SPOTS }, (_, k) => (k + 1) / (SPOTS + 1));
        const grid = steps.flatMap((row) => steps.map((column) =>
          [west + column * (east - west), south + row * (north - south)]
        ));
        const away = ([px, py]) => Math.hypot(px - x, py - y);
        const inside = [[x, y], ...grid].filter(([px, py]) => this.holds(unit, px, py));
        this.foundSpots.set(unit, inside.sort((a, b) => away(a) - away(b)));
      }
      return this.foundSpots.get(unit);
    }
  }

  global.TwoNationsUnits = Units;
})(window);
