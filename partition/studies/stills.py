"""A comparison or a sweep, read back from its folder, as one picture for print or a slide."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import maps
from maps.plan_texts import write_figure
from partition.errors import BundleError, InputError, WriteError
from partition.pages.comparing import compared_plans, summarize_comparison
from partition.pages.drawing import look
from partition.question.asking import ask
from partition.runs.reading import MAX_BYTES, read
from partition.runs.run import Run
from partition.runs.spared import spare
from partition.scenario import Scenario, Sides
from partition.studies.explore import explored_sweep
from partition.studies.running.missing import Failure
from partition.studies.running.places import COMPARISON, SWEEP
from partition.studies.sweeping.axis import Axis
from partition.studies.sweeping.breakpoints import breakpoint_rows
from partition.studies.sweeping.sweep import Sweep
from shapefiles.errors import DataError, one_line
from shapefiles.screening.door import read_bytes
from shapefiles.units import Units

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PICTURES = (".png", ".svg", ".pdf")

Renamed = Sides | Mapping[str, Any] | None
"""What to call and colour the sides; as a study does for None."""


@dataclass(frozen=True, slots=True, eq=False)
class ShownStudy:
    """The plans of a study, with what is said of them.

    Parameters
    ----------
    units
        What is divided.
    election
        Whose votes shade maps.
    plans, summary
        As for :func:`maps.draw_compared`.
    """

    units: Units
    election: str
    plans: tuple[maps.ComparedPlan, ...]
    summary: maps.ComparisonSummary

    def choose(self, names: Sequence[str]) -> ShownStudy:
        """Take some of the plans, by their numbers, from 1 on, or by their names, in this order.

        Raises
        ------
        InputError
            When there is no such plan.
        """
        labels = [one.label for one in self.plans]
        chosen = []
        for name in names:
            if name in labels:
                chosen.append(self.plans[labels.index(name)])
            elif name.isascii() and name.isdigit() and 1 <= int(name[:9]) <= len(labels):
                chosen.append(self.plans[int(name) - 1])
            else:
                known = ", ".join(f"{k} ({label})" for k, label in enumerate(labels[:12], start=1))
                raise InputError(f"There is no plan {name!r}; choose from {known}.")
        return replace(self, plans=tuple(chosen))

    def plot(self, form: str = "", *, size: str, view: str, theme: str) -> Figure:
        """Draw the plans as one picture.

        Parameters
        ----------
        form
            ``pair``, ``maps`` or ``table``; a pair where there are two plans unless given, and a
            table where the units are a graph.
        size, view, theme
            As for :func:`maps.draw_compared`.

        Raises
        ------
        InputError
            When one of them is unknown, there are too few plans, or no polygons to draw.
        """
        has_polygons = self.units.has_polygons
        form = form or ("table" if not has_polygons else "pair" if len(self.plans) == 2 else "maps")
        if form in {"pair", "maps"} and not has_polygons:
            raise InputError(
                "These units are a graph without polygons: their plans cannot be drawn as maps. "
                "Write a table instead: --form table."
            )
        try:
            return maps.draw_compared(
                self.units,
                self.plans,
                self.summary,
                self.election,
                form=form,  # type: ignore[arg-type]  # checked there
                size=size,  # type: ignore[arg-type]
                view=view,  # type: ignore[arg-type]
                theme=theme,
            )
        except ValueError as error:
            raise InputError(str(error)) from None

    def export(
        self,
        path: str | Path,
        form: str = "",
        *,
        size: str = "slide",
        view: str = "nations",
        theme: str = "light",
    ) -> Path:
        """Draw the plans into a ``.png``, an ``.svg`` with text that can be edited, or a ``.pdf``.

        Raises
        ------
        InputError
            As for :meth:`plot`, and when the suffix is another one or the file that of a study.
        WriteError
            When the file cannot be written.
        """
        path = Path(path)
        check_picture(path)
        spare(path)
        figure = self.plot(form, size=size, view=view, theme=theme)
        try:
            return maps.save_static(figure, path, has_outlines=False)
        except OSError as error:
            raise WriteError(f"Cannot write {path}: {error.strerror or error}.") from None


def check_picture(path: Path) -> None:
    """Refuse a file that no picture is written to.

    Raises
    ------
    InputError
        When the suffix is none of :data:`PICTURES`.
    """
    if path.suffix.lower() not in PICTURES:
        raise InputError(
            f"{path.name!r} ends in none of {', '.join(PICTURES)}, the pictures that a comparison "
            "or a sweep is drawn as; choose one of them."
        )


def read_study(folder: str | Path, sides: Renamed = None) -> ShownStudy:
    """Read a comparison or a sweep back from its folder, and its plans from their runs.

    Parameters
    ----------
    folder
        What ``partition compare`` or ``partition sweep`` wrote.
    sides
        What to call and colour the sides; as the study does unless given.

    Raises
    ------
    BundleError
        When the folder has neither, a run is missing or damaged, or its file is.
    """
    folder = Path(folder)
    name = COMPARISON if (folder / COMPARISON).is_file() else SWEEP
    place = folder / name
    try:
        document = json.loads(read_bytes(place, MAX_BYTES))
        if name == COMPARISON:
            return _comparison(document, folder, sides)
        return _sweep(document, folder, sides)
    except (OSError, DataError) as error:
        raise BundleError(f"{place} cannot be read: {one_line(error, 500)}") from None
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        what = f"{type(error).__name__}: {one_line(error, 500)}"
        raise BundleError(f"{place} is damaged: {what}") from None


def _run_at(named: Any, folder: Path, sides: Renamed) -> Run:
    """Read a run that a study names, from where the program runs or from the study's folder."""
    above = folder.resolve().parents[:2]
    places = [Path(named), folder / named, *(one / named for one in above)]
    found = next((one for one in places if one.is_dir()), None)
    if found is None:
        raise BundleError(
            f"{folder} is about the run {named}, which is not there. Go to the folder that the "
            "study was made in, or make the study again."
        )
    return read(found).shown_as(sides)


def _comparison(document: Mapping[str, Any], folder: Path, sides: Renamed) -> ShownStudy:
    runs = {str(one["label"]): _run_at(one["bundle"], folder, sides) for one in document["plans"]}
    if not runs:
        raise BundleError(f"{folder / COMPARISON} has no plan.")
    first = next(iter(runs.values()))
    if any(one.dataset.hashes != first.dataset.hashes for one in runs.values()):
        raise BundleError(f"{folder / COMPARISON} has plans of different land.")
    summary = summarize_comparison(runs, str(document.get("missing") or ""))
    plans = tuple(compared_plans(runs))
    return ShownStudy(first.question.units, first.scenario.election, plans, summary)


def _sweep(document: Mapping[str, Any], folder: Path, sides: Renamed) -> ShownStudy:
    table = dict(document["scenario"])
    scenario = Scenario.from_table(table, table.pop("name"))
    scenario = scenario.override(sides=sides)
    axes = tuple(Axis(one["key"], tuple(one["values"])) for one in document["axes"])
    rows = tuple(document["points"])
    if document["is_exact"]:
        question = ask(scenario)
        found, plans = breakpoint_rows(question, axes[0])
        if _told(found, axes[0]) != _told(rows, axes[0]):
            raise BundleError(f"{folder / SWEEP} has other plans than its scenario has now.")
        rows = found
    else:
        runs = [_run_at(one["folder"], folder, sides) for one in rows]
        question = runs[0].question.asking(scenario)
        plans = tuple(one.plan for one in runs)
    exact = bool(document["is_exact"])
    failures = tuple(Failure(**one) for one in document["failures"])
    explored = explored_sweep(Sweep(question, axes, rows, plans, failures, is_exact=exact))
    return ShownStudy(question.units, question.election, *_along(explored, question))


def _told(rows: Sequence[Mapping[str, Any]], axis: Axis) -> list[tuple[Any, Any]]:
    """Say where each plan begins to be the best, and what it is worth."""
    return [(one[axis.key], one["self_determined_voters"]) for one in rows]


def _along(
    explored: maps.Explored, question: Any
) -> tuple[tuple[maps.ComparedPlan, ...], maps.ComparisonSummary]:
    """State plans along dials as those of a comparison, each called by where it stands."""
    from maps.explored_static import caption  # noqa: PLC0415 - loads matplotlib

    up = explored.measures[explored.number(explored.up)]
    others = [one for one in explored.measures if one.key != up.key]
    plans = tuple(
        maps.ComparedPlan(
            caption(explored, one),
            one.plan,
            write_figure(up, one.figures.get(up.key)),
            one.title,
            tuple((few.name, write_figure(few, one.figures.get(few.key))) for few in others),
            one.status,
        )
        for one in explored.plans
    )
    summary = maps.ComparisonSummary(
        title=explored.title,
        headline_name=up.name,
        subtitle=explored.subtitle,
        election=explored.election,
        source=explored.source,
        **look(question),
    )
    return plans, summary
