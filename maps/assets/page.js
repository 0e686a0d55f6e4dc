/* What a person does with the map: point at a county, tap it, walk to it by keys, switch views. */
(function (global) {
  "use strict";

  const NATION = ["Red nation", "Blue nation"];
  const NARROW = "(max-width: 760px)";
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

  function describe(data, unit) {
    const votes = [data.red[unit], data.blue[unit]];
    const total = votes[0] + votes[1];
    const part = data.part[unit];
    const lead = votes[1] > votes[0] ? 1 : 0;
    const row = (side) => {
      const bar = make("span", `bar side-${side}`);
      bar.style.width = `${total ? (100 * votes[side]) / total : 0}%`;
      return make(
        "tr",
        "",
        make("th", "", data.parties[side]),
        make("td", "", whole(votes[side])),
        make("td", "", total ? percent(votes[side] / total) : "–"),
        make("td", "bars", bar)
      );
    };
    const margin = total ? Math.abs(votes[1] - votes[0]) / total : 0;
    const stranded = total ? ` (${percent(votes[1 - part] / total)})` : "";
    const points = (100 * margin).toFixed(1);
    const state = data.states[data.state[unit]];
    return [
      make("p", "name", make("strong", "", data.names[unit]), " ", make("span", "", state)),
      make("p", `nation side-${part}`, NATION[part]),
      make("table", "", make("tbody", "", row(1), row(0))),
      make("p", "", margin ? `Margin: ${data.parties[lead]} +${points} points` : "Margin: none"),
      make("p", "", `Stranded: ${whole(votes[1 - part])} voters${stranded}`),
    ];
  }

  class Tooltip {
    constructor(nations, element) {
      this.nations = nations;
      this.element = element;
    }

    /** Describe the unit at a Leaflet position, beside the point of the window given. */
    show(latlng, point) {
      const unit = this.nations.unitAt(latlng);
      if (unit !== this.nations.selected) {
        this.nations.select(unit);
        this.element.replaceChildren(...(unit < 0 ? [] : describe(this.nations.data, unit)));
        this.element.hidden = unit < 0;
      }
      if (unit >= 0) this.place(point);
    }

    hide() {
      this.nations.select(-1);
      this.element.hidden = true;
    }

    /** Right of and below the point, or on the other side where the window ends. */
    place({ x, y }) {
      const { offsetWidth: width, offsetHeight: height } = this.element;
      const left = x + 16 + width > innerWidth - 8 ? x - 16 - width : x + 16;
      const top = y + 16 + height > innerHeight - 8 ? y - 16 - height : y + 16;
      this.element.style.transform = `translate(${Math.max(8, left)}px, ${Math.max(8, top)}px)`;
    }
  }

  /** The part of the window that the panel leaves to the map. */
  function freeArea() {
    const head = document.getElementById("panel-head").getBoundingClientRect();
    const body = document.getElementById("panel-body").getBoundingClientRect();
    return matchMedia(NARROW).matches
      ? { left: 6, top: head.bottom, right: innerWidth - 6, bottom: body.top }
      : { left: head.right + 20, top: 12, right: innerWidth - 20, bottom: innerHeight - 12 };
  }

  function fit(map, [west, south, east, north]) {
    const area = freeArea();
    const bounds = L.latLngBounds([south, west], [north, east]);
    map.invalidateSize({ animate: false });
    map.setMinZoom(-10);
    map.fitBounds(bounds, {
      paddingTopLeft: [area.left, area.top],
      paddingBottomRight: [innerWidth - area.right, innerHeight - area.bottom],
      animate: false,
    });
    map.setMinZoom(map.getZoom() - 0.5);
    map.setMaxBounds(bounds.pad(1));
  }

  /** Pointing, tapping, and arrow keys that pan the map under a mark in its middle. */
  function listen(map, tooltip) {
    const mark = document.getElementById("mark");
    const container = map.getContainer();
    let isByKeyboard = false;
    const setKeyboard = (value) => {
      isByKeyboard = value;
      mark.hidden = !value;
    };
    const showMiddle = () => {
      const area = freeArea();
      const point = L.point((area.left + area.right) / 2, (area.top + area.bottom) / 2);
      mark.style.transform = `translate(${point.x}px, ${point.y}px)`;
      tooltip.show(map.containerPointToLatLng(point), point);
    };
    map.on("mousemove click", (event) => {
      setKeyboard(false);
      tooltip.show(event.latlng, event.containerPoint);
    });
    // After a tap, a mouse resting elsewhere "leaves" the map: that takes nothing back.
    let isByTouch = false;
    for (const kind of ["pointerdown", "pointermove"]) {
      container.addEventListener(kind, (event) => (isByTouch = event.pointerType === "touch"));
    }
    map.on("mouseout", () => isByKeyboard || isByTouch || tooltip.hide());
    map.on("dragstart zoomstart", () => isByKeyboard || tooltip.hide());
    map.on("moveend", () => isByKeyboard && showMiddle());
    container.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        setKeyboard(false);
        tooltip.hide();
      } else if (event.key.startsWith("Arrow") || "+-=".includes(event.key)) {
        setKeyboard(true);
      }
    });
    container.addEventListener("blur", () => {
      setKeyboard(false);
      tooltip.hide();
    });
  }

  function startPage(map, data) {
    const nations = new global.TwoNations(map, data);
    const tooltip = new Tooltip(nations, document.getElementById("tooltip"));
    const details = document.getElementById("details");
    const narrow = matchMedia(NARROW);
    const refit = () => fit(map, data.bounds);
    const fold = () => (details.open = !narrow.matches);

    fold();
    narrow.addEventListener("change", fold);
    refit();
    addEventListener("resize", refit);
    listen(map, tooltip);
    for (const choice of document.querySelectorAll("input[name=view]")) {
      const setView = () => {
        document.documentElement.dataset.view = choice.value;
        nations.setView(choice.value);
      };
      choice.addEventListener("change", setView);
      if (choice.checked && choice.value !== nations.view) setView();
    }
    return nations;
  }

  global.startTwoNations = startPage;
})(window);
