"""A finished run in other formats: pictures, and files for geographic information systems."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maps.colours import palettes
from partition.errors import InputError, WriteError
from partition.land.ballot import COLOURS
from partition.runs.bundle_files import PLAN, WRITERS
from partition.runs.graph_files import write_districts, write_graph
from partition.runs.spared import spare
from shapefiles.writing import whole_file

if TYPE_CHECKING:
    from maps.shading import View
    from maps.static import Size, Theme
    from partition.runs.run import Run

PAGE = ".html"
PICTURES = (".png", ".svg", ".pdf")
GEODATA = (".gpkg", ".geojson", ".zip")
TABLE = ".csv"
GRAPH = ".json"
SUFFIXES = (*PICTURES, *GEODATA, TABLE, PAGE, GRAPH)
"""What :func:`export` writes, by the suffix of the file."""


def export(
    run: Run,
    path: str | Path,
    *,
    size: Size = "slide",
    view: View = "agreement",
    theme: Theme = "light",
    districts: bool = False,
    tiles: Any = None,
) -> Path:
    """Write a run in the format that the suffix of a file names.

    Parameters
    ----------
    run
        What to write.
    path
        File to write: a picture (``.png``, ``.svg``, ``.pdf``), geodata (``.gpkg``, ``.geojson``,
        ``.zip`` with shapefiles), a table like ``plan.csv`` (``.csv``), the interactive map
        (``.html``), or the dual graph as GerryChain reads it (``.json``). One that exists is
        replaced, but never what the run was made from, nor a file of a run or a study.
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
        there are no polygons to draw, or the file is one that must not be replaced.
    WriteError
        When the file cannot be written.
    """
    path = Path(path)
    check_suffix(path)
    spare(path, [run.scenario], [Path(run.start)] if run.start else [])
    try:
        if path.suffix.lower() == TABLE:
            return write_districts(run, path) if districts else _write_plan(run, path)
        if path.suffix.lower() == PAGE:
            return _write_page(run, path, tiles)
        return _write(run, path, size, view, theme)
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


def _write_page(run: Run, path: Path, tiles: Any) -> Path:
    import maps  # noqa: PLC0415

    return maps.save(run.map(tiles), path)


def _write_plan(run: Run, path: Path) -> Path:
    with whole_file(path) as draft:
        WRITERS[PLAN](run, draft)
    return path


def _write(run: Run, path: Path, size: Size, view: View, theme: Theme) -> Path:
    # Drawing libraries take a second to load, and each format needs its own only.
    import maps  # noqa: PLC0415

    suffix = path.suffix.lower()
    if suffix == GRAPH:
        return write_graph(run, path)
    if suffix not in GEODATA:
        figure = run.plot(size=size, view=view, theme=theme)
        return maps.save_static(figure, path, has_outlines=False)
    from maps.unit_columns import StorageError  # noqa: PLC0415
    from partition.pages.drawing import require_polygons  # noqa: PLC0415

    ballot = run.report.ballot
    require_polygons(run.question.units)
    try:
        return maps.export(
            run.question.units,
            run.plan,
            run.question.election,
            path,
            names=ballot.nations or COLOURS,
            palette=palettes(*ballot.colours).light,
        )
    except StorageError as error:
        raise InputError(str(error)) from None
