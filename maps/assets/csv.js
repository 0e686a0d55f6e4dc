/* Tables as shapefiles/table_writing.py writes them, which no spreadsheet runs; see there. */
(function (global) {
  "use strict";

  const SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"; // and their wide forms
  const NUMBER = /^[+-]?[0-9.]+([eE][+-]?[0-9]+)?$/;
  const PART = /([;\t\n\v\f\r\x85\u2028\u2029])/;
  const PLAIN = /^[\p{L}\p{N}_.+-]*$/u;
  const DROPPED = /^["'\p{C}\p{Z}]/u; // what some programs do not see at the start of a cell
  const LONGEST = 1000; // characters of a name, as in maps/plan_table.py

  function isRun(part) {
    const seen = [...part].find((one) => !DROPPED.test(one));
    return seen !== undefined && SIGNS.includes(seen) && !NUMBER.test(part);
  }

  function cell(value) {
    const text = typeof value === "number"
      ? String(value)
      : value.split(PART).map((part) => (isRun(part) ? `'${part}` : part)).join("");
    return PLAIN.test(text) ? text : `"${text.replaceAll('"', '""')}"`;
  }

  /** A table with its header; every line ends. */
  const csvText = (header, rows) => [header, ...rows].map((row) => `${row.map(cell).join(",")}\n`).join("");

  /** A name as a file can hold it. */
  const written = (text) => [...text.slice(0, 2 * LONGEST)].slice(0, LONGEST).join("").replace(/\p{Cs}/gu, "\ufffd");

  const NATIONS = ["red", "blue"]; // in the order of the parts

  /** The plan as maps/plan_table.py writes it. */
  function planTable(units, part) {
    const header = ["GEOID", "nation", "nation_name", "name", "state", "blue_votes", "red_votes", "stranded_voters"];
    const rows = units.ids.map((id, unit) => {
      const names = [units.nations[part[unit]], units.names[unit], units.states[units.state[unit]]];
      const [blue, red] = [units.blue[unit], units.red[unit]];
      return [id, NATIONS[part[unit]], ...names.map(written), blue, red, part[unit] ? red : blue];
    });
    return { header, rows };
  }

  /**
   * Several plans: a column each says the nation, blue or red; no two columns are called the same.
   * Where it is known how sure a nation is among good plans, a column before says that.
   */
  function plansTable(units, plans) {
    const isSure = Boolean(units.robustness);
    const header = ["GEOID", "name", "state", "blue_votes", "red_votes", ...(isSure ? ["category"] : [])];
    for (const label of plans.map((plan) => written(plan.label))) {
      let column = label;
      for (let k = 2; header.includes(column); k++) column = `${label} (${k})`;
      header.push(column);
    }
    const rows = units.ids.map((id, unit) => {
      const names = [units.names[unit], units.states[units.state[unit]]].map(written);
      const nations = plans.map(({ part }) => NATIONS[part[unit]]);
      if (isSure) nations.unshift(units.robustnessCalled[units.robustness[unit]]);
      return [id, ...names, units.blue[unit], units.red[unit], ...nations];
    });
    return { header, rows };
  }

  global.TwoNationsTables = { csvText, planTable, plansTable };
})(window);
