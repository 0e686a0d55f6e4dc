"""What a sweep changes: a weight or a limit of a scenario, and its values."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from partition.errors import ScenarioError
from partition.scenario import Scenario
from partition.scenario.keys import find_keys, known_keys

SWEPT = ("weights", "nations", "states", "voters", "most", "least")
"""Tables of a scenario whose numbers can be swept."""

COUNTED = (".pieces", ".split_most", "voters.at_home")
"""Ends of the keys whose values are whole numbers."""

MOST_STEPS = 300
"""More points than anybody waits for."""

FOUND = "A range alone, such as border=0:200, finds where the best plan changes."
"""What to do in place of very many values."""

MOST_POINTS = 900
"""More points of two axes together than anybody waits for."""

MOST_NAMED = 9
"""Values that an axis shows one by one."""

FORMS = (
    "give KEY=FROM:TO, such as border=0:200, to find where the best plan changes; KEY=FROM:TO:N "
    "(border=0:200:9) or KEY=FROM:TO:log:N (border=1:1000:log:10) for N values; or "
    "KEY=A,B,C (border=0,5,50)."
)
"""What a person can write."""


@dataclass(frozen=True, slots=True, repr=False)
class Axis:
    """One key of a scenario and the values it takes.

    Parameters
    ----------
    key
        Dotted name, such as ``weights.border``.
    values
        Ascending, at least one; no two of them the same when rounded to millionths.
    is_adaptive
        Whether `values` are the two ends of a range, of which the study chooses what to look at.

    Raises
    ------
    ScenarioError
        When two values are the same, or one comes after a larger one.
    """

    key: str
    values: tuple[float | int, ...]
    is_adaptive: bool = False

    def __repr__(self) -> str:
        if len(self.values) <= MOST_NAMED:
            return f"Axis(key={self.key!r}, values={self.values})"
        ends = f"{plain(self.values[0])} to {plain(self.values[-1])}"
        return f"<Axis {self.key}: {len(self.values):,} values, {ends}>"

    def __post_init__(self) -> None:
        shown = [plain(value) for value in self.values]
        twice = next((one for one in shown if shown.count(one) > 1), None)
        if twice is not None:
            raise ScenarioError(
                f"{self.key} = {twice} is there twice, rounded to millionths; give each value once."
            )
        # The last of several limits is the loosest one, whose bounds hold for all plans.
        for one, other in pairwise(self.values):
            if not one < other:
                raise ScenarioError(
                    f"{self.key}: {other:g} comes after {one:g}; give the values in ascending "
                    "order."
                )

    @property
    def short(self) -> str:
        """Name for people: ``border``, ``most border``, or ``blue least population``."""
        table, _, rest = self.key.partition(".")
        # A weight and a limit of one goal can both be swept.
        return (self.key if table in ("most", "least") else rest).replace(".", " ")

    @property
    def is_weight(self) -> bool:
        """Whether it is a weight of the objective, and no limit."""
        return self.key.startswith("weights.")


def plain(value: float) -> str:
    """Write a value without an exponent, to millionths: another value is another text.

    Examples
    --------
    >>> plain(2), plain(1000.002002), plain(0.000001), plain(-0.0)
    ('2', '1000.002002', '0.000001', '0')
    """
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def parse_axis(text: str) -> Axis:
    """Read which values of a key to look at.

    Parameters
    ----------
    text
        ``KEY=FROM:TO`` leaves the choice to the study, which finds where the best plan changes;
        ``KEY=FROM:TO:N`` spaces N values evenly, ``KEY=FROM:TO:log:N`` by equal factors, and
        ``KEY=A,B,C`` lists them. The key is a dotted name of a scenario, or as much of its end as
        is clear.

    Returns
    -------
    Axis
        Values are rounded to millionths, in which weights are counted.

    Raises
    ------
    ScenarioError
        When the key is unknown or unclear, or the values make no sense.

    Examples
    --------
    >>> parse_axis("border=0:2:5")
    Axis(key='weights.border', values=(0.0, 0.5, 1.0, 1.5, 2.0))
    >>> parse_axis("border=0,5,50").values, parse_axis("border=1:1000:log:4").values
    ((0.0, 5.0, 50.0), (1.0, 10.0, 100.0, 1000.0))
    >>> parse_axis("blue.pieces=1:3:3").values, parse_axis("border=0:200").is_adaptive
    ((1, 2, 3), True)
    """
    given, sign, numbers = (one.strip() for one in text.partition("="))
    if not (given and sign and numbers):
        raise ScenarioError(f"{text!r}: {FORMS}")
    key = _find_key(given)
    parts = [one.strip() for one in numbers.split("," if "," in numbers else ":")]
    _refuse_no_numbers(text, parts)
    if "," in numbers:
        return _listed(key, text, parts)
    try:
        low, high = Fraction(parts[0]), Fraction(parts[1])
        is_log = parts[2:3] == ["log"]
        rest = parts[3:] if is_log else parts[2:]
        n_values = int(rest[0]) if rest else None
    except (IndexError, ValueError, ZeroDivisionError):
        raise ScenarioError(f"{text!r}: {FORMS}") from None
    if len(rest) > 1 or (is_log and n_values is None):
        raise ScenarioError(f"{text!r}: {FORMS}")
    if low >= high:
        raise ScenarioError(
            f"{text!r}: {_number(low)} is not below {_number(high)}; give the range from a smaller "
            "to a larger number."
        )
    if n_values is None:
        return _range(key, text, low, high)
    if not 2 <= n_values <= MOST_STEPS:
        raise ScenarioError(
            f"{text!r}: {n_values:,} values; give at least 2 values and at most {MOST_STEPS:,}. "
            f"{FOUND}"
        )
    return _spaced(key, text, low, high, n_values, is_log=is_log)


def _refuse_no_numbers(text: str, parts: Sequence[str]) -> None:
    """Refuse what computers write for no number, or for one that is too large to be one."""
    for one in parts:
        if one and one != "log" and not _is_finite(one):
            raise ScenarioError(f"{text!r}: {one} is no finite number; {FORMS}")


def _is_finite(text: str) -> bool:
    """Whether a number is finite; so is what is none, which is told otherwise."""
    try:
        return math.isfinite(float(text))
    except ValueError:
        return True


def _range(key: str, text: str, low: Fraction, high: Fraction) -> Axis:
    """Leave it to the study which weights of a range to look at."""
    if not key.startswith("weights."):
        steps = int(high - low) + 1 if key.endswith(COUNTED) else 5
        raise ScenarioError(
            f"{text!r}: only weights can be followed from one value to another, and {key} is a "
            f"limit; say how many values: {text.strip()}:{steps}."
        )
    ends = round(float(low), 6), round(float(high), 6)
    if ends[0] == ends[1]:
        raise ScenarioError(
            f"{text!r}: values are rounded to millionths, and these are the same then; give a "
            "wider range."
        )
    return Axis(key, ends, is_adaptive=True)


def _listed(key: str, text: str, parts: list[str]) -> Axis:
    """Take the values that are listed, in ascending order."""
    try:
        values = [Fraction(one) for one in parts]
    except (ValueError, ZeroDivisionError):
        raise ScenarioError(f"{text!r}: {FORMS}") from None
    if len(values) > MOST_STEPS:
        raise ScenarioError(
            f"{text[:60]!r}...: {len(values):,} values; give at most {MOST_STEPS:,}. {FOUND}"
        )
    for one, other in pairwise(values):
        if one == other:
            raise ScenarioError(f"{text!r}: {_number(one)} is there twice; give each value once.")
        if one > other:
            raise ScenarioError(
                f"{text!r}: {_number(other)} comes after {_number(one)}; give the values in "
                "ascending order."
            )
    return Axis(key, tuple(_value(key, text, one) for one in values))


def _spaced(
    key: str, text: str, low: Fraction, high: Fraction, n_values: int, *, is_log: bool
) -> Axis:
    """Space values evenly, or by equal factors."""
    if is_log:
        if low <= 0:
            raise ScenarioError(
                f"{text!r}: values by equal factors start above 0, not at {_number(low)}; begin "
                "higher, or list them: 0,1,10,100."
            )
        factor = float(high / low)
        inner = [float(low) * factor ** (step / (n_values - 1)) for step in range(1, n_values - 1)]
        steps = [low, *(Fraction(one) for one in inner), high]
        values = tuple(_value(key, text, one) for one in steps)
        if len(set(map(plain, values))) == n_values:
            return Axis(key, values)
        raise ScenarioError(
            f"{text!r}: values are rounded to millionths, and some of these would be the same; "
            "give fewer of them, or a wider range."
        )
    steps = [low + (high - low) * step / (n_values - 1) for step in range(n_values)]
    most = int((high - low) * 1_000_000) + 1
    if n_values > most and not key.endswith(COUNTED):
        instead = f"at most {most:,} values" if most > 1 else "a wider range"
        raise ScenarioError(
            f"{text!r}: values are rounded to millionths, and some of these would be the same; "
            f"give {instead}."
        )
    return Axis(key, tuple(_value(key, text, one) for one in steps))


def _value(key: str, text: str, value: Fraction) -> float | int:
    """Round a value to millionths; pieces and states are counted."""
    if not key.endswith(COUNTED):
        return round(float(value), 6)
    if value.denominator != 1:
        raise ScenarioError(f"{text!r}: {key} = {float(value):g} is no whole number.")
    return int(value)


def _number(value: Fraction) -> str:
    return f"{float(value):g}"


def _find_key(given: str) -> str:
    keys = [key for key in known_keys(Scenario) if key.split(".", 1)[0] in SWEPT]
    keys = [key for key in keys if not key.endswith(".sea_access")]  # true or false
    try:
        found = find_keys(given, keys)
    except ScenarioError as error:
        raise ScenarioError(f"{given!r} cannot be swept: {error}") from None
    if len(found) > 1:
        raise ScenarioError(f"{given!r} can be {' or '.join(found)}; say which.")
    return found[0]
