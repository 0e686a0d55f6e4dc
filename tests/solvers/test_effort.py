"""Both searches of a round do about as much, counted the same everywhere."""

from __future__ import annotations

import pytest

from solvers.domain import Domain
from solvers.effort import of_step, of_walk
from solvers.params import SearchParams, WindowParams
from solvers.reduction import find_domains, reduce
from solvers.stop import Stop
from tests.solvers.conftest import draw_problem

ROUNDS = 8

KINDS = {
    "plain": ({}, SearchParams()),
    "costs": ({"has_costs": True}, SearchParams()),
    "sets": ({"n_sets": 3}, SearchParams()),
    "windows": ({}, SearchParams(windows=WindowParams(largest_whole=50, size=40, n_windows=2))),
}


def opened(extras: dict[str, object], params: SearchParams) -> Domain:
    """Begin a search of the largest part that does not depend on the rest."""
    problem = draw_problem(5, 200, "planar", "millions", **extras)
    reduced = reduce(problem).problem
    members = max(find_domains(reduced), key=len)
    domain = Domain.of(reduced, members, Stop(), params)
    domain.begin(0)
    return domain


def efforts(domain: Domain) -> tuple[float, float]:
    """What the search for bounds and that for plans have taken."""
    walked = domain.windows or domain.walker
    refined = 0.0 if domain.refiner is None else domain.refiner.effort
    return domain.exact.effort, walked.effort + refined


@pytest.mark.parametrize("kind", KINDS)
def test_each_search_does_its_share_of_a_round_and_hardly_more(kind) -> None:
    domain = opened(*KINDS[kind])
    for _ in range(ROUNDS):
        before, longest = efforts(domain), domain.longest
        for task in domain.tasks():
            task()
        domain.exchange()
        exact, plans = (now - then for now, then in zip(efforts(domain), before, strict=True))
        # Nobody looks for better plans than those that are proven to be the best.
        assert plans >= max(domain.share, longest) or domain.is_settled
        assert exact < domain.share + domain.longest
        assert exact >= domain.share or domain.exact.is_finished


def test_the_same_work_is_the_same_effort() -> None:
    found = []
    for _ in range(2):
        domain = opened(*KINDS["costs"])
        for _ in range(3):
            for task in domain.tasks():
                task()
            domain.exchange()
        found.append(efforts(domain))
    assert found[0] == found[1]


def test_effort_grows_with_the_work() -> None:
    assert of_step(10) < of_step(1_000)
    assert of_walk(10, 100) < of_walk(10, 200) < of_walk(30, 200)
