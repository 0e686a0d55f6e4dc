/* The maps of a page of plans: one, two beside each other, one with a divider, or all of them small. */
(function (global) {
  "use strict";

  const { MovingNations, Multiples, PlaceNames, Selection, Swipe } = global.TwoNations;
  const { link, listen, make } = global.TwoNations;
  const MODES = ["one", "two", "swipe", "all"];

  class Stage {
    /** `page` has the plan that is looked at and the pinned one; `insets` say what moved states are. */
    constructor(page, mode, insets) {
      Object.assign(this, { page, insets, usual: mode, mode: "one", before: "one" });
      this.box = document.getElementById("stage");
      this.layer = page.layer;
      this.other = this.second = this.overlay = this.swipe = this.multiples = null;
      this.captionRoom = 0; // pixels
    }

    /** Whether the pinned plan is to be seen beside the other one. */
    get isPair() {
      return this.mode === "two" || this.mode === "swipe";
    }

    /** The plan that is pinned, drawn on a map; made when it is first looked at. */
    drawOn(map, name) {
      const layer = new MovingNations(map, this.page.units, name);
      layer.view = this.layer.view;
      Object.assign(layer.shows, this.layer.shows);
      this.page.layers.push(layer);
      return layer;
    }

    addSecond() {
      const { map, tooltip, units } = this.page;
      const { crs, minZoom, maxZoom, zoomSnap, zoomDelta } = map.options;
      const host = make("div", "");
      host.id = "second";
      map.getContainer().before(host); // which comes first on the stage and for the keyboard
      this.other = L.map(host, {
        crs, minZoom, maxZoom, zoomSnap, zoomDelta,
        zoomControl: false, attributionControl: false, zoomAnimation: false,
      }).setView(map.getCenter(), map.getZoom(), { animate: false });
      this.second = this.drawOn(this.other, "nations");
      this.page.selections.push(new Selection(this.other, units));
      this.link = link([map, this.other]);
      listen(this.other, units, tooltip, () => this.page.middle(this.other));
      for (const [text, x, y, side] of this.insets) {
        const icon = L.divIcon({ className: `inset-label ${side}`, iconSize: [0, 0], html: make("span", "", text) });
        L.marker([y, x], { icon, interactive: false, keyboard: false }).addTo(this.other);
      }
      if (this.places) this.addPlaces(this.places);
      this.page.nameMaps();
    }

    addPlaces(places) {
      this.places = places;
      if (!this.other) return;
      const { page } = this;
      const names = new PlaceNames(this.other, page.units, places, () => page.covered(), () => page.layers);
      page.names.push(names);
      names.setShown(page.places.isShown);
    }

    addMultiples() {
      const { plans, sequence, units, words } = this.page;
      const small = plans.map((_, index) => ({
        label: words.title(index), headline: words.headline(index), part: sequence.parts[index],
      }));
      this.multiples = new Multiples(units, small, (index) => {
        this.page.go(index);
        this.leaveSmall();
      });
    }

    /** Go back to a map that is large enough to show a unit. */
    leaveSmall() {
      if (this.mode === "all") this.setMode(this.before);
    }

    setMode(mode) {
      if (MODES.includes(mode) && mode !== this.mode) this.page.hold(() => this.change(mode));
    }

    change(mode) {
      const { page } = this;
      const choice = document.querySelector(`input[name=mode][value=${mode}]`);
      if (!choice) return; // there is but one plan
      const wasAtHome = !page.home || page.isAtHome();
      // What was told of a place was told beside a map that is about to move.
      page.tooltip.hide();
      page.pinned = -1;
      if (this.mode !== "all") this.before = this.mode;
      this.mode = document.documentElement.dataset.mode = mode;
      choice.checked = true;
      if (mode === "two" && !this.other) this.addSecond();
      if (mode === "swipe" && !this.swipe) {
        this.overlay = this.drawOn(page.map, "overlay");
        this.swipe = new Swipe(page.map, [this.overlay, this.layer]);
      }
      if (mode === "all" && !this.multiples) this.addMultiples();
      this.drawPinned();
      this.tell();
      if (this.swipe) this.swipe.show(mode === "swipe");
      if (this.multiples) this.multiples.show(mode === "all");
      page.leaveRoom();
      this.arrange();
      if (wasAtHome && page.home) page.fit();
      else page.map.invalidateSize({ animate: false });
      this.join();
      page.map.fire("viewchange");
    }

    /** Only what is seen is drawn. */
    drawPinned() {
      const { index, reference, sequence } = this.page;
      const [here, pinned] = [sequence.parts[index], sequence.parts[reference]];
      if (this.second) this.second.setPlan(this.mode === "two" ? pinned : null, here);
      if (this.overlay) this.overlay.setPlan(this.mode === "swipe" ? pinned : null, here);
    }

    /** One of the two plans is another one, in which the units `changed` are coloured otherwise. */
    follow(changed, isSmooth) {
      const layer = { two: this.second, swipe: this.overlay }[this.mode];
      const { index, reference, sequence } = this.page;
      if (layer) layer.move(sequence.parts[reference], this.page.colouring(reference, index), changed, isSmooth);
      this.tell();
    }

    /** Say which plans are on the maps. */
    tell() {
      const { index, reference, words } = this.page;
      this.setCaption("pinned", reference);
      this.setCaption("here", index);
      if (this.multiples) this.multiples.mark(index, reference, words);
    }

    setCaption(which, plan) {
      const { words } = this.page;
      const title = words.title(plan);
      const caption = document.getElementById(`caption-${which}`);
      caption.hidden = !this.isPair;
      caption.title = title; // which may be longer than there is room for
      caption.replaceChildren(words.which(which), make("span", "", title), make("i", "", words.headline(plan)));
      return caption;
    }

    /** Pixels that captions take from above of a map, whichever plans they are of. */
    measureCaptions() {
      this.captionRoom = 0;
      if (!this.isPair) return;
      const { map, plans, words } = this.page;
      const context = document.createElement("canvas").getContext("2d");
      context.font = getComputedStyle(document.getElementById("caption-here")).font;
      const widths = plans.map((_, index) => context.measureText(words.title(index)).width);
      const longest = widths.indexOf(Math.max(...widths));
      for (const [which, one] of [["pinned", this.mode === "two" ? this.other : map], ["here", map]]) {
        const { bottom } = this.setCaption(which, longest).getBoundingClientRect();
        const { top } = one.getContainer().getBoundingClientRect();
        this.captionRoom = Math.max(this.captionRoom, Math.ceil(bottom - top) + 6);
      }
      this.tell();
    }

    /** Two maps stand side by side or one above the other, whichever leaves them larger. */
    arrange() {
      const { width, height } = this.box.getBoundingClientRect();
      const [west, south, east, north] = this.page.units.bounds;
      const shape = (east - west) / (north - south);
      const size = (columns, rows) => Math.min(width / columns, (shape * height) / rows);
      const isStacked = size(1, 2) >= size(2, 1);
      document.documentElement.dataset.arrangement = isStacked ? "rows" : "columns";
      if (this.other) this.other.invalidateSize({ animate: false });
    }

    /** While the first map is fitted, the second one stays where it is. */
    release() {
      if (!this.other) return;
      this.link.set(false);
      this.other.setMinZoom(-10);
    }

    join() {
      const { map } = this.page;
      if (this.other) {
        this.other.setMinZoom(map.getMinZoom());
        this.other.setMaxZoom(map.getMaxZoom());
        this.link.set(this.mode === "two");
      }
      if (this.swipe) this.swipe.clip();
    }

    setView(view) {
      if (!this.multiples || this.multiples.view === view) return;
      this.multiples.view = view;
      this.multiples.repaint();
    }

    repaint() {
      if (this.multiples) this.multiples.repaint();
    }

    state() {
      const state = {};
      if (this.mode !== this.usual) state.mode = this.mode;
      if (this.mode === "swipe") state.divider = this.swipe.share.toFixed(3);
      return state;
    }

    restore({ mode, divider }) {
      this.setMode(MODES.includes(mode) ? mode : this.usual);
      const share = Number(divider);
      if (this.mode === "swipe" && divider && Number.isFinite(share)) this.swipe.move(share);
    }
  }

  global.TwoNations.Stage = Stage;
})(window);
