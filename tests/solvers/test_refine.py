"""A refined plan is the best in its neighbourhood, by trying all of them."""

from itertools import product

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from solvers.model import Model
from solvers.params import RefineParams, SearchParams
from solvers.primal.refine import Refiner
from solvers.primal.walker import Walker
from solvers.problem import FREE
from solvers.stop import Stop
from tests.solvers.conftest import EXTRAS, draw_problem, is_feasible, problems

SIZE = 8
# However long it takes: a search has as many steps and as much effort as it needs to its end.
THOROUGH = RefineParams(first=SIZE, smallest=1, n_steps=100_000, most_effort=1e9)
# Needs more steps than a search of a country would give a ball.
LONG = draw_problem(
    seed=114548,
    n_units=16,
    family="holed",
    kind="ties",
    pieces=(0, 2),
    n_fixed=1,
    has_costs=True,
    budgets=[("upper", False), ("lower", True)],
)
# Ends of spans move with the units between them: test_neighbourhood.py has these.
CASE = given(
    problem=problems(min_units=9, max_units=16, extras=EXTRAS - {"sets"}),
    seed=st.integers(0, 2**32 - 1),
)


@CASE
@example(problem=LONG, seed=1)
@settings(max_examples=200)
def test_a_ball_is_searched_to_its_best_plan(problem, seed) -> None:
    model = Model(problem, params=SearchParams(refine=THOROUGH))
    plan = Walker(model, seed=seed).best
    if plan is None:
        return
    refiner = Refiner(model, seed)
    members = Refiner(model, seed)._balls.draw(plan, SIZE)
    better = refiner.in_a_ball(plan)
    assert is_feasible(problem, better)
    assert refiner.size == SIZE * THOROUGH.growth, "not searched to the end"
    free = members[problem.fixed[members] == FREE]
    assert np.array_equal(np.delete(better, free), np.delete(plan, free))
    best = model.value(plan)
    for parts in product((0, 1), repeat=len(free)):
        other = plan.copy()
        other[free] = parts
        # The value first: it takes less time than the constraints, and few are worth more.
        value = model.value(other)
        if value > best and model.is_plan(other):
            best = value
    assert model.value(better) == best


@CASE
@settings(max_examples=100)
def test_where_the_relaxation_agrees_the_plan_stays(problem, seed) -> None:
    model = Model(problem)
    plan = Walker(model, seed=seed).best
    if plan is None:
        return
    rng = np.random.default_rng(seed)
    advice = np.where(rng.random(problem.n_units) < 0.5, plan, 0.5)
    better = Refiner(model, seed).where_relaxed(plan, advice)
    assert is_feasible(problem, better)
    assert model.value(better) >= model.value(plan)
    agrees = advice == plan
    assert np.array_equal(better[agrees], plan[agrees])


def test_a_search_that_is_stopped_keeps_the_plan() -> None:
    problem = draw_problem(1, 60, "holed", "millions")
    model = Model(problem)
    plan = Walker(model, seed=0).best
    advice = np.full(problem.n_units, 0.5)
    stop = Stop()
    stop.set()
    ended = Refiner(Model(problem, stop), 0)
    assert np.array_equal(ended.where_relaxed(plan, advice), plan)
    assert model.value(Refiner(model, 0).where_relaxed(plan, advice)) > model.value(plan)
