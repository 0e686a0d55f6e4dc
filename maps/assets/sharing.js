/* The data of a page as files, and a page inside another one. */
(function (global) {
  "use strict";

  const { csvText, geojson, planTable, plansTable } = global.TwoNationsTables;

  /** Have the browser save a text as a file, from a page that needs no server. */
  function save(text, name, type) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  const saveTable = ({ header, rows }, name) => save(csvText(header, rows), `${name}.csv`, "text/csv");

  /** The plan that is shown as a file that `partition measure` and `--start` read. */
  const savePlan = (units, part) => saveTable(planTable(units, part), "plan");

  /** What a page shows as a table: its plan, as it is now, or all of its plans. */
  const tableOf = (page) => {
    const plans = page.sharedPlans ? page.sharedPlans() : null;
    return plans ? plansTable(page.units, plans) : planTable(page.units, page.layer.part);
  };

  function startSharing(page) {
    const isEmbedded = "embed" in document.documentElement.dataset;
    const whole = document.getElementById("whole");
    const [table, shapes] = ["take-table", "take-shapes"].map((id) => document.getElementById(id));
    const name = page.sharedPlans ? "plans" : "plan";
    table.addEventListener("click", () => page.asCast(() => saveTable(tableOf(page), name)));
    shapes.hidden = !page.units.ways.length;
    shapes.addEventListener("click", () => page.asCast(() => {
      save(geojson(page.units, tableOf(page)), `${name}.geojson`, "application/geo+json");
    }));
    if (!isEmbedded) return;
    const update = () => (whole.href = location.pathname + location.hash);
    whole.addEventListener("pointerdown", update);
    whole.addEventListener("focus", update);
    update();
  }

  Object.assign(global.TwoNations, { savePlan, startSharing });
})(window);
