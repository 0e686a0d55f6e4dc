/* The figures of all plans: as points between two of them, or as a field over two dials. */
(function (global) {
  "use strict";

  const { Chart, HeatMap } = global.TwoNations;
  const element = (id) => document.getElementById(id);

  class TradeOff {
    constructor(page, explored) {
      Object.assign(this, { page, measures: page.measures, showsReferences: explored.showsReferences });
      const go = (index) => page.go(index);
      const tell = (index) => page.words.describe(index);
      this.chart = new Chart(explored, go, tell);
      this.heat = page.dials.length > 1 ? new HeatMap(explored, go, tell) : null;
      this.references = document.querySelector("#references input");
      this.listen();
    }

    listen() {
      const chosen = (id) => this.measures.findIndex(({ key }) => key === element(id).value);
      for (const id of ["chart-across", "chart-up"]) {
        element(id).addEventListener("change", () => this.setMeasures(chosen("chart-across"), chosen("chart-up")));
      }
      for (const choice of document.querySelectorAll("input[name=figure]")) {
        choice.addEventListener("change", () => this.setFigure(choice.value));
      }
      if (this.references) {
        this.references.addEventListener("change", () => this.setReferences(this.references.checked));
      }
      this.listenToKeys();
    }

    listenToKeys() {
      const { page, chart, heat } = this;
      const keys = (host, steps) => host.addEventListener("keydown", (event) => {
        const move = steps[event.key];
        if (!move) return;
        event.preventDefault();
        move();
      });
      const show = (index) => {
        if (index >= 0) page.go(index);
        chart.show(page.index);
      };
      const along = (by) => () => show(page.step(by));
      keys(chart.host, {
        ArrowRight: along(1), ArrowLeft: along(-1), ArrowUp: along(1), ArrowDown: along(-1),
        Home: () => show(page.line[0]), End: () => show(page.line.at(-1)),
      });
      chart.host.addEventListener("focus", () => {
        if (chart.host.matches(":focus-visible")) chart.show(page.index);
      });
      if (!heat) return;
      const shift = (k, by) => () => {
        const place = page.plans[page.index].at[k] + by;
        if (place >= 0 && place < page.dials[k].values.length) page.turning.turn(k, place);
      };
      keys(heat.host, {
        ArrowRight: shift(0, 1), ArrowLeft: shift(0, -1), ArrowUp: shift(1, 1), ArrowDown: shift(1, -1),
      });
    }

    setMeasures(across, up) {
      element("chart-across").value = this.measures[across].key;
      element("chart-up").value = this.measures[up].key;
      this.chart.setMeasures(across, up);
      if (this.heat) this.heat.setMeasure(up);
      this.page.map.fire("viewchange");
    }

    setFigure(name) {
      const choice = document.querySelector(`input[name=figure][value="${CSS.escape(name)}"]`);
      if (!choice) return;
      choice.checked = true;
      document.documentElement.dataset.figure = name;
      this.chart.render();
      this.heat.render();
      this.page.map.fire("viewchange");
    }

    setReferences(isOn) {
      this.references.checked = isOn;
      this.chart.hasReferences = isOn;
      this.chart.render();
      this.page.map.fire("viewchange");
    }

    mark(index, pinned) {
      this.chart.mark(index, pinned);
      if (this.heat) this.heat.mark(index, pinned);
    }

    render() {
      this.chart.render();
      if (this.heat) this.heat.render();
    }

    /** Colours of a field are those of the theme. */
    repaint() {
      if (this.heat) this.heat.render();
    }

    state() {
      const { across, up, usual, hasReferences } = this.chart;
      const state = {};
      if (across !== usual[0]) state.across = this.measures[across].key;
      if (up !== usual[1]) state.up = this.measures[up].key;
      if (hasReferences !== this.showsReferences) state.others = Number(hasReferences);
      if (document.documentElement.dataset.figure !== "chart") state.figure = "heat";
      return state;
    }

    restore(state) {
      const measure = (key, usual) => {
        const found = this.measures.findIndex((one) => one.key === key);
        return found >= 0 ? found : usual;
      };
      const [across, up] = this.chart.usual;
      this.setMeasures(measure(state.across, across), measure(state.up, up));
      const others = state.others === undefined ? this.showsReferences : state.others === "1";
      if (this.references) this.setReferences(others);
      this.setFigure(state.figure === "heat" ? "heat" : "chart");
    }
  }

  global.TwoNations.TradeOff = TradeOff;
})(window);
