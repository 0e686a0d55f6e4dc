/* What is said of a unit, beside the mouse, the finger or the mark of the keyboard. */
(function (global) {
  "use strict";

  const PERCENT = "\u202f%";

  const whole = (value) => value.toLocaleString("en-US");
  const percent = (share) => (100 * share).toFixed(1) + PERCENT;

  /** An element with text, never with markup: names come from anybody's file. */
  function make(tag, className, ...content) {
    const element = document.createElement(tag);
    element.className = className;
    element.append(...content);
    return element;
  }

  function votesTable(units, unit) {
    const votes = [units.red[unit], units.blue[unit]];
    const total = votes[0] + votes[1];
    const row = (side) => {
      const bar = make("span", `bar side-${side}`);
      bar.style.width = `${total ? (100 * votes[side]) / total : 0}%`;
      return make(
        "tr",
        "",
        make("th", "", units.parties[side]),
        make("td", "", whole(votes[side])),
        make("td", "", total ? percent(votes[side] / total) : "–"),
        make("td", "bars", bar)
      );
    };
    return make("table", "", make("tbody", "", row(1), row(0)));
  }

  function stranded(units, unit, part) {
    const total = units.blue[unit] + units.red[unit];
    const count = part ? units.red[unit] : units.blue[unit];
    return `Stranded: ${whole(count)} voters${total ? ` (${percent(count / total)})` : ""}`;
  }

  /** In how many of the good plans that are known a unit is in the nation that most of them choose. */
  function countGood(units, unit) {
    if (!units.goodBlue) return "";
    const blue = units.goodBlue[unit];
    const side = 2 * blue >= units.goodPlans ? 1 : 0;
    const count = side ? blue : units.goodPlans - blue;
    return `: ${units.nationsSaid[side]} in ${whole(count)} of ${whole(units.goodPlans)} found`;
  }

  /** Paragraphs about a unit; `plans` are [label, nation of every unit], with or without labels. */
  function describe(units, unit, plans) {
    const [red, blue] = [units.red[unit], units.blue[unit]];
    const lead = blue > red ? 1 : 0;
    const margin = red + blue ? Math.abs(blue - red) / (red + blue) : 0;
    const points = (100 * margin).toFixed(1);
    const state = units.states[units.state[unit]];
    const lines = [
      make("p", "name", make("strong", "", units.names[unit]), " ", make("span", "", state)),
    ];
    for (const [label, part] of plans) {
      const nation = make("p", `nation side-${part[unit]}`, `${units.nations[part[unit]]} nation`);
      if (label) nation.append(" ", make("span", "", label));
      lines.push(nation);
    }
    lines.push(
      votesTable(units, unit),
      make("p", "", margin ? `Margin: ${units.parties[lead]} +${points} points` : "Margin: none")
    );
    if (new Set(plans.map(([, part]) => part[unit])).size === 1) {
      lines.push(make("p", "", stranded(units, unit, plans[0][1][unit])));
    }
    if (units.peopleAre === "people") {
      lines.push(make("p", "", `Population${units.peopleYear && ", " + units.peopleYear}: ${whole(units.people[unit])}`));
    }
    if (units.robustness) {
      lines.push(make("p", "", units.robustnessSaid[units.robustness[unit]] + countGood(units, unit)));
    }
    const group = units.switching ? units.switchingGroups[units.switching[unit]] : null;
    if (group) lines.push(make("p", "", group.said));
    return lines;
  }

  class Tooltip {
    /** `plans` tells what to say of a unit's nation; `selections` outline the unit. */
    constructor(units, selections, plans) {
      Object.assign(this, { units, selections, plans, unit: -1, note: () => "" });
      this.element = document.getElementById("tooltip");
    }

    /** Describe a unit beside a point of the window; nothing for -1. */
    show(unit, point) {
      if (unit !== this.unit) {
        this.unit = unit;
        for (const selection of this.selections) selection.select(unit);
        this.element.replaceChildren(...(unit < 0 ? [] : this.lines()));
        this.element.hidden = unit < 0;
      }
      if (unit >= 0) this.place(point);
    }

    hide() {
      this.show(-1);
    }

    /** Say it anew: the unit is the same, and the plans may be others. */
    refresh() {
      if (this.unit < 0) return;
      this.element.replaceChildren(...this.lines());
    }

    /** What is said of the unit, and a note of what has become of it. */
    lines() {
      const note = this.note(this.unit);
      const lines = describe(this.units, this.unit, this.plans());
      return note ? [...lines, make("p", "note", note)] : lines;
    }

    /** Right of and below the point, or on the other side where the window ends. */
    place({ x, y }) {
      const { offsetWidth: width, offsetHeight: height } = this.element;
      const left = x + 16 + width > innerWidth - 8 ? x - 16 - width : x + 16;
      const top = y + 16 + height > innerHeight - 8 ? y - 16 - height : y + 16;
      this.element.style.transform = `translate(${Math.max(8, left)}px, ${Math.max(8, top)}px)`;
    }
  }

  /**
   * Point, tap, focus, and walk by arrow keys that pan the map under a mark in its middle.
   * `middle` tells the point of the map's container that the mark is on.
   */
  function listen(map, units, tooltip, middle) {
    const mark = document.getElementById("mark");
    const container = map.getContainer();
    let isByKeyboard = false;
    let isByTouch = false;
    let isPressed = false;

    const inWindow = (point) => {
      const { left, top } = container.getBoundingClientRect();
      return L.point(point.x + left, point.y + top);
    };
    const tell = (latlng, point) => {
      const { x, y } = map.options.crs.projection.project(latlng);
      tooltip.show(units.at(x, y), inWindow(point));
    };
    const setKeyboard = (value) => {
      isByKeyboard = value;
      mark.hidden = !value;
    };
    const tellMiddle = () => {
      const point = middle();
      const { x, y } = inWindow(point);
      mark.style.transform = `translate(${x}px, ${y}px)`;
      tell(map.containerPointToLatLng(point), point);
    };
    const startKeyboard = () => {
      setKeyboard(true);
      tellMiddle();
    };

    map.on("mousemove click", (event) => {
      setKeyboard(false);
      tell(event.latlng, event.containerPoint);
    });
    // After a tap, a mouse resting elsewhere "leaves" the map: that takes nothing back.
    for (const kind of ["pointerdown", "pointermove"]) {
      container.addEventListener(kind, (event) => (isByTouch = event.pointerType === "touch"));
    }
    map.on("mouseout", () => isByKeyboard || isByTouch || tooltip.hide());
    map.on("dragstart zoomstart", () => isByKeyboard || tooltip.hide());
    map.on("moveend", () => isByKeyboard && tellMiddle());
    container.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        setKeyboard(false);
        tooltip.hide();
      } else if (event.key.startsWith("Arrow") || "+-=".includes(event.key)) {
        setKeyboard(true);
      }
    });
    // Leaflet focuses the map when it is clicked; only a focus that came by the keyboard tells.
    container.addEventListener("pointerdown", () => (isPressed = true), true);
    addEventListener("pointerup", () => (isPressed = false), true);
    container.addEventListener("focus", () => isPressed || isByTouch || startKeyboard());
    container.addEventListener("blur", () => {
      setKeyboard(false);
      tooltip.hide();
    });
  }

  Object.assign(global.TwoNations, { Tooltip, listen, make });
})(window);
