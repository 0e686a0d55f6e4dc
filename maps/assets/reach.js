/* What is proven of all plans, as half planes of a chart: the ground that no plan lies on. */
(function (global) {
  "use strict";

  /**
   * Bounds that speak of nothing but two figures: `a * across + b * up <= most` for every plan.
   * A bound on further figures says nothing of these two alone.
   */
  function halfPlanes(bounds, across, up) {
    return bounds.flatMap(({ terms, most }) => {
      const keys = terms.map(([measure]) => measure);
      if (!keys.every((measure) => measure === across || measure === up)) return [];
      const of = (wanted) => terms.filter(([m]) => m === wanted).reduce((sum, [, c]) => sum + c, 0);
      return [[of(across), across === up ? 0 : of(up), most]];
    });
  }

  /** Cut what lies beyond a line off a convex polygon, a list of [x, y]. */
  function cut(polygon, [a, b, most]) {
    const excess = ([x, y]) => a * x + b * y - most;
    return polygon.flatMap((point, i) => {
      const before = polygon[(i + polygon.length - 1) % polygon.length];
      const [now, then] = [excess(point), excess(before)];
      const kept = now <= 0 ? [point] : [];
      if (now > 0 === then > 0) return kept;
      const share = then / (then - now);
      const crossing = before.map((value, k) => value + share * (point[k] - value));
      return [crossing, ...kept];
    });
  }

  /** The part of a box (two corners) that no half plane excludes. */
  function reachable(planes, [west, south], [east, north]) {
    const box = [[west, south], [east, south], [east, north], [west, north]];
    return planes.reduce(cut, box);
  }

  global.TwoNations.reach = { halfPlanes, reachable };
})(window);
