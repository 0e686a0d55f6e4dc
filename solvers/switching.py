"""Which units would switch to the other part: connected groups that gain by it.

A group is a connected set of units of one part. It borders on the other part, and once it has
switched neither part is in more pieces than it may be, or than it is now where that is more. Each
group is held against the plan as it is: nobody else moves.

The strongest group of a piece is a problem of :func:`solvers.solve.solve` itself, so its bound is a
proof. The units of the piece alone are divided; all others stay, and are left out. Part 1 is the
group, in one piece; part 0 is what remains, in as many pieces as the plan leaves it; and a budget
asks for at least one unit on the border. With its group the other part has no piece more: the group
is connected and borders on it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from solvers.contiguity import count_pieces
from solvers.errors import InternalError
from solvers.graphs.graph import Graph
from solvers.problem import ANY, FREE, Budget, Problem
from solvers.result import Limits, Progress, Result, Status
from solvers.solve import solve
from solvers.switched import Group, Rows, Switching

Ints = npt.NDArray[np.int64]
Sides = npt.NDArray[np.bool_]
Solved = Callable[[Problem, Result], None]


@dataclass(slots=True, eq=False)
class _Piece:
    """A piece of a part, and what is known of the groups in it."""

    part: int
    rows: Rows
    may_leave: int
    """Most pieces that may remain of it."""
    bound: int
    stays: npt.NDArray[np.bool_]
    """Units that may not be in a group, by row of the piece."""
    best: Rows | None = None
    gain: int = 0
    is_searched: bool = False


@dataclass(slots=True, eq=False)
class _Search:
    """One call of :func:`find_switching`."""

    problem: Problem
    assignment: npt.NDArray[np.int8]
    gains: Ints
    most_units: int | None
    limits: Limits
    seed: int
    should_stop: Callable[[], bool]
    on_solved: Solved
    pieces: list[_Piece] = field(default_factory=list)
    is_interrupted: bool = False

    def open_pieces(self, ceiling: int | None) -> None:
        """List the pieces in which a group may gain something."""
        edges, part = self.problem.edges, self.assignment
        graph = Graph.from_edges(self.problem.n_units, edges)
        labels, landmass = graph.label(part), graph.landmasses()
        counts = count_pieces(graph, part)
        is_on_border = self._is_on_border()
        for label in np.unique(labels[is_on_border]).tolist():
            rows = np.flatnonzero(labels == label)
            side = int(part[rows[0]])
            piece = _Piece(
                side,
                rows,
                _may_leave(self.problem.pieces[side], counts[landmass[rows[0]], side]),
                0,
                (self.problem.fixed[rows] != FREE) | self._is_too_far(graph, rows, is_on_border),
            )
            self._cap(piece)
            if ceiling is not None:
                piece.bound = min(piece.bound, ceiling)
            self.pieces.append(piece)

    def _is_too_far(self, graph: Graph, rows: Rows, is_on_border: npt.NDArray[np.bool_]) -> Sides:
        """Mark units of a piece that no group of so many units connects with the border."""
        if self.most_units is None:
            return np.zeros(len(rows), np.bool_)
        is_inside = np.zeros(self.problem.n_units, np.bool_)
        is_inside[rows] = True
        is_near = is_inside & is_on_border
        reached = np.flatnonzero(is_near).tolist()
        for _ in range(self.most_units - 1):
            around = {int(other) for unit in reached for other in graph.of(unit)}
            reached = [one for one in sorted(around) if is_inside[one] and not is_near[one]]
            if not reached:
                break
            is_near[reached] = True
        return ~is_near[rows]

    def _is_on_border(self) -> npt.NDArray[np.bool_]:
        edges, part = self.problem.edges, self.assignment
        is_on_border = np.zeros(self.problem.n_units, np.bool_)
        is_on_border[edges[part[edges[:, 0]] != part[edges[:, 1]]]] = True
        return is_on_border

    def _cap(self, piece: _Piece) -> None:
        """Bound what a group gains by the largest gains of units, as many as it may have."""
        gains = np.maximum(0, self.gains[piece.rows[~piece.stays]])
        most = int(np.sort(gains)[::-1][: self.most_units].sum())
        piece.bound = most if not piece.is_searched else min(piece.bound, most)

    def strongest(self) -> _Piece | None:
        """Search pieces, the most promising first, until none can have a stronger group."""
        while not self.is_interrupted:
            known = max((piece.gain for piece in self.pieces), default=0)
            worth = [one for one in self.pieces if not one.is_searched and one.bound > known]
            if not worth:
                break
            self._search(max(worth, key=lambda one: one.bound))
        best = max(self.pieces, key=lambda one: one.gain, default=None)
        return best if best is not None and best.gain > 0 else None

    def take(self, piece: _Piece) -> Group:
        """Hand out the group of a piece; its units stay from now on."""
        if piece.best is None:
            raise InternalError(f"A piece of {len(piece.rows)} units has no group.")
        group = Group(piece.best, piece.part, piece.gain, self.bound)
        piece.stays |= np.isin(piece.rows, piece.best)
        self._cap(piece)
        piece.best, piece.gain, piece.is_searched = None, 0, False
        return group

    @property
    def bound(self) -> int:
        """What no group gains more than, without the units of those handed out."""
        return max((piece.bound for piece in self.pieces), default=0)

    def _search(self, piece: _Piece) -> None:
        """Find the strongest group of a piece."""
        problem = self._state(piece)
        seen = piece.bound

        def watch(progress: Progress) -> None:
            nonlocal seen
            seen = seen if progress.bound is None else min(seen, progress.bound)

        def is_over() -> bool:
            self.is_interrupted = self.is_interrupted or self.should_stop()
            return self.is_interrupted or seen <= 0  # nobody gains: which loses least is no matter

        result = solve(problem, self.limits, seed=self.seed, on_progress=watch, should_stop=is_over)
        piece.is_searched = True
        if result.status is Status.INFEASIBLE:
            piece.bound = 0
            return
        self.on_solved(problem, result)
        if result.bound is not None:
            piece.bound = min(piece.bound, max(0, result.bound))
        if result.plan is None or result.objective is None or result.objective <= 0:
            return
        if result.objective > piece.bound:
            raise InternalError(
                f"A group gains {result.objective}, and none is said to gain above {piece.bound}."
            )
        piece.best = piece.rows[result.plan.assignment == 1]
        piece.gain = result.objective

    def _state(self, piece: _Piece) -> Problem:
        """State the strongest group of a piece as a problem: part 1 is the group."""
        whole, rows = self.problem, piece.rows
        alone = replace(
            whole,
            gains=np.stack([np.zeros_like(self.gains), self.gains], axis=1),
            fixed=np.full(whole.n_units, FREE, np.int8),
            edge_costs=np.zeros(len(whole.edges), np.int64),
            groups=np.empty(0, np.int64),
            budgets=(),
            links=np.empty((0, 2), np.int32),
            link_costs=np.empty(0, np.int64),
            spans=np.empty((0, 3), np.int32),
            pieces=(piece.may_leave, 1),
        ).subproblem(rows)
        border = self._is_on_border()[rows].astype(np.int64)
        budgets = [Budget(border, lower=1, name="border")]
        if self.most_units is not None:
            budgets.append(Budget(np.ones_like(border), upper=self.most_units, name="units"))
        fixed = np.where(piece.stays, 0, FREE).astype(np.int8)
        return replace(alone, fixed=fixed, budgets=tuple(budgets))


def _may_leave(allowed: int, n_pieces: int) -> int:
    """Say in how many pieces what remains of one of several pieces may be."""
    return ANY if allowed == ANY else max(1, allowed - (int(n_pieces) - 1))


def _strongest_first(found: list[Group]) -> tuple[Group, ...]:
    """Sort groups that were found in another order, where a search had ended early.

    What was proven of all groups that share no unit with some is true of those that share none
    with more.
    """
    order = sorted(range(len(found)), key=lambda place: -found[place].gain)
    groups = []
    for rank, place in enumerate(order):
        before = set(order[:rank])
        proven = min(one.bound for at, one in enumerate(found) if before >= set(range(at)))
        groups.append(replace(found[place], bound=proven))
    return tuple(groups)


def find_switching(
    problem: Problem,
    assignment: npt.NDArray[np.int8],
    gains: npt.NDArray[np.int64],
    *,
    count: int = 5,
    most_units: int | None = None,
    ceiling: int | None = None,
    limits: Limits | None = None,
    seed: int = 0,
    should_stop: Callable[[], bool] | None = None,
    on_solved: Solved | None = None,
) -> Switching:
    """Find connected groups of units that gain by switching to the other part, the strongest first.

    Parameters
    ----------
    problem
        Whose edges connect the units, and whose ``pieces`` each part may be in. A unit that is
        fixed stays; gains, costs, groups, budgets and spans do not count.
    assignment
        Part of each unit, shape ``(n_units,)``; where a landmass has more pieces of a part than
        allowed, it may keep as many as it has.
    gains
        What each unit gains by switching to the part that it is not in, shape ``(n_units,)``.
    count
        Most groups to find, 1 or more.
    most_units
        Most units of a group; no limit by default.
    ceiling
        Proven elsewhere: no group gains more.
    limits
        When to stop each of the searches; 60 s by default.
    seed
        Seed of every random choice.
    should_stop
        Asked several times a second; True ends the search with what is known.
    on_solved
        Told of every problem that was solved, and of its result.

    Returns
    -------
    Switching
        Disjoint groups of positive gain, and what is proven of all others.

    Raises
    ------
    ValueError
        When a number is out of range, or the arrays are of other units.

    Examples
    --------
    A path of five units, the first two of them in part 1. The third would lose and the fourth
    gains more than that; the fifth would lose as well.

    >>> path = Problem(np.zeros((5, 2), int), edges=np.array([[0, 1], [1, 2], [2, 3], [3, 4]]))
    >>> plan, gains = np.array([1, 1, 0, 0, 0], np.int8), np.array([0, 0, -1, 3, -1])
    >>> found = find_switching(path, plan, gains)
    >>> [(one.rows.tolist(), one.gain, one.bound) for one in found.groups], found.bound
    ([([2, 3], 2, 2)], 0)
    """
    if assignment.shape != (problem.n_units,) or gains.shape != (problem.n_units,):
        raise ValueError(
            f"assignment has shape {assignment.shape} and gains {gains.shape}, expected "
            f"({problem.n_units},) for both."
        )
    for name, value in (("count", count), ("most_units", most_units)):
        if value is not None and value < 1:
            raise ValueError(f"{name} = {value}: give 1 or more.")
    search = _Search(
        problem,
        assignment,
        gains,
        most_units,
        limits or Limits(),
        seed,
        should_stop or (lambda: False),
        on_solved or (lambda _problem, _result: None),
    )
    search.open_pieces(ceiling)
    groups: list[Group] = []
    while len(groups) < count:
        piece = search.strongest()
        if piece is None:
            break
        groups.append(search.take(piece))
    return Switching(_strongest_first(groups), search.bound, search.is_interrupted)
