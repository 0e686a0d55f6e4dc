/* The page of one plan: the map fills the window, under a panel. */
(function (global) {
  "use strict";

  const { SheetPage, Tooltip, listen, NARROW } = global.TwoNations;

  class Page extends SheetPage {
    constructor(map, data) {
      super(map, data);
      this.tooltip = new Tooltip(this.units, this.selections, () => [["", data.part]]);
      listen(map, this.units, this.tooltip, () => this.middle());
      this.start();
      map.on("zoomend", () => this.showCircleKey());
    }

    /** What the panel takes from the window on each side. */
    margins() {
      const head = document.getElementById("panel-head").getBoundingClientRect();
      const body = document.getElementById("panel-body").getBoundingClientRect();
      return NARROW.matches
        ? { left: 6, top: head.bottom, right: 6, bottom: innerHeight - body.top }
        : { left: head.right + 24, top: 56, right: 24, bottom: 24 };
    }

    setView(view) {
      super.setView(view);
      this.showCircleKey();
    }

    /** Circles for round numbers of people, as large as they are on the map now. */
    showCircleKey() {
      const key = document.getElementById("circles");
      if (this.layer.view !== "people") return;
      const most = Math.max(1, ...this.units.people);
      const magnitude = 10 ** Math.floor(Math.log10(most));
      const top = [5, 2, 1].map((step) => step * magnitude).find((size) => size <= most);
      const sizes = [top, top / 5, top / 20].map(Math.floor).filter((size) => size >= 1);
      const shrink = Math.min(1, 30 / this.layer.radius(top));
      key.replaceChildren(
        ...sizes.map((size) => {
          const circle = document.createElement("i");
          const width = 2 * this.layer.radius(size) * shrink;
          circle.style.width = circle.style.height = `${width}px`;
          const row = document.createElement("span");
          row.append(circle, size.toLocaleString("en-US", { notation: "compact" }));
          return row;
        })
      );
      key.hidden = shrink < 1; // the map is so large that its circles do not fit the panel
    }
  }

  global.TwoNations.Page = Page;
})(window);
