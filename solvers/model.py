"""One domain as the exact search sees it: a graph, what is limited, and the variables.

A unit's variable is 1 in part 1 and 0 in part 0. Where the problem asks for more than one piece,
for edge costs or for budgets with a price, further variables follow those of the units:

seed
    1 where a unit founds a further piece of a part: one for each unit, for a part that may have
    two pieces or more.
cut
    1 where the two units of a pair lie in different parts: one for each edge and link, where any
    has a cost or counts in a budget.
over
    By how much a budget is missed: one for each budget with a price.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from solvers.errors import InternalError
from solvers.graphs.faces import Faces, Plane, draw, find_faces
from solvers.graphs.graph import Graph
from solvers.params import DEFAULT, SearchParams
from solvers.problem import ALONE, FREE, Budget, Problem
from solvers.reduction import find_ties
from solvers.stop import Stop, abandoning

Value = TypeVar("Value")


@dataclass(frozen=True, eq=False)
class Model:
    """A problem none of whose units is independent of the rest, ready for the search.

    Parameters
    ----------
    problem
        What to divide; its `edges` are sorted.
    stop
        What ends the search that the model is for.
    params
        What tunes that search.
    for_every_plan
        Whether rows must hold for every plan, not for optimal ones only.

    Attributes
    ----------
    weights
        What each unit adds when it moves from part 0 to part 1, shape ``(n_units,)``.
    graph
        Graph of the units.
    landmass
        Connected component of each unit, shape ``(n_units,)``.
    pairs, costs
        Edges, then links, and what it costs to cut each, shapes ``(n_pairs, 2)``, ``(n_pairs,)``.
    is_counted
        Whether cutting a pair costs something or counts in a budget, shape ``(n_pairs,)``.
    ties
        Pairs of units that must lie in one part, shape ``(n_ties, 2)``.
    gains
        What each variable adds to the value, shape ``(n_columns,)``.
    most
        Largest value of each variable, shape ``(n_columns,)``.
    """

    problem: Problem
    stop: Stop = field(default_factory=Stop)
    params: SearchParams = DEFAULT
    for_every_plan: bool = False
    weights: npt.NDArray[np.int64] = field(init=False)
    graph: Graph = field(init=False)
    landmass: npt.NDArray[np.int32] = field(init=False)
    pairs: npt.NDArray[np.int32] = field(init=False)
    costs: npt.NDArray[np.int64] = field(init=False)
    is_counted: npt.NDArray[np.bool_] = field(init=False)
    ties: npt.NDArray[np.int32] = field(init=False)
    gains: npt.NDArray[np.int64] = field(init=False)
    most: npt.NDArray[np.int64] = field(init=False)
    _first_seed: tuple[int, int] = field(init=False)
    _first_cut: int = field(init=False)
    _overs: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        problem = self.problem
        graph = Graph.from_edges(problem.n_units, problem.edges)
        gains, most = [problem.weights], [np.ones(problem.n_units, np.int64)]
        n_columns = problem.n_units

        def append(values: npt.ArrayLike, largest: npt.ArrayLike) -> int:
            nonlocal n_columns
            gains.append(np.asarray(values, np.int64))
            most.append(np.asarray(largest, np.int64))
            n_columns += len(gains[-1])
            return n_columns - len(gains[-1])

        none, ones = np.zeros(problem.n_units), np.ones(problem.n_units)
        first_seed = [append(none, ones) if most_pieces > 1 else -1 for most_pieces in self.pieces]
        first_cut = -1
        costs = np.concatenate([problem.edge_costs, problem.link_costs])
        pairs = np.concatenate([problem.edges, problem.links])
        is_counted = costs > 0
        for budget in problem.budgets:
            is_counted[_places(budget.pairs, pairs, problem.n_units)] = True
        if is_counted.any():
            first_cut = append(-costs, np.ones(len(costs)))
        overs = tuple(
            -1 if budget.price is None else append([-budget.price], [budget.most_excess])
            for budget in problem.budgets
        )
        for name, value in (
            ("weights", problem.weights),
            ("graph", graph),
            ("landmass", graph.landmasses()),
            ("pairs", pairs),
            ("costs", costs),
            ("is_counted", is_counted),
            ("ties", find_ties(problem)),
            ("gains", np.concatenate(gains)),
            ("most", np.concatenate(most)),
            ("_first_seed", (first_seed[0], first_seed[1])),
            ("_first_cut", first_cut),
            ("_overs", overs),
        ):
            object.__setattr__(self, name, value)

    @cached_property
    def faces(self) -> Faces | None:
        """Faces of the graph where it is planar and both parts are limited in their pieces.

        Found at the first look, since only relaxations need them; None also where the graph is so
        large that finding them would take longer than they help.

        Raises
        ------
        Halted
            When the search is to end before they are found.
        """
        if not all(self.pieces) or self.n_units > self.params.cuts.most_faced:
            return None
        return self._while_it_lasts(lambda: find_faces(self.n_units, self.edges))

    @cached_property
    def plane(self) -> Plane | None:
        """What lies beside every arc, where there are faces."""
        faces = self.faces
        return None if faces is None else self._while_it_lasts(lambda: draw(self.graph, faces))

    def _while_it_lasts(self, call: Callable[[], Value]) -> Value:
        """Make a call that takes long on large models, no longer than the search goes on."""
        is_quick = self.n_units <= self.params.cuts.quickly_faced
        return call() if is_quick else abandoning(call, self.stop)

    def smaller(self, problem: Problem) -> Model:
        """State a smaller problem for the same search."""
        return Model(problem, self.stop, self.params)

    @cached_property
    def walks(self) -> dict[tuple[int, int], npt.NDArray[np.int32]]:
        """The walk around a face of four corners or more that begins with each two units."""
        faces, walks = self.faces, {}
        if faces is None:
            return {}
        for face in range(faces.n_faces):
            walk = faces.corners[faces.start[face] : faces.start[face + 1]]
            for place in range(len(walk)):
                turned = np.roll(walk, -place)
                walks[int(turned[0]), int(turned[1])] = turned
        return walks

    @cached_property
    def zones(self) -> dict[Hashable, int]:
        """Units that may not be roots for a row to hold, as bits, by row, of those looked at."""
        return {}

    @cached_property
    def pair_of(self) -> dict[tuple[int, int], int]:
        """Number of the edge between two units, in either order."""
        pairs = {}
        for number, (i, j) in enumerate(self.stop.checking(self.edges.tolist())):
            pairs[i, j] = pairs[j, i] = number
        return pairs

    @cached_property
    def edge_of_arc(self) -> npt.NDArray[np.intp]:
        """Number of the edge of each arc of the graph, shape ``(2 * n_edges,)``."""
        tail = np.repeat(np.arange(self.n_units), self.graph.degrees)
        arcs = zip(tail.tolist(), self.graph.neighbours.tolist(), strict=True)
        return np.array([self.pair_of[arc] for arc in self.stop.checking(arcs)], np.intp)

    @cached_property
    def drained(self) -> Graph:
        """The graph with a drain beside every unit, and an outlet that all drains lead to.

        The drain of unit *u* is vertex ``n_units + u``, the outlet vertex ``2 * n_units``. What a
        further piece of a part draws from its founder comes through them, as from one more root.
        """
        units = np.arange(self.n_units)
        drains, outlet = self.n_units + units, np.full(self.n_units, 2 * self.n_units)
        links = [np.stack([units, drains], axis=1), np.stack([drains, outlet], axis=1)]
        return Graph.from_edges(2 * self.n_units + 1, np.concatenate([self.edges, *links]))

    @cached_property
    def ranks(self) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """Place of each unit by its gain in part 0 and in part 1, then by its number, from 0 on.

        The founder of a piece is the unit of it that ranks highest.
        """
        numbers = np.arange(self.n_units)
        orders = (np.lexsort((numbers, gains)) for gains in (-self.weights, self.weights))
        first, second = (np.argsort(order) for order in orders)
        return first, second

    @property
    def n_units(self) -> int:
        """Number of units."""
        return len(self.weights)

    @property
    def n_columns(self) -> int:
        """Number of variables."""
        return len(self.gains)

    @property
    def fixed(self) -> npt.NDArray[np.int8]:
        """Part that a unit must join, or -1, shape ``(n_units,)``."""
        return self.problem.fixed

    @property
    def pieces(self) -> tuple[int, int]:
        """Most pieces of part 0 and of part 1 on a landmass; 0 for any number."""
        return self.problem.pieces

    @property
    def edges(self) -> npt.NDArray[np.int32]:
        """Pairs of adjacent units, shape ``(n_edges, 2)``."""
        return self.problem.edges

    @property
    def budgets(self) -> tuple[Budget, ...]:
        """Limits on what part 1 holds."""
        return self.problem.budgets

    def budget_pairs(self, number: int) -> npt.NDArray[np.intp]:
        """Numbers of the pairs that a budget counts; of an edge and a link the edge."""
        return _places(self.budgets[number].pairs, self.pairs, self.n_units)

    @property
    def has_cuts(self) -> bool:
        """Whether any edge or link between the parts costs something, or counts in a budget."""
        return self._first_cut >= 0

    @property
    def is_plain(self) -> bool:
        """Whether only optimal plans matter, by the weights alone, and nothing limits their sum."""
        is_limited = self.budgets or len(self.problem.spans)
        return not self.for_every_plan and not is_limited and not self.has_cuts

    @property
    def is_tied(self) -> npt.NDArray[np.bool_]:
        """Whether each unit must follow others, shape ``(n_units,)``."""
        is_tied: npt.NDArray[np.bool_] = self.problem.groups != ALONE
        return is_tied

    @property
    def sizes(self) -> npt.NDArray[np.int64]:
        """What hangs on each unit: its weight, and on an end of a span what dividing could bring.

        That is the smaller one of what its units gain in either part; shape ``(n_units,)``.
        """
        units, ends = self.problem.spans[:, 0], self.problem.spans[:, 1:].T
        both = np.zeros((2, self.n_units), np.int64)
        for one in ends:
            np.add.at(both[0], one, np.maximum(0, self.weights[units]))
            np.add.at(both[1], one, np.maximum(0, -self.weights[units]))
        sizes: npt.NDArray[np.int64] = np.abs(self.weights) + both.min(axis=0)
        return sizes

    def seed(self, part: int, unit: int) -> int:
        """Variable for the unit as founder of a further piece of a part."""
        if self.pieces[part] < 2:
            raise InternalError(
                f"Part {part} may have {self.pieces[part]} pieces, 0 for any number: it has no "
                "founders of further ones, of which there must be 2 or more."
            )
        return self._first_seed[part] + unit

    def cut(self, pair: int) -> int:
        """Variable for a pair between the parts."""
        return self._first_cut + pair

    def over(self, budget: int) -> int:
        """Variable for what a budget is missed by, or -1 where missing it is forbidden."""
        return self._overs[budget]

    def is_plan(self, assignment: npt.NDArray[np.int8]) -> bool:
        """Whether an assignment meets every constraint."""
        if np.any((self.fixed != FREE) & (self.fixed != assignment)):
            return False
        if np.any(assignment[self.ties[:, 0]] != assignment[self.ties[:, 1]]):
            return False
        unit, below, above = assignment[self.problem.spans].reshape(-1, 3).T
        if np.any((below > unit) | (unit > above)):
            return False
        if any(budget.price is None and budget.excess(assignment) for budget in self.budgets):
            return False
        _, first = np.unique(self.graph.label(assignment), return_index=True)
        return all(
            np.bincount(self.landmass[first[assignment[first] == part]], minlength=1).max() <= most
            for part, most in enumerate(self.pieces)
            if most
        )

    def value(self, assignment: npt.NDArray[np.int8]) -> int:
        """Add up the weights of part 1, less costs and prices."""
        return self.problem.objective(assignment) - self.base

    @property
    def base(self) -> int:
        """Gains of all units in part 0, which values leave out."""
        return int(self.problem.gains[:, 0].sum())


def _places(
    pairs: npt.NDArray[np.int32], among: npt.NDArray[np.int32], n_units: int
) -> npt.NDArray[np.intp]:
    """Find the first place of each pair among others, all of which hold the smaller unit first."""
    keys, known = (one[:, 0].astype(np.int64) * n_units + one[:, 1] for one in (pairs, among))
    distinct, first = np.unique(known, return_index=True)
    places: npt.NDArray[np.intp] = first[np.searchsorted(distinct, keys)]
    return places
