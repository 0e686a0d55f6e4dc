/* The page of one plan: the map fills the window, under a panel. */
(function (global) {
  "use strict";

  const { Drawing, SheetPage, Tooltip, listen, NARROW } = global.TwoNations;

  const LOW = matchMedia("screen and (max-width: 760px) and (max-height: 540px)"); // scrolling.css
  const PRINTED_COLUMN = 290; // pixels, as in the style sheet
  const LARGEST = 21; // pixels of the radius of a circle in the legend

  class Page extends SheetPage {
    constructor(map, data) {
      super(map, data);
      this.tooltip = new Tooltip(this.units, this.selections, () => [["", this.layer.part]]);
      listen(map, this.units, this.tooltip, () => this.middle());
      this.start();
      this.scroll();
      LOW.addEventListener("change", () => this.scroll());
      addEventListener("scroll", () => this.tooltip.hide());
      map.on("zoomend", () => this.showCircleKey());
    }

    /** Where the page scrolls, the wheel is the page's; buttons zoom. */
    scroll() {
      this.map.scrollWheelZoom[LOW.matches ? "disable" : "enable"]();
    }

    /** How much of the window the panel covers on each side; on paper it is a column. */
    covered() {
      if (Drawing.isPrinting) return { left: PRINTED_COLUMN, top: 0, right: 0, bottom: 0 };
      const embedded = this.embedded();
      if (embedded) return { left: 0, top: embedded, right: 0, bottom: 0 };
      if (LOW.matches) return { left: 0, top: 0, right: 0, bottom: 0 };
      const table = document.getElementById("unit-table");
      const head = document.getElementById("panel-head").getBoundingClientRect();
      const body = document.getElementById("panel-body").getBoundingClientRect();
      return NARROW.matches
        ? { left: 0, top: head.bottom, right: 0, bottom: innerHeight - body.top }
        : {
            left: document.getElementById("panel").clientWidth,
            top: 0,
            right: 0,
            bottom: table ? table.offsetHeight : 0,
          };
    }

    margins() {
      const { left, top, right, bottom } = this.covered();
      if (Drawing.isPrinting) return { left: left + 10, top: 10, right: 10, bottom: 30 };
      return NARROW.matches || this.embedded()
        ? { left: 6, top: top + 4, right: 6, bottom: bottom + 4 }
        : { left: left + 10, top: 56, right: right + 24, bottom: bottom + 24 };
    }

    setView(view) {
      super.setView(view);
      this.showCircleKey();
    }

    /** Circles for round numbers of people or votes, as large as they are on the map now. */
    showCircleKey() {
      const { view } = this.layer;
      if (view === "people") {
        const most = this.units.people.reduce((a, b) => Math.max(a, b), 1);
        this.fillCircleKey("circles", most, (people) => this.layer.radius(people));
      } else if (view === "voters") {
        const { votes } = this.units.circles();
        const most = votes.reduce((a, b) => Math.max(a, b), 1);
        const pixels = this.layer.transformation().a;
        this.fillCircleKey("vote-circles", most, (count) => pixels * this.units.circles().radiusOf(count));
      }
    }

    fillCircleKey(id, most, radius) {
      const key = document.getElementById(id);
      const round = (power) => [5, 2, 1].map((step) => step * 10 ** power);
      const powers = [...Array(12).keys()].reverse();
      const largest = powers
        .flatMap(round)
        .find((size) => size <= most && radius(size) <= LARGEST);
      const sizes = [largest, largest / 5, largest / 20].filter((size) => size >= 1);
      key.replaceChildren(
        ...sizes.map((size) => {
          const circle = document.createElement("i");
          circle.style.width = circle.style.height = `${2 * radius(size)}px`;
          const row = document.createElement("span");
          row.append(circle, size.toLocaleString("en-US", { notation: "compact" }));
          return row;
        })
      );
    }
  }

  global.TwoNations.Page = Page;
})(window);
