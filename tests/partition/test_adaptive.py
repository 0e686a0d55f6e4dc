"""A sweep that is given a range finds where the best plan changes, and says what is unproven."""

from __future__ import annotations

import csv
import itertools
import json
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest

import partition
from fuzz import sweeps
from partition.errors import InputError, ScenarioError
from partition.scenario import Scenario
from partition.studies.running.jobs import Done
from partition.studies.running.places import free_place
from partition.studies.sweeping.adaptive import Effort
from partition.studies.sweeping.axis import parse_axis
from partition.studies.sweeping.sweep import Sweep, sweep
from shapefiles.units import Units

KM = 10
"""Length of the border of two squares."""

EXACT = {"gap": 0, "time_limit": 20, "n_jobs": 1}


@pytest.fixture(scope="module")
def country(grid: Callable[..., Units]) -> Units:
    """Three rows of three squares, red and blue mixed."""
    rng = np.random.default_rng(31)
    return grid(3, 3, blue=rng.integers(0, 100, 9).tolist(), red=rng.integers(0, 100, 9).tolist())


def lines(units: Units) -> set[tuple[int, int]]:
    """Votes at home and kilometres of frontier of every contiguous plan."""
    graph, votes = nx.Graph(units.edges.pairs.tolist()), units.votes["2016"]
    first, second = units.edges.pairs.T
    found = set()
    for parts in itertools.product([0, 1], repeat=units.n_units):
        plan = np.array(parts)
        nations = [np.flatnonzero(plan == side).tolist() for side in (0, 1)]
        if all(not one or nx.is_connected(graph.subgraph(one)) for one in nations):
            km = KM * int((plan[first] != plan[second]).sum())
            found.add((int(np.where(plan, votes[:, 0], votes[:, 1]).sum()), km))
    return found


def changes(units: Units, low: int, high: int) -> list[Fraction]:
    """Weights at which the best plan changes."""
    plans = lines(units)
    return sorted(
        {
            at
            for (v, k), (u, m) in itertools.combinations(plans, 2)
            if k != m
            and low < (at := Fraction(v - u, k - m)) < high
            and v - at * k == max(w - at * n for w, n in plans)
        }
    )


@pytest.mark.parametrize("is_loose", [False, True])
def test_the_region_holds_the_best_of_all_plans_at_every_weight(is_loose: bool) -> None:
    wrong = {seed: sweeps.check(seed, is_loose=is_loose) for seed in range(20)}
    assert {seed: one for seed, one in wrong.items() if one} == {}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def found(country: Units, runs: Path) -> Sweep:
    return sweep("counties", ["border=0:8"], data=country, runs=runs, **EXACT)


def test_every_weight_that_changes_the_plan_is_found(found: Sweep, country: Units) -> None:
    region = found.region
    assert region is not None
    wanted = changes(country, 0, 8)
    assert len(wanted) > 1
    assert [one.low for one in region.best[1:]] == [float(at) for at in wanted]
    rows = {one["label"]: one for one in found.rows}
    for one in region.best:
        middle = (one.low + one.high) / 2
        row = rows[one.label]
        best = max(votes - middle * km for votes, km in lines(country))
        assert row["self_determined_voters"] - middle * row["border_km"] == pytest.approx(best)
    assert region.largest_votes < 0.001
    assert region.proven_share > 0.999


def same_plan(found: Sweep, *labels: str) -> bool:
    rows = [one["label"] for one in found.rows]
    first, second = (found.plans[rows.index(label)].assignment.tolist() for label in labels)
    return bool(first == second)


def test_each_row_says_what_is_known_and_proven_at_its_weight(found: Sweep, country: Units) -> None:
    assert found.region is not None
    for one in found.rows:
        best = max(
            votes - Fraction(repr(one["weights.border"])) * km for votes, km in lines(country)
        )
        assert one["known_votes"] <= best <= one["proven_votes"]
        assert one["proven_votes"] - one["known_votes"] < 0.001
        own = [at for at in found.region.best if same_plan(found, at.label, one["label"])]
        assert one["weights.border_best_from"] == (own[0].low if own else None)
        assert one["weights.border_best_until"] == (own[-1].high if own else None)


def test_the_files_say_how_much_is_unproven(found: Sweep, tmp_path: Path) -> None:
    assert found.region is not None
    files = {one.name: one for one in found.write(tmp_path)}
    stated = json.loads(files["sweep.json"].read_text())
    assert stated["region"] == json.loads(json.dumps(found.region.to_dict()))
    assert [one["values"] for one in stated["axes"]] == [[r["weights.border"] for r in found.rows]]
    with files["sweep.csv"].open(newline="") as stream:
        lines_of_file = list(csv.DictReader(stream))
    assert [float(one["proven_votes"]) for one in lines_of_file] == [
        one["proven_votes"] for one in found.rows
    ]
    assert "of the range is proven" in found.region.text or "proven." in found.region.text


def test_the_same_sweep_is_made_of_finished_runs(found: Sweep, country: Units, runs: Path) -> None:
    seen: list[Done] = []
    again = sweep("counties", ["border=0:8"], data=country, runs=runs, watch=seen.append, **EXACT)
    assert all(one.is_reused for one in seen)
    assert again.region == found.region
    assert again.rows == found.rows


def test_a_sweep_that_ends_early_says_so_and_goes_on_when_it_may(
    found: Sweep, country: Units, runs: Path
) -> None:
    asked = ["border=0:8"]
    few = sweep("counties", asked, data=country, runs=runs, points=3, **EXACT)
    assert len(few.rows) == 3
    assert few.region is not None
    assert found.region is not None
    assert "3 points were looked at" in few.region.ended
    assert few.region.ended in few.region.text
    assert few.region.largest_votes > found.region.largest_votes
    assert few.region.proven_share < 1
    begin = time.monotonic()
    late = sweep("counties", asked, data=country, runs=runs, total_time=40.0, **EXACT)
    # Finished runs take no time, so that with the time of two runs it is through.
    assert time.monotonic() - begin < 30
    assert late.region is not None
    assert late.region.ended == found.region.ended


def test_a_coarser_sweep_does_not_take_the_place_of_a_finer_one(
    found: Sweep, country: Units, runs: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "sweep"
    found.write(folder)
    taken = {folder}
    for effort in ({"points": 3}, {"within": 0.5}, {"points": 3, "within": 0.5}):
        asked: dict[str, Any] = {**EXACT, **effort, "data": country, "runs": runs}
        other = sweep("counties", ["border=0:8"], **asked)
        place = free_place(folder, other.identity, other.document)
        assert place not in taken
        other.write(place)
        assert free_place(folder, other.identity, other.document) == place
        taken.add(place)
    stated = json.loads((folder / "sweep.json").read_text())
    assert len(stated["points"]) == len(found.rows) > 3
    assert free_place(folder, found.identity, found.document) == folder


def test_no_run_begins_that_may_last_longer_than_the_study(
    country: Units, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0

    def clock() -> float:
        nonlocal now
        now += 9
        return now

    monkeypatch.setattr("partition.studies.sweeping.adaptive.time.monotonic", clock)
    limits = {"gap": 0, "time_limit": 5, "n_jobs": 1}
    one = sweep("counties", ["border=0:8"], data=country, runs=tmp_path, total_time=12.0, **limits)
    assert one.region is not None
    assert "The 12 s of the study are over" in one.region.ended
    assert len(one.rows) == 2


def test_points_of_a_round_are_made_side_by_side(country: Units, tmp_path: Path) -> None:
    limits = {**EXACT, "n_jobs": 2}
    one = sweep("counties", ["border=0:8"], data=country, runs=tmp_path, **limits)
    assert one.region is not None
    assert [at.low for at in one.region.best[1:]] == [float(at) for at in changes(country, 0, 8)]


def test_given_values_are_a_region_as_well(country: Units, tmp_path: Path) -> None:
    one = sweep("counties", ["border=0,2,8"], data=country, runs=tmp_path, **EXACT)
    assert [row["weights.border"] for row in one.rows] == [0, 2, 8]
    region = one.region
    assert region is not None
    assert region.ended == ""
    weights = np.linspace(0, 8, 50)
    best = [max(votes - weight * km for votes, km in lines(country)) for weight in weights]
    assert (np.interp(weights, region.weights, region.known_votes) <= np.array(best) + 1e-6).all()
    assert (np.interp(weights, region.weights, region.proven_votes) >= np.array(best) - 1e-6).all()


def test_without_contiguity_a_range_is_traced(country: Units, tmp_path: Path) -> None:
    one = sweep("archipelago", ["border=0:12"], data=country, runs=tmp_path)
    assert one.is_exact
    assert one.rows == sweep("archipelago", ["border=0:12:2"], data=country, runs=tmp_path).rows


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"within": float("nan")}, "within = nan: give a share"),
        ({"within": -0.1}, "within = -0.1: give a share"),
        ({"within": 1.5}, "within = 1.5: give a share"),
        ({"points": 1}, "points = 1: give a whole number from 2"),
        ({"points": 5000}, "points = 5000: give a whole number"),
        ({"total_time": 0.0}, "total time = 0.0: give seconds above 0"),
        ({"total_time": float("nan")}, "total time = nan: give seconds above 0"),
    ],
)
def test_an_effort_that_makes_no_sense_is_refused(options: dict[str, float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Effort(**options)  # type: ignore[arg-type]


def test_what_does_not_go_together_is_refused(country: Units, tmp_path: Path) -> None:
    def refused(axes: list[str], message: str, **options: float) -> None:
        with pytest.raises(InputError, match=message):
            sweep("counties", axes, data=country, runs=tmp_path, **options)  # type: ignore[arg-type]

    refused(["border=0:8:3"], "points = 5: the values of weights.border are given", points=5)
    refused(["border=0:8:3"], "total time = 9", total_time=9)
    refused(["border=0:8", "cut_edges=0:1:2"], "as in border=0:8:5")
    refused(["border=-1:8"], "border = -1")
    refused(["border=0:8"], "may take 120 s", total_time=60, time_limit=60, n_jobs=1)
    with pytest.raises(ScenarioError, match=r"say how many values: blue.pieces=1:3:3"):
        parse_axis("blue.pieces=1:3")
    assert not list(tmp_path.iterdir())


def test_the_command_finds_them_and_says_it(
    scenarios: list[str], invoke: Callable[..., tuple[int, str, str]]
) -> None:
    code, stdout, stderr = invoke("sweep", scenarios[0], "--weight", "border=0:3", "--jobs", "1")
    assert code == 0, stderr
    assert "of at most 17" in stderr
    assert "weight of border from 0 to 3" in " ".join(stdout.split())
    code, stdout, _ = invoke("sweep", scenarios[0], "--weight", "border=0:3", "--json", "--quiet")
    assert code == 0
    assert json.loads(stdout)["region"]["proven_share"] > 0.99
    code, _, stderr = invoke("sweep", scenarios[0], "--weight", "border=0:3", "--set", "border=1")
    assert (code, stderr.count("\n")) == (2, 1)
    assert "weights.border is what changes" in stderr


def test_a_plan_found_elsewhere_counts_at_every_weight(country: Units, tmp_path: Path) -> None:
    """The region's lower limit never falls below the plan of a neighbour."""
    one = sweep("counties", ["border=0:8:4"], data=country, runs=tmp_path, **EXACT)
    assert one.region is not None
    for row in one.rows:
        for weight, known in zip(one.region.weights, one.region.known_votes, strict=True):
            value = row["self_determined_voters"] - weight * row["border_km"]
            assert known >= value - 1e-6


def test_scenarios_of_points_can_be_asked_again(found: Sweep) -> None:
    for one in found.rows:
        assert Scenario.load(one["scenario"]).weights.border == one["weights.border"]
        assert partition.studies.sweeping.axis.plain(one["weights.border"]) in one["label"]
