"""The exact search: bounds that fall, plans that rise, a tree in between.

A node fixes some units and names roots for both parts. Its relaxation is tightened in stages by
violated rows, sparse ones first; where none is left and the point is fractional, the node splits
in two. The node with the largest bound is always next, so the bound of the whole search is the
largest bound among the open nodes, and every one of them is proven in whole numbers
(:mod:`solvers.relaxation`).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count

import numpy as np
import numpy.typing as npt

from solvers.model import (
    Model,
    Row,
    face_rows,
    joint_rows,
    leaf_rows,
    separator_row,
    separator_rows,
)
from solvers.relaxation import Point, Relaxation, RelaxationError
from solvers.roots import rank_roots

CREEPS = (0.05, 0.03, 0.02, 0.01, 0.005)
"""Creep flow of the separation, stage by stage: dense rows only once sparse ones are used up."""
TREE_CREEPS = (0.05, 0.02)
"""The same below the first node, where the time goes into more nodes instead."""
VIOLATION = 0.02
"""Least violation of a row worth adding."""
JOINT_VIOLATION = 0.1
"""The same for joint separators, which have more entries."""
FEW = 10
"""Joint separators are sought where no more rows than this are violated otherwise."""
INTEGRAL = 1e-6
"""A value this close to 0 or 1 counts as whole."""
IDLE = 2e-3
"""A round that closes less than this share of the gap is idle..."""
PATIENCE = 6
"""... and after this many in a row the next stage begins, or the node splits."""
N_CANDIDATES = 8
"""Units tried before a node splits."""
N_RELAXATIONS = 3
"""Relaxations kept, one for each pair of roots."""

Limits = npt.NDArray[np.int8]
Units = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One case: limits on the variables, roots of both parts, and a proven bound.

    `roots` of a part is None while the part, though contiguous, has none yet.
    """

    bound: int
    lower: Limits
    upper: Limits
    roots: tuple[Units | None, Units | None]
    stage: int = 0
    depth: int = 0
    n_idle: int = 0
    """Rounds in a row that hardly moved the bound."""


@dataclass(slots=True, eq=False)
class BranchAndCut:
    """Exact search on one model, one relaxation at a time.

    Parameters
    ----------
    model
        What to divide.

    Attributes
    ----------
    incumbent
        Best plan known, or None.
    advice
        Solution of the latest relaxation, None before the first.
    proven
        The bound after the latest step; another thread may read it while a step is under way.
    n_nodes, n_rows, n_splits
        Nodes opened, rows added and nodes split on a unit so far.
    """

    model: Model
    incumbent: npt.NDArray[np.int8] | None = None
    advice: npt.NDArray[np.float64] | None = None
    n_nodes: int = 0
    n_rows: int = 0
    n_splits: int = 0
    proven: int | None = None
    _value: int | None = None
    _open: list[tuple[int, int, Node]] = field(default_factory=list)
    _current: Node | None = None
    _relaxations: dict[tuple[bytes, bytes], Relaxation] = field(default_factory=dict)
    _serial: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        fixed = self.model.fixed
        lower = (fixed == 1).astype(np.int8)
        upper = (fixed != 0).astype(np.int8)
        nobody = np.empty(0, np.int32)
        roots: tuple[Units | None, Units | None] = (
            None if self.model.is_contiguous[0] else nobody,
            None if self.model.is_contiguous[1] else nobody,
        )
        self._push(Node(self._sum_of_best(lower, upper), lower, upper, roots))
        self.proven = self.bound

    @property
    def value(self) -> int | None:
        """Value of the incumbent: the weights of its part 1."""
        return self._value

    @property
    def is_finished(self) -> bool:
        """Whether no open node can hold a better plan than the incumbent."""
        return self._current is None and not self._open

    @property
    def is_late(self) -> bool:
        """Whether the first node is past its first stage."""
        return self.is_branching or (self._current is not None and self._current.stage > 0)

    @property
    def is_branching(self) -> bool:
        """Whether the first node has been split on a unit."""
        return self.n_splits > 0

    @property
    def bound(self) -> int | None:
        """Largest value any plan can have, proven; None where no plan exists.

        Not to be read while a step is under way.
        """
        bounds = [-self._open[0][0]] if self._open else []
        if self._current is not None:
            bounds.append(self._current.bound)
        if self._value is not None:
            bounds.append(self._value)
        return max(bounds, default=None)

    def offer(self, plan: npt.NDArray[np.int8]) -> bool:
        """Take over a plan where it is feasible and better than the incumbent.

        Not to be called while a step is under way.
        """
        is_better = self._take(plan)
        self.proven = self.bound
        return is_better

    def _take(self, plan: npt.NDArray[np.int8]) -> bool:
        value = self.model.value(plan)
        if (self._value is not None and value <= self._value) or not self.model.is_plan(plan):
            return False
        self.incumbent, self._value = plan.copy(), value
        self._open = [entry for entry in self._open if -entry[0] > value]
        heapq.heapify(self._open)
        if self._current is not None and self._current.bound <= value:
            self._current = None
        return True

    def step(self) -> None:
        """Advance by one relaxation, one split on roots, or one split on a unit."""
        self._advance()
        self.proven = self.bound

    def _advance(self) -> None:
        if self._current is None:
            if not self._open:
                return
            self._current = heapq.heappop(self._open)[2]
            self.n_nodes += 1
        node, self._current = self._current, None
        part = next((part for part in (1, 0) if node.roots[part] is None), None)
        if part is not None:
            self._split_on_roots(node, part)
            return
        relaxation = self._relaxation(node)
        relaxation.limit(node.lower, node.upper)
        try:
            point = relaxation.solve()
        except RelaxationError:
            self._split_blindly(node)
            return
        if point is None:
            return
        bound = min(node.bound, point.bound)
        if self._is_hopeless(bound):
            return
        n_idle = node.n_idle + 1 if self._is_idle(node.bound, bound) else 0
        node = replace(node, bound=bound, n_idle=n_idle)
        self.advice = point.values
        node = self._fix_by_reduced_costs(node, point)
        relaxation.purge()
        n_added = sum(relaxation.add(row) for row in self._violated(node, point.values))
        self.n_rows += n_added
        if n_added and node.n_idle < PATIENCE:
            self._keep(node)
        else:
            self._finish_stage(replace(node, n_idle=0), point, relaxation)

    def _split_blindly(self, node: Node) -> None:
        """Split a node whose relaxation cannot be solved: its bound stands, no plan is lost."""
        free = np.flatnonzero(node.lower != node.upper)
        if len(free):
            gains = np.abs(self.model.weights[free])
            self._split_on_unit(node, int(free[np.argmax(gains)]))
        else:
            self._take(node.lower)

    def _is_idle(self, before: int, after: int) -> bool:
        """Whether a round closed too little of what is left between bound and incumbent."""
        return self._value is not None and before - after < IDLE * (before - self._value)

    def _keep(self, node: Node) -> None:
        """Go on with a node while its bound is the largest."""
        if self._open and -self._open[0][0] > node.bound:
            self._push(node)
        else:
            self._current = node

    def _push(self, node: Node) -> None:
        if not self._is_hopeless(node.bound):
            heapq.heappush(self._open, (-node.bound, next(self._serial), node))

    def _is_hopeless(self, bound: int) -> bool:
        return self._value is not None and bound <= self._value

    def _sum_of_best(self, lower: Limits, upper: Limits) -> int:
        """Bound the value by letting every unit gain what its limits allow."""
        weights = self.model.weights
        return int(np.maximum(weights * lower, weights * upper).sum())

    def _split_on_roots(self, node: Node, part: int) -> None:
        """Either the part holds one of the best roots, or none of them."""
        ranking = rank_roots(self.model, part, node.lower, node.upper)
        roots, units = list(node.roots), ranking.units
        is_rooted = len(units) == 0 or (node.lower if part == 1 else 1 - node.upper)[units[0]] == 1
        if not is_rooted:
            # As many as make their common loss hopeless, where there are as many.
            best = self._sum_of_best(node.lower, node.upper)
            losses = np.cumsum(ranking.gains)
            enough = np.flatnonzero([self._is_hopeless(best - int(loss)) for loss in losses])
            units = units[: int(enough[0]) + 1] if len(enough) else units
            self._push(self._without(node, part, units))
        roots[part] = units
        self._push(replace(node, roots=(roots[0], roots[1])))

    def _without(self, node: Node, part: int, units: Units) -> Node:
        """Keep some units out of a part."""
        lower, upper = node.lower.copy(), node.upper.copy()
        if part == 1:
            upper[units] = 0
        else:
            lower[units] = 1
        bound = min(node.bound, self._sum_of_best(lower, upper))
        return replace(node, bound=bound, lower=lower, upper=upper, depth=node.depth + 1)

    def _relaxation(self, node: Node) -> Relaxation:
        """Find the relaxation of a node's roots, or start one with the rows that hold for them."""
        first, second = node.roots
        assert first is not None
        assert second is not None
        key = (first.tobytes(), second.tobytes())
        relaxation = self._relaxations.pop(key, None)
        if relaxation is None:
            relaxation = Relaxation(self.model.weights)
            if self._relaxations:
                latest = next(reversed(self._relaxations.values()))
                for row in latest.rows:
                    if self._holds(row, (first, second)):
                        relaxation.add(row)
        self._relaxations[key] = relaxation
        if len(self._relaxations) > N_RELAXATIONS:
            del self._relaxations[next(iter(self._relaxations))]
        return relaxation

    def _holds(self, row: Row, roots: tuple[Units, Units]) -> bool:
        """Whether a row found under other roots holds under these."""
        if row.kind == "joint":
            return row.zone.isdisjoint(roots[row.part].tolist())
        if row.kind != "separator":
            return True
        wall = np.zeros(self.model.n_units, np.int8)
        wall[list(row.columns)] = 1
        wall[row.target] = 0
        piece = self.model.graph.label(wall)
        behind = (piece == piece[row.target]) & (wall == 0)
        return not behind[roots[row.part]].any()

    def _fix_by_reduced_costs(self, node: Node, point: Point) -> Node:
        """Fix the units whose other side would make the node hopeless."""
        if self._value is None:
            return node
        # The side follows from the sign: what the float solution rounds to proves nothing.
        is_settled = point.bound - np.abs(point.reduced) <= self._value
        is_settled &= point.reduced != 0
        side = (point.reduced > 0).astype(np.int8)
        return replace(
            node,
            lower=np.where(is_settled, side, node.lower),
            upper=np.where(is_settled, side, node.upper),
        )

    def _creeps(self, node: Node) -> tuple[float, ...]:
        return TREE_CREEPS if node.depth else CREEPS

    def _violated(self, node: Node, values: npt.NDArray[np.float64]) -> list[Row]:
        """Find violated rows; joint separators only where the simple ones run short."""
        rows = [
            *face_rows(self.model, values, VIOLATION),
            *leaf_rows(self.model, values, VIOLATION),
        ]
        creep = self._creeps(node)[node.stage]
        rooted = [
            (part, roots)
            for part, roots in enumerate(node.roots)
            if self.model.is_contiguous[part] and roots is not None and len(roots)
        ]
        for part, roots in rooted:
            rows += separator_rows(self.model, values, part, roots, creep, VIOLATION)
        if len(rows) <= FEW:
            for part, roots in rooted:
                rows += joint_rows(self.model, values, part, roots, creep, JOINT_VIOLATION)
        return rows

    def _finish_stage(self, node: Node, point: Point, relaxation: Relaxation) -> None:
        """Sparse rows no longer help: seek denser ones, accept the point, or split."""
        if np.abs(point.values - np.rint(point.values)).max() <= INTEGRAL:
            self._accept(node, np.rint(point.values).astype(np.int8), relaxation)
        elif node.stage + 1 < len(self._creeps(node)):
            self._keep(replace(node, stage=node.stage + 1))
        else:
            self._branch(node, point, relaxation)

    def _accept(self, node: Node, plan: npt.NDArray[np.int8], relaxation: Relaxation) -> None:
        """Take a whole point as a plan, or find what it breaks."""
        rows = [] if self.model.is_plan(plan) else list(self._broken_rows(node, plan))
        added = sum(relaxation.add(row) for row in rows)
        self.n_rows += added
        if added:
            self._keep(node)
            return
        self._take(plan)
        if self._is_hopeless(node.bound):
            return
        # Two pieces with a root each, or a bound that rounding left above the value: split.
        free = np.flatnonzero(node.lower != node.upper).astype(np.int32)
        if not len(free):
            return
        roots = [node.roots[part] for part in (0, 1) if self.model.is_contiguous[part]]
        named = np.concatenate([units for units in roots if units is not None] or [free])
        undecided = np.intersect1d(named, free)
        gains = np.abs(self.model.weights)
        candidates = undecided if len(undecided) else free
        self._split_on_unit(node, int(candidates[np.argmax(gains[candidates])]))

    def _broken_rows(self, node: Node, plan: npt.NDArray[np.int8]) -> Iterator[Row]:
        """Yield a separator for each piece of a whole point that holds no root of its part."""
        labels = self.model.graph.label(plan)
        for part in (0, 1):
            roots = node.roots[part]
            if not self.model.is_contiguous[part] or roots is None:
                continue
            rooted = set(labels[roots[plan[roots] == part]].tolist())
            for piece in sorted(set(labels[plan == part].tolist()) - rooted):
                members = np.flatnonzero(labels == piece)
                around = {other for unit in members.tolist() for other in self.model.graph.of(unit)}
                wall = tuple(sorted(int(unit) for unit in around - set(members.tolist())))
                yield separator_row(part, int(members[0]), wall)

    def _branch(self, node: Node, point: Point, relaxation: Relaxation) -> None:
        """Split on the unit whose two cases promise to bring the bound down most."""
        distance = np.minimum(point.values, 1.0 - point.values)
        distance[node.lower == node.upper] = 0.0
        promise = distance * np.sqrt(1.0 + np.abs(self.model.weights))
        candidates = np.argsort(-promise, kind="stable")[:N_CANDIDATES]
        best: tuple[float, int, tuple[int | None, int | None]] | None = None
        for unit in candidates[promise[candidates] > 0].tolist():
            bounds = [self._try(node, unit, side, relaxation) for side in (0, 1)]
            drops = [
                float(node.bound if bound is None else max(0, node.bound - bound))
                for bound in bounds
            ]
            score = max(drops[0], 1.0) * max(drops[1], 1.0)
            if best is None or score > best[0]:
                best = (score, unit, (bounds[0], bounds[1]))
        assert best is not None, "a fractional point has a fractional unit"
        _, unit, tried = best
        self._split_on_unit(node, unit, tried)

    def _try(self, node: Node, unit: int, side: int, relaxation: Relaxation) -> int | None:
        """Bound the case that a unit joins a part; None where it excludes every plan."""
        child = self._with(node, unit, side)
        relaxation.limit(child.lower, child.upper)
        try:
            point = relaxation.solve()
        except RelaxationError:
            return node.bound
        return None if point is None else min(node.bound, point.bound)

    def _with(self, node: Node, unit: int, side: int) -> Node:
        lower, upper = node.lower.copy(), node.upper.copy()
        lower[unit] = upper[unit] = side
        return replace(node, lower=lower, upper=upper, stage=0, depth=node.depth + 1)

    def _split_on_unit(
        self, node: Node, unit: int, tried: tuple[int | None, int | None] | None = None
    ) -> None:
        self.n_splits += 1
        for side in (0, 1):
            bound = node.bound if tried is None else tried[side]
            if bound is not None:
                child = replace(self._with(node, unit, side), bound=bound)
                roots = self._narrowed(child, unit, side)
                # A part that must hold one of its roots, and has lost the last, holds no plan.
                if all(
                    new is None or len(new) or not len(old if old is not None else new)
                    for old, new in zip(node.roots, roots, strict=True)
                ):
                    self._push(replace(child, roots=roots))

    def _narrowed(self, node: Node, unit: int, side: int) -> tuple[Units | None, Units | None]:
        """Adjust the roots to a decision: a chosen root stands alone, a lost one leaves the set."""
        roots = list(node.roots)
        for part in (0, 1):
            units = roots[part]
            if units is None or unit not in units:
                continue
            roots[part] = np.array([unit], np.int32) if side == part else units[units != unit]
        return roots[0], roots[1]
