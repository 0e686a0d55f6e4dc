"""The numbers of the nations, the types that every metric shares, and sums nation by nation."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

RED, BLUE = 0, 1
"""The part of each nation, as the solvers number them."""

NATION_NAMES = ("red", "blue")
"""Names of part 0 and part 1 outside the program."""

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]
Assignment = npt.NDArray[np.int8]
Pairs = npt.NDArray[np.int32]


def nation_votes(votes: Ints, assignment: Assignment) -> Ints:
    r"""Count the votes of each side in each nation.

    .. math:: V_{ns} = \sum_{i : x_i = n} v_{is}

    with *v* the votes of side *s* in unit *i*, and *x* the nation that the unit joins.

    Parameters
    ----------
    votes
        Whole votes, blue and red, shape ``(n_units, 2)``.
    assignment
        Part of each unit, shape ``(n_units,)``.

    Returns
    -------
    numpy.ndarray
        Whole votes, a row a nation (:data:`RED`, :data:`BLUE`) and a column a side (blue, red),
        shape ``(2, 2)``.

    Raises
    ------
    ValueError
        When the two arrays do not describe the same units.

    Examples
    --------
    >>> nation_votes(np.array([[3, 1], [2, 2], [0, 5]]), np.array([1, 1, 0], np.int8))
    array([[0, 5],
           [5, 3]])
    """
    check_votes(votes, assignment)
    return np.stack([votes[assignment == part].sum(axis=0) for part in (RED, BLUE)])


def check_votes(votes: Ints, assignment: Assignment) -> None:
    """Refuse votes and an assignment of different units."""
    if votes.shape != (len(assignment), 2):
        raise ValueError(
            f"votes has shape {votes.shape}, expected ({len(assignment)}, 2). "
            "Take votes and assignment from the same units."
        )
