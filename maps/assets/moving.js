/* A map that goes from plan to plan: what changes is drawn again, and nothing else. */
(function (global) {
  "use strict";

  const { Nations } = global.TwoNations;
  const MOST = 0.2; // share of the units above which all of the map is drawn at once
  const FADE = 260; // milliseconds from one colour to the next
  const BRIEF = 140; // a step that follows sooner than this is made at once

  /** Between two colours "#rrggbb", from 0 to 1. */
  function mix(from, to, share) {
    const parts = [from, to].map((text) => text.match(/[0-9a-f]{2}/gi).map((pair) => parseInt(pair, 16)));
    const mixed = parts[0].map((value, i) => Math.round(value + share * (parts[1][i] - value)));
    return `rgb(${mixed.join(", ")})`;
  }

  class MovingNations extends Nations {
    constructor(map, units, name) {
      super(map, units, null, name);
      this.fading = new Map(); // what colour units come from
      this.lastMove = 0;
    }

    /**
     * Show another plan in which the nation of the units `changed` is another one; `colouring` may
     * be one of the page's own. Units fade into their colour where `isSmooth`.
     */
    move(part, colouring, changed, isSmooth) {
      const before = this.part ? this.colouring[this.view] : null;
      const touched = [...new Set([...changed, ...this.fading.keys()])];
      cancelAnimationFrame(this.frame);
      this.fading.clear();
      const now = performance.now();
      const isBrief = now - this.lastMove < BRIEF;
      this.lastMove = now;
      const colours = before && isSmooth && !isBrief ? changed.map(before) : null;
      this.part = part;
      this.colouring = colouring;
      this.areas = this.frontier = null;
      this.pane.style.visibility = "";
      if (!before || touched.length > MOST * this.units.n || this.view === "people") {
        this.repaint();
        return;
      }
      if (!colours) {
        this.patch(touched, colouring[this.view]);
        return;
      }
      changed.forEach((unit, i) => this.fading.set(unit, colours[i]));
      this.fade(touched, now);
    }

    /** Draw the colours between the old and the new ones, a frame after the other. */
    fade(touched, start) {
      const target = this.colouring[this.view];
      const style = getComputedStyle(document.documentElement);
      const read = (name) => style.getPropertyValue(name).trim();
      const step = () => {
        const share = Math.min(1, (performance.now() - start) / FADE);
        if (share === 1) this.fading.clear();
        const eased = share * share * (3 - 2 * share);
        this.patch(touched, (unit) => {
          const from = this.fading.get(unit);
          const to = target(unit);
          return from && from !== to ? mix(read(from), read(to), eased) : to;
        });
        if (share < 1) this.frame = requestAnimationFrame(step);
      };
      step();
    }

    repaint() {
      cancelAnimationFrame(this.frame);
      if (this.fading) this.fading.clear();
      super.repaint();
    }

    /** Draw the ground that some units cover again, as a drawing of everything would have it. */
    patch(touched, colourOf) {
      if (!this.canvas._ctx || global.TwoNations.Drawing.isHeld || !touched.length) return;
      const { boxes, n } = this.units;
      const { a, b, c, d } = this.transformation();
      const reach = Math.ceil(2 * this.growth()) + 2; // pixels of half the widest line
      const grounds = touched.map((unit) => {
        const [west, south, east, north] = boxes.subarray(4 * unit, 4 * unit + 4);
        const left = Math.floor(a * west + b) - reach;
        const top = Math.floor(c * north + d) - reach;
        return [left, top, Math.ceil(a * east + b) + reach - left, Math.ceil(c * south + d) + reach - top];
      });
      const isNear = (unit) => {
        const i = 4 * unit;
        const [left, top] = [a * boxes[i] + b - reach, c * boxes[i + 3] + d - reach];
        const [right, bottom] = [a * boxes[i + 2] + b + reach, c * boxes[i + 1] + d + reach];
        return grounds.some(
          ([x, y, width, height]) => left <= x + width && right >= x && top <= y + height && bottom >= y
        );
      };
      const near = [];
      for (let unit = 0; unit < n; unit++) if (isNear(unit)) near.push(unit);
      const context = this.canvas._ctx;
      context.save();
      context.beginPath();
      for (const ground of grounds) context.rect(...ground);
      context.clip();
      for (const ground of grounds) context.clearRect(...ground);
      const parts = { ...this.units.linesAround(near, this.part), areas: this.units.areas(colourOf, near) };
      this.draw((_, pixels) => this.paintParts(context, pixels, parts));
      context.restore();
    }
  }

  global.TwoNations.MovingNations = MovingNations;
})(window);
