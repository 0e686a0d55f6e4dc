"""Parameters tune a search; they never change what its answer means."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.params import (
    DEFAULT,
    CutParams,
    RelaxationParams,
    RoundParams,
    SearchParams,
    WindowParams,
)
from solvers.result import Limits
from solvers.solve import solve
from tests.solvers.conftest import Census, confirm, draw_problem, problems


def varied(rng: np.random.Generator) -> SearchParams:
    """Draw every number between a third and three times of what it stands at, turns at random."""
    groups = {}
    for group in fields(SearchParams):
        values = getattr(DEFAULT, group.name)
        drawn = {}
        for one in fields(values):
            value = getattr(values, one.name)
            factor = 3.0 ** rng.uniform(-1.0, 1.0)
            if one.name == "turns":
                drawn[one.name] = tuple(rng.choice(["walk", "relaxed", "balls"], 3).tolist())
            elif isinstance(value, tuple):
                drawn[one.name] = tuple(number * factor for number in value)
            elif isinstance(value, int):
                drawn[one.name] = max(1, round(value * factor))
            else:
                drawn[one.name] = value * factor
        if "pace" in drawn:
            drawn["pace"] = min(1.0, drawn["pace"])
        groups[group.name] = replace(values, **drawn)
    small = replace(groups["windows"], largest_whole=int(rng.integers(3, 20)), size=5)
    return SearchParams(**groups | {"windows": small})


@given(problem=problems(min_units=4, max_units=10), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=150, deadline=None)
def test_no_parameters_change_the_optimum_or_its_proof(problem, seed) -> None:
    result = solve(problem, seed=seed % 5, params=varied(np.random.default_rng(seed)))
    optimum = Census(problem).optimum
    assert result.objective == result.bound == optimum
    if optimum is not None:
        assert confirm(problem, result) == optimum


def test_parameters_reach_the_search() -> None:
    problem = draw_problem(3, 40, "planar", "millions")
    usual, slow = (
        solve(problem, Limits(rounds=1), params=params)
        for params in (DEFAULT, SearchParams(rounds=RoundParams(n_iterations=1)))
    )
    assert usual.bound < slow.bound
    assert solve(problem, params=SearchParams(windows=WindowParams(largest_whole=9))).n_windows > 0


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (lambda: WindowParams(size=0), "WindowParams.size = 0"),
        (lambda: CutParams(violation=-0.1), "CutParams.violation = -0.1"),
        (lambda: CutParams(violation=float("nan")), "CutParams.violation = nan"),
        (lambda: replace(DEFAULT.tree, creeps=(0.05, 0.0)), r"TreeParams.creeps = \(0.05, 0.0\)"),
        (lambda: replace(DEFAULT.tree, creeps=()), r"TreeParams.creeps = \(\)"),
        (lambda: RelaxationParams(pace=1.1), "RelaxationParams.pace = 1.1"),
        (lambda: RoundParams(turns=("rest",)), r"RoundParams.turns = \('rest',\)"),
        (lambda: RoundParams(turns=()), r"RoundParams.turns = \(\)"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_named(make, found) -> None:
    with pytest.raises(ValueError, match=found):
        make()
