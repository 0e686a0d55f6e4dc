"""Whatever is written appears whole, whoever else writes it, whatever it is called."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep
from types import SimpleNamespace

import folium
import pytest
import shapely
from matplotlib.figure import Figure

import maps
from partition.studies.table import write_files
from shapefiles.units import Units
from solvers.plan import Plan
from tests.maps.conftest import make_units


@pytest.fixture(scope="module")
def units() -> Units:
    return make_units(shapely.box([0.0, 1e4], 0.0, [1e4, 2e4], 1e4))


@pytest.fixture(scope="module")
def write(units: Units) -> Callable[[Path], object]:
    """Write a file of the kind that its suffix names, by the function that does it."""

    def write_one(path: Path) -> object:
        if path.suffix == ".html":
            return maps.save(folium.Map(), path)
        if path.suffix in (".png", ".svg", ".pdf"):
            return maps.save_static(Figure(), path)
        if path.suffix == ".md":
            return write_files(path.parent, {path.name: lambda: "text"}, [])
        return maps.export(units, Plan([0, 1]), "2016", path)

    return write_one


SUFFIXES = [".html", ".png", ".svg", ".pdf", ".md", ".csv", ".geojson", ".gpkg", ".zip"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_name_may_be_as_long_as_the_file_system_allows(
    write: Callable[[Path], object], tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / ("x" * (255 - len(suffix)) + suffix)
    path.write_text("old")
    write(path)
    assert path.read_bytes() != b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_disk_that_is_full_at_the_last_moment_leaves_the_old_file_and_no_part(
    write: Callable[[Path], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    path = tmp_path / f"map{suffix}"
    path.write_text("old")

    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(Exception, match="No space left on device"):
        write(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_two_who_write_one_page_or_table_never_collide(tmp_path: Path) -> None:
    def render() -> str:
        sleep(0.002)
        return "page" * 10_000

    page = SimpleNamespace(get_root=lambda: SimpleNamespace(render=render))

    def turn(_: int) -> None:
        for _ in range(20):
            maps.save(page, tmp_path / "map.html")  # type: ignore[arg-type]
            write_files(tmp_path, {"table.csv": lambda: "line\n" * 10_000}, [])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(turn, range(4)))
    assert {one.name for one in tmp_path.iterdir()} == {"map.html", "table.csv"}
    assert (tmp_path / "map.html").read_text() == "page" * 10_000
    assert (tmp_path / "table.csv").read_text() == "line\n" * 10_000
