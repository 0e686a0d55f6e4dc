/* Polygons of a page as GeoJSON (RFC 7946): longitude and latitude by the polynomials of maps/unprojecting.py. */
(function (global) {
  "use strict";

  const DEGREE = 180 / Math.PI;

  /** Chebyshev polynomials of a number, up to a degree. */
  function chebyshev(x, degree) {
    const values = [1, x];
    for (let k = 2; k <= degree; k++) values.push(2 * x * values[k - 1] - values[k - 2]);
    return values;
  }

  /** From coordinates of the page to degrees, as `way` says it. */
  function unproject(way, x, y) {
    const { box, degree } = way;
    const [west, south, east, north] = box;
    const across = chebyshev((2 * (x - west)) / (east - west || 1) - 1, degree);
    const up = chebyshev((2 * (y - south)) / (north - south || 1) - 1, degree);
    const sum = [0, 0, 0];
    let term = 0;
    for (let i = 0; i <= degree; i++) {
      for (let k = 0; k <= degree - i; k++, term++) {
        const product = across[i] * up[k];
        sum[0] += way.x[term] * product;
        sum[1] += way.y[term] * product;
        sum[2] += way.z[term] * product;
      }
    }
    return [DEGREE * Math.atan2(sum[1], sum[0]), DEGREE * Math.atan2(sum[2], Math.hypot(sum[0], sum[1]))];
  }

  /** Twice the area of a ring, with its sign: above 0 where it runs counterclockwise. */
  function area(ring) {
    let sum = 0;
    for (let i = 1; i < ring.length; i++) sum += ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1];
    return sum;
  }

  function isInside([x, y], ring) {
    let isIn = false;
    for (let i = 1; i < ring.length; i++) {
      const [[x0, y0], [x1, y1]] = [ring[i - 1], ring[i]];
      if (y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) isIn = !isIn;
    }
    return isIn;
  }

  /** The rings of a unit as they are drawn, closed; rings without any area are none. */
  function ringsOf(topology, unit) {
    return topology.units[unit]
      .map((references) => {
        const ring = [];
        for (const reference of references) {
          const arc = topology.arcs.at(reference >> 1);
          const last = arc.length - 2;
          for (let i = 0; i <= last; i += 2) {
            const at = reference % 2 ? last - i : i;
            if (i || !ring.length) ring.push([arc[at], arc[at + 1]]);
          }
        }
        return ring;
      })
      .filter((ring) => ring.length > 3 && area(ring));
  }

  /** Rings as polygons, each an outer ring and its holes: what lies in an odd number of others is a hole. */
  function polygons(rings) {
    const sized = rings.map((ring) => ({ ring, size: Math.abs(area(ring)), inside: [] }));
    sized.sort((a, b) => b.size - a.size);
    sized.forEach((one, i) => {
      const [a, b] = one.ring; // the middle of a side, which is on no other ring
      const at = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
      one.inside = sized.slice(0, i).filter(({ ring }) => isInside(at, ring));
    });
    const turned = ({ ring }, sign) => (Math.sign(area(ring)) === sign ? ring : [...ring].reverse());
    const outer = sized.filter(({ inside }) => inside.length % 2 === 0);
    return outer.map((one) => {
      const holes = sized.filter(({ inside }) => inside.length % 2 && inside.at(-1) === one);
      return [turned(one, 1), ...holes.map((hole) => turned(hole, -1))];
    });
  }

  /** Longitudes that go on beyond 180 degrees instead of jumping. */
  function onward(ring, near) {
    let before = near;
    return ring.map(([longitude, latitude]) => {
      const turn = Math.round((before - longitude) / 360) * 360;
      before = longitude + turn;
      return [before, latitude];
    });
  }

  /** A table of units, `{header, rows}`, with their polygons. */
  function geojson(units, { header, rows }) {
    const { ways, topology } = units;
    const [west, , east] = units.bounds;
    const metres = (units.metres * (east - west)) / 1e5; // a hundred-thousandth of the map's width
    const decimals = Math.min(9, Math.max(4, Math.ceil(-Math.log10(metres / 111000)) + 1));
    const features = rows.map((row, unit) => {
      const state = units.states[units.state[unit]];
      const way = ways.find((one) => one.state === state) || ways.at(-1);
      let near = null;
      const degrees = (ring) => {
        const found = ring.map(([x, y]) => unproject(way, x, y));
        if (near === null) near = found[0][0];
        return onward(found, near).map((at) => at.map((one) => Number(one.toFixed(decimals))));
      };
      const coordinates = polygons(ringsOf(topology, unit)).map((rings) => rings.map(degrees));
      const geometry = coordinates.length ? { type: "MultiPolygon", coordinates } : null;
      const properties = Object.fromEntries(header.map((name, k) => [name, row[k]]));
      return { type: "Feature", id: units.ids[unit], properties, geometry };
    });
    return JSON.stringify({ type: "FeatureCollection", features });
  }

  global.TwoNationsTables.geojson = geojson;
})(window);
