"""Goals and their weights, against sums made by hand and in fractions."""

from __future__ import annotations

import itertools
from dataclasses import fields, replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partition.errors import ScenarioError
from partition.question.formulate import formulate
from partition.question.goals import GOALS
from partition.question.objectives import exact, scale_of, weigh
from partition.question.rounding import rounded, rounded_each
from partition.scenario import Scenario, Weights
from shapefiles.units import Units
from solvers.plan import Plan
from tests.partition.conftest import build_grid, with_millions

COUNTIES = Scenario.shipped("counties")
KEYS = [one.name for one in fields(Weights)]


def weighted(**weights: float) -> Scenario:
    return replace(COUNTIES, weights=Weights(**{"self_determination": 0, **weights}))


def build_squares() -> Units:
    return with_millions(
        build_grid(3, 2, blue=[90, 60, 20, 80, 30, 10], red=[10, 40, 80, 20, 70, 90])
    )


def by_hand(units: Units, plan: tuple[int, ...]) -> dict[str, Fraction]:
    """Count every goal from its definition, in whole numbers and fractions."""
    votes, people = units.votes["2016"].tolist(), units.attributes["population"].tolist()
    states, n = units.states.tolist(), range(units.n_units)
    matched = [votes[i][0] if plan[i] else votes[i][1] for i in n]
    cut = [
        Fraction(metres) / 1000
        for (a, b), metres in zip(units.edges.pairs.tolist(), units.edges.border, strict=True)
        if plan[a] != plan[b]
    ]
    margins = [Fraction(abs(blue - red), blue + red) for blue, red in votes]
    lead = {s: sum(votes[i][0] - votes[i][1] for i in n if states[i] == s) for s in states}

    sides = [sum(both[side] for both in votes) for side in (0, 1)]
    home = [sum(votes[i][side] for i in n if plan[i] != side) for side in (0, 1)]

    def difference(values: list[int]) -> int:
        return abs(sum(values[i] * (2 * plan[i] - 1) for i in n))

    def split(state: str) -> int:
        return min(
            sum(sum(votes[i]) for i in n if states[i] == state and plan[i] == part)
            for part in (0, 1)
        )

    return {
        "self_determination": Fraction(sum(matched)),
        "intensity": sum(map(Fraction.__mul__, margins, map(Fraction, matched)), Fraction(0)),
        "border": sum(cut, Fraction(0)),
        "cut_edges": Fraction(len(cut)),
        "state_splits": Fraction(sum(map(split, set(states)))),
        "status_quo": Fraction(
            sum(people[i] for i in n if lead[states[i]] * (2 * plan[i] - 1) < 0)
        ),
        "population_balance": Fraction(difference(people) // 2),
        "gdp_balance": Fraction(
            difference([round(one / 1000) for one in units.attributes["gdp"].tolist()]) // 2
        ),
        "area_balance": Fraction(
            difference([round(one / 1e6) for one in units.attributes["area"].tolist()]) // 2
        ),
        "blue_at_home": Fraction(home[0]),
        "red_at_home": Fraction(home[1]),
        "worse_off": sum(sides) * min(map(Fraction, home, sides)),
    }


PLANS = list(itertools.product([0, 1], repeat=6))


@pytest.mark.parametrize("key", KEYS)
def test_every_goal_counts_what_its_definition_says(key: str) -> None:
    units = build_squares()
    objective = weigh(units, weighted(**{key: 1}))
    for plan in PLANS:
        (term,) = objective.account(np.array(plan, np.int8))
        assert term.amount == pytest.approx(float(by_hand(units, plan)[key]), abs=1e-9)


WEIGHTS = st.fixed_dictionaries(
    {
        key: st.one_of(
            st.just(0.0),
            st.decimals("0.000001", "1000", places=6).map(float),
            st.integers(1, 1000).map(float),
        )
        for key in KEYS
    }
).filter(lambda weights: any(weights.values()))


@given(weights=WEIGHTS, plan=st.sampled_from(PLANS))
def test_the_solvers_objective_is_the_weighted_sum_up_to_rounding(
    weights: dict[str, float], plan: tuple[int, ...]
) -> None:
    units = build_squares()
    formulation = formulate(units, weighted(**weights))
    rows = formulation.expand(Plan(np.array(plan)))
    steps = formulation.problem.objective(rows.assignment)
    signs = {goal.key: -1 if goal.is_cost else 1 for goal in GOALS}
    counted = by_hand(units, plan)
    wanted = sum(signs[key] * exact(weights[key]) * counted[key] for key in KEYS)
    n_rounded = 6 * bool(weights["intensity"]) + 7 * bool(weights["border"])
    n_rounded += 12 * bool(weights["worse_off"])  # of half of it in each unit
    assert abs(Fraction(steps, formulation.scale) - wanted) <= Fraction(
        n_rounded + 1, 2 * formulation.scale
    ) * bool(n_rounded)
    # What reports say is the sum of the same steps.
    account = weigh(units, weighted(**weights)).account(np.array(plan, np.int8))
    assert sum(one.votes for one in account) == pytest.approx(steps / formulation.scale, rel=1e-12)


@given(weights=WEIGHTS)
def test_the_scale_makes_every_weight_whole_and_is_no_larger_than_it_must_be(
    weights: dict[str, float],
) -> None:
    scale = scale_of(Weights(**weights))
    assert all((exact(one) * scale).denominator == 1 for one in weights.values())
    measured = weights["intensity"] or weights["border"]
    least = 100_000 if weights["worse_off"] else 1000 if measured else 1
    assert scale == least or any(
        (exact(one) * scale / 10).denominator > 1 for one in weights.values()
    )


def test_plain_votes_are_counted_one_by_one(squares: Units) -> None:
    formulation = formulate(squares, COUNTIES)
    assert formulation.scale == 1
    assert formulation.problem.gains.tolist() == squares.votes["2016"][:, ::-1].tolist()
    assert not formulation.problem.edge_costs.any()


def test_where_only_some_may_leave_the_others_nation_is_everybodys_today(squares: Units) -> None:
    scenario = weighted(status_quo=1).override(settings={"units.only": ["A"]})
    (term,) = weigh(squares, scenario).account(np.array([1, 0, 0, 0, 0, 1], np.int8))
    assert term.amount == 50 + 550


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({"border": 1e12}, ["weights.border = 1e+12", "votes", "Give at most"]),
        ({"self_determination": 1e12}, ["weights.self_determination = 1e+12", "Give at most"]),
        ({"gdp_balance": 1e12, "cut_edges": 0.000001}, ["weights.gdp_balance", "fewer decimals"]),
    ],
)
def test_weights_that_cannot_be_added_up_exactly_are_refused_with_the_limit(
    weights: dict[str, float], said: list[str]
) -> None:
    units = build_grid(2, 1, blue=[600_000, 1000], red=[1000, 40_000_000])
    rich = replace(units, attributes={**units.attributes, "gdp": np.array([10**9, 10**9])})
    with pytest.raises(ScenarioError) as caught:
        weigh(rich, weighted(**weights))
    for words in said:
        assert words in str(caught.value)


def test_the_limit_that_is_named_is_accepted(mainland: Units) -> None:
    with pytest.raises(ScenarioError) as caught:
        weigh(mainland, weighted(border=1e11))
    largest = float(str(caught.value).split("at most ")[-1].split(",")[0])
    assert weigh(mainland, weighted(border=largest)).scale == 1000


def test_a_goal_whose_column_is_missing_or_incomplete_is_refused_by_name(squares: Units) -> None:
    bare = replace(squares, attributes={})
    for key in ("status_quo", "population_balance", "gdp_balance", "area_balance"):
        with pytest.raises(
            ScenarioError, match=rf"weights\.{key} needs the .* the data do not have"
        ):
            weigh(bare, weighted(**{key: 1}))
    holes = np.array([1.0, np.nan, 1, 1, 1, 1])
    torn = replace(squares, attributes={**squares.attributes, "gdp": holes})
    with pytest.raises(ScenarioError, match="for unit 00001 is nan"):
        weigh(torn, weighted(gdp_balance=1))
    stateless = replace(squares, states=np.full(6, ""))
    with pytest.raises(ScenarioError, match=r"weights\.state_splits needs the state"):
        weigh(stateless, weighted(state_splits=1))


@given(
    value=st.one_of(
        st.floats(-1e9, 1e9),
        st.integers(-(10**12), 10**12),
        st.integers(-99, 99).map(lambda n: n / 2),
    ),
    factor=st.fractions(0, 10**9, max_denominator=10**6),
)
def test_amounts_are_rounded_as_fractions_are(value: float, factor: Fraction) -> None:
    assert rounded(value, factor) == round(Fraction(value) * factor)


NUMBERS = st.one_of(
    st.floats(-1e18, 1e18),
    st.integers(-(2**62), 2**62),
    st.integers(-(10**6), 10**6).map(lambda doubled: doubled / 2),
)


@given(
    values=st.lists(NUMBERS, min_size=1, max_size=30),
    factor=st.one_of(
        st.fractions(0, 10**9, max_denominator=10**6),
        st.integers(0, 2000).map(lambda doubled: Fraction(doubled, 2)),
        st.integers(0, 10**400).map(Fraction),
    ),
    is_whole=st.booleans(),
)
def test_many_amounts_are_rounded_as_one_is(values, factor, is_whole) -> None:
    if is_whole:
        array = np.array([int(value) for value in values], np.int64)
    else:
        array = np.array([float(value) for value in values])
    expected = [round(Fraction(value) * factor) for value in array.tolist()]
    assert rounded_each(array, factor) == expected
