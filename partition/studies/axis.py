"""What a sweep changes: a weight or a limit of a scenario, and its values."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from partition.errors import ScenarioError
from partition.scenario import Scenario
from partition.scenario.keys import find_keys, known_keys

SWEPT = ("weights", "nations")
"""Tables of a scenario whose numbers can be swept."""

MOST_STEPS = 1000
"""More points than anybody waits for."""

MOST_NAMED = 9
"""Values that an axis shows one by one."""


@dataclass(frozen=True, slots=True, repr=False)
class Axis:
    """One key of a scenario and the values it takes.

    Parameters
    ----------
    key
        Dotted name, such as ``weights.border``.
    values
        In order, at least one; no two of them the same when rounded to millionths.

    Raises
    ------
    ScenarioError
        When two values are the same.
    """

    key: str
    values: tuple[float | int, ...]

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

    @property
    def short(self) -> str:
        """Name for people: ``border``, or ``blue least population``."""
        return self.key.split(".", 1)[1].replace(".", " ")

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
    """Read ``KEY=FROM:TO:N``: N values of a key, evenly spaced from one to another.

    Parameters
    ----------
    text
        The key is a dotted name of a scenario, or as much of its end as is clear.

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
    >>> parse_axis("blue.pieces=1:3:3").values
    (1, 2, 3)
    """
    given, _, numbers = text.partition("=")
    parts = numbers.split(":")
    try:
        low, high, n_values = Fraction(parts[0]), Fraction(parts[1]), int(parts[2])
        is_clear = len(parts) == 3
    except (IndexError, ValueError, ZeroDivisionError):
        is_clear = False
    if not is_clear:
        raise ScenarioError(
            f"{text!r}: give KEY=FROM:TO:N, such as border=0:2:9 for nine values from 0 to 2."
        )
    if not 2 <= n_values <= MOST_STEPS or low >= high:
        raise ScenarioError(
            f"{text!r}: give at least 2 values and at most {MOST_STEPS}, from a smaller to a "
            "larger number."
        )
    key = _find_key(given.strip())
    steps = [low + (high - low) * step / (n_values - 1) for step in range(n_values)]
    if key.endswith(".pieces"):
        broken = [step for step in steps if step.denominator != 1]
        if broken:
            raise ScenarioError(f"{text!r}: {key} = {float(broken[0]):g} is no whole number.")
        return Axis(key, tuple(int(step) for step in steps))
    most = int((high - low) * 1_000_000) + 1
    if n_values > most:
        instead = f"at most {most:,} values" if most > 1 else "a wider range"
        raise ScenarioError(
            f"{text!r}: values are rounded to millionths, and some of these would be the same; "
            f"give {instead}."
        )
    return Axis(key, tuple(round(float(step), 6) for step in steps))


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
