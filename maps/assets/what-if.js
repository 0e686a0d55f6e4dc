/* What if a unit were in the other nation: moves on the map, and all figures at once. */
(function (global) {
  "use strict";

  const { Changes, Flash, Lasso, Ledger, Recount, Swing, make } = global.TwoNations;
  const { fixed, percent, signed, whole } = global.TwoNations;
  const MOST_NAMED = 5;
  const HINTS = {
    unit: "Click or tap a place, or press Enter at the mark of the keyboard.",
    state: "The whole state joins the nation that the place is not in.",
    lasso: "What you draw around joins the nation that most of it is not in.",
  };

  const element = (id) => document.getElementById(id);
  const counted = (n, noun) => `${whole(n)} ${noun}${n === 1 ? "" : "s"}`;

  class WhatIf {
    constructor(page, counted) {
      Object.assign(this, { page, units: page.units, isOn: false, brush: "unit" });
      this.counted = counted;
      this.changes = new Changes(page.units.ids, page.layer.part);
      this.flash = new Flash(page.map, page.units);
      this.lasso = new Lasso(page.map, page.units, (units) => this.moveTogether(units));
      page.overlays.push(this.flash, this.lasso);
      this.headline = element("headline").textContent;
      this.swing = new Swing(page.units, () => this.update(this.swing.text || "Votes as cast."));
      this.listen();
      page.remember(this);
      page.asCast = (act) => {
        this.swing.apply(false);
        act();
        this.swing.apply(this.isOn);
      };
      page.tooltip.note = (unit) => this.note(unit);
    }

    /** What takes a large map a while is made when somebody first asks "What if". */
    get recount() {
      this.madeRecount = this.madeRecount || new Recount(this.units, this.counted);
      return this.madeRecount;
    }

    get plan() {
      this.page.asCast(() => {
        this.countedPlan = this.countedPlan || this.recount.count(this.changes.plan);
      });
      return this.countedPlan;
    }

    get wereExclaves() {
      this.foundExclaves = this.foundExclaves || this.recount.exclaves(this.changes.plan, this.plan.piece);
      return this.foundExclaves;
    }

    get ledger() {
      this.madeLedger = this.madeLedger || new Ledger(element("what-if-table"), this.units, this.plan);
      return this.madeLedger;
    }

    listen() {
      const { map } = this.page;
      element("what-if-switch").addEventListener("click", () => this.setOn(!this.isOn));
      for (const choice of document.querySelectorAll("input[name=brush]")) {
        choice.addEventListener("change", () => this.setBrush(choice.value));
      }
      const acts = { undo: () => this.step("undo"), redo: () => this.step("redo") };
      acts.reset = () => {
        this.swing.set(0);
        this.setMoved([], "As in the plan again.");
      };
      acts["take-plan"] = () => this.download();
      for (const [id, act] of Object.entries(acts)) {
        const button = element(id);
        button.addEventListener("click", () => button.ariaDisabled === "true" || act());
      }
      map.on("click", ({ latlng }) => {
        const { x, y } = map.options.crs.projection.project(latlng);
        if (this.isOn && !this.lasso.hasJustTaken) this.moveAt(this.units.at(x, y));
      });
      map.getContainer().addEventListener("keydown", (event) => {
        if (!this.isOn || event.target !== map.getContainer()) return;
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        this.moveAt(this.page.tooltip.unit);
      });
      document.addEventListener("keydown", (event) => {
        const isTyping = event.target.matches("input[type=text], input[type=search]");
        if (!this.isOn || isTyping || !(event.ctrlKey || event.metaKey)) return;
        const key = event.key.toLowerCase();
        if (key !== "z" && key !== "y") return;
        event.preventDefault();
        this.step(key === "y" || event.shiftKey ? "redo" : "undo");
      });
    }

    setOn(isOn) {
      this.isOn = isOn;
      const { map, tooltip } = this.page;
      document.documentElement.toggleAttribute("data-what-if", isOn);
      element("what-if-switch").setAttribute("aria-pressed", String(isOn));
      this.lasso.setOn(isOn && this.brush === "lasso");
      map.doubleClickZoom[isOn ? "disable" : "enable"]();
      if (!isOn) this.flash.show([]);
      this.drawNow();
      this.show();
      tooltip.refresh();
      this.page.hold(() => this.page.resize());
      map.fire("viewchange");
    }

    setBrush(brush) {
      this.brush = brush;
      document.querySelector(`input[name=brush][value=${brush}]`).checked = true;
      element("brush-hint").textContent = HINTS[brush];
      this.lasso.setOn(this.isOn && brush === "lasso");
    }

    /** What the tooltip adds while units can be moved. */
    note(unit) {
      const { part, plan } = this.changes;
      if (!this.isOn) return "";
      const isMoved = part[unit] !== plan[unit];
      const moved = isMoved ? `Moved: ${this.nation(plan[unit])} in the plan. ` : "";
      return moved + (this.swing.text && `Swing: ${this.swing.text}.`);
    }

    nation(part) {
      return `the ${this.units.nationsSaid[part]} nation`;
    }

    /** Move a unit, or its whole state, to the nation that it is not in. */
    moveAt(unit) {
      if (unit < 0) return;
      const { part } = this.changes;
      const { state, states, n } = this.units;
      if (this.brush !== "state" || !states[state[unit]]) return this.move([unit]);
      const whole = [...Array(n).keys()].filter((other) => state[other] === state[unit]);
      const to = 1 - part[unit];
      this.move(whole.filter((other) => part[other] !== to));
    }

    /** Move units to the nation that fewer of them are in; in a tie to the blue one. */
    moveTogether(units) {
      const { part } = this.changes;
      const blue = units.filter((unit) => part[unit]).length;
      this.moveTo(2 * blue <= units.length ? 1 : 0, units);
    }

    moveTo(nation, units) {
      this.move(units.filter((unit) => this.changes.part[unit] !== nation));
    }

    move(units) {
      if (!units.length) return;
      this.changes.move(units);
      const to = this.nation(this.changes.part[units[0]]);
      this.update(`${this.nameUnits(units)} to ${to}.`, units);
    }

    step(way) {
      const units = this.changes[way]();
      if (units) this.update(`${way === "undo" ? "Undone" : "Done again"}: ${this.nameUnits(units)}.`);
    }

    setMoved(units, said) {
      if (this.changes.setMoved(units).length) this.update(said);
    }

    /** After the plan has changed: draw it, count it, and say it. */
    update(said) {
      const before = this.exclaves || [];
      const { page } = this;
      this.drawNow();
      this.show();
      const torn = this.exclaves.filter((units) => !this.isAmong(units, before));
      this.flash.show(torn.flat());
      page.tooltip.refresh();
      page.repaint();
      const named = torn.map((units) => this.namePiece(units)).slice(0, MOST_NAMED);
      element("what-if-said").textContent =
        `${said} ${element("headline").textContent} ${element("what-if-change").textContent}` +
        (named.length ? ` Cut off: ${named.join("; ")}.` : "");
      page.map.fire("viewchange");
    }

    /** Have the map draw the plan as it is now, or the plan itself while the switch is off. */
    drawNow() {
      const { changes, isOn, page } = this;
      this.swing.apply(isOn);
      page.layer.setPlan((isOn ? changes.part : changes.plan).slice());
      page.layer.setMarked(isOn ? this.outlineOfMoved() : null, (unit) => isOn && changes.part[unit] !== changes.plan[unit]);
      page.map.fire("planchange");
    }

    outlineOfMoved() {
      const { part, plan } = this.changes;
      const isMoved = (unit) => unit >= 0 && part[unit] !== plan[unit];
      return this.changes.isChanged ? this.units.lineBetween((a, b) => isMoved(a) !== isMoved(b)) : null;
    }

    /** Whether a piece has units in common with one of these, of the same nation. */
    isAmong(units, pieces) {
      const held = new Set(pieces.flat());
      return units.some((unit) => held.has(unit));
    }

    /** Write the figures of the plan as it is now, and what it cuts off. */
    show() {
      const now = this.recount.count(this.changes.part);
      const isMoved = (unit) => this.changes.part[unit] !== this.changes.plan[unit];
      const stayed = new Set(this.wereExclaves.flat().filter((unit) => !isMoved(unit)));
      this.now = now;
      this.exclaves = this.recount
        .exclaves(this.changes.part, now.piece)
        .filter((units) => !units.some((unit) => stayed.has(unit)));
      this.ledger.show(now);
      this.showHeadline(now);
      this.showCutOff();
      for (const [id, isPossible] of [
        ["undo", this.changes.done.length],
        ["redo", this.changes.undone.length],
        ["reset", this.changes.isChanged || this.swing.tenths],
      ]) {
        element(id).ariaDisabled = String(!isPossible);
      }
    }

    showHeadline(now) {
      const { plan, isOn } = this;
      const { bound } = this.recount;
      const headline = element("headline");
      if (!isOn) headline.textContent = this.headline;
      else if (!now.voters) headline.textContent = whole(now.cutEdges);
      else headline.textContent = percent(now.atHome / now.voters, 2);
      const lines = [];
      if (now.voters) {
        lines.push(["what-if-change", "The plan", plan.atHome]);
        // Nothing is proven of votes that were not cast.
        if (bound !== null && !this.swing.tenths) lines.push(["what-if-bound", "Proven bound", bound]);
      }
      for (const id of ["what-if-change", "what-if-bound"]) element(id).textContent = "";
      for (const [id, name, voters] of lines) {
        const gain = now.atHome - voters;
        const share = percent(voters / now.voters, 2);
        const points = signed(gain, (value) => fixed((100 * value) / now.voters, 2));
        const isBound = id === "what-if-bound";
        const change = `${points} points, ${signed(gain, whole)}${isBound ? "" : " voters"}`;
        const remark = isBound && gain > 0 ? ", by breaking a rule of the question" : "";
        element(id).textContent = `${name} ${share}: ${gain ? change : "no change"}${remark}`;
      }
    }

    /** Name the pieces that the moves cut off, each a way to it. */
    showCutOff() {
      const list = element("cut-off");
      const size = (units) => units.reduce((sum, unit) => sum + this.recount.size[unit], 0);
      const sorted = [...this.exclaves].sort((a, b) => size(b) - size(a));
      const items = sorted.slice(0, MOST_NAMED).map((units) => {
        const button = make("button", "", this.namePiece(units));
        button.type = "button";
        button.addEventListener("click", () => {
          this.page.goToUnit(this.largestOf(units));
          this.flash.show(units);
        });
        return make("li", "", button);
      });
      const rest = sorted.length - items.length;
      if (rest > 0) items.push(make("li", "", `and ${whole(rest)} more`));
      list.replaceChildren(...items);
      element("cut-off-title").hidden = list.hidden = !items.length;
    }

    largestOf(units) {
      const { size } = this.recount;
      return units.reduce((most, unit) => (size[unit] > size[most] ? unit : most));
    }

    nameUnits(units) {
      const { names, states, state } = this.units;
      const largest = this.largestOf(units);
      const name = [names[largest], states[state[largest]]].filter(Boolean).join(", ");
      return units.length > 1 ? `${name} and ${whole(units.length - 1)} more` : name;
    }

    namePiece(units) {
      const { people, size } = this.recount;
      const sum = units.reduce((total, unit) => total + size[unit], 0);
      const what = people ? (sum === 1 ? "person" : "people") : sum === 1 ? "voter" : "voters";
      return `${this.nameUnits(units)} (${counted(units.length, "unit")}, ${whole(sum)} ${what})`;
    }

    /** The plan as a file that `partition measure` and `--start` read. */
    download() {
      this.page.asCast(() => global.TwoNations.savePlan(this.units, this.changes.part));
    }

    /** What a permalink remembers of the moves. */
    state() {
      const moved = this.isOn && this.changes.toText();
      return { ...(moved ? { moved } : {}), ...(this.isOn ? this.swing.state() : {}) };
    }

    /** Bring moves back from a permalink; those of another plan are not made, which is said. */
    restore({ moved, swing }) {
      this.swing.restore({ swing });
      const units = moved ? this.changes.fromText(moved) : [];
      element("what-if-warning").hidden = units !== null;
      if (units && units.length && !this.isOn) this.setOn(true);
      if (units === null || this.swing.tenths) this.setOn(true);
      this.setMoved(units || [], units && units.length ? `${this.nameUnits(units)} moved.` : "");
    }
  }

  global.TwoNations.WhatIf = WhatIf;
})(window);
