/* Reads the text that maps/topology.py writes: polygons as rings of shared borders ("arcs"). */
(function (global) {
  "use strict";

  const OUTSIDE = -1;

  /** Whole numbers from base64: seven bits a byte, low first, then zigzag. */
  function numberReader(text) {
    const bytes = atob(text);
    let at = 0;
    return function next() {
      let byte = bytes.charCodeAt(at++);
      if (byte < 128) return (byte >> 1) ^ -(byte & 1); // nearly always
      let value = byte & 127;
      for (let scale = 128; byte > 127; scale *= 128) {
        byte = bytes.charCodeAt(at++);
        value += (byte & 127) * scale; // not shifted: it may pass 32 bits
      }
      return value % 2 ? -(value + 1) / 2 : value / 2;
    };
  }

  function times(n, make) {
    const made = [];
    for (let i = 0; i < n; i++) made.push(make());
    return made;
  }

  /** Borders as runs of one long row of vertices: an array a border would be slow for 300,000. */
  class Arcs {
    /** `points` are x, y, x, y, ...; border i has those from vertex `starts[i]` to `starts[i + 1]`. */
    constructor(points, starts) {
      Object.assign(this, { points, starts, length: starts.length - 1 });
    }

    at(i) {
      return this.points.subarray(2 * this.starts[i], 2 * this.starts[i + 1]);
    }
  }

  /**
   * Decode a topology.
   * arcs:  x, y, x, y, ... of each
   * units: for each unit its rings, each a list of references: 2 * arc, plus 1 to run backwards
   * sides: units on the two sides of each arc, OUTSIDE (-1) for none
   */
  function decode(text, step) {
    const next = numberReader(text);
    const nArcs = next();
    const starts = new Int32Array(nArcs + 1);
    for (let i = 0; i < nArcs; i++) starts[i + 1] = starts[i] + next();
    const points = new Float64Array(2 * starts[nArcs]);
    let x = 0;
    let y = 0;
    for (let i = 0; i < points.length; i += 2) {
      points[i] = (x += next()) * step;
      points[i + 1] = (y += next()) * step;
    }
    const ringCounts = times(next(), next);
    const arcCounts = ringCounts.map((count) => times(count, next));
    let reference = 0;
    const units = arcCounts.map((counts) =>
      counts.map((count) => times(count, () => (reference += next())))
    );
    return { arcs: new Arcs(points, starts), units, sides: findSides(nArcs, units) };
  }

  function findSides(nArcs, units) {
    const sides = new Int32Array(2 * nArcs).fill(OUTSIDE);
    units.forEach((rings, unit) => {
      for (const ring of rings) {
        for (const reference of ring) {
          const first = reference - (reference % 2);
          sides[first + (sides[first] === OUTSIDE ? 0 : 1)] = unit;
        }
      }
    });
    return sides;
  }

  /** Add an arc to a path; `isContinued` when the path already stands at its first vertex. */
  function traceArc(path, arc, isBackwards, isContinued) {
    const last = arc.length - 2;
    const first = isBackwards ? last : 0;
    if (!isContinued) path.moveTo(arc[first], arc[first + 1]);
    if (isBackwards) for (let i = last - 2; i >= 0; i -= 2) path.lineTo(arc[i], arc[i + 1]);
    else for (let i = 2; i <= last; i += 2) path.lineTo(arc[i], arc[i + 1]);
  }

  /**
   * Add the rings of a unit to a path, to be filled by the even-odd rule, which closes them itself:
   * to close them in a path of many units takes a browser as long as the path is.
   */
  function traceUnit(path, topology, unit, isClosed = true) {
    for (const ring of topology.units[unit]) {
      ring.forEach((reference, i) => {
        traceArc(path, topology.arcs.at(reference >> 1), reference % 2 === 1, i > 0);
      });
      if (isClosed) path.closePath();
    }
  }

  /** One path of all arcs for which `isWanted(unit, otherUnit)`. */
  function mesh(topology, isWanted) {
    const { arcs, sides } = topology;
    const path = new Path2D();
    for (let i = 0; i < arcs.length; i++) {
      if (isWanted(sides[2 * i], sides[2 * i + 1])) traceArc(path, arcs.at(i));
    }
    return path;
  }

  /** West, south, east, north of every unit, four numbers each. */
  function unitBoxes(topology) {
    const { arcs, sides, units } = topology;
    const boxes = new Float64Array(4 * units.length);
    for (let i = 0; i < boxes.length; i += 4) {
      boxes[i] = boxes[i + 1] = Infinity;
      boxes[i + 2] = boxes[i + 3] = -Infinity;
    }
    const { points, starts } = arcs;
    for (let arc = 0; arc < arcs.length; arc++) {
      let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
      for (let i = 2 * starts[arc]; i < 2 * starts[arc + 1]; i += 2) {
        if (points[i] < west) west = points[i];
        if (points[i] > east) east = points[i];
        if (points[i + 1] < south) south = points[i + 1];
        if (points[i + 1] > north) north = points[i + 1];
      }
      for (let side = 2 * arc; side < 2 * arc + 2; side++) {
        if (sides[side] === OUTSIDE) continue;
        const at = 4 * sides[side];
        if (west < boxes[at]) boxes[at] = west;
        if (south < boxes[at + 1]) boxes[at + 1] = south;
        if (east > boxes[at + 2]) boxes[at + 2] = east;
        if (north > boxes[at + 3]) boxes[at + 3] = north;
      }
    }
    return boxes;
  }

  /** The nation of every unit, from a bit each. */
  function decodeBits(text, n) {
    const bytes = atob(text);
    return Uint8Array.from({ length: n }, (_, i) => (bytes.charCodeAt(i >> 3) >> (7 - (i & 7))) & 1);
  }

  global.TwoNationsTopology = { Arcs, decodeBits, OUTSIDE, numberReader, decode, traceArc, traceUnit, mesh, unitBoxes };
})(window);
