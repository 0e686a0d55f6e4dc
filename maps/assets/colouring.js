/* How each view colours a unit: the name of a colour of the style sheet. */
(function (global) {
  "use strict";

  const SIDES = ["red", "blue"]; // in the order of the parts
  const NO_VOTES = "--no-votes";

  const rank = (breaks, value) => breaks.filter((limit) => value >= limit).length;

  /** `other` is the plan that `part` is compared with, where there is one. */
  global.twoNationsColouring = function (units, part, other) {
    const { blue, red, robustness, changeRanks, agreementBreaks, marginBreaks } = units;
    const agreement = (unit) => {
      const total = blue[unit] + red[unit];
      if (!total) return NO_VOTES;
      const share = (part[unit] ? blue : red)[unit] / total;
      return `--${SIDES[part[unit]]}-${rank(agreementBreaks, share)}`;
    };
    return {
      agreement,
      nations: (unit) => `--nation-${SIDES[part[unit]]}`,
      margin(unit) {
        const total = blue[unit] + red[unit];
        if (!total) return NO_VOTES;
        const lead = (blue[unit] - red[unit]) / total;
        return `--${SIDES[lead > 0 ? 1 : 0]}-${1 + rank(marginBreaks, Math.abs(lead))}`;
      },
      robustness: (unit) => `--robust-${robustness[unit]}`,
      people: () => "--land",
      change: (unit) => (changeRanks[unit] < 0 ? "--land" : `--step-${changeRanks[unit]}`),
      difference: (unit) =>
        other && other[unit] !== part[unit] ? `--nation-${SIDES[part[unit]]}` : "--land",
    };
  };
})(window);
