/* All plans as tables: a short one beside the map where there are no dials, and one with everything. */
(function (global) {
  "use strict";

  const { make } = global.TwoNations;

  class PlanList {
    constructor(page) {
      this.page = page;
      this.dialog = document.getElementById("table");
      this.rows = [...document.querySelectorAll("#plans tbody tr")];
      const on = (id, act) => document.getElementById(id).addEventListener("click", act);
      on("open-table", () => this.open());
      on("close-table", () => this.dialog.close());
      this.rows.forEach((row, index) => {
        const [pin, here] = row.querySelectorAll("input");
        pin.addEventListener("change", () => page.pin(index));
        here.addEventListener("change", () => page.go(index));
        row.addEventListener("click", (event) => event.target.closest("label") || page.go(index));
      });
    }

    /** The table with everything is made when it is opened. */
    open() {
      const { page, dialog } = this;
      const body = dialog.querySelector("tbody");
      if (!body.rows.length) {
        const heads = page.words.tableHead().map((text) => {
          const head = make("th", "", text);
          head.scope = "col";
          return head;
        });
        dialog.querySelector("thead").append(make("tr", "", ...heads));
        body.append(...page.plans.map((_, index) => this.row(index)));
      }
      dialog.showModal();
      this.mark();
      const row = body.rows[page.index];
      row.scrollIntoView({ block: "center" });
      row.querySelector("button").focus();
      dialog.querySelector(".table-body").scrollLeft = 0; // a row is wider than the window
    }

    row(index) {
      const [title, ...cells] = this.page.words.tableRow(index);
      const button = make("button", "", title);
      button.type = "button";
      const head = make("th", "", button);
      head.scope = "row";
      const row = make("tr", "", head, ...cells.map((text) => make("td", "", text)));
      row.addEventListener("click", () => {
        this.page.go(index);
        this.dialog.close();
      });
      return row;
    }

    /** Show which plan is looked at, and which is pinned. */
    mark() {
      const { index: here, reference } = this.page;
      this.rows.forEach((row, index) => {
        const [pin, choice] = row.querySelectorAll("input");
        pin.checked = index === reference;
        choice.checked = index === here;
        row.classList.toggle("chosen", pin.checked || choice.checked);
      });
      if (!this.dialog.open) return;
      [...this.dialog.querySelector("tbody").rows].forEach((row, index) => {
        if (index === here) row.setAttribute("aria-current", "true");
        else row.removeAttribute("aria-current");
      });
    }
  }

  global.TwoNations.PlanList = PlanList;
})(window);
