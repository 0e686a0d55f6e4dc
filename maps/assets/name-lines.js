/* Names in one line or in several, so that they fit into what they name. */
(function (global) {
  "use strict";

  const PARTS = /[^\s\-–/]*[\s\-–/]+|[^\s\-–/]+/g; // a line ends behind a space, a hyphen or a stroke
  const MOST = 12; // parts of a name that is broken at all
  const LINES = 3;
  const APART = 1.1; // of the size of the letters, from line to line
  const HIGH = 1.15; // the same, that a line is high

  const join = (parts) => parts.join("").trim();

  /** So many lines of which the widest is as narrow as it can be. */
  function narrowest(parts, count, width) {
    if (count === 1) return [join(parts)];
    let best = null;
    for (let cut = 1; cut <= parts.length - count + 1; cut++) {
      const lines = [join(parts.slice(0, cut)), ...narrowest(parts.slice(cut), count - 1, width)];
      const widest = Math.max(...lines.map(width));
      if (!best || widest < best.widest) best = { lines, widest };
    }
    return best.lines;
  }

  /** A name in one line, in two and in three; `width` tells how many pixels wide a text is. */
  function arrangements(name, width) {
    const parts = (name.match(PARTS) || []).filter((part) => part.trim());
    const most = parts.length > MOST ? 1 : Math.min(LINES, parts.length);
    return Array.from({ length: most }, (_, k) => (k ? narrowest(parts, k + 1, width) : [name]));
  }

  /** Lines around a point: the box of each, and of all together. */
  function stack(lines, width, x, y, size) {
    const rows = lines.map((text, k) => {
      const [half, middle] = [width(text) / 2, y + (k - (lines.length - 1) / 2) * APART * size];
      const [top, bottom] = [middle - (HIGH * size) / 2, middle + (HIGH * size) / 2];
      return { text, left: x - half, right: x + half, top, bottom };
    });
    return {
      rows,
      left: Math.min(...rows.map((row) => row.left)),
      right: Math.max(...rows.map((row) => row.right)),
      top: rows[0].top,
      bottom: rows[rows.length - 1].bottom,
    };
  }

  /** Whether all lines lie in a circle. */
  function isInCircle({ rows }, { x, y, radius }) {
    return rows.every(({ right, top, bottom }) =>
      Math.hypot(right - x, Math.max(y - top, bottom - y)) <= radius
    );
  }

  /** Whether a circle has something of a box. */
  function touches({ left, right, top, bottom }, { x, y, radius }) {
    const [dx, dy] = [Math.max(left - x, x - right, 0), Math.max(top - y, y - bottom, 0)];
    return Math.hypot(dx, dy) < radius;
  }

  global.TwoNationsNameLines = { arrangements, stack, isInCircle, touches };
})(window);
