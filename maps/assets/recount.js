/* The figures of a plan, counted as partition/metrics counts them; nothing of the page is touched. */
(function (global) {
  "use strict";

  const { numberReader } = global.TwoNationsTopology;
  const [RED, BLUE] = [0, 1];

  /** To the nearest whole number, halves to the even one. */
  function round(value) {
    const below = Math.floor(value);
    const rest = value - below;
    return rest === 0.5 ? below + (below % 2 === 0 ? 0 : 1) : Math.round(value);
  }

  /** Edges as maps/what_if.py writes them: two units each, and the border in steps. */
  function decodeEdges(text) {
    const next = numberReader(text);
    const n = next();
    const pairs = new Int32Array(2 * n);
    const border = new Float64Array(n);
    let first = 0;
    for (let i = 0; i < n; i++) pairs[2 * i] = first += next();
    for (let i = 0; i < n; i++) pairs[2 * i + 1] = pairs[2 * i] + next();
    for (let i = 0; i < n; i++) border[i] = next();
    return { n, pairs, border };
  }

  /** The first unit of the connected piece of every unit, over the edges that `joins`. */
  function components(n, edges, joins) {
    const root = Int32Array.from({ length: n }, (_, unit) => unit);
    const find = (unit) => {
      while (root[unit] !== unit) unit = root[unit] = root[root[unit]];
      return unit;
    };
    for (let i = 0; i < edges.n; i++) {
      const [a, b] = [edges.pairs[2 * i], edges.pairs[2 * i + 1]];
      if (!joins(a, b)) continue;
      const [one, other] = [find(a), find(b)];
      root[Math.max(one, other)] = Math.min(one, other);
    }
    return root.map((_, unit) => find(unit));
  }

  /** The electors of a state, shared by people: largest remainders, ties to more people, to blue. */
  function keptElectors(seats, people) {
    const weights = people[RED] + people[BLUE] ? people : [1, 1];
    const total = weights[RED] + weights[BLUE];
    const given = weights.map((one) => Math.floor((seats * one) / total));
    const rank = (part) => [(seats * weights[part]) % total, weights[part]];
    const [red, blue] = [rank(RED), rank(BLUE)];
    const isBlueFirst = blue[0] === red[0] ? blue[1] >= red[1] : blue[0] > red[0];
    const order = isBlueFirst ? [BLUE, RED] : [RED, BLUE];
    order.slice(0, seats - given[RED] - given[BLUE]).forEach((part) => (given[part] += 1));
    return given;
  }

  class Recount {
    /** `units` are those of the page, `counted` what maps/what_if.py says counts. */
    constructor(units, counted) {
      this.units = units;
      this.edges = decodeEdges(counted.edges);
      this.stepsPerKm = counted.stepsPerKm;
      this.hasLengths = counted.hasLengths;
      this.electors = counted.electors;
      this.bound = counted.bound;
      this.people = counted.people === true ? units.people : counted.people;
      this.wholePeople = this.people && this.people.map(round);
      this.size = this.wholePeople || units.blue.map((votes, unit) => votes + units.red[unit]);
      this.landmass = components(units.n, this.edges, () => true);
      this.landmasses = new Set(this.landmass).size;
    }

    /** Every figure of a plan, the nation of every unit. */
    count(part) {
      const { units } = this;
      const nation = () => ({ units: 0, people: 0, blueVotes: 0, redVotes: 0, pieces: 0 });
      const nations = [nation(), nation()];
      const piece = components(units.n, this.edges, (a, b) => part[a] === part[b]);
      for (let unit = 0; unit < units.n; unit++) {
        const one = nations[part[unit]];
        one.units += 1;
        one.blueVotes += units.blue[unit];
        one.redVotes += units.red[unit];
        if (this.people) one.people += this.people[unit];
        if (piece[unit] === unit) one.pieces += 1;
      }
      nations.forEach((one, side) => {
        one.people = this.people ? round(one.people) : null;
        one.voters = one.blueVotes + one.redVotes;
        one.atHome = side === BLUE ? one.blueVotes : one.redVotes;
        one.stranded = one.voters - one.atHome;
      });
      const { landmasses } = this;
      const line = this.frontier(part);
      const figures = { nations, piece, landmasses, ...line, ...this.presidency(part, nations) };
      figures.voters = nations[RED].voters + nations[BLUE].voters;
      figures.atHome = nations[RED].atHome + nations[BLUE].atHome;
      return figures;
    }

    frontier(part) {
      const { n, pairs, border } = this.edges;
      let [cutEdges, length] = [0, 0];
      for (let i = 0; i < n; i++) {
        if (part[pairs[2 * i]] === part[pairs[2 * i + 1]]) continue;
        cutEdges += 1;
        length += border[i];
      }
      return { cutEdges, borderKm: this.hasLengths ? length / this.stepsPerKm : null };
    }

    /** Electoral votes of both nations, which of them leaves, and who wins what is left. */
    presidency(part, nations) {
      if (!this.electors || !this.people) return { presidency: null };
      const { units, wholePeople } = this;
      const sum = () => this.electors.map(() => [0, 0]);
      const [people, blue, red] = [sum(), sum(), sum()];
      for (let unit = 0; unit < units.n; unit++) {
        const state = units.state[unit];
        people[state][part[unit]] += wholePeople[unit];
        blue[state][part[unit]] += units.blue[unit];
        red[state][part[unit]] += units.red[unit];
      }
      const contests = nations.map(() => ({ electors: 0, blue: 0, red: 0, tied: 0 }));
      const tally = (contest, votes, electors) => {
        const [blueVotes, redVotes] = votes;
        contest.electors += electors;
        if (blueVotes === redVotes) contest.tied += electors;
        else contest[blueVotes > redVotes ? "blue" : "red"] += electors;
      };
      const together = { electors: 0, blue: 0, red: 0, tied: 0 };
      this.electors.forEach((seats, state) => {
        const kept = keptElectors(seats, people[state]);
        contests.forEach((contest, side) => {
          tally(contest, [blue[state][side], red[state][side]], kept[side]);
        });
        const all = (votes) => votes[state][RED] + votes[state][BLUE];
        tally(together, [all(blue), all(red)], seats);
      });
      const total = [RED, BLUE].map((side) => people.reduce((so, one) => so + one[side], 0));
      const isDivided = nations[RED].units && nations[BLUE].units;
      const leaving = isDivided ? (total[BLUE] <= total[RED] ? BLUE : RED) : null;
      const rest = leaving === null ? together : contests[1 - leaving];
      const winner = [RED, BLUE].find((side) => 2 * rest[side ? "blue" : "red"] > rest.electors);
      return {
        presidency: {
          electors: contests.map((one) => one.electors),
          leaving,
          leavingElectors: leaving === null ? 0 : contests[leaving].electors,
          winner: winner === undefined ? null : winner,
          margin: Math.abs(rest.blue - rest.red),
        },
      };
    }

    /** Lists of the units of every exclave: cut off from the main piece on its landmass. */
    exclaves(part, piece) {
      const sizes = new Map();
      const members = new Map();
      for (let unit = 0; unit < part.length; unit++) {
        const label = piece[unit];
        if (!members.has(label)) members.set(label, []);
        members.get(label).push(unit);
        sizes.set(label, (sizes.get(label) || 0) + this.size[unit]);
      }
      const main = new Map();
      const home = (label) => 2 * this.landmass[label] + part[label];
      for (const [label, size] of sizes) {
        const known = main.get(home(label));
        if (known === undefined || size > sizes.get(known)) main.set(home(label), label);
      }
      return [...members]
        .filter(([label]) => main.get(home(label)) !== label)
        .map(([, units]) => units);
    }
  }

  Object.assign(global.TwoNations, { Recount, round });
})(window);
