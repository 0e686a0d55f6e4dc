/* The page of many plans: what goes from one to another, what is said of them, and their maps. */
(function (global) {
  "use strict";

  const { Dials, MovingNations, PlanList, Sequence, SheetPage, Stage, Tooltip, TradeOff, Words } = global.TwoNations;
  const { listen, make, NEVER } = global.TwoNations;
  const { say } = global.TwoNations.measures;
  const STACKED = matchMedia("screen and (max-width: 900px)");
  const STILL = matchMedia("(prefers-reduced-motion: reduce)");
  const SHADES = 7; // of the colours for a value
  const REST = 250; // milliseconds without a step after which the address is written

  class ExplorerPage extends SheetPage {
    constructor(map, data) {
      super(map, data);
      const { explored } = data;
      const { dials, plans, measures, factNames } = explored;
      Object.assign(this, { dials, plans, measures, factNames });
      this.sequence = new Sequence(plans, dials, this.units.n);
      this.words = new Words(this.units, this.sequence, explored);
      this.reference = 0;
      this.index = explored.mode === "one" || plans.length < 2 ? 0 : 1;
      this.tooltip = new Tooltip(this.units, this.selections, () => this.toldPlans());
      this.tooltip.note = (unit) => this.words.history(unit, this.line) || this.words.elsewhere(unit, this.index);
      this.turning = new Dials(this);
      this.list = new PlanList(this);
      this.tradeOff = measures.length ? new TradeOff(this, explored) : null;
      this.stage = new Stage(this, explored.mode, data.insets);
      listen(map, this.units, this.tooltip, () => this.middle());
      this.hold(() => {
        this.setLine();
        this.layer.move(this.sequence.parts[this.index], this.colouring(), [], false);
        this.tellPlans();
        this.stage.setMode(explored.mode);
        this.start();
      });
      if (this.tradeOff) this.tradeOff.setMeasures(explored.across, explored.up);
    }

    get chart() {
      return this.tradeOff && this.tradeOff.chart;
    }

    get isStill() {
      return STILL.matches;
    }

    /** What the table of all units says. */
    sharedPlans() {
      return this.plans.map((_, index) => ({ label: this.words.label(index), part: this.sequence.parts[index] }));
    }

    /** What a tooltip says of a unit's nation: in both plans, where both are spoken of. */
    toldPlans() {
      const { index, reference, sequence } = this;
      const here = sequence.parts[index];
      if (!this.stage.isPair && this.layer.view !== "difference") return [["", here]];
      return [["in the pinned plan", sequence.parts[reference]], ["here", here]];
    }

    makeLayer() {
      return new MovingNations(this.map, this.units);
    }

    mapName(map) {
      if (!this.stage || !this.stage.other) return "Map";
      return map === this.map ? "Map of the plan here" : "Map of the pinned plan";
    }

    fold() {
      document.getElementById("details").open = true;
    }

    /** How a plan is coloured beside another one: the one here, unless said otherwise. */
    colouring(index = this.index, other = this.reference) {
      const { parts } = this.sequence;
      return global.twoNationsColouring(this.units, parts[index], parts[other]);
    }

    addPlaces(places) {
      super.addPlaces(places);
      this.stage.addPlaces(places);
    }

    /** Room around a map; above it for the tools or for captions. */
    margins() {
      const [side, top, bottom] = STACKED.matches ? [8, 6, 6] : [18, 54, 14];
      return { left: side, top: Math.max(top, this.stage.captionRoom), right: side, bottom };
    }

    /** Tell the style sheet how high the head and the dials are. */
    leaveRoom() {
      const { style } = document.documentElement;
      const height = (id) => `${Math.ceil(document.getElementById(id).getBoundingClientRect().height)}px`;
      style.setProperty("--embed", `${this.embedded()}px`);
      style.setProperty("--head", height("explorer-head"));
      style.setProperty("--dials", height("dials"));
    }

    fit() {
      this.leaveRoom();
      this.stage.arrange();
      this.stage.measureCaptions();
      this.stage.release();
      super.fit();
      this.stage.join();
    }

    resize() {
      this.leaveRoom();
      this.stage.arrange();
      super.resize();
      this.stage.join();
      this.stage.repaint();
      if (this.tradeOff) this.tradeOff.render();
      this.turning.showSteps();
    }

    repaint() {
      super.repaint();
      this.stage.repaint();
      if (this.tradeOff && this.line) this.tradeOff.repaint();
    }

    setView(view) {
      super.setView(view);
      this.stage.setView(view);
    }

    /** The small maps have no room to show a unit: a large one does. */
    showUnit(unit) {
      this.stage.leaveSmall();
      super.showUnit(unit);
    }

    /** The plans along the first dial: what "the next" is, and where a unit changes sides. */
    setLine() {
      const at = this.plans[this.index].at;
      const key = at.slice(1).join();
      if (this.line && key === this.lineKey) return;
      this.lineKey = key;
      this.line = this.sequence.line(at);
      if (this.dials.length) this.units.changeRanks = this.rankChanges();
      this.turning.showSteps();
    }

    /** Put the weights at which units change sides into classes of about as many units. */
    rankChanges() {
      const first = this.sequence.firstChanges(this.line);
      const changing = [...first].filter((step) => step !== NEVER).sort((a, b) => a - b);
      const limits = [];
      for (let k = 1; k < SHADES; k++) {
        const limit = changing[Math.floor((k * changing.length) / SHADES)];
        if (limit !== undefined && limit > (limits.at(-1) ?? changing[0])) limits.push(limit);
      }
      this.changeLimits = limits;
      const n = limits.length + 1;
      const shade = (k) => (n === 1 ? SHADES - 2 : Math.round((k * (SHADES - 1)) / (n - 1)));
      this.showChangeLegend(limits, changing, shade);
      return Int8Array.from(first, (step) =>
        step === NEVER ? NEVER : shade(limits.filter((limit) => step >= limit).length));
    }

    showChangeLegend(limits, changing, shade) {
      const title = document.getElementById("change-title");
      const scale = document.getElementById("change-scale");
      title.textContent = changing.length
        ? this.words.changeTitle()
        : "No place changes sides.";
      const shades = make("div", "shades");
      for (let k = 0; changing.length && k <= limits.length; k++) {
        const box = make("i", "");
        box.style.background = `var(--step-${shade(k)})`;
        shades.append(box);
      }
      const texts = make("div", "limits");
      for (const limit of limits) texts.append(make("span", "", this.words.valueAt(this.line[limit])));
      scale.replaceChildren(shades, texts);
    }

    /** Show a plan. */
    go(index, isSmooth = !STILL.matches) {
      if (index === this.index || !this.plans[index]) return;
      const changed = this.recoloured(this.index, index);
      this.index = index;
      const keyBefore = this.lineKey;
      this.setLine();
      if (this.layer.view === "change" && keyBefore !== this.lineKey) {
        this.layer.areas = this.layer.part = null;
        this.stage.repaint();
      }
      this.layer.move(this.sequence.parts[index], this.colouring(), changed, isSmooth);
      this.stage.follow(this.layer.view === "difference" ? changed : [], isSmooth);
      this.tellPlans();
      this.tooltip.refresh();
      this.remember();
    }

    /** Units that are coloured otherwise in plan b than in plan a, also where they are compared with another. */
    recoloured(a, b) {
      const { parts, n } = this.sequence;
      const isWhole = (part) => part.every((one) => one === part[0]);
      // Who leaves a land that is whole depends on everybody.
      const isTurned = this.layer.view === "difference" && isWhole(parts[a]) !== isWhole(parts[b]);
      return isTurned ? Array.from({ length: n }, (_, unit) => unit) : this.sequence.changed(a, b);
    }

    /** Write the address once the steps are over: a browser ends pages that write it all the time. */
    remember() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.map.fire("viewchange"), REST);
    }

    /** The plan a step further along the first dial, or -1. */
    step(by) {
      return this.line[this.line.indexOf(this.index) + by] ?? -1;
    }

    /** Keep a plan to compare others with. */
    pin(index) {
      const changed = this.recoloured(this.reference, index);
      this.reference = index;
      this.layer.colouring = this.colouring();
      if (this.layer.view === "difference") {
        this.layer.areas = null;
        this.layer.repaint();
      }
      this.stage.follow(changed, !STILL.matches);
      this.tellPlans();
      this.tooltip.refresh();
      this.map.fire("viewchange");
    }

    /** The figure of the plan that is shown, unless the page opens with one of all plans. */
    tellHeadline() {
      const headline = document.getElementById("now");
      if (!headline) return;
      headline.textContent = this.words.headline(this.index);
      headline.parentElement.hidden = !headline.textContent;
      document.getElementById("now-status").textContent = this.plans[this.index].status;
    }

    /** Everything that is said of the plan that is shown, and of the pinned one. */
    tellPlans() {
      const { index, reference: pinned, words } = this;
      this.turning.tell();
      this.tellHeadline();
      const [title, next, against] = words.changes(index, pinned, this.step(1));
      document.getElementById("changes-title").textContent = title;
      document.getElementById("next").replaceChildren(...next);
      document.getElementById("against").replaceChildren(...against);
      const pin = document.getElementById("pin");
      pin.setAttribute("aria-pressed", String(index === pinned));
      pin.lastElementChild.textContent = index === pinned ? "Pinned" : "Pin";
      this.tellFigures();
      for (const [which, plan] of [["pinned", pinned], ["here", index]]) {
        document.getElementById(`about-${which}`).replaceChildren(words.which(which), words.about(plan));
      }
      if (this.tradeOff) this.tradeOff.mark(index, pinned);
      this.list.mark();
    }

    /** What both plans amount to, measure by measure. */
    tellFigures() {
      const body = document.querySelector("#figures tbody");
      const both = [this.plans[this.reference], this.plans[this.index]];
      const row = (name, kind) => {
        const head = make("th", "", name);
        head.scope = "row";
        return make("tr", "", head, make("td", kind), make("td", kind));
      };
      if (!body.rows.length) {
        body.append(...this.measures.map(({ name }) => row(name, "")), ...this.factNames.map((name) => row(name, "fact")));
      }
      const { length } = this.measures;
      [...body.rows].forEach(({ cells }, k) => both.forEach(({ figures, facts }, i) => {
        cells[i + 1].textContent = k < length ? say(this.measures[k], figures[k]) : facts[k - length];
      }));
    }

    listenToPanel() {
      super.listenToPanel();
      document.getElementById("pin").addEventListener("click", () => this.pin(this.index));
      for (const choice of document.querySelectorAll("input[name=mode]")) {
        choice.addEventListener("change", () => this.stage.setMode(choice.value));
      }
      STACKED.addEventListener("change", () => this.hold(() => this.fit()));
    }

    /** A plan by the values of its dials, as an address has them, or by its number. */
    address(index) {
      const { at } = this.plans[index];
      return at.length ? at.map((place, k) => this.dials[k].values[place]).join(",") : String(index + 1);
    }

    /** The plan that is best at some values: of the last stretch that begins before, or the nearest. */
    locate(text) {
      const values = (text || "").split(",").map((one) => (one === "" ? NaN : Number(one)));
      if (!this.dials.length) return values.length === 1 && this.plans[values[0] - 1] ? values[0] - 1 : -1;
      if (values.length !== this.dials.length || !values.every(Number.isFinite)) return -1;
      const places = values.map((value, k) => {
        const known = this.dials[k].values;
        if (this.dials[k].isComplete) return Math.max(0, known.filter((one) => one <= value).length - 1);
        const distances = known.map((one) => Math.abs(one - value));
        return distances.indexOf(Math.min(...distances));
      });
      return this.sequence.find(places) ?? -1;
    }

    state() {
      const state = { plan: this.address(this.index), ...super.state(), ...this.stage.state() };
      if (this.reference) state.pin = this.address(this.reference);
      return Object.assign(state, this.tradeOff && this.tradeOff.state());
    }

    restoreParts(state) {
      const index = this.locate(state.plan);
      const pinned = this.locate(state.pin);
      if (index >= 0) this.go(index, false);
      this.pin(pinned >= 0 ? pinned : 0);
      if (this.tradeOff) this.tradeOff.restore(state);
      this.stage.restore(state);
      super.restoreParts(state);
    }
  }

  global.TwoNations.ExplorerPage = ExplorerPage;
})(window);
