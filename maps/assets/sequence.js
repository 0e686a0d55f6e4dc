/* Plans in a sequence: what changes from one to another, and where each unit changes sides. */
(function (global) {
  "use strict";

  const { numberReader } = global.TwoNationsTopology;
  const NEVER = -1;

  class Sequence {
    /** Plans with the units that differ from the plan before, the first from one of red alone. */
    constructor(plans, dials, n) {
      Object.assign(this, { plans, dials, n });
      let part = new Uint8Array(n);
      this.parts = plans.map(({ flips }) => {
        part = part.slice();
        const next = numberReader(flips);
        let unit = 0;
        for (let left = next(); left > 0; left--) part[(unit += next())] ^= 1;
        return part;
      });
      this.places = new Map(plans.map((plan, i) => [plan.at.join(), i]));
    }

    /** Units that are in another nation in plan b than in plan a. */
    changed(a, b) {
      const [one, other] = [this.parts[a], this.parts[b]];
      const units = [];
      for (let unit = 0; unit < this.n; unit++) if (one[unit] !== other[unit]) units.push(unit);
      return units;
    }

    /** The plan at some places of the dials, or undefined where there is none. */
    find(at) {
      return this.places.get(at.join());
    }

    /** Plans along the first dial, the others where they are. */
    line(at) {
      if (!this.dials.length) return this.plans.map((_, i) => i);
      const places = this.dials[0].values.map((_, i) => this.find([i, ...at.slice(1)]));
      return places.filter((index) => index !== undefined);
    }

    /** Where a unit changes sides along some plans: [number of the first plan after it, nation]. */
    changesOf(unit, line) {
      const changes = [];
      for (let i = 1; i < line.length; i++) {
        const nation = this.parts[line[i]][unit];
        if (nation !== this.parts[line[i - 1]][unit]) changes.push([i, nation]);
      }
      return changes;
    }

    /** For each unit the number of the first plan after its first change, or NEVER. */
    firstChanges(line) {
      const first = new Int32Array(this.n).fill(NEVER);
      for (let i = line.length - 1; i > 0; i--) {
        for (const unit of this.changed(line[i - 1], line[i])) first[unit] = i;
      }
      return first;
    }
  }

  Object.assign(global.TwoNations, { Sequence, NEVER });
})(window);
