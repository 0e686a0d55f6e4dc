/*
 * Draws the units of a plan on a Leaflet map, and finds the unit under a point.
 *
 * Leaflet moves, zooms and sizes two canvases; what is on them is drawn here, as paths in map
 * units under one transformation, so that zooming projects nothing again.
 */
(function (global) {
  "use strict";

  const { OUTSIDE, decode, traceUnit, mesh, unitBoxes } = global.TwoNationsTopology;

  const SIDES = ["red", "blue"]; // in the order of the parts
  const NO_VOTES = "--no-votes";

  const rank = (breaks, value) => breaks.filter((limit) => value >= limit).length;

  /** How each view colours a unit: the name of a colour of the style sheet. */
  function colouring(data) {
    const { blue, red, part, agreementBreaks, marginBreaks } = data;
    return {
      agreement(unit) {
        const total = blue[unit] + red[unit];
        if (!total) return NO_VOTES;
        const share = (part[unit] ? blue : red)[unit] / total;
        return `--${SIDES[part[unit]]}-${rank(agreementBreaks, share)}`;
      },
      nations: (unit) => `--nation-${SIDES[part[unit]]}`,
      margin(unit) {
        const total = blue[unit] + red[unit];
        if (!total) return NO_VOTES;
        const lead = (blue[unit] - red[unit]) / total;
        return `--${SIDES[lead > 0 ? 1 : 0]}-${1 + rank(marginBreaks, Math.abs(lead))}`;
      },
    };
  }

  /**
   * Leaflet's canvas, for drawing by others: it does not wipe itself to draw paths of its own, and
   * after a jump it lies on whole pixels, where Leaflet leaves it between them and blurred.
   */
  const CrispCanvas = L.Canvas.extend({
    _updatePaths() {},
    _reset() {
      L.Canvas.prototype._reset.call(this);
      L.DomUtil.setPosition(this._container, this._bounds.min);
    },
  });

  class Nations {
    constructor(map, data) {
      this.map = map;
      this.data = data;
      this.topology = decode(data.topology, data.step);
      this.boxes = unitBoxes(this.topology);
      this.colouring = colouring(data);
      this.lines = this.findLines();
      this.view = "agreement";
      this.selected = OUTSIDE;
      this.canvas = this.addCanvas("nations", 350);
      this.overlay = this.addCanvas("selection", 450);
      this.canvas.on("update", () => this.paint());
      this.overlay.on("update", () => this.paintSelection());
      global
        .matchMedia("(prefers-color-scheme: dark)")
        .addEventListener("change", () => this.repaint());
    }

    /** A canvas that Leaflet keeps in place, on a pane that lets the pointer through. */
    addCanvas(name, zIndex) {
      const pane = this.map.createPane(name);
      pane.style.zIndex = zIndex;
      pane.style.pointerEvents = "none";
      return new CrispCanvas({ pane: name, padding: 0.25 }).addTo(this.map);
    }

    /** Borders by what they divide. Every one is drawn once, as the most important thing it is. */
    findLines() {
      const { part, state } = this.data;
      const isShore = (a, b) => b === OUTSIDE;
      const isFrontier = (a, b) => !isShore(a, b) && part[a] !== part[b];
      const isStateLine = (a, b) => !isShore(a, b) && !isFrontier(a, b) && state[a] !== state[b];
      const isOther = (a, b) => !isShore(a, b) && !isFrontier(a, b) && state[a] === state[b];
      return {
        shore: mesh(this.topology, isShore),
        frontier: mesh(this.topology, isFrontier),
        stateLine: mesh(this.topology, isStateLine),
        countyLine: mesh(this.topology, isOther),
      };
    }

    setView(view) {
      this.view = view;
      this.areas = null;
      this.repaint();
    }

    repaint() {
      this.clear(this.canvas);
      this.paint();
      this.clear(this.overlay);
      this.paintSelection();
    }

    /** One path for each colour in use: neighbours of one colour then show no seam. */
    findAreas() {
      const areas = new Map();
      this.topology.units.forEach((_, unit) => {
        const colour = this.colouring[this.view](unit);
        if (!areas.has(colour)) areas.set(colour, new Path2D());
        traceUnit(areas.get(colour), this.topology, unit);
      });
      return areas;
    }

    /** Empty a canvas; Leaflet does it before every update. */
    clear(canvas) {
      const { min, max } = canvas._bounds;
      canvas._ctx.clearRect(min.x, min.y, max.x - min.x, max.y - min.y);
    }

    /** Call `draw(context, pixels)` with map units as coordinates of an empty canvas. */
    draw(canvas, draw) {
      const context = canvas._ctx;
      const scale = this.map.options.crs.scale(this.map.getZoom());
      const origin = this.map.getPixelOrigin();
      context.save();
      context.translate(-origin.x, -origin.y);
      context.scale(scale, -scale);
      context.lineJoin = context.lineCap = "round";
      draw(context, (width) => width / scale);
      context.restore();
    }

    paint() {
      const style = getComputedStyle(document.documentElement);
      const colour = (name) => style.getPropertyValue(name).trim();
      const zoom = this.map.getZoom();
      const growth = Math.pow(1.28, zoom); // lines gain weight more slowly than the land
      this.areas = this.areas || this.findAreas();
      this.draw(this.canvas, (context, pixels) => {
        const line = (path, name, width) => {
          context.strokeStyle = colour(name);
          context.lineWidth = pixels(width);
          context.stroke(path);
        };
        this.areas.forEach((path, name) => {
          context.fillStyle = colour(name);
          context.fill(path, "evenodd");
        });
        if (this.view !== "nations" || zoom > 1.5) {
          line(this.lines.countyLine, "--county-line", 0.5 * growth);
        }
        line(this.lines.shore, "--coast-line", 0.5 * growth);
        line(this.lines.stateLine, "--state-line", 0.9 * growth);
        line(this.lines.frontier, "--casing", 4 * growth);
        line(this.lines.frontier, "--frontier", 1.8 * growth);
      });
    }

    select(unit) {
      if (unit === this.selected) return;
      this.selected = unit;
      this.clear(this.overlay);
      this.paintSelection();
    }

    paintSelection() {
      this.draw(this.overlay, (context, pixels) => {
        if (this.selected === OUTSIDE) return;
        const path = new Path2D();
        traceUnit(path, this.topology, this.selected);
        const style = getComputedStyle(document.documentElement);
        for (const [name, width] of [["--casing", 4], ["--ink", 1.8]]) {
          context.strokeStyle = style.getPropertyValue(name).trim();
          context.lineWidth = pixels(width);
          context.stroke(path);
        }
      });
    }

    /** The unit at a Leaflet position, or OUTSIDE. */
    unitAt({ lng: x, lat: y }) {
      const { boxes, topology } = this;
      return topology.units.findIndex((rings, unit) => {
        const i = 4 * unit;
        if (x < boxes[i] || y < boxes[i + 1] || x > boxes[i + 2] || y > boxes[i + 3]) return false;
        return rings.filter((ring) => this.isInRing(ring, x, y)).length % 2 === 1;
      });
    }

    /** Count the crossings of a ray from the point to the east. */
    isInRing(ring, x, y) {
      let isInside = false;
      for (const reference of ring) {
        const arc = this.topology.arcs[reference >> 1];
        for (let i = 2; i < arc.length; i += 2) {
          const y0 = arc[i - 1];
          const y1 = arc[i + 1];
          if (y0 > y === y1 > y) continue;
          const x0 = arc[i - 2];
          if (x < x0 + ((y - y0) / (y1 - y0)) * (arc[i] - x0)) isInside = !isInside;
        }
      }
      return isInside;
    }
  }

  global.TwoNations = Nations;
})(window);
