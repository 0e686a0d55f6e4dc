"""A sweep finds the best plan at every point, and says what no plan exceeds."""

from __future__ import annotations

import csv
import itertools
import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from ortools.linear_solver import pywraplp

from partition.errors import InfeasibleError, InputError, ScenarioError
from partition.land.dataset import Dataset
from partition.question.question import Question
from partition.runs.known import KnownPlans
from partition.runs.run import Run
from partition.runs.solving import solve_question
from partition.scenario import Scenario
from partition.studies.explore import explored_sweep
from partition.studies.running.jobs import Done
from partition.studies.sweeping.axis import Axis, parse_axis
from partition.studies.sweeping.grid import halving_levels, name_point
from partition.studies.sweeping.proofs import loosest_limit
from partition.studies.sweeping.sweep import Sweep, sweep
from shapefiles.units import Units
from solvers.plan import Plan

KM = 10
"""Length of the border of two squares."""


@pytest.fixture(scope="module")
def country(grid) -> Units:
    """Three rows of three squares, red and blue mixed."""
    rng = np.random.default_rng(4)
    return grid(3, 3, blue=rng.integers(0, 100, 9).tolist(), red=rng.integers(0, 100, 9).tolist())


def plans(units: Units, *, contiguous: bool) -> list[tuple[int, int, np.ndarray]]:
    """Votes at home, kilometres of frontier, and nations of every plan."""
    graph, votes = nx.Graph(units.edges.pairs.tolist()), units.votes["2016"]
    found = []
    for parts in itertools.product([0, 1], repeat=units.n_units):
        plan = np.array(parts)
        nations = [np.flatnonzero(plan == side).tolist() for side in (0, 1)]
        if contiguous and any(one and not nx.is_connected(graph.subgraph(one)) for one in nations):
            continue
        first, second = units.edges.pairs.T
        km = KM * int((plan[first] != plan[second]).sum())
        found.append((int(np.where(plan, votes[:, 0], votes[:, 1]).sum()), km, plan))
    return found


def test_without_contiguity_every_weight_that_changes_the_plan_is_found(
    country: Units, tmp_path: Path
) -> None:
    found = sweep("archipelago", ["border=0:12:3"], data=country, runs=tmp_path)
    assert found.is_exact
    assert not list(tmp_path.iterdir())
    most: dict[int, int] = {}
    for votes, km, _ in plans(country, contiguous=False):
        most[km] = max(votes, most.get(km, 0))
    lines = {(votes, km) for km, votes in most.items()}
    kinks = {
        at
        for (v, k), (u, m) in itertools.combinations(lines, 2)
        if k != m
        and 0 < (at := Fraction(v - u, k - m)) < 12
        and v - at * k == max(w - at * n for w, n in lines)
    }
    assert [one["weights.border"] for one in found.rows[1:]] == [float(at) for at in sorted(kinks)]
    for one in found.rows:
        weight = Fraction(one["weights.border"])
        best = max(votes - weight * km for votes, km in lines)
        assert one["objective_votes"] == pytest.approx(float(best), abs=1e-9)
        assert one["bound_votes"] == one["objective_votes"]
        assert (one["self_determined_voters"], round(one["border_km"])) in lines
        assert one["goal_border"] == one["border_km"]


@pytest.fixture(scope="module")
def swept(country: Units, tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    runs = tmp_path_factory.mktemp("runs")
    return sweep("counties", ["border=0:4:5"], data=country, runs=runs, gap=0, time_limit=20)


def test_with_contiguity_every_point_is_the_best_plan(swept: Sweep, country: Units) -> None:
    assert not swept.is_exact
    assert [one["weights.border"] for one in swept.rows] == [0, 1, 2, 3, 4]
    allowed = plans(country, contiguous=True)
    for one in swept.rows:
        best = max(votes - one["weights.border"] * km for votes, km, _ in allowed)
        assert one["objective_votes"] == one["bound_votes"] == best
        assert one["status"] == "OPTIMAL"


def figures_of(units: Units, plan: np.ndarray) -> dict[str, float]:
    """Count what bounds speak of, from the plan alone."""
    votes, (first, second) = units.votes["2016"], units.edges.pairs.T
    cut = plan[first] != plan[second]
    at_home = int(np.where(plan, votes[:, 0], votes[:, 1]).sum())
    states = [
        min(votes[(units.states == state) & (plan == side)].sum() for side in (0, 1))
        for state in np.unique(units.states)
    ]
    return {
        "self_determined_share": at_home / votes.sum(),
        "stranded_voters": int(votes.sum()) - at_home,
        "border_km": float(units.edges.border[cut].sum() / 1000),
        "cut_edges": int(cut.sum()),
        "goal_state_splits": int(sum(states)),
    }


@pytest.mark.parametrize(
    ("scenario", "axes"),
    [
        ("archipelago", ["border=0:12:3"]),
        ("archipelago", ["cut_edges=0:90:5"]),
        ("archipelago", ["border=0.333333:12.7:4", "nations.blue.least.population=0.2:0.6:3"]),
        ("counties", ["border=0:4:5"]),
        ("counties", ["border=0:3:3", "state_splits=0:0.4:3"]),
        ("counties", ["self_determination=0.5:2:3"]),
    ],
)
def test_no_plan_lies_where_bounds_say_that_none_does(
    country: Units, tmp_path: Path, scenario: str, axes: list[str]
) -> None:
    """Every plan that keeps the loosest rules meets every bound; plans found nearly reach it."""
    border = np.random.default_rng(7).uniform(2_000, 15_000, len(country.edges.border))
    edges = replace(country.edges, border=border)  # lengths that are no whole steps of a vote
    units = replace(country, edges=edges, states=np.array(list("AAABBBCCC")))
    found = sweep(scenario, axes, data=units, runs=tmp_path, gap=0, time_limit=20)
    explored = explored_sweep(found)
    assert explored.bounds
    people = units.attributes["population"]
    for _, _, plan in plans(units, contiguous=scenario == "counties"):
        if len(axes) > 1 and "least" in axes[1] and people[plan == 1].sum() < 0.2 * people.sum():
            continue
        figures = figures_of(units, plan)
        for bound in explored.bounds:
            value = sum(factor * figures[key] for key, factor in bound.coefficients.items())
            assert value <= bound.most
    for bound in explored.bounds:
        best = max(
            sum(factor * one.figures[key] for key, factor in bound.coefficients.items())
            for one in explored.plans
        )
        assert best == pytest.approx(bound.most, abs=0.1)


def test_the_page_holds_what_a_recount_of_its_plans_gives(swept: Sweep, country: Units) -> None:
    explored = explored_sweep(swept)
    assert len(explored.plans) == len(swept.plans) == len(swept.rows) == 5
    for one, plan, row in zip(explored.plans, swept.plans, swept.rows, strict=True):
        assert one.plan is plan
        recounted = figures_of(country, plan.assignment)
        for key in ("self_determined_share", "stranded_voters", "border_km", "cut_edges"):
            assert one.figures[key] == pytest.approx(recounted[key], rel=1e-8)
            assert row[key] == pytest.approx(recounted[key])
        graph = nx.Graph(country.edges.pairs.tolist())
        pieces = [
            nx.number_connected_components(graph.subgraph(np.flatnonzero(plan.assignment == side)))
            for side in (0, 1)
        ]
        assert one.figures["pieces"] == sum(pieces)
        assert one.status == "The best possible, proven"
        assert dict(one.facts)["Run"] == Path(row["folder"]).name
        assert row["folder"] not in str(one.facts)  # where it lies is nobody's business
    assert explored.across == "border_km"
    assert explored.dials[0].values == (0, 1, 2, 3, 4)


def test_every_plan_of_an_exact_sweep_is_kept_and_is_the_one_that_its_row_counts(
    country: Units, tmp_path: Path
) -> None:
    found = sweep("archipelago", ["border=0:12:3"], data=country, runs=tmp_path)
    assert found.is_exact
    for plan, row in zip(found.plans, found.rows, strict=True):
        recounted = figures_of(country, plan.assignment)
        assert row["stranded_voters"] == recounted["stranded_voters"]
        assert row["border_km"] == pytest.approx(recounted["border_km"])
    explored = explored_sweep(found)
    assert explored.dials[0].is_complete
    assert [one.until for one in explored.plans] == [
        row["weights.border_until"] for row in found.rows
    ]


def test_plans_are_compared_with_those_that_need_no_search(swept: Sweep, country: Units) -> None:
    votes = country.votes["2016"]
    known = {one.title: one.figures for one in explored_sweep(swept).references}
    together = known["Everybody stays together"]
    assert together["border_km"] == 0
    assert together["self_determined_share"] == pytest.approx(votes.sum(0).max() / votes.sum())
    own = known["Each to its own majority"]
    assert own["self_determined_share"] == pytest.approx(votes.max(1).sum() / votes.sum())


def test_the_files_hold_the_points_and_their_picture(swept: Sweep, tmp_path: Path) -> None:
    files = {one.name: one for one in swept.write(tmp_path)}
    assert list(files) == [
        "sweep.csv", "sweep.json", "sweep.md", "sweep.png", "sweep.svg", "sweep.pdf", "sweep.html",
    ]  # fmt: skip
    with files["sweep.csv"].open(newline="") as stream:
        lines = list(csv.DictReader(stream))
    stated = json.loads(files["sweep.json"].read_text())["points"]
    assert [float(one["weights.border"]) for one in lines] == [0, 1, 2, 3, 4]
    assert [float(one["bound_votes"]) for one in lines] == [one["bound_votes"] for one in stated]
    page = files["sweep.md"].read_text(encoding="utf-8").splitlines()
    table = [line.split(" | ") for line in page if line.startswith("| ")][2:]
    assert [line[0] for line in table] == ["| 0", "| 1", "| 2", "| 3", "| 4"]
    stranded = [f"{one['stranded_voters']:,}" for one in stated]
    assert [line[2] for line in table] == stranded
    assert files["sweep.png"].read_bytes().startswith(b"\x89PNG")
    assert files["sweep.pdf"].read_bytes().startswith(b"%PDF")
    assert "<svg" in files["sweep.svg"].read_text()
    axes = swept.plot().axes[0]
    drawn = {(round(x), round(y, 9)) for line in axes.lines for x, y in line.get_xydata().tolist()}
    for one in swept.rows:
        assert (round(one["border_km"]), round(one["self_determined_share"], 9)) in drawn
    assert "5 points" in repr(swept)
    assert len(swept.table) == 5


def test_a_graph_has_a_picture_and_no_page(country: Units, tmp_path: Path) -> None:
    graph = replace(country, polygons=np.full(country.n_units, None, object), crs="")
    found = sweep("archipelago", ["border=0:12:3"], data=graph, runs=tmp_path / "runs")
    names = {one.name for one in found.write(tmp_path / "study")}
    assert "sweep.html" not in names
    assert {"sweep.png", "sweep.svg", "sweep.pdf"} <= names
    with pytest.raises(InputError, match="cannot be drawn"):
        found.map()


def test_each_point_begins_with_the_best_plan_around_it(
    country: Units, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts: dict[float, Plan | None] = {}

    def record(question: Question, *, start: KnownPlans, **_: object) -> Run:
        known = start.best(question)
        starts[question.scenario.weights.border] = None if known is None else known.plan
        return solve_question(question, start=start)

    monkeypatch.setattr("partition.studies.running.worker.solve_question", record)
    found = sweep("counties", ["border=0:4:5"], data=country, runs=tmp_path, gap=0)
    assert list(starts) == [0, 4, 2, 1, 3]
    assert starts[0] is None
    assert starts[4] is None
    ends = {one["self_determined_voters"]: one for one in (found.rows[0], found.rows[4])}
    votes = country.votes["2016"]
    start = starts[2]
    assert start is not None
    value = int(np.where(start.assignment, votes[:, 0], votes[:, 1]).sum())
    assert ends[value]["self_determined_voters"] - 2 * ends[value]["border_km"] == max(
        one["self_determined_voters"] - 2 * one["border_km"] for one in ends.values()
    )


def test_a_sweep_over_two_axes_goes_on_where_it_stopped(country: Units, tmp_path: Path) -> None:
    seen: list[Done] = []

    class StopError(Exception):
        """What ends the first attempt."""

    def run(*, stop_after: int) -> Sweep:
        def watch(done: Done) -> None:
            seen.append(done)
            if len(seen) == stop_after:
                raise StopError

        axes = ["blue.least.population=0.2:0.6:3", "border=0:2:2"]
        return sweep("archipelago", axes, data=country, runs=tmp_path, time_limit=20, watch=watch)

    with pytest.raises(StopError):
        run(stop_after=2)
    n_kept = len(list(tmp_path.iterdir()))
    seen.clear()
    found = run(stop_after=-1)
    assert [one.is_reused for one in seen].count(True) == n_kept == 2
    assert len(found.rows) == len(seen) == 6
    people = country.attributes["population"]
    for one in found.rows:
        least = one["nations.blue.least.population"] * people.sum()
        best = max(
            votes - one["weights.border"] * km
            for votes, km, plan in plans(country, contiguous=False)
            if people[plan == 1].sum() >= least
        )
        assert one["objective_votes"] == best
    (image,) = found.plot().axes[0].images
    assert image.get_array().shape == (2, 3)


def test_points_without_a_plan_are_lines_and_no_end(country: Units, tmp_path: Path) -> None:
    # One square has no share as small as that, and there may be no empty nation either.
    base = Scenario.load("archipelago").override(settings={"nations.red.least.population": 0.5})
    found = sweep(base, ["blue.least.population=0.1:0.9:2"], data=country, runs=tmp_path)
    assert len(found.rows) == len(found.failures) == 1
    assert "0.9" in found.failures[0].label
    with pytest.raises((InfeasibleError, InputError)):
        sweep(base, ["blue.least.population=0.8:0.9:2"], data=country, runs=tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("border", "give KEY=FROM:TO"),
        ("border=", "give KEY=FROM:TO"),
        ("border=5", "give KEY=FROM:TO"),
        ("border=0:1:2:3", "give KEY=FROM:TO"),
        ("border=0:1:log", "give KEY=FROM:TO"),
        ("border=0:nan:2", "give KEY=FROM:TO"),
        ("border=0,nan", "give KEY=FROM:TO"),
        ("border=0,1:2", "give KEY=FROM:TO"),
        ("border=1:0:3", "from a smaller to a larger"),
        ("border=1:1:3", "1 is not below 1"),
        ("border=200:0", "200 is not below 0"),
        ("border=0:0.0000001", "give a wider range"),
        ("border=0:1:1", "at least 2 values"),
        (
            "border=0:1:2000",
            "2,000 values; give at least 2 values and at most 300. A range alone, such as",
        ),
        (
            f"border={','.join(map(str, range(2000)))}",
            "2,000 values; give at most 300. A range alone",
        ),
        ("border=0:nan", "nan is no finite number; give KEY=FROM:TO"),
        ("border=nan,5", "nan is no finite number; give KEY=FROM:TO"),
        ("border=0:inf", "inf is no finite number; give KEY=FROM:TO"),
        ("border=0:1e999:3", "1e999 is no finite number; give KEY=FROM:TO"),
        ("border=0,5,5", "5 is there twice"),
        ("border=0,5,2", "2 comes after 5; give the values in ascending order"),
        ("border=0:10:log:3", "start above 0, not at 0"),
        ("border=1:1.000001:log:4", "some of these would be the same"),
        ("blue.pieces=1,2.5", "no whole number"),
        ("blue.least.population=0.2:0.4", r"say how many values: blue.least.population=0.2:0.4:5"),
        ("boarder=0:1:3", "did you mean border"),
        ("population=0:1:3", "say which"),
        ("blue.pieces=1:2:3", "no whole number"),
        ("border=0:0.000002:9", "would be the same; give at most 3 values"),
        ("blue.least.population=0.5:0.50001:12", "would be the same; give at most 11 values"),
        ("border=1:1.0000001:2", "would be the same; give a wider range"),
    ],
)
def test_an_axis_that_makes_no_sense_is_refused(text: str, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        parse_axis(text)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("border=0,5,10,50,200", (0, 5, 10, 50, 200)),
        ("border=1:1000:log:4", (1, 10, 100, 1000)),
        ("border=0.5:8:log:5", (0.5, 1, 2, 4, 8)),
        ("border=0:1:5", (0, 0.25, 0.5, 0.75, 1)),
        (" border = 0 : 200 ", (0, 200)),
        ("blue.pieces=1,2,5", (1, 2, 5)),
    ],
)
def test_values_are_those_that_were_written(text: str, values: tuple[float, ...]) -> None:
    axis = parse_axis(text)
    assert axis.values == values
    assert axis.is_adaptive == (text.strip().endswith("200") and "," not in text)


@pytest.mark.parametrize(
    ("text", "name", "loosest"),
    [
        ("most.border=20,40,60", "most border 20", 60),
        ("least.blue_at_home=100,200", "least blue_at_home 100", 100),
        ("at_home=400:500:3", "at_home 400", 400),
        ("blue.least.area=0.2,0.3", "blue least area 0.2", 0.2),
        ("split_most=0,2", "split_most 0", 2),
    ],
)
def test_every_limit_of_a_scenario_can_be_swept(text: str, name: str, loosest: float) -> None:
    axis = parse_axis(text)
    assert name_point([axis], (0,)) == name
    assert loosest_limit(axis) == loosest


def test_limits_on_a_goal_and_on_voters_give_the_best_plan_that_meets_them(
    country: Units, tmp_path: Path
) -> None:
    allowed = plans(country, contiguous=True)
    asked: dict[str, Any] = {"data": country, "runs": tmp_path, "gap": 0, "time_limit": 20}
    found = sweep("counties", ["most.border=20,30,50"], **asked)
    for one in found.rows:
        best = max(votes for votes, km, _ in allowed if km <= one["most.border"])
        assert one["objective_votes"] == one["bound_votes"] == best
    at_home = sorted(votes for votes, _, _ in allowed)
    values = f"at_home={at_home[len(at_home) // 2]},{at_home[-1]}"
    found = sweep("counties", [values], weights={"self_determination": 0, "border": 1}, **asked)
    assert len(found.rows) == 2
    for one in found.rows:
        least = min(km for votes, km, _ in allowed if votes >= one["voters.at_home"])
        assert one["objective_votes"] == one["bound_votes"] == -least


def test_an_axis_has_each_value_once_and_in_order() -> None:
    with pytest.raises(ScenarioError, match=r"border = 0\.5 is there twice"):
        Axis("weights.border", (0.0, 0.5, 0.50000001))
    # Bounds of the loosest limit hold for all plans, and it is the last one.
    with pytest.raises(ScenarioError, match=r"pieces: 1 comes after 3; give .* ascending order"):
        Axis("nations.blue.pieces", (3, 1))


@pytest.mark.parametrize("text", ["border=1000:1002:300", "border=0:0.000002:3"])
def test_every_point_has_a_name_of_its_own(text: str) -> None:
    axes = (parse_axis(text), parse_axis("blue.least.population=0.2:0.200001:2"))
    points = list(itertools.product(range(len(axes[0].values)), range(2)))
    labels = [name_point(axes, place) for place in points]
    assert len(set(labels)) == len(points)
    for label, place in zip(labels, points, strict=True):  # and it says the values exactly
        values = [float(one.rsplit(" ", 1)[1]) for one in label.split(", ")]
        assert values == [axis.values[at] for axis, at in zip(axes, place, strict=True)]


def test_points_close_to_each_other_are_runs_of_their_own(country: Units, tmp_path: Path) -> None:
    axis = ["border=1000:1000.000002:3"]
    found = sweep("counties", axis, data=country, runs=tmp_path, time_limit=20)
    assert [one["label"] for one in found.rows] == [
        "border 1000", "border 1000.000001", "border 1000.000002",
    ]  # fmt: skip
    assert len({one["weights.border"] for one in found.rows}) == len(list(tmp_path.iterdir())) == 3


def test_values_that_the_scenario_refuses_are_refused(country: Units, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="border"):
        sweep("counties", ["border=-1:1:3"], data=country, runs=tmp_path)
    with pytest.raises(InputError, match="one axis, or two different"):
        sweep("counties", ["border=0:1:3", "border=0:1:3"], data=country, runs=tmp_path)


@pytest.mark.parametrize("n_values", [2, 3, 4, 9, 10, 33])
def test_points_lie_between_points_of_earlier_rounds(n_values: int) -> None:
    levels = halving_levels(n_values)
    assert levels[0] == levels[-1] == 0
    assert max(levels) <= np.ceil(np.log2(n_values))
    for place, level in enumerate(levels):
        if level:
            assert any(one < level for one in levels[:place])
            assert any(one < level for one in levels[place + 1 :])


def test_numbers_too_large_for_exact_cuts_are_swept_point_by_point(
    country: Units, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("solvers.parametric.MAX_CAPACITY", 2**8)
    found = sweep("archipelago", ["border=0:12:4"], data=country, runs=tmp_path, n_jobs=1)
    assert not found.is_exact
    for one in found.rows:
        weight = Fraction(one["weights.border"])
        best = max(votes - weight * km for votes, km, _ in plans(country, contiguous=False))
        assert one["objective_votes"] == one["bound_votes"] == pytest.approx(float(best))


def test_on_the_country_each_plan_is_the_best_at_its_weights(dataset: Dataset) -> None:
    """A minimum cut is a linear program with whole corners: GLOP finds the same values."""
    found = sweep("archipelago", ["border=0:2000:5"], data=dataset)
    assert found.is_exact
    assert len(found.rows) > 100
    weights = [one["weights.border"] for one in found.rows]
    assert weights == sorted(weights)
    units = dataset.units
    votes, active = units.votes["2016"].astype(float), units.edges.select()
    km, pairs = units.edges.border[active] / 1000, units.edges.pairs[active]
    for one in found.rows[5 :: len(found.rows) // 3]:
        solver = pywraplp.Solver.CreateSolver("GLOP")
        blue = [solver.NumVar(0, 1, "") for _ in range(units.n_units)]
        objective = solver.Objective()
        for variable, (gain, loss) in zip(blue, votes, strict=True):
            objective.SetCoefficient(variable, gain - loss)
        for (first, second), length in zip(pairs.tolist(), km.tolist(), strict=True):
            cut = solver.NumVar(0, 1, "")
            objective.SetCoefficient(cut, -one["weights.border"] * length)
            solver.Add(cut >= blue[first] - blue[second])
            solver.Add(cut >= blue[second] - blue[first])
        objective.SetOffset(votes[:, 1].sum())
        objective.SetMaximization()
        assert solver.Solve() == pywraplp.Solver.OPTIMAL
        # Lengths are rounded to steps of a vote a kilometre.
        assert one["objective_votes"] == pytest.approx(objective.Value(), rel=1e-6)
