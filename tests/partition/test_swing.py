"""Votes that swing: whole voters, the same everywhere, and the best plans for them."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import partition
from partition.errors import InputError, ScenarioError
from partition.land.dataset import Dataset
from partition.question.question import Question
from partition.question.swung import swung_votes
from partition.scenario import Scenario
from partition.scenario.swing import Swing
from partition.studies.swings.electorate import Electorate
from partition.studies.swings.swing import read_points
from partition.studies.swings.swing_page import explored_swings
from partition.studies.swings.swings import Swings
from partition.verify.counted import Counted
from partition.verify.swing import swing as swing_again
from shapefiles.units import Units
from tests.partition.conftest import Invoke

VOTES = st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 10**7)), min_size=1, max_size=8)
SWINGS = st.builds(
    Swing,
    points=st.one_of(st.floats(-100, 100), st.integers(-400, 400).map(lambda one: one / 4)),
    in_proportion=st.booleans(),
    error=st.sampled_from([0.0, 0.5, 3.0]),
    draw=st.integers(0, 2**63 - 1),
)


def by_the_verifier(votes: list[tuple[int, int]], swing: Swing) -> list[list[int]]:
    blue, red = map(list, zip(*votes, strict=True))
    columns = {"geoid": [f"u{unit}" for unit in range(len(votes))], "dem_x": blue, "rep_x": red}
    table = {
        "points": swing.points,
        "in_proportion": swing.in_proportion,
        "error": swing.error,
        "draw": swing.draw,
    }
    found = swing_again(Counted(columns, {}, {}, [], "x"), table, "here")
    assert found.title == swing.words(found.sides)
    return [list(one) for one in zip(found.columns["dem_x"], found.columns["rep_x"], strict=True)]


@given(votes=VOTES, swing=SWINGS)
@settings(max_examples=150)
def test_voters_change_sides_and_nobody_is_lost(votes: list[tuple[int, int]], swing: Swing) -> None:
    ids = [f"u{unit}" for unit in range(len(votes))]
    moved = swung_votes(np.array(votes, np.int64), ids, swing)
    assert moved.dtype == np.int64
    assert (moved >= 0).all()
    assert (moved.sum(axis=1) == np.array(votes).sum(axis=1)).all()
    assert moved.tolist() == by_the_verifier(votes, swing)
    blue, red = (sum(column) for column in zip(*votes, strict=True))
    total, points = blue + red, Fraction(repr(swing.points))
    if not swing.error and swing.in_proportion:
        # All units together swing by the points, but for what is rounded; or one side is empty.
        wanted = min(max(blue + points * total / 100, 0), total)
        assert abs(int(moved[:, 0].sum()) - wanted) <= Fraction(len(votes), 2)
    if not swing.error and not swing.in_proportion:
        for (b, r), now in zip(votes, moved[:, 0].tolist(), strict=True):
            wanted = min(max(b + points * (b + r) / 100, 0), b + r)
            assert abs(now - wanted) <= Fraction(1, 2)


def test_errors_are_those_of_the_draw_and_spread_as_they_are_said_to() -> None:
    votes = np.full((4000, 2), 500_000)
    ids = [f"{unit:05}" for unit in range(4000)]
    swing = Swing(error=3.0, draw=5)
    points = (swung_votes(votes, ids, swing)[:, 0] - 500_000) / 10_000
    assert abs(points.mean()) < 0.2
    assert points.std() == pytest.approx(3.0, rel=0.05)
    order = np.random.default_rng(1).permutation(4000)
    again = swung_votes(votes, [ids[unit] for unit in order], swing)[:, 0]
    assert ((again - 500_000) / 10_000 == points[order]).all()
    other = swung_votes(votes, ids, Swing(error=3.0, draw=6))[:, 0]
    assert (other != points * 10_000 + 500_000).mean() > 0.99


def test_a_swing_is_part_of_what_is_asked_and_none_is_no_part() -> None:
    dataset = Dataset.embedded()
    counties = Scenario.shipped("counties")
    variants = [
        counties.but(swing={"points": 2}),
        counties.but(swing={"points": -2}),
        counties.but(swing={"points": 2, "in_proportion": True}),
        counties.but(swing={"error": 2}),
        counties.but(swing={"error": 2, "draw": 1}),
    ]
    identities = {Question(one, dataset).identity for one in (counties, *variants)}
    assert len(identities) == 1 + len(variants)
    for same in (
        {"points": 0},
        {"points": -0.0, "in_proportion": True},
        {"error": 0, "draw": 7},
    ):
        assert Question(counties.but(swing=same), dataset).identity == (
            Question(counties, dataset).identity
        )
    moved = Question(variants[0], dataset)
    assert moved.ballot.title == "Presidential election of 2016, 2 points to Clinton"
    before = Question(counties, dataset).units.votes["2016"]
    assert int(moved.units.votes["2016"][:, 0].sum()) > int(before[:, 0].sum())
    assert dataset.units.votes["2016"] is before


@pytest.mark.parametrize(
    ("swing", "message"),
    [
        ({"points": 101}, "swing.points = 101"),
        ({"points": float("nan")}, "swing.points = nan"),
        ({"error": -1}, "swing.error = -1"),
        ({"draw": -1}, "swing.draw = -1"),
    ],
)
def test_a_swing_that_no_vote_can_have_is_refused(swing: dict[str, float], message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        Scenario.shipped("counties").but(swing=swing)


def test_the_verifier_counts_the_votes_that_have_swung(tmp_path: Path) -> None:
    run = partition.solve("states@swing.points=2.5,swing.error=1,swing.draw=3")
    run.write(tmp_path / "run")
    verdict = partition.read(tmp_path / "run").verify()
    assert verdict.is_confirmed, str(verdict)
    document = json.loads((tmp_path / "run" / "run.json").read_text())
    assert document["scenario"]["swing"]["points"] == 2.5
    plan = pd.read_csv(tmp_path / "run" / "plan.csv", dtype={"GEOID": str})
    assert int(plan["blue_votes"].sum()) == run.report.whole.both.blue_votes


@pytest.fixture(scope="module")
def country(grid) -> Units:
    rng = np.random.default_rng(3)
    return grid(4, 2, blue=rng.integers(30, 80, 8).tolist(), red=rng.integers(30, 80, 8).tolist())


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def found(country: Units, runs: Path) -> partition.Swings:
    return partition.swing("counties", points="-6:6:5", data=country, runs=runs, gap=0)


def best_of(country: Units, swing: Swing) -> int:
    votes = swung_votes(country.votes["2016"], country.ids.tolist(), swing)
    graph, best = nx.Graph(country.edges.pairs.tolist()), 0
    for parts in itertools.product([0, 1], repeat=country.n_units):
        plan = np.array(parts)
        nations = [np.flatnonzero(plan == part).tolist() for part in (0, 1)]
        if any(one and not nx.is_connected(graph.subgraph(one)) for one in nations):
            continue
        best = max(best, int(np.where(plan == 1, votes[:, 0], votes[:, 1]).sum()))
    return best


def test_each_swing_has_the_best_plan_there_is(found: partition.Swings, country: Units) -> None:
    assert [one["swing_points"] for one in found.rows] == [-6, -3, 0, 3, 6]
    kept = found.kept[1].plan
    for one, (point, run) in zip(found.rows, found.runs.items(), strict=True):
        best = best_of(country, Swing(points=point.points))
        assert one["objective_votes"] == one["bound_votes"] == best
        votes = swung_votes(country.votes["2016"], country.ids.tolist(), Swing(point.points))
        at_home = int(np.where(kept.assignment == 1, votes[:, 0], votes[:, 1]).sum())
        assert one["kept_plan_least_votes"] == one["kept_plan_most_votes"] == best - at_home >= 0
        assert one["changed_units"] == (run.plan.assignment != kept.assignment).sum()


@pytest.mark.parametrize(
    ("seed", "side", "most"), [(0, "blue", 0.3), (4, "red", 0.25), (9, "blue", 0.3)]
)
def test_a_plan_gives_up_nothing_that_can_be_told_where_it_breaks_a_rule(
    seed: int, side: str, most: float, grid, tmp_path: Path
) -> None:
    drawn = np.random.default_rng(seed).integers(0, 100, (2, 9)).tolist()
    country = grid(3, 3, blue=drawn[0], red=drawn[1])
    asked = f"counties@{side}.stranded_most={most}"
    found = partition.swing(asked, points=(-10, 0, 10), data=country, runs=tmp_path, n_jobs=1)
    own = found.kept[1].plan.assignment == (side == "blue")
    told = []
    for one, point in zip(found.rows, found.runs, strict=True):
        votes = swung_votes(country.votes["2016"], country.ids.tolist(), Swing(point.points))
        voters = votes[:, 0 if side == "blue" else 1]
        is_broken = int(voters[~own].sum()) > Fraction(repr(most)) * int(voters.sum())
        assert (one["kept_plan_breaks"] is not None) == is_broken
        assert (one["kept_plan_least_votes"] is None) == is_broken
        assert (one["kept_plan_most_votes"] is None) == is_broken
        assert is_broken or one["kept_plan_least_votes"] >= 0
        told += [one["label"]] if is_broken else []
    assert told
    assert f"It breaks a rule at {len(told)} of 3, first at {told[0]}: " in found.sentences[2]
    assert "best one known for every swing." not in found.sentences[2]
    assert f"gives up the most at {told[0]}" not in found.sentences[2]
    assert all(
        one.figures["kept_plan_least_votes"] is None or one.title not in told
        for one in explored_swings(found).plans
    )
    assert found.write(tmp_path / "study")


def test_no_swing_is_the_run_itself_and_asked_again_nothing_is_made_anew(
    found: partition.Swings, country: Units, runs: Path
) -> None:
    point, kept = found.kept
    assert point.points == 0
    assert kept.question.identity == Question(kept.scenario, Dataset.of(country)).identity
    assert "swing" not in kept.scenario.to_table()
    told = []
    again = partition.swing(
        "counties", points="-6:6:5", data=country, runs=runs, gap=0, watch=told.append
    )
    assert len(told) == 5
    assert all(one.is_reused for one in told)
    assert again.identity == found.identity
    assert (again.blue_shares == found.blue_shares).all()


def test_the_units_that_decide_are_those_that_are_in_either_nation(
    found: partition.Swings, tmp_path: Path
) -> None:
    files = found.write(tmp_path)
    assert [one.name for one in files] == [
        *("swing.csv", "units.csv", "swing.json", "swing.md", "swing.html", "shares.html")
    ]
    plans = pd.DataFrame([one.plan.assignment for one in found.runs.values()])
    table = pd.read_csv(tmp_path / "units.csv", dtype={"GEOID": str})
    assert table["blue_share_of_plans"].tolist() == pytest.approx(plans.mean().tolist())
    assert table["decides"].tolist() == (plans.nunique() > 1).tolist()
    assert {one["GEOID"] for one in found.deciding} == set(table.GEOID[table.decides])
    assert 0 < len(found.deciding) < len(table)
    document = json.loads((tmp_path / "swing.json").read_text())
    assert document["study_sha256"] == found.identity
    assert found.units["decides"].sum() == len(found.deciding)
    explored = explored_swings(found)
    assert explored.dials[0].values == (-6, -3, 0, 3, 6)
    # Both pages have the classes of the shares; one opens with them.
    ranks = [0 if one == 0 else 4 if one == 1 else 1 + int(3 * one) for one in plans.mean()]
    for name, view in (("swing.html", "agreement"), ("shares.html", "robustness")):
        page = (tmp_path / name).read_text(encoding="utf-8")
        data = re.search(r'id="plan-data">(.*?)</script>', page)
        assert data is not None
        assert json.loads(data[1])["robustness"] == ranks
        assert f'dataset.view = "{view}"' in page


def test_errors_of_polls_make_a_plan_for_each_draw(country: Units, runs: Path) -> None:
    found = partition.swing(
        "archipelago", points=0, error=15, draws=4, first_draw=2, data=country, runs=runs
    )
    assert [one.draw for one in found.runs] == [2, 3, 4, 5]
    for point, run in found.runs.items():
        swing = Swing(error=15, draw=point.draw)
        votes = swung_votes(country.votes["2016"], country.ids.tolist(), swing)
        assert run.result.objective == votes.max(axis=1).sum()
    explored = explored_swings(
        partition.swing("archipelago", points="-1,1", error=15, draws=2, data=country, runs=runs)
    )
    assert [len(one.values) for one in explored.dials] == [2, 2]


def test_plans_age_as_the_vote_swings(country: Units, runs: Path) -> None:
    names = ["counties", "counties@swing.points=20"]
    compared = partition.compare(names, data=country, runs=runs, gap=0)
    regrets = {(one.made_for, one.election): one.least_votes for one in compared.regrets}
    assert set(regrets) == set(itertools.product(["2016", "2016, 20 points to blue"], repeat=2))
    swung = best_of(country, Swing(points=20))
    plan = next(iter(compared.runs.values())).plan.assignment
    votes = swung_votes(country.votes["2016"], country.ids.tolist(), Swing(points=20))
    at_home = int(np.where(plan == 1, votes[:, 0], votes[:, 1]).sum())
    assert regrets["2016", "2016, 20 points to blue"] == swung - at_home


def test_elections_that_were_held_are_electorates_like_any_other(
    country: Units, tmp_path: Path
) -> None:
    votes = country.votes["2016"]
    later = {"2016": votes, "2020": votes[::-1].copy(), "2024": np.roll(votes, 2, axis=0)}
    held = replace(country, votes=later)
    study = partition.swing("counties", elections="2020,2016,2024", data=held, runs=tmp_path, gap=0)
    assert [one["label"] for one in study.rows] == ["2020", "2016", "2024"]
    plans = {}
    for row, run in zip(study.rows, study.runs.values(), strict=True):
        won = run.question.units.votes[row["election"]]
        best = best_of(replace(held, votes={"2016": won}), Swing())
        plans[row["election"]] = run.plan.assignment
        at_home = np.where(run.plan.assignment == 1, won[:, 0], won[:, 1]).sum()
        assert at_home == best == row["self_determined_voters"]
    blue = np.mean([plan == 1 for plan in plans.values()], axis=0)
    assert study.units["blue_share_of_plans"].tolist() == pytest.approx(blue.tolist(), abs=1e-6)
    assert study.units["decides"].tolist() == ((blue > 0) & (blue < 1)).tolist()
    # What a plan gives up is what it has less than the best one, with the votes of the other year.
    for one in study.regrets:
        if one.breaks is None:
            sides = later[one.election]
            home = [
                np.where(plans[year] == 1, *sides.T).sum() for year in (one.made_for, one.election)
            ]
            assert one.least_votes == home[1] - home[0]
    given_up = [one for one in study.regrets if one.made_for == "2020"]
    assert [one["kept_plan_least_votes"] for one in study.rows] == [
        next(two.least_votes for two in given_up if two.election == one["election"])
        for one in study.rows
    ]
    explored = explored_swings(study)
    assert explored.dials[0].values == (2016, 2020, 2024)
    for plan, year in zip(explored.plans, sorted(later), strict=True):
        assert plan.plan.assignment.tolist() == plans[year].tolist()
    # Names that are one number have no place on a dial, and a page all the same.
    alike = [Electorate(election=one) for one in ("2020", "02020", "2024")]
    assert not explored_swings(
        replace(study, runs=dict(zip(alike, study.runs.values(), strict=True)))
    ).dials
    page = study.markdown()
    assert page.startswith("# From election to election")
    assert "| 2020 |" in page.split("## How the plans age")[1]
    assert study.to_dict()["regrets"]
    assert [one.name for one in study.write(tmp_path / "study")][-2:] == [
        "swing.html",
        "shares.html",
    ]
    # A comparison of the same runs has the same page.
    compared = partition.compare(
        "counties", elections=["2020", "2016", "2024"], data=held, runs=tmp_path, gap=0
    )
    assert {one.folder for one in study.runs.values()} == set(compared.folders.values())
    again = Swings.of_elections(compared.runs, (), "")
    assert again is not None
    assert again.sentences == study.sentences
    assert [one.plan for one in explored_swings(again).plans] == [
        one.plan for one in explored.plans
    ]


def test_elections_need_not_be_years(country: Units, tmp_path: Path) -> None:
    votes = country.votes["2016"]
    held = replace(country, votes={"spring": votes, "autumn": votes[::-1].copy()})
    asked = Scenario.shipped("counties").override(election="spring")
    study = partition.swing(asked, elections=["spring", "autumn"], data=held, runs=tmp_path, gap=0)
    assert explored_swings(study).dials == ()
    assert [one.title for one in explored_swings(study).plans] == ["spring", "autumn"]
    study.map()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--elections", "2016"], "elections = 2016: give two or more"),
        (["--elections", "2016,2016"], "each once, such as 2016,2020,2024"),
        (["--elections", ","], "give two or more"),
        (["--elections", "2016,2012"], "election = '2012' is not in the data"),
        (["--elections", "2016,2020", "--points", "0,1"], "do not swing"),
        (["--elections", "2016,2020", "--sd", "1"], "do not swing"),
        (["--elections", "2016,2020", "--proportional"], "do not swing"),
        (["--elections", "2016,2020", "--election", "2016"], "not both"),
        (["--points", "nan"], "points = nan: give FROM:TO:N"),
        (["--points", "-5:5"], "points = -5:5: give FROM:TO:N"),
        (["--points", "5:-5:3"], "give each swing once, in ascending order"),
        (["--points", "0:200:3"], "a vote swings by 100 points at most"),
        (["--points", "1e999999999"], "give FROM:TO:N"),
        (["--draws", "3"], "without an error all of them are the same; give one (--sd 3)"),
        (["--sd", "nan"], "error = nan"),
        (["--draws", "0", "--sd", "1"], "draws = 0"),
        (["countys"], "did you mean counties"),
        (["counties@swing.points=2"], "counties@points=2 swings already: leave [swing] out of it"),
    ],
)
def test_a_swing_that_makes_no_sense_is_told_in_a_line(
    invoke: Invoke, arguments: list[str], message: str
) -> None:
    code, _, stderr = invoke("swing", *arguments)
    assert (code, stderr.count("\n")) == (2, 1)
    assert message in stderr


def test_swings_are_read_as_they_are_written() -> None:
    assert read_points("-1:1:3") == read_points([-1, 0, 1]) == (-1.0, 0.0, 1.0)
    with pytest.raises(InputError, match="at most 10,000"):
        partition.swing(points="-5:5:11", error=1, draws=1000)


def test_the_command_writes_and_shows_what_it_finds(
    invoke: Invoke, scenarios: list[str], tmp_path: Path
) -> None:
    code, stdout, stderr = invoke("swing", scenarios[0], "--points", "-4,0,4", "--json")
    assert code == 0, stderr
    document = json.loads(stdout)
    assert [one["swing_points"] for one in document["swings"]] == [-4, 0, 4]
    assert {Path(one).name for one in document["files"]} >= {"swing.html", "shares.html"}
    code, stdout, _ = invoke("swing", scenarios[0], "--points", "-4,0,4")
    assert code == 0
    assert " ".join(document["summary"]) in " ".join(stdout.split())
    folders = [one.name for one in (tmp_path / "studies").iterdir()]
    assert folders == ["swing-s0-votes"], "the same study is written to its place again"
