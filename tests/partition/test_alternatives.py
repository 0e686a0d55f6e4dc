"""Alternatives: each is the best of all plans that are apart, and none further means none."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest

import partition
from partition.errors import CertificateError, ClashError, InputError, ScenarioError
from partition.question.identity import inputs_sha256
from partition.question.question import Question
from partition.scenario import Scenario
from partition.studies.nearby.alternative import best_first
from partition.studies.nearby.alternatives import Alternatives, Ending
from partition.studies.running.jobs import Done
from partition.verify import verify
from shapefiles.units import Units
from solvers.apart import grown_apart
from solvers.contiguity import broken_constraint
from tests.partition.conftest import Invoke, build_grid
from tests.solvers.conftest import draw_problem

FILES = ["alternatives.csv", "alternatives.json", "alternatives.md", "alternatives.html"]
CASES = [
    (1, 0.05, 900, Ending.NONE_NEAR),
    (3, 0.9, 3400, Ending.NONE_APART),
    (5, 0.9, 300, Ending.ENOUGH),
]
"""Seed of a country, share that plans may lack, people apart, and how it ends."""


def country(seed: int) -> Units:
    rng = np.random.default_rng(seed)
    votes = rng.integers(0, 100, (2, 9)).tolist()
    return build_grid(3, 3, blue=votes[0], red=votes[1])


def every_plan(units: Units) -> list[tuple[int, np.ndarray]]:
    """All plans of two nations in one piece each, with the voters at home."""
    graph, votes = nx.Graph(units.edges.pairs.tolist()), units.votes["2016"]
    plans = []
    for parts in itertools.product([0, 1], repeat=units.n_units):
        nations = [np.flatnonzero(np.array(parts) == side).tolist() for side in (0, 1)]
        if all(not one or nx.is_connected(graph.subgraph(one)) for one in nations):
            at_home = int(np.where(parts, votes[:, 0], votes[:, 1]).sum())
            plans.append((at_home, np.array(parts)))
    return plans


def apart_from(
    plans: Sequence[tuple[int, np.ndarray]], others: Sequence[np.ndarray], units: Units, least: int
) -> list[int]:
    people = units.attributes["population"]
    return [
        value
        for value, plan in plans
        if all(people[plan != other].sum() >= least for other in others)
    ]


@pytest.mark.parametrize(("seed", "within", "least", "ending"), CASES)
def test_each_is_the_best_of_all_that_are_apart_and_the_end_is_proven(
    seed: int, within: float, least: int, ending: Ending, tmp_path: Path
) -> None:
    units = country(seed)
    found = partition.alternatives(
        data=units, within=within, apart=least, plans=3, runs=tmp_path, time_limit=20
    )
    plans = every_plan(units)
    known: list[np.ndarray] = []
    best = max(value for value, _ in plans)
    for run in found.runs:
        assert run.result.objective == run.result.bound
        assert run.result.objective == max(apart_from(plans, known, units, least))
        assert run.result.objective >= (1 - within) * best
        known.append(run.plan.assignment)
    left = apart_from(plans, known, units, least)
    if len(found.runs) == 4:
        assert found.ending is Ending.ENOUGH
    elif left:
        assert max(left) < (1 - within) * best
        assert found.ending is Ending.NONE_NEAR
    else:
        assert found.ending is Ending.NONE_APART
    assert (found.ending, found.missing) == (ending, "")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Alternatives:
    runs = tmp_path_factory.mktemp("runs")
    return partition.alternatives(
        data=country(2), within=0.5, apart=1200, plans=2, runs=runs, time_limit=20
    )


def test_distances_are_those_of_the_plans_in_the_runs(found: Alternatives, tmp_path: Path) -> None:
    units = found.question.units
    people = pd.Series(units.attributes["population"], index=units.ids)
    plans = [
        pd.read_csv(one.folder / "plan.csv", dtype=str).set_index("GEOID")["nation"]
        for one in found.runs
        if one.folder is not None
    ]
    assert len(plans) == 3
    expected = [[int(people[one != other].sum()) for other in plans] for one in plans]
    assert found.distances.tolist() == expected
    assert min(one for row in expected for one in row if one) >= 1200
    files = found.write(tmp_path)
    assert [one.name for one in files] == FILES
    table = pd.read_csv(files[0])
    assert table["people_moved_from_best"].tolist() == expected[0]
    stated = json.loads(files[1].read_text())
    assert stated["distances"] == expected
    assert [one["objective_votes"] for one in stated["plans"]] == [
        one.result.objective for one in found.runs
    ]
    page = files[3].read_text(encoding="utf-8")
    for run, words in zip(found.runs, table["differs"].fillna(""), strict=True):
        moved = np.flatnonzero(run.plan.assignment != found.runs[0].plan.assignment)
        named = re.findall(r"Square \d+", words)
        assert len(named) == min(len(moved), len(named))
        assert {f"Square {unit}" for unit in moved.tolist()} >= set(named)
        assert words in files[2].read_text().replace("\\", "")
        assert words in page
    assert "Alternative 2" in page


def test_an_alternative_is_confirmed_by_the_verifier_and_a_forged_distance_is_not(
    scenarios: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = partition.alternatives(scenarios[0], within=0.9, apart=300, plans=2)
    run, place = found.runs[2], tmp_path / "run"
    assert len(run.scenario.apart.plans) == 2
    solved = partition.solve(run.scenario, certify=True)
    assert solved.result.objective == run.result.objective
    solved.write(place)
    verdict = partition.read(place).verify()
    assert verdict is not None
    assert "At least 300 voters live where" in (place / "report.md").read_text()
    document = json.loads((place / "run.json").read_text())
    apart = document["scenario"]["apart"]
    assert (apart["voters"], len(apart["plans"])) == (300, 2)
    # Whoever makes it an easier question, and hashes that as well, is found out by the budgets.
    apart["voters"] = 200
    forged = run.scenario.override(settings={"apart": apart})
    document["inputs_sha256"] = inputs_sha256(forged, solved.dataset.hashes)
    (place / "run.json").write_text(json.dumps(document))
    with pytest.raises(CertificateError, match="budgets"):
        verify(place, *solved.dataset.held)


def test_the_chart_calls_the_plans_as_the_table_does(found: Alternatives) -> None:
    page = found.map().get_root().render()
    assert len(found.runs) == 3
    for label in ("Best", "Alternative 1", "Alternative 2"):
        assert f'"title": "{label}"' in page or f'"title":"{label}"' in page


def test_asked_again_every_run_is_found(found: Alternatives) -> None:
    told: list[Done] = []
    assert found.runs[0].folder is not None
    again = partition.alternatives(
        data=country(2),
        within=0.5,
        apart=1200,
        plans=2,
        runs=found.runs[0].folder.parent,
        time_limit=20,
        watch=told.append,
    )
    assert [one.is_reused for one in told] == [True] * 3
    assert again.identity == found.identity
    assert all(
        np.array_equal(one.plan.assignment, other.plan.assignment)
        for one, other in zip(again.runs, found.runs, strict=True)
    )


def test_where_no_people_are_known_voters_are_counted(tmp_path: Path) -> None:
    units = country(5)
    bare = replace(units, attributes={"area": units.attributes["area"]})
    found = partition.alternatives(
        data=bare, within=0.9, apart=150, plans=1, runs=tmp_path, time_limit=20
    )
    voters = units.votes["2016"].sum(axis=1)
    first, second = (one.plan.assignment for one in found.runs)
    assert found.quantity == "voters"
    assert found.distances[0, 1] == voters[first != second].sum() >= 150
    assert found.runs[1].scenario.apart.voters == 150


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"within": float("nan")}, "within = nan"),
        ({"within": -0.1}, "within = -0.1"),
        ({"apart": 0}, "apart = 0"),
        ({"apart": float("nan")}, "apart = nan"),
        ({"plans": 0}, "plans = 0"),
        ({"apart": 10**9}, "the map has 4,050 people in all"),
    ],
)
def test_numbers_of_which_nothing_could_come_are_refused(
    options: dict[str, float], said: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=said):
        partition.alternatives(data=country(1), runs=tmp_path, **{"apart": 10, **options})
    assert not list(tmp_path.iterdir())


def test_a_share_below_the_gap_names_one_that_will_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = country(1)
    best = partition.solve("counties", data=units, time_limit=20)
    loose = replace(best, result=replace(best.result, bound=int(best.result.objective * 1.1)))
    monkeypatch.setattr(
        "partition.studies.nearby.alternative.solve_all",
        lambda *_: type("Solved", (), {"runs": {"best": loose}, "failures": ()}),
    )
    with pytest.raises(InputError, match="Give --within") as error:
        partition.alternatives(data=units, within=0.01, apart=10, runs=tmp_path)
    share = re.search(r"(\d\.\d+) or more", str(error.value))
    assert share is not None
    gap = 1 - loose.result.objective / loose.result.bound
    assert gap <= float(share[1]) <= gap + 1e-5


@pytest.mark.parametrize(
    ("objective", "bound"), [(-5, 0), (-5, 10), (-25, -10), (0, 10), (-20, -10), (6, 10)]
)
def test_a_share_is_proposed_only_where_it_is_one_that_would_do(
    objective: int, bound: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = country(1)
    best = partition.solve("counties", data=units, time_limit=20)
    loose = replace(best, result=replace(best.result, objective=objective, bound=bound))
    monkeypatch.setattr(
        "partition.studies.nearby.alternative.solve_all",
        lambda *_: type("Solved", (), {"runs": {"best": loose}, "failures": ()}),
    )

    def threshold(within: float) -> int:
        found = partition.alternatives(data=units, within=within, apart=10, plans=1, runs=tmp_path)
        return found.threshold

    with pytest.raises(InputError, match="earch longer") as error:
        threshold(0.001)
    share = re.search(r"--within (\S+) or more", str(error.value))
    if share is None:
        with pytest.raises(InputError, match=r"so near the best\. Search longer"):
            threshold(1)
    else:
        assert threshold(float(share[1])) <= objective


@pytest.mark.parametrize("slack", [0, 20])
def test_the_proof_that_there_is_no_further_plan_says_what_it_is_measured_from(
    slack: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from partition.studies.nearby import alternative  # noqa: PLC0415

    (seed, within, least, _), real = CASES[0], alternative.solve_all

    def loosened(jobs: list, *rest: object) -> object:
        solved = real(jobs, *rest)
        runs = {
            label: replace(run, result=replace(run.result, bound=run.result.bound + slack))
            for label, run in solved.runs.items()
            if label == "best"
        }
        return replace(solved, runs={**solved.runs, **runs})

    monkeypatch.setattr(alternative, "solve_all", loosened)
    units = country(seed)
    found = partition.alternatives(
        data=units, within=within, apart=least, plans=3, runs=tmp_path, time_limit=20
    )
    assert found.ending is Ending.NONE_NEAR
    plans = every_plan(units)
    best = max(value for value, _ in plans)
    known = [run.plan.assignment for run in found.runs]
    most = f"{best + slack:,} votes that no plan exceeds"
    # A plan may be as near the best there is, where that is not known, and not be looked for.
    assert max(apart_from(plans, known, units, least)) < (1 - within) * (best + slack)
    assert ("of the best possible" in found.verdict) == (not slack)
    assert (f"Proven: no further plan is within 5 % of the {most}" in found.verdict) == bool(slack)


def test_a_search_that_ends_early_is_said_to_prove_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from partition.studies.nearby import alternative  # noqa: PLC0415

    real = alternative.solve_all

    def loosened(jobs: list, *rest: object) -> object:
        solved = real(jobs, *rest)
        if jobs[0].label == "best":
            return solved
        runs = {
            label: replace(run, result=replace(run.result, objective=1, bound=10**6))
            for label, run in solved.runs.items()
        }
        return replace(solved, runs=runs)

    monkeypatch.setattr(alternative, "solve_all", loosened)
    found = partition.alternatives(
        data=country(1), within=0.05, apart=100, plans=2, runs=tmp_path, time_limit=20
    )
    assert (found.ending, len(found.runs)) == (Ending.NOT_FOUND, 1)
    assert "not proven" in found.verdict


@pytest.mark.parametrize(
    ("found", "worth", "bounds"),
    [
        ([(9, 9), (7, 8), (5, 6)], [9, 7, 5], [9, 8, 6]),
        # The third plan is better than the second: what is proven of those apart from the first
        # holds for it, and for the second what is proven of those apart from the first as well.
        ([(9, 9), (5, 8), (7, 7)], [9, 7, 5], [9, 8, 8]),
        ([(6, 9), (7, 8), (8, 8)], [8, 7, 6], [9, 9, 9]),
    ],
)
def test_plans_found_out_of_order_are_sorted_and_claim_no_more(
    found: list[tuple[int, int]], worth: list[int], bounds: list[int]
) -> None:
    run = partition.solve("counties", data=country(1), time_limit=5)
    runs = [
        replace(run, result=replace(run.result, objective=objective, bound=bound))
        for objective, bound in found
    ]
    ordered, proven = best_first(runs)
    assert [one.result.objective for one in ordered] == worth
    assert list(proven) == bounds


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--within", "nan"], "within = nan"),
        (["--within", "2"], "within = 2.0"),
        (["--apart", "0"], "apart = 0"),
        (["--apart", "999999999999"], "people in all"),
        (["--count", "0"], "count = 0"),
    ],
)
def test_wrong_input_is_one_line_and_code_2(
    invoke: Invoke, arguments: list[str], said: str
) -> None:
    code, _, stderr = invoke("alternatives", "archipelago", *arguments)
    assert code == 2
    assert said in stderr
    assert stderr.count("\n") == 1


def test_the_command_writes_the_study(invoke: Invoke, scenarios: list[str]) -> None:
    arguments = ["alternatives", scenarios[0], "--within", "0.9", "--apart", "200", "--count", "1"]
    code, stdout, stderr = invoke(*arguments)
    assert code == 0
    assert "1 alternative found, as many as were asked for" in " ".join(stdout.split())
    assert "2 of at most 2" in stderr
    code, stdout, _ = invoke(*arguments, "--json")
    assert code == 0
    stated = json.loads(stdout)
    assert (stated["ending"], stated["apart_in"]) == ("ENOUGH", "voters")


@pytest.mark.parametrize(
    ("apart", "said"),
    [
        ({"people": 5}, "give both"),
        ({"plans": [["00001"]]}, "give both"),
        ({"people": 0, "plans": [["00001"]]}, "people = 0"),
        ({"people": 5, "plans": [[7]]}, "plans"),
        ({"people": 5, "plans": [[""]]}, "empty text"),
    ],
)
def test_a_table_that_asks_for_nothing_is_refused(apart: dict[str, object], said: str) -> None:
    table = {"title": "A", "description": "B", "apart": apart}
    with pytest.raises(ScenarioError, match=said):
        Scenario.from_table(table, "a")


def test_places_of_other_plans_must_be_places_and_have_so_many_people() -> None:
    units = country(1)
    question = partition.solve("counties", data=units, time_limit=5).question

    def asked(people: int, place: str) -> Question:
        apart = {"people": people, "plans": [[place]]}
        return question.asking(question.scenario.override(settings={"apart": apart}))

    assert asked(5, "A").formulation.problem.budgets[0].lower == 5 - int(
        units.attributes["population"][units.states == "A"].sum()
    )
    with pytest.raises(ScenarioError, match="nowhere"):
        _ = asked(5, "nowhere").formulation
    with pytest.raises(ClashError, match="4050 people in all"):
        _ = asked(5000, "A").formulation


@pytest.mark.parametrize("seed", range(25))
def test_what_a_search_begins_with_meets_its_problem(seed: int) -> None:
    problem = draw_problem(seed, 8, "planar", n_fixed=seed % 3, budgets=[("lower", False)])
    rng = np.random.default_rng(seed)
    plan = rng.integers(0, 2, problem.n_units).astype(np.int8)
    held = rng.integers(0, 9, problem.n_units)
    grown = grown_apart(problem, [plan], held, int(held.sum() // 3))
    assert grown is None or broken_constraint(problem, grown) is None
