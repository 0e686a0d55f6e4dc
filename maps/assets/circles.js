/*
 * Land does not vote: units as circles whose areas are their votes, near where they lie, none on
 * another.
 *
 * D. Dorling, "Area Cartograms: Their Use and Creation", 1996: circles that overlap push each other
 * apart, the larger one less, until none do. No chance is involved, so that a map is the same
 * everywhere.
 */
(function (global) {
  "use strict";

  const OUTSIDE = -1;
  const FILLED = 0.38; // share of the land's area that all circles have
  const STEPS = 400; // rounds of pushing at most
  const WORK = 8e6; // circles times rounds: large maps settle less than a browser can wait for
  const TOUCHING = 1e-3; // of a radius, that two circles may share
  const SMALLEST = 0.85; // share of their radius that circles keep
  const HOME = 0.01; // of the way home that a circle takes in the first rounds

  class VoteCircles {
    constructor(units) {
      const { n, blue, red } = units;
      const middles = units.middles();
      const land = units.radii.reduce((sum, radius) => sum + radius * radius, 0);
      const votes = blue.map((count, unit) => count + red[unit]);
      const total = Math.max(1, votes.reduce((sum, count) => sum + count, 0));
      this.n = n;
      this.votes = votes;
      this.radius = Float64Array.from(votes, (count) => Math.sqrt((FILLED * land * count) / total));
      this.x = Float64Array.from({ length: n }, (_, unit) => middles[2 * unit]);
      this.y = Float64Array.from({ length: n }, (_, unit) => middles[2 * unit + 1]);
      const seen = [...Array(n).keys()].filter((unit) => this.radius[unit] > 0);
      this.order = Int32Array.from(seen.sort((a, b) => this.radius[b] - this.radius[a] || a - b));
      this.settle(Math.max(40, Math.min(STEPS, Math.floor(WORK / Math.max(1, n)))));
      this.shrink();
      this.fitInto(units.bounds);
    }

    /** Make all circles smaller alike until the last that overlap only touch. */
    shrink() {
      const { radius, x, y } = this;
      let share = 1;
      this.eachNear((one, other) => {
        const distance = Math.hypot(x[other] - x[one], y[other] - y[one]);
        share = Math.min(share, distance / (radius[one] + radius[other]));
        return false;
      });
      share = Math.max(share, SMALLEST);
      for (let unit = 0; unit < this.n; unit++) radius[unit] *= share;
    }

    /** Push circles apart, round after round, and let them go home a little less each time. */
    settle(rounds) {
      const { order, x, y } = this;
      const home = [Float64Array.from(x), Float64Array.from(y)];
      for (let round = 0; round < rounds; round++) {
        const pull = HOME * Math.max(0, 1 - (4 * round) / rounds);
        if (pull) {
          for (const unit of order) {
            x[unit] += pull * (home[0][unit] - x[unit]);
            y[unit] += pull * (home[1][unit] - y[unit]);
          }
        }
        if (!this.push() && !pull) break;
      }
    }

    /** Circles by the square of a grid that holds their middles: the first of each, and the next. */
    makeGrid() {
      const { order, radius, x, y } = this;
      const size = 2 * radius[order[Math.floor(order.length / 6)]] || 1;
      let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
      for (const unit of order) {
        west = Math.min(west, x[unit]);
        south = Math.min(south, y[unit]);
        east = Math.max(east, x[unit]);
        north = Math.max(north, y[unit]);
      }
      const columns = Math.floor((east - west) / size) + 1;
      const rows = Math.floor((north - south) / size) + 1;
      const first = new Int32Array(columns * rows).fill(OUTSIDE);
      const next = new Int32Array(this.n);
      const cell = (at, low, many) => Math.max(0, Math.min(many - 1, Math.floor((at - low) / size)));
      const column = (at) => cell(at, west, columns);
      const row = (at) => cell(at, south, rows);
      for (let i = order.length - 1; i >= 0; i--) {
        const unit = order[i];
        const square = row(y[unit]) * columns + column(x[unit]);
        next[unit] = first[square];
        first[square] = unit;
      }
      return { first, next, column, row, columns };
    }

    /** Part all pairs that overlap; whether there were any. */
    push() {
      return this.eachNear((one, other) => this.part(one, other));
    }

    /** Call `act(one, other)` for pairs that may overlap, the larger circle first; whether any act did. */
    eachNear(act) {
      const { order, radius, x, y } = this;
      const { first, next, column, row, columns } = this.makeGrid();
      let isMoved = false;
      for (const one of order) {
        // Every smaller circle whose middle is near enough.
        const reach = 2 * radius[one];
        const [left, right] = [column(x[one] - reach), column(x[one] + reach)];
        const [low, high] = [row(y[one] - reach), row(y[one] + reach)];
        for (let square = low; square <= high; square++) {
          for (let at = left; at <= right; at++) {
            let other = first[square * columns + at];
            for (; other !== OUTSIDE; other = next[other]) {
              if (this.isBefore(one, other)) isMoved = act(one, other) || isMoved;
            }
          }
        }
      }
      return isMoved;
    }

    isBefore(one, other) {
      const { radius } = this;
      if (one === other) return false;
      return radius[other] < radius[one] || (radius[other] === radius[one] && other > one);
    }

    part(one, other) {
      const { radius, x, y } = this;
      let dx = x[other] - x[one];
      let dy = y[other] - y[one];
      const least = radius[one] + radius[other];
      const square = dx * dx + dy * dy;
      if (square >= least * least) return false;
      let distance = Math.sqrt(square);
      if (distance >= least - TOUCHING * radius[other]) return false;
      if (!distance) [dx, dy, distance] = [other % 2 ? 1 : -1, other % 3 ? 1 : -1, Math.SQRT2];
      const [a, b] = [radius[one] ** 2, radius[other] ** 2];
      const step = (least - Math.min(distance, least)) / distance;
      const share = a / (a + b);
      x[other] += share * step * dx;
      y[other] += share * step * dy;
      x[one] -= (1 - share) * step * dx;
      y[one] -= (1 - share) * step * dy;
      return true;
    }

    /** Keep all circles within the map that the page was fitted to. */
    fitInto([west, south, east, north]) {
      const { order, radius, x, y } = this;
      const box = [Infinity, Infinity, -Infinity, -Infinity];
      for (const unit of order) {
        box[0] = Math.min(box[0], x[unit] - radius[unit]);
        box[1] = Math.min(box[1], y[unit] - radius[unit]);
        box[2] = Math.max(box[2], x[unit] + radius[unit]);
        box[3] = Math.max(box[3], y[unit] + radius[unit]);
      }
      const scale = Math.min(1, (east - west) / (box[2] - box[0]), (north - south) / (box[3] - box[1]));
      const middle = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
      const clamp = (value, low, high) => Math.max(low, Math.min(high, value));
      const to = [
        clamp(middle[0], west + (scale * (box[2] - box[0])) / 2, east - (scale * (box[2] - box[0])) / 2),
        clamp(middle[1], south + (scale * (box[3] - box[1])) / 2, north - (scale * (box[3] - box[1])) / 2),
      ];
      for (let unit = 0; unit < this.n; unit++) {
        x[unit] = to[0] + scale * (x[unit] - middle[0]);
        y[unit] = to[1] + scale * (y[unit] - middle[1]);
        radius[unit] *= scale;
      }
    }

    /** The unit whose circle a point is in, or OUTSIDE. */
    at(px, py) {
      const { order, radius, x, y } = this;
      const found = order.findLast((unit) => (px - x[unit]) ** 2 + (py - y[unit]) ** 2 <= radius[unit] ** 2);
      return found === undefined ? OUTSIDE : found;
    }

    outline(unit) {
      const path = new Path2D();
      if (this.radius[unit]) path.arc(this.x[unit], this.y[unit], this.radius[unit], 0, 2 * Math.PI);
      return path;
    }

    box(unit) {
      const [x, y, radius] = [this.x[unit], this.y[unit], this.radius[unit]];
      return [x - radius, y - radius, x + radius, y + radius];
    }

    /** Radius, in coordinates of the page, of a circle for so many votes. */
    radiusOf(votes) {
      const largest = this.order[0];
      return largest === undefined ? 0 : this.radius[largest] * Math.sqrt(votes / this.votes[largest]);
    }
  }

  global.TwoNationsCircles = VoteCircles;
})(window);
