"""A run goes on where it ended, with what its search has learned, and nothing is lost."""

from __future__ import annotations

import gzip
import json
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely

import partition
from partition.pages import display
from partition.runs.bundle import KNOWLEDGE
from partition.runs.learned import read_knowledge
from partition.verify.bundle import verify
from solvers.knowledge import Knowledge
from solvers.result import Status

ASKED = ["--units", "map.gpkg", "--id", "id", "--blue", "yes", "--red", "no"]
Invoke = Callable[..., tuple[int, str, str]]


def squares(side: int, rng: np.random.Generator) -> geopandas.GeoDataFrame:
    """Draw a map of squares of ten kilometres, as many votes for each side in all."""
    blue = rng.integers(1, 1000, side * side)
    places = [divmod(unit, side) for unit in range(side * side)]
    return geopandas.GeoDataFrame(
        {
            "id": [f"u{unit}" for unit in range(side * side)],
            "yes": blue,
            "no": rng.permutation(blue),
        },
        geometry=[shapely.box(x * 1e4, y * 1e4, x * 1e4 + 1e4, y * 1e4 + 1e4) for x, y in places],
        crs="EPSG:5070",
    )


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of a few rounds on a map of one's own, which lies beside it."""
    folder = tmp_path_factory.mktemp("ended")
    squares(30, np.random.default_rng(3)).to_file(folder / "map.gpkg")
    files = {"id": "id", "blue": "yes", "red": "no"}
    run = partition.solve("counties", data=folder / "map.gpkg", iterations=2, **files)
    assert run.result.status is Status.TIME_LIMIT
    run.write(folder / "x")
    return folder


@pytest.fixture
def run_x(ended: Path, tmp_path: Path) -> Path:
    for name in ("x", "map.gpkg"):
        copy = shutil.copytree if name == "x" else shutil.copy
        copy(ended / name, tmp_path / name)
    return tmp_path / "x"


def stated(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    return document


def content(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir()}


def test_a_run_goes_on_where_it_ended(run_x: Path, invoke: Invoke) -> None:
    before, learned = stated(run_x), read_knowledge(run_x)
    assert learned.n_rows > 20
    code, _, stderr = invoke("solve", "--resume", "x", "--iterations", "2")
    assert code == 0, stderr
    assert f"Goes on from x: {learned.n_rows:,} inequalities, checked here." in stderr
    after = stated(run_x)
    assert after["bound"] <= before["bound"]
    assert after["objective"] >= before["objective"]
    assert after["inputs_sha256"] == before["inputs_sha256"]
    assert sorted(one.name for one in run_x.parent.iterdir()) == ["map.gpkg", "x"]
    verdict = verify(run_x)
    assert KNOWLEDGE in verdict.stated
    assert not any(KNOWLEDGE in one for one in verdict.recounted)
    assert read_knowledge(run_x).n_rows > 20


def test_a_search_that_goes_on_is_shown_in_what_its_question_counts(
    run_x: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(display, "SECONDS_BETWEEN_LINES", 1e-9)
    at_home = stated(run_x)["objective"] * 97 // 100
    asked = f"counties@self_determination=0,cut_edges=1,at_home={at_home}"
    begin = ["--start", "x/plan.csv", "--iterations", "1", "--out", "second"]
    code, _, begun = invoke("solve", asked, *ASKED, *begin)
    assert code == 0, begun
    code, _, stderr = invoke("solve", "--resume", "second", "--iterations", "1")
    assert code == 0, stderr
    for told in (begun, stderr):
        found = re.findall(r"found (\S+) (\w+)", told)
        assert {unit for _, unit in found} == {"pairs"}
        assert not [amount for amount, _ in found if amount.startswith("-")]


def test_a_run_ended_before_it_has_proven_as_much_leaves_the_other_as_it_is(
    run_x: Path, invoke: Invoke
) -> None:
    before = content(run_x)
    for name in ("x-resumed", "x-resumed-2"):
        code, stdout, stderr = invoke("solve", "--resume", "x", "--time-limit", "0.001")
        assert code == 0, stderr
        assert "It ended before it had proven as much as x, which stays as it is." in stderr
        assert f"wrote {name}/run.json" in stdout
        assert content(run_x) == before
        assert stated(run_x.with_name(name))["objective"] >= stated(run_x)["objective"]
        assert read_knowledge(run_x.with_name(name)).n_rows >= read_knowledge(run_x).n_rows


@pytest.mark.parametrize(
    ("given", "named"),
    [
        (["counties"], "scenario"),
        (["--election", "2020"], "--election"),
        (["--set", "border=5"], "--set"),
        (["--units", "map.gpkg", "--repair"], "--units, --repair"),
        (["--start", "plan.csv"], "--start"),
    ],
)
def test_what_the_run_says_itself_is_not_said_anew(
    run_x: Path, invoke: Invoke, given: list[str], named: str
) -> None:
    code, stdout, stderr = invoke("solve", *given, "--resume", str(run_x))
    told = "--resume goes on with the scenario and the map of the run: leave out"
    assert (code, stdout, stderr) == (2, "", f"partition: {told} {named}.\n")


def test_without_what_was_learned_the_plan_is_begun_with(run_x: Path, invoke: Invoke) -> None:
    damaged = (run_x / KNOWLEDGE).read_bytes()[:-20]
    for spoil, told in (
        (lambda path: path.write_bytes(damaged), "cannot be used: It is cut short"),
        (Path.unlink, f"has no {KNOWLEDGE} to go on with"),
    ):
        spoil(run_x / KNOWLEDGE)
        code, _, stderr = invoke("solve", "--resume", "x")
        assert (code, stderr.count("\n")) == (2, 1)
        assert told in stderr
        remedy = shlex.split(stderr.partition("Begin with its plan instead: ")[2])
        assert remedy == ["--start", "x/plan.csv"]
    code, _, stderr = invoke("solve", *remedy, *ASKED, "--iterations", "1", "--out", "y")
    assert code == 0, stderr
    assert stated(run_x.with_name("y"))["objective"] >= stated(run_x)["objective"]


def test_a_run_that_was_split_goes_on_with_its_cases(invoke: Invoke) -> None:
    """What they prove counts before anything else is searched, and a proof is confirmed."""
    squares(14, np.random.default_rng(4)).to_file("map.gpkg")
    begun = invoke("solve", "counties", *ASKED, "--iterations", "2", "--out", "x")
    assert begun[0] == 0, begun
    before, known = stated(Path("x")), read_knowledge(Path("x"))
    assert known.has_tree
    assert Knowledge.unpacked(known.packed()) == known
    go_on = ["solve", "--resume", "x", "--gap", "0", "--certificate"]
    code, _, stderr = invoke(*go_on, "--iterations", "1", "--out", "y")
    assert code == 0, stderr
    assert f"{known.n_rows:,} inequalities and the cases that it was split into, checked" in stderr
    after = stated(Path("y"))
    assert after["bound"] <= before["bound"]
    with gzip.open("y/certificate.json.gz") as file:
        searches = json.load(file)["searches"]
    splits = [node["split"] for search in searches for node in search["nodes"]]
    assert sum(split is not None and split[0] == "unit" for split in splits) > 1
    assert verify(Path("y")).is_confirmed
    code, _, stderr = invoke(*go_on, "--time-limit", "60", "--out", "z")
    assert code == 0, stderr
    assert stated(Path("z"))["status"] == "OPTIMAL"
    assert verify(Path("z")).is_confirmed


def test_a_run_that_is_proven_has_nothing_to_go_on_with(invoke: Invoke) -> None:
    assert invoke("solve", "archipelago", "--out", "best", "--quiet")[0] == 0
    assert not Path("best", KNOWLEDGE).exists()
    code, _, stderr = invoke("solve", "--resume", "best")
    assert (code, stderr) == (
        2,
        "partition: best is proven to be the best: there is nothing to go on with.\n",
    )
