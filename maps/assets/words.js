/* What a page says of its plans, in words. */
(function (global) {
  "use strict";

  const { make } = global.TwoNations;
  const { say, sayChange, sayValue } = global.TwoNations.measures;
  const NAMED = 4; // places that a sentence names
  const MOST_TOLD = 3; // plans that a tooltip names
  const CONTESTED = 2; // class of robustness
  const PINNED = "This plan is pinned: others are compared with it.";

  const whole = (value) => value.toLocaleString("en-US");
  const many = (count, one, more) => `${whole(count)} ${count === 1 ? one : more}`;

  /** "a, b and c". */
  function list(texts) {
    return texts.length < 2 ? texts.join("") : `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`;
  }

  /** A text that ends like a sentence; nothing stays nothing. */
  const sentence = (text) => (!text || /[.!?]$/.test(text) ? text : `${text}.`);

  class Words {
    constructor(units, sequence, data) {
      const { dials, plans, measures, told, up, factNames } = data;
      Object.assign(this, { units, sequence, dials, plans, measures, told, up, factNames });
    }

    people(units) {
      const count = units.reduce((sum, unit) => sum + this.units.people[unit], 0);
      const short = count >= 1e6
        ? count.toLocaleString("en-US", { notation: "compact", maximumSignificantDigits: 3 })
        : whole(count);
      const year = this.units.peopleYear && ` (${this.units.peopleYear})`;
      return `${short} ${this.units.peopleAre}${year}`;
    }

    name(unit) {
      const state = this.units.states[this.units.state[unit]];
      return state ? `${this.units.names[unit]} (${state})` : this.units.names[unit];
    }

    /** The value of a dial where a plan begins to be the best. */
    valueAt(index, k = 0) {
      const { at } = this.plans[index];
      return this.dials.length ? sayValue(this.dials[k].values[at[k]], this.dials[k]) : String(index + 1);
    }

    /** A sign of the chart, and which of the two plans it stands for. */
    which(which) {
      return make("b", `which ${which}`, which === "pinned" ? "Pinned" : "Here");
    }

    /** What a plan is called: where it stands, or its name where there are no dials. */
    title(index) {
      if (!this.dials.length) return this.plans[index].title;
      return list(this.dials.map((_, k) => this.inWords(this.valueAt(index, k), k)));
    }

    /** The same as the head of a column, where values alone would say too little. */
    label(index) {
      const dials = this.dials.map(({ name }, k) => `${name} ${this.dialText(index, k)}`);
      return dials.join(", ") || this.plans[index].title;
    }

    /** What a plan is, and how good, in sentences. */
    about(index) {
      const { about, status } = this.plans[index];
      return [this.title(index), about, status].map(sentence).join(" ");
    }

    withUnit(text, k = 0) {
      const { unit } = this.dials[k];
      return unit ? `${text} ${unit}` : text;
    }

    /** A value as a sentence has it: "20 votes per km", "round 3". */
    inWords(text, k = 0) {
      const { word } = this.dials[k];
      return word ? `${word} ${text}` : this.withUnit(text, k);
    }

    /** Where a dial stands, with the end of the stretch over which a plan is best. */
    dialText(index, k) {
      if (!this.dials.length) return this.plans[index].title;
      const { until } = this.plans[index];
      const from = this.valueAt(index, k);
      const to = k === 0 && until !== null ? sayValue(until, this.dials[k]) : from;
      return this.withUnit(from === to ? from : `${from} to ${to}`, k);
    }

    headline(index) {
      const { figures, headline } = this.plans[index];
      return headline || !this.measures.length ? headline : say(this.measures[this.up], figures[this.up]);
    }

    /** Lines for the tip of a chart. */
    describe(index) {
      const plan = this.plans[index];
      const head = this.dials.length
        ? this.dials.map((dial, k) => `${dial.name}: ${this.dialText(index, k)}`)
        : [plan.title];
      const shown = this.measures.slice(0, 5).map((measure, k) => `${measure.name}: ${say(measure, plan.figures[k])}`);
      return [...head, ...shown, plan.status].filter(Boolean);
    }

    changeTitle() {
      const { name, unit } = this.dials[0] || { name: "Plan", unit: "" };
      return `Where a place first changes sides: ${name.toLowerCase()}${unit ? `, ${unit}` : ""}`;
    }

    /** Where a unit changes sides. */
    history(unit, line) {
      if (!this.dials.length || line.length < 2) return "";
      const changes = this.sequence.changesOf(unit, line);
      const { word } = this.dials[0];
      const at = (step) => (word ? `${word} ` : "") + this.valueAt(line[step]);
      const first = this.units.nationsSaid[this.sequence.parts[line[0]][unit]];
      if (!changes.length) return `Always ${first} here`;
      const shown = changes.slice(0, 3).map(([step, nation], i) => {
        const before = i ? "" : `${first} `;
        const until = this.dials[0].isComplete
          ? `until ${at(step)}`
          : `up to ${at(step - 1)}`;
        const then = this.dials[0].isComplete ? `then ${this.units.nationsSaid[nation]}` : `${this.units.nationsSaid[nation]} from ${at(step)}`;
        return `${before}${until}, ${then}`;
      });
      const text = shown.join(" ");
      const rest = changes.length > 3 ? `, and ${many(changes.length - 3, "change", "changes")} more` : "";
      const unitText = this.dials[0].unit ? ` (${this.dials[0].unit})` : "";
      return `${text[0].toUpperCase()}${text.slice(1)}${rest}${unitText}`;
    }

    /** Which plans of the page have a contested unit in the other nation than the plan that is shown. */
    elsewhere(unit, index) {
      if (this.units.robustness?.[unit] !== CONTESTED) return "";
      const { parts } = this.sequence;
      const found = this.plans.flatMap((_, k) => (parts[k][unit] === parts[index][unit] ? [] : [this.title(k)]));
      if (!found.length) return "No plan on this page has it in the other nation.";
      const rest = found.length - MOST_TOLD;
      const shown = found.slice(0, MOST_TOLD).map((title) => `“${title}”`);
      return `In the other nation: ${list(rest > 0 ? [...shown, `${whole(rest)} more`] : shown)}`;
    }

    /** Who joins which nation. */
    joiners(units, part, isFull) {
      const isWhole = part.every((one) => one === part[0]);
      return [1, 0].flatMap((nation) => {
        const joining = units.filter((unit) => part[unit] === nation);
        if (!joining.length) return [];
        joining.sort((a, b) => this.units.people[b] - this.units.people[a]);
        const names = joining.slice(0, isFull ? NAMED : 2).map((unit) => this.name(unit));
        const rest = joining.length - names.length;
        const all = list([...names, ...(rest ? [`${whole(rest)} more`] : [])]);
        const verb = joining.length === 1 ? "joins" : "join";
        const joined = isWhole ? "rest" : `${this.units.nationsSaid[nation]} nation`;
        return [make("span", `joins side-${nation}`, `${all} ${verb} the ${joined}.`)];
      });
    }

    /** What becomes of the figures that the chart opens with. */
    effect(from, to) {
      const [a, b] = [this.plans[from].figures, this.plans[to].figures];
      const told = this.told.flatMap((k) => {
        if (a[k] === null || b[k] === null) return [];
        const change = sayChange(this.measures[k], b[k] - a[k]);
        return change === "0" ? [] : [`${this.measures[k].name} ${change}`];
      });
      const text = told.map((one, i) => (i ? one[0].toLowerCase() + one.slice(1) : one)).join("; ");
      return text && `${text}.`;
    }

    /** Title and paragraphs of what changes; plans without a dial are held against the pinned one. */
    changes(index, pinned, next) {
      if (this.dials.length) return [...this.next(index, next), this.against(index, pinned)];
      return ["Against the pinned plan", this.beside(index, pinned), []];
    }

    /** What changes between a plan and the next one along the dial. */
    next(index, next) {
      if (next < 0) return ["The last plan", ["No plan follows on this dial."]];
      const title = `What changes ${this.dials[0].word ? "in" : "at"} ${this.inWords(this.valueAt(next))}`;
      const units = this.sequence.changed(index, next);
      if (!units.length) return [title, ["The next plan is the same one."]];
      const verb = units.length === 1 ? "changes" : "change";
      const head = `${many(units.length, "place", "places")} with ${this.people(units)} ${verb} sides.`;
      return [title, this.tell(head, units, index, next)];
    }

    /** How a plan differs from the pinned one, with the places. */
    beside(index, pinned) {
      if (index === pinned) return [PINNED];
      const units = this.differing(index, pinned);
      if (!units.length) return [this.sameness(index, pinned, "")];
      const verb = units.length === 1 ? "is" : "are";
      const head = `${whole(units.length)} of ${many(this.units.n, "place", "places")} with `
        + `${this.people(units)} ${verb} in the other nation.`;
      return this.tell(head, units, pinned, index);
    }

    tell(head, units, from, to) {
      const joiners = this.joiners(units, this.sequence.parts[to], true);
      return [make("b", "", head), ...joiners, make("span", "effect", this.effect(from, to))];
    }

    /** How a plan differs from the pinned one, in a sentence. */
    against(index, pinned) {
      if (index === pinned) return [PINNED];
      const units = this.differing(index, pinned);
      const at = this.title(pinned);
      if (!units.length) return [this.sameness(index, pinned, ` (${at})`)];
      return [
        `Against the pinned plan (${at}), ${many(units.length, "place", "places")} with `
        + `${this.people(units)} ${units.length === 1 ? "is" : "are"} in the other nation. ${this.effect(pinned, index)}`,
      ];
    }

    /** Units that the map of differences shows. */
    differing(a, b) {
      const { parts, n } = this.sequence;
      const differs = global.twoNationsDiffers(this.units, parts[a], parts[b]);
      return Array.from({ length: n }, (_, unit) => unit).filter(differs);
    }

    sameness(index, pinned, at) {
      return this.sequence.changed(index, pinned).length
        ? "Everybody stays together in both plans."
        : `The same plan as the pinned one${at}.`;
    }

    tableHead() {
      const dials = this.dials.length
        ? this.dials.map(({ name, unit }) => `${name}${unit ? `, ${unit}` : ""}`)
        : ["Plan"];
      return [...dials, ...this.measures.map(({ name }) => name), ...this.factNames, "How good"];
    }

    tableRow(index) {
      const plan = this.plans[index];
      const dials = this.dials.length
        ? this.dials.map((_, k) => this.dialText(index, k).replace(` ${this.dials[k].unit}`, ""))
        : [plan.title];
      const figures = this.measures.map((measure, k) => say(measure, plan.figures[k]));
      return [...dials, ...figures, ...plan.facts, plan.status];
    }
  }

  global.TwoNations.Words = Words;
})(window);
