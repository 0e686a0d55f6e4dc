"""What a run writes can be read back, and says the same."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import partition
from partition.answer import measure, wording
from partition.answer.document import report_document
from partition.errors import BundleError, CertificateError
from partition.land.dataset import Dataset
from partition.pages.text import report_text
from partition.runs.bundle import CERTIFICATE, FILES, describe
from partition.runs.reading import read, read_document
from partition.runs.run import Run
from shapefiles.units import Units
from solvers.result import Status


@pytest.fixture(scope="module")
def run(dataset: Dataset) -> Run:
    return partition.solve("archipelago", election="2020", seed=5, data=dataset)


@pytest.fixture(scope="module")
def folder(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run.write(tmp_path_factory.mktemp("bundle") / "run")


def test_a_bundle_holds_its_files_and_nothing_else(folder: Path) -> None:
    assert sorted(file.name for file in folder.iterdir()) == sorted((*FILES, CERTIFICATE))
    assert [one.name for one in folder.parent.iterdir()] == ["run"]


def test_a_bundle_read_back_gives_the_same_plan_and_metrics(
    run: Run, folder: Path, dataset: Dataset
) -> None:
    back = partition.read(folder)
    assert back.plan == run.plan
    report = measure(
        dataset.units_of("2020"),
        back.plan,
        "2020",
        electors=dataset.electors["2020"],
        years=dataset.years["2020"],
    )
    assert back.report == report == run.report
    assert read_document(folder)["metrics"] == report.to_dict()
    figures = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert figures == json.loads(json.dumps(report_document(report)))
    assert (folder / "report.md").read_text(encoding="utf-8") == report_text(run)


def test_a_plan_is_a_table_of_text_ids_and_nation_names(run: Run, folder: Path) -> None:
    raw = (folder / "plan.csv").read_bytes()
    assert raw.splitlines()[0] == (
        b"GEOID,nation,nation_name,name,state,blue_votes,red_votes,stranded_voters"
    )
    assert raw.splitlines()[1].startswith(b"01001,red,Red,Autauga,AL,")
    assert b"\r" not in raw
    table = pd.read_csv(folder / "plan.csv", dtype=str)
    assert table.GEOID.tolist() == run.dataset.units.ids.tolist()
    assert table.nation.value_counts().to_dict() == {
        "blue": run.report.whole.blue.units,
        "red": run.report.whole.red.units,
    }
    votes = table[["blue_votes", "red_votes", "stranded_voters"]].astype(int)
    assert np.array_equal(votes.to_numpy()[:, :2], run.question.units.votes[run.question.election])
    assert votes.stranded_voters.sum() == run.report.whole.both.stranded
    is_blue = (table.nation == "blue").to_numpy()
    assert (votes.stranded_voters == votes.red_votes.where(is_blue, votes.blue_votes)).all()


@pytest.fixture
def told(tmp_path: Path) -> tuple[Path, gpd.GeoDataFrame]:
    """A run on a map whose names are formulas, quotes and too long, and that map."""
    names = ["=1+1", "'=2", "a;-b", "x" * 2000, 'say "no"', "two\nlines"]
    columns = {"id": list("abcdef"), "name": names, "up": [9, 8, 7, 1, 2, 3], "down": [4] * 6}
    boxes = shapely.box(np.arange(6) * 1000, 0, np.arange(6) * 1000 + 1000, 1000)
    frame = gpd.GeoDataFrame(columns, geometry=boxes, crs="EPSG:5070")
    run = partition.solve(
        "archipelago",
        data=frame,
        id="id",
        name="name",
        blue="up",
        red="down",
        sides={"blue": {"name": "Up, up"}, "red": {"name": "@down"}},
    )
    return run.write(tmp_path / "told"), frame


def test_a_plan_of_two_columns_is_read_as_before_and_others_are_not_believed(
    told: tuple[Path, gpd.GeoDataFrame],
) -> None:
    folder, frame = told
    path = folder / "plan.csv"
    given, text = read(folder, frame), path.read_text(encoding="utf-8")
    lines = list(csv.reader(io.StringIO(text)))
    path.write_text("".join(f"{line[0]},{line[1]}\n" for line in lines), encoding="utf-8")
    assert read(folder, frame).report == given.report
    assert read(folder, frame).verify().is_recounted
    path.write_text(text.replace(",9,4,4", ",9999,4,4"), encoding="utf-8")
    assert read(folder, frame).report == given.report


def test_a_plan_that_tells_other_names_or_votes_of_a_unit_is_refused(
    told: tuple[Path, gpd.GeoDataFrame],
) -> None:
    folder, frame = told
    assert read(folder, frame).verify().is_confirmed
    path = folder / "plan.csv"
    head, *lines = csv.reader(io.StringIO(path.read_text(encoding="utf-8")))
    assert [line[3] for line in lines][:2] == ["'=1+1", "''=2"]
    assert [line[2] for line in lines] == ["Up, up"] * 3 + ["'@down"] * 3
    for column, name in enumerate(head[2:], start=2):
        changed = [line.copy() for line in lines]
        changed[4][column] += "7"
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([head, *changed])
        with pytest.raises(CertificateError, match=rf"plan\.csv, line 6: {name}: .*expected"):
            read(folder, frame).verify()


def test_run_json_says_what_was_asked_and_how_it_ended(run: Run, folder: Path) -> None:
    document = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert document["schema_version"] == 1
    assert document["scenario"]["name"] == "archipelago"
    assert document["scenario"]["election"] == "2020"
    assert document["seed"] == document["scenario"]["limits"]["seed"] == 5
    assert re.fullmatch("[0-9a-f]{64}", document["inputs_sha256"])
    assert document["status"] == "OPTIMAL"
    votes = run.dataset.units.votes["2020"]
    assert document["objective"] == document["bound"] == votes.max(axis=1).sum()
    assert document["gap"] == 0
    assert document["packages"].keys() >= {"python", "two-nations", "numpy", "ortools"}
    assert len(document["data"]["sha256"]) >= 1
    assert all(len(one) == 64 for one in document["data"]["sha256"].values())


def test_the_nations_cover_the_land_of_their_units(run: Run, folder: Path) -> None:
    collection = json.loads((folder / "nations.geojson").read_text(encoding="utf-8"))
    shapes = {
        one["properties"]["nation"]: shapely.geometry.shape(one["geometry"])
        for one in collection["features"]
    }
    assert set(shapes) == {"blue", "red"}
    assert shapes["blue"].contains(shapely.Point(-118.24, 34.05))  # Los Angeles
    assert shapes["red"].contains(shapely.Point(-150.0, 65.0))  # inner Alaska
    assert shapes["blue"].intersection(shapes["red"]).area < 1e-6
    assert all(shape.is_valid for shape in shapes.values())


def test_the_map_carries_the_headline_and_the_title(run: Run, folder: Path) -> None:
    html = (folder / "map.html").read_text(encoding="utf-8")
    assert run.scenario.title in html
    assert f"{100 * run.report.self_determination:.2f} %" in html


def test_a_gap_without_a_number_is_null_and_the_file_is_still_json(squares: Units) -> None:
    run = partition.solve("archipelago", data=squares)
    unbounded = replace(run.result, bound=None, status=Status.TIME_LIMIT)
    document = describe(replace(run, result=unbounded))
    assert (document["bound"], document["gap"]) == (None, None)
    infinite = replace(run.result, objective=0, bound=3)
    assert infinite.gap == math.inf
    assert json.loads(json.dumps(describe(replace(run, result=infinite)), allow_nan=False))


@pytest.fixture
def small(squares: Units, tmp_path: Path) -> Path:
    return partition.solve("archipelago", data=squares).write(tmp_path / "small")


@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        ("plan.csv", ("00001,blue", "00001,green"), "plan.csv, line 3: '00001,green'"),
        ("plan.csv", ("00001,blue", "1,blue"), "plan.csv, line 3: '1,blue'"),
        ("plan.csv", ("00001,blue,Blue", "00001,blue"), "plan.csv, line 3: '00001,blue'"),
        ("plan.csv", ("00001,blue", "00000,blue"), "line 3: unit 00000 is assigned twice"),
        (
            "plan.csv",
            ('00001,blue,Blue,"Square 1",A,60,40,40\n', ""),
            "leaves out 1 units, the first 00001",
        ),
        ("plan.csv", ("GEOID", "geoid"), "line 1: expected the header"),
        ("run.json", ('"schema_version": 1', '"schema_version": 2'), "schema_version '2'"),
        ("run.json", ('"schema_version": 1', f'"schema_version": "{"2" * 5000}"'), "this program"),
        ("plan.csv", ("00001,blue", f"{'1' * 5000},blue"), "is not a known unit"),
        ("run.json", ("{", ""), "damaged"),
    ],
)
def test_a_damaged_bundle_is_refused_with_the_place(
    small: Path, squares: Units, file: str, change: tuple[str, str], said: str
) -> None:
    text = (small / file).read_text(encoding="utf-8")
    old, new = change
    assert old in text
    (small / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BundleError) as caught:
        read(small, squares)
    assert said in str(caught.value)
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize("file", ["plan.csv", "run.json"])
def test_a_bundle_without_one_of_its_files_is_refused(
    small: Path, squares: Units, file: str
) -> None:
    (small / file).unlink()
    with pytest.raises(BundleError, match="not a whole run bundle"):
        read(small, squares)


def test_a_plan_in_another_order_gives_units_the_same_nations(small: Path, squares: Units) -> None:
    given = read(small, squares)
    head, *lines = (small / "plan.csv").read_text(encoding="utf-8").splitlines()
    shuffled = [head, *(lines[row] for row in [3, 1, 5, 0, 2, 4])]
    (small / "plan.csv").write_text("\n".join(shuffled) + "\n", encoding="utf-8")
    assert read(small, squares).plan == given.plan


def test_a_search_in_windows_is_told_wherever_the_run_is(
    run: Run, dataset: Dataset, tmp_path: Path
) -> None:
    assert run.result.objective is not None
    found = replace(
        run.result,
        status=Status.TIME_LIMIT,
        bound=run.result.objective + 10_000,
        certificate=None,
        n_windows=1_041,
    )
    windowed = replace(run, result=found)
    told = "searched region by region, in 1,041 windows"
    assert told in wording.quality(windowed.result)
    folder = windowed.write(tmp_path / "run")
    assert json.loads((folder / "run.json").read_text(encoding="utf-8"))["windows"] == 1_041
    assert told in (folder / "map.html").read_text(encoding="utf-8")
    assert read(folder, dataset).result.n_windows == 1_041
    assert "region" not in wording.quality(run.result)
