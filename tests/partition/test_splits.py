"""Limits on how many states are split, held against every plan of small countries."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import partition
from fuzz import splits
from partition.errors import CertificateError, ClashError, InfeasibleError, ScenarioError
from partition.pages.asked import constraints
from partition.question.asking import ask
from partition.question.formulate import formulate
from partition.runs.run import Run
from partition.scenario import Scenario
from partition.studies.sweeping.axis import parse_axis
from partition.studies.sweeping.breakpoints import is_traceable
from partition.verify import verify
from partition.verify.document import inputs_sha256
from shapefiles.units import Units
from solvers.plan import Plan

Invoke = Callable[..., tuple[int, str, str]]


def test_the_plan_is_the_best_of_all_that_split_so_many_states() -> None:
    """With fixed units, whole states, several pieces, a neighbour and other limits beside it."""
    wrong = {seed: splits.check(seed) for seed in range(24)}
    assert {seed: one for seed, one in wrong.items() if one} == {}


def test_no_split_state_at_all_is_every_state_whole() -> None:
    """On the United States, contiguous: one optimum, proven for both."""
    none, whole = (
        formulate(ask(one).units, Scenario.load(one)).problem
        for one in ("counties@split_most=0", "states@pieces=1")
    )
    assert np.array_equal(none.groups, whole.groups)
    assert (none.n_units, len(none.budgets)) == (whole.n_units, 0)
    assert partition.solve("counties", split_most=0, time_limit=30).result.bound == 73_151_510


@pytest.mark.parametrize("most", [49, 50, 1_000_000])
def test_as_many_split_states_as_there_are_is_no_limit(most: int) -> None:
    given = ask("counties", split_most=most).formulation.problem
    free = ask("counties").formulation.problem
    assert given.n_units == free.n_units
    assert not given.budgets
    assert not len(given.spans)


def test_a_limit_is_a_budget_on_the_ends_of_every_state_of_several_units(squares: Units) -> None:
    units = replace(squares, states=np.where(squares.states == "A", "A", squares.states))
    formulation = formulate(units, Scenario.load("counties@split_most=1"))
    (limit,) = formulation.problem.budgets
    ends = formulation.ids[units.n_units :]
    assert ends == ("ALL-A", "ANY-A", "ALL-B", "ANY-B")
    assert limit.amounts[units.n_units :].tolist() == [-1, 1, -1, 1]
    assert limit.upper == 1
    number = {name: units.n_units + place for place, name in enumerate(ends)}
    assert sorted(map(tuple, formulation.problem.spans.tolist())) == [
        (row, number[f"ALL-{state}"], number[f"ANY-{state}"])
        for row, state in enumerate(units.states.tolist())
    ]


def test_a_given_plan_is_told_how_many_states_it_splits_too_many() -> None:
    question = ask("counties", split_most=3)
    votes = question.units.votes["2016"]
    plan = Plan((votes[:, 0] > votes[:, 1]).astype(np.int8))
    split = len(question.measure(plan).states.split_states)
    assert question.broken_constraint(plan) == (
        f"the plan has {split} split states, {split - 3} more than states.split_most = 3 allows"
    )
    assert "At most 3 states are split." in constraints(question)
    assert "At most 1 state is split." in constraints(ask("counties", split_most=1))


def test_units_fixed_to_both_nations_in_more_states_are_refused_by_name() -> None:
    places = ["06037", "48201", "36061"]
    told = (
        r"states.split_most = 1 cannot be met: units fixed to both nations \(units.blue and "
        r"units.rest\) split California, New York and Texas. Let at least 3 be split"
    )
    given = {"pieces": "any", "units": {"blue": places, "only": places}}
    with pytest.raises(ClashError, match=told):
        partition.solve("counties", split_most=1, **given)
    remedied = partition.solve("counties", split_most=3, **given)
    assert len(remedied.report.states.split_states) == 3


def test_a_limit_that_stands_in_the_way_is_named(squares: Units) -> None:
    """Half of the people each, in two states of very different size."""
    people = np.array([10, 10, 10, 10, 1, 1])
    units = replace(
        squares,
        states=np.array(["A", "A", "A", "A", "B", "B"]),
        attributes={**squares.attributes, "population": people},
    )
    asked = Scenario.load("counties@split_most=0,least.population=0.45")
    with pytest.raises(InfeasibleError, match=r"There are plans without .*states.split_most = 0"):
        partition.solve(asked, data=units)
    remedied = partition.solve(asked.but(split_most=1), data=units)
    assert len(remedied.report.states.split_states) == 1


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (-1, "split_most = -1: give a whole number of states from 0"),
        (2.5, "states.split_most = 2.5: give a whole number"),
        (10**7, "give a whole number of states from 0 to 1000000"),
    ],
)
def test_what_is_no_number_of_states_is_refused(value: object, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        Scenario.load("counties").but(split_most=value)


def test_a_map_without_states_is_told_so(squares: Units) -> None:
    units = replace(squares, states=np.full(squares.n_units, ""))
    for most in (0, 1):
        with pytest.raises(ScenarioError, match="do not say which state"):
            formulate(units, Scenario.load(f"counties@split_most={most}"))


def test_a_sweep_of_cuts_leaves_a_limit_on_splits_to_the_search() -> None:
    axes = [parse_axis("border=0:10")]
    free = Scenario.load("archipelago")
    assert is_traceable(free, axes)
    assert not is_traceable(free.but(split_most=3), axes)


def test_the_verifier_recounts_how_many_states_are_split(invoke: Invoke) -> None:
    """A run is confirmed; another limit, or one split state more, is not."""
    name = "cascadia-counties@split_most=1"
    # Whatever is proven: two rounds of the search leave a plan, and a proof of a bound.
    rounds = ("--iterations", "2")
    code, _, stderr = invoke("solve", name, "--certificate", *rounds, "--out", "run", "--quiet")
    assert code == 0, stderr
    assert verify("run").is_confirmed, verify("run").text
    assert "At most 1 state is split." in Path("run/report.md").read_text()
    document = json.loads(Path("run/run.json").read_text())
    assert document["scenario"]["states"] == {"split_most": 1}
    for most in (0, 2, "1", None):
        changed = json.loads(json.dumps(document))
        changed["scenario"]["states"]["split_most"] = most
        changed["inputs_sha256"] = inputs_sha256(changed)
        Path("run/run.json").write_text(json.dumps(changed))
        with pytest.raises(CertificateError, match=r"split_most|instance\.|run\.json"):
            verify("run")
    Path("run/run.json").write_text(json.dumps(document))
    lines = Path("run/plan.csv").read_text().splitlines()
    for state in ("CA", "OR", "WA"):
        at = next(number for number, line in enumerate(lines) if f",{state}," in line)
        old, new = (",red,", ",blue,") if ",red," in lines[at] else (",blue,", ",red,")
        lines[at] = lines[at].replace(old, new, 1)
    Path("run/plan.csv").write_text("\n".join(lines) + "\n")
    with pytest.raises(CertificateError):
        verify("run")


def test_steps_alternatives_and_sweeps_keep_the_limit(squares: Units, tmp_path: Path) -> None:
    """Two states of three units each, so that a plan may split one of them at most."""
    states = np.array(["A", "B"] * 3)
    units = replace(squares, states=states)
    asked = Scenario.load("counties@split_most=1,gap=0")

    def n_split(run: Run) -> int:
        return len(run.report.states.split_states)

    free = partition.solve("counties", data=units, gap=0)
    assert n_split(free) == 2
    people = {"population": np.full(6, 10), **units.attributes}
    units = replace(units, attributes=people)
    one = partition.solve(asked, data=units, then=[("cut_edges", 0.2)])
    assert n_split(one) <= 1
    others = partition.alternatives(asked, data=units, within=0.9, apart=1, plans=3)
    assert len(others.runs) > 1
    assert all(n_split(run) <= 1 for run in others.runs)


def test_a_comparison_and_a_sweep_take_a_limit_on_splits_by_its_short_name(
    invoke: Invoke,
) -> None:
    names = ["cascadia@split_most=2", "cascadia@states.split_most=1"]
    code, _, stderr = invoke("compare", *names, "--out", "studies", "--quiet")
    assert code == 0, stderr
    code, _, stderr = invoke("sweep", "cascadia", "--weight", "split_most=0:2", "--quiet")
    assert (code, "split_most=0:2:3." in stderr) == (2, True), stderr
    code, _, stderr = invoke(
        "sweep", "cascadia", "--weight", "split_most=0:2:3", "--out", "swept", "--quiet"
    )
    assert code == 0, stderr
