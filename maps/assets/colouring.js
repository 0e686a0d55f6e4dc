/* How each view colours a unit: the name of a colour of the style sheet. */
(function (global) {
  "use strict";

  const SIDES = ["red", "blue"]; // in the order of the parts
  const NO_VOTES = "--no-votes";

  /** The one nation that a plan has; -1 where it has both. */
  const only = (part) => (part.every((one) => one === part[0]) ? part[0] : -1);

  /**
   * Whether a unit is in another nation in one plan than in the other: `differs(unit)`.
   *
   * Where nobody leaves, which of the two nations everybody is in says nothing of where the line
   * runs: those who leave are the fewer people of the other plan.
   */
  global.twoNationsDiffers = function (units, part, other) {
    const isWhole = only(part) >= 0;
    if (!isWhole && only(other) < 0) return (unit) => part[unit] !== other[unit];
    const split = isWhole ? other : part;
    const people = [0, 0];
    for (let unit = 0; unit < units.n; unit++) people[split[unit]] += units.people[unit];
    const stays = people[1] > people[0] ? 1 : 0;
    return only(split) >= 0 ? () => false : (unit) => split[unit] !== stays;
  };

  const rank = (breaks, value) => breaks.filter((limit) => value >= limit).length;

  /** `other` is the plan that `part` is compared with, where there is one. */
  global.twoNationsColouring = function (units, part, other) {
    const { blue, red, robustness, switching, changeRanks, agreementBreaks, marginBreaks } = units;
    const agreement = (unit) => {
      const total = blue[unit] + red[unit];
      if (!total) return NO_VOTES;
      const share = (part[unit] ? blue : red)[unit] / total;
      return `--${SIDES[part[unit]]}-${rank(agreementBreaks, share)}`;
    };
    const differs = part && other ? global.twoNationsDiffers(units, part, other) : () => false;
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
      switching: (unit) =>
        switching[unit] < 0 ? `--${SIDES[part[unit]]}-1` : `--nation-${SIDES[1 - part[unit]]}`,
      people: () => "--land",
      voters: () => "--land",
      change: (unit) => (changeRanks[unit] < 0 ? "--land" : `--step-${changeRanks[unit]}`),
      difference: (unit) =>
        differs(unit) ? `--nation-${SIDES[part[unit]]}` : "--land",
    };
  };
})(window);
