"""The Python interface, as a notebook uses it."""

from __future__ import annotations

import ast
import itertools
import re
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely
from rich.console import Console

import maps
import partition
import shapefiles
from partition.errors import (
    BundleError,
    InfeasibleError,
    InterruptedSearchError,
    NoPlanError,
    ScenarioError,
)
from shapefiles.units import Units
from solvers.plan import Plan
from solvers.problem import Problem
from solvers.result import Limits, Progress, Result, Status

ROOT = Path(__file__).parents[2]


def best_by_brute_force(units: Units) -> int:
    graph, votes = nx.Graph(units.edges.pairs.tolist()), units.votes["2016"]
    best = 0
    for parts in itertools.product([0, 1], repeat=units.n_units):
        nations = [np.flatnonzero(np.array(parts) == side).tolist() for side in (0, 1)]
        if all(not one or nx.is_connected(graph.subgraph(one)) for one in nations):
            matched = votes[np.arange(units.n_units), 1 - np.array(parts)].sum()
            best = max(best, int(matched))
    return best


def test_solving_finds_the_best_contiguous_plan_of_a_small_country(squares: Units) -> None:
    run = partition.solve("counties", data=squares, gap=0, time_limit=20)
    assert run.result.objective == run.report.whole.both.self_determined
    assert run.result.objective == best_by_brute_force(squares)
    assert (run.report.whole.blue.pieces, run.report.whole.red.pieces) == (1, 1)


def test_the_same_seed_gives_the_same_plan(squares: Units) -> None:
    one, two = (partition.solve("counties", data=squares, seed=3, time_limit=20) for _ in range(2))
    assert one.plan == two.plan
    assert one.scenario.limits.seed == one.result.seed == 3


def test_a_run_shows_itself_in_words_a_table_and_a_map(squares: Units) -> None:
    run = partition.solve("archipelago", data=squares)
    # 90, 60, 80, 80, 70 and 90 of 100 voters each.
    assert "78.33 % of two-party voters" in repr(run)
    assert "The best possible, proven" in repr(run)
    console = Console(width=100, record=True, file=None, quiet=False, stderr=True)
    with console.capture() as shown:
        console.print(run)
    assert "Blue nation" in shown.get()
    assert "Self-determined" in shown.get()
    assert "Electoral votes" not in shown.get()  # these units have none
    assert isinstance(run.map(), folium.Map)


def test_writing_twice_needs_force(squares: Units, tmp_path: Path) -> None:
    run = partition.solve("archipelago", data=squares)
    folder = run.write(tmp_path / "run")
    with pytest.raises(BundleError, match="already holds a run"):
        run.write(folder)
    assert run.write(folder, force=True) == folder


def test_a_run_without_a_folder_is_written_under_runs(
    squares: Units, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert partition.solve("archipelago", data=squares).write() == Path("runs/archipelago-2016")
    assert (tmp_path / "runs" / "archipelago-2016" / "map.html").exists()


@pytest.mark.parametrize(
    ("status", "error", "code"),
    [
        (Status.INFEASIBLE, InfeasibleError, 3),
        (Status.INTERRUPTED, InterruptedSearchError, 130),
        (Status.TIME_LIMIT, NoPlanError, 1),
        (Status.UNKNOWN, NoPlanError, 1),
    ],
)
def test_a_search_without_a_plan_raises_what_happened(
    squares: Units,
    monkeypatch: pytest.MonkeyPatch,
    status: Status,
    error: type[NoPlanError],
    code: int,
) -> None:
    def nothing(_problem: Problem, _limits: Limits, **_: object) -> Result:
        return Result(None, status, None, None, 1.0, 0)

    monkeypatch.setattr("solvers.solve.solve", nothing)
    with pytest.raises(NoPlanError) as caught:
        partition.solve("counties", data=squares)
    assert type(caught.value) is error
    assert caught.value.exit_code == code


def test_limits_seed_and_callbacks_reach_the_solver(
    squares: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, object] = {}

    def record(_problem: Problem, limits: Limits, **options: object) -> Result:
        seen.update(options, limits=limits)
        return Result(None, Status.UNKNOWN, None, None, 0.0, 0)

    def watch(_progress: Progress) -> None:
        pass

    def stop() -> bool:
        return False

    monkeypatch.setattr("solvers.solve.solve", record)
    with pytest.raises(NoPlanError):
        partition.solve(
            data=squares,
            time_limit=7,
            gap=0.5,
            seed=9,
            iterations=3,
            start=Plan(np.zeros(6, np.int8)),
            certify=True,
            on_progress=watch,
            should_stop=stop,
        )
    assert seen == {
        "knowledge": None,
        "limits": Limits(time_limit=7.0, gap=0.5, rounds=3),
        "seed": 9,
        "start": Plan(np.zeros(6, np.int8)),
        "certify": True,
        "on_progress": watch,
        "should_stop": stop,
        "workers": None,
    }


def test_wrong_input_is_refused_before_anything_is_read() -> None:
    with pytest.raises(ScenarioError, match="did you mean archipelago"):
        partition.solve("archipelgo")
    with pytest.raises(ValueError, match="election"):
        partition.solve("counties", election=1788)


def test_everything_the_package_promises_is_there() -> None:
    for name in partition.__all__:
        assert getattr(partition, name).__name__ == name
    with pytest.raises(AttributeError, match="attribute sovle"):
        partition.sovle  # noqa: B018


@pytest.mark.parametrize("package", [partition, maps, shapefiles])
def test_completion_shows_what_is_public_and_nothing_else(package: Any) -> None:
    assert sorted(dir(package)) == sorted(package.__all__)
    for name in dir(package):
        assert getattr(package, name) is not None


def test_every_type_says_in_a_line_what_it_is(squares: Units, tmp_path: Path) -> None:
    run = partition.solve("archipelago", data=squares)
    back = partition.read(run.write(tmp_path / "run"), squares)
    shown = [run, run.report, run.plan, run.scenario, run.dataset, run.question, squares, back]
    for one in map(repr, shown):
        assert one.startswith("<")
        assert one.endswith(">")
        assert len(one) < 300
        assert "\n" not in one
    assert repr(squares) == "<Units: 6 units, 7 edges, votes of 2016>"
    whole = run.report.whole
    told = f"{whole.red.units} units in part 0, {whole.blue.units} in part 1"
    assert repr(run.plan) == f"<Plan: {told}>"


def test_a_notebook_shows_runs_and_studies(squares: Units, tmp_path: Path) -> None:
    run = partition.solve("archipelago", data=squares)
    curve = partition.sweep("archipelago", ["border=0:1:3"], data=squares, runs=tmp_path)
    for shown in (run, curve):
        mimes = shown._repr_mimebundle_((), ())
        assert "Blue nation" in mimes["text/plain"] or "border" in mimes["text/plain"]
        assert mimes["text/html"].startswith("<pre")


REPRESENTATIONS = ("html", "markdown", "svg", "png", "jpeg", "latex", "json", "javascript", "pdf")


def show(value: object) -> dict[str, Any]:
    """Ask a value for every representation, as a notebook does for the last one of a cell."""
    if value is None:
        return {}
    shown: dict[str, Any] = {"text": repr(value)}
    if hasattr(value, "_repr_mimebundle_"):
        shown |= value._repr_mimebundle_(include=None, exclude=None)
    for name in REPRESENTATIONS:
        shown[name] = getattr(value, f"_repr_{name}_", lambda: None)()
    return {name: one for name, one in shown.items() if one is not None}


def run_as_notebook(code: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Run each statement as a cell, which shows its value; returns all names and all outputs.

    A name is shown in a cell of its own after each statement that binds or uses it.
    """
    names: dict[str, Any] = {}
    outputs = []
    for statement in ast.parse(code).body:
        if isinstance(statement, ast.Expr):
            cell = compile(ast.Expression(statement.value), "README.md", "eval")
            outputs.append(show(eval(cell, names)))
        else:
            exec(compile(ast.Module([statement], []), "README.md", "exec"), names)
        used = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
        bound = [value for name, value in names.items() if name in used]
        outputs += [show(value) for value in bound if not isinstance(value, type(ast))]
    return names, outputs


@pytest.mark.skipif(not (ROOT / "README.md").exists(), reason="a distribution without its README")
def test_the_lines_of_python_in_the_readme_run_as_a_notebook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    quick = code.replace("time_limit=60", "time_limit=3").replace(
        '"archipelago"])', '"archipelago"], time_limit=3)'
    )
    assert quick.count("time_limit=3") == 2
    # Up to 100 votes a kilometre there are two hundred plans, which are all measured.
    assert "border=0:100:9" in quick
    quick = quick.replace("border=0:100:9", "border=0:5:9")
    monkeypatch.chdir(tmp_path)
    squares = [shapely.box(x, 0, x + 1, 1) for x in range(4)]
    ids = [f"{place:02}" for place in range(4)]
    gpd.GeoDataFrame({"GEOID": ids}, geometry=squares, crs="EPSG:4326").to_file("precincts.gpkg")
    rows = [f"{one},{yes},{10 - yes}" for one, yes in zip(ids, (7, 2, 9, 4), strict=True)]
    Path("votes.csv").write_text("\n".join(["GEOID,yes,no", *rows]), encoding="utf-8")
    names, outputs = run_as_notebook(quick)
    assert names["run"].report.self_determination > 0.6
    frames = [one["html"] for one in outputs if "srcdoc" in one.get("html", "")]
    # The map, the comparison and the sweep, some of them several times.
    assert len(set(frames)) == 3
    again = maps.save(names["page"], tmp_path / "again.html")
    assert again.read_bytes() == (tmp_path / "my-map.html").read_bytes()
    assert (tmp_path / "my-run" / "map.html").exists()
    assert len(names["plans"].table) == 3
