"""A finished run leaves in any format, from memory and from its folder alike."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

import partition
from partition.errors import BundleError, InputError, WriteError
from partition.question.question import Question
from partition.runs.bundle import DOCUMENT
from partition.runs.exporting import GEODATA, PICTURES, SUFFIXES, export
from partition.runs.reading import read
from partition.runs.run import Run
from partition.scenario import Scenario
from shapefiles.units import Units


@pytest.fixture
def run(squares: Units) -> Run:
    return partition.solve(Scenario.shipped("archipelago"), election="2016", data=squares)


@pytest.fixture
def folder(run: Run, tmp_path: Path) -> Path:
    return run.write(tmp_path / "run")


def test_a_run_comes_back_from_its_folder(run: Run, folder: Path, squares: Units) -> None:
    found = read(folder, squares)
    assert found.scenario == run.scenario
    assert found.report == run.report
    assert found.plan == run.plan
    for key in ("status", "objective", "bound", "seed", "gap"):
        assert getattr(found.result, key) == getattr(run.result, key)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_folder_and_the_run_give_the_same_file(
    suffix: str, run: Run, folder: Path, squares: Units, tmp_path: Path
) -> None:
    one = export(run, tmp_path / f"one{suffix}")
    other = read(folder, squares).export(tmp_path / f"other{suffix}")
    if suffix in PICTURES or suffix in {".csv", ".geojson", ".zip"}:
        assert one.read_bytes() == other.read_bytes()
    assert other.stat().st_size > 50


def test_geodata_carry_the_plan(run: Run, tmp_path: Path) -> None:
    expected = ["blue" if part else "red" for part in run.plan.assignment]
    for suffix in GEODATA:
        path = export(run, tmp_path / f"plan{suffix}")
        if suffix == ".csv":
            table = pd.read_csv(path, dtype=str)
        else:
            table = gpd.read_file(path, **({} if suffix == ".geojson" else {"layer": "units"}))
        table.columns = table.columns.str.upper()
        assert table.NATION.tolist() == expected
        assert table.GEOID.tolist() == run.dataset.units.ids.tolist()


def test_a_picture_looks_as_asked_for(run: Run, tmp_path: Path) -> None:
    slide = export(run, tmp_path / "slide.png").read_bytes()
    dark = export(run, tmp_path / "dark.png", theme="dark").read_bytes()
    page = export(run, tmp_path / "page.png", size="page", view="nations").read_bytes()
    assert slide[16:24] == dark[16:24] == (1920).to_bytes(4, "big") + (1080).to_bytes(4, "big")
    assert slide != dark
    assert page[16:20] == (2480).to_bytes(4, "big")


def test_a_background_is_asked_for_and_never_there_otherwise(run: Run, tmp_path: Path) -> None:
    server = "server.arcgisonline.com"
    page = export(run, tmp_path / "map.html").read_text(encoding="utf-8")
    over = export(run, tmp_path / "over.html", tiles="Esri WorldGrayCanvas")
    assert server not in page + run.map().get_root().render()
    assert server in over.read_text(encoding="utf-8")
    assert server in run.map(tiles="Esri WorldGrayCanvas").get_root().render()
    for draw in (run.map, lambda tiles: export(run, tmp_path / "no.html", tiles=tiles)):
        with pytest.raises(InputError, match="'Atlantis' is no background"):
            draw(tiles="Atlantis")
    assert not (tmp_path / "no.html").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"size": "poster"}, "slide, column, page"),
        ({"view": "sky"}, "agreement, nations, margin"),
        ({"theme": "pink"}, "light, dark"),
    ],
)
def test_an_unknown_look_is_refused(
    options: dict[str, str], said: str, run: Run, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=said):
        export(run, tmp_path / "map.png", **options)  # type: ignore[arg-type]


def test_an_unknown_suffix_is_refused(run: Run, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"'map\.gif' ends in none of \.png"):
        run.export(tmp_path / "map.gif")


def test_a_place_that_cannot_be_written_is_named(run: Run, tmp_path: Path) -> None:
    for suffix in SUFFIXES:
        with pytest.raises(WriteError, match="nowhere"):
            export(run, tmp_path / "nowhere" / f"map{suffix}")


def test_a_text_that_cannot_be_stored_is_bad_input(run: Run, tmp_path: Path) -> None:
    names = np.array([f"{'long ' * 60}{unit}" for unit in range(run.dataset.units.n_units)])
    units = replace(run.dataset.units, names=names)
    named = replace(run, question=Question(run.scenario, replace(run.dataset, units=units)))
    with pytest.raises(InputError, match=r"name\[0\].*\.gpkg"):
        export(named, tmp_path / "plan.zip")


def test_a_plan_of_other_data_is_refused(folder: Path, squares: Units) -> None:
    votes = squares.votes["2016"] + 1
    with pytest.raises(BundleError, match="other data"):
        read(folder, replace(squares, votes={"2016": votes}))


@pytest.mark.parametrize(
    "damage",
    [
        lambda document: document.pop("status"),
        lambda document: document.update(status="SPLENDID"),
        lambda document: document.update(objective=1.5),
        lambda document: document.update(data=None),
        lambda document: document.update(scenario=[]),
        lambda document: document["scenario"].pop("name"),
        lambda document: document["scenario"].update(colour="green"),
        lambda document: document["scenario"].update({"x" * 5000: 1}),
        lambda document: document["scenario"].update(units={"blue": ["x" * 5000]}),
    ],
)
def test_a_damaged_document_is_refused_with_its_place(
    damage: Callable[[dict[str, object]], object], folder: Path, squares: Units
) -> None:
    path = folder / DOCUMENT
    document = json.loads(path.read_text(encoding="utf-8"))
    damage(document)
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(BundleError, match=r"run\.json") as caught:
        read(folder, squares)
    assert len(str(caught.value)) < 1000
