/* A box that finds a unit by its name, as a combobox of the ARIA authoring practices. */
(function (global) {
  "use strict";

  const MOST = 8;
  const { make } = global.TwoNations;

  /** Letters without accents, in small. */
  const plain = (text) =>
    text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  const words = (text) => plain(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean);

  class Finder {
    constructor(units) {
      this.units = units;
      this.words = units.names.map((name, i) => words(`${name} ${units.states[units.state[i]]}`));
      this.names = units.names.map(plain);
    }

    /** Units of which every word of the query starts a word, in their order; all for no word. */
    matching(query) {
      const wanted = words(query);
      const starts = (unit, word) => this.words[unit].some((one) => one.startsWith(word));
      return [...this.words.keys()].filter((unit) => wanted.every((word) => starts(unit, word)));
    }

    /** Units of which every word of the query starts a word, exact names and voters first. */
    find(query) {
      const [first] = words(query);
      if (first === undefined) return [];
      const { blue, red } = this.units;
      const found = this.matching(query).map((unit) => {
        const isName = words(this.names[unit])[0] === first;
        return [isName ? 1 : 0, blue[unit] + red[unit], unit];
      });
      found.sort((a, b) => b[0] - a[0] || b[1] - a[1]);
      return found.slice(0, MOST).map(([, , unit]) => unit);
    }
  }

  global.TwoNations.Finder = Finder;

  /** Show suggestions while a person types, and call `choose(unit)` for the one taken. */
  global.TwoNations.startSearch = function (units, choose) {
    const input = document.getElementById("search");
    const list = document.getElementById("found");
    let finder = null;
    let found = [];
    let active = -1;

    function close() {
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function activate(index) {
      active = index;
      [...list.children].forEach((option, i) => {
        option.setAttribute("aria-selected", String(i === index));
      });
      if (index < 0) input.removeAttribute("aria-activedescendant");
      else input.setAttribute("aria-activedescendant", `found-${index}`);
    }

    function take(unit) {
      close();
      const parts = [units.names[unit], units.states[units.state[unit]]];
      input.value = parts.filter(Boolean).join(", ");
      choose(unit); // which takes the focus to the map
    }

    function suggest() {
      finder = finder || new Finder(units);
      found = finder.find(input.value);
      if (!words(input.value).length) return close();
      const options = found.map((unit, i) => {
        const state = make("span", "", units.states[units.state[unit]]);
        const option = make("li", "", units.names[unit], " ", state);
        option.id = `found-${i}`;
        option.setAttribute("role", "option");
        // Before the click takes the focus away, which closes the list.
        option.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          take(unit);
        });
        return option;
      });
      if (!options.length) options.push(make("li", "none", "No such name"));
      list.replaceChildren(...options);
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      activate(found.length ? 0 : -1);
    }

    // The focus stays where `take` puts it.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    input.addEventListener("input", suggest);
    input.addEventListener("focus", () => input.select());
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && found.length && !list.hidden) {
        event.preventDefault();
        activate((active + step + found.length) % found.length);
      } else if (event.key === "Enter" && active >= 0) {
        event.preventDefault();
        take(found[active]);
      } else if (event.key === "Escape") {
        close();
      }
    });
  };
})(window);
