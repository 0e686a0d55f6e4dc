/* The sliders that go from plan to plan, what changes under them, and a button that plays them. */
(function (global) {
  "use strict";

  const { landmarks, sayValue, svg } = global.TwoNations.measures;
  const PLAYED = 14_000; // milliseconds from the first plan to the last
  const THUMB = 18; // pixels of the thumb of a slider, as in the style sheet

  class Dials {
    constructor(page) {
      Object.assign(this, { page, dials: page.dials });
      this.inputs = [...document.querySelectorAll("#dials input[type=range]")];
      this.inputs.forEach((input, k) => {
        input.addEventListener("input", () => {
          this.play(false);
          this.turn(k, Number(input.value));
        });
      });
      document.getElementById("play").addEventListener("click", () => this.play(!this.player));
      document.addEventListener("visibilitychange", () => document.hidden && this.play(false));
    }

    /** Where the sliders stand and what they say; plans without a dial stand in a row. */
    tell() {
      const { index, plans, words } = this.page;
      this.inputs.forEach((input, k) => {
        input.value = this.dials.length ? plans[index].at[k] : index;
        input.setAttribute("aria-valuetext", words.dialText(index, k));
        document.getElementById(`value-${k}`).textContent = words.dialText(index, k);
      });
    }

    /** A dial is turned: the plan there, or the one nearest to it where there is none. */
    turn(k, place) {
      const { index, plans, sequence } = this.page;
      if (!this.dials.length) return this.page.go(place);
      const wanted = plans[index].at.slice();
      wanted[k] = place;
      const found = sequence.find(wanted);
      if (found !== undefined) return this.page.go(found);
      const distance = ({ at }) => at.reduce((sum, one, i) => sum + Math.abs(one - wanted[i]) * (i === k ? 1 : 1.5), 0);
      const best = plans.reduce((a, b) => (distance(b) < distance(a) ? b : a));
      this.page.go(plans.indexOf(best));
      this.inputs[k].value = plans[this.page.index].at[k];
    }

    play(isOn) {
      const { page } = this;
      clearInterval(this.player);
      this.player = null;
      const button = document.getElementById("play");
      button.setAttribute("aria-label", isOn ? "Pause" : "Play");
      button.title = isOn ? "Pause" : "Play";
      button.classList.toggle("is-playing", isOn);
      if (!isOn) return;
      if (page.step(1) < 0) page.go(page.line[0]);
      const pace = PLAYED / page.line.length;
      const wait = Math.min(1200, Math.max(page.isStill ? 700 : 70, pace));
      this.player = setInterval(() => {
        if (page.step(1) < 0) this.play(false);
        else page.go(page.step(1));
      }, wait);
    }

    /** How many people change sides at each step of the first dial, under its slider. */
    showSteps() {
      const host = document.getElementById("steps");
      const { line, plans, sequence, units } = this.page;
      if (!host || !line || !this.dials.length) return;
      const { values } = this.dials[0];
      const steps = line.slice(1).map((index, i) => {
        const changed = sequence.changed(line[i], index);
        const people = changed.reduce((sum, unit) => sum + units.people[unit], 0);
        return [plans[line[i]].at[0], plans[index].at[0], people];
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
      const { line, plans } = this.page;
      const host = track.querySelector(".scale-values");
      const width = track.clientWidth;
      const last = Math.max(1, dial.values.length - 1);
      const taken = [];
      host.replaceChildren();
      for (const [place, value] of landmarks(dial, k ? null : plans[line.at(-1)].until)) {
        const text = sayValue(value, dial);
        const at = THUMB / 2 + (place / last) * (width - THUMB);
        const half = 3.4 * text.length + 7;
        if (taken.some(([other, room]) => Math.abs(other - at) < half + room)) continue;
        taken.push([at, half]);
        const label = document.createElement("span");
        label.textContent = text;
        label.style.left = `${at}px`;
        host.append(label);
      }
    }
  }

  global.TwoNations.Dials = Dials;
})(window);
