"""Figures and places on dials as people read them in a picture; ``measures.js`` has the page's."""

from __future__ import annotations

from collections.abc import Iterator

from maps.explored import Dial, Explored, ExploredPlan, Measure


def write_figure(measure: Measure, value: float | None, decimals: int | None = None) -> str:
    """Write a figure with its unit of measure.

    Examples
    --------
    >>> write_figure(Measure("s", "Share", "share", decimals=2), 0.64782)
    '64.78 %'
    >>> write_figure(Measure("year", "Election", "year"), 2016)
    '2016'
    >>> write_figure(Measure("km", "Frontier", unit="km"), 62_033.4)
    '62,033 km'
    >>> write_figure(Measure("usd", "GDP", "large", "$"), 12_060_000_000_000)
    '$12.06 T'
    """
    if value is None:
        return "-"
    places = measure.decimals if decimals is None else decimals
    if measure.form == "share":
        return f"{100 * value:,.{places}f} %"
    text = f"{value:.0f}" if measure.form == "year" else f"{value:,.{places}f}"
    if measure.form == "large":
        for size, sign in ((1e12, " T"), (1e9, " bn"), (1e6, " M")):
            if abs(value) >= size:
                text = f"{value / size:.4g}{sign}"
                break
    if measure.unit == "$":
        return f"${text}"
    return f"{text} {measure.unit}" if measure.unit else text


def headline(explored: Explored, plan: ExploredPlan) -> str:
    """Write the figure that plans are compared by."""
    if plan.headline or not explored.measures:
        return plan.headline
    measure = explored.measures[explored.number(explored.up)]
    return write_figure(measure, plan.figures.get(measure.key))


def write_value(value: float) -> str:
    """Write a value of a dial, shortly.

    Examples
    --------
    >>> [write_value(one) for one in (0, 0.0004, 0.375, 12.3456, 98.2382, 1500.25)]
    ['0', '0.0004', '0.375', '12.35', '98.24', '1,500']
    """
    size = abs(value)
    digits = (
        0 if size >= 1000 else 1 if size >= 100 else 2 if size >= 1 else 3 if size >= 0.1 else 6
    )
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def dial_text(explored: Explored, plan: ExploredPlan, number: int = 0) -> str:
    """Say where a plan stands on a dial, with the end of the stretch over which it is best."""
    dial = explored.dials[number]
    start = write_value(dial.values[plan.at[number]])
    end = start if number or plan.until is None else write_value(plan.until)
    value = start if start == end else f"{start} to {end}"
    if dial.unit:
        return f"{value} {dial.unit}"
    return value if len(explored.dials) > 1 else f"{dial.name} {value}"


def landmarks(dial: Dial, until: float | None) -> Iterator[tuple[int, float]]:
    """List places on a dial that are worth a label, the most telling first, with what they say.

    A dial on which every value has its plan is labelled by round values, which lie between those
    listed.
    """
    last = len(dial.values) - 1
    yield 0, dial.values[0]
    yield last, until if dial.is_complete and until is not None else dial.values[last]
    if not dial.is_complete:
        yield from enumerate(dial.values)
        return
    high = dial.values[last] if until is None else until
    for power in range(9, -3, -1):
        for step in (5, 2, 1):
            value = step * 10.0**power
            if dial.values[0] < value < high:
                yield sum(one <= value for one in dial.values) - 1, value
