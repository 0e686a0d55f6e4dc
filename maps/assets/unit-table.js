/* All units as a table, sorted and filtered, each row a way to the map. */
(function (global) {
  "use strict";

  const { Finder, make } = global.TwoNations;
  const PAGE = 100; // rows at a time

  const whole = (value) => value.toLocaleString("en-US");
  const element = (id) => document.getElementById(id);

  class UnitTable {
    constructor(page) {
      Object.assign(this, { page, units: page.units, shown: PAGE, sorted: "voters", sign: -1 });
      this.section = element("unit-table");
      this.button = element("unit-table-switch");
      this.columns = this.findColumns();
      element("tools").prepend(this.button);
      this.listen();
      // The map says which unit is spoken of; the table is one more place that shows it.
      page.selections.push({ select: (unit) => this.mark(unit), repaint() {} });
      page.map.on("planchange", () => this.isOpen && this.fill());
    }

    get isOpen() {
      return !this.section.hidden;
    }

    /** What the table says of a unit: [key, name, value, how it is written]. */
    findColumns() {
      const { names, states, state, parties, nations, people, peopleAre, peopleYear } = this.units;
      const votes = (unit) => [this.units.red[unit], this.units.blue[unit]]; // which may swing
      const part = () => this.page.layer.part;
      const columns = [
        ["name", "Name", (unit) => names[unit]],
        ["nation", "Nation", (unit) => nations[part()[unit]]],
        ["blue", `${parties[1]} votes`, (unit) => votes(unit)[1]],
        ["red", `${parties[0]} votes`, (unit) => votes(unit)[0]],
        ["stranded", "Stranded", (unit) => votes(unit)[1 - part()[unit]]],
        ["voters", "Voters", (unit) => votes(unit)[0] + votes(unit)[1]],
      ];
      if (states.length > 1) columns.splice(1, 0, ["state", "State", (unit) => states[state[unit]]]);
      const counted = peopleYear ? `People, ${peopleYear}` : "People";
      if (peopleAre === "people") columns.push(["people", counted, (unit) => people[unit]]);
      return columns.map(([key, name, value]) => ({ key, name, value }));
    }

    listen() {
      this.button.addEventListener("click", () => this.setOpen(!this.isOpen));
      element("unit-table-close").addEventListener("click", () => this.setOpen(false));
      this.section.addEventListener("keydown", (event) => {
        if (event.key === "Escape") this.setOpen(false);
      });
      const again = () => {
        this.shown = PAGE;
        this.fill();
      };
      element("unit-filter").addEventListener("input", again);
      element("unit-nation").addEventListener("change", again);
      element("unit-more").addEventListener("click", () => {
        const first = this.shown;
        this.shown += PAGE;
        this.fill();
        // The button may be gone now, and the focus goes on with the rows that have come.
        this.section.querySelectorAll("tbody button")[first].focus();
      });
      for (const nation of [0, 1]) {
        element(`move-${nation}`).addEventListener("click", () => {
          this.page.whatIf.moveTo(nation, this.found);
        });
      }
    }

    setOpen(isOpen) {
      this.section.hidden = !isOpen;
      this.button.setAttribute("aria-expanded", String(isOpen));
      if (isOpen) this.fill();
      element(isOpen ? "unit-filter" : "unit-table-switch").focus();
      this.page.hold(() => this.page.resize());
    }

    /** Units that the filter lets through, in the order of the column that was chosen. */
    find() {
      this.finder = this.finder || new Finder(this.units);
      const nation = element("unit-nation").value;
      const { value } = this.columns.find(({ key }) => key === this.sorted);
      const { part } = this.page.layer;
      const found = this.finder
        .matching(element("unit-filter").value)
        .filter((unit) => nation === "" || String(part[unit]) === nation);
      const compare = new Intl.Collator("en").compare;
      return found.sort((a, b) => {
        const [one, other] = [value(a), value(b)];
        const order = typeof one === "string" ? compare(one, other) : one - other;
        return this.sign * order || a - b;
      });
    }

    fill() {
      this.found = this.find();
      const rest = this.found.length - this.shown;
      element("unit-count").textContent = `${whole(this.found.length)} of ${whole(this.units.n)}`;
      element("unit-more").hidden = rest <= 0;
      element("unit-more").textContent = `Show ${whole(Math.min(PAGE, rest))} more`;
      for (const nation of [0, 1]) {
        element(`move-${nation}`).textContent =
          `Move all ${whole(this.found.length)} to ${this.units.nationsSaid[nation]}`;
      }
      this.fillHead();
      const rows = this.found.slice(0, this.shown).map((unit) => this.row(unit));
      this.section.querySelector("tbody").replaceChildren(...rows);
      this.mark(this.page.tooltip.unit);
    }

    fillHead() {
      const row = this.section.querySelector("thead tr");
      if (!row.children.length) {
        row.append(
          ...this.columns.map(({ key, name }) => {
            const button = make("button", "", name);
            button.type = "button";
            button.addEventListener("click", () => this.sort(key));
            const head = make("th", "", button);
            head.scope = "col";
            head.dataset.key = key;
            return head;
          })
        );
      }
      for (const head of row.children) {
        const isSorted = head.dataset.key === this.sorted;
        const order = this.sign < 0 ? "descending" : "ascending";
        head.setAttribute("aria-sort", isSorted ? order : "none");
      }
    }

    /** Sort by a column: texts from A on, numbers from the largest on, then the other way. */
    sort(key) {
      const { value } = this.columns.find((column) => column.key === key);
      const first = typeof value(0) === "string" ? 1 : -1;
      this.sign = key === this.sorted ? -this.sign : first;
      this.sorted = key;
      this.shown = PAGE;
      this.fill();
    }

    row(unit) {
      const cells = this.columns.map(({ key, value }) => {
        const content = value(unit);
        if (key === "name") {
          const button = make("button", "", content);
          button.type = "button";
          button.addEventListener("click", () => this.goTo(unit));
          const head = make("th", "", button);
          head.scope = "row";
          return head;
        }
        if (key === "nation") {
          const side = this.page.layer.part[unit];
          return make("td", `nation side-${side}`, content);
        }
        return typeof content === "number"
          ? make("td", "number", whole(content))
          : make("td", "", content);
      });
      const row = make("tr", "", ...cells);
      row.dataset.unit = unit;
      return row;
    }

    /** Show a unit on the map; where the table lies over the map, it makes way. */
    goTo(unit) {
      const isOver = this.section.getBoundingClientRect().height > 0.8 * innerHeight;
      if (isOver) this.setOpen(false);
      if (isOver) this.page.goToUnit(unit);
      else this.page.showUnit(unit);
    }

    mark(unit) {
      if (!this.isOpen) return;
      for (const row of this.section.querySelectorAll("tbody tr")) {
        row.toggleAttribute("data-spoken-of", Number(row.dataset.unit) === unit);
      }
    }
  }

  global.TwoNations.startUnitTable = (page) => (page.table = new UnitTable(page));
})(window);
