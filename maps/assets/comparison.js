/* The page of several plans: two maps, one with a divider, or all of them small. */
(function (global) {
  "use strict";

  const { Chart, Multiples, Nations, PlaceNames, Selection, SheetPage, Swipe, Tooltip } = global.TwoNations;
  const { link, listen, make, NARROW } = global.TwoNations;
  const { decodeBits } = global.TwoNationsTopology;
  const theme = global.TwoNationsTheme;
  const MODES = ["two", "swipe", "all"];
  const LETTERS = ["A", "B"];

  const sentence = (text) => (/[.!?]$/.test(text) ? text : `${text}.`);

  class ComparisonPage extends SheetPage {
    constructor(map, data) {
      super(map, data);
      this.plans = data.plans.map((plan) => ({ ...plan, part: decodeBits(plan.bits, this.units.n) }));
      this.pair = [0, this.plans.length > 1 ? 1 : 0];
      this.other = this.addMap();
      this.overlay = new Nations(map, this.units, null, "overlay");
      this.second = new Nations(this.other, this.units, null);
      this.layers.push(this.overlay, this.second);
      this.selections.push(new Selection(this.other, this.units));
      this.swipe = new Swipe(map, [this.layer, this.overlay]);
      this.link = link([map, this.other]);
      this.multiples = new Multiples(this.units, this.plans, (index) => {
        this.setPair(this.pair[0] === index ? [index, this.pair[1]] : [this.pair[0], index]);
        this.setMode(this.modeBefore || "two");
      });
      this.tooltip = new Tooltip(this.units, this.selections, () =>
        this.pair.map((index, k) => [`in ${LETTERS[k]}`, this.plans[index].part])
      );
      for (const one of [map, this.other]) {
        listen(one, this.units, this.tooltip, () => one.getSize().divideBy(2));
      }
      this.labelInsets(data.insets);
      this.mode = "two";
      this.chart = data.explored ? this.makeChart(data.explored) : null;
      this.hold(() => {
        this.setPair(this.pair);
        this.start();
      });
    }

    /** Plans between two figures: a point that is taken becomes B. */
    makeChart(explored) {
      const { measures } = explored;
      const { say } = global.TwoNations.measures;
      const describe = (index) => {
        const { title, figures, status } = explored.plans[index];
        const shown = measures.slice(0, 5).map((one, k) => `${one.name}: ${say(one, figures[k])}`);
        return [title, ...shown, status].filter(Boolean);
      };
      const chart = new Chart(explored, (index) => this.setPair([this.pair[0], index]), describe);
      const choices = ["chart-across", "chart-up"].map((id) => document.getElementById(id));
      const show = () => {
        const [across, up] = choices.map(({ value }) => measures.findIndex(({ key }) => key === value));
        chart.setMeasures(across, up);
      };
      choices.forEach((choice, k) => {
        choice.value = measures[chart.usual[k]].key;
        choice.addEventListener("change", show);
      });
      chart.host.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        const n = explored.plans.length;
        this.setPair([this.pair[0], (this.pair[1] + step + n) % n]);
        chart.show(this.pair[1]);
      });
      document.getElementById("details").addEventListener("toggle", () => chart.render());
      return chart;
    }

    addMap() {
      const { crs, minZoom, maxZoom, zoomSnap, zoomDelta } = this.map.options;
      return L.map("second", {
        crs, minZoom, maxZoom, zoomSnap, zoomDelta,
        zoomControl: false, attributionControl: false, zoomAnimation: false,
      }).setView(this.map.getCenter(), this.map.getZoom(), { animate: false });
    }

    /** What moved states are, on both maps. */
    labelInsets(labels) {
      for (const one of [this.map, this.other]) {
        for (const [text, x, y, side] of labels) {
          const icon = L.divIcon({ className: `inset-label ${side}`, iconSize: [0, 0], html: make("span", "", text) });
          L.marker([y, x], { icon, interactive: false, keyboard: false }).addTo(one);
        }
      }
    }

    /** What the table of all units says. */
    sharedPlans() {
      return this.plans;
    }

    addPlaces(places) {
      super.addPlaces(places);
      const covered = () => this.covered();
      this.names.push(new PlaceNames(this.other, this.units, places, covered, () => this.layers));
    }

    /** Room above a map for its caption, or for both where both plans are on one map. */
    margins() {
      const { arrangement } = document.documentElement.dataset;
      const isHalf = NARROW.matches && this.mode === "two" && arrangement === "columns";
      const isBoth = this.mode === "swipe";
      return { left: 14, top: isHalf || isBoth ? 76 : 44, right: 14, bottom: 14 };
    }

    fit() {
      this.arrange();
      this.link.set(false);
      this.other.setMinZoom(-10);
      super.fit();
      this.other.setMinZoom(this.map.getMinZoom());
      this.link.set(this.mode === "two");
      this.swipe.clip();
    }

    resize() {
      this.arrange();
      super.resize();
      this.link.set(this.mode === "two");
      this.swipe.clip();
      this.multiples.repaint();
      if (this.chart) this.chart.render();
    }

    /** Tell the style sheet what the panel takes from a phone above and below, while it is folded. */
    leaveRoom() {
      const { style } = document.documentElement;
      if (!NARROW.matches || this.embedded()) {
        style.setProperty("--top", `${this.embedded()}px`);
        style.setProperty("--bottom", "0px");
      } else if (!document.getElementById("details").open) {
        const head = document.getElementById("panel-head").getBoundingClientRect();
        const body = document.getElementById("panel-body").getBoundingClientRect();
        style.setProperty("--top", `${head.bottom}px`);
        style.setProperty("--bottom", `${innerHeight - body.top}px`);
      }
    }

    /** Two maps stand side by side or one above the other, whichever leaves them larger. */
    arrange() {
      this.leaveRoom();
      const { width, height } = document.getElementById("stage").getBoundingClientRect();
      const [west, south, east, north] = this.units.bounds;
      const shape = (east - west) / (north - south);
      const size = (columns, rows) => Math.min(width / columns, (shape * height) / rows);
      const isStacked = size(1, 2) >= size(2, 1);
      document.documentElement.dataset.arrangement = isStacked ? "rows" : "columns";
      this.other.invalidateSize({ animate: false });
    }

    setMode(mode) {
      if (MODES.includes(mode)) this.hold(() => this.changeMode(mode));
    }

    changeMode(mode) {
      if (this.mode !== mode) this.modeBefore = this.mode === "all" ? this.modeBefore : this.mode;
      const wasAtHome = !this.home || this.isAtHome();
      // What was told of a place was told beside a map that is about to move.
      this.tooltip.hide();
      this.pinned = -1;
      this.mode = mode;
      document.documentElement.dataset.mode = mode;
      document.querySelector(`input[name=mode][value=${mode}]`).checked = true;
      this.drawPair();
      this.swipe.show(mode === "swipe");
      this.multiples.show(mode === "all");
      this.arrange();
      if (wasAtHome && this.home) this.fit();
      else this.map.invalidateSize({ animate: false });
      this.link.set(mode === "two");
      this.map.fire("viewchange");
    }

    setPair(pair) {
      this.pair = pair;
      pair.forEach((index, k) => {
        document.querySelector(`input[name=plan-${LETTERS[k]}][value="${index}"]`).checked = true;
        const { label, headline } = this.plans[index];
        const caption = document.getElementById(`caption-${LETTERS[k]}`);
        const letter = make("b", "letter", LETTERS[k]);
        caption.replaceChildren(letter, make("span", "", label), make("i", "", headline));
      });
      document.querySelectorAll("#plans tbody tr").forEach((row, index) => {
        row.classList.toggle("chosen", pair.includes(index));
      });
      this.multiples.mark(pair);
      this.multiples.reference = this.plans[pair[0]].part;
      if (this.multiples.view === "difference") this.multiples.repaint();
      this.tellFigures();
      this.tellDifference();
      if (this.chart) this.chart.mark(pair[1], pair[0]);
      this.tooltip.refresh();
      if (this.mode) this.drawPair();
      this.map.fire("viewchange");
    }

    /** The small maps have no room to show a unit: a large one does. */
    showUnit(unit) {
      if (this.mode === "all") this.setMode(this.modeBefore || "two");
      super.showUnit(unit);
    }

    /** Only what is seen is drawn. */
    drawPair() {
      const [a, b] = this.pair.map((index) => this.plans[index].part);
      this.layer.setPlan(this.mode === "all" ? null : a, b);
      this.overlay.setPlan(this.mode === "swipe" ? b : null, a);
      this.second.setPlan(this.mode === "two" ? b : null, a);
      for (const layer of this.layers) layer.repaint();
    }

    /** What A and B amount to, measure by measure. */
    tellFigures() {
      const [a, b] = this.pair.map((index) => this.plans[index]);
      const values = new Map(b.figures);
      const rows = a.figures.map(([measure, value]) => {
        const head = make("th", "", measure);
        head.scope = "row";
        return make("tr", "", head, make("td", "", value), make("td", "", values.get(measure) || "–"));
      });
      document.querySelector("#figures tbody").replaceChildren(...rows);
      document.getElementById("figures").hidden = !rows.length;
      this.pair.forEach((index, k) => {
        const { title, status } = this.plans[index];
        const line = document.getElementById(`status-${LETTERS[k]}`);
        const text = [title, status].filter(Boolean).map(sentence).join(" ");
        line.hidden = !text;
        line.replaceChildren(make("b", "letter", LETTERS[k]), make("span", "", text));
      });
    }

    tellDifference() {
      const [a, b] = this.pair.map((index) => this.plans[index].part);
      const differs = global.twoNationsDiffers(this.units, a, b);
      const isSame = a.every((one, unit) => one === b[unit]);
      let [count, people] = [0, 0];
      for (let unit = 0; unit < this.units.n; unit++) {
        if (!differs(unit)) continue;
        count += 1;
        people += this.units.people[unit];
      }
      const short = { notation: "compact", maximumSignificantDigits: 3 };
      const many = `${count.toLocaleString("en-US")} of ${this.units.n.toLocaleString("en-US")} places`;
      const whom = `${people.toLocaleString("en-US", short)} ${this.units.peopleAre}${this.units.peopleYear && ` (${this.units.peopleYear})`}`;
      document.getElementById("difference").textContent = count
        ? `${many}, with ${whom}, are in another nation in B than in A.`
        : isSame
          ? "A and B are the same plan."
          : "Everybody stays together in A and in B.";
    }

    setView(view) {
      super.setView(view);
      if (this.multiples.view === this.layer.view) return;
      this.multiples.view = this.layer.view;
      this.multiples.repaint();
    }

    repaint() {
      super.repaint();
      this.multiples.repaint();
    }

    listenToPanel() {
      super.listenToPanel();
      for (const choice of document.querySelectorAll("input[name=mode]")) {
        choice.addEventListener("change", () => this.setMode(choice.value));
      }
      LETTERS.forEach((letter, k) => {
        for (const choice of document.querySelectorAll(`input[name=plan-${letter}]`)) {
          choice.addEventListener("change", () => {
            this.setPair(this.pair.with(k, Number(choice.value)));
          });
        }
      });
      document.querySelectorAll("#plans tbody tr").forEach((row, index) => {
        row.addEventListener("click", (event) => {
          if (event.target.closest("label")) return;
          this.setPair([this.pair[0], index]);
        });
      });
    }

    state() {
      const state = { ...super.state(), a: this.pair[0] + 1, b: this.pair[1] + 1 };
      if (this.mode !== "two") state.mode = this.mode;
      if (this.mode === "swipe") state.divider = this.swipe.share.toFixed(3);
      return state;
    }

    restoreParts(state) {
      const numbers = [state.a, state.b].map((text) => Number(text) - 1);
      const isPlan = (index) => Number.isInteger(index) && index >= 0 && index < this.plans.length;
      if (numbers.every(isPlan)) this.setPair(numbers);
      this.setMode(state.mode || "two");
      const share = Number(state.divider);
      if (state.divider && Number.isFinite(share)) this.swipe.move(share);
      super.restoreParts(state);
    }
  }

  global.TwoNations.ComparisonPage = ComparisonPage;
})(window);
