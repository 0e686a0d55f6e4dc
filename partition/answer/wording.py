"""Figures as people read them: the same words in the terminal, on the map and in a notebook."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from partition.answer import Division, Report, Tally
from partition.answer.state_figures import Contest
from partition.land.ballot import COLOURS, Ballot
from shapefiles.own.repair import BORDER_KINDS
from solvers.result import Result, Status

WITHOUT_VOTERS = "Nobody's vote is counted"
"""The headline of a question without votes."""

NOBODY = "nobody"
"""Who wins without a majority of the electoral votes."""


def percent(share: float | None, decimals: int = 1) -> str:
    """Write a share as a percentage.

    Examples
    --------
    >>> percent(0.63302), percent(None)
    ('63.3 %', '-')
    """
    return "-" if share is None else f"{100 * share:.{decimals}f} %"


def gap_percent(gap: float) -> str:
    """Write a gap as a percentage with two significant digits, never smaller than it is.

    Examples
    --------
    >>> gap_percent(0.00101), gap_percent(0.001), gap_percent(2e-8), gap_percent(0.0)
    ('0.11 %', '0.1 %', '0.000002 %', '0 %')
    """
    if not gap:
        return "0 %"
    if not math.isfinite(gap):
        return "∞ %"
    decimals = max(0, 1 - math.floor(math.log10(100 * gap)))
    # Rounded first, so that 0.1 % does not become 0.11 % over the last bit of a float.
    steps = math.ceil(round(100 * gap * 10**decimals, 9))
    text = f"{steps / 10**decimals:.{decimals}f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} %"


def quality(result: Result) -> str:
    """Say how good the plan is known to be; nothing is claimed without a proven bound.

    Examples
    --------
    >>> quality(Result(None, Status.TIME_LIMIT, 1000, 1001, 60.0, 0))
    'Within 0.1 % of the best possible'
    """
    if result.gap is None or not math.isfinite(result.gap):
        text = "No bound proven"
    elif result.gap == 0:
        text = "The best possible, proven"
    else:
        text = f"Within {gap_percent(result.gap)} of the best possible"
    if result.n_windows and result.gap:
        text += f"; searched region by region, in {result.n_windows:,} windows"
    if result.status is Status.INTERRUPTED:
        return f"{text}. Interrupted: this is the best plan found until then"
    return text


def ending(result: Result) -> str:
    """Say why a search ended, and after how long.

    Examples
    --------
    >>> ending(Result(None, Status.GAP_REACHED, 1000, 1001, 12.34, 0))
    'the gap asked for was reached after 12.3 s'
    >>> ending(Result(None, Status.OPTIMAL, 1000, 1000, 2.0, 0))
    '2.0 s'
    """
    seconds = f"{result.runtime:.1f} s"
    why = {
        Status.GAP_REACHED: "the gap asked for was reached after ",
        Status.TIME_LIMIT: "the time limit was reached after ",
    }
    return f"{why.get(result.status, '')}{seconds}"


def headline_words(ballot: Ballot) -> str:
    """Say whose share a headline figure is.

    Examples
    --------
    >>> headline_words(Ballot.known("2016"))
    'of two-party voters live in the nation they voted for'
    >>> headline_words(Ballot("", "Yes", "No"))
    'of Yes and No voters live in the nation they voted for'
    """
    return f"of {ballot.voters} live in the nation they voted for"


def headline(report: Report) -> str:
    """Say the one figure to remember; without voters, that there are none."""
    if not report.whole.both.voters:
        return WITHOUT_VOTERS
    return f"{percent(report.self_determination, 2)} {headline_words(report.ballot)}"


def rows(report: Report) -> tuple[tuple[str, str, str], ...]:
    """List the measures of both nations as text: what, blue nation, red nation."""
    whole, sides = report.whole, report.ballot.sides
    gdp = dated("GDP", report, "gdp_dollars")
    pieces = f"Pieces on {len(report.landmasses):,} landmasses"

    def votes(number: int) -> str:
        return f"{number:,}" if whole.both.voters else "-"

    lines: list[tuple[str, Callable[[Tally], str]]] = [
        ("Units", lambda one: f"{one.units:,}"),
        (dated("People", report, "people"), lambda one: _number(one.people)),
        (f"{sides[0]} votes", lambda one: votes(one.blue_votes)),
        (f"{sides[1]} votes", lambda one: votes(one.red_votes)),
        ("Self-determined", lambda one: percent(one.self_determination)),
        ("Stranded voters", lambda one: votes(one.stranded)),
        ("Land area (km²)", lambda one: _number(one.land_km2)),
        (f"{gdp} (billion 2012 $)", lambda one: _number(one.gdp_dollars, 1e9)),
        ("Electoral votes", lambda one: _number(one.electoral_votes)),
        (pieces if len(report.landmasses) > 1 else "Pieces", lambda one: f"{one.pieces:,}"),
    ]
    written = [(label, write(whole.blue), write(whole.red)) for label, write in lines]
    return tuple(row for row in written if row[1:] != ("-", "-"))


def dated(label: str, report: Report, figure: str) -> str:
    """Write the year of a figure beside its name, where it is known: ``People, 2020``."""
    year = report.years.get(figure)
    return f"{label}, {year}" if year else label


def frontier(division: Division) -> str:
    """Say how long the line between the nations is, as far as that is known."""
    cut = f"{division.cut_edges:,} cut edges"
    if division.border_km is None:
        return f"Frontier: {cut}"
    return f"Frontier: {division.border_km:,.0f} km, {cut}"


def by_landmass(report: Report, most: int = 3) -> str:
    """Say in a line how the landmasses fare, those with the most voters; empty for a single one."""
    if len(report.landmasses) < 2 or not report.whole.both.voters:
        return ""
    shown = [
        f"{one.title}: {percent(one.both.self_determination)}" for one in report.landmasses[:most]
    ]
    rest = len(report.landmasses) - len(shown)
    return f"Self-determined on {'; '.join(shown)}" + (f"; and {rest} more" if rest else "")


def by_piece(report: Report) -> str:
    """Say on which landmasses the pieces of each nation lie; empty where there is one landmass."""
    if len(report.landmasses) < 2:
        return ""
    lands, ballot = report.landmasses, report.ballot
    blue, red = (
        (getattr(report.whole, name).pieces, sum(1 for one in lands if getattr(one, name).units))
        for name in COLOURS
    )
    return (
        f"Islands count: the {ballot.nation('blue')} nation has {_pieces(*blue)} of "
        f"{len(lands):,} landmasses, the {ballot.nation('red')} nation {_pieces(*red)}."
    )


def _pieces(pieces: int, lands: int) -> str:
    return f"{pieces:,} {'piece' if pieces == 1 else 'pieces'} on {lands:,}"


def winner(contest: Contest, sides: tuple[str, str]) -> str:
    """Name who wins a presidential election, or nobody where nobody has a majority."""
    return {"blue": sides[0], "red": sides[1], None: NOBODY}[contest.winner]


def won_by(name: str, margin: int) -> str:
    """Say who wins and by how many electoral votes.

    Examples
    --------
    >>> won_by("Trump", 77), won_by("nobody", 0)
    ('Trump +77', 'nobody')
    """
    return name if name == NOBODY else f"{name} +{margin:,}"


def repairs(given: Sequence[Mapping[str, Any]], most: int = 5) -> tuple[str, ...]:
    """Say in a line each what was mended in the data, the first few, and to which borders.

    Examples
    --------
    >>> repairs([{"message": "Unit '7' was invalid and is mended."}])
    ("Repaired: Unit '7' was invalid and is mended.",)
    >>> repairs([{"kind": "border lost", "units": ["7", "8"], "message": ""}])
    ('Borders lost by repair: 7 and 8.',)
    """
    names = {"doubt": "Doubtful", "crs": "Read", "seam": "Read"}
    others = [one for one in given if one.get("kind") not in BORDER_KINDS]
    shown = [
        f"{names.get(one.get('kind', ''), 'Repaired')}: {one['message']}" for one in others[:most]
    ]
    rest = len(others) - len(shown)
    if rest:
        shown.append(f"and {rest} more repairs, all of them in run.json")
    for kind in BORDER_KINDS:
        pairs = [" and ".join(one["units"]) for one in given if one.get("kind") == kind]
        if pairs:
            shown.append(f"{kind.replace('border', 'Borders')} by repair: {'; '.join(pairs)}.")
    return tuple(shown)


def doubts(given: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Say in a line each what is doubtful about the data, before anything is made of it.

    Examples
    --------
    >>> doubts([{"kind": "doubt", "message": "The map is small."}, {"kind": "zeros"}])
    ('Doubtful: The map is small.',)
    """
    return tuple(f"Doubtful: {one['message']}" for one in given if one.get("kind") == "doubt")


def _number(value: float | None, per: float = 1) -> str:
    return "-" if value is None else f"{value / per:,.0f}"
