"""A question is a scenario on a land: what follows from both is the same wherever it is asked."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import partition
from partition.land.dataset import Dataset
from partition.question.asking import ask, ask_each
from partition.question.formulate import formulate
from partition.question.question import Question
from partition.runs.reading import read_document
from partition.scenario import Overrides, Scenario
from shapefiles.units import Edges, Units
from solvers.plan import Plan

COUNTIES = Scenario.shipped("counties")


@pytest.mark.parametrize(("on", "off"), [((), ()), (("sea",), ()), ((), ("bridge", "ferry"))])
def test_active_edges_are_those_that_the_scenario_leaves_on(
    dataset: Dataset, on: tuple[str, ...], off: tuple[str, ...]
) -> None:
    scenario = COUNTIES.override(settings={"edges.on": list(on), "edges.off": list(off)})
    given = dataset.units.edges
    wanted = [
        kind not in off and (is_default or kind in on)
        for kind, is_default in zip(given.kind.tolist(), given.is_default.tolist(), strict=True)
    ]
    question = Question(scenario, dataset)
    assert question.edges.tolist() == wanted
    assert not question.edges.flags.writeable
    pairs = given.pairs[np.array(wanted)]
    assert question.formulation.problem.edges.tolist() == pairs.tolist()


def test_a_formulation_is_made_once_and_stays_at_home(squares: Units) -> None:
    question = ask("counties", squares)
    assert question.formulation is question.formulation
    copy = pickle.loads(pickle.dumps(question))
    assert "formulation" not in vars(copy)
    assert copy.identity == question.identity
    assert copy.formulation.problem.gains.tolist() == question.formulation.problem.gains.tolist()
    assert "formulation" not in vars(question.asking(question.scenario))


def test_a_question_is_named_by_what_its_answer_depends_on(squares: Units, tmp_path: Path) -> None:
    question = ask("archipelago", squares)
    scenario = question.scenario
    renamed = replace(scenario, name="mine", title="Mine", description="Ours.")
    assert question.asking(renamed).identity == question.identity
    others = [
        question.asking(scenario.override(seed=1)),
        question.asking(scenario.override(settings={"weights.border": 1})),
        ask("archipelago", replace(squares, states=squares.states[::-1])),
    ]
    assert len({question.identity, *(one.identity for one in others)}) == 4
    folder = partition.solve("archipelago", data=squares).write(tmp_path / "run")
    assert read_document(folder)["inputs_sha256"] == question.identity


def test_a_plan_is_held_against_the_constraints_by_the_names_of_units(squares: Units) -> None:
    free = ask(COUNTIES.override(settings={"nations.blue.pieces": "any"}), squares)
    fixed = free.asking(free.scenario.override(settings={"units.blue": ["00004"]}))
    plan = Plan(np.array([1, 1, 0, 1, 0, 0]))
    assert free.broken_constraint(plan) is None
    assert "unit 00004" in (fixed.broken_constraint(plan) or "")
    assert "blue nation" in (fixed.broken_constraint(plan) or "")
    whole = free.asking(free.scenario.override(settings={"units.whole": ["A"]}))
    split = whole.broken_constraint(Plan(np.array([1, 0, 0, 1, 0, 0])))
    assert split == "A, which stays whole, is split"
    one = ask(COUNTIES, squares).broken_constraint(Plan(np.array([1, 0, 1, 0, 0, 0])))
    assert one is not None
    assert one.startswith("the blue nation has 2 pieces on the landmass of ")
    assert "(00000)" in one  # 100 voters, as many as any other
    votes = squares.votes["2016"]
    at_home = sum(votes[unit, 1 - part] for unit, part in enumerate(plan.assignment.tolist()))
    assert free.objective(plan) == at_home == free.measure(plan).whole.both.self_determined
    problem = formulate(squares, fixed.scenario).problem
    assert fixed.formulation.problem.fixed.tolist() == problem.fixed.tolist()


def test_questions_that_are_asked_together_share_one_land(squares: Units) -> None:
    asked = ask_each({"one": "archipelago", "other": "status-quo"}, squares, Overrides(seed=3))
    assert [one.scenario.title for one in asked] == ["one", "other"]
    assert {one.scenario.limits.seed for one in asked} == {3}
    assert asked[0].dataset is asked[1].dataset


def test_which_nation_needs_a_kind_of_link_is_told_without_it(squares: Units) -> None:
    """Two rows of three squares; a bridge joins two corners, which a plan makes blue."""
    given = squares.edges
    at = int((given.pairs[:, 0] == 0).sum())  # after the other edges of the first square
    edges = Edges(
        pairs=np.insert(given.pairs, at, [0, 5], axis=0),
        border=np.insert(given.border, at, 0.0),
        kind=np.insert(given.kind.astype("U9"), at, "bridge"),
        is_default=np.insert(given.is_default, at, True),
    )
    units = replace(squares, edges=edges)
    corners = Plan(np.array([1, 0, 0, 0, 0, 1], np.int8))
    others = Plan(1 - corners.assignment)
    for plan, name in ((corners, "blue"), (others, "red")):
        asked = Scenario.shipped("counties")
        assert ask(asked, units).broken_constraint(plan) is None
        without = ask(asked.but(off=["bridge"]), units)
        assert f"the {name} nation has 2 pieces" in (without.broken_constraint(plan) or "")
        alone = ask(asked.but(off=["bridge"], red_pieces="any"), units)
        assert (alone.broken_constraint(plan) is None) is (name == "red")


def test_a_limit_that_is_missed_is_told_in_the_words_and_units_of_the_scenario(
    squares: Units,
) -> None:
    parts = np.array([1, 0, 0, 1, 0, 0], np.int8)  # the left column is blue
    votes, people = squares.votes["2016"], squares.attributes["population"]
    home = np.where(parts, votes[:, 0], votes[:, 1])
    blue = people[parts == 1].sum()
    margin = abs(votes[:, 0] - votes[:, 1]) / votes.sum(axis=1)
    half = people.sum() // 2 - blue
    stranded = votes[parts == 0, 0].sum() - votes[:, 0].sum() // 10
    told = {
        "voters.at_home=460": f"the plan has {home.sum()} voters at home, {460 - home.sum()} fewer "
        "than voters.at_home = 460 asks for",
        "least.intensity=300": f"the plan has {(home * margin).sum():.3f} voters of intensity, "
        f"{300 - (home * margin).sum():.3f} fewer than least.intensity = 300 asks for",
        "least.blue_at_home=200": f"the plan has {home[parts == 1].sum()} voters of blue at home, "
        f"{200 - home[parts == 1].sum()} fewer than least.blue_at_home = 200 asks for",
        "most.border=12.5": "the plan has 20.000 km of border, 7.500 more than most.border = 12.5 "
        "allows",
        "most.cut_edges=1": "the plan has 2 pairs of cut edges, 1 more than most.cut_edges = 1 "
        "allows",
        "most.population_balance=10": f"the plan has {half} people of population balance, "
        f"{half - 10} more than most.population_balance = 10 allows",
        "blue.least.population=0.5": f"the blue nation holds {100 * blue / people.sum():.2f} % of "
        f"the people, {half} people fewer than nations.blue.least.population = 0.5 asks for",
        "red.most.area=0.5": "the red nation holds 66.67 % of the land, 100,000,000 square metres "
        "more than nations.red.most.area = 0.5 allows",
        "blue.stranded_most=0.1": f"{stranded} more Clinton votes are stranded than "
        "nations.blue.stranded_most allows",
        "units.red=00000": "unit 00000 is fixed to the red nation, not the blue nation",
    }
    for varied, said in told.items():
        question = ask(Scenario.load(f"archipelago@{varied}"), squares)
        assert question.broken_constraint(Plan(parts)) == said
    question = ask("archipelago", squares, apart={"people": 900, "plans": [["00000"]]})
    assert question.broken_constraint(Plan(parts)) == (
        f"the plan has {people[3]} people apart from plan 1, {900 - people[3]} fewer than "
        "apart.people = 900 asks for"
    )
