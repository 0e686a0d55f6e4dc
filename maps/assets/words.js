/* What a page says of its plans, in words. */
(function (global) {
  "use strict";

  const { make } = global.TwoNations;
  const { say, sayChange, sayValue } = global.TwoNations.measures;
  const NAMED = 4; // places that a sentence names

  const whole = (value) => value.toLocaleString("en-US");
  const many = (count, one, more) => `${whole(count)} ${count === 1 ? one : more}`;

  /** "a, b and c". */
  function list(texts) {
    return texts.length < 2 ? texts.join("") : `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`;
  }

  class Words {
    constructor(units, sequence, data) {
      const { dials, plans, measures, told, up } = data;
      Object.assign(this, { units, sequence, dials, plans, measures, told, up });
    }

    people(units) {
      const count = units.reduce((sum, unit) => sum + this.units.people[unit], 0);
      const short = count >= 1e6
        ? count.toLocaleString("en-US", { notation: "compact", maximumSignificantDigits: 3 })
        : whole(count);
      return `${short} ${this.units.peopleAre}`;
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
      const { until } = this.plans[index];
      const from = this.valueAt(index, k);
      const to = k === 0 && until !== null ? sayValue(until, this.dials[k]) : from;
      return this.withUnit(from === to ? from : `${from} to ${to}`, k);
    }

    headline(index) {
      return say(this.measures[this.up], this.plans[index].figures[this.up]);
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

    /** Who joins which nation. */
    joiners(units, part, isFull) {
      const parts = [1, 0].flatMap((nation) => {
        const joining = units.filter((unit) => part[unit] === nation);
        if (!joining.length) return [];
        joining.sort((a, b) => this.units.people[b] - this.units.people[a]);
        const names = joining.slice(0, isFull ? NAMED : 2).map((unit) => this.name(unit));
        const rest = joining.length - names.length;
        const all = list([...names, ...(rest ? [`${whole(rest)} more`] : [])]);
        const verb = joining.length === 1 ? "joins" : "join";
        return [make("span", `joins side-${nation}`, `${all} ${verb} the ${this.units.nationsSaid[nation]} nation.`)];
      });
      return parts;
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

    /** What changes between a plan and the next one along the dial. */
    next(index, next) {
      const title = document.getElementById("changes-title");
      if (next < 0) {
        title.textContent = "The last plan";
        return ["No plan follows on this dial."];
      }
      title.textContent = this.dials.length ? `What changes ${this.dials[0].word ? "in" : "at"} ${this.inWords(this.valueAt(next))}` : "What changes";
      const units = this.sequence.changed(index, next);
      if (!units.length) return ["The next plan is the same one."];
      const head = `${many(units.length, "place", "places")} with ${this.people(units)} ${units.length === 1 ? "changes" : "change"} sides.`;
      return [make("b", "", head), ...this.joiners(units, this.sequence.parts[next], true), make("span", "effect", this.effect(index, next))];
    }

    /** How a plan differs from the pinned one. */
    against(index, pinned) {
      const at = this.dials.length
        ? list(this.dials.map((_, k) => this.inWords(this.valueAt(pinned, k), k)))
        : this.plans[pinned].title;
      if (index === pinned) return [`This plan is pinned: others are compared with it.`];
      const units = this.sequence.changed(pinned, index);
      if (!units.length) return [`The same plan as the pinned one (${at}).`];
      return [
        `Against the pinned plan (${at}), ${many(units.length, "place", "places")} with `
        + `${this.people(units)} ${units.length === 1 ? "is" : "are"} in the other nation. ${this.effect(pinned, index)}`,
      ];
    }

    tableHead() {
      const dials = this.dials.length
        ? this.dials.map(({ name, unit }) => `${name}${unit ? `, ${unit}` : ""}`)
        : ["Plan"];
      return [...dials, ...this.measures.map(({ name }) => name), "How good"];
    }

    tableRow(index) {
      const plan = this.plans[index];
      const dials = this.dials.length
        ? this.dials.map((_, k) => this.dialText(index, k).replace(` ${this.dials[k].unit}`, ""))
        : [plan.title];
      return [...dials, ...this.measures.map((measure, k) => say(measure, plan.figures[k])), plan.status];
    }
  }

  global.TwoNations.Words = Words;
})(window);
