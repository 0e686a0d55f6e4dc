"""A finished run in other formats: pictures, and files for geographic information systems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partition.answer.outcome import Outcome
from partition.errors import BundleError, InputError, ScenarioError, WriteError
from partition.land.dataset import Dataset
from partition.question.asking import ask
from partition.question.question import Question
from partition.runs.bundle import Bundle, read_bundle, read_document
from partition.runs.bundle_files import DOCUMENT, PLAN
from partition.runs.graph_files import write_districts, write_graph
from partition.scenario import Scenario
from shapefiles.errors import one_line
from shapefiles.own.whereabouts import MissingFileError, located
from shapefiles.units import Units
from solvers.result import Result, Status

if TYPE_CHECKING:
    from maps.shading import View
    from maps.static import Size, Theme

PAGE = ".html"
PICTURES = (".png", ".svg", ".pdf")
GEODATA = (".gpkg", ".geojson", ".zip", ".csv")
GRAPH = ".json"
SUFFIXES = (*PICTURES, *GEODATA, PAGE, GRAPH)
"""What :func:`export` writes, by the suffix of the file."""


def export(
    source: Outcome | str | Path,
    path: str | Path,
    *,
    data: Dataset | Units | None = None,
    size: Size = "slide",
    view: View = "agreement",
    theme: Theme = "light",
    districts: bool = False,
    tiles: Any = None,
) -> Path:
    """Write a run in the format that the suffix of a file names.

    Parameters
    ----------
    source
        A run, or the folder of its bundle.
    path
        File to write: a picture (``.png``, ``.svg``, ``.pdf``), geodata (``.gpkg``, ``.geojson``,
        ``.zip`` with shapefiles, ``.csv``), the interactive map (``.html``), or the dual graph as
        GerryChain reads it (``.json``). One that exists is replaced.
    data
        What a bundle divides; the data set that comes with the package unless given.
    size, view, theme
        How a picture looks; see :func:`maps.draw_static`.
    districts
        Whether a ``.csv`` holds ``GEOID,District`` and nothing else, as tools for redistricting
        read it.
    tiles
        A background for the interactive map, as for :meth:`partition.Run.map`: the page is no
        longer self-contained then. Nothing else has one.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        When the suffix, the look or the background is unknown, a text of the data cannot be stored,
        or there are no polygons to draw.
    BundleError
        When the folder holds no whole bundle, or one of other data.
    WriteError
        When the file cannot be written.
    """
    path = Path(path)
    check_suffix(path)
    outcome = source if isinstance(source, Outcome) else restore(source, data)
    try:
        if districts and path.suffix.lower() == ".csv":
            return write_districts(outcome, path)
        if path.suffix.lower() == PAGE:
            return _write_page(outcome, path, tiles)
        return _write(outcome, path, size, view, theme)
    except OSError as error:
        raise WriteError(f"Cannot write {path}: {error.strerror or error}.") from None


def check_suffix(path: Path) -> None:
    """Refuse a file that no format is known for.

    Raises
    ------
    InputError
        When the suffix is none of :data:`SUFFIXES`.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(
            f"{path.name!r} ends in none of {', '.join(SUFFIXES)}; choose one of them."
        )


def check_tiles(tiles: str | None, paths: Sequence[Path]) -> None:
    """Refuse a background that no file would have, or that no page can have.

    Raises
    ------
    InputError
        When none of the files is a page, or the background is not known or needs a key.
    """
    if tiles is None:
        return
    if not any(path.suffix.lower() == PAGE for path in paths):
        raise InputError(f"Tiles lie under a page only; name a file that ends in {PAGE}.")
    from maps.background import TilesError, background  # noqa: PLC0415 - Folium is slow to load

    try:
        background(tiles)
    except TilesError as error:
        raise InputError(str(error)) from None


def restore(
    folder: str | Path, data: Dataset | Units | None = None, asked: Scenario | None = None
) -> Outcome:
    """Bring a run back from its bundle, measured and checked anew.

    The plan must meet every constraint and have the objective that ``run.json`` says, and the
    bound must allow for it: files that were edited or mixed up are found out.

    Parameters
    ----------
    folder
        A folder that a run wrote.
    data
        What it divides; unless given, the files that its scenario names, looked for from the
        bundle and where they were, or the data set that comes with the package.
    asked
        What the run must answer, where that is known; what ``run.json`` says unless given.

    Returns
    -------
    Outcome
        What was asked, found and measured.

    Raises
    ------
    BundleError
        When the folder holds no whole bundle, one of other data, or one whose files do not agree.
    """
    document = read_document(folder)
    place = Path(folder) / DOCUMENT
    try:
        table = dict(document["scenario"])
        name = table.pop("name")
        asked_then = Scenario.from_table(table, name)
        if data is None:
            asked_then = _found_again(asked_then, document, Path(folder))
        stated = ask(asked_then, data)
        question = stated if asked is None else ask(asked, stated.dataset)
        if question.identity != stated.identity:
            raise BundleError(
                f"{place} asks another question than that of {question.scenario.name!r}."
            )
        return _restored(read_bundle(folder, question.units), question)
    except ScenarioError as error:
        raise BundleError(f"{place}: {one_line(error, 500)}") from None
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        if isinstance(error, InputError):
            raise
        what = f"{type(error).__name__}: {one_line(error, 500)}"
        raise BundleError(f"{place} is damaged: {what}") from None


def _found_again(scenario: Scenario, document: dict[str, Any], folder: Path) -> Scenario:
    """Have a scenario name the files of its map where they are now."""
    if scenario.data is None:
        return scenario
    data = document["data"]
    try:
        files = located(scenario.data, data.get("files"), data["sha256"], folder)
    except MissingFileError as error:
        raise BundleError(f"{folder / DOCUMENT}: {error}") from None
    return replace(scenario, data=files)


def _restored(bundle: Bundle, question: Question) -> Outcome:
    document: dict[str, Any] = bundle.document
    if document["data"]["sha256"] != dict(question.dataset.hashes):
        raise BundleError(
            f"{bundle.folder} divides other data than these; their SHA-256 are in {DOCUMENT}. "
            "Use the data it was made with, or run its scenario again."
        )
    result = Result(
        plan=bundle.plan,
        status=Status(document["status"]),
        objective=_whole(document["objective"]),
        bound=_whole(document["bound"]),
        runtime=float(document["runtime_seconds"]),
        seed=int(document["seed"]),
        n_windows=int(document.get("windows", 0)),
    )
    _check(bundle, result, question)
    return Outcome(question, result, bundle.plan, question.measure(bundle.plan))


def _check(bundle: Bundle, result: Result, question: Question) -> None:
    """Refuse a result that its plan does not have."""
    broken = question.broken_constraint(bundle.plan)
    if broken is not None:
        raise BundleError(f"{bundle.folder / PLAN} is no plan of its scenario: {broken}.")
    objective, bound = question.objective(bundle.plan), result.bound
    if objective != result.objective:
        raise BundleError(
            f"{bundle.folder / PLAN} has the objective {objective}, and {DOCUMENT} says "
            f"{result.objective}: one of them was changed."
        )
    is_optimal = result.status is Status.OPTIMAL
    if is_optimal if bound is None else bound < objective or (is_optimal and bound > objective):
        raise BundleError(
            f"{bundle.folder / DOCUMENT} is damaged: its plan has the objective {objective}, which "
            f"a bound of {bound} and the status {result.status.value} contradict."
        )
    if not (isfinite(result.runtime) and result.runtime >= 0):
        raise ValueError(f"runtime_seconds = {result.runtime}")


def _whole(value: object) -> int | None:
    if value is None or type(value) is int:
        return value
    raise TypeError(f"{value!r} is no whole number of votes")


def _write_page(outcome: Outcome, path: Path, tiles: Any) -> Path:
    import maps  # noqa: PLC0415
    from partition.pages.drawing import draw_outcome  # noqa: PLC0415

    return maps.save(draw_outcome(outcome, tiles=tiles), path)


def _write(outcome: Outcome, path: Path, size: Size, view: View, theme: Theme) -> Path:
    # Drawing libraries take a second to load, and each format needs its own only.
    import maps  # noqa: PLC0415
    from partition.pages.drawing import require_polygons, summarize  # noqa: PLC0415

    units, plan, election = outcome.dataset.units, outcome.plan, outcome.scenario.election
    suffix = path.suffix.lower()
    if suffix == GRAPH:
        return write_graph(outcome, path)
    if suffix != ".csv":
        require_polygons(units)
    if suffix in GEODATA:
        from maps.unit_columns import StorageError  # noqa: PLC0415

        try:
            return maps.export(units, plan, election, path)
        except StorageError as error:
            raise InputError(str(error)) from None
    from maps.shading import VIEWS  # noqa: PLC0415
    from maps.static import SIZES, THEMES  # noqa: PLC0415

    looks = (("size", size, SIZES), ("view", view, VIEWS), ("theme", theme, THEMES))
    for what, given, allowed in looks:
        if given not in allowed:
            raise InputError(f"There is no {what} {given!r}; choose from {', '.join(allowed)}.")
    figure = maps.draw_static(
        units, plan, summarize(outcome), election, size=size, view=view, theme=theme
    )
    return maps.save_static(figure, path)
