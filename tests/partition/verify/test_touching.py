"""Borders of a map of one's own are found another way than by the program."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest
import shapely

from partition import solve
from partition.errors import CertificateError
from partition.verify import verify
from partition.verify.touching import compare
from shapefiles import MapFiles
from shapefiles.own import reading as own
from shapefiles.own.drawn import Outlines
from shapefiles.own.given import Held
from shapefiles.own.reading import OwnMap
from shapefiles.units import Edges

if TYPE_CHECKING:
    from fuzz.borders import Drawing

FILE = Path(__file__).parents[3] / "fuzz" / "borders.py"
SPEC = importlib.util.spec_from_file_location("fuzz_borders", FILE)
borders = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(borders)


def drawn(number: int) -> tuple[Drawing, Outlines, list[str]]:
    random = np.random.default_rng([9, number])
    drawing = borders.KINDS[number % 3](random)
    place = borders.PLACES[number % len(borders.PLACES)]
    polygons, _ = borders.put(drawing, place, random)
    outlines = Outlines(polygons, borders.read(polygons, place.crs).tolerance, 0.0)
    return drawing, outlines, [f"u{row}" for row in range(len(polygons))]


@pytest.mark.parametrize("number", range(24))
def test_borders_as_they_were_drawn_are_confirmed_and_no_others(number: int) -> None:
    drawing, outlines, ids = drawn(number)
    compare(outlines, drawing.pairs, ids)
    for pair in sorted(drawing.pairs)[:3]:
        with pytest.raises(CertificateError, match="have a border, which was overlooked"):
            compare(outlines, drawing.pairs - {pair}, ids)
    others = {(a, b) for b in range(len(ids)) for a in range(b)} - drawing.pairs
    touching = [
        (a, b)
        for a, b in sorted(others)
        if shapely.distance(drawing.polygons[a], drawing.polygons[b]) == 0
    ]
    for pair in [*touching[:3], *sorted(others)[:1]]:
        with pytest.raises(CertificateError, match="are said to have a border, but"):
            compare(outlines, drawing.pairs | {pair}, ids)


def test_a_border_across_the_line_of_180_degrees_is_confirmed() -> None:
    west = np.linspace(-180, 180, 13)
    around = shapely.box(west[:-1], -30, west[1:], 0)
    pairs = {tuple(sorted((one, (one + 1) % 12))) for one in range(12)}
    ids = [f"u{row}" for row in range(12)]
    compare(Outlines(around, 1e-7, 360.0), pairs, ids)
    with pytest.raises(CertificateError, match="u0 and u11 are said to have a border, but do not"):
        compare(Outlines(around, 1e-7, 0.0), pairs, ids)
    with pytest.raises(CertificateError, match="u0 and u11 have a border, which was overlooked"):
        compare(Outlines(around, 1e-7, 360.0), pairs - {(0, 11)}, ids)


def test_a_run_whose_reader_lost_a_border_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = shapely.box([0, 0, 1000], [0, 1000, 1000], [2000, 1000, 2000], [1000, 2000, 2000])
    frame = gpd.GeoDataFrame(
        {"id": ["a", "b", "c"], "blue": [9, 1, 8], "red": [1, 9, 2]},
        geometry=blocks,
        crs="EPSG:5070",
    )
    frame.to_file(tmp_path / "map.gpkg")
    files = MapFiles(str(tmp_path / "map.gpkg"), "id", ("blue",), ("red",))

    def lossy(given: MapFiles, *held: Held) -> OwnMap:
        found = honest(given, *held)
        edges = found.units.edges
        rows = [(edges.pairs != (0, 2)).any(axis=1)]
        kept = Edges(
            *(
                getattr(edges, name)[tuple(rows)]
                for name in ("pairs", "border", "kind", "is_default")
            )
        )
        return replace(found, units=replace(found.units, edges=kept))

    honest = own.read_map
    assert verify(solve(data=files, certify=True).write(tmp_path / "whole")).is_recounted
    monkeypatch.setattr(own, "read_map", lossy)
    folder = solve(data=files, certify=True).write(tmp_path / "lossy")
    with pytest.raises(CertificateError, match="a and c have a border, which was overlooked"):
        verify(folder)
