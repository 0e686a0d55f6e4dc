/* A bar as long as a round number of kilometres. */
(function (global) {
  "use strict";

  const WIDEST = 110; // pixels

  const ROUND = [1, 2, 5];

  /** The longest round length, in metres, of at most so many. */
  function roundDown(length) {
    const magnitude = 10 ** Math.floor(Math.log10(length));
    return magnitude * ROUND.filter((step) => step * magnitude <= length).pop();
  }

  global.TwoNations.startScale = function (map, metres) {
    const bar = document.getElementById("scale");
    const update = () => {
      const crs = map.options.crs;
      const pixel = metres / (crs.scale(map.getZoom()) * crs.transformation._a);
      const length = roundDown(WIDEST * pixel);
      bar.firstElementChild.style.width = `${length / pixel}px`;
      bar.lastElementChild.textContent =
        length < 1000 ? `${length} m` : `${(length / 1000).toLocaleString("en-US")} km`;
    };
    map.on("zoomend", update);
    update();
  };
})(window);
