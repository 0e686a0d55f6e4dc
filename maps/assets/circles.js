/*
 * Land does not vote: units as circles whose areas are their votes, near where they lie, none on
 * another.
 *
 * D. Dorling, "Area Cartograms: Their Use and Creation", 1996: circles that overlap push each other
 * apart, the larger one less, until none do. From where the land is that takes thousands of rounds
 * around a large city, and forty or so from a map on which every region has been given the room that
 * its circles need. No chance is involved, so that a map is the same everywhere.
 */
(function (global) {
  "use strict";

  const OUTSIDE = -1;
  const FILLED = 0.38; // share of the land's area that all circles have
  const DENSEST = 0.75; // share of a region that its circles may have before they push each other
  const TURNS = [0, 2, 1, 3, 0, 2].map((eighth) => (eighth * Math.PI) / 8); // from which regions are cut
  const STEP = 0.5; // of the way, from each of them
  const STEPS = 80; // rounds of pushing at most, from one turn to the next
  const MANY = 25000; // circles that are spread further at once, and pushed in fewer rounds
  const WORK = 5e6; // their number times the rounds, for which a browser can wait
  const TOUCHING = 1e-3; // of a radius, that two circles may share
  const SMALLEST = 0.85; // share of their radius that circles keep

  const area = ([west, south, east, north]) => (east - west) * (north - south);

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
      this.arrange();
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

    /** Give regions room, from another side each time so that no cut shows, until no circles overlap. */
    arrange() {
      if (!this.order.length) return;
      const isLarge = this.n > MANY;
      const [first, last] = isLarge ? [4, 4] : [2, TURNS.length];
      for (const [k, turn] of TURNS.slice(0, last).entries()) {
        this.spread(turn);
        if (k + 1 >= first && this.settle(isLarge ? Math.max(STEPS / 4, WORK / this.n) : STEPS)) return;
      }
    }

    /** Move circles a part of the way to where every region has the room that it needs. */
    spread(turn) {
      const { order, x, y } = this;
      const before = [x.slice(), y.slice()];
      this.turn(turn);
      this.share();
      this.turn(-turn);
      for (const unit of order) {
        x[unit] = before[0][unit] + STEP * (x[unit] - before[0][unit]);
        y[unit] = before[1][unit] + STEP * (y[unit] - before[1][unit]);
      }
    }

    /** Turn the whole map around by so many radians. */
    turn(angle) {
      const { order, x, y } = this;
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      for (const unit of order) {
        [x[unit], y[unit]] = [cos * x[unit] - sin * y[unit], sin * x[unit] + cos * y[unit]];
      }
    }

    /**
     * Give every region the room that its circles need, and an equal part of what is left of its own.
     *
     * The box of the map is halved by the middle of its units, and each half again, across its longer
     * side; what a cut divides is shared out by what either side needs.
     */
    share() {
      const { order } = this;
      const box = this.boxOfAll();
      const need = Float64Array.from(this.radius, (radius) => (Math.PI * radius * radius) / DENSEST);
      const needed = order.reduce((sum, unit) => sum + need[unit], 0);
      const kept = area(box) ? Math.max(0, 1 - needed / area(box)) : 0;
      const waiting = [{ units: order.slice(), from: box, to: box }];
      while (waiting.length) {
        const { units, from, to } = waiting.pop();
        if (units.length === 1) this.move(units[0], from, to);
        else waiting.push(...this.halve(units, from, to, need, kept));
      }
    }

    /** Two halves of some units: which, where they are, and where they go. */
    halve(units, from, to, need, kept) {
      const axis = to[2] - to[0] >= to[3] - to[1] ? 0 : 1;
      const at = axis ? this.y : this.x;
      units.sort((a, b) => at[a] - at[b] || a - b);
      const middle = Math.floor(units.length / 2);
      const cut = (at[units[middle - 1]] + at[units[middle]]) / 2;
      const halves = [units.subarray(0, middle), units.subarray(middle)];
      const before = [from.with(2 + axis, cut), from.with(axis, cut)];
      const [low, high] = halves.map((half, k) =>
        half.reduce((sum, unit) => sum + need[unit], 0) + kept * area(before[k])
      );
      const there = to[axis] + (low / (low + high)) * (to[2 + axis] - to[axis]);
      const after = [to.with(2 + axis, there), to.with(axis, there)];
      return halves.map((half, k) => ({ units: half, from: before[k], to: after[k] }));
    }

    /** Move a circle from one box to the same place in another. */
    move(unit, from, to) {
      for (const [axis, at] of [this.x, this.y].entries()) {
        const wide = from[2 + axis] - from[axis];
        const share = wide ? (at[unit] - from[axis]) / wide : 0.5;
        at[unit] = to[axis] + share * (to[2 + axis] - to[axis]);
      }
    }

    /** West, south, east and north of all circles. */
    boxOfAll() {
      const { order, radius, x, y } = this;
      const box = [Infinity, Infinity, -Infinity, -Infinity];
      for (const unit of order) {
        box[0] = Math.min(box[0], x[unit] - radius[unit]);
        box[1] = Math.min(box[1], y[unit] - radius[unit]);
        box[2] = Math.max(box[2], x[unit] + radius[unit]);
        box[3] = Math.max(box[3], y[unit] + radius[unit]);
      }
      return box;
    }

    /** Push circles apart, round after round; whether none overlap in the end. */
    settle(rounds) {
      for (let round = 0; round < rounds; round++) if (!this.push()) return true;
      return false;
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
      const { radius, x, y } = this;
      const box = this.boxOfAll();
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
