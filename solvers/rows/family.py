"""What a family of rows is: all that the search has to know of it, in one object.

A family is a module with a subclass of :class:`Family`, and an entry in
:data:`solvers.rows.families.FAMILIES`. ``docs/families.md`` shows how one is written.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from enum import Flag, auto
from typing import Any, ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt

from solvers.model import Model
from solvers.rows.row import Claim, Row, Units, Values


class Needs(Flag):
    """What a family's rows rest on besides the graph."""

    NOTHING = 0
    ROOTS = auto()
    """A part holds one of its roots at least."""
    PIECES = auto()
    """The limit on the pieces of a part, or of both."""
    PLANE = auto()
    """A drawing of the graph in the plane."""
    COSTS = auto()
    """Which edges and links cost something, though not how much."""
    VOTES = auto()
    """What units gain: the rows of another election differ."""
    RULES = auto()
    """Units that are tied together, or budgets."""


class Point(NamedTuple):
    """A solution of the relaxation, and how rows are sought that it violates.

    Parameters
    ----------
    values
        Values of the variables, shape ``(n_columns,)``.
    beside
        A point near it, beside which rows may be sought that more solutions violate, same shape.
    creep
        Creep flow of the separation: the larger, the sparser the rows
        (:mod:`solvers.rows.separation`).
    """

    values: Values
    beside: Values
    creep: float


class Side(NamedTuple):
    """A part, and units of which it holds one at least: none where no landmass needs any."""

    part: int
    roots: Units


class Torn(NamedTuple):
    """A part of a whole point that is no plan.

    Parameters
    ----------
    pieces
        Members of each of its pieces.
    is_rooted
        Whether each piece holds a root.
    """

    pieces: list[list[int]]
    is_rooted: list[bool]


class Family(ABC):
    """One family of rows: when it is valid, and how its rows are found, written and read.

    A subclass has a `kind`, says what it `needs`, reads its claims, and finds rows in one or
    several of the ways that are empty here.
    """

    kind: ClassVar[str]
    """What the claims of its rows begin with."""
    needs: ClassVar[Needs]
    """What its rows rest on besides the graph."""
    is_definition: ClassVar[bool] = False
    """Whether its rows define variables beside those of the units, so that whole points must meet
    every one of them exactly."""
    is_late: ClassVar[bool] = False
    """Whether its rows are sought only where other families have hardly any left."""
    units_at: ClassVar[tuple[int, ...]] = ()
    """Places in a claim that hold units, or lists of them; none where it goes by other numbers of
    the problem, which mean nothing in another one."""

    @abstractmethod
    def read(self, model: Model, claim: Claim) -> Row:
        """Write the row that a claim states, once all of it is checked but the roots.

        Raises
        ------
        ClaimError
            When the claim does not hold for the model, or is none.
        """

    def first(self, model: Model, sides: tuple[Units, Units]) -> Iterable[Row]:
        """Yield the rows that are there from the start, under the roots of both parts."""
        return ()

    def violated(self, model: Model, point: Point, violation: float) -> Iterable[Row]:
        """Yield rows that no part owns and a point violates by more than `violation`."""
        return ()

    def violated_by(
        self, model: Model, side: Side, point: Point, violation: float
    ) -> Iterable[Row]:
        """Yield rows of one part, which has roots, that a point violates by more."""
        return ()

    def mending(self, model: Model, side: Side, torn: Torn) -> Iterable[Row]:
        """Yield rows that a part with too many pieces, or with pieces without a root, violates."""
        return ()

    def holds(self, model: Model, row: Row, roots: tuple[Units, Units]) -> bool:
        """Whether a row that was found under other roots holds under these."""
        return True


class Rooted(Family):
    """A family whose rows hold as long as no root of the part is in the zone of the row.

    A subclass says where a row is (:meth:`place`) and which units its zone has (:meth:`zone`).
    """

    @abstractmethod
    def place(self, claim: Claim) -> int:
        """Name a unit of the landmass whose roots count."""

    @abstractmethod
    def zone(self, model: Model, claim: Claim) -> npt.ArrayLike:
        """List the units that may not be among the roots: behind a wall, or in a set."""

    def holds(self, model: Model, row: Row, roots: tuple[Units, Units]) -> bool:
        """Whether the part has roots, all on the row's landmass and none in its zone."""
        named = roots[row.claim[1]]
        if not len(named) or (model.landmass[self.place(row.claim)] != model.landmass[named[0]]):
            return False
        zone = self._bits(model, row)
        return not any(zone >> unit & 1 for unit in named.tolist())

    def _bits(self, model: Model, row: Row) -> int:
        """Mark the zone of a row as bits, kept with the model that it is a zone of."""
        zone = model.zones.get(row)
        if zone is None:
            model.stop.check()
            is_in = np.zeros(model.n_units, np.bool_)
            is_in[np.asarray(self.zone(model, row.claim), np.intp)] = True
            zone = int.from_bytes(np.packbits(is_in, bitorder="little").tobytes(), "little")
            model.zones[row] = zone
        return zone


def renumbered(family: Family, claim: Claim, number: Mapping[int, int]) -> Claim | None:
    """State a claim in other numbers of its units; None where it cannot be.

    Parameters
    ----------
    family
        The family of the claim.
    claim
        Kind and arguments, which may be anybody's and are checked where the claim is read.
    number
        New number of each unit that has one.

    Examples
    --------
    >>> from solvers.rows.separators import Separators
    >>> renumbered(Separators(), ("separator", 1, 0, (2, 3)), {0: 5, 2: 7, 3: 8})
    ('separator', 1, 5, (7, 8))
    >>> renumbered(Separators(), ("separator", 1, 0, (2, 4)), {0: 5, 2: 7, 3: 8}) is None
    True
    """

    def moved(value: Any) -> Any:
        return tuple(map(moved, value)) if isinstance(value, tuple) else number[value]

    if not family.units_at:
        return None
    try:
        return tuple(
            moved(one) if place in family.units_at else one for place, one in enumerate(claim)
        )
    except (KeyError, TypeError, RecursionError):  # a unit without a number, or no unit
        return None


def plain(claim: Any) -> Any:
    """Write a claim as lists, as a certificate does."""
    return [plain(one) for one in claim] if isinstance(claim, tuple) else claim


def nested(value: Any) -> Any:
    """Turn lists back into the tuples of a claim; the opposite of :func:`plain`."""
    if not isinstance(value, list):
        return value
    # A file has some hundred thousand numbers, each of which a call would cost.
    return tuple([nested(one) if isinstance(one, list) else one for one in value])
