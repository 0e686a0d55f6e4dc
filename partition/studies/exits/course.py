"""The rounds of a cascade: who joins, who returns, and who has to wait.

In each round every mover that borders on the leaving nation and reaches the threshold joins it;
where both sides may move, every mover of the leaving nation that borders on the rest and does not
reach the threshold returns. Who is meant is settled at the beginning of the round. Where some have
to wait, or both sides move, one is looked at after the other, as the land is then: those that join
first, the largest share of voters for the leaving nation before the others, then those that return,
the smallest such share before the others, each in a tie by the smaller id. One whose nation-to-be
does not border on it any more stays where it is.

It ends. What a mover wants follows from its votes alone, and a move takes it to the nation that it
wants; so it never moves again, and with each move one mover more is where it wants to be. There are
no cycles, and no more rounds than movers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from partition.studies.exits.ground import NEVER, Ground
from partition.studies.exits.obstacles import SHUTS_IN, Finding, obstacle
from partition.studies.exits.rules import ExitRules

Marks = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Round:
    """What happens at a time.

    Parameters
    ----------
    joined, returned
        Movers in their order.
    waiting
        Why each mover that would go has to wait.
    least_level
        The smallest level that was found to reach the threshold, or None where nothing was.
    """

    joined: tuple[int, ...]
    returned: tuple[int, ...]
    waiting: Mapping[int, str]
    least_level: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """A cascade from its beginning to its end.

    Parameters
    ----------
    rounds
        Those in which somebody moved.
    leaves
        Whether each row belongs to the leaving nation, at the beginning and after each round, shape
        ``(n_rows,)`` each.
    last
        The round after them, in which nobody moves.
    """

    rounds: tuple[Round, ...]
    leaves: tuple[Marks, ...]
    last: Round

    @property
    def end(self) -> Marks:
        """Whether each row belongs to the leaving nation at the end, shape ``(n_rows,)``."""
        return self.leaves[-1]

    @property
    def least_level(self) -> int | None:
        """The smallest level that was found to reach the threshold, or None where nothing was.

        With any threshold up to the share of this level everything is the same, since all that was
        found to reach the threshold does so, and nothing else does.
        """
        found = [one.least_level for one in (*self.rounds, self.last)]
        return min((one for one in found if one is not None), default=None)

    def before(self, cut: int) -> Course:
        """Keep the rounds that are the same where a level has to be at least `cut`."""
        levels = [one.least_level for one in self.rounds]
        same = next(
            (at for at, one in enumerate(levels) if one is not None and one < cut), len(levels)
        )
        return Course(self.rounds[:same], self.leaves[: same + 1], self.last)


def follow(ground: Ground, rules: ExitRules, cut: int, known: Course | None = None) -> Course:
    """Let movers follow until nobody else leaves.

    Parameters
    ----------
    ground
        The land.
    rules
        Which moves there are; the threshold in them is not looked at.
    cut
        The least level that reaches the threshold.
    known
        The same with a smaller threshold: rounds that are the same are not gone through again.
    """
    begun = None if known is None else known.before(cut)
    rounds = [] if begun is None else list(begun.rounds)
    states = [ground.starts] if begun is None else list(begun.leaves)
    turns = _Turns(ground, rules)
    while True:
        joining, returning, level = _wishes(ground, states[-1], cut, both_sides=rules.both_sides)
        leaves = states[-1].copy()
        if rules.is_free:
            done = Round(joining, (), {}, level)
            for mover in joining:
                leaves[list(ground.members[mover])] = True
        else:
            done = turns.take(leaves, joining, returning, level)
        if not (done.joined or done.returned):
            return Course(tuple(rounds), tuple(states), done)
        rounds.append(done)
        states.append(leaves)


def _wishes(
    ground: Ground, leaves: Marks, cut: int, *, both_sides: bool
) -> tuple[tuple[int, ...], tuple[int, ...], int | None]:
    """Find who would join and who would return, in order, and the least level that has reached."""
    first, second = ground.pairs.T
    across = leaves[first] != leaves[second]
    beside = np.unique(ground.mover_of[ground.pairs[across]])
    level, is_out = ground.level[beside], leaves[ground.first_rows[beside]]
    reaches = level >= cut
    joining = beside[~is_out & reaches & (level != NEVER)]
    returning = beside[is_out & ~reaches & (level != NEVER) & both_sides]
    tested = level[reaches & (level != NEVER) & (~is_out | both_sides)]
    return (
        tuple(joining[np.argsort(ground.order[joining])].tolist()),
        tuple(returning[np.lexsort((ground.order[returning], ground.level[returning]))].tolist()),
        int(tested.min()) if len(tested) else None,
    )


class _Turns:
    """Moves one after the other, as far as nothing stands in the way."""

    def __init__(self, ground: Ground, rules: ExitRules) -> None:
        self._ground, self._rules = ground, rules
        self._found: dict[int, Finding] = {}

    def take(
        self,
        leaves: Marks,
        joining: Sequence[int],
        returning: Sequence[int],
        level: int | None,
    ) -> Round:
        """Move those that can; writes to `leaves`."""
        waiting: dict[int, str] = {}
        joined = [one for one in joining if self._goes(one, leaves, waiting, is_leaving=True)]
        returned = [one for one in returning if self._goes(one, leaves, waiting, is_leaving=False)]
        return Round(tuple(joined), tuple(returned), waiting, level)

    def _goes(
        self, mover: int, leaves: Marks, waiting: dict[int, str], *, is_leaving: bool
    ) -> bool:
        rows, neighbours = self._ground.members[mover], self._ground.neighbours
        # A nation that only grows borders on all that it has bordered on.
        if self._rules.both_sides and not any(
            leaves[near] == is_leaving for row in rows for near in neighbours[row]
        ):
            return False
        why = self._why_not(mover, leaves)
        if why:
            waiting[mover] = why
            return False
        leaves[list(rows)] = is_leaving
        return True

    def _why_not(self, mover: int, leaves: Marks) -> str:
        """Say what stands in the way; what has been found is not sought again while it holds."""
        rules = self._rules
        if not (rules.in_one_piece or rules.no_enclaves):
            return ""
        known = None if rules.both_sides else self._found.get(mover)
        if known is not None and known.why == SHUTS_IN and rules.in_one_piece:
            known = None  # by now it may tear the nation, which is said first
        if known is None or not known.still_holds(leaves):
            known = obstacle(
                self._ground,
                leaves,
                mover,
                in_one_piece=rules.in_one_piece,
                no_enclaves=rules.no_enclaves,
            )
            self._found[mover] = known
        return known.why
