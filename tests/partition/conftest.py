"""Small countries to divide, and the command line as a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

import partition
from partition.cli import main
from partition.land.dataset import Dataset
from shapefiles.units import Edges, Units

Invoke = Callable[..., tuple[int, str, str]]

CODE = Path(partition.__file__).parents[1]

collect_ignore = ["ready.py"]
"""It compiles the loops, which collecting it would do as well."""


def build_grid(width: int, height: int, blue: list[int], red: list[int]) -> Units:
    """Build a country of squares, 10 km wide, the left half state A and the right half state B."""
    n_units = width * height
    column, row = np.arange(n_units) % width, np.arange(n_units) // width
    sideways = [(unit, unit + 1) for unit in range(n_units) if column[unit] < width - 1]
    upward = [(unit, unit + width) for unit in range(n_units - width)]
    pairs = np.array(sorted(sideways + upward), np.int32).reshape(-1, 2)
    return Units(
        ids=np.array([f"{unit:05}" for unit in range(n_units)]),
        names=np.array([f"Square {unit}" for unit in range(n_units)]),
        states=np.where(column < width / 2, "A", "B"),
        polygons=shapely.box(
            column * 10_000.0, row * 10_000.0, (column + 1) * 10_000.0, (row + 1) * 10_000.0
        ),
        crs="EPSG:5070",
        votes={"2016": np.array([blue, red], np.int64).T.reshape(n_units, 2)},
        attributes={
            "population": np.arange(n_units) * 100 + 50,
            "gdp": np.arange(n_units) * 7 + 1,
            "area": np.full(n_units, 1e8),
        },
        edges=Edges(
            pairs=pairs,
            border=np.full(len(pairs), 10_000.0),
            kind=np.full(len(pairs), "land"),
            is_default=np.ones(len(pairs), np.bool_),
        ),
    )


def with_millions(units: Units) -> Units:
    """Give each unit a thousand times its GDP: millions of dollars, which balances count."""
    gdp = units.attributes["gdp"] * 1000
    return replace(units, attributes={**units.attributes, "gdp": gdp})


@pytest.fixture(scope="session", autouse=True)
def _compile(compiled_loops: None) -> None:
    """No test waits for the compiler."""


@pytest.fixture(scope="session")
def grid() -> Callable[[int, int, list[int], list[int]], Units]:
    return build_grid


@pytest.fixture
def squares() -> Units:
    """Two rows of three squares: blue on the left, red on the right."""
    return build_grid(3, 2, blue=[90, 60, 20, 80, 30, 10], red=[10, 40, 80, 20, 70, 90])


def write_scenarios(folder: Path, n_scenarios: int, width: int = 4) -> list[str]:
    """Write scenarios ``s0.toml``, ``s1.toml``, ... that divide one small map of one's own."""
    corners = [(unit % width / 10, 45 + unit // width / 10) for unit in range(width * width)]
    features = [
        {
            "type": "Feature",
            "properties": {"id": f"u{unit}", "yes": unit * 37 % 91 + 5, "no": unit * 53 % 83 + 5},
            "geometry": json.loads(shapely.to_geojson(shapely.box(x, y, x + 0.1, y + 0.1))),
        }
        for unit, (x, y) in enumerate(corners)
    ]
    (folder / "map.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features})
    )
    names = [f"s{number}.toml" for number in range(n_scenarios)]
    for number, name in enumerate(names):
        (folder / name).write_text(
            f'title = "Squares {number}"\ndescription = "Squares."\nelection = "votes"\n'
            f"[limits]\nseed = {number}\ntime_limit = 20\n"
            '[data]\nunits = "map.geojson"\nid = "id"\nblue = ["yes"]\nred = ["no"]\n'
        )
    return names


@pytest.fixture
def scenarios(tmp_path: Path) -> list[str]:
    """Paths of four scenarios that take a moment, from where a command runs."""
    return write_scenarios(tmp_path, 4)


@pytest.fixture(scope="session")
def dataset() -> Dataset:
    return Dataset.embedded()


@pytest.fixture(scope="session")
def mainland(dataset: Dataset) -> Units:
    """The 48 states and the District of Columbia."""
    rows = np.flatnonzero(~np.isin(dataset.units.states, ["AK", "HI"]))
    return dataset.units.subset(rows)


@pytest.fixture
def environment() -> dict[str, str]:
    """What a process needs to find the code under test from any folder."""
    path = os.pathsep.join(filter(None, [str(CODE), os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PYTHONPATH": path, "COLUMNS": "100"}


@pytest.fixture
def command(
    tmp_path: Path, environment: dict[str, str]
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run ``partition`` as a process, in an empty folder."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "partition", *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture
def invoke(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Invoke:
    """Run ``partition`` in this process: exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["partition", *arguments])
        with pytest.raises(SystemExit) as caught:
            main()
        captured = capsys.readouterr()
        return int(caught.value.code or 0), captured.out, captured.err

    return run
