"""A tree of another search, grown again: every proof of it is checked, and none is believed.

Each row is read from its claim and held against the roots of the case at hand, multipliers are
added up in whole numbers, and units are fixed where the sum says so for the plan that is known now.
A proof that does not hold is left aside; where a split is none that this search could have made,
the case stays open, and what hangs on it is left aside. So whatever comes out is proven.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from solvers.exact.cuts import holds
from solvers.exact.fixing import find_fixed
from solvers.exact.node import Node
from solvers.exact.proof import Proof, Terms, add_up, are_small
from solvers.exact.record import Branch, Case, Record, Step
from solvers.exact.roots import rank_roots
from solvers.exact.subtree import Subtree
from solvers.exact.tree import Tree
from solvers.model import Model
from solvers.rows.claims import ClaimError
from solvers.rows.families import read_row
from solvers.rows.row import Claim, Row

NOBODY = np.empty(0, np.intp)
NOTHING = Row(("nothing",), (), (), 0)
"""A row that says nothing, in place of a claim that is none."""


def regrown(
    model: Model, first: Node, tree: Tree, value: int | None, known: Iterable[Row] = ()
) -> Subtree:
    """Grow a tree again, as far as its proofs hold.

    Parameters
    ----------
    model
        What is divided.
    first
        The whole of it, where no part has roots yet.
    tree
        What another search has proven.
    value
        Value that plans must exceed; None where every plan is sought.
    known
        Rows of the model that were read before, which need not be read again.

    Raises
    ------
    TreeError
        When the tree is damaged.
    Halted
        When the search is to end.
    """
    claims, cases = tree.read()
    rows = {row.claim: row for row in known}
    claimed, record = _Claimed.of(model, claims, rows), Record()
    numbers = {(case.parent, case.branch): number for number, case in enumerate(cases)}
    begun, left, n_splits = {0: replace(first, case=0)}, list[Node](), 0
    for number, case in enumerate(cases):
        model.stop.check()
        node = begun.pop(number, None)  # none where its parent is closed, or stays as it is
        if node is None:
            continue
        proven = _proven(model, node, case, claimed, record, value)
        if proven is None:
            continue
        if not _is_possible(model, proven, case, numbers, number):
            left.append(proven)
            continue
        record.cases[proven.case].split = case.split
        n_splits += case.split is not None and case.split[0] == "unit"
        for branch, child in _branches(model, proven, case):
            opened = record.open(proven.case, branch)
            if child is not None:
                begun[numbers[number, branch]] = replace(child, case=opened)
    effort, n_nodes = 0.0, len(record.cases)
    return Subtree(record, tuple(left), None, value, n_nodes, len(record.rows), n_splits, effort)


@dataclass(slots=True, eq=False)
class _Claimed:
    """The rows that a tree claims, their terms, and whether they hold under some roots.

    What is no claim of the model has no terms, and holds nowhere.
    """

    model: Model
    rows: list[Row | None]
    terms: Terms
    _holds: dict[tuple[int, bytes, bytes], bool] = field(default_factory=dict)

    @classmethod
    def of(cls, model: Model, claims: Sequence[Claim], known: Mapping[Claim, Row]) -> _Claimed:
        rows = [known.get(claim) or _read(model, claim) for claim in model.stop.checking(claims)]
        return cls(model, rows, Terms.of([row or NOTHING for row in rows]))

    def under(self, node: Node, step: Step) -> list[Row] | None:
        """Give the rows of a step; None where one of them does not hold under a case's roots."""
        first, second = node.roots
        if first is None or second is None:
            return None
        roots, names = (first, second), (first.tobytes(), second.tobytes())
        rows = []
        for number in step.rows.tolist():
            row, key = self.rows[number], (number, *names)
            if key not in self._holds:
                self._holds[key] = row is not None and holds(self.model, row, roots)
            if row is None or not self._holds[key]:
                return None
            rows.append(row)
        return rows


def _read(model: Model, claim: Claim) -> Row | None:
    try:
        return read_row(model, claim)
    except ClaimError:
        return None


def _proven(
    model: Model, node: Node, case: Case, claimed: _Claimed, record: Record, value: int | None
) -> Node | None:
    """Take the steps of a case that hold; None where no better plan is left."""
    for step in case.steps:
        rows, excludes = claimed.under(node, step), step.is_exclusion
        terms, given = claimed.terms.take(step.rows), (step.multipliers, step.scale)
        if rows is None or not are_small(model, terms, *given, is_exclusion=excludes):
            continue
        limits = node.lower, node.upper
        proof = add_up(model, limits, rows, terms, *given, is_exclusion=excludes)
        settled = _settled(model, node, step, proof, record, value)
        if settled is None:
            return None
        node = settled
    return node


def _settled(
    model: Model, node: Node, step: Step, proof: Proof, record: Record, value: int | None
) -> Node | None:
    """Take over what one proof says of a case; None where no better plan is left."""
    if proof.is_exclusion:
        if proof.total < 0:
            record.add(node.case, proof, NOBODY, NOBODY)
            return None
        return node
    if proof.bound < node.bound:
        node = replace(node, bound=proof.bound, rows=tuple(proof.rows))
    if value is not None and node.bound <= value:
        record.add(node.case, proof, NOBODY, NOBODY)
        return None
    zero, one = NOBODY, NOBODY
    if value is not None and step.fixes:
        fixed = find_fixed(model, node, proof, value)
        zero, one = np.intersect1d(step.zero, fixed[0]), np.intersect1d(step.one, fixed[1])
    record.add(node.case, proof, zero, one)
    return node.settled(zero, one) if len(zero) + len(one) else node


def _is_possible(
    model: Model, node: Node, case: Case, numbers: dict[tuple[int, Branch], int], number: int
) -> bool:
    """Whether a split is one that covers all plans of a case, and the tree has each branch of it.

    A part is split on its best roots alone, as a search would, which all lie on one landmass.
    """
    if case.split is None:
        return False
    if case.split[0] == "unit":
        unit = case.split[1]
        is_free = unit < model.n_units and node.lower[unit] != node.upper[unit]
        return is_free and all((number, side) in numbers for side in (0, 1))
    _, part, units = case.split  # type: ignore[misc]
    if node.roots[part] is not None or not model.pieces[part]:
        return False
    best = rank_roots(model, part, node.lower, node.upper).units.tolist()
    is_best = list(units) == best[: len(units)] and bool(units) == bool(best)
    branches = ("with", "without") if units else ("with",)
    return is_best and all((number, branch) in numbers for branch in branches)


def _branches(model: Model, node: Node, case: Case) -> Iterator[tuple[Branch, Node | None]]:
    """Yield the cases of a split; None instead of those that leave no plan."""
    if case.split is None:
        return
    if case.split[0] == "unit":
        for side in (0, 1):
            yield side, node.on_side(model, case.split[1], side)
        return
    _, part, chosen = case.split  # type: ignore[misc]
    units = np.array(chosen, np.int32)
    yield "with", node.rooted(part, units)
    if len(units):
        yield "without", node.without(model, part, units)
