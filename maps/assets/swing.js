/* A uniform swing: the line stays, and so many in a hundred voters everywhere change sides. */
(function (global) {
  "use strict";

  const STEPS = 1000; // a point is ten of them: swings are in tenths of a point

  /**
   * Votes after a swing of so many tenths of a point to the blue side, in whole voters, halves up;
   * nowhere do more change sides than there are.
   */
  function swungVotes(votes, tenths) {
    const blue = votes.blue.map((count, unit) => {
      const total = count + votes.red[unit];
      const moved = Math.floor((tenths * total + STEPS / 2) / STEPS);
      return Math.min(total, Math.max(0, count + moved));
    });
    return { blue, red: blue.map((count, unit) => votes.blue[unit] + votes.red[unit] - count) };
  }

  class Swing {
    /** `tell()` is called after the votes of the `units` have changed. */
    constructor(units, tell) {
      Object.assign(this, { units, tell, tenths: 0 });
      this.cast = { blue: units.blue, red: units.red };
      this.slider = document.getElementById("swing");
      this.slider.addEventListener("input", () => this.set(Math.round(10 * this.slider.value)));
    }

    /** "+2.5 points to Blue", or nothing where the votes are those that were cast. */
    get text() {
      const side = this.units.parties[this.tenths > 0 ? 1 : 0];
      return this.tenths ? `+${Math.abs(this.tenths) / 10} points to ${side}` : "";
    }

    set(tenths) {
      const isOther = tenths !== this.tenths;
      this.tenths = tenths;
      this.slider.value = tenths / 10;
      document.getElementById("swing-value").textContent = this.text || "as cast";
      this.slider.setAttribute("aria-valuetext", this.text || "votes as cast");
      if (!isOther) return;
      this.apply(true);
      this.tell();
    }

    /** Give the units the votes after the swing, or those that were cast. */
    apply(isOn) {
      const { cast, tenths, units } = this;
      Object.assign(units, isOn && tenths ? swungVotes(cast, tenths) : cast);
      units.foundLeadLine = null;
    }

    state() {
      return this.tenths ? { swing: String(this.tenths / 10) } : {};
    }

    /** What makes no sense is no swing. */
    restore({ swing }) {
      const tenths = Math.round(10 * Number(swing || 0));
      this.set(Math.abs(tenths) <= 10 * Number(this.slider.max) ? tenths : 0);
    }
  }

  global.TwoNations.Swing = Swing;
})(window);
