"""Which places are bound, and how they connect: ``[units]``, ``[neighbours]``, ``[edges]``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from partition.errors import ScenarioError, nearest
from shapefiles.units import EDGE_KINDS

Nation = Literal["blue", "red"]

ALL = "all"
"""Names the whole country."""

STATES = "states"
"""Names, in `whole`, every state."""


@dataclass(frozen=True, slots=True)
class UnitRules:
    """Units that are fixed to a nation, kept together, or may choose.

    A place is the id of a unit (``06037``), the code of a state (``CA``), the two digits that the
    ids of its units begin with (``06``), or ``all``. A question also takes names: ``California``,
    ``Los Angeles``, or ``Orange, CA`` where several have one.

    Parameters
    ----------
    blue, red
        Places fixed to a nation.
    whole
        Places each of which goes to one nation as a whole; ``states`` stands for every state.
        ``all`` keeps the whole country together.
    only
        Places that may choose their nation.
    rest
        Nation of all the others.

    Raises
    ------
    ScenarioError
        When a place is an empty text.
    """

    blue: tuple[str, ...] = ()
    red: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()
    only: tuple[str, ...] = (ALL,)
    rest: Nation = "red"

    def __post_init__(self) -> None:
        for key in ("blue", "red", "whole", "only"):
            if not all(getattr(self, key)):
                raise ScenarioError(f"{key} holds an empty text: name a unit or a state.")


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Countries beyond the border that connect the units of one nation.

    The country counts as a part of that nation where pieces are counted, and nowhere else: units
    of the nation that border on it need no other connection.

    Parameters
    ----------
    canada, mexico
        The nation that each connects; none by default.
    """

    canada: Nation | None = None
    mexico: Nation | None = None


@dataclass(frozen=True, slots=True)
class EdgeSwitches:
    """Kinds of edge that a scenario switches against their default.

    Parameters
    ----------
    on, off
        Some of :data:`shapefiles.units.EDGE_KINDS` each.

    Raises
    ------
    ScenarioError
        When a kind is unknown, or switched both ways.
    """

    on: tuple[str, ...] = ()
    off: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for key in ("on", "off"):
            for kind in getattr(self, key):
                if kind not in EDGE_KINDS:
                    raise ScenarioError(
                        f"{key} holds {kind!r}, not a kind of edge: {nearest(kind, EDGE_KINDS)}"
                    )
        for kind in self.on:
            if kind in self.off:
                raise ScenarioError(f"off holds {kind!r}, and so does edges.on: keep one of them.")
