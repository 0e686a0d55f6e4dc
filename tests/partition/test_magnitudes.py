"""Numbers of any size: what cannot be added up exactly is refused, the rest is exactly right.

The best plan is looked for among all of them, and counted in Python's own integers and fractions
from the definitions of the goals.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from partition.errors import ScenarioError
from partition.question.asking import ask
from partition.question.formulate import formulate
from partition.question.objectives import exact, scale_of, weigh
from partition.scenario import Scenario, Weights
from partition.studies.sweeping.axis import parse_axis
from partition.studies.sweeping.breakpoints import breakpoint_rows
from partition.verify.counted import Counted
from partition.verify.goals import Goals
from shapefiles.units import MAX_VOTES, Units
from solvers.result import Limits, Status
from solvers.solve import solve
from tests.partition.conftest import Invoke, build_grid

COUNTIES = Scenario.shipped("counties")
KEYS = ("self_determination", "intensity", "border", "cut_edges", "state_splits",
        "population_balance", "status_quo")  # fmt: skip
N_UNITS = 6
PLANS = list(itertools.product([0, 1], repeat=N_UNITS))

SIZES = st.one_of(
    st.integers(0, 1000),
    st.integers(MAX_VOTES - 3, MAX_VOTES),
    st.integers(0, 33).map(lambda bits: min(MAX_VOTES, 2**bits)),
    st.integers(3_000_000_000, 3_100_000_000),  # their squares are about 2**63
)
WEIGHTS = st.fixed_dictionaries(
    {},
    optional={
        key: st.one_of(
            st.sampled_from([1.0, 1e-6, 0.333333, 1e3, 1e6, 1e9, 1e12]),
            st.integers(1, 10**12).map(float),
        )
        for key in KEYS
    },
).filter(bool)
PEOPLE = st.one_of(st.integers(0, 10**6), st.integers(2**48, 2**64 - 1))


def pieces(units: Units, plan: tuple[int, ...], part: int) -> int:
    """Count the pieces of a part by joining neighbours."""
    left = {unit for unit in range(units.n_units) if plan[unit] == part}
    count = 0
    while left:
        count += 1
        stack = [left.pop()]
        while stack:
            unit = stack.pop()
            for a, b in units.edges.pairs.tolist():
                for one, other in ((a, b), (b, a)):
                    if one == unit and other in left:
                        left.discard(other)
                        stack.append(other)
    return count


def steps_of(units: Units, weights: dict[str, float], plan: tuple[int, ...]) -> int:
    """Count the objective of a plan in steps, each unit and edge rounded by itself."""
    factor = {key: exact(value) * scale_of(Weights(**{"self_determination": 0, **weights}))
              for key, value in weights.items()}  # fmt: skip
    votes, people = units.votes["2016"].tolist(), units.attributes["population"].tolist()
    states, value = units.states.tolist(), 0

    def rounded(key: str, amount: Fraction | int) -> int:
        return round(Fraction(amount) * factor[key]) if key in factor else 0

    lead = {s: sum(votes[i][0] - votes[i][1] for i in range(len(plan)) if states[i] == s)
            for s in states}  # fmt: skip
    for unit, part in enumerate(plan):
        blue, red = votes[unit]
        matched = blue if part else red
        value += rounded("self_determination", matched)
        value += rounded("intensity", Fraction(matched * abs(blue - red), max(1, blue + red)))
        if lead[states[unit]] * (2 * part - 1) < 0:
            value -= rounded("status_quo", people[unit])
    for (a, b), metres in zip(units.edges.pairs.tolist(), units.edges.border.tolist(), strict=True):
        if plan[a] != plan[b]:
            value -= rounded("border", Fraction(metres / 1000)) + rounded("cut_edges", 1)
    for state in set(states):
        inside = [unit for unit, one in enumerate(states) if one == state]
        each = [sum(rounded("state_splits", sum(votes[unit])) for unit in inside if plan[unit] == p)
                for p in (0, 1)]  # fmt: skip
        value -= min(each)
    if "population_balance" in factor:
        held = sum(people[unit] for unit, part in enumerate(plan) if part)
        half = sum(people) // 2
        missed = max(0, half - held, held - (sum(people) - half))
        value -= int(factor["population_balance"]) * missed
    return value


@given(
    blue=st.lists(SIZES, min_size=N_UNITS, max_size=N_UNITS),
    red=st.lists(SIZES, min_size=N_UNITS, max_size=N_UNITS),
    people=st.lists(PEOPLE, min_size=N_UNITS, max_size=N_UNITS),
    weights=WEIGHTS,
    most=st.sampled_from([(1, 1), (1, "any"), ("any", "any"), (2, 1)]),
)
@example(
    blue=[9_000_000_000, 100_000_000, 5_000_000_000, 10**10, 0, 0],
    red=[100_000_000, 6_000_000_000, 4_000_000_000, 0, 1, 10**10],
    people=[1] * N_UNITS,
    weights={"intensity": 1.0},
    most=(1, 1),
)
def test_numbers_of_any_size_are_refused_or_the_optimum_is_exactly_right(
    blue: list[int],
    red: list[int],
    people: list[int],
    weights: dict[str, float],
    most: tuple[int | str, int | str],
) -> None:
    units = build_grid(3, 2, blue=blue, red=red)
    units = replace(
        units, attributes={**units.attributes, "population": np.array(people, np.uint64)}
    )
    scenario = replace(COUNTIES, weights=Weights(**{"self_determination": 0, **weights}))
    scenario = scenario.override(
        settings={"nations.blue.pieces": most[0], "nations.red.pieces": most[1]}
    )
    try:
        formulation = formulate(units, scenario)
    except ScenarioError as error:
        assert any(  # noqa: PT017 - either this, or an answer
            said in str(error) for said in ("at most", "above the limit of")
        )
        return
    result = solve(formulation.problem, Limits(time_limit=60))
    best = max(
        steps_of(units, weights, plan)
        for plan in PLANS
        if all(
            limit == "any" or pieces(units, plan, part) <= limit
            for part, limit in ((1, most[0]), (0, most[1]))
        )
    )
    assert result.status is Status.OPTIMAL
    assert result.objective == result.bound == best
    plan = tuple(formulation.restrict(result.plan).assignment.tolist())
    assert steps_of(units, weights, plan) == best


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"votes": 10**10 + 1}, r"votes\['2016'\] of unit '00002'.*10,000,000,000.*impossible"),
        ({"votes": 2**63 + 5}, r"votes\['2016'\] of unit '00002'.*9223372036854775813"),
    ],
)
def test_units_refuse_votes_that_cannot_be(change: dict[str, int], said: str) -> None:
    squares = build_grid(3, 2, blue=[1] * 6, red=[1] * 6)
    votes = squares.votes["2016"].astype(np.uint64)
    votes[2, 1] = change["votes"]
    with pytest.raises(ValueError, match=said):
        replace(squares, votes={"2016": votes})


@pytest.mark.parametrize(
    ("people", "settings", "said"),
    [
        ([1, 2, 2**53 + 2, 4, 5, 6], {"weights.status_quo": 1},
         "weights.status_quo: the people of unit 00002 is 9007199254740994, above the limit"),
        ([1, 2, 1e300, 4, 5, 6], {"nations.blue.least.population": 0.2},
         "nations.blue.least.population: the people of unit 00002 is 1e+300, above the limit"),
        ([2**50] * 6, {"nations.blue.least.population": 0.2},
         "comes to 6755399441055744, above the limit of 2251799813685248; the largest is 11258"),
        ([2**50, 2**51, 0, 0, 0, 0], {"weights.status_quo": 1},
         "weights.status_quo: the people of all units comes to 3377699720527872"),
        ([2**49] * 2 + [0] * 4, {"weights.population_balance": 3},
         "adds up to 6.76e+15 votes, 3.38e+15 of them for unit 00000"),
        ([1] * 6, {"weights.border": 1e12},
         "of them for the edge from 00000 to 00001, and 7.51e+11 at most"),
    ],
)  # fmt: skip
def test_what_cannot_be_added_up_is_refused_by_weight_unit_value_and_limit(
    people: list[float], settings: dict[str, float], said: str
) -> None:
    squares = build_grid(3, 2, blue=[1] * 6, red=[2] * 6)
    crowded = replace(squares, attributes={"population": np.array(people)})
    with pytest.raises(ScenarioError) as caught:
        formulate(crowded, COUNTIES.override(settings=settings))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_command_line_refuses_a_weight_that_is_too_large_in_one_line(invoke: Invoke) -> None:
    code, out, err = invoke("solve", "--set", "weights.intensity=1e9", "--quiet")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert err.startswith("partition: weights.intensity = 1e+09: what it weighs adds up to")
    assert "of them for unit 06037, and 7.51e+11 at most can be added up exactly" in err


@given(blue=SIZES, red=SIZES, weight=st.sampled_from([1.0, 0.000001, 0.333333, 7.0]))
def test_the_verifier_counts_the_same_intensity_whatever_its_size(
    blue: int, red: int, weight: float
) -> None:
    units = build_grid(1, 1, blue=[blue], red=[red])
    scenario = COUNTIES.override(
        settings={"weights.intensity": weight, "weights.self_determination": 0}
    )
    columns = {"geoid": ["00000"], "state": ["A"], "population": [50]}
    columns |= {"dem_2016": [blue], "rep_2016": [red]}
    goals = Goals(scenario.to_table(), Counted(columns, {}, {}, [], "2016"))
    try:
        formulation = formulate(units, scenario)
    except ScenarioError:
        return
    assert formulation.problem.gains.tolist() == [goals.gains(0)]


def test_the_cost_of_splitting_states_is_as_fine_as_the_rest_when_a_weight_is_traced() -> None:
    units = build_grid(3, 2, blue=[90, 60, 20, 80, 30, 10], red=[10, 40, 80, 20, 70, 90])
    scenario = COUNTIES.override(
        settings={
            "nations.blue.pieces": "any",
            "nations.red.pieces": "any",
            "weights.state_splits": 0.25,
        }
    )
    rows, _ = breakpoint_rows(ask(scenario, units), parse_axis("weights.border=0:9:2"))
    assert len(rows) > 1
    for row in rows:
        weights = {"self_determination": 1.0, "state_splits": 0.25, "border": row["weights.border"]}
        best = max(steps_of(units, weights, plan) for plan in PLANS)
        assert row["objective_votes"] == pytest.approx(best / scale_of(Weights(**weights)))


def blocks(units: Units, side: float) -> Units:
    """Give every unit the land of a square, and as much GDP as it has hundreds of square metres."""
    land = np.full(units.n_units, side * side)
    return replace(units, attributes={**units.attributes, "area": land, "gdp": land / 100})


@pytest.mark.parametrize("side", [5.0, 60.0, 110.0, 700.0, 3_000.0, 40_000.0])
def test_shares_of_land_hold_however_small_its_units_are(side: float) -> None:
    units = blocks(build_grid(3, 3, blue=[900] + [300] * 8, red=[300] + [900] * 8), side)
    for key, least, most in (("least", 4, 9), ("most", 1, 3)):  # 40 % of nine are 3.6
        scenario = COUNTIES.override(settings={f"nations.blue.{key}.area": 0.4})
        result = solve(formulate(units, scenario).problem, Limits(time_limit=60))
        assert result.status is Status.OPTIMAL
        n_blue = int(result.plan.assignment.sum())
        assert least <= n_blue <= most


@pytest.mark.parametrize("quantity", ["area", "gdp"])
def test_a_balance_is_right_or_refused_with_a_way_out(quantity: str) -> None:
    measure = {"area": 1e6, "gdp": 1e3}[quantity]
    n_refused = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        size = 10.0 ** rng.uniform(-2, 4)
        held = rng.uniform(0.2, 2.0, 16) * size * measure
        units = build_grid(4, 4, rng.integers(1, 99, 16).tolist(), rng.integers(1, 99, 16).tolist())
        units = replace(units, attributes={**units.attributes, quantity: held})
        weights = {f"weights.{quantity}_balance": 7.0}
        try:
            objective = weigh(units, COUNTIES.override(settings=weights))
        except ScenarioError as error:
            n_refused += 1
            *_, blue, _, red = str(error).removesuffix(".").split()
            way_out = {f"nations.{one[:-4]}": 0.4 for one in (blue, red)}
            assert len(formulate(units, COUNTIES.override(settings=way_out)).problem.budgets) == 1
            assert size < 1e3
            continue
        term = next(one for one in objective.terms if one.goal.key == f"{quantity}_balance")
        for plan in rng.integers(0, 2, (20, 16)).astype(np.int8):
            sums = [held[plan == part].sum() / measure for part in (0, 1)]
            off = abs(sums[0] - sums[1]) / 2
            assert term.amount(plan) == pytest.approx(off, abs=1.5 + 0.011 * sum(sums))
    assert 10 < n_refused < 50
