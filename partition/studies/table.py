"""Rows of a study: the figures of its plans, exact for programs and rounded for people."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from partition.answer import wording
from partition.answer.steps import costs_text, prices
from partition.errors import IncompleteError, WriteError, reason
from partition.land.ballot import COLOURS, Ballot
from partition.runs.run import Run
from partition.runs.spared import refuse_run, spare_inputs
from partition.scenario import Scenario
from partition.studies.distinctions import written
from partition.studies.figures import Figures, figures
from partition.studies.running.missing import Failure
from shapefiles.table_writing import csv_text, markdown_table
from shapefiles.writing import whole_file

Row = Figures
"""Exact values by name, each with its unit of measure in the name; None where there is none."""

Column = tuple[str, Callable[[Row], str]]
"""Heading of a column as people read it, and how it is written."""


def head(label: str, run: Run) -> Row:
    """Name a plan, its scenario and its election."""
    return {
        "label": label,
        "scenario": run.scenario.name,
        "election": run.scenario.election,
    }


def row(label: str, run: Run) -> Row:
    """State what was asked, the figures of the plan, and what is proven of it."""
    result, scale, limits = run.result, run.question.scale, run.scenario.limits
    return {
        **head(label, run),
        **figures(run.report),
        "folder": None if run.folder is None else str(run.folder),
        "start": run.start or None,
        "inequalities_from": ", ".join(run.taught_by) or None,
        "status": result.status.value,
        "objective_votes": in_votes(result.objective, scale),
        "bound_votes": in_votes(result.bound, scale),
        "gap": result.gap,
        "time_limit_seconds": limits.time_limit,
        "asked_gap": limits.gap,
        "iterations": limits.iterations,
        "seed": result.seed,
        "runtime_seconds": round(result.runtime, 3),
        "quality": wording.quality(result),
    }


def step_row(run: Run) -> Row:
    """State what a goal that comes after others has brought and cost; nothing for the first one."""
    names = ("then", "then_within_share", "then_before", "then_after", "then_unit", "then_costs")
    if not run.steps:
        return dict.fromkeys(names)
    price, own = prices(run.steps)[-1], run.steps[-1]
    told = (price.goal, own.within, price.before, price.after, price.unit, costs_text(price))
    return dict(zip(names, told, strict=True))


def _amount(name: str) -> Callable[[Row], str]:
    return lambda one: f"{one[name]:,.0f} {one['then_unit']}"


STEP_COLUMNS: tuple[Column, ...] = (
    ("Goal", lambda one: str(one["then"]).replace("_", " ")),
    ("This plan has", _amount("then_after")),
    ("The plan before had", _amount("then_before")),
    ("It costs", lambda one: str(one["then_costs"])),
    ("It may cost", lambda one: f"{100 * one['then_within_share']:.6g} %"),
)
"""What a goal that comes after others has brought and cost."""


def missing_rows(rows: Sequence[Row], failures: Sequence[Failure]) -> tuple[Row, ...]:
    """State which plans are missing, as rows without figures that a table in a file ends with."""
    return tuple(
        dict.fromkeys(rows[0]) | {"label": one.label, "status": "MISSING", "quality": one.message}
        for one in failures
        if not one.is_answer
    )


def in_votes(steps: int | None, scale: int) -> int | float | None:
    """Express an objective in votes; whole numbers stay whole.

    Examples
    --------
    >>> in_votes(7, 1), in_votes(1500, 1000), in_votes(None, 1)
    (7, 1.5, None)
    """
    return steps if steps is None or scale == 1 else steps / scale


def number(name: str, decimals: int = 0, per: float = 1) -> Callable[[Row], str]:
    """Write a value as a rounded number, in thousands or the like where `per` says so."""

    def write(one: Row) -> str:
        value = one[name]
        return "-" if value is None else f"{value / per:,.{decimals}f}"

    return write


def text(name: str) -> Callable[[Row], str]:
    """Write a value as it is."""
    return lambda one: str(one[name])


def typed(name: str) -> Callable[[Row], str]:
    """Write a value as a person types it in a scenario; a dash for none."""
    return lambda one: written(one[name])


def share(name: str, decimals: int = 1) -> Callable[[Row], str]:
    """Write a share as a percentage."""
    return lambda one: wording.percent(one[name], decimals)


def years_of(rows: Sequence[Row], figure: str) -> str:
    """Say of which years a figure is in some rows; nothing where that is not known.

    Examples
    --------
    >>> years_of([{"people_year": "2016"}, {"people_year": "2020"}, {}], "people")
    '2016 / 2020'
    """
    years = (one.get(f"{figure}_year") for one in rows)
    return " / ".join(sorted({str(one) for one in years if one}))


def _dated(label: str, rows: Sequence[Row], figure: str) -> str:
    years = years_of(rows, figure)
    return f"{label}, {years}" if years else label


def plan_columns(ballot: Ballot, rows: Sequence[Row]) -> tuple[Column, ...]:
    """Say what there is of every plan, and of which years it is in some rows."""
    blue, red = (ballot.nation(one) for one in COLOURS)
    people = _dated("People", rows, "people")
    return (
        ("Self-determined", share("self_determined_share", 2)),
        ("Stranded voters", number("stranded_voters")),
        (f"{people}, {blue}", number("blue_people")),
        (f"{people}, {red}", number("red_people")),
        ("Frontier (km)", number("border_km")),
        (f"Pieces, {blue}", number("blue_pieces")),
        (f"Pieces, {red}", number("red_pieces")),
        ("How good", text("quality")),
    )


def _rest(one: Row) -> str:
    margin = one["rest_margin_electoral_votes"]
    return "-" if margin is None else wording.won_by(one["rest_winner_name"], margin)


def sides_columns(ballot: Ballot, rows: Sequence[Row]) -> tuple[Column, ...]:
    """Say who is on the wrong side, and what becomes of the rest of the country."""
    gdp = _dated("GDP", rows, "gdp")
    blue, red = (ballot.nation(one) for one in COLOURS)
    first, second = ballot.nation_names
    return (
        (f"{first} voters stranded", share("blue_stranded_share")),
        (f"{second} voters stranded", share("red_stranded_share")),
        (f"{gdp}, {blue} (billion 2012 $)", number("blue_gdp_dollars", per=1e9)),
        (f"{gdp}, {red} (billion 2012 $)", number("red_gdp_dollars", per=1e9)),
        ("Electoral votes that leave", number("leaving_electoral_votes")),
        ("President of the rest", _rest),
        (f"House seats, {blue}", number("blue_house_seats")),
        ("States split", number("split_states")),
        ("People cut off from their state", number("cut_off_people")),
    )


def _gap(one: Row) -> str:
    return "-" if one["gap"] is None else wording.gap_percent(one["gap"])


LARGE = 1_000_000
"""From here on a count is written in millions; below, every voter is."""


def _millions(name: str) -> Callable[[Row], str]:
    def write(one: Row) -> str:
        count = one[name]
        if count is None:
            return "-"
        return f"{count / 1e6:,.1f} M" if count >= LARGE else f"{count:,.0f}"

    return write


def _billions(name: str) -> Callable[[Row], str]:
    return lambda one: "-" if one[name] is None else f"${one[name] / 1e9:,.0f} bn"


def _under(*lines: str) -> str:
    return "\n".join(filter(None, lines))


def narrow_columns(ballot: Ballot, rows: Sequence[Row]) -> tuple[Column, ...]:
    """Say the first of them for a terminal of 80 characters."""
    first, _ = ballot.nation_names
    return (
        ("Self-det.", share("self_determined_share", 2)),
        ("Stranded", _millions("stranded_voters")),
        (_under(first, years_of(rows, "people"), "people"), _millions("blue_people")),
        ("Frontier\n(km)", number("border_km")),
        ("Pieces", lambda one: f"{one['blue_pieces']:,} + {one['red_pieces']:,}"),
        ("Gap", _gap),
    )


def narrow_sides_columns(ballot: Ballot, rows: Sequence[Row]) -> tuple[Column, ...]:
    """Say the second, for the same terminal."""
    first, second = ballot.nation_names
    return (
        (f"{first}\nstranded", share("blue_stranded_share")),
        (f"{second}\nstranded", share("red_stranded_share")),
        (_under(first, f"{years_of(rows, 'gdp')} GDP".strip()), _billions("blue_gdp_dollars")),
        ("Electors\nleave", number("leaving_electoral_votes")),
        ("Rest\nwon by", _rest),
    )


def known(columns: Sequence[Column], rows: Sequence[Row]) -> tuple[Column, ...]:
    """Leave out the columns of which the data know nothing.

    Examples
    --------
    >>> columns = [("Seats", number("seats")), ("km", number("km"))]
    >>> [heading for heading, _ in known(columns, [{"seats": None, "km": 7.0}])]
    ['km']
    """
    return tuple(one for one in columns if any(one[1](line) != "-" for line in rows))


def csv_rows(rows: Sequence[Row]) -> str:
    """Write exact values as CSV, a line a row under the names; nothing for None."""
    names = list(rows[0])
    return csv_text(names, ([one[name] for name in names] for one in rows))


def markdown_rows(columns: Sequence[Column], rows: Sequence[Row]) -> str:
    r"""Write rounded values as a table in Markdown, the first column a name, the others figures.

    Examples
    --------
    >>> print(markdown_rows([("Plan", text("label")), ("km", number("km"))],
    ...                     [{"label": "a|b", "km": 1234.5}]), end="")
    | Plan | km |
    | :-- | --: |
    | a\|b | 1,234 |
    """
    head = [heading for heading, _ in columns]
    return markdown_table(head, ([write(one) for _, write in columns] for one in rows)) + "\n"


def page_bytes(page: Any) -> bytes:
    """Render a map of Folium as the one file that it becomes."""
    import maps  # noqa: PLC0415 - drawing takes a second to load; tables need none of it

    return _as_file(lambda path: maps.save(page, path), "page.html")


def picture_bytes(figure: Any, suffix: str) -> bytes:
    """Render a figure of matplotlib as the file that it becomes; text in an SVG stays text."""
    import maps  # noqa: PLC0415

    return _as_file(
        lambda path: maps.save_static(figure, path, has_outlines=False), f"picture{suffix}"
    )


def _as_file(save: Callable[[Path], Path], name: str) -> bytes:
    try:
        with tempfile.TemporaryDirectory() as place:
            return save(Path(place) / name).read_bytes()
    except OSError as error:
        raise WriteError(f"Cannot draw {name}: {error.strerror or error}.") from None


def write_files(
    folder: Path,
    contents: Mapping[str, Callable[[], str | bytes]],
    scenarios: Iterable[Scenario],
) -> tuple[Path, ...]:
    """Write files into a folder, each whole or not at all; those of that name are replaced.

    Parameters
    ----------
    folder
        Folder to write to.
    contents
        What makes the content of each file, by its name.
    scenarios
        What the study was made from.

    Raises
    ------
    InputError
        When one of them is a file that the study was made from, or the folder holds a run.
    IncompleteError
        When some of them cannot be drawn or written; the others are.
    WriteError
        When the folder cannot be written to.
    """
    refuse_run(folder)
    spare_inputs([folder / name for name in contents], scenarios)
    written, failed = [], dict[Path, Exception]()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(f"Cannot write to {folder}: {reason(error)}.") from None
    for name, make in contents.items():
        path = folder / name
        try:
            content = make()
            with whole_file(path) as draft:
                draft.write_bytes(content.encode() if isinstance(content, str) else content)
        except Exception as error:  # whatever it is, the others are not to be lost
            failed[path] = error
        else:
            written.append(path)
    if failed:
        raise _lack(folder, tuple(written), failed)
    return tuple(written)


def _lack(folder: Path, written: tuple[Path, ...], failed: Mapping[Path, Exception]) -> WriteError:
    """Say which files of a study could not be written."""
    first = next(iter(failed.values()))
    if not written and isinstance(first, OSError):
        return WriteError(f"Cannot write to {folder}: {reason(first)}.")
    names = ", ".join(path.name for path in failed)
    lack = IncompleteError(
        f"The study is in {folder}, but without {names} ({reason(first)}). All runs are kept, and "
        "the same study tries again.",
        written,
        tuple(failed),
    )
    lack.__cause__ = first
    return lack
