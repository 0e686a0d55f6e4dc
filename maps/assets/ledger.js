/* Figures of a changed plan, each beside its change, in the words of the terminal's table. */
(function (global) {
  "use strict";

  const { make } = global.TwoNations;
  const [RED, BLUE] = [0, 1];
  const MINUS = "\u2212";

  /** Whether a number lies exactly in the middle between two with so many decimals. */
  function isTie(value, decimals) {
    const digits = value.toFixed(Math.min(100, decimals + 40));
    return /^50*$/.test(digits.slice(digits.indexOf(".") + 1 + decimals));
  }

  /** With so many decimals, and exact ties to the even digit, as Python writes it. */
  function fixed(value, decimals) {
    const text = value.toFixed(decimals);
    if (!isTie(value, decimals) || Number(text[text.length - 1]) % 2 === 0) return text;
    return (Number(text) - Math.sign(value) * 10 ** -decimals).toFixed(decimals);
  }

  const whole = (value) => Number(fixed(value, 0)).toLocaleString("en-US");
  const percent = (share, decimals = 1) => `${fixed(100 * share, decimals)} %`;
  const signed = (value, write) => (value > 0 ? "+" : MINUS) + write(Math.abs(value));
  const share = (part, all) => (all ? part / all : null);

  /**
   * Rows of [label, value of a plan, how to write it, how to write a change]. A value is a list for
   * the red and the blue nation, or one for both, and null where it is not known.
   */
  function rows({ parties, peopleYear }, plan) {
    const each = (key) => (plan) => plan.nations.map((one) => one[key]);
    const president = (key) => (plan) => (plan.presidency ? plan.presidency[key] : null);
    const votes = plan.voters > 0 ? whole : () => "-";
    const { landmasses } = plan;
    const pieces = landmasses > 1 ? `Pieces on ${whole(landmasses)} landmasses` : "Pieces";
    const points = (change) => signed(change, (value) => `${fixed(100 * value, 1)} points`);
    const count = (change) => signed(change, whole);
    const list = [
      [peopleYear ? `People, ${peopleYear}` : "People", (plan) => plan.nations.map((one) => one.people), whole, count],
      [
        "Self-determined",
        (plan) => plan.nations.map((one) => share(one.atHome, one.voters)),
        percent,
        points,
      ],
      ["Stranded voters", each("stranded"), votes, count],
      ["Electoral votes", president("electors"), whole, count],
      [pieces, each("pieces"), whole, count],
      ["Frontier (km)", (plan) => plan.borderKm, whole, count],
      ["Cut edges", (plan) => plan.cutEdges, whole, count],
      ["Electoral votes leaving", president("leavingElectors"), whole, count],
      ["Units", each("units"), whole, count],
      [`${parties[BLUE]} votes`, each("blueVotes"), votes, count],
      [`${parties[RED]} votes`, each("redVotes"), votes, count],
    ];
    return list.map(([label, value, write, change]) => ({ label, value, write, change }));
  }

  /** "Trump +77", or nobody where nobody has more than half. */
  function winner(presidency, parties) {
    if (presidency.winner === null) return "nobody";
    return `${parties[presidency.winner]} +${whole(presidency.margin)}`;
  }

  class Ledger {
    /** `table` gets the head of the table of the plan itself, which calls the nations by name. */
    constructor(table, units, plan) {
      Object.assign(this, { body: make("tbody", ""), parties: units.parties, plan });
      const head = document.querySelector("#details table:not(.what-if) thead");
      table.replaceChildren(make("caption", "", "The plan as it is now, and each change"));
      table.append(...(head ? [head.cloneNode(true)] : []), this.body);
      this.rows = rows(units, plan);
    }

    cell(row, before, now, columns = 1) {
      const cell = make("td", "", now === null ? "-" : row.write(now));
      cell.colSpan = columns;
      // What rounds to nothing is no change.
      const isKnown = before !== null && now !== null;
      const text = isKnown && now !== before ? row.change(now - before) : "";
      if (/[1-9]/.test(text)) cell.append(make("small", "", text));
      return cell;
    }

    show(now) {
      const lines = [];
      for (const row of this.rows) {
        const [before, after] = [row.value(this.plan), row.value(now)];
        const isBoth = Array.isArray(after);
        const values = isBoth ? [after[BLUE], after[RED]] : [after];
        const old = isBoth ? [before[BLUE], before[RED]] : [before];
        const cells = values.map((value, i) => this.cell(row, old[i], value, isBoth ? 1 : 2));
        if (cells.every((cell) => cell.textContent === "-")) continue;
        lines.push([row.label, ...cells]);
      }
      if (now.presidency) {
        const [before, after] = [this.plan, now].map((one) => winner(one.presidency, this.parties));
        const cell = make("td", "", after);
        cell.colSpan = 2;
        if (before !== after) cell.append(make("small", "", `in the plan ${before}`));
        const at = 1 + lines.findIndex(([label]) => label === "Electoral votes leaving");
        lines.splice(at, 0, ["President of the rest", cell]);
      }
      this.body.replaceChildren(
        ...lines.map(([label, ...cells]) => {
          const head = make("th", "", label);
          head.scope = "row";
          return make("tr", "", head, ...cells);
        })
      );
    }
  }

  Object.assign(global.TwoNations, { Ledger, fixed, whole, percent, signed });
})(window);
