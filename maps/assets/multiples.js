/* Every plan as a small map of its own. */
(function (global) {
  "use strict";

  const { Drawing, make } = global.TwoNations;
  const HIGHEST = 260; // pixels of a map that is higher than wide
  const SHEET = 12; // maps that a sheet of paper has room for
  const MARGIN = "200px"; // how near to the window a map is painted

  class Multiples {
    /** `choose(index)` is called for the plan that a person takes. */
    constructor(units, plans, choose) {
      Object.assign(this, { units, plans });
      this.view = document.documentElement.dataset.view;
      this.reference = null;
      this.box = document.getElementById("multiples");
      const [west, south, east, north] = units.bounds;
      this.shape = (east - west) / (north - south);
      this.cells = plans.map((plan, i) => {
        const canvas = document.createElement("canvas");
        canvas.style.aspectRatio = this.shape;
        canvas.style.maxWidth = `${HIGHEST * this.shape}px`;
        const marks = make("span", "marks");
        const label = make("b", "", plan.label);
        const name = make("span", "name", label, make("i", "", plan.headline), marks);
        const cell = make("button", "", name, canvas);
        cell.type = "button";
        cell.addEventListener("click", () => choose(i));
        this.box.append(cell);
        return { cell, canvas, marks, isNear: false, isStale: true };
      });
      const observer = new IntersectionObserver((entries) => {
        for (const { target, isIntersecting } of entries) {
          this.cells.find(({ cell }) => cell === target).isNear = isIntersecting;
        }
        this.paintNext();
      }, { root: this.box, rootMargin: MARGIN });
      for (const { cell } of this.cells) observer.observe(cell);
    }

    show(isShown) {
      this.box.hidden = !isShown;
      if (isShown) this.paintNext();
    }

    /** Say which plan is looked at, and which is pinned: that is what differences are drawn to. */
    mark(index, reference, words) {
      this.cells.forEach(({ cell, marks }, i) => {
        const which = [...(i === reference ? ["pinned"] : []), ...(i === index ? ["here"] : [])];
        cell.classList.toggle("chosen", which.length > 0);
        marks.replaceChildren(...which.map((one) => words.which(one)));
      });
      if (index !== this.index) this.cells[index].cell.scrollIntoView({ block: "nearest" });
      this.index = index;
      const { part } = this.plans[reference];
      if (part === this.reference) return;
      this.reference = part;
      if (this.view === "difference") this.repaint();
    }

    repaint() {
      for (const one of this.cells) one.isStale = true;
      this.paintNext();
    }

    /** One map a frame, so that many of them do not hold up the page, and none that is out of sight. */
    paintNext() {
      cancelAnimationFrame(this.frame);
      if (this.box.hidden) return;
      const width = this.cells[0].canvas.clientWidth;
      this.coarse = this.coarse || this.units.coarse();
      const next = () => {
        const isSeen = ({ isNear }, i) => isNear || (Drawing.isPrinting && i < SHEET);
        const index = this.cells.findIndex((one, i) => one.isStale && isSeen(one, i));
        if (index < 0) return;
        this.paint(index, width);
        if (Drawing.isPrinting) return next(); // paper does not wait
        this.frame = requestAnimationFrame(next);
      };
      next();
    }

    paint(index, width) {
      const { canvas } = this.cells[index];
      this.cells[index].isStale = false;
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
