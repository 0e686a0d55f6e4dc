"""The models of the comparison say what the problem says, and the referee believes nobody."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from peers import exact
from peers.entrant import Ending, Reporter, Task
from peers.flow_models import TooLargeError, multi_commodity
from peers.instances import starting_plan
from peers.race import Limit, Run, race
from peers.referee import Course, check, stand
from peers.roots import prove_roots
from peers.roster import ROSTER
from peers.table import is_refuted, key, markdown, read_rows, write_rows
from peers.tree_model import NotPlanarError, primal_dual_tree

from solvers.problem import Problem

MODELS = ("flow", "multiflow", "tree")


@st.composite
def planar_problems(draw: st.DrawFn) -> Problem:
    """Connected parts of a grid of triangles, bridges and dead ends included."""
    width, height = draw(st.sampled_from([(2, 2), (3, 2), (4, 2), (3, 3)]))
    grid = nx.grid_2d_graph(width, height)
    for x, y in itertools.product(range(width - 1), range(height - 1)):
        grid.add_edge((x, y), (x + 1, y + 1))
    graph = nx.convert_node_labels_to_integers(grid)
    for edge in draw(st.permutations(sorted(graph.edges)))[: draw(st.integers(0, 8))]:
        graph.remove_edge(*edge)
        if not nx.is_connected(graph):
            graph.add_edge(*edge)
    votes = st.integers(0, 20)
    gains = draw(st.lists(st.tuples(votes, votes), min_size=len(graph), max_size=len(graph)))
    return Problem(np.array(gains), np.array(sorted(graph.edges)))


def plans(problem: Problem) -> Iterator[tuple[tuple[int, ...], int]]:
    """Every plan with both parts connected or empty, and its objective, by networkx."""
    graph = nx.Graph(problem.edges.tolist())
    for parts in itertools.product((0, 1), repeat=problem.n_units):
        sides = [[unit for unit in graph if parts[unit] == part] for part in (0, 1)]
        if all(not side or nx.is_connected(graph.subgraph(side)) for side in sides):
            yield parts, sum(int(problem.gains[unit, part]) for unit, part in enumerate(parts))


def search(
    engine: str, model: str, problem: Problem, roots: tuple[int, int] | None = None
) -> Course:
    """Solve a model in this process and let the referee judge."""
    file = io.StringIO()
    report = Reporter(file, 60)
    task = Task(problem, np.zeros(problem.n_units, np.int8), roots, seed=0)
    exact.run(engine, model, task, report)
    return check(problem, Run(file.getvalue().splitlines(), 0.0, 0, ""), 60)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("engine", ["peers.cp_sat", "peers.scip"])
@settings(max_examples=15)
@given(problem=planar_problems())
def test_every_exact_model_agrees_with_brute_force(engine, model, problem) -> None:
    best = max(value for _, value in plans(problem))
    course = search(engine, model, problem)
    row = stand("idaho", problem, "peer", course, 60)
    assert (row.objective, row.bound, row.status, row.note) == (best, best, "optimal", "")


@pytest.mark.parametrize("model", ["flow-rooted", "multiflow-rooted"])
@settings(max_examples=10)
@given(problem=planar_problems(), data=st.data())
def test_given_roots_the_flow_models_find_the_best_plan_that_has_them(model, problem, data) -> None:
    roots = tuple(data.draw(st.permutations(range(problem.n_units)))[:2])
    fitting = [
        value for parts, value in plans(problem) if parts[roots[0]] == 0 and parts[roots[1]] == 1
    ]
    row = stand("idaho", problem, "peer", search("peers.cp_sat", model, problem, roots), 60)
    if fitting:
        assert (row.objective, row.bound) == (max(fitting), max(fitting))
    else:
        assert (row.objective, row.status) == (None, "failed")


@settings(max_examples=10)
@given(problem=planar_problems())
def test_proven_roots_are_in_their_parts_in_every_optimal_plan(problem) -> None:
    roots = prove_roots(problem, starting_plan(problem), seconds=60)
    best = max(value for _, value in plans(problem))
    optimal = [parts for parts, value in plans(problem) if value == best]
    if roots is not None:
        assert {(parts[roots[0]], parts[roots[1]]) for parts in optimal} == {(0, 1)}


def test_models_that_do_not_fit_are_refused_by_name() -> None:
    complete = np.column_stack(np.triu_indices(5, 1))
    problem = Problem(np.ones((5, 2), int), complete)
    with pytest.raises(NotPlanarError):
        primal_dual_tree(problem)
    assert search("peers.cp_sat", "tree", problem).ending is Ending.IMPOSSIBLE
    units = np.arange(3_000)
    path = Problem(np.ones((3_000, 2), int), np.column_stack([units[:-1], units[1:]]))
    with pytest.raises(TooLargeError, match="53,988,000"):
        multi_commodity(path)


PATH = Problem(np.array([[0, 5], [3, 0], [0, 4], [2, 2]]), np.array([[0, 1], [1, 2], [2, 3]]))


def told(*reports: tuple[str, object], seconds: float = 9.0, death: str = "") -> Course:
    """Judge what a peer with ten seconds said of the path."""
    file = io.StringIO()
    report = Reporter(file, 10)
    for act, *values in reports:
        getattr(report, act)(*values)
    return check(PATH, Run(file.getvalue().splitlines(), seconds, 7, death), 10)


def test_a_torn_plan_counts_as_none() -> None:
    course = told(("plan", np.array([1, 0, 1, 1])), ("end", Ending.STOPPED))
    row = stand("idaho", PATH, "peer", course, 10)
    assert row.objective is None
    assert row.note == "1 invalid plan: part 1 has 2 pieces on landmass 0, at most 1 allowed"


def test_a_proof_without_the_plan_that_goes_with_it_is_not_believed() -> None:
    course = told(("plan", np.array([1, 1, 1, 0])), ("bound", 12), ("end", Ending.OPTIMAL))
    row = stand("idaho", PATH, "peer", course, 10)
    assert (row.objective, row.note) == (11, "its plan does not reach its bound")
    assert is_refuted(row, 13)
    assert not is_refuted(row, 12)


def test_what_comes_too_late_does_not_count_and_what_came_before_a_crash_does() -> None:
    lines = [
        '{"seconds": 0.0}',
        f'{{"seconds": 4.0, "plan": "{0b10000000:02x}"}}',
        f'{{"seconds": 12.0, "plan": "{0b11110000:02x}"}}',
        '{"seconds": 12.0, "bou',
    ]
    course = check(PATH, Run(lines, 12.5, 7, "exit code -9"), 10)
    early, middle, late = (stand("idaho", PATH, "peer", course, mark) for mark in (1, 5, 12))
    assert (early.objective, middle.objective, late.objective) == (None, 10, 11)
    assert (middle.status, late.status) == ("searching", "failed")
    assert late.note.startswith("exit code -9")


def test_rows_survive_the_file(tmp_path: Path) -> None:
    course = told(("plan", np.array([1, 1, 1, 0])), ("bound", 12), ("end", Ending.STOPPED))
    rows = [stand("idaho", PATH, "two-nations", course, mark) for mark in (5.0, 10.0)]
    write_rows(tmp_path / "rows.csv", rows)
    assert read_rows(tmp_path / "rows.csv") == {key(row): row for row in rows}
    assert "| two-nations | **11** | **11** | **12** | **12** | 9.091%" in markdown(rows)
    (tmp_path / "rows.csv").write_text("peer,votes\n")
    with pytest.raises(ValueError, match="has the columns peer, votes"):
        read_rows(tmp_path / "rows.csv")


def test_a_peer_runs_in_a_process_of_its_own_within_its_memory() -> None:
    task = Task(PATH, np.array([1, 1, 1, 0], np.int8), None, seed=0)
    run = race("cp-sat-tree", ROSTER["cp-sat-tree"], task, Limit(30, 4_000))
    row = stand("idaho", PATH, "cp-sat-tree", check(PATH, run, 30), 30)
    best = max(value for _, value in plans(PATH))
    assert (row.objective, row.bound, row.status) == (best, best, "optimal")
    assert row.megabytes > 10
    starved = race("cp-sat-tree", ROSTER["cp-sat-tree"], task, Limit(30, 1))
    assert starved.death == "out of memory: more than 1 MB"
