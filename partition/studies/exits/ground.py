"""The land that a nation leaves, and what of it moves as a whole.

A *mover* is a unit, or a place that the scenario keeps whole. Whether it may move depends on one
number of it, the share of its voters on the side of the leaving nation, so that all a threshold
can do is to stand between two of these shares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from partition.errors import InputError
from partition.land.ballot import COLOURS
from partition.metrics.pieces import SURROUNDED
from partition.question.constraints import PARTS
from partition.question.gazetteer import Gazetteer
from partition.question.quantities import amounts
from partition.question.question import Question
from partition.studies.exits.rules import ExitRules
from shapefiles.errors import shown
from shapefiles.units import Units
from solvers.graphs.graph import Graph
from solvers.problem import ALONE, FREE, Problem

NEVER = -1
"""Level of what cannot move: fixed by the scenario, without voters, or below the quorum."""

Movers = tuple[tuple[int, ...], ...]
"""Rows of each mover."""


@dataclass(frozen=True, eq=False)  # without slots: what is derived is kept
class Ground:
    """The land that a nation leaves, and what may follow it.

    Rows are those of the problem: the units, then what is no unit, such as a country that connects
    them.

    Parameters
    ----------
    pairs
        Rows that touch, shape ``(n_edges, 2)``.
    members
        Rows of each mover.
    names
        Id of each mover: that of its unit, or the code of its state.
    starts
        Whether each row belongs to the leaving nation before anybody follows, shape ``(n_rows,)``.
    shares
        The different shares of voters on the side of the leaving nation, ascending.
    level
        For each mover the number of its share, or :data:`NEVER`, shape ``(n_movers,)``.
    is_open
        Whether each row has a coast or a border with another country; empty where no rule asks.
    """

    pairs: npt.NDArray[np.int64]
    members: Movers
    names: tuple[str, ...]
    starts: npt.NDArray[np.bool_]
    shares: tuple[Fraction, ...]
    level: npt.NDArray[np.int64]
    is_open: tuple[bool, ...] = ()

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.starts)

    @cached_property
    def mover_of(self) -> npt.NDArray[np.int64]:
        """The mover of each row, shape ``(n_rows,)``."""
        found = np.empty(self.n_rows, np.int64)
        for mover, rows in enumerate(self.members):
            found[list(rows)] = mover
        return found

    @cached_property
    def graph(self) -> Graph:
        """The rows with what they touch, as the solvers walk through them."""
        return Graph.from_edges(self.n_rows, self.pairs)

    @cached_property
    def first_rows(self) -> npt.NDArray[np.int64]:
        """The first row of each mover, shape ``(n_movers,)``."""
        return np.array([rows[0] for rows in self.members], np.int64)

    @cached_property
    def neighbours(self) -> tuple[tuple[int, ...], ...]:
        """The rows that each row touches, ascending."""
        near: list[list[int]] = [[] for _ in range(self.n_rows)]
        for first, second in self.pairs.tolist():
            near[first].append(second)
            near[second].append(first)
        return tuple(tuple(sorted(one)) for one in near)

    @cached_property
    def order(self) -> npt.NDArray[np.int64]:
        """Place of each mover among those that join at a time: the largest share, then the id."""
        ranked = sorted(range(len(self.names)), key=lambda one: (-self.level[one], self.names[one]))
        place = np.empty(len(ranked), np.int64)
        place[ranked] = np.arange(len(ranked))
        return place

    def cut(self, threshold: Fraction) -> int:
        """Count the shares below a threshold: the least level that reaches it."""
        return sum(1 for one in self.shares if one < threshold)


class _Tally(NamedTuple):
    """What a mover has."""

    own: int
    """Voters of the side of the leaving nation."""
    voters: int
    people: int
    """People, where a quorum needs them."""


def survey_ground(question: Question, places: Sequence[str], side: str, rules: ExitRules) -> Ground:
    """Prepare a land for a nation that leaves.

    Parameters
    ----------
    question
        What is asked: its active edges connect, its fixed units never move, its whole places move
        as one.
    places
        Who leaves first, beside the units that the scenario fixes to the nation of that side.
    side
        ``blue`` or ``red``, the side of the leaving nation.
    rules
        When the others follow.

    Raises
    ------
    InputError
        When a place is not known, belongs to the other nation, or is part of one that stays whole;
        when nobody leaves; or when the data lack what a rule needs.
    """
    problem = question.formulation.problem
    members = _movers(problem)
    starts = _founders(question, members, places, side)
    tallies = _tallies(question, members, side, needs_people=rules.quorum is not None)
    shares = [
        Fraction(one.own, one.voters) if _may_move(problem, rows, one, rules.quorum) else None
        for rows, one in zip(members, tallies, strict=True)
    ]
    distinct = tuple(sorted({share for share in shares if share is not None}))
    number = {share: at for at, share in enumerate(distinct)}
    return Ground(
        problem.edges.astype(np.int64),
        members,
        tuple(_name(question, rows) for rows in members),
        starts,
        distinct,
        np.array([NEVER if share is None else number[share] for share in shares], np.int64),
        _open_rows(question.units, problem.n_units) if rules.no_enclaves else (),
    )


def _movers(problem: Problem) -> Movers:
    """List the rows that move together, by their first row."""
    together: dict[int, list[int]] = {}
    for row, label in enumerate(problem.groups.tolist()):
        # The label of a group is a row of its own, and so no row that is alone has the same key.
        together.setdefault(row if label == ALONE else label, []).append(row)
    return tuple(sorted(map(tuple, together.values())))


def _founders(
    question: Question, members: Movers, places: Sequence[str], side: str
) -> npt.NDArray[np.bool_]:
    """Mark the rows of the leaving nation, shape ``(n_rows,)``."""
    fixed, gazetteer = question.formulation.problem.fixed, Gazetteer(question.units)
    (other,) = (one for one in COLOURS if one != side)
    starts = np.asarray(fixed == PARTS[side])
    for place in places:
        rows = gazetteer.find(place, "from")
        kept = rows[fixed[rows] == PARTS[other]]
        if len(kept):
            raise InputError(
                f"from holds {shown(place)}, and the scenario fixes unit "
                f"{question.units.ids[kept[0]]} to the {other} nation: leave one of the two out."
            )
        starts[rows] = True
    if not starts.any():
        raise InputError('Say who leaves first, a state or a unit: from="CA", or --from CA.')
    for mover in members:
        if 0 < int(starts[list(mover)].sum()) < len(mover):
            name = _name(question, mover)
            raise InputError(
                f"from holds a part of {name}, which stays whole: name all of it ({name})."
            )
    return starts


def _name(question: Question, rows: Sequence[int]) -> str:
    """Call a mover by the id of its unit, or the code of the state that it is."""
    units = question.units
    if len(rows) > 1:
        code = units.states[rows[0]]
        if code and np.array_equal(np.flatnonzero(units.states == code), rows):
            return str(code)
    return question.formulation.ids[rows[0]]


def _tallies(question: Question, members: Movers, side: str, *, needs_people: bool) -> list[_Tally]:
    units, election = question.units, question.election
    votes = units.votes[election]
    own, voters = votes[:, COLOURS.index(side)].tolist(), votes.sum(axis=1).tolist()
    people = [0] * units.n_units
    if needs_people:
        people = amounts(units, "population", election, "quorum").tolist()
    tallies = []
    for rows in members:
        land = [row for row in rows if row < units.n_units]
        tallies.append(
            _Tally(*(sum(column[row] for row in land) for column in (own, voters, people)))
        )
    return tallies


def _may_move(
    problem: Problem, rows: Sequence[int], tally: _Tally, quorum: Fraction | None
) -> bool:
    """Whether a mover is free, has voters, and as many of them as a quorum asks for."""
    is_free = all(problem.fixed[row] == FREE for row in rows)
    return (
        is_free and tally.voters > 0 and (quorum is None or tally.voters >= quorum * tally.people)
    )


def _open_rows(units: Units, n_rows: int) -> tuple[bool, ...]:
    """Tell which rows have an outline that no unit shares; what is no unit lies abroad."""
    perimeter = units.attributes.get("perimeter")
    if perimeter is None:
        raise InputError(
            "no_enclaves: where a piece is shut in depends on the outlines of the units, which "
            "the data do not have. in_one_piece (--in-one-piece) needs none."
        )
    shared = np.zeros(units.n_units)
    for end in (0, 1):
        np.add.at(shared, units.edges.pairs[:, end], units.edges.border)
    is_open = perimeter - shared > SURROUNDED * perimeter
    return (*is_open.tolist(), *[True] * (n_rows - units.n_units))
