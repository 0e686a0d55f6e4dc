/* What a person does with the page of one plan: switch views and layers, find a unit, fold. */
(function (global) {
  "use strict";

  const { Nations, Selection, Tooltip, listen, depth } = global.TwoNations;
  const theme = global.TwoNationsTheme;
  const NARROW = matchMedia("(max-width: 760px)");

  /** The part of the window that the panel leaves to the map. */
  function freeArea() {
    const head = document.getElementById("panel-head").getBoundingClientRect();
    const body = document.getElementById("panel-body").getBoundingClientRect();
    return NARROW.matches
      ? { left: 6, top: head.bottom, right: innerWidth - 6, bottom: body.top }
      : { left: head.right + 24, top: 24, right: innerWidth - 24, bottom: innerHeight - 24 };
  }

  class Page {
    constructor(map, data) {
      this.map = map;
      this.units = new global.TwoNationsUnits(data);
      this.layer = new Nations(map, this.units, data.part);
      this.selection = new Selection(map, this.units);
      this.tooltip = new Tooltip(this.units, [this.selection], () => [["", data.part]]);
      this.places = null;
      listen(map, this.units, this.tooltip, () => this.middle());
      this.fold();
      this.fit();
      addEventListener("resize", () => this.resize());
      theme.onChange(() => this.repaint());
      this.listenToPanel();
    }

    middle() {
      const area = freeArea();
      return L.point((area.left + area.right) / 2, (area.top + area.bottom) / 2);
    }

    repaint() {
      this.layer.repaint();
      this.selection.repaint();
      if (this.places) this.places.repaint();
    }

    /** Show the whole map in the free area. */
    fit() {
      const [west, south, east, north] = this.units.bounds;
      const { projection } = this.map.options.crs;
      const [low, high] = [[west, south], [east, north]].map((p) => projection.unproject(L.point(p)));
      const bounds = L.latLngBounds(low, high);
      const area = freeArea();
      this.map.invalidateSize({ animate: false });
      this.map.setMinZoom(-10);
      this.map.fitBounds(bounds, {
        paddingTopLeft: [area.left, area.top],
        paddingBottomRight: [innerWidth - area.right, innerHeight - area.bottom],
        animate: false,
      });
      this.home = { zoom: this.map.getZoom(), center: this.map.getCenter() };
      this.map.setMinZoom(this.home.zoom - 0.5);
      this.map.setMaxBounds(bounds.pad(1));
    }

    isAtHome() {
      const { zoom, center } = this.home;
      return this.map.getZoom() === zoom && this.map.getCenter().equals(center, 1e-6);
    }

    /** Fit the map again, but leave a person who has gone somewhere there. */
    resize() {
      if (this.isAtHome()) this.fit();
      else this.map.invalidateSize({ animate: false });
    }

    /** Bring a point of the sheet to the middle of the free area. */
    goTo([x, y], zoom) {
      const { projection } = this.map.options.crs;
      const target = this.map.project(projection.unproject(L.point(x, y)), zoom);
      const shift = this.middle().subtract(this.map.getSize().divideBy(2));
      this.map.setView(this.map.unproject(target.subtract(shift), zoom), zoom, { animate: false });
    }

    /** Go to a unit and tell of it. */
    showUnit(unit) {
      const [west, south, east, north] = this.units.boxes.subarray(4 * unit, 4 * unit + 4);
      const [wholeWest, wholeSouth, wholeEast, wholeNorth] = this.units.bounds;
      const times = Math.min(
        (wholeEast - wholeWest) / (east - west),
        (wholeNorth - wholeSouth) / (north - south)
      );
      const closer = Math.min(3.5, Math.max(0, Math.log2(times / 5)));
      const anchor = this.units.anchor(unit);
      this.goTo(anchor, Math.max(this.map.getZoom(), this.home.zoom + closer));
      this.tell(unit);
    }

    tell(unit) {
      const point = L.point(this.units.anchor(unit));
      const at = this.map.options.crs.projection.unproject(point);
      this.tooltip.show(unit, this.map.latLngToContainerPoint(at));
      this.pinned = unit;
      this.map.fire("viewchange");
    }

    setView(view) {
      const choice = document.querySelector(`input[name=view][value="${CSS.escape(view)}"]`);
      if (!choice) return;
      choice.checked = true;
      document.documentElement.dataset.view = view;
      if (view !== this.layer.view) this.layer.setView(view);
      this.showCircleKey();
      this.map.fire("viewchange");
    }

    setShown(name, isShown) {
      const box = document.querySelector(`input[name=show][value="${CSS.escape(name)}"]`);
      if (!box) return;
      box.checked = isShown;
      if (name === "places") this.places.setShown(isShown);
      else this.layer.setShown(name, isShown);
      this.map.fire("viewchange");
    }

    /** A phone has no room for figures beside the map; they come when they are asked for. */
    fold() {
      document.getElementById("details").open = !NARROW.matches;
    }

    listenToPanel() {
      NARROW.addEventListener("change", () => this.fold());
      for (const choice of document.querySelectorAll("input[name=view]")) {
        choice.addEventListener("change", () => this.setView(choice.value));
      }
      for (const box of document.querySelectorAll("input[name=show]")) {
        box.addEventListener("change", () => this.setShown(box.value, box.checked));
      }
      this.map.on("zoomend", () => this.showCircleKey());
      this.map.on("mousemove dragstart", () => {
        this.pinned = -1;
      });
      theme.onChange(() => this.map.fire("viewchange"));
      theme.start();
    }

    /** Circles for round numbers of people, as large as they are on the map now. */
    showCircleKey() {
      const key = document.getElementById("circles");
      if (this.layer.view !== "people") return;
      const most = Math.max(1, ...this.units.people);
      const top = 10 ** Math.floor(Math.log10(most));
      const sizes = [top, top / 4, top / 20].filter((size) => size >= 1);
      const largest = this.layer.radius(top);
      const shrink = Math.min(1, 30 / largest);
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
      key.hidden = shrink < 1;
    }

    /** What a permalink remembers. */
    state() {
      const state = {};
      if (this.layer.view !== "agreement") state.view = this.layer.view;
      if (theme.chosen) state.theme = theme.chosen;
      const hidden = [...document.querySelectorAll("input[name=show]")].filter((b) => !b.checked);
      if (hidden.length) state.hide = hidden.map((box) => box.value).join(",");
      if (!this.isAtHome()) {
        const at = this.map.containerPointToLatLng(this.middle());
        const { x, y } = this.map.options.crs.projection.project(at);
        state.at = [x, y].map((value) => Number(value.toPrecision(6))).join(",");
        state.zoom = depth(this.map, this.units).toFixed(2);
      }
      if (this.pinned >= 0) state.unit = this.units.ids[this.pinned];
      return state;
    }

    /** Bring back what `state` said; what makes no sense is left as it is. */
    restore(state) {
      this.setView(state.view || "agreement");
      theme.choose(state.theme || null);
      const hidden = (state.hide || "").split(",");
      for (const box of document.querySelectorAll("input[name=show]")) {
        this.setShown(box.value, !hidden.includes(box.value));
      }
      const at = (state.at || "").split(",").map(Number);
      const zoom = this.map.getZoom() + Number(state.zoom) - depth(this.map, this.units);
      const hasPlace = at.length === 2 && [...at, zoom].every(Number.isFinite);
      const unit = this.units.ids.indexOf(state.unit);
      if (hasPlace) this.goTo(at, zoom);
      if (unit >= 0 && hasPlace) this.tell(unit);
      else if (unit >= 0) this.showUnit(unit);
    }
  }

  global.TwoNations.Page = Page;
})(window);
