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

  /**
   * Decode a topology.
   * arcs:  one Float64Array of x, y, x, y, ... each
   * units: for each unit its rings, each a list of references: 2 * arc, plus 1 to run backwards
   * sides: units on the two sides of each arc, OUTSIDE (-1) for none
   */
  function decode(text, step) {
    const next = numberReader(text);
    const sizes = times(next(), next);
    let x = 0;
    let y = 0;
    const arcs = sizes.map((size) => {
      const arc = new Float64Array(2 * size);
      for (let i = 0; i < arc.length; i += 2) {
        arc[i] = (x += next()) * step;
        arc[i + 1] = (y += next()) * step;
      }
      return arc;
    });
    const ringCounts = times(next(), next);
    const arcCounts = ringCounts.map((count) => times(count, next));
    let reference = 0;
    const units = arcCounts.map((counts) =>
      counts.map((count) => times(count, () => (reference += next())))
    );
    return { arcs, units, sides: findSides(arcs.length, units) };
  }

  function findSides(nArcs, units) {
    const sides = new Int32Array(2 * nArcs).fill(OUTSIDE);
    units.forEach((rings, unit) => {
      for (const reference of rings.flat()) {
        const first = reference - (reference % 2);
        sides[first + (sides[first] === OUTSIDE ? 0 : 1)] = unit;
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

  /** Add the rings of a unit to a path, to be filled by the even-odd rule. */
  function traceUnit(path, topology, unit) {
    for (const ring of topology.units[unit]) {
      ring.forEach((reference, i) => {
        traceArc(path, topology.arcs[reference >> 1], reference % 2 === 1, i > 0);
      });
      path.closePath();
    }
  }

  /** One path of all arcs for which `isWanted(unit, otherUnit)`. */
  function mesh(topology, isWanted) {
    const path = new Path2D();
    topology.arcs.forEach((arc, i) => {
      if (isWanted(topology.sides[2 * i], topology.sides[2 * i + 1])) traceArc(path, arc);
    });
    return path;
  }

  /** West, south, east, north of every unit, four numbers each. */
  function unitBoxes(topology) {
    const boxes = new Float64Array(4 * topology.units.length);
    topology.units.forEach((rings, unit) => {
      const box = [Infinity, Infinity, -Infinity, -Infinity];
      for (const reference of rings.flat()) {
        const arc = topology.arcs[reference >> 1];
        for (let i = 0; i < arc.length; i += 2) {
          box[0] = Math.min(box[0], arc[i]);
          box[1] = Math.min(box[1], arc[i + 1]);
          box[2] = Math.max(box[2], arc[i]);
          box[3] = Math.max(box[3], arc[i + 1]);
        }
      }
      boxes.set(box, 4 * unit);
    });
    return boxes;
  }

  global.TwoNationsTopology = { OUTSIDE, numberReader, decode, traceArc, traceUnit, mesh, unitBoxes };
})(window);
