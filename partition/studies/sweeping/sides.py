"""The frontier between the two sides: how many of each can be at home, and what is fair of it.

With ``x`` the share of blue voters at home and ``y`` that of red ones, a sweep over the weight of
the one against the other finds plans along the frontier, and its bounds prove ``a x + b y <= c`` of
every plan that keeps the rules. So they prove what no plan exceeds of both shares together: of the
smaller one, and of their product. The point with the largest product is Nash's solution of
bargaining [1]_ where neither side has anyone at home unless they agree.

References
----------
.. [1] J. F. Nash, "The Bargaining Problem", Econometrica 18(2), 1950, doi:10.2307/1907266
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

from partition.answer.wording import percent
from partition.scenario import Scenario
from partition.studies.sweeping.axis import Axis, parse_axis
from partition.studies.table import Row

if TYPE_CHECKING:
    import maps

SIDES = "sides"
"""What a person calls the frontier in place of a weight."""

BLUE, RED = "blue_at_home_share", "red_at_home_share"
"""Figures of a row: the shares of either side at home."""

RANGE = "blue_at_home=0:100"
"""Weights of a blue voter at home for each red one; from 100 on hardly anybody red counts."""

SLACK = 1e-9
"""Rounding of sums in floats."""


class Fair(NamedTuple):
    """A plan that is best in what both sides have together."""

    title: str
    mark: str
    """What it is called on a chart."""
    number: int
    """Place of its row."""
    known: float
    proven: float | None
    """What no plan exceeds; None where nothing is proven."""


def between_sides(
    scenario: Scenario, given: Sequence[str | Axis]
) -> tuple[Scenario, tuple[Axis, ...]]:
    """Read the axes of a sweep, and state the frontier between the two sides as one of a weight.

    Voters at home count by their side then: a red one 1, a blue one what the axis says; other goals
    stay as they are.

    Examples
    --------
    >>> scenario, axes = between_sides(Scenario.shipped("counties"), ["sides"])
    >>> axes[0].key, scenario.weights.red_at_home, scenario.weights.self_determination
    ('weights.blue_at_home', 1.0, 0.0)
    """
    axes = tuple(
        one if isinstance(one, Axis) else parse_axis(RANGE if one.strip() == SIDES else one)
        for one in given
    )
    if SIDES in (one.strip() for one in given if isinstance(one, str)):
        title = f"{scenario.title}, between the two sides"
        weights = {"weights.self_determination": 0, "weights.red_at_home": 1}
        scenario = scenario.varied(weights | {"title": title})
    return scenario, axes


def is_between_sides(axes: Sequence[Axis]) -> bool:
    """Whether what changes tells the sides apart: the weight of one, or who may be stranded."""
    return any("_at_home" in axis.key or "stranded_most" in axis.key for axis in axes)


def fair_plans(rows: Sequence[Row], bounds: Sequence[maps.Bound]) -> tuple[Fair, ...]:
    """Find the plans with the largest product of both shares, and with the largest smaller one.

    Parameters
    ----------
    rows
        Points of a sweep.
    bounds
        What they prove of all plans; those that are about both shares alone count.
    """
    known = {
        number: (row[BLUE], row[RED])
        for number, row in enumerate(rows)
        if row.get(BLUE) is not None and row.get(RED) is not None
    }
    lines = [
        (one.coefficients.get(BLUE, 0.0), one.coefficients.get(RED, 0.0), one.most)
        for one in bounds
        if set(one.coefficients) <= {BLUE, RED}
    ]
    measures: tuple[tuple[str, str, Callable[[float, float], float]], ...] = (
        ("Largest product of both shares (Nash)", "Nash point", lambda x, y: x * y),
        ("Largest smaller share", "largest smaller share", min),
    )
    found = []
    for title, mark, measure in measures if known else ():
        values = {number: measure(*shares) for number, shares in known.items()}
        best = max(values, key=lambda number: values[number])
        proven = max((measure(*one) for one in _corners(lines)), default=None) if lines else None
        found.append(Fair(title, mark, best, values[best], proven))
    return tuple(found)


def _corners(lines: Sequence[tuple[float, float, float]]) -> Iterator[tuple[float, float]]:
    """List where a product or a minimum can be largest within ``a x + b y <= c`` and shares of 1.

    That is a corner, a point where a line touches ``x y = constant``, or one where it meets
    ``x = y``.
    """
    walls = [*lines, (1.0, 0.0, 1.0), (0.0, 1.0, 1.0)]
    points = [(c / (2 * a), c / (2 * b)) for a, b, c in lines if a > 0 and b > 0]
    points += [(c / (a + b), c / (a + b)) for a, b, c in walls]
    for (a, b, c), (d, e, f) in combinations(walls, 2):
        if (cross := a * e - b * d) != 0:
            points.append(((c * e - b * f) / cross, (a * f - c * d) / cross))
    for x, y in points:
        is_inside = all(a * x + b * y <= c + SLACK * max(abs(c), 1.0) for a, b, c in walls)
        if is_inside and min(x, y) >= 0:
            yield x, y


def sentences(found: Sequence[Fair], rows: Sequence[Row]) -> Iterator[str]:
    """Say what both sides can have."""
    for one in found:
        row = rows[one.number]
        sides = f"{percent(row[BLUE], 2)} of the blue and {percent(row[RED], 2)} of the red voters"
        most = "" if one.proven is None else f"; no plan has more than {_up(one.proven)}"
        yield f"{one.title}: {one.known:.4f}, with {sides} at home{most}."


def _up(value: float) -> str:
    """Round up what is proven."""
    near = round(value, 4)
    return f"{near if near >= value else near + 1e-4:.4f}"


def marks(found: Sequence[Fair]) -> dict[str, int]:
    """Name the plans on a chart, each once: places of rows by what they are called."""
    named: dict[int, list[str]] = {}
    for one in found:
        named.setdefault(one.number, []).append(one.mark)
    texts = {number: " and ".join(words) for number, words in named.items()}
    return {text[:1].upper() + text[1:]: number for number, text in texts.items()}


def stated(found: Sequence[Fair]) -> list[dict[str, Any]]:
    """State the plans as plain values."""
    return [one._asdict() for one in found]
