"""Titles, elections and names of strangers in every table that a study or a run writes."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np

import partition
from partition.scenario import Scenario
from shapefiles.table_writing import read_csv
from shapefiles.units import Units

FORMULA = "=cmd|' /C calc'!A0"
TAG = "<img src=x onerror=alert(1)>"


def strange(squares: Units) -> tuple[Scenario, Units]:
    election = f"{TAG} *bold* `c`"
    names = np.array([FORMULA, TAG, "@a", "+b", "-c|d", "a;=1"] * squares.n_units)
    units = replace(
        squares,
        names=names[: squares.n_units],
        states=np.array(["=A1", TAG] * squares.n_units)[: squares.n_units],
        votes={election: squares.votes["2016"]},
    )
    shipped = Scenario.shipped("archipelago")
    asked = replace(shipped, name=FORMULA, title=TAG, description=f"- {TAG}", election=election)
    return asked, units


def test_no_table_of_a_study_or_a_run_holds_a_formula_or_a_tag(
    squares: Units, tmp_path: Path
) -> None:
    asked, units = strange(squares)
    options = {"data": units, "runs": tmp_path / "runs", "n_jobs": 1}
    partition.compare([asked], **options).write(tmp_path / "compare")
    partition.robust(asked, seeds=[0], survey_time=1, **options).write(tmp_path / "robust")
    partition.sweep(asked, ["self_determination=1:2:2"], **options).write(tmp_path / "sweep")
    tables = sorted(tmp_path.rglob("*.csv"))
    assert {one.name for one in tables} >= {"comparison.csv", "robust.csv", "sweep.csv", "plan.csv"}
    for path in tables:
        with path.open(encoding="utf-8", newline="") as stream:
            for separator in ",;\t":
                stream.seek(0)
                for line in csv.reader(stream, delimiter=separator):
                    assert not [one for one in line if re.match(r"[\s\"]*[=+@]|-[^0-9]", one)], path
    pages = sorted(tmp_path.rglob("*.md"))
    assert {one.name for one in pages} == {"comparison.md", "robust.md", "report.md", "sweep.md"}
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?<!\\)<img|(?<!\\)\*bold\*", text), path
        assert "calc'!A0" not in text or "=cmd\\|" in text


def test_names_read_back_from_the_table_as_they_were(squares: Units, tmp_path: Path) -> None:
    asked, units = strange(squares)
    found = partition.robust(
        asked, data=units, runs=tmp_path / "runs", seeds=[0], survey_time=1, n_jobs=1
    )
    folder = tmp_path / "robust"
    found.write(folder)
    header, *rows = read_csv((folder / "robust.csv").read_text(encoding="utf-8"))
    columns = dict(zip(header, zip(*rows, strict=True), strict=True))
    assert list(columns["name"]) == units.names.tolist()
    assert list(columns["state"]) == units.states.tolist()
    stated = json.loads((folder / "robust.json").read_text(encoding="utf-8"))
    assert [one["name"] for one in stated["units"]] == units.names.tolist()
