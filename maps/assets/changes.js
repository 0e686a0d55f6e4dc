/* Changes of a plan: what was moved, undone and redone, and as a few letters for an address. */
(function (global) {
  "use strict";

  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  /** A short name for a plan, by which a link knows the plan that it changes (FNV-1a). */
  function fingerprint(ids, part) {
    let hash = 0x811c9dc5;
    const add = (code) => (hash = Math.imul(hash ^ code, 0x01000193) >>> 0);
    ids.forEach((id, unit) => {
      for (let i = 0; i < id.length; i++) add(id.charCodeAt(i));
      add(part[unit] + 1);
    });
    return hash.toString(36);
  }

  /** Write whole numbers with five bits a letter, low first; the sixth says that more follow. */
  function write(numbers) {
    let text = "";
    for (let value of numbers) {
      for (; value > 31; value >>>= 5) text += LETTERS[32 + (value & 31)];
      text += LETTERS[value];
    }
    return text;
  }

  /** What `write` wrote, or null where it is something else. */
  function read(text) {
    const numbers = [];
    let [value, scale] = [0, 1];
    for (const letter of text) {
      const code = LETTERS.indexOf(letter);
      if (code < 0) return null;
      value += (code & 31) * scale;
      scale *= 32;
      if (code > 31) continue;
      numbers.push(value);
      [value, scale] = [0, 1];
    }
    return scale === 1 ? numbers : null;
  }

  class Changes {
    /** `plan` is what is changed; it stays as it is, and `part` is what it is now. */
    constructor(ids, plan) {
      Object.assign(this, { plan, part: Uint8Array.from(plan), done: [], undone: [] });
      this.name = fingerprint(ids, plan);
    }

    get isChanged() {
      return this.part.some((nation, unit) => nation !== this.plan[unit]);
    }

    /** Units that are in the other nation than in the plan. */
    get moved() {
      return [...this.part.keys()].filter((unit) => this.part[unit] !== this.plan[unit]);
    }

    flip(units) {
      for (const unit of units) this.part[unit] = 1 - this.part[unit];
      return units;
    }

    /** Move units to the other nation; what was undone before is forgotten. */
    move(units) {
      this.done.push(this.flip(units));
      this.undone = [];
    }

    /** Take back the last move, and return its units; null where there is none. */
    undo() {
      if (!this.done.length) return null;
      this.undone.push(this.flip(this.done.pop()));
      return this.undone[this.undone.length - 1];
    }

    redo() {
      if (!this.undone.length) return null;
      this.done.push(this.flip(this.undone.pop()));
      return this.done[this.done.length - 1];
    }

    /** Name of the plan, then the lengths of the runs that stayed and moved, by turns. */
    toText() {
      const runs = [];
      let [last, isMoved] = [0, false];
      for (let unit = 0; unit < this.part.length; unit++) {
        if ((this.part[unit] !== this.plan[unit]) === isMoved) continue;
        runs.push(unit - last);
        [last, isMoved] = [unit, !isMoved];
      }
      if (isMoved) runs.push(this.part.length - last);
      return runs.length ? `${this.name}.${write(runs)}` : "";
    }

    /** Units that a text says were moved; null where it says nothing of this plan. */
    fromText(text) {
      const [name, letters, ...rest] = text.split(".");
      const runs = letters && !rest.length && name === this.name ? read(letters) : null;
      if (!runs || runs.reduce((sum, run) => sum + run, 0) > this.part.length) return null;
      const units = [];
      let at = 0;
      runs.forEach((run, i) => {
        if (i % 2) for (let unit = at; unit < at + run; unit++) units.push(unit);
        at += run;
      });
      return units;
    }

    /** Bring about that these units are moved, and no others; one move that can be undone. */
    setMoved(units) {
      const wanted = new Set(units);
      const flipped = [...this.part.keys()].filter(
        (unit) => wanted.has(unit) !== (this.part[unit] !== this.plan[unit])
      );
      if (flipped.length) this.move(flipped);
      return flipped;
    }
  }

  global.TwoNations.Changes = Changes;
})(window);
