/* What areas are filled with: a colour of the style sheet, or lines where nobody voted. */
(function (global) {
  "use strict";

  const HATCHED = "--no-votes";
  const SIZE = 6; // pixels from one line of the hatching to the next

  function hatching(context, ground, line) {
    const density = devicePixelRatio || 1;
    const size = Math.round(SIZE * density);
    const tile = document.createElement("canvas");
    tile.width = tile.height = size;
    const pen = tile.getContext("2d");
    pen.fillStyle = ground;
    pen.fillRect(0, 0, size, size);
    pen.strokeStyle = line;
    pen.lineWidth = density;
    pen.beginPath();
    for (const shift of [-size, 0, size]) {
      pen.moveTo(shift - 1, size + 1);
      pen.lineTo(shift + size + 1, -1);
    }
    pen.stroke();
    const pattern = context.createPattern(tile, "repeat");
    // As large at every zoom, and fixed to the land.
    const { a, d } = context.getTransform();
    pattern.setTransform(new DOMMatrix([1 / a, 0, 0, 1 / d, 0, 0]));
    return pattern;
  }

  /** How to fill what has a colour's name; `colour(name)` reads the style sheet. */
  global.twoNationsFill = (context, name, colour) =>
    name === HATCHED ? hatching(context, colour(name), colour("--page")) : colour(name);
})(window);
