/* The page of many plans: dials that go from one to another, their trade-off, and one map. */
(function (global) {
  "use strict";

  const { Chart, HeatMap, MovingNations, Sequence, SheetPage, Tooltip, Words } = global.TwoNations;
  const { listen, make, NEVER } = global.TwoNations;
  const { landmarks, say, sayValue, svg } = global.TwoNations.measures;
  const STACKED = matchMedia("screen and (max-width: 900px)");
  const STILL = matchMedia("(prefers-reduced-motion: reduce)");
  const SHADES = 7; // of the colours for a value
  const PLAYED = 14_000; // milliseconds from the first plan to the last
  const THUMB = 18; // pixels of the thumb of a slider, as in the style sheet
  const REST = 250; // milliseconds without a step after which the address is written

  class ExplorerPage extends SheetPage {
    constructor(map, data) {
      super(map, data);
      const { explored } = data;
      const { dials, plans, measures } = explored;
      Object.assign(this, { dials, plans, measures, showsReferences: explored.showsReferences });
      this.sequence = new Sequence(plans, dials, this.units.n);
      this.words = new Words(this.units, this.sequence, explored);
      this.index = this.reference = 0;
      this.inputs = [...document.querySelectorAll("#dials input[type=range]")];
      const tell = (index) => this.words.describe(index);
      this.chart = new Chart(explored, (index) => this.go(index), tell);
      this.heat = dials.length > 1 ? new HeatMap(explored, (index) => this.go(index), tell) : null;
      this.tooltip = new Tooltip(
        this.units, this.selections, () => [["", this.sequence.parts[this.index]]]
      );
      this.tooltip.note = (unit) => this.words.history(unit, this.line);
      listen(map, this.units, this.tooltip, () => this.middle());
      this.hold(() => {
        this.setLine();
        this.layer.move(this.sequence.parts[0], this.colouring(), [], false);
        this.tell();
        this.start();
      });
      const { across, up } = explored;
      this.setMeasures(across, up);
    }

    /** What the table of all units says. */
    sharedPlans() {
      const label = (_, index) => this.dials.map(({ name }, k) => `${name} ${this.words.dialText(index, k)}`).join(", ");
      return this.plans.map((plan, index) => ({ label: label(plan, index) || plan.title, part: this.sequence.parts[index] }));
    }

    makeLayer() {
      return new MovingNations(this.map, this.units);
    }

    fold() {
      document.getElementById("details").open = true;
    }

    colouring() {
      const { parts } = this.sequence;
      return global.twoNationsColouring(this.units, parts[this.index], parts[this.reference]);
    }

    margins() {
      return STACKED.matches
        ? { left: 8, top: 6, right: 8, bottom: 6 }
        : { left: 18, top: 54, right: 18, bottom: 14 };
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
      super.fit();
    }

    resize() {
      this.leaveRoom();
      super.resize();
      this.chart.render();
      if (this.heat) this.heat.render();
      this.showSteps();
    }

    repaint() {
      super.repaint();
      if (this.heat && this.line) this.heat.render();
    }

    /** The plans along the first dial: what "the next" is, and where a unit changes sides. */
    setLine() {
      const at = this.plans[this.index].at;
      const key = at.slice(1).join();
      if (this.line && key === this.lineKey) return;
      this.lineKey = key;
      this.line = this.sequence.line(at);
      this.units.changeRanks = this.rankChanges();
      this.showSteps();
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

    /** How many people change sides at each step of the first dial, under its slider. */
    showSteps() {
      const host = document.getElementById("steps");
      if (!host || !this.line) return;
      const values = this.dials[0].values;
      const steps = this.line.slice(1).map((index, i) => {
        const units = this.sequence.changed(this.line[i], index);
        const people = units.reduce((sum, unit) => sum + this.units.people[unit], 0);
        return [this.plans[this.line[i]].at[0], this.plans[index].at[0], people];
      });
      const most = Math.max(1, ...steps.map(([, , people]) => people));
      const [width, height] = [host.clientWidth, host.clientHeight];
      const x = (place) => THUMB / 2 + (place / Math.max(1, values.length - 1)) * (width - THUMB);
      const drawing = svg("svg", { width, height });
      for (const [from, to, people] of steps) {
        // Square roots, so that small changes are to be seen beside large ones.
        const high = people ? Math.max(1.5, height * Math.sqrt(people / most)) : 0;
        const thick = Math.max(1, Math.min(14, (width - THUMB) / values.length - 1));
        drawing.append(svg("rect", {
          x: (x(from) + x(to) - thick) / 2, y: height - high, width: thick, height: high,
        }));
      }
      host.replaceChildren(drawing);
      document.querySelectorAll("#dials .track").forEach((track, k) => this.showScale(track, k));
    }

    /** Values under a slider, as many as there is room for. */
    showScale(track, k) {
      const dial = this.dials[k];
      const host = track.querySelector(".scale-values");
      const width = track.clientWidth;
      const last = Math.max(1, dial.values.length - 1);
      const taken = [];
      host.replaceChildren();
      for (const [place, value] of landmarks(dial, k ? null : this.plans[this.line.at(-1)].until)) {
        const text = sayValue(value, dial);
        const at = THUMB / 2 + (place / last) * (width - THUMB);
        const half = 3.4 * text.length + 7;
        if (taken.some(([other, room]) => Math.abs(other - at) < half + room)) continue;
        taken.push([at, half]);
        const label = make("span", "", text);
        label.style.left = `${at}px`;
        host.append(label);
      }
    }

    /** Show a plan. */
    go(index, isSmooth = !STILL.matches) {
      if (index === this.index || !this.plans[index]) return;
      const changed = this.sequence.changed(this.index, index);
      this.index = index;
      const keyBefore = this.lineKey;
      this.setLine();
      if (this.layer.view === "change" && keyBefore !== this.lineKey) this.layer.areas = this.layer.part = null;
      this.layer.move(this.sequence.parts[index], this.colouring(), changed, isSmooth);
      this.tell();
      this.tooltip.refresh();
      this.remember();
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

    pin(index) {
      this.reference = index;
      this.layer.colouring = this.colouring();
      if (this.layer.view === "difference") {
        this.layer.areas = null;
        this.layer.repaint();
      }
      this.tell();
      this.map.fire("viewchange");
    }

    setMeasures(across, up) {
      document.getElementById("chart-across").value = this.measures[across].key;
      document.getElementById("chart-up").value = this.measures[up].key;
      this.chart.setMeasures(across, up);
      if (this.heat) this.heat.setMeasure(up);
      this.map.fire("viewchange");
    }

    setFigure(name) {
      const choice = document.querySelector(`input[name=figure][value="${CSS.escape(name)}"]`);
      if (!choice) return;
      choice.checked = true;
      document.documentElement.dataset.figure = name;
      this.chart.render();
      this.heat.render();
      this.map.fire("viewchange");
    }

    /** Everything that is said of the plan that is shown. */
    tell() {
      const { index, reference: pinned, plans, words } = this;
      const plan = plans[index];
      this.inputs.forEach((input, k) => {
        input.value = plan.at[k];
        input.setAttribute("aria-valuetext", words.dialText(index, k));
        document.getElementById(`value-${k}`).textContent = words.dialText(index, k);
      });
      document.getElementById("now").textContent = words.headline(index);
      document.getElementById("now-status").textContent = plan.status;
      document.getElementById("next").replaceChildren(...words.next(index, this.step(1)));
      document.getElementById("against").replaceChildren(...words.against(index, pinned));
      const pin = document.getElementById("pin");
      pin.setAttribute("aria-pressed", String(index === pinned));
      pin.lastElementChild.textContent = index === pinned ? "Pinned" : "Pin";
      this.tellFigures();
      this.chart.mark(index, pinned);
      if (this.heat) this.heat.mark(index, pinned);
      this.markRow();
    }

    tellFigures() {
      const body = document.querySelector("#figures tbody");
      const [here, there] = [this.plans[this.index], this.plans[this.reference]];
      if (!body.rows.length) {
        body.append(...this.measures.map((measure) => {
          const head = make("th", "", measure.name);
          head.scope = "row";
          return make("tr", "", head, make("td", ""), make("td", ""));
        }));
      }
      this.measures.forEach((measure, k) => {
        const [, first, second] = body.rows[k].cells;
        first.textContent = say(measure, here.figures[k]);
        second.textContent = say(measure, there.figures[k]);
      });
    }

    /** The table of all plans is made when it is opened. */
    openTable() {
      const dialog = document.getElementById("table");
      const body = dialog.querySelector("tbody");
      if (!body.rows.length) {
        const heads = this.words.tableHead().map((text) => {
          const head = make("th", "", text);
          head.scope = "col";
          return head;
        });
        dialog.querySelector("thead").append(make("tr", "", ...heads));
        body.append(...this.plans.map((_, index) => this.tableRow(index)));
      }
      dialog.showModal();
      this.markRow();
      const row = body.rows[this.index];
      row.scrollIntoView({ block: "center" });
      row.querySelector("button").focus();
    }

    tableRow(index) {
      const [title, ...cells] = this.words.tableRow(index);
      const button = make("button", "", title);
      button.type = "button";
      const head = make("th", "", button);
      head.scope = "row";
      const row = make("tr", "", head, ...cells.map((text) => make("td", "", text)));
      row.addEventListener("click", () => {
        this.go(index);
        document.getElementById("table").close();
      });
      return row;
    }

    markRow() {
      const dialog = document.getElementById("table");
      if (!dialog.open) return;
      [...dialog.querySelector("tbody").rows].forEach((row, index) => {
        if (index === this.index) row.setAttribute("aria-current", "true");
        else row.removeAttribute("aria-current");
      });
    }

    get isPlaying() {
      return Boolean(this.player);
    }

    play(isOn) {
      clearInterval(this.player);
      this.player = null;
      const button = document.getElementById("play");
      button.setAttribute("aria-label", isOn ? "Pause" : "Play");
      button.title = isOn ? "Pause" : "Play";
      button.classList.toggle("is-playing", isOn);
      if (!isOn) return;
      if (this.step(1) < 0) this.go(this.line[0]);
      const pace = PLAYED / this.line.length;
      const wait = Math.min(1200, Math.max(STILL.matches ? 700 : 70, pace));
      this.player = setInterval(() => {
        if (this.step(1) < 0) this.play(false);
        else this.go(this.step(1));
      }, wait);
    }

    /** A dial is turned: the plan there, or the one nearest to it where there is none. */
    turn(k, place) {
      const wanted = this.plans[this.index].at.slice();
      wanted[k] = place;
      const found = this.sequence.find(wanted);
      if (found !== undefined) return this.go(found);
      const distance = ({ at }) => at.reduce((sum, one, i) => sum + Math.abs(one - wanted[i]) * (i === k ? 1 : 1.5), 0);
      const best = this.plans.reduce((a, b) => (distance(b) < distance(a) ? b : a));
      this.go(this.plans.indexOf(best));
      this.inputs[k].value = this.plans[this.index].at[k];
    }

    listenToPanel() {
      super.listenToPanel();
      const on = (id, kind, act) => document.getElementById(id).addEventListener(kind, act);
      this.inputs.forEach((input, k) => {
        input.addEventListener("input", () => {
          this.play(false);
          this.turn(k, Number(input.value));
        });
      });
      on("play", "click", () => this.play(!this.isPlaying));
      on("pin", "click", () => this.pin(this.index));
      const measure = (id) => this.measures.findIndex(({ key }) => key === document.getElementById(id).value);
      for (const id of ["chart-across", "chart-up"]) {
        on(id, "change", () => this.setMeasures(measure("chart-across"), measure("chart-up")));
      }
      for (const choice of document.querySelectorAll("input[name=figure]")) {
        choice.addEventListener("change", () => this.setFigure(choice.value));
      }
      const references = document.querySelector("#references input");
      if (references) {
        references.addEventListener("change", () => this.setReferences(references.checked));
      }
      const keys = (host, steps) => host.addEventListener("keydown", (event) => {
        const move = steps[event.key];
        if (!move) return;
        event.preventDefault();
        move();
      });
      const along = (by) => () => {
        const index = this.step(by);
        if (index >= 0) this.go(index);
        this.chart.show(this.index);
      };
      keys(this.chart.host, {
        ArrowRight: along(1), ArrowLeft: along(-1), ArrowUp: along(1), ArrowDown: along(-1),
        Home: along(-this.line.indexOf(this.index)),
      });
      this.chart.host.addEventListener("focus", () => {
        if (this.chart.host.matches(":focus-visible")) this.chart.show(this.index);
      });
      if (this.heat) {
        const shift = (k, by) => () => {
          const place = this.plans[this.index].at[k] + by;
          if (place >= 0 && place < this.dials[k].values.length) this.turn(k, place);
        };
        keys(this.heat.host, {
          ArrowRight: shift(0, 1), ArrowLeft: shift(0, -1), ArrowUp: shift(1, 1), ArrowDown: shift(1, -1),
        });
      }
      on("open-table", "click", () => this.openTable());
      on("close-table", "click", () => document.getElementById("table").close());
      document.addEventListener("visibilitychange", () => document.hidden && this.play(false));
      STACKED.addEventListener("change", () => this.hold(() => this.fit()));
    }

    setReferences(isOn) {
      document.querySelector("#references input").checked = isOn;
      this.chart.hasReferences = isOn;
      this.chart.render();
      this.map.fire("viewchange");
    }

    /** A plan by the values of its dials, as an address has them. */
    address(index) {
      const { at } = this.plans[index];
      if (!at.length) return String(index);
      return at.map((place, k) => this.dials[k].values[place]).join(",");
    }

    /** The plan that is best at some values: of the last stretch that begins before, or the nearest. */
    locate(text) {
      const values = (text || "").split(",").map((one) => (one === "" ? NaN : Number(one)));
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
      const state = { plan: this.address(this.index), ...super.state() };
      if (this.reference) state.pin = this.address(this.reference);
      const { across, up, hasReferences } = this.chart;
      if (across !== this.chart.usual[0]) state.across = this.measures[across].key;
      if (up !== this.chart.usual[1]) state.up = this.measures[up].key;
      if (hasReferences !== this.showsReferences) state.others = Number(hasReferences);
      if (document.documentElement.dataset.figure !== "chart") state.figure = "heat";
      return state;
    }

    restoreParts(state) {
      const index = this.locate(state.plan);
      const pinned = this.locate(state.pin);
      if (index >= 0) this.go(index, false);
      this.pin(pinned >= 0 ? pinned : 0);
      const measure = (key, usual) => {
        const found = this.measures.findIndex((one) => one.key === key);
        return found >= 0 ? found : usual;
      };
      const [across, up] = this.chart.usual;
      this.setMeasures(measure(state.across, across), measure(state.up, up));
      const others = state.others === undefined ? this.showsReferences : state.others === "1";
      if (document.querySelector("#references input")) this.setReferences(others);
      this.setFigure(state.figure === "heat" ? "heat" : "chart");
      super.restoreParts(state);
    }
  }

  global.TwoNations.ExplorerPage = ExplorerPage;
})(window);
