/* The view in the fragment of the address: #view=margin&at=12.5,30&zoom=1.2&unit=06037 */
(function (global) {
  "use strict";

  // A page inside a notebook has no address of its own.
  const hasAddress = ["file:", "http:", "https:"].includes(location.protocol);

  const read = () => Object.fromEntries(new URLSearchParams(location.hash.slice(1)));

  /**
   * Keep the address and a page in step.
   *
   * `page.state()` gives what to remember, without what is as it was at first; `page.restore(state)`
   * brings it back. `map.fire("viewchange")` says that there is something new to remember.
   */
  global.TwoNations.startPermalink = function (map, page) {
    if (!hasAddress) return;
    let written = location.hash;

    const write = () => {
      const query = new URLSearchParams(page.state()).toString().replaceAll("%2C", ",");
      written = query ? `#${query}` : "";
      history.replaceState(null, "", written || location.pathname + location.search);
    };
    const restore = () => page.restore(read());

    if (location.hash) restore();
    map.on("moveend viewchange", write);
    addEventListener("hashchange", () => location.hash !== written && restore());
  };
})(window);
