/* What every page does with its map: fit it, go to a unit, switch views and layers, remember. */
(function (global) {
  "use strict";

  const { Drawing, Nations, PlaceNames, Selection, depth } = global.TwoNations;
  const theme = global.TwoNationsTheme;
  const NARROW = matchMedia("screen and (max-width: 760px)");
  const DEEPEST = 12; // how much nearer a person may come, as a power of 2
  const SCREENS = 4; // by how much the same zoom differs between screens, as a power of 2

  class SheetPage {
    constructor(map, data) {
      this.map = map;
      this.units = new global.TwoNationsUnits(data);
      this.layer = this.makeLayer(data);
      this.usualView = this.layer.view = document.documentElement.dataset.view;
      this.layers = [this.layer];
      this.selections = [new Selection(map, this.units)];
      this.names = [];
      this.overlays = [];
      this.remembered = [];
      this.pinned = -1;
    }

    makeLayer(data) {
      const { decodeBits } = global.TwoNationsTopology;
      return new Nations(this.map, this.units, data.part ? [...decodeBits(data.part, this.units.n)] : null);
    }

    /** Once the layers are there: fit the map, and do what the panel says. */
    start() {
      this.nameMaps();
      this.fold();
      NARROW.addEventListener("change", () => this.fold());
      this.hold(() => this.fit());
      addEventListener("resize", () => this.hold(() => this.resize()));
      this.listenToPrinter();
      theme.onChange(() => this.repaint());
      // Letters of their own width may need more lines, or fewer.
      document.fonts.ready.then(() => this.hold(() => this.resize()));
      this.listenToPanel();
    }

    /** Say to those who do not see it what a map is, and how the keyboard moves it. */
    nameMaps() {
      const maps = [...new Set(this.layers.map(({ map }) => map))];
      for (const map of maps) {
        const container = map.getContainer();
        container.setAttribute("role", "application");
        container.setAttribute("aria-roledescription", "map");
        container.setAttribute(
          "aria-label",
          `${this.mapName(map)}: ${document.title}. Arrow keys move it, plus and minus zoom; ` +
            "the place in the middle is told."
        );
        if (document.getElementById("description")) {
          container.setAttribute("aria-describedby", "description");
        }
      }
    }

    mapName() {
      return "Map";
    }

    /**
     * Paper is white, whatever the screen is, and has a shape of its own: the style sheet gives the
     * page one that fits while it is printed.
     */
    listenToPrinter() {
      const root = document.documentElement;
      const isOpen = () => document.getElementById("details").open;
      let before = null;
      const turn = (isPrinting, chosen, isUnfolded) =>
        this.hold(() => {
          Drawing.isPrinting = isPrinting;
          root.toggleAttribute("data-printing", isPrinting);
          theme.choose(chosen);
          document.getElementById("details").open = isUnfolded;
          this.resize();
        });
      addEventListener("beforeprint", () => {
        before = [theme.chosen, isOpen()];
        turn(true, "light", true);
      });
      addEventListener("afterprint", () => turn(false, ...before));
    }

    /** Do something in several steps, and draw once. */
    hold(act) {
      if (Drawing.isHeld) return act();
      Drawing.isHeld = true;
      try {
        act();
      } finally {
        Drawing.isHeld = false;
      }
      this.repaint();
    }

    get places() {
      return this.names[0];
    }

    addPlaces(places) {
      const covered = () => this.covered();
      const marks = () => this.overlays.flatMap((one) => one.boxes?.() ?? []);
      this.names.push(new PlaceNames(this.map, this.units, places, covered, () => this.layers, marks));
    }

    /** A phone has no room for figures beside the map; they come when they are asked for. */
    fold() {
      document.getElementById("details").open = !NARROW.matches;
    }

    repaint() {
      const { layers, selections, names, overlays } = this;
      for (const drawing of [...layers, ...selections, ...names, ...overlays]) drawing.repaint();
    }

    /** Do something with the votes that were cast, whatever is shown. */
    asCast(act) {
      act();
    }

    /** Pixels that the title takes from above where the page is inside another one. */
    embedded() {
      const footer = document.getElementById("embedded");
      return footer && "embed" in document.documentElement.dataset ? footer.offsetHeight : 0;
    }

    /** How much of the map other things cover on each side; a page with a panel over it says. */
    covered() {
      return { left: 0, top: 0, right: 0, bottom: 0 };
    }

    /** The point of a map's container that is in the middle of what is free to be seen. */
    middle(map = this.map) {
      const { left, top, right, bottom } = this.margins();
      const { x: width, y: height } = map.getSize();
      return L.point((left + width - right) / 2, (top + height - bottom) / 2);
    }

    /** Show all of the map in what is free. */
    fit() {
      const { map } = this;
      const [west, south, east, north] = this.units.bounds;
      const { projection } = map.options.crs;
      const bounds = L.latLngBounds(
        projection.unproject(L.point(west, south)),
        projection.unproject(L.point(east, north))
      );
      const { left, top, right, bottom } = this.margins();
      map.invalidateSize({ animate: false });
      map.setMinZoom(-10);
      map.fitBounds(bounds, {
        paddingTopLeft: [left, top],
        paddingBottomRight: [right, bottom],
        animate: false,
      });
      this.home = { zoom: map.getZoom(), center: map.getCenter() };
      map.setMinZoom(this.home.zoom - 0.5);
      map.setMaxZoom(this.home.zoom + DEEPEST);
      // So far out that a small map in a high window is not moved back to its middle.
      const low = map.latLngToContainerPoint(bounds.getSouthWest());
      const high = map.latLngToContainerPoint(bounds.getNorthEast());
      const { x, y } = map.getSize();
      map.setMaxBounds(bounds.pad(Math.max(1, x / (high.x - low.x), y / (low.y - high.y))));
      map.fire("viewchange"); // whoever listens to the moves saw the home of before
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

    /** Bring a point of the sheet to the middle. */
    goTo([x, y], zoom) {
      const { map } = this;
      const target = map.project(map.options.crs.projection.unproject(L.point(x, y)), zoom);
      const shift = this.middle().subtract(map.getSize().divideBy(2));
      map.setView(map.unproject(target.subtract(shift), zoom), zoom, { animate: false });
    }

    /** Go to a unit, with the focus, and tell of it. */
    goToUnit(unit) {
      this.map.getContainer().focus({ preventScroll: true });
      this.showUnit(unit);
    }

    /** Bring a unit to the middle and tell of it. */
    showUnit(unit) {
      const [west, south, east, north] = this.units.boxOf(unit);
      const [wholeWest, wholeSouth, wholeEast, wholeNorth] = this.units.bounds;
      const times = Math.min(
        (wholeEast - wholeWest) / (east - west),
        (wholeNorth - wholeSouth) / (north - south)
      );
      const closer = Math.min(3.5, Math.max(0, Math.log2(times / 5)));
      this.goTo(this.units.anchor(unit), Math.max(this.map.getZoom(), this.home.zoom + closer));
      this.tell(unit);
    }

    /** Tell of a unit where it is. */
    tell(unit) {
      const at = this.map.options.crs.projection.unproject(L.point(this.units.anchor(unit)));
      const { left, top } = this.map.getContainer().getBoundingClientRect();
      this.tooltip.show(unit, this.map.latLngToContainerPoint(at).add([left, top]));
      this.pinned = unit;
      this.map.fire("viewchange");
    }

    setView(view) {
      const choice = document.querySelector(`input[name=view][value="${CSS.escape(view)}"]`);
      if (!choice) return;
      choice.checked = true;
      document.documentElement.dataset.view = view;
      for (const layer of this.layers) if (view !== layer.view) layer.setView(view);
      this.map.fire("viewchange");
    }

    setShown(name, isShown) {
      const box = document.querySelector(`input[name=show][value="${CSS.escape(name)}"]`);
      if (!box) return;
      box.checked = isShown;
      if (name === "places") this.names.forEach((names) => names.setShown(isShown));
      else this.layers.forEach((layer) => layer.setShown(name, isShown));
      this.map.fire("viewchange");
    }

    listenToPanel() {
      for (const choice of document.querySelectorAll("input[name=view]")) {
        choice.addEventListener("change", () => {
          this.setView(choice.value);
          for (const layer of this.layers) layer.unfold();
        });
      }
      for (const box of document.querySelectorAll("input[name=show]")) {
        box.addEventListener("change", () => this.setShown(box.value, box.checked));
      }
      this.map.on("mousemove dragstart", () => {
        this.pinned = -1;
      });
      theme.onChange(() => this.map.fire("viewchange"));
      theme.start();
    }

    /** Have a permalink remember what `part.state()` says, and `part.restore(state)` bring back. */
    remember(part) {
      this.remembered.push(part);
    }

    /** What a permalink remembers. */
    state() {
      const state = {};
      if (this.layer.view !== this.usualView) state.view = this.layer.view;
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
      return Object.assign(state, ...this.remembered.map((part) => part.state()));
    }

    /** Bring back what `state` said; what makes no sense is left as it is. */
    restore(state) {
      this.hold(() => this.restoreParts(state));
    }

    /** Whether a point of the sheet is on the map, or no further from it than a person may go. */
    isNear(at) {
      const [west, south, east, north] = this.units.bounds;
      const [width, height] = [east - west, north - south];
      const [x, y] = at;
      const isNear = x >= west - width && x <= east + width;
      return at.length === 2 && isNear && y >= south - height && y <= north + height;
    }

    /** Whether a map can be so near or far on some screen, if not on this one. */
    canZoom(zoom) {
      const { map } = this;
      return zoom >= map.getMinZoom() - SCREENS && zoom <= map.getMaxZoom() + SCREENS;
    }

    restoreParts(state) {
      this.setView(state.view || this.usualView);
      theme.choose(state.theme || null);
      const hidden = (state.hide || "").split(",");
      for (const box of document.querySelectorAll("input[name=show]")) {
        this.setShown(box.value, !hidden.includes(box.value));
      }
      for (const part of this.remembered) part.restore(state);
      const { map } = this;
      const at = (state.at || "").split(",").map(Number);
      const zoom = map.getZoom() + Number(state.zoom) - depth(map, this.units);
      const hasPlace = this.isNear(at) && this.canZoom(zoom);
      const unit = this.units.ids.indexOf(state.unit);
      if (hasPlace) this.goTo(at, Math.min(Math.max(zoom, map.getMinZoom()), map.getMaxZoom()));
      if (unit >= 0 && hasPlace) this.tell(unit);
      else if (unit >= 0) this.showUnit(unit);
    }
  }

  Object.assign(global.TwoNations, { SheetPage, NARROW });
})(window);
