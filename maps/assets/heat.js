/* Plans over two dials as a field of one hue, with lines of equal values of a figure. */
(function (global) {
  "use strict";

  const { make } = global.TwoNations;
  const { say, sayValue, ticks, svg } = global.TwoNations.measures;
  const SHADES = 5; // lines and figures are to be read on the darkest of them

  /** Where the value of a field, given at the middles of cells, crosses a level: short lines. */
  function contour(field, level) {
    const segments = [];
    const between = ([x, y, value], [u, v, other]) => {
      const share = (level - value) / (other - value);
      return [x + share * (u - x), y + share * (v - y)];
    };
    for (let i = 0; i + 1 < field.length; i++) {
      for (let k = 0; k + 1 < field[i].length; k++) {
        const corners = [[i, k], [i + 1, k], [i + 1, k + 1], [i, k + 1]].map(([a, b]) => [a, b, field[a][b]]);
        if (corners.some(([, , value]) => value === null)) continue;
        const crossings = corners.flatMap((corner, side) => {
          const next = corners[(side + 1) % 4];
          return corner[2] < level !== next[2] < level ? [between(corner, next)] : [];
        });
        for (let side = 0; side + 1 < crossings.length; side += 2) {
          segments.push([crossings[side], crossings[side + 1]]);
        }
      }
    }
    return segments;
  }

  class HeatMap {
    constructor(data, choose, describe) {
      Object.assign(this, { ...data, choose, describe });
      this.host = document.getElementById("heat");
      this.tip = document.getElementById("chart-tip");
      this.index = this.pinned = 0;
      this.host.setAttribute("aria-label", `${this.plans.length} plans over ${this.dials.map(({ name }) => name).join(" and ")}`);
      for (const kind of ["pointermove", "click"]) {
        this.host.addEventListener(kind, (event) => this.point(event, kind === "click" || event.buttons === 1));
      }
      this.host.addEventListener("pointerleave", () => (this.tip.hidden = true));
    }

    setMeasure(up) {
      this.measure = up;
      this.render();
    }

    render() {
      const { host, dials, plans, measure } = this;
      const [width, height] = [host.clientWidth, host.clientHeight];
      if (!width || measure === undefined) return;
      const [across, up] = dials.map(({ values }) => values);
      const frame = { left: 48, top: 6, right: width - 12, bottom: height - 36 };
      const [w, h] = [(frame.right - frame.left) / across.length, (frame.bottom - frame.top) / up.length];
      this.cell = (at) => [frame.left + at[0] * w, frame.bottom - (at[1] + 1) * h, w, h];
      this.placeOf = (x, y) => [Math.floor((x - frame.left) / w), Math.floor((frame.bottom - y) / h)];
      const field = across.map(() => up.map(() => null));
      for (const plan of plans) field[plan.at[0]][plan.at[1]] = plan.figures[measure];
      const known = field.flat().filter((value) => value !== null);
      const [low, high] = [Math.min(...known), Math.max(...known)];
      const shade = (value) => Math.min(SHADES - 1, Math.floor((SHADES * (value - low)) / (high - low || 1)));
      const drawing = svg("svg", { width, height, "aria-hidden": "true" });
      field.forEach((column, i) => column.forEach((value, k) => {
        const [x, y] = this.cell([i, k]);
        const fill = value === null ? "none" : `var(--step-${shade(value)})`;
        drawing.append(svg("rect", { x, y, width: w + 0.5, height: h + 0.5, fill, class: value === null ? "none" : "cell" }));
      }));
      const middle = ([i, k]) => [frame.left + (i + 0.5) * w, frame.bottom - (k + 0.5) * h];
      for (const level of ticks(low, high, 6)) {
        const segments = contour(field, level);
        if (!segments.length) continue;
        const d = segments.map(([a, b]) => `M${middle(a).join(" ")}L${middle(b).join(" ")}`).join("");
        drawing.append(svg("path", { class: "contour", d }));
        const [x, y] = middle(segments[Math.floor(segments.length / 2)][0]);
        drawing.append(svg("text", { class: "contour-name", x, y: y - 3, "text-anchor": "middle" }, say(this.measures[measure], level)));
      }
      this.label(drawing, across, (i) => [frame.left + (i + 0.5) * w, frame.bottom + 14, "middle"], Math.floor((frame.right - frame.left) / 46));
      this.label(drawing, up, (k) => [frame.left - 6, frame.bottom - (k + 0.5) * h + 4, "end"], Math.floor((frame.bottom - frame.top) / 20));
      drawing.append(
        svg("text", { class: "name", x: frame.right, y: height - 4, "text-anchor": "end" }, `${dials[0].name}${dials[0].unit ? `, ${dials[0].unit}` : ""} →`),
        svg("text", { class: "name", x: 2, y: height - 4 }, `↑ ${dials[1].name}`)
      );
      this.marks = svg("g", {});
      drawing.append(this.marks);
      host.replaceChildren(drawing);
      this.mark(this.index, this.pinned);
    }

    label(drawing, values, spot, room) {
      const every = Math.max(1, Math.ceil(values.length / Math.max(1, room)));
      values.forEach((value, i) => {
        if (i % every) return;
        const [x, y, anchor] = spot(i);
        drawing.append(svg("text", { class: "value", x, y, "text-anchor": anchor }, sayValue(value)));
      });
    }

    mark(index, pinned) {
      Object.assign(this, { index, pinned });
      if (!this.marks) return;
      const ring = (place, name) => {
        const [x, y, width, height] = this.cell(this.plans[place].at);
        return svg("rect", { class: name, x: x + 1, y: y + 1, width: width - 2, height: height - 2 });
      };
      this.marks.replaceChildren(ring(pinned, "pinned"), ring(index, "halo"), ring(index, "current"));
    }

    point(event, isTaken) {
      const { left, top } = this.host.getBoundingClientRect();
      const [x, y] = [event.clientX - left, event.clientY - top];
      const place = this.placeOf(x, y).join();
      const index = this.plans.findIndex(({ at }) => at.join() === place);
      this.tip.hidden = index < 0;
      if (index < 0) return;
      const [head, ...rest] = this.describe(index);
      this.tip.replaceChildren(make("strong", "", head), ...rest.map((line) => make("p", "", line)));
      const { offsetWidth, offsetHeight } = this.tip;
      const beside = x + 14 + offsetWidth > this.host.clientWidth ? x - 14 - offsetWidth : x + 14;
      const below = y + 12 + offsetHeight > this.host.clientHeight ? y - 12 - offsetHeight : y + 12;
      this.tip.style.transform = `translate(${Math.max(0, beside)}px, ${below}px)`;
      if (isTaken) this.choose(index);
    }
  }

  global.TwoNations.HeatMap = HeatMap;
})(window);
