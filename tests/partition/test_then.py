"""First self-determination, then another goal: what comes out is the best of nearly the best."""

from __future__ import annotations

import csv
import itertools
import json
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

import partition
from fuzz import chains
from partition.answer import steps as told
from partition.errors import CertificateError, InputError
from partition.question.goals import GOALS
from partition.runs.steps import Step, next_question, restated
from partition.studies.running import chains as studies_chains
from partition.verify import steps as recounted
from partition.verify import verify
from shapefiles.units import Units
from solvers.plan import Plan

Invoke = Callable[..., tuple[int, str, str]]


@pytest.fixture
def country(grid: Callable[..., Units]) -> Callable[[int], Units]:
    def build(seed: int) -> Units:
        votes = np.random.default_rng(seed).integers(0, 100, (2, 9))
        return grid(3, 3, blue=votes[0].tolist(), red=votes[1].tolist())

    return build


def every_plan(units: Units) -> list[tuple[int, dict[str, float]]]:
    """Voters at home, and what other goals count, of every contiguous plan."""
    graph, votes = nx.Graph(units.edges.pairs.tolist()), units.votes["2016"]
    first, second = units.edges.pairs.T
    found = []
    for parts in itertools.product([0, 1], repeat=units.n_units):
        plan = np.array(parts)
        nations = [np.flatnonzero(plan == side).tolist() for side in (0, 1)]
        if any(one and not nx.is_connected(graph.subgraph(one)) for one in nations):
            continue
        is_cut = plan[first] != plan[second]
        splits = sum(
            min(votes[(units.states == state) & (plan == side)].sum() for side in (0, 1))
            for state in ("A", "B")
        )
        home = int(np.where(plan, votes[:, 0], votes[:, 1]).sum())
        found.append((home, {"border": 10 * int(is_cut.sum()), "state_splits": int(splits)}))
    return found


@pytest.mark.parametrize("goal", ["border", "state_splits"])
@pytest.mark.parametrize("within", [0.0, 0.03, 0.2])
def test_it_is_the_best_in_the_second_goal_of_all_that_are_near_enough(
    goal: str, within: float, country: Callable[[int], Units]
) -> None:
    for seed in range(3):
        units = country(seed)
        run = partition.solve("counties", data=units, gap=0, time_limit=20, then=[(goal, within)])
        plans = every_plan(units)
        most = max(home for home, _ in plans)
        least = (1 - Fraction(repr(within))) * most
        assert run.report.whole.both.self_determined >= least
        wanted = min(other[goal] for home, other in plans if home >= least)
        (account,) = run.question.account(run.plan)
        assert (account.key, account.amount) == (goal, pytest.approx(wanted))
        assert run.result.gap == 0


def test_the_threshold_rests_on_what_is_proven_not_on_the_plan_found(
    country: Callable[[int], Units],
) -> None:
    run = partition.solve("counties", data=country(1), gap=0, time_limit=20)
    best = run.result.objective
    assert best is not None
    loose = replace(run, result=replace(run.result, bound=best + 7))
    asked = next_question(loose, Step("border", 0.25)).scenario
    assert asked.voters.at_home == -(-3 * (best + 7) // 4)
    with pytest.raises(InputError, match="no plan is known to be so near") as caught:
        next_question(loose, Step("border", 0.001))
    possible = float(str(caught.value).partition("--within ")[2].split()[0])
    assert next_question(loose, Step("border", possible)).scenario.voters.at_home <= best
    with pytest.raises(InputError, match="nothing is proven"):
        next_question(replace(run, result=replace(run.result, bound=None)), Step("border", 0.1))


@pytest.mark.parametrize("more", [1, 3, 10, 500, 10**6])
def test_what_is_found_and_what_is_proven_are_told_apart(
    country: Callable[[int], Units], more: int
) -> None:
    """Of a goal in fractions of a voter, both may be as many whole ones."""
    name = "counties@self_determination=0,worse_off=1"
    run = partition.solve(name, data=country(1), gap=0, time_limit=20)
    assert run.result.objective is not None
    loose = replace(run, result=replace(run.result, bound=run.result.objective + more))
    with pytest.raises(InputError, match="so near the best") as caught:
        next_question(loose, Step("self_determination", 0.0))
    numbers = re.search(r"brings ([\d,.]+) .* more than ([\d,.]+), so", str(caught.value))
    assert numbers is not None
    found, proven = (float(one.replace(",", "")) for one in numbers.groups())
    assert found < proven


@pytest.mark.parametrize(
    ("then", "message"),
    [
        ([("boarder", 0.1)], r"did you mean border \(votes a km\)"),
        ([("border", -0.1)], "within = -0.1: give a share from 0 to 1"),
        ([("border", 1.5)], "within = 1.5: give a share from 0 to 1"),
        ([("border", float("nan"))], "within = nan: give a share from 0 to 1"),
        ([("self_determination", 0.1)], "it comes first"),
        ([("border", 0.1), ("border", 0.1)], "then border: it comes first, or earlier; name each"),
        ([("border", 0.1), ("boarder", 0.1)], r"did you mean border \(votes a km\)"),
        ([("border", 0.1), "cut_edges"], "give each goal with its share"),
        ([("border",)], "give each goal with its share"),
        ([("border", "much")], "within = 'much': give a share"),
    ],
)
def test_steps_that_make_no_sense_are_refused_before_any_search(
    then: list[tuple[str, float]], message: str, country: Callable[[int], Units]
) -> None:
    def never() -> bool:
        raise AssertionError

    with pytest.raises(InputError, match=message) as caught:
        partition.solve("counties", data=country(0), then=then, should_stop=never)
    assert "\n" not in str(caught.value)


def test_a_scenario_that_weighs_more_cannot_come_first(country: Callable[[int], Units]) -> None:
    with pytest.raises(InputError, match="weighs something else than one goal"):
        partition.solve("counties@border=3", data=country(0), then=[("border", 0.1)])


@pytest.mark.parametrize("seed", range(20))
def test_every_step_of_a_chain_is_the_best_of_the_plans_that_those_before_have_left(
    seed: int,
) -> None:
    """``python -m fuzz.chains 500`` looks at more of them."""
    chains.check(chains.build(seed))


def test_one_pair_is_a_list_of_one_and_tables_do_as_well(country: Callable[[int], Units]) -> None:
    runs = [
        partition.solve("counties", data=country(2), gap=0, time_limit=20, then=then)
        for then in (("border", 0.1), [("border", 0.1)], [{"goal": "border", "within": 0.1}])
    ]
    assert len({run.result.objective for run in runs}) == 1
    assert [one.goal for one in runs[0].steps] == ["self_determination", "border"]


CHAIN = """
[[then]]
goal = "cut_edges"
within = 0.1
[[then]]
goal = "population_balance"
within = 0.5
"""


def test_a_file_lists_the_goals_and_the_command_line_goes_before_it(
    invoke: Invoke, scenarios: list[str]
) -> None:
    Path("chain.toml").write_text(
        Path(scenarios[0]).read_text() + CHAIN.replace("population_balance", "border")
    )
    code, stdout, stderr = invoke("solve", "chain.toml", "--certificate", "--out", "last")
    assert code == 0, stderr
    assert stdout.index("Then cut edges: ") < stdout.index("Then border: ")
    run = partition.read("last")
    assert [one.goal for one in run.steps] == ["self_determination", "cut_edges", "border"]
    assert run.scenario.then == ()
    assert (run.scenario.voters.at_home, run.scenario.most.cut_edges) != (None, None)
    given = partition.solve("chain.toml", then=("border", 0.2))
    assert [one.within for one in given.steps] == [None, 0.2]
    listed = partition.Scenario.load("chain.toml")
    assert [one.goal for one in listed.then] == ["cut_edges", "border"]
    assert (
        partition.Scenario.from_table(
            {key: one for key, one in listed.to_table().items() if key != "name"}, "chain"
        )
        == listed
    )


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('goal = "boarder"\nwithin = 0.1', r"then\[0\].* did you mean border"),
        ('goal = "border"\nwithin = -1', r"then\[0\].*within = -1"),
        ('goal = "border"', r"then\[0\].*within is missing"),
        ("within = 0.1", r"then\[0\].*goal is missing"),
        ('goal = "border"\nwithin = 0.1\n[[then]]\ngoal = "border"\nwithin = 0', "name each goal"),
        ('goal = "border"\nwithin = 0.1\nwithn = 0', "withn is not a known key"),
    ],
)
def test_a_list_of_a_file_that_makes_no_sense_is_refused_in_a_line(
    table: str, message: str, invoke: Invoke, scenarios: list[str]
) -> None:
    Path("chain.toml").write_text(f"{Path(scenarios[0]).read_text()}\n[[then]]\n{table}\n")
    code, _, stderr = invoke("solve", "chain.toml")
    assert (code, stderr.count("\n")) == (2, 1), stderr
    assert re.search(message, stderr), stderr


def test_every_goal_has_words_and_a_direction_here_and_in_the_verifier() -> None:
    keys = [goal.key for goal in GOALS]
    assert list(told.GOAL_WORDS) == list(recounted.WORDS) == keys
    assert told.GOAL_WORDS == recounted.WORDS
    gains = tuple(goal.key for goal in GOALS if not goal.is_cost)
    assert told.GAINS == recounted.GAINS == gains


@pytest.mark.parametrize("goals", ["worse_off cut_edges", "blue_at_home red_at_home worse_off"])
def test_chains_of_goals_of_the_sides_are_recounted_as_well(
    goals: str, invoke: Invoke, scenarios: list[str]
) -> None:
    steps = [word for goal in goals.split() for word in ("--then", goal)]
    code, _, stderr = invoke("solve", scenarios[0], *steps, "--within", "0.3", "--out", "run")
    assert code == 0, stderr
    assert verify("run").is_confirmed


def test_a_comparison_has_a_row_for_each_goal_and_the_price_of_each(
    invoke: Invoke, scenarios: list[str]
) -> None:
    asked = ["--then", "cut_edges", "--then", "border", "--within", "0.1", "--out", "study"]
    code, stdout, stderr = invoke("compare", *scenarios[:2], *asked)
    assert code == 0, stderr
    plans = json.loads(Path("study/comparison.json").read_text())["plans"]
    names = ["s0", "s0, then cut_edges", "s0, then cut_edges, then border"]
    assert [one["label"] for one in plans] == [*names, *(one.replace("s0", "s1") for one in names)]
    home = [one["self_determined_voters"] for one in plans]
    cut = [one["cut_edges"] for one in plans]
    price = plans[1]["price"]
    assert (price["before"], price["after"]) == (cut[0], cut[1])
    assert price["costs"][0]["amount"] == home[0] - home[1]
    with Path("study/comparison.csv").open(newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert [one["then"] for one in lines] == ["", "cut_edges", "border"] * 2
    assert float(lines[1]["then_after"]) == cut[1]
    words = f"{home[0] - home[1]:,} voters"
    assert words in lines[1]["then_costs"]
    text = Path("study/comparison.md").read_text()
    assert "## What each goal costs" in text
    for place in (text, Path("study/comparison.html").read_text(), stdout.replace("\n", " ")):
        assert words in place
    for one in plans:
        assert verify(one["folder"]).is_recounted
        kept = partition.read(one["folder"])
        assert len(kept.steps) == (one["label"].count(", then ") + 1) * (", then " in one["label"])
    code, stdout, _ = invoke("compare", *scenarios[:2], *asked[:-1], "study", "--quiet")
    assert code == 0
    assert len(list(Path("runs").iterdir())) == len({one["folder"] for one in plans})


def test_a_goal_too_near_for_what_is_proven_costs_a_comparison_no_other_plan(
    invoke: Invoke, scenarios: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise InputError("then border: too near.")

    monkeypatch.setattr(studies_chains, "next_question", refuse)
    asked = ["--then", "border", "--within", "0.1", "--out", "study"]
    code, _, stderr = invoke("compare", scenarios[0], *asked)
    assert code == 1
    assert "1 of 2 plans is missing. s0, then border: then border: too near." in stderr
    assert Path("study/comparison.html").is_file()


def test_a_chain_that_goes_on_says_what_it_has_now(country: Callable[[int], Units]) -> None:
    run = partition.solve("counties", data=country(1), gap=0, time_limit=20, then=("border", 0.2))
    worse = Plan(np.zeros(9, np.int8))
    now = restated(replace(run, result=replace(run.result, plan=worse)))
    assert now.steps[-1].amounts["border"] == 0
    assert now.steps[0] == run.steps[0]
    assert restated(replace(run, steps=())).steps == ()


def test_who_asks_one_question_says_that_a_list_of_goals_asks_several(
    invoke: Invoke, scenarios: list[str]
) -> None:
    Path("chain.toml").write_text(Path(scenarios[0]).read_text() + CHAIN)
    for command in (
        ["sweep", "chain.toml", "--weight", "cut_edges=0:1:2"],
        ["robust", "chain.toml"],
    ):
        code, _, stderr = invoke(*command)
        assert (code, stderr.count("\n")) == (2, 1), stderr
        assert "leave [[then]] out here" in stderr


def test_the_report_has_the_price_of_each_step_and_the_verifier_counts_it_anew(
    invoke: Invoke, scenarios: list[str]
) -> None:
    asked = ["--then", "cut_edges", "--then", "border", "--within", "0.1", "--out", "run"]
    code, stdout, stderr = invoke("solve", scenarios[0], *asked)
    assert code == 0, stderr
    folders = list(Path("runs").iterdir())
    assert len(folders) == 2
    assert verify("run").is_confirmed
    report = json.loads(Path("run/report.json").read_text())
    first, second, last = (
        partition.read(one) for one in (*sorted(folders, key=lambda one: len(one.name)), "run")
    )
    home = [one.report.whole.both.self_determined for one in (first, second, last)]
    cut = [one.report.whole.cut_edges for one in (first, second, last)]
    one, two = report["steps"]
    assert (one["before"], one["after"], one["saved"]) == (*cut[:2], cut[0] - cut[1])
    assert one["costs"][0]["amount"] == home[0] - home[1]
    assert one["costs"][0]["share"] == (home[0] - home[1]) / home[0]
    assert [cost["amount"] for cost in two["costs"]] == [home[1] - home[2], cut[2] - cut[1]]
    text = Path("run/report.md").read_text()
    assert "## First this, then that" in text
    assert f"{home[0] - home[1]:,} voters" in text
    assert f"{home[0] - home[1]:,} voters" in stdout
    document = json.loads(Path("run/run.json").read_text())
    for change in (
        lambda steps: steps[0].update(bound=steps[0]["bound"] + 10**6),
        lambda steps: steps[2]["amounts"].update(cut_edges=0),
        lambda steps: steps[1].update(goal="gdp_balance"),
        lambda steps: steps[1].update(within=0.0),
        lambda steps: steps.pop(),
        lambda steps: steps[1].update(more=1),
    ):
        forged = json.loads(json.dumps(document))
        change(forged["steps"])
        Path("run/run.json").write_text(json.dumps(forged))
        with pytest.raises(CertificateError):
            verify("run")


def test_the_command_makes_both_runs_and_says_the_price(
    invoke: Invoke, scenarios: list[str]
) -> None:
    asked = ["solve", scenarios[0], "--then", "cut_edges", "--within", "0.05"]
    code, stdout, stderr = invoke(*asked, "--certificate")
    assert code == 0, stderr
    assert "First: " in stderr
    assert "Then cut edges: " in stdout
    folders = sorted(Path("runs").iterdir())
    assert len(folders) == 2
    first, second = (json.loads((one / "run.json").read_text()) for one in folders)
    assert second["scenario"]["voters"]["at_home"] == -(-first["bound"] * 95 // 100)
    for one in folders:
        code, stdout, _ = invoke("verify", str(one))
        assert code == 0, stdout
    code, stdout, _ = invoke(*asked, "--json", "--quiet")  # both are found again
    steps = json.loads(stdout)["steps"]
    assert [one["goal"] for one in steps] == ["self_determination", "cut_edges"]
    assert [one["bound"] for one in steps] == [first["bound"], second["bound"]]
    assert [one["within"] for one in steps] == [None, 0.05]
    assert [Path(one["folder"]).name for one in steps] == [one.name for one in folders]
    assert len(list(Path("runs").iterdir())) == 2


def test_each_goal_has_its_share(invoke: Invoke, scenarios: list[str]) -> None:
    goals = ["--then", "border", "--then", "cut_edges", "--then", "population_balance"]
    for options in (
        ["--then", "border"],
        ["--within", "0.1"],
        [*goals, "--within", "0.1", "--within", "0.2"],
    ):
        code, _, stderr = invoke("solve", scenarios[0], *options)
        assert (code, stderr.count("\n")) == (2, 1)
        assert "give each goal its share" in stderr
