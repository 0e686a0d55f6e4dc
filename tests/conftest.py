"""What all tests share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from hypothesis import settings

from solvers.problem import Budget, Problem
from solvers.result import Limits
from solvers.solve import solve

if TYPE_CHECKING:
    from tests.browser import Screen

# How long a case takes says nothing on a busy machine: benchmarks measure speed, tests do not.
settings.register_profile("timeless", deadline=None)
settings.load_profile("timeless")


def pytest_make_parametrize_id(val: object) -> str | None:
    """Call bytes by how many they are: what is compressed has the time of day in it, and workers
    that call one test by two names do not start."""
    return f"{len(val)} bytes" if isinstance(val, bytes) else None


LONGEST = ("tests/partition/test_readme.py",)
"""Files whose tests take minutes."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest tests, for which the other workers would wait at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


@pytest.fixture(scope="session")
def compiled_loops() -> None:
    """Compile the inner loops of the search before any test counts on a time limit."""
    rng = np.random.default_rng(0)
    points = rng.random((40, 2))
    lines = shapely.delaunay_triangles(shapely.multipoints(points), only_edges=True)
    number = {tuple(point): unit for unit, point in enumerate(points.tolist())}
    ends = shapely.get_coordinates(lines).reshape(-1, 2, 2).tolist()
    edges = np.array([[number[tuple(end)] for end in pair] for pair in ends])
    budget = Budget(np.ones(40, int), lower=10, price=3)
    for pieces in ((1, 1), (2, 1)):
        problem = Problem(
            rng.integers(0, 1000, (40, 2)),
            edges,
            pieces=pieces,
            edge_costs=np.full(len(edges), 5),
            budgets=(budget,),
        )
        solve(problem, Limits(time_limit=3600, rounds=4))


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """One browser for all tests of a process."""
    from tests.browser import running  # noqa: PLC0415 - most tests need no selenium

    with running(tmp_path_factory.mktemp("profile")) as screen:
        yield screen


@pytest.fixture
def screen(chromium: Screen) -> Screen:
    """The browser that all tests share, as it is when a person comes."""
    chromium.reset()
    return chromium
