"""The partition problem as integers: what the solvers see, and all they see."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from operator import index
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from solvers.integers import MAX_TOTAL_GAIN, place_of_largest, total_size, whole

FREE = -1
"""Marks, in :attr:`Problem.fixed`, a unit that may join either part."""

ANY = 0
"""Marks, in :attr:`Problem.pieces`, a part that may be in any number of pieces."""

ALONE = -1
"""Marks, in :attr:`Problem.groups`, a unit that goes its own way."""


@dataclass(frozen=True, slots=True, eq=False)
class Budget:
    """Limits on what part 1 holds of something, people or wealth, or on what lies between parts.

    Limits on part 0 are limits on part 1, taken from the total.

    Parameters
    ----------
    amounts
        What each unit brings, or takes where it is negative, whole numbers, shape ``(n_units,)``.
        Their absolute values add up to :data:`solvers.integers.MAX_TOTAL_GAIN` at most, which is
        ``2**53``.
    lower, upper
        Least and most that part 1 may hold, of at most the same absolute value; None for no limit.
    price
        What each missing or superfluous amount of 1 costs; None forbids it.
    name
        What is counted, for messages.
    pairs, pair_amounts
        Edges and links of the problem, each once, and what each counts where its units lie in
        different parts, 0 or more; shapes ``(n_pairs, 2)`` and ``(n_pairs,)``. Where any are given,
        they alone count, `amounts` are 0, and there is an upper limit without a price.

    Raises
    ------
    ValueError
        When a limit leaves no room, or the numbers are too large to be added up exactly.
    """

    amounts: npt.NDArray[np.int64]
    lower: int | None = None
    upper: int | None = None
    price: int | None = None
    name: str = "amount"
    pairs: npt.NDArray[np.int32] = field(default_factory=lambda: np.empty((0, 2), np.int32))
    pair_amounts: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))

    def __post_init__(self) -> None:
        amounts = whole(self.amounts, f"the amounts of {self.name}", np.int64)
        if amounts.ndim != 1:
            raise ValueError(f"{self.name} has shape {amounts.shape}, expected (n_units,).")
        total = total_size(amounts)
        if total > MAX_TOTAL_GAIN:
            unit = int(np.argmax(np.abs(amounts)))
            raise ValueError(
                f"The amounts of {self.name} add up to {total}, above the limit of "
                f"{MAX_TOTAL_GAIN}; the largest is {self.name}[{unit}] = {amounts[unit]}. "
                "Use a coarser unit of measure."
            )
        for side in ("lower", "upper", "price"):
            given = getattr(self, side)
            if given is None:
                continue
            # Numbers of NumPy would leave 64 bits in silence.
            object.__setattr__(self, side, index(given))
            if side != "price" and abs(index(given)) > MAX_TOTAL_GAIN:
                raise ValueError(
                    f"{self.name}: the {side} limit {given} is beyond {MAX_TOTAL_GAIN}."
                )
        if self.lower is not None and self.upper is not None and self.lower > self.upper:
            raise ValueError(
                f"{self.name}: the lower limit {self.lower} is above the upper limit {self.upper}."
            )
        if self.price is not None and self.price < 0:
            raise ValueError(f"{self.name}: price = {self.price}, expected 0 or more.")
        pairs = _pairs(self.pairs, f"the pairs of {self.name}", len(amounts))
        name = f"the pair amounts of {self.name}"
        pair_amounts = _per_unit(self.pair_amounts, name, np.int64, len(pairs), 0)
        self._check_pairs(amounts, pair_amounts)
        for key, array in (("amounts", amounts), ("pairs", pairs), ("pair_amounts", pair_amounts)):
            array.setflags(write=False)
            object.__setattr__(self, key, array)

    def _check_pairs(
        self, amounts: npt.NDArray[np.integer], pair_amounts: npt.NDArray[np.int64]
    ) -> None:
        """Refuse pairs with amounts below 0, beside amounts of units, or without an upper limit."""
        if not len(pair_amounts):
            return
        if pair_amounts.min() < 0 or total_size(pair_amounts) > MAX_TOTAL_GAIN:
            raise ValueError(
                f"The pair amounts of {self.name} are {pair_amounts.min()} to "
                f"{pair_amounts.max()} and add up to {total_size(pair_amounts)}, expected 0 or "
                f"more, and {MAX_TOTAL_GAIN} at most together."
            )
        has_others = self.lower is not None or self.price is not None or self.upper is None
        if amounts.any() or has_others:
            raise ValueError(
                f"{self.name} counts pairs: expected an upper limit alone, without a price, and no "
                "amounts of units."
            )

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        """Pickle what it is made from, so that a copy is checked and read-only as well."""
        return type(self), tuple(getattr(self, one.name) for one in fields(self))

    def excess(self, assignment: npt.NDArray[np.int8]) -> int:
        """Measure how far part 1 is outside the limits; 0 within them.

        Examples
        --------
        >>> Budget(np.array([3, 4]), lower=5).excess(np.array([0, 1], np.int8))
        1
        """
        held = self.held(assignment)
        missing = 0 if self.lower is None else self.lower - held
        surplus = 0 if self.upper is None else held - self.upper
        return max(0, missing, surplus)

    def held(self, assignment: npt.NDArray[np.int8]) -> int:
        """Add up what part 1 holds, or what lies between the parts.

        Examples
        --------
        >>> Budget(np.array([3, 4])).held(np.array([0, 1], np.int8))
        4
        """
        is_cut = assignment[self.pairs[:, 0]] != assignment[self.pairs[:, 1]]
        return int(self.amounts[assignment == 1].sum()) + int(self.pair_amounts[is_cut].sum())

    @property
    def most_excess(self) -> int:
        """An upper limit on the excess of any assignment."""
        limits = (abs(limit) for limit in (self.lower, self.upper) if limit is not None)
        return total_size(self.amounts) + total_size(self.pair_amounts) + sum(limits)


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Divide the units of a graph into part 0 and part 1 so that the objective is largest.

    The objective is the sum of gains, less the cost of every edge and link between the parts, less
    the price of every budget that is missed. Within every landmass (a connected component of the
    graph) each part may be limited to one connected piece, or to a few. An empty part is allowed:
    it has no piece at all.

    Parameters
    ----------
    gains
        What unit *i* adds to the objective in part 0 and in part 1, whole numbers (votes, say),
        shape ``(n_units, 2)``. The absolute gains, all costs, and the price of each budget times
        the most that it can be missed by add up to ``2**53`` at most.
    edges
        Pairs of adjacent units, each pair once, shape ``(n_edges, 2)``.
    fixed
        Part that a unit must join, or :data:`FREE`; shape ``(n_units,)``. All free by default.
    pieces
        Most pieces that part 0, and part 1, may have on every landmass; :data:`ANY` for no limit.
    edge_costs
        What it costs to have the two units of an edge in different parts, at least 0, shape
        ``(n_edges,)``. Nothing by default.
    groups
        Units with one label must lie in one part; :data:`ALONE` for none; shape ``(n_units,)``.
    budgets
        Limits on what part 1 holds.
    links
        Pairs of units that need not be adjacent, each pair once, shape ``(n_links, 2)``. They
        carry costs and connect nothing.
    link_costs
        What it costs to have the two units of a link in different parts, at least 0, shape
        ``(n_links,)``.
    spans
        A unit and two others, which may not be the same, each: where the second one lies in part 1
        so does the first, and where the first does so does the third; shape ``(n_spans, 3)``. With
        one second and one third for all units of a set, neither adjacent to anything, the third
        lies in part 1 and the second in part 0 where the set is divided, so that a budget can limit
        how many sets are.

    Raises
    ------
    ValueError
        When the arrays do not describe one graph, or hold numbers that cannot be added up exactly;
        with the offending values.

    Examples
    --------
    >>> gains = np.array([[0, 5], [3, 1], [0, 4]])
    >>> problem = Problem(gains, edges=np.array([[0, 1], [1, 2]]))
    >>> problem.n_units, problem.weights.tolist()
    (3, [5, -2, 4])
    """

    gains: npt.NDArray[np.int64]
    edges: npt.NDArray[np.int32]
    fixed: npt.NDArray[np.int8] = field(default_factory=lambda: np.empty(0, np.int8))
    pieces: tuple[int, int] = (1, 1)
    edge_costs: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    groups: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    budgets: tuple[Budget, ...] = ()
    links: npt.NDArray[np.int32] = field(default_factory=lambda: np.empty((0, 2), np.int32))
    link_costs: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    spans: npt.NDArray[np.int32] = field(default_factory=lambda: np.empty((0, 3), np.int32))

    def __post_init__(self) -> None:
        gains = whole(self.gains, "gains", np.int64)
        if gains.ndim != 2 or gains.shape[1] != 2 or not len(gains):
            raise ValueError(
                f"gains has shape {gains.shape}, expected (n_units, 2) with at least one unit."
            )
        n_units = len(gains)
        edges = _pairs(self.edges, "edges", n_units)
        links = _pairs(self.links, "links", n_units)
        spans = _spans(self.spans, edges, n_units)
        fixed = _per_unit(self.fixed, "fixed", np.int8, n_units, FREE)
        wrong = np.flatnonzero((fixed < FREE) | (fixed > 1))
        if len(wrong):
            raise ValueError(f"fixed[{wrong[0]}] = {fixed[wrong[0]]}, expected 0, 1 or -1 (free).")
        groups = _per_unit(self.groups, "groups", np.int64, n_units, ALONE)
        edge_costs = _per_unit(self.edge_costs, "edge_costs", np.int64, len(edges), 0)
        link_costs = _per_unit(self.link_costs, "link_costs", np.int64, len(links), 0)
        for name, costs in (("edge_costs", edge_costs), ("link_costs", link_costs)):
            if len(costs) and costs.min() < 0:
                place = int(np.argmin(costs))
                raise ValueError(f"{name}[{place}] = {costs[place]}, expected 0 or more.")
        pieces = tuple(int(most) for most in self.pieces)
        if len(pieces) != 2 or min(pieces) < 0:
            raise ValueError(
                f"pieces = {self.pieces}, expected two whole numbers: at most so many pieces of "
                "part 0 and of part 1, 0 for any number."
            )
        for budget in self.budgets:
            if len(budget.amounts) != n_units:
                raise ValueError(
                    f"{budget.name} has {len(budget.amounts)} amounts, expected {n_units}."
                )
            stranger = _first_unknown(budget.pairs, np.concatenate([edges, links]), n_units)
            if stranger is not None:
                a, b = stranger
                raise ValueError(f"{budget.name} counts ({a}, {b}), which is no edge and no link.")
        self._check_size(gains=gains, edge_costs=edge_costs, link_costs=link_costs)
        object.__setattr__(self, "pieces", pieces)
        for name, array in (
            ("gains", gains),
            ("edges", edges),
            ("fixed", fixed),
            ("groups", groups),
            ("edge_costs", edge_costs),
            ("links", links),
            ("link_costs", link_costs),
            ("spans", spans),
        ):
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        """Pickle what it is made from, so that a copy is checked and read-only as well."""
        return type(self), tuple(getattr(self, one.name) for one in fields(self))

    def _check_size(self, **arrays: npt.NDArray[np.integer]) -> None:
        """Refuse gains and costs that, with the prices of budgets, cannot be added up exactly."""
        sizes = [(total_size(values), name) for name, values in arrays.items()]
        sizes += [
            ((budget.price or 0) * budget.most_excess, f"the price of {budget.name}")
            for budget in self.budgets
        ]
        total, (_, name) = sum(size for size, _ in sizes), max(sizes)
        if total > MAX_TOTAL_GAIN:
            if name in arrays:
                row, value = place_of_largest(arrays[name])
                name = f"{name}, the largest of them {value} in {name}[{row}]"
            raise ValueError(
                f"The absolute gains, costs and prices add up to {total}, above the limit of "
                f"{MAX_TOTAL_GAIN}; most of it is {name}. Use a coarser unit for the weights."
            )

    @property
    def n_units(self) -> int:
        """Number of units."""
        return len(self.gains)

    @property
    def weights(self) -> npt.NDArray[np.int64]:
        """What each unit adds when it moves from part 0 to part 1, shape ``(n_units,)``."""
        return self.gains[:, 1] - self.gains[:, 0]

    @property
    def most(self) -> int:
        """What no plan exceeds: the sum of what each unit gains in its better part, if it is free.

        Examples
        --------
        >>> Problem(np.array([[0, 5], [3, 1]]), np.array([[0, 1]]), fixed=np.array([-1, 1])).most
        6
        """
        least, most = (self.fixed == 1).astype(int), (self.fixed != 0).astype(int)
        rows = np.arange(self.n_units)
        return int(np.maximum(self.gains[rows, least], self.gains[rows, most]).sum())

    def objective(self, assignment: npt.NDArray[np.int8]) -> int:
        """Add up the gains of an assignment, shape ``(n_units,)``, less its costs and prices.

        Examples
        --------
        >>> pair = Problem(np.array([[0, 5], [3, 1]]), np.array([[0, 1]]), edge_costs=np.array([2]))
        >>> pair.objective(np.array([1, 0], np.int8))
        6
        """
        gains = int(self.gains[np.arange(self.n_units), assignment].sum())
        costs = sum(
            int(costs[assignment[pairs[:, 0]] != assignment[pairs[:, 1]]].sum())
            for pairs, costs in ((self.edges, self.edge_costs), (self.links, self.link_costs))
        )
        prices = sum((budget.price or 0) * budget.excess(assignment) for budget in self.budgets)
        return gains - costs - prices

    def tight(self, assignment: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
        """Move the ends of all spans as close as their units allow; the rest stays as it is.

        Examples
        --------
        >>> spans = np.array([[0, 2, 3], [1, 2, 3]])
        >>> pair = Problem(np.zeros((4, 2), int), np.array([[0, 1]]), spans=spans)
        >>> pair.tight(np.array([0, 1, 1, 0], np.int8)).tolist()
        [0, 1, 0, 1]
        """
        tight, (units, below, above) = assignment.copy(), self.spans.T
        tight[below], tight[above] = 1, 0
        np.minimum.at(tight, below, assignment[units])
        np.maximum.at(tight, above, assignment[units])
        return tight

    def subproblem(self, members: npt.NDArray[np.intp]) -> Self:
        """Restrict the problem to some units, in the order given, and the edges between them.

        The limits of budgets stay as they are, so only a problem without them, or all of its
        units, make sense.
        """
        row = np.full(self.n_units, -1, np.int64)
        row[members] = np.arange(len(members))
        edges, links, spans = row[self.edges], row[self.links], row[self.spans]
        is_inside = (edges >= 0).all(axis=1)
        is_linked = (links >= 0).all(axis=1)
        return replace(
            self,
            gains=self.gains[members],
            edges=edges[is_inside].astype(np.int32),
            fixed=self.fixed[members],
            edge_costs=self.edge_costs[is_inside],
            groups=self.groups[members],
            links=links[is_linked].astype(np.int32),
            link_costs=self.link_costs[is_linked],
            spans=spans[(spans >= 0).all(axis=1)].astype(np.int32),
            budgets=tuple(_restricted(budget, members, row) for budget in self.budgets),
        )


def _spans(
    values: npt.ArrayLike, edges: npt.NDArray[np.int32], n_units: int
) -> npt.NDArray[np.int32]:
    """Copy to triples of units, each triple once and in ascending order."""
    given = np.asarray(values)
    if given.size and (given.ndim != 2 or given.shape[1] != 3):
        raise ValueError(f"spans has shape {given.shape}, expected (n_spans, 3).")
    spans = whole(given, "spans", np.int32).reshape(-1, 3).astype(np.int32)
    outside = np.flatnonzero(((spans < 0) | (spans >= n_units)).any(axis=1))
    if len(outside):
        raise ValueError(
            f"spans[{outside[0]}] = {tuple(spans[outside[0]].tolist())} names a unit outside "
            f"0..{n_units - 1}. Build spans and gains from the same units."
        )
    unit, below, above = spans.T
    twice = np.flatnonzero((unit == below) | (unit == above) | (below == above))
    if len(twice):
        raise ValueError(
            f"spans[{twice[0]}] = {tuple(spans[twice[0]].tolist())}: expected three different "
            "units."
        )
    adjacent = np.flatnonzero(np.isin(spans[:, 1:], edges).any(axis=1))
    if len(adjacent):
        ends = " and ".join(map(str, spans[adjacent[0], 1:].tolist()))
        raise ValueError(
            f"spans[{adjacent[0]}] ends in {ends}, and one of them has an edge: "
            "expected units that are adjacent to nothing."
        )
    return np.unique(spans, axis=0)


def _first_unknown(
    pairs: npt.NDArray[np.int32], known: npt.NDArray[np.int32], n_units: int
) -> tuple[int, int] | None:
    """Find a pair that is not among those known."""
    keys, among = (one[:, 0].astype(np.int64) * n_units + one[:, 1] for one in (pairs, known))
    unknown = np.flatnonzero(~np.isin(keys, among))
    if not len(unknown):
        return None
    a, b = pairs[unknown[0]].tolist()
    return a, b


def _restricted(
    budget: Budget, members: npt.NDArray[np.intp], row: npt.NDArray[np.int64]
) -> Budget:
    """Count some units alone, and the pairs between them; `row` is their new number, or -1."""
    pairs = row[budget.pairs]
    is_inside = (pairs >= 0).all(axis=1)
    return replace(
        budget,
        amounts=budget.amounts[members],
        pairs=pairs[is_inside].astype(np.int32),
        pair_amounts=budget.pair_amounts[is_inside],
    )


def _per_unit(
    values: npt.ArrayLike, name: str, dtype: type[np.integer], size: int, default: int
) -> npt.NDArray[Any]:
    """Copy to an integer array with one entry each, all `default` where nothing is given."""
    given = whole(values, name, dtype)
    if not len(given):
        return np.full(size, default, dtype)
    if given.shape != (size,):
        raise ValueError(f"{name} has shape {given.shape}, expected ({size},).")
    return given


def _pairs(values: npt.ArrayLike, name: str, n_units: int) -> npt.NDArray[np.int32]:
    """Copy to pairs of units, the smaller one first, each pair once."""
    given = np.asarray(values)
    if given.size and (given.ndim != 2 or given.shape[1] != 2):
        raise ValueError(f"{name} has shape {given.shape}, expected (n_{name}, 2).")
    pairs = np.sort(whole(given, name, np.int32).reshape(-1, 2), axis=1).astype(np.int32)
    outside = np.flatnonzero((pairs < 0).any(axis=1) | (pairs >= n_units).any(axis=1))
    if len(outside):
        a, b = pairs[outside[0]].tolist()
        raise ValueError(
            f"{name}[{outside[0]}] = ({a}, {b}) names a unit outside 0..{n_units - 1}. "
            f"Build {name} and gains from the same units."
        )
    loops = np.flatnonzero(pairs[:, 0] == pairs[:, 1])
    if len(loops):
        raise ValueError(f"{name}[{loops[0]}] joins unit {pairs[loops[0], 0]} to itself.")
    keys = pairs[:, 0].astype(np.int64) * n_units + pairs[:, 1]
    unique, counts = np.unique(keys, return_counts=True)
    if len(unique) < len(keys):
        a, b = divmod(int(unique[counts > 1][0]), n_units)
        raise ValueError(f"The pair ({a}, {b}) of {name} is given twice; give each pair once.")
    return pairs
