"""Circuits: what a frontier costs at least, where both parts must hold so much."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from solvers.graphs.circuits import (
    Dual,
    Meeting,
    dual_of,
    is_passed,
    passed_faces,
    shortest_circuit,
    sums_beyond,
)
from solvers.graphs.faces import Plane
from solvers.graphs.graph import Graph
from solvers.model import Model
from solvers.rows.claims import ClaimError, arguments, number, several, unit_of
from solvers.rows.family import Family, Needs
from solvers.rows.row import Claim, Row, write_row

MOST_STEPS = 64
"""Most steps that edges may take on average, where the cheapest takes one."""
FINEST = 2**23
"""Largest modulus of sums."""
FINENESS = 16
"""How many times finer shares are than what rounds the limits by an eighth of their room."""
MOST_SUMS = 2**26
"""Most shares of all units, times faces, that a search begins with."""
MOST_DRAWN = 2**28
"""Most sums of all places for which all is kept that walks are drawn from."""
LOOKS = ((0.125, 1.9), (1, 1.9), (1, 3.9), (4, 1.9))
"""How much finer than as a rule shares are at each look at a face, and the modulus, in times of
what all units hold."""
N_DRAWN = 60
"""Walks of the least length that are drawn to find one that is a plan."""


class Circuits(Family):
    """``sum(c y) >= least`` over all edges.

    The edges between two connected parts of a planar graph are those that a circuit of its dual
    crosses. A budget says how much either part holds at least, and so what the circuit encloses;
    the shortest walks through the faces that enclose so much say what it costs at least
    (:mod:`solvers.graphs.circuits`). Amounts are counted in shares of a given width, rounded, and
    the limits are as much wider as that could make of any set of units.

    A claim names the budget, the root of the tree that amounts are added up along, faces of which
    every such circuit passes one, and `least`. Each face is named by two units on the walk around
    it, with the width and the modulus for the walks that begin there.
    """

    kind = "circuit"
    needs = Needs.PIECES | Needs.PLANE | Needs.COSTS | Needs.RULES

    def read(self, model: Model, claim: Claim) -> Row:
        """Search for a cheaper circuit once more."""
        given_budget, given_root, given_gates, least = arguments(claim, 4)
        terms = Terms.of(model, number(given_budget, len(model.budgets), "budget"))
        root = unit_of(model, given_root)
        number(least, int(model.costs.sum()) + 1, "least cost")
        gates = [_gate(model, terms, given) for given in several(given_gates, "faces")]
        faces = [gate.face for gate in gates]
        if not is_passed(model.graph, terms.plane, faces, terms.amounts, terms.least):
            raise ClaimError("there may be circuits that pass none of the faces.")
        search = Search(model, terms, root, -(-least // terms.unit))
        for gate in gates:
            if search.begin_at(gate):
                break
        if search.below * terms.unit < least:
            raise ClaimError(f"a circuit may cost {search.below * terms.unit}, less than {least}.")
        return circuit_row(model, claim, least)


class Gate(NamedTuple):
    """A face where walks begin, how wide the shares are that they count, and their modulus."""

    face: int
    width: int
    modulus: int


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """What circuits must enclose by one budget, where all edges have a cost.

    Parameters
    ----------
    budget
        Its number.
    plane
        The graph, drawn.
    amounts
        What each unit holds, shape ``(n_units,)``.
    ranges
        Least and most that the part without the root holds, for either part.
    unit
        Largest whole number that divides all costs.
    """

    budget: int
    plane: Plane
    amounts: npt.NDArray[np.int64]
    ranges: tuple[tuple[int, int], ...]
    unit: int

    @classmethod
    def of(cls, model: Model, number: int) -> Terms:
        """Take the terms of a budget.

        Raises
        ------
        ClaimError
            Where parts need not be two connected ones, separated by a circuit.
        """
        budget, plane = model.budgets[number], model.plane
        costs = model.costs[: len(model.edges)]
        if model.pieces != (1, 1) or plane is None or model.landmass.max() > 0:
            raise ClaimError("parts need not be one piece each, of one connected planar graph.")
        if not len(costs) or costs.min() == 0:
            raise ClaimError("not every edge has a cost.")
        unit = math.gcd(*costs.tolist())
        if int(costs.sum()) > MOST_STEPS * unit * len(costs):
            raise ClaimError("the costs of edges are too far apart.")
        total, lower, upper = int(budget.amounts.sum()), budget.lower, budget.upper
        if len(budget.pairs) or budget.price is not None or budget.amounts.min() < 0:
            raise ClaimError("the budget may be missed, or its amounts are not those of a part.")
        if lower is None or upper is None or lower < 1 or upper >= total:
            raise ClaimError("a part may hold nothing at all.")
        ranges = ((lower, upper), (total - upper, total - lower))
        return cls(number, plane, budget.amounts, tuple(dict.fromkeys(ranges)), unit)

    @property
    def least(self) -> int:
        """Least that both parts hold."""
        return min(lower for lower, _ in self.ranges)

    def rounded(self, width: int) -> npt.NDArray[np.int64]:
        """Count amounts in shares, rounded."""
        shares: npt.NDArray[np.int64] = (2 * self.amounts + width) // (2 * width)
        return shares

    def wanted(self, dual: Dual, width: int) -> int:
        """Mark the sums in shares that a part which keeps the limits may come to."""
        over = self.amounts - width * self.rounded(width)
        more, fewer = int(over[over > 0].sum()), int(-over[over < 0].sum())
        sums = 0
        for lower, upper in self.ranges:
            sums |= dual.sums(-((more - lower) // width), (upper + fewer) // width)
        return sums


@dataclass(slots=True, eq=False)
class Search:
    """A search for the cheapest circuit, face by face.

    Parameters
    ----------
    model, terms
        What is divided, and what circuits must enclose.
    root
        Root of the tree that amounts are added up along.
    below
        A length; only shorter circuits matter.

    Attributes
    ----------
    plans
        Plans of this length, where the search has come to any.
    """

    model: Model
    terms: Terms
    root: int
    below: int
    plans: list[npt.NDArray[np.int8]] = field(default_factory=list)
    _done: list[int] = field(default_factory=list)
    _duals: dict[tuple[int, int], tuple[Dual, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # An edge with one face on both sides is a circuit of its own, and on no other.
        terms, model = self.terms, self.model
        beyond = sums_beyond(model.graph, terms.amounts.tolist(), self.root)
        side = terms.plane.side
        for arc in np.flatnonzero(side == side[model.graph.reverse]).tolist():
            edge = int(model.edge_of_arc[arc])
            length = int(model.costs[edge]) // terms.unit
            is_one = any(lower <= beyond[arc] <= upper for lower, upper in terms.ranges)
            if is_one and length < self.below:
                self.below, self.plans = length, _divided(model, {edge})

    def begin_at(self, gate: Gate) -> bool:
        """Search the walks from a face past none of those before; say whether one is shorter."""
        return self._end_at(gate, self._shortest(gate), [])

    def refine_at(self, face: int, width: int) -> Gate:
        """Search the walks from a face, more closely where those found are no plans."""
        total = int(self.terms.amounts.sum())
        gate, met, plans = Gate(face, width, 0), None, list[npt.NDArray[np.int8]]()
        # The first face is the outer one, which the cheapest circuit passes as a rule: coarse looks
        # are for those after it, whose circuits are longer.
        for finer, turns in LOOKS if self._done else LOOKS[1:]:
            own_width = max(1, int(width / finer))
            gate = Gate(face, own_width, int(turns * total) // own_width + 1)
            met = self._shortest(gate)
            if met is None:
                break
            plans = self._draw(gate) if finer >= 1 else []
            if plans:
                break
        self._end_at(gate, met, plans)
        return gate

    def _end_at(self, gate: Gate, met: Meeting | None, plans: list[npt.NDArray[np.int8]]) -> bool:
        self._done.append(gate.face)
        if met is not None:
            self.below, self.plans = met.length, plans
        return met is not None

    def _shortest(self, gate: Gate, *, is_kept: bool = False) -> Meeting | None:
        dual, wanted = self.dual(gate.width, gate.modulus)
        return shortest_circuit(
            dual, gate.face, self._done, wanted, self.below, self.model.stop, is_kept=is_kept
        )

    def _draw(self, gate: Gate) -> list[npt.NDArray[np.int8]]:
        """Draw some of the shortest walks, and list those that are plans."""
        n_sums = len(self.dual(gate.width, gate.modulus)[0].steps) * gate.modulus
        if n_sums > MOST_DRAWN:
            return []
        met, rng = self._shortest(gate, is_kept=True), np.random.default_rng(0)
        plans = list[npt.NDArray[np.int8]]()
        for _ in range(0 if met is None else N_DRAWN):
            self.model.stop.check()
            plans += [] if met is None else _divided(self.model, set(met.draw(rng)))
        return plans

    def dual(self, width: int, modulus: int) -> tuple[Dual, int]:
        """Lead walks over the faces, and mark the sums wanted."""
        if (width, modulus) not in self._duals:
            model, terms = self.model, self.terms
            dual = dual_of(
                model.graph,
                terms.plane,
                model.edge_of_arc.tolist(),
                (model.costs // terms.unit).tolist(),
                terms.rounded(width).tolist(),
                self.root,
                modulus,
            )
            self._duals[width, modulus] = dual, terms.wanted(dual, width)
        return self._duals[width, modulus]


def find_circuit(model: Model, most: int) -> tuple[Row, list[npt.NDArray[np.int8]]] | None:
    """Find a row for one of the budgets, and plans that cost no more than it says.

    Parameters
    ----------
    model
        What is divided.
    most
        What a plan costs, or a sum that none exceeds.

    Returns
    -------
    tuple or None
        None where no budget has terms that circuits follow.

    Raises
    ------
    Halted
        When the search is to end.
    """
    for budget in range(len(model.budgets)):
        try:
            terms = Terms.of(model, budget)
        except ClaimError:
            continue
        root = int(np.argmax(terms.amounts))
        search = Search(model, terms, root, -(-most // terms.unit))
        exact, _ = search.dual(1, 2 * int(terms.amounts.sum()))
        faces = passed_faces(model.graph, terms.plane, exact, terms.amounts, terms.least)
        width = _width(terms, model.n_units)
        gates = [search.refine_at(face, width) for face in faces]
        darts = [(*_dart(model, terms.plane, face), *rest) for face, *rest in gates]
        least = min(most, search.below * terms.unit)
        claim = ("circuit", budget, root, tuple(darts), least)
        return circuit_row(model, claim, least), search.plans
    return None


def circuit_row(model: Model, claim: Claim, least: int) -> Row:
    """Write that all cut edges cost so much together."""
    costs = model.costs[: len(model.edges)].tolist()
    terms = {model.cut(edge): -cost for edge, cost in enumerate(costs)}
    return write_row(claim, 1, terms, -least, model.n_units)


def _width(terms: Terms, n_units: int) -> int:
    """Choose shares so fine that rounding hardly matters, and so coarse that sums stay short."""
    total = int(terms.amounts.sum())
    room = min(upper - lower for lower, upper in terms.ranges)
    n_faces = len(terms.plane.start) - 1
    return max(1, room // (FINENESS * n_units), total * n_faces // MOST_SUMS, 16 * total // FINEST)


def _dart(model: Model, plane: Plane, face: int) -> tuple[int, int]:
    """Name a face by two units on the walk around it."""
    arc = plane.arcs[plane.start[face]]
    return int(plane.tail[arc]), int(model.graph.neighbours[arc])


def _gate(model: Model, terms: Terms, given: Any) -> Gate:
    """Read a face by two units on the walk around it, with width and modulus."""
    tail, head, width, modulus = several(given, "face", least=4)[:4]
    tail, head = unit_of(model, tail), unit_of(model, head)
    total = int(terms.amounts.sum())
    number(width, total + 1, "width")
    number(modulus, FINEST + 1, "modulus")
    if len(given) != 4 or 0 in {width, modulus}:
        raise ClaimError(f"{given} is not a face with width and modulus.")
    arcs = range(model.graph.start[tail], model.graph.start[tail + 1])
    arc = next((arc for arc in arcs if model.graph.neighbours[arc] == head), None)
    if arc is None:
        raise ClaimError(f"no face lies beside units {tail, head}.")
    return Gate(int(terms.plane.side[arc]), width, modulus)


def _divided(model: Model, crossed: set[int]) -> list[npt.NDArray[np.int8]]:
    """List the plans whose parts are what some edges divide the graph into."""
    is_kept = np.ones(len(model.edges), np.bool_)
    is_kept[list(crossed)] = False
    pieces = Graph.from_edges(model.n_units, model.edges[is_kept]).landmasses()
    if pieces.max() != 1:
        return []
    plan = pieces.astype(np.int8)
    return [one for one in (plan, 1 - plan) if model.is_plan(one)]
