/* Two maps that always show the same place. */
(function (global) {
  "use strict";

  /** Let two Leaflet maps of one size follow each other; returns what switches it on and off. */
  global.TwoNations.link = function (maps) {
    let isOn = false;
    let leader = null;

    const lead = (map, act) => {
      if (!isOn || (leader && leader !== map)) return;
      leader = map;
      act(maps.find((other) => other !== map));
      leader = null;
    };
    for (const map of maps) {
      // While a person drags, only the pane moves; it is drawn again when they let go.
      map.on("drag", () => {
        lead(map, (other) => L.DomUtil.setPosition(other.getPane("mapPane"), map._getMapPanePos()));
      });
      map.on("moveend", () => {
        lead(map, (other) => other.setView(map.getCenter(), map.getZoom(), { animate: false }));
      });
    }
    return {
      set(value) {
        isOn = value;
        if (!isOn) return;
        const [first, ...rest] = maps;
        for (const other of rest) {
          other.setView(first.getCenter(), first.getZoom(), { animate: false });
        }
      },
    };
  };
})(window);
