"""Groups that would gain in the other part of a plan, as a search has found them.

:mod:`solvers.switching` searches; reading what it has found loads no solver.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Units that gain by switching together.

    Parameters
    ----------
    rows
        Its units, ascending.
    part
        The part that they leave.
    gain
        What they gain, above 0.
    bound
        Proven: no group that shares no unit with the groups before this one gains more.
    """

    rows: Rows
    part: int
    gain: int
    bound: int


@dataclass(frozen=True, slots=True, eq=False)
class Switching:
    """The groups that were found, the strongest first.

    Parameters
    ----------
    groups
        Disjoint groups, each of them the strongest known without the units of those before.
    bound
        Proven: no group that shares no unit with any of these gains more; 0 where none gains
        anything.
    is_interrupted
        Whether the caller ended the search.
    """

    groups: tuple[Group, ...]
    bound: int
    is_interrupted: bool
