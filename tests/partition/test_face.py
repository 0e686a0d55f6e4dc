"""What somebody sees who looks around: names, help, and values at a glance."""

from __future__ import annotations

import dataclasses
import pydoc
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import maps
import partition
import shapefiles
from partition.scenario import Scenario
from partition.studies.sweeping.axis import Axis
from shapefiles.units import Units

FACE = [
    "Run",
    "Scenario",
    "alternatives",
    "cascade",
    "compare",
    "inspect",
    "read",
    "robust",
    "scenarios",
    "solve",
    "stable",
    "sweep",
    "swing",
]
ROOMS = {"partition", "maps", "shapefiles", "solvers"}


def test_whoever_looks_around_sees_the_face_and_nothing_else() -> None:
    assert dir(partition) == sorted(partition.__all__) == FACE
    assert all(callable(getattr(partition, name)) for name in FACE)
    for package in (maps, shapefiles):
        names = dir(package)
        assert names == sorted(package.__all__)
        assert all(hasattr(package, name) for name in names)
        assert not {"Any", "lazy_loader", "annotations"} & set(names)
    text = pydoc.plain(pydoc.render_doc(partition))
    functions = text.split("FUNCTIONS")[1]
    for name in FACE[2:]:
        assert f"\n    {name}(" in functions


def test_other_public_names_are_imported_though_they_are_not_shown() -> None:
    stub = Path(partition.__file__).with_suffix(".pyi").read_text(encoding="utf-8")
    names = {line.split(" as ")[1] for line in stub.splitlines() if " as " in line}
    assert names > set(FACE)
    assert {"Dataset", "MapFiles", "Report", "measure", "Comparison"} <= names
    assert all(hasattr(partition, name) for name in names)


def test_looking_around_loads_no_geography() -> None:
    code = (
        "import sys, partition; dir(partition); partition.__version__; "
        "heavy = {'geopandas', 'folium', 'matplotlib', 'numba'}; "
        "print(sorted(heavy & {*sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_scenarios_are_listed_and_taken_from_the_list() -> None:
    listed = partition.scenarios()
    for name in ("counties", "archipelago", "states"):
        assert listed[name] == Scenario.shipped(name)
        assert f"\n{name} " in f"\n{listed!r}"
        assert f">{name}</th>" in listed._repr_html_()
    assert next(iter(listed)) == "counties"
    with pytest.raises(KeyError):
        listed["county"]


def values_within(value: Any, seen: set[int]) -> Iterator[Any]:
    """Go through everything of ours that can be reached from a value."""
    if id(value) in seen or isinstance(value, str | bytes | int | float | None):
        return
    seen.add(id(value))
    if type(value).__module__.split(".")[0] in ROOMS:
        yield value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = [getattr(value, one.name) for one in dataclasses.fields(value)]
    elif isinstance(value, Mapping):
        parts = list(value.values())
    elif isinstance(value, list | tuple):
        parts = list(value)
    else:
        parts = []
    for part in parts:
        yield from values_within(part, seen)


def test_every_value_of_a_finished_run_and_of_studies_fits_a_screen(
    squares: Units, tmp_path: Path
) -> None:
    run = partition.solve("counties", election=2016, iterations=2, certify=True)
    own: dict[str, Any] = {"data": squares, "runs": tmp_path, "iterations": 2}
    studies = [
        partition.compare(["counties", "archipelago"], **own),
        partition.sweep("counties", "border=0:2:3", **own),
        partition.robust("counties", seeds=1, survey_time=2, **own),
    ]
    seen: set[int] = set()
    found = [
        one
        for whole in (run, run.question.formulation, *studies)
        for one in values_within(whole, seen)
    ]
    kinds = {type(one).__name__ for one in found}
    assert {"Run", "Result", "Plan", "Report", "Units", "Edges", "Dataset", "Problem"} <= kinds
    assert run.result.certificate is not None
    for one in [*found, partition.scenarios()]:
        shown = repr(one)
        assert len(shown) < 2000, (type(one), len(shown))
        assert shown.count("\n") < 30, type(one)


def test_values_of_files_with_long_texts_fit_a_screen_as_well() -> None:
    long, many = "x\n" * 5000, tuple(f"unit {number}" for number in range(100))
    where = tuple(f"a{number}=b" for number in range(200))
    wide = shapefiles.MapFiles("a.gpkg", "id", many, ("no",), where=where)
    finding = shapefiles.Finding("note", "kind", 100, long, many)
    path = {"path": long, "rows": 3, "columns": many}
    values: list[Any] = [
        wide,
        finding,
        shapefiles.Repair("zeros", many, long),
        shapefiles.Inspection((path, path), {}, (finding,) * 50),
        Axis("weights.border", tuple(range(1000))),
        partition.scenarios()["counties"].but(blue=[f"{number:05}" for number in range(3000)]),
    ]
    for one in values:
        assert len(repr(one)) < 2000, type(one)
        assert "\n" not in repr(one)
