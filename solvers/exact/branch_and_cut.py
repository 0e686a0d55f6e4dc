"""The exact search: bounds that fall, plans that rise, a tree in between.

A node fixes some units and names roots for both parts. Its relaxation is tightened in stages by
violated rows, sparse ones first; where none is left and the point is fractional, the node splits
in two. The node with the largest bound is always next, so the bound of the whole search is the
largest bound among the open nodes, and every one of them is proven in whole numbers
(:mod:`solvers.exact.proof`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import InitVar, dataclass, field, replace

import numpy as np
import numpy.typing as npt

from solvers.effort import of_step
from solvers.errors import InternalError
from solvers.exact.arborescence import Arborescence
from solvers.exact.ascent import Ascent, bound_by_ascent, connected_part, grown_plans
from solvers.exact.basis import Basis
from solvers.exact.cuts import broken_rows, violated_rows
from solvers.exact.fixing import find_fixed
from solvers.exact.growing import rooted_piece
from solvers.exact.node import Node, Roots, sum_of_best, whole_of
from solvers.exact.open_cases import OpenCases
from solvers.exact.plans import BestPlan, Plans
from solvers.exact.proof import Proof
from solvers.exact.pseudocosts import PseudoCosts
from solvers.exact.record import Record
from solvers.exact.regrowth import regrown
from solvers.exact.relaxation import Relaxation, RelaxationError, Underway
from solvers.exact.rooted import Relaxations
from solvers.exact.roots import rank_roots
from solvers.exact.subtree import Subtree
from solvers.exact.tree import MOST_LETTERS, Tree, TreeError
from solvers.exact.trials import Tried, choose_unit
from solvers.model import Model
from solvers.params import TreeParams
from solvers.rows.row import Row
from solvers.stop import Halted

log = logging.getLogger(__name__)

NOBODY = (np.empty(0, np.intp), np.empty(0, np.intp))
"""What a proof fixes that fixes nothing."""

Values = npt.NDArray[np.float64]


@dataclass(slots=True, eq=False)
class BranchAndCut:
    """Exact search on one model, one relaxation at a time.

    Parameters
    ----------
    model
        What to divide. Once its stop is set, the step under way is cut short and every later one
        does nothing; what is proven stands.
    plans
        What is done with the plans it comes to: the best one is kept by default.
    known
        Rows that hold for the model, learned before; each is added once the roots are such that it
        holds under them.
    basis
        What the relaxation begins with besides those rows, if anything.
    tree
        What another search of the same has proven, to go on from if it holds.
    first
        The case to search, number 0 of the record; the whole model unless given.

    Attributes
    ----------
    advice
        Solution of the latest relaxation, None before the first.
    proven
        The bound after the latest step; another thread may read it while a step is under way.
    record
        What has been proven, case by case.
    n_nodes, n_rows, n_splits
        Nodes opened, rows added and nodes split on a unit so far.
    """

    model: Model
    plans: Plans = field(default_factory=BestPlan)
    known: InitVar[Sequence[Row]] = ()
    basis: InitVar[Basis | None] = None
    tree: Tree | None = None
    first: InitVar[Node | None] = None
    advice: npt.NDArray[np.float64] | None = None
    n_nodes: int = 0
    n_rows: int = 0
    n_splits: int = 0
    proven: int | None = None
    record: Record = field(default_factory=Record)
    _open: OpenCases = field(default_factory=OpenCases)
    _current: Node | None = None
    _relaxations: Relaxations = field(init=False)
    _effort: float = 0.0
    _first_basis: Basis | None = None
    _pseudocosts: PseudoCosts = field(init=False)
    _part: int | None = field(init=False)
    """The part that alone is connected, where nothing else is asked for."""

    def __post_init__(self, known: Sequence[Row], basis: Basis | None, first: Node | None) -> None:
        self._relaxations = Relaxations(self.model, list(known), basis)
        self._pseudocosts = PseudoCosts(self.model.sizes, self._params.n_reliable)
        self._part = connected_part(self.model)
        self._push(whole_of(self.model) if first is None else first)
        self.proven = self.bound

    def below(self, node: Node, value: int | None) -> BranchAndCut:
        """Open a search of one case, which goes on with the relaxation of this one.

        Parameters
        ----------
        node
            The case, number 0 of the record.
        value
            Value that plans must exceed; None where every plan is sought.
        """
        other = BranchAndCut(self.model, BestPlan.above(value), first=node)
        other._relaxations, other._pseudocosts = self._relaxations, self._pseudocosts
        return other

    @property
    def _params(self) -> TreeParams:
        return self.model.params.tree

    @property
    def incumbent(self) -> npt.NDArray[np.int8] | None:
        """Best plan known, shape ``(n_units,)``, or None."""
        return self.plans.best

    @property
    def value(self) -> int | None:
        """Value that plans must exceed: that of the incumbent, as a rule."""
        return self.plans.value

    @property
    def is_finished(self) -> bool:
        """Whether no open node can hold a better plan than the incumbent."""
        return self._current is None and not self._open

    @property
    def effort(self) -> float:
        """What the search has taken so far (:mod:`solvers.effort`)."""
        return self._effort + self._relaxations.effort

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
        current = None if self._current is None else self._current.bound
        bounds = [self._open.bound, current, self.value]
        return max((bound for bound in bounds if bound is not None), default=None)

    def offer(self, plan: npt.NDArray[np.int8]) -> bool:
        """Take over a plan where it is feasible and better than the incumbent.

        Not to be called while a step is under way.
        """
        is_better = self._take(plan)
        self.proven = self.bound
        return is_better

    def bound_by(self, row: Row) -> None:
        """Take over what a row alone proves of all plans; to be called before the first step.

        The relaxations go without it. One that counts all that costs something keeps them from
        moving until the others come past it: the counties of Nevada took 2,381 cases, without an
        end, instead of eight.

        Raises
        ------
        Halted
            When the search is to end.
        """
        if self.n_nodes or not self._open:
            return
        relaxation, first = Relaxation(self.model), self._open.pop()
        relaxation.add(row)
        relaxation.limit(first.lower, first.upper)
        try:
            outcome = relaxation.solve()
        except RelaxationError:
            self._push(first)
            return
        proof = outcome if isinstance(outcome, Proof) else outcome.proof
        self.record.add(first.case, proof, *NOBODY)
        if not proof.is_exclusion:
            self._push(replace(first, bound=min(first.bound, proof.bound)))
        self.proven = self.bound

    def open_cases(self) -> Iterator[Node]:
        """Yield the cases that no proof has closed yet.

        Not to be called while a step is under way.
        """
        if self._current is not None:
            yield self._current
        yield from self._open

    @property
    def first_waiting(self) -> Node | None:
        """The open case that a step takes up next or that is lent next; None where none waits."""
        return self._open.first

    @property
    def n_waiting(self) -> int:
        """Number of open cases that are neither lent nor under way."""
        return self._open.n_waiting

    @property
    def is_within_a_case(self) -> bool:
        """Whether the next step goes on with a case that the latest one has begun."""
        return self._current is not None

    def lend(self) -> Node:
        """Hand out the first waiting case, which stays open until it is settled."""
        return self._open.lend()

    def take_back(self, node: Node) -> None:
        """Let a case that was lent wait again, with nothing proven about it."""
        if self._open.settle(node):
            self._push(node)

    def graft(self, node: Node, subtree: Subtree) -> None:
        """Take over what another search has found and proven in a case that was lent.

        Not to be called while a step is under way.

        Raises
        ------
        InternalError
            When it has closed cases for a plan that is none.
        """
        if not self._open.settle(node):
            return  # a better plan has made the case hopeless
        if subtree.plan is not None:
            self._take(subtree.plan)
        if subtree.value is not None and (self.value is None or self.value < subtree.value):
            raise InternalError(
                f"A worker closed cases for a plan worth {subtree.value}; what it sent is worth "
                f"{None if subtree.plan is None else self.model.value(subtree.plan)}, and the best "
                f"plan here {self.value}."
            )
        numbers = self.record.graft(node.case, subtree.record)
        for case in subtree.open:
            self._push(replace(case, case=numbers[case.case]))
        self.n_nodes += subtree.n_nodes
        self.n_rows += subtree.n_rows
        self.n_splits += subtree.n_splits
        self._effort += subtree.effort
        self.proven = self.bound

    def _take(self, plan: npt.NDArray[np.int8]) -> bool:
        if not self.plans.take(self.model, plan):
            return False
        self._open.drop(self._is_hopeless)
        if self._current is not None and self._is_hopeless(self._current.bound):
            self._current = None
        return True

    def step(self) -> None:
        """Advance by one relaxation, one split on roots, or one split on a unit."""
        self._advance()
        self._effort += of_step(self.model.n_columns)
        self.proven = self.bound

    def _advance(self) -> None:
        if self.tree is not None:
            self._regrow(self.tree)
            return
        if self._current is None:
            if not self._open.n_waiting:
                return
            self._current = replace(self._open.pop(), reached=None, n_idle=0)
            self.n_nodes += 1
        node, self._current = self._current, None
        part = next((part for part in (1, 0) if node.roots[part] is None), None)
        if part is not None:
            self._split_on_roots(node, part)
            return
        left: Node | None = node
        if self._part is not None and node.reached is None:
            try:
                left = self._relax_as_tree(node, self._part)
            except Halted:
                self._current = node
                return
        if left is not None:
            self._relax(left)

    def _regrow(self, tree: Tree) -> None:
        """Take over what a tree proves, in place of the case that all of it is about."""
        if self.n_nodes or not self._open.n_waiting:
            self.tree = None
            return
        first = self.lend()
        try:
            subtree = regrown(self.model, first, tree, self.value, self._relaxations.known)
        except Halted:
            self.take_back(first)  # and hand on the tree as it is
            return
        except TreeError as error:
            log.info("The tree of an earlier search is of no use: %s", error)
            self.take_back(first)
        else:
            self.graft(first, subtree)
            self._first_basis = self._relaxations.basis
        self.tree = None

    def tree_in_use(self) -> Tree | None:
        """State the tree that another search could go on from; None where there is none yet.

        Not to be called while a step is under way.
        """
        if self.is_finished or self.tree is not None:
            return None if self.is_finished else self.tree
        if not self.is_branching:
            return None
        tree = Tree.of(self.model.problem, self.record)
        if len(tree.text) > MOST_LETTERS:
            log.warning("The tree of %d cases is too large to go on from.", len(self.record.cases))
            return None
        return tree

    def _relax(self, node: Node) -> None:
        """Bound a node whose roots are chosen by a linear program, and tighten it or split."""
        try:
            relaxation = self._relaxation(node.roots)
            if node.reached is None:  # the nodes in between may have dropped its rows
                for row in node.rows:
                    relaxation.add(row)
            relaxation.limit(node.lower, node.upper)
            outcome = relaxation.advance()
        except Halted:
            self._current = node
            return
        except RelaxationError:
            self._split_blindly(node)
            return
        proof = outcome if isinstance(outcome, Proof) else outcome.proof
        if isinstance(outcome, Proof) or self._is_hopeless(min(node.bound, proof.bound)):
            self.record.add(node.case, proof, *NOBODY)
            return
        if isinstance(outcome, Underway):
            left = self._settle(node, proof)
            if left is not None:
                self._keep(left)
            return
        self.advice = outcome.values[: self.model.n_units]
        settled = self._fix(self._lowered(node, proof), proof)
        if settled is None:
            return
        try:
            self._tighten(settled, outcome.values)
        except Halted:
            self._current = settled

    def _relax_as_tree(self, node: Node, part: int) -> Node | None:
        """Bound a node by ascent and over arcs, and split it; None once it is dealt with.

        Raises
        ------
        Halted
            When the search is to end.
        """
        left, ascent = self._ascend(node, part)
        if left is None or ascent is None:
            return left
        tree = Arborescence(self.model, part, left)
        params = self.model.params.arcs
        if tree.n_arcs > params.few_arcs and node.n_idle < params.most_waits:
            self._keep(replace(left, n_idle=node.n_idle + 1))  # a better plan would fix more
            return None
        if tree.n_arcs > params.most_arcs:
            return left
        tree.begin_with(ascent)
        relaxed = tree.solve(self.value)
        if relaxed is None or relaxed.proof is None:
            return left
        self._effort += relaxed.effort
        shares, proof = relaxed.shares, relaxed.proof
        self.advice = shares if part == 1 else 1.0 - shares
        self._take(rooted_piece(self.model, left, part, shares))
        settled = self._settle(left, proof)
        if settled is None:
            return None
        n_free, n_left = (int((one.lower != one.upper).sum()) for one in (left, settled))
        if n_left < self._params.shrinkage * n_free:
            self._keep(settled)  # an ascent on what is left bounds better
        else:
            self._branch_on_tree(settled, part, self.advice)
        return None

    def _ascend(self, node: Node, part: int) -> tuple[Node | None, Ascent | None]:
        """Bound a node by ascents as long as they fix units; None where no better plan is left."""
        left, ascent, n_idle = node, None, 0
        for attempt in range(self.model.params.arcs.n_ascents):
            self.model.stop.check()
            number = node.n_idle * self.model.params.arcs.n_ascents + attempt
            ascent = bound_by_ascent(self.model, part, left, self.value, number)
            if ascent is None:
                return left, None
            self._effort += ascent.effort
            for plan in grown_plans(self.model, part, left, ascent, self.incumbent):
                self._take(plan)
            settled = self._settle(left, ascent.proof)
            if settled is None or np.array_equal(settled.lower, settled.upper):
                return settled, ascent
            n_free, n_left = (int((one.lower != one.upper).sum()) for one in (left, settled))
            n_idle = 0 if n_left < self._params.shrinkage * n_free else n_idle + 1
            left = settled
            if n_idle > 1:
                break
        return left, ascent

    def _settle(self, node: Node, proof: Proof) -> Node | None:
        """Record a proof, lower the bound and fix units by it; None where no better plan is left.

        The node itself where nothing is fixed and the bound stands.
        """
        if self._is_hopeless(min(node.bound, proof.bound)):
            self.record.add(node.case, proof, *NOBODY)
            return None
        if proof.bound < node.bound:
            node = replace(node, bound=proof.bound, rows=tuple(proof.rows))
        return self._fix(node, proof)

    def _branch_on_tree(self, node: Node, part: int, units: Values) -> None:
        """Split on the unit that is fractional and weighs most, or on a root."""
        is_free = node.lower != node.upper
        scores = self._pseudocosts.scores(np.where(is_free, units, 0.0))
        roots = node.roots[part]
        if scores.max() > 0:
            self._split_on_unit(node, int(np.argmax(scores)))
        elif roots is not None and is_free[roots].any():
            self._split_on_unit(node, int(roots[np.argmax(is_free[roots])]))
        elif is_free.any():
            self._split_blindly(node)
        else:
            self._push(node)  # the one plan that is left

    def _lowered(self, node: Node, proof: Proof) -> Node:
        """Give a node the bound that its relaxation has reached, if it is lower than its own."""
        reached = proof.bound
        is_idle = node.reached is not None and self._is_idle(node.reached, reached)
        return replace(
            node,
            bound=min(node.bound, reached),
            n_idle=node.n_idle + 1 if is_idle else 0,
            rows=tuple(proof.rows) if reached <= node.bound else node.rows,
            reached=reached,
        )

    def _tighten(self, node: Node, values: Values) -> None:
        """Add the rows that a solution violates, or finish the stage where they are of no use."""
        if np.array_equal(node.lower, node.upper):
            self._push(node)  # nothing is left to tighten
            return
        # Rows are sought for what may be fewer roots now, under which alone they hold.
        relaxation = self._relaxation(node.roots)
        relaxation.purge()
        creep = self._creeps(node)[node.stage]
        # At first the solution moves far every time, and what trails it would only be late.
        beside = relaxation.trail(values) if node.stage or self.model.has_cuts else values
        violated = violated_rows(self.model, node.roots, values, beside, creep)
        n_added = sum(relaxation.add(row) for row in violated)
        self.n_rows += n_added
        if n_added and node.n_idle < self._params.patience:
            self._keep(node)
        else:
            self._finish_stage(replace(node, n_idle=0), values, relaxation)

    def _split_blindly(self, node: Node) -> None:
        """Split a node whose relaxation cannot be solved: its bound stands, no plan is lost."""
        free = np.flatnonzero(node.lower != node.upper)
        if len(free):
            gains = np.abs(self.model.weights[free])
            self._split_on_unit(node, int(free[np.argmax(gains)]))
        else:  # the one plan that is left
            self._take(node.lower)

    def _is_idle(self, before: int, after: int) -> bool:
        """Whether a round closed too little of what is left between bound and incumbent."""
        return self.value is not None and before - after < self._params.idle * (before - self.value)

    def _keep(self, node: Node) -> None:
        """Go on with a node while its bound is the largest."""
        first = self._open.first
        if np.array_equal(node.lower, node.upper) or (first and first.bound > node.bound):
            self._push(node)
        else:
            self._current = node

    def _push(self, node: Node) -> None:
        if np.array_equal(node.lower, node.upper):
            self._take(node.lower)  # the one plan that is left
        elif not self._is_hopeless(node.bound):
            self._open.push(node)

    def _is_hopeless(self, bound: int) -> bool:
        return self.value is not None and bound <= self.value

    def _split_on_roots(self, node: Node, part: int) -> None:
        """Either the part holds one of the best roots, or none of them."""
        ranking = rank_roots(self.model, part, node.lower, node.upper)
        units = ranking.units
        is_rooted = len(units) == 0 or (node.lower if part == 1 else 1 - node.upper)[units[0]] == 1
        if not is_rooted:
            # As many as make their common loss hopeless, where there are as many.
            best = sum_of_best(self.model, node.lower, node.upper)
            losses = np.cumsum(ranking.gains)
            enough = np.flatnonzero([self._is_hopeless(best - int(loss)) for loss in losses])
            units = units[: int(enough[0]) + 1] if len(enough) else units
        self.record.cases[node.case].split = ("roots", part, tuple(units.tolist()))
        case = self.record.open(node.case, "with")
        self._push(replace(node.rooted(part, units), case=case))
        if len(units):
            case = self.record.open(node.case, "without")
            without = node.without(self.model, part, units)
            if without is not None:
                self._push(replace(without, case=case))

    def _relaxation(self, roots: Roots) -> Relaxation:
        """Give the relaxation of a node; those with other roots keep what their bounds rest on."""
        first, second = roots
        if first is None or second is None:
            raise InternalError(f"A node is relaxed before both parts have roots: {roots}.")
        n_known = len(self._relaxations.known)
        relaxation = self._relaxations.under((first, second))
        self.n_rows += n_known - len(self._relaxations.known)
        return relaxation

    def rows_in_use(self) -> list[Row]:
        """List the rows that another search could go by, the most useful first.

        Those that the bound of the first node rested on when it was split, which another search
        begins with; those that the bounds of open cases rest on; the others of the relaxation; and
        those known before that have not been of use yet. None where the search has ended without
        any. Not to be called while a step is under way.
        """
        if self.is_finished and self._relaxations.latest is None:
            return []
        cases = sorted(self.open_cases(), key=lambda node: -node.bound)
        rows = dict.fromkeys(self.record.first_rows())
        rows |= dict.fromkeys(row for node in cases for row in node.rows)
        rows |= dict.fromkeys(self._relaxations.rows())
        return list(rows | dict.fromkeys(self._relaxations.known))

    def basis_in_use(self) -> Basis | None:
        """State a basis that another search could begin with, beside the rows in use.

        That of the first node when it was split, or the latest one before that; where there is none
        yet, what this search was to begin with. Not to be called while a step is under way.
        """
        return self._first_basis or self._relaxations.state() or self._relaxations.basis

    def _fix(self, node: Node, proof: Proof) -> Node | None:
        """Fix the units whose other side would make the node hopeless, and record the proof.

        A root that its part is proven to hold stands for the part alone from now on. None where a
        part has lost all its roots, so that no better plan is left.
        """
        zero, one = NOBODY
        if self.value is not None:
            zero, one = find_fixed(self.model, node, proof, self.value)
        self.record.add(node.case, proof, zero, one)
        return node.settled(zero, one) if len(zero) + len(one) else node

    def _creeps(self, node: Node) -> tuple[float, ...]:
        return self._params.tree_creeps if node.depth else self._params.creeps

    def _finish_stage(self, node: Node, values: Values, relaxation: Relaxation) -> None:
        """Sparse rows no longer help: seek denser ones, accept the point, or split."""
        units = values[: self.model.n_units]
        if np.abs(units - np.rint(units)).max() <= self._params.integral:
            self._accept(node, np.rint(units).astype(np.int8), values, relaxation)
        elif node.stage + 1 < len(self._creeps(node)):
            self._keep(replace(node, stage=node.stage + 1))
        elif not np.any(
            (node.lower != node.upper) & (np.abs(units - np.rint(units)) > self._params.integral)
        ):
            self._keep(node)  # whatever was fractional has just been fixed
        else:
            self._branch(node, units, relaxation)

    def _accept(
        self, node: Node, plan: npt.NDArray[np.int8], values: Values, relaxation: Relaxation
    ) -> None:
        """Take a whole point as a plan, or find what it breaks."""
        rows = broken_rows(self.model, node.roots, plan, values)
        added = sum(relaxation.add(row) for row in rows)
        self.n_rows += added
        if added:
            self._keep(node)
            return
        self._take(plan)
        if self._is_hopeless(node.bound):
            return
        # A bound that rounding left above the value, rows too slack to exclude it, or units fixed
        # since, elsewhere than in this point: split, or look at the one plan that is left.
        self._split_blindly(node)

    def _branch(self, node: Node, units: Values, relaxation: Relaxation) -> None:
        """Split on the unit whose two cases promise to bring the bound down most."""
        if not self.is_branching:
            self._first_basis = self._relaxations.state()  # before trials lead away from it
        choice = choose_unit(self._pseudocosts, node, units, relaxation, self._params, self.value)
        self._split_on_unit(node, choice.unit, choice.tried)

    def _split_on_unit(self, node: Node, unit: int, tried: Tried | None = None) -> None:
        self.n_splits += 1
        self.record.cases[node.case].split = ("unit", unit)
        for side in (0, 1):
            case = self.record.open(node.case, side)
            child = node.on_side(self.model, unit, side)
            if child is None:
                continue
            child = replace(child, case=case)
            outcome = None if tried is None else tried[side]
            if outcome is not None:
                self.record.add(case, outcome, *NOBODY)
                if outcome.is_exclusion:
                    continue
                if outcome.bound <= node.bound:
                    bound = min(child.bound, outcome.bound)
                    child = replace(child, bound=bound, rows=tuple(outcome.rows))
            self._push(child)
