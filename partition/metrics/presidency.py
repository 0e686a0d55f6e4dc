"""The presidency in a nation of its own: who would have won it that year, and by how much."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from partition.metrics.nations import BLUE, RED, Ints


class ElectoralCount(NamedTuple):
    """Electoral votes of each side.

    Parameters
    ----------
    blue, red
        Electoral votes of either side.
    tied
        Electoral votes of states where both sides have as many voters, which nobody gets.
    """

    blue: int
    red: int
    tied: int = 0

    @property
    def total(self) -> int:
        """Electoral votes of the nation."""
        return self.blue + self.red + self.tied

    @property
    def winner(self) -> int | None:
        """Part of the side with more than half of all electoral votes, or None.

        Examples
        --------
        >>> ElectoralCount(3, 2).winner, ElectoralCount(3, 2, tied=1).winner
        (1, None)
        """
        if 2 * self.blue > self.total:
            return BLUE
        return RED if 2 * self.red > self.total else None


def count_electors(votes: Ints, electors: Ints) -> ElectoralCount:
    r"""Count the electoral votes of each side, the winner taking all in every state.

    .. math:: E_B = \sum_{s : b_s > r_s} e_s, \qquad E_R = \sum_{s : b_s < r_s} e_s

    with the blue votes *b* and red votes *r* of state *s*, or of what a nation holds of it, and its
    *e* electoral votes, which a split state has shared by people. The president needs
    more than half of all electoral votes [1]_; without a majority the House
    decides, and nobody has won here. Maine and Nebraska, which give some electors by congressional
    district, count as the other states do, and electors who vote for somebody else than their
    state did are counted for their state.

    Parameters
    ----------
    votes
        Votes in each state, blue and red, shape ``(n_states, 2)``.
    electors
        Electoral votes of each state, shape ``(n_states,)``.

    References
    ----------
    .. [1] Constitution of the United States, Article II, Section 1, and Amendment XII.

    Examples
    --------
    >>> count_electors(np.array([[6, 5], [1, 4], [2, 2]]), np.array([9, 3, 4]))
    ElectoralCount(blue=9, red=3, tied=4)
    """
    lead = np.sign(votes[:, 0] - votes[:, 1])
    blue, red, tied = (int(electors[lead == sign].sum()) for sign in (1, -1, 0))
    return ElectoralCount(blue, red, tied)
