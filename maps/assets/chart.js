/* The trade-off: plans as points between two figures, and the ground that no plan can reach. */
(function (global) {
  "use strict";

  const { make } = global.TwoNations;
  const { say, sayValue, plainNumber, ticks, decimalsOf, landmarks, svg, PERCENT } = global.TwoNations.measures;
  const { halfPlanes, reachable } = global.TwoNations.reach;
  const NEAR = 28; // pixels around a point in which it is meant
  const NAME = 14; // pixels of a line of a name
  const MANY = 60; // points above which they are small

  const path = (points) => points.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(2)} ${y.toFixed(2)}`).join("");

  /** Points every few pixels of a line. */
  const along = (points) => points.slice(1).flatMap(([x, y], i) => {
    const [fromX, fromY] = points[i];
    const steps = Math.ceil(Math.hypot(x - fromX, y - fromY) / 4);
    return Array.from({ length: steps }, (_, k) => [fromX + ((x - fromX) * k) / steps, fromY + ((y - fromY) * k) / steps]);
  });

  class Chart {
    /** `choose(index)` takes a plan; `describe(index)` gives lines about it. */
    constructor(data, choose, describe) {
      Object.assign(this, { ...data, choose, describe, usual: [data.across, data.up] });
      this.hasReferences = data.showsReferences;
      this.host = document.getElementById("chart");
      this.tip = document.getElementById("chart-tip");
      this.index = this.pinned = 0;
      this.host.addEventListener("pointermove", (event) => this.point(event));
      this.host.addEventListener("pointerdown", (event) => {
        this.isHeld = true;
        this.point(event);
      });
      addEventListener("pointerup", () => (this.isHeld = false));
      this.host.addEventListener("pointerleave", () => this.show(-1));
      this.host.addEventListener("click", (event) => {
        const found = this.nearest(event, Infinity);
        if (found >= 0) this.choose(found);
      });
      this.host.addEventListener("blur", () => this.show(-1));
    }

    value(plan, measure) {
      return plan.figures[measure];
    }

    isKnown(plan) {
      return [this.across, this.up].every((measure) => this.value(plan, measure) !== null);
    }

    setMeasures(across, up) {
      Object.assign(this, { across, up });
      this.render();
    }

    /** Least and largest values of the plans, with some air around them. */
    domain(measure, others) {
      const values = [...this.plans, ...others].map((plan) => this.value(plan, measure));
      const known = values.filter((value) => value !== null);
      if (!known.length) return [0, 1];
      const [low, high] = [Math.min(...known), Math.max(...known)];
      const air = (high - low || Math.abs(high) / 50 || 1) * 0.07;
      // No figure is below nothing, and none of a share is above one.
      const floor = low >= 0 ? Math.max(0, low - air) : low - air;
      return [floor, high + air];
    }

    render() {
      const { host, measures, across, up } = this;
      const width = host.clientWidth || 360;
      const height = host.clientHeight || 250;
      const others = this.hasReferences ? this.references.filter((one) => this.isKnown(one)) : [];
      const [west, east] = this.domain(across, others);
      const [south, north] = this.domain(up, others);
      const down = ticks(south, north, height / 46);
      const upLabels = this.labels(down, measures[up]);
      const left = 14 + 6.2 * Math.max(...upLabels.map((text) => text.length), 3);
      const frame = { left, right: width - 14, top: 8, bottom: height - 22 };
      const x = (value) => frame.left + ((value - west) / (east - west)) * (frame.right - frame.left);
      const y = (value) => frame.bottom - ((value - south) / (north - south)) * (frame.bottom - frame.top);
      this.at = (plan) => [x(this.value(plan, across)), y(this.value(plan, up))];
      const drawing = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
      this.planes = halfPlanes(this.bounds, across, up);
      this.free = reachable(this.planes, [west, south], [east, north]);
      const grid = svg("g", { class: "grid" });
      const box = [[west, south], [east, south], [east, north], [west, north]];
      const corners = (points) => points.map(([a, b]) => [x(a), y(b)]);
      // Where all of the frame is free, there is no shade to speak of.
      const isFree = box.every(([a, b]) => this.free.some(([c, d]) => a === c && b === d));
      const hasProof = this.planes.length > 0 && !isFree;
      if (hasProof) {
        const ground = `${path(corners(box))}Z${this.free.length ? `${path(corners(this.free))}Z` : ""}`;
        drawing.append(svg("path", { class: "beyond", d: ground, "fill-rule": "evenodd" }));
      }
      down.forEach((value, i) => {
        grid.append(
          svg("line", { x1: frame.left, x2: frame.right, y1: y(value), y2: y(value) }),
          svg("text", { x: frame.left - 7, y: y(value) + 4, "text-anchor": "end" }, upLabels[i])
        );
      });
      const over = ticks(west, east, (frame.right - frame.left) / 78);
      const overLabels = this.labels(over, measures[across]);
      over.forEach((value, i) => {
        grid.append(
          svg("line", { x1: x(value), x2: x(value), y1: frame.bottom, y2: frame.bottom + 4 }),
          svg("text", { x: x(value), y: frame.bottom + 17, "text-anchor": "middle" }, overLabels[i])
        );
      });
      grid.append(svg("line", { class: "base", x1: frame.left, x2: frame.right, y1: frame.bottom, y2: frame.bottom }));
      drawing.append(grid);
      if (hasProof) this.drawEdge(drawing, corners, box, frame);
      this.drawPlans(drawing, frame);
      const taken = others.length ? this.written(drawing) : [];
      others.forEach((one) => this.drawReference(drawing, one, frame, taken));
      this.marks = svg("g", { class: "marks" });
      drawing.append(this.marks);
      host.replaceChildren(drawing);
      host.setAttribute("aria-label",
        `${measures[up].name} against ${measures[across].name.toLowerCase()}: ${this.plans.length} plans`);
      document.getElementById("proof-key").hidden = !hasProof;
      this.mark(this.index, this.pinned);
    }

    /** What stands at the ticks of an axis: short, but no two the same. */
    labels(values, measure) {
      const isShare = measure.form === "share";
      const decimals = decimalsOf(values, isShare ? 100 : 1);
      if (isShare) return values.map((value) => plainNumber(100 * value, decimals) + PERCENT);
      const texts = values.map((value) => this.short(value, measure, decimals));
      if (measure.form === "year" || new Set(texts).size === texts.length) return texts;
      return values.map((value) => (measure.unit === "$" ? "$" : "") + plainNumber(value, decimals));
    }

    short(value, measure, decimals) {
      if (measure.form === "year") return Number.isInteger(value) ? String(value) : "";
      const text = Math.abs(value) >= 1e6
        ? value.toLocaleString("en-US", { notation: "compact", maximumFractionDigits: 2 })
        : plainNumber(value, decimals);
      return measure.unit === "$" ? `$${text}` : text;
    }

    /** The border of the ground that is proven to be out of reach, and what that means. */
    drawEdge(drawing, corners, box, frame) {
      const onFrame = ([x, y]) =>
        Math.abs(x - frame.left) < 0.01 || Math.abs(x - frame.right) < 0.01
        || Math.abs(y - frame.top) < 0.01 || Math.abs(y - frame.bottom) < 0.01;
      const same = ([x, y], [u, v]) => (Math.abs(x - u) < 0.01 && onFrame([x, y]) && onFrame([u, v]))
        || (Math.abs(y - v) < 0.01 && onFrame([x, y]) && onFrame([u, v]));
      const free = corners(this.free);
      const edges = free.map((point, i) => [free[(i + free.length - 1) % free.length], point]);
      const inner = edges.filter(([from, to]) => !same(from, to));
      drawing.append(svg("path", { class: "edge", d: inner.map((edge) => path(edge)).join("") }));
      const isBeyond = ([a, b]) => this.planes.some(([p, q, most]) => p * a + q * b > most);
      const [width, height] = [frame.right - frame.left, frame.bottom - frame.top];
      const text = "Proven: no plan in here";
      const [[west, south], [east], [, north]] = box;
      const spots = [[0, 1], [1, 1], [0, 0], [1, 0]]; // top left first
      const needed = [(6.1 * text.length + 14) / width, 24 / height];
      const spot = spots.find(([h, v]) =>
        [0, 1].every((i) => [0, 1].every((k) => isBeyond([
          west + (h ? 1 - i * needed[0] : i * needed[0]) * (east - west),
          south + (v ? 1 - k * needed[1] : k * needed[1]) * (north - south),
        ]))));
      if (!spot) return;
      drawing.append(svg("text", {
        class: "said",
        x: spot[0] ? frame.right - 8 : frame.left + 8,
        y: spot[1] ? frame.top + 17 : frame.bottom - 9,
        "text-anchor": spot[0] ? "end" : "start",
      }, text));
    }

    /** Plans as points, joined along the first dial, with values of the dial where there is room. */
    drawPlans(drawing, frame) {
      const known = this.plans.map((plan, i) => [plan, i]).filter(([plan]) => this.isKnown(plan));
      const lines = new Map();
      for (const [plan] of known) {
        const key = plan.at.slice(1).join();
        lines.set(key, [...(lines.get(key) || []), this.at(plan)]);
      }
      if (this.dials.length) {
        lines.forEach((points) => drawing.append(svg("path", { class: "line", d: path(points) })));
      }
      const radius = known.length > MANY ? 1.7 : 3.4;
      for (const [plan] of known) {
        const [cx, cy] = this.at(plan);
        drawing.append(svg("circle", { class: "plan", cx, cy, r: radius }));
      }
      const drawn = this.dials.length && known.length <= MANY ? [...lines.values()].flatMap(along) : [];
      this.namePlans(drawing, known.map(([plan]) => plan), frame, drawn);
    }

    /** What is written beside plans, the most telling first: values of the only dial, or titles. */
    names() {
      const { dials, plans } = this;
      if (!dials.length) return plans.map((plan) => [plan, plan.title]);
      if (dials.length > 1) return [];
      const byPlace = new Map(plans.map((plan) => [plan.at[0], plan]));
      return landmarks(dials[0], plans.at(-1).until)
        .filter(([place]) => byPlace.has(place))
        .map(([place, value]) => [byPlace.get(place), sayValue(value, dials[0])]);
    }

    /** Names beside some of the plans: on the free side, clear of all points, and of lines where it can be. */
    namePlans(drawing, known, frame, lines) {
      const points = known.map((plan) => this.at(plan));
      const taken = points.map((point) => [...point, 3, 3]);
      const isMany = known.length > MANY;
      const isFree = (x, y, half) =>
        x - half > frame.left + 2 && x + half < frame.right + 12 && y + 6 < frame.bottom && y - 6 > frame.top
        && !taken.some(([u, v, wide, high]) => Math.abs(u - x) < wide + half && Math.abs(v - y) < high + 5);
      const isOffLines = (x, y, half) => !lines.some(([u, v]) => Math.abs(u - x) < half && Math.abs(v - y) < 6);
      for (const [plan, text] of this.names()) {
        if (!this.isKnown(plan)) continue;
        const [px, py] = this.at(plan);
        const half = 3.1 * text.length + 1;
        const spots = [[9, 12], [8, 5], [0, 15], [9, -3], [-8, 14], [-9, -8], [0, -12], [9, -10], [1, -14]];
        const free = spots
          .map(([right, down]) => [px + right + Math.sign(right) * half, py + down])
          .filter(([x, y]) => isFree(x, y, half));
        const spot = free.find(([x, y]) => isOffLines(x, y, half)) || free[0];
        if (!spot) continue;
        taken.push([...spot, half + (isMany ? 10 : 2), isMany ? 12 : 6]);
        if (isMany) drawing.append(svg("circle", { class: "landmark", cx: px, cy: py, r: 3 }));
        drawing.append(svg("text", { class: "value", x: spot[0], y: spot[1] + 4, "text-anchor": "middle" }, text));
      }
    }

    /** Ground that the plans and their names have taken. */
    written(drawing) {
      const known = this.plans.filter((plan) => this.isKnown(plan));
      const points = known.map((plan) => this.at(plan)).map(([x, y]) => ({ from: x - 4, to: x + 4, y }));
      const names = [...drawing.querySelectorAll("text.value")].map((text) => {
        const [x, half] = [Number(text.getAttribute("x")), 3.1 * text.textContent.length + 1];
        return { from: x - half, to: x + half, y: Number(text.getAttribute("y")) - 4 };
      });
      return [...points, ...names];
    }

    /** A diamond and its name, on the first line above or below it that nothing else has taken. */
    drawReference(drawing, one, frame, taken) {
      const [cx, cy] = this.at(one);
      const isRight = cx > (frame.left + frame.right) / 2;
      const [near, width] = [cx + (isRight ? -8 : 8), 6.1 * one.title.length];
      const [from, to] = isRight ? [near - width, near] : [near, near + width];
      const isFree = (y) => y > frame.top && y < frame.bottom
        && taken.every((box) => box.to < from || box.from > to || Math.abs(box.y - y) >= NAME);
      const shift = [0, -1, 1, -2, 2, -3, 3, -4, 4].find((lines) => isFree(cy + lines * NAME)) ?? 0;
      const y = cy + shift * NAME;
      taken.push({ from, to, y });
      drawing.append(
        svg("path", { class: "reference", d: `M${cx} ${cy - 4.5}L${cx + 4.5} ${cy}L${cx} ${cy + 4.5}L${cx - 4.5} ${cy}Z` }),
        svg("text", { class: "reference-name", x: near, y: y + 4, "text-anchor": isRight ? "end" : "start" }, one.title)
      );
    }

    /** Show where the plan is that is looked at, and the pinned one. */
    mark(index, pinned) {
      Object.assign(this, { index, pinned });
      if (!this.marks) return;
      const marks = [];
      for (const [plan, name, r] of [[this.plans[pinned], "pinned", 7.5], [this.plans[index], "current", 5.5]]) {
        if (!plan || !this.isKnown(plan)) continue;
        const [cx, cy] = this.at(plan);
        if (name === "current") marks.push(svg("circle", { class: "halo", cx, cy, r: r + 2.5 }));
        marks.push(svg("circle", { class: name, cx, cy, r }));
      }
      if (this.hovered >= 0 && this.isKnown(this.plans[this.hovered])) {
        const [cx, cy] = this.at(this.plans[this.hovered]);
        marks.push(svg("circle", { class: "hovered", cx, cy, r: 6.5 }));
      }
      this.marks.replaceChildren(...marks);
    }

    nearest(event, most) {
      const { left, top } = this.host.getBoundingClientRect();
      const [px, py] = [event.clientX - left, event.clientY - top];
      let [found, best] = [-1, most * most];
      this.plans.forEach((plan, i) => {
        if (!this.isKnown(plan)) return;
        const [x, y] = this.at(plan);
        const distance = (x - px) ** 2 + (y - py) ** 2;
        if (distance < best) [found, best] = [i, distance];
      });
      return found;
    }

    /** A mouse over a point tells of it; a finger or a pressed button goes from plan to plan. */
    point(event) {
      if (this.isHeld) {
        const found = this.nearest(event, Infinity);
        if (found >= 0 && found !== this.index) this.choose(found);
        this.show(event.pointerType === "touch" ? -1 : found);
      } else if (event.pointerType !== "touch") this.show(this.nearest(event, NEAR));
    }

    show(index) {
      if (index === this.hovered) return;
      this.hovered = index;
      this.mark(this.index, this.pinned);
      this.tip.hidden = index < 0;
      if (index < 0) return;
      const [head, ...rest] = this.describe(index);
      this.tip.replaceChildren(make("strong", "", head), ...rest.map((line) => make("p", "", line)));
      const [x, y] = this.at(this.plans[index]);
      const { clientWidth: width } = this.host;
      const { offsetWidth, offsetHeight } = this.tip;
      const left = x + 14 + offsetWidth > width ? x - 14 - offsetWidth : x + 14;
      const top = y + 12 + offsetHeight > this.host.clientHeight ? y - 12 - offsetHeight : y + 12;
      this.tip.style.transform = `translate(${Math.max(0, left)}px, ${top}px)`;
    }
  }

  global.TwoNations.Chart = Chart;
})(window);
