/* Figures of plans as people read them, and SVG elements to show them with. */
(function (global) {
  "use strict";

  const PERCENT = "\u202f%";
  const MINUS = "\u2212";
  const NAMESPACE = "http://www.w3.org/2000/svg";

  /** A number with so many decimals, and a minus that is as wide as a plus. */
  function plainNumber(value, decimals) {
    const text = Math.abs(value).toLocaleString("en-US", {
      minimumFractionDigits: decimals, maximumFractionDigits: decimals,
    });
    return (value < 0 && /[1-9]/.test(text) ? MINUS : "") + text;
  }

  /** The value of a figure with its unit of measure. */
  function say(measure, value, decimals = measure.decimals) {
    if (value === null || value === undefined) return "–";
    if (measure.form === "share") return plainNumber(100 * value, decimals) + PERCENT;
    if (measure.form === "year") return String(Math.round(value));
    const large = measure.form === "large" && Math.abs(value) >= 1e6;
    const text = large ? compact(value) : plainNumber(value, decimals);
    if (measure.unit === "$") return `$${text}`;
    return measure.unit ? `${text}\u00a0${measure.unit}` : text;
  }

  const compact = (value) =>
    value.toLocaleString("en-US", { notation: "compact", maximumSignificantDigits: 4 });

  /** How much a figure grows or shrinks, with a sign. */
  function sayChange(measure, change) {
    if (change === null || Number.isNaN(change)) return "–";
    const text = say(measure, Math.abs(change)).replace(PERCENT, measure.form === "share" ? " points" : PERCENT);
    if (!/[1-9]/.test(text)) return "0";
    return (change < 0 ? MINUS : "+") + text;
  }

  /** A value on a dial, as short as it can be without becoming another one; a year is no amount. */
  function sayValue(value, dial = {}) {
    const size = Math.abs(value);
    const digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 6;
    const text = Number(value.toFixed(digits)).toLocaleString("en-US", {
      maximumFractionDigits: 6,
      useGrouping: !dial.word,
    });
    return text.replace("-", MINUS);
  }

  /** Round numbers between two, about so many. */
  function ticks(low, high, wanted) {
    const rough = (high - low) / Math.max(1, wanted);
    if (!(rough > 0)) return [low];
    const magnitude = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((one) => one * magnitude).find((one) => one >= rough * 0.8);
    const first = Math.ceil(low / step - 1e-9);
    const last = Math.floor(high / step + 1e-9);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
  }

  /** How many decimals tell the ticks apart. */
  function decimalsOf(values, factor = 1) {
    const step = values.length > 1 ? factor * (values[1] - values[0]) : 1;
    return Math.max(0, Math.min(6, -Math.floor(Math.log10(step) + 1e-9)));
  }

  /**
   * Places on a dial that are worth a label, the most telling first, with what they say. A dial on
   * which every value has its plan is labelled by round values, which lie between those listed.
   */
  function landmarks({ values, isComplete }, until) {
    const last = values.length - 1;
    const ends = [[0, values[0]], [last, isComplete && until !== null ? until : values[last]]];
    const once = (places) => places.filter(([one], i) => places.findIndex(([p]) => p === one) === i);
    if (!isComplete) return once([...ends, ...values.map((value, place) => [place, value])]);
    const high = ends[1][1];
    const rounds = [];
    for (let power = Math.ceil(Math.log10(high || 1)); power >= -2; power--) {
      for (const step of [5, 2, 1]) rounds.push(step * 10 ** power);
    }
    const inside = rounds.filter((value) => value > values[0] && value < high);
    const placed = inside.map((value) => [values.filter((one) => one <= value).length - 1, value]);
    return once([...ends, ...placed]);
  }

  /** An element of SVG with text, never with markup. */
  function svg(tag, attributes, ...content) {
    const element = document.createElementNS(NAMESPACE, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...content);
    return element;
  }

  global.TwoNations.measures = {
    say, sayChange, sayValue, plainNumber, ticks, decimalsOf, landmarks, svg, PERCENT,
  };
})(window);
