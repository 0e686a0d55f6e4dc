"""What pages and pictures say of the plans of several runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import maps
from partition.answer import Report, wording
from partition.answer.steps import price_text, prices
from partition.land.ballot import COLOURS
from partition.pages.drawing import look

if TYPE_CHECKING:
    from partition.runs.run import Run

_SIZES = ((1e12, " T"), (1e9, " bn"), (1e6, " M"), (1e3, " k"))


def summarize_comparison(runs: Mapping[str, Run], note: str = "") -> maps.ComparisonSummary:
    """Say what stands around the plans of several runs of the same land."""
    first = next(iter(runs.values()))
    elections = {one.scenario.election for one in runs.values()}
    shaded = (
        f"The map is shaded by the votes of {first.scenario.election}; the figures of each plan "
        "are those of its own election."
    )
    return maps.ComparisonSummary(
        title="Ways to draw the line",
        headline_name="Self-determined",
        subtitle=f"{len(runs)} plans for the same land, side by side.",
        election=first.report.ballot.title,
        source=first.dataset.source,
        notes=tuple(filter(None, (note, shaded if len(elections) > 1 else ""))),
        **look(first.question),
    )


def compared_plans(runs: Mapping[str, Run]) -> list[maps.ComparedPlan]:
    """State the plans of several runs, each by its title as far as titles tell them apart."""
    shared = _shared_years([one.report for one in runs.values()])
    return [
        _summarize(title, one, shared)
        for title, one in zip(titles(runs), runs.values(), strict=True)
    ]


def _shared_years(reports: Sequence[Report]) -> dict[str, str]:
    """Say which year a figure is of, where it is the same one in all plans."""
    first, *others = (dict(one.years) for one in reports)
    return {key: year for key, year in first.items() if all(one.get(key) == year for one in others)}


def titles(runs: Mapping[str, Run]) -> list[str]:
    """Name plans for people who never typed a command: titles, as far as these tell them apart."""
    names = [one.scenario.title for one in runs.values()]
    elections = [one.scenario.election for one in runs.values()]
    dated = [f"{title}, {year}" for title, year in zip(names, elections, strict=True)]
    return next(
        (one for one in (names, dated) if len(set(one)) == len(one)),
        list(runs),
    )


def _summarize(label: str, run: Run, shared: Mapping[str, str]) -> maps.ComparedPlan:
    """Say what stands in the row of a plan, and beside its map in a comparison.

    The sides are called by the names of their nations: candidates differ from plan to plan where
    these are of different elections.
    """
    return maps.ComparedPlan(
        label=label,
        plan=run.plan,
        headline=wording.percent(run.report.self_determination, 2),
        title=in_a_sentence(run),
        figures=_figures(run.report, shared),
        status=wording.quality(run.result),
    )


def in_a_sentence(run: Run) -> str:
    """Say what a plan is; of a goal after others, what it brings and costs."""
    if run.steps:
        price = prices(run.steps)[-1]
        return f"Then {price.goal.replace('_', ' ')}: {price_text(price)}"
    return run.scenario.description or run.scenario.title


def _figures(report: Report, shared: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """List what a plan amounts to; what the data do not know is left out.

    The year of a figure stands in its name where all plans share it, else behind it.
    """
    whole, sorting, states = report.whole, report.sorting, report.states
    president, house = report.presidency, report.house
    first, second = report.ballot.nation_names
    blue, red = (report.ballot.nation(one) for one in COLOURS)
    lines: list[tuple[str, str | None]] = [
        ("Stranded voters", f"{whole.both.stranded:,}"),
        (f"{first} voters stranded", wording.percent(sorting.blue_stranded_share)),
        (f"{second} voters stranded", wording.percent(sorting.red_stranded_share)),
        (f"Self-determined in {blue}", wording.percent(whole.blue.self_determination)),
        (f"Self-determined in {red}", wording.percent(whole.red.self_determination)),
        (
            f"{_dated('People', shared.get('people'))}, {blue} + {red}",
            _both(report, "people", shared),
        ),
        (
            f"{_dated('GDP', shared.get('gdp_dollars'))}, 2012 $",
            _both(report, "gdp_dollars", shared),
        ),
        ("Frontier", None if whole.border_km is None else f"{whole.border_km:,.0f} km"),
        ("Cut edges", f"{whole.cut_edges:,}"),
        (f"Pieces, {blue} + {red}", _pair(whole.blue.pieces, whole.red.pieces)),
        ("States split", None if states is None else f"{len(states.split_states):,}"),
    ]
    if president is not None:
        name = wording.winner(president.rest, report.ballot.sides)
        margin = president.rest.margin_electoral_votes
        lines += [
            ("Electoral votes leaving", f"{president.leaving_electoral_votes:,}"),
            ("President of the rest", wording.won_by(name, margin)),
        ]
    if house is not None:
        lines.append((f"House, {blue} + {red}", _pair(house.blue_seats, house.red_seats)))
    return tuple((measure, value) for measure, value in lines if value is not None)


def _dated(name: str, year: str | None) -> str:
    return f"{name} {year}" if year else name


def _both(report: Report, figure: str, shared: Mapping[str, str]) -> str | None:
    """Write a figure of both nations, and the year that it is of unless its name has that."""
    pair = _pair(getattr(report.whole.blue, figure), getattr(report.whole.red, figure))
    year = None if figure in shared else report.years.get(figure)
    return f"{pair} ({year})" if pair and year else pair


def _pair(blue: int | None, red: int | None) -> str | None:
    """Write a figure of both nations, the blue one first; None where it is not known.

    Examples
    --------
    >>> _pair(39_167_117, 283_774_194), _pair(2_501_333_824_000, 15_003_690_275_000), _pair(1, 6)
    ('39 + 284 M', '2.5 + 15.0 T', '1 + 6')
    """
    if blue is None or red is None:
        return None
    # Both in thousands or both in millions, say, of which there are ten at least.
    size, sign = next((one for one in _SIZES if blue + red >= 10 * one[0]), (1, ""))
    decimals = 1 if sign and blue + red < 100 * size else 0
    return f"{blue / size:,.{decimals}f} + {red / size:,.{decimals}f}{sign}"
