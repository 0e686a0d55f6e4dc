/* Every plan of a comparison as a small map of its own. */
(function (global) {
  "use strict";

  const { Drawing, make } = global.TwoNations;
  const HIGHEST = 260; // pixels of a map that is higher than wide

  class Multiples {
    /** `choose(index)` is called for the plan that a person takes. */
    constructor(units, plans, choose) {
      Object.assign(this, { units, plans });
      this.view = "agreement";
      this.reference = null;
      this.isStale = true;
      this.box = document.getElementById("multiples");
      const [west, south, east, north] = units.bounds;
      this.shape = (east - west) / (north - south);
      this.cells = plans.map((plan, i) => {
        const canvas = document.createElement("canvas");
        canvas.style.aspectRatio = this.shape;
        canvas.style.maxWidth = `${HIGHEST * this.shape}px`;
        const letters = make("span", "letters");
        const label = make("b", "", plan.label);
        const name = make("span", "name", letters, label, make("i", "", plan.headline));
        const cell = make("button", "", name, canvas);
        cell.type = "button";
        cell.addEventListener("click", () => choose(i));
        this.box.append(cell);
        return { cell, canvas, letters };
      });
    }

    show(isShown) {
      this.box.hidden = !isShown;
      if (isShown && this.isStale) this.repaint();
    }

    mark(pair) {
      this.cells.forEach(({ cell, letters }, i) => {
        const marks = ["A", "B"].filter((_, k) => pair[k] === i);
        cell.classList.toggle("chosen", marks.length > 0);
        letters.replaceChildren(...marks.map((letter) => make("span", "letter", letter)));
      });
    }

    /** One map a frame, so that twenty of them do not hold up the page. */
    repaint() {
      this.isStale = this.box.hidden;
      if (this.box.hidden) return;
      cancelAnimationFrame(this.frame);
      const width = this.cells[0].canvas.clientWidth;
      this.coarse = this.coarse || this.units.coarse();
      const rest = this.plans.map((_, i) => i);
      const next = () => {
        if (!rest.length) return;
        this.paint(rest.shift(), width);
        if (Drawing.isPrinting) return next(); // paper does not wait
        this.frame = requestAnimationFrame(next);
      };
      next();
    }

    paint(index, width) {
      const { canvas } = this.cells[index];
      const units = this.coarse;
      const [west, , east, north] = units.bounds;
      const height = Math.round(width / this.shape);
      const density = devicePixelRatio || 1;
      canvas.width = width * density;
      canvas.height = height * density;
      const context = canvas.getContext("2d");
      const scale = (density * width) / (east - west);
      context.setTransform(scale, 0, 0, -scale, -scale * west, scale * north);
      context.lineJoin = "round";
      const style = getComputedStyle(document.documentElement);
      const colour = (name) => style.getPropertyValue(name).trim();
      const { part } = this.plans[index];
      const colouring = global.twoNationsColouring(units, part, this.reference);
      units.areas(colouring[this.view]).forEach((path, name) => {
        context.fillStyle = global.twoNationsFill(context, name, colour);
        context.fill(path, "evenodd");
      });
      const lines = [
        [units.lines.shore, "--coast-line", 0.4],
        [units.frontier(part), "--frontier", 0.8],
      ];
      for (const [path, name, thickness] of lines) {
        context.strokeStyle = colour(name);
        context.lineWidth = (thickness * density) / scale;
        context.stroke(path);
      }
    }
  }

  global.TwoNations.Multiples = Multiples;
})(window);
