"""Who would want to switch: what is found, and what is proven of all others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from shapefiles.errors import counted

if TYPE_CHECKING:
    from solvers.plan import Plan
    from solvers.switched import Switching

RULES = (
    "A group is connected, borders on the other nation, and leaves neither nation in more pieces "
    "than the question allows, or than it has where that is more. Each is held against the plan as "
    "it is: nobody else moves."
)
"""What counts as a group that could switch."""

PROOF = (
    "That no other gains more was proven by the search. `partition verify` counts the groups that "
    "are named here anew; of the rest it says that it is only stated, where it cannot show it."
)
"""What stands behind the verdict in the files of a run, which do not hold the search's proofs."""


@dataclass(frozen=True, slots=True, eq=False)
class GroupsFound:
    """The groups of either nation of a plan that would gain by switching to the other one.

    Parameters
    ----------
    plan
        The plan that they are held against.
    switching
        The groups, and what is proven of all others; numbers are voters.
    most_groups, most_units
        Most groups that were sought, and most units that each may have; None where there is no
        limit.
    """

    plan: Plan
    switching: Switching
    most_groups: int
    most_units: int | None = None

    @property
    def is_stable(self) -> bool | None:
        """Whether nobody would switch; None where no group was found and that is not proven."""
        if self.switching.groups:
            return False
        return True if self.switching.bound <= 0 else None

    @property
    def is_one_nation(self) -> bool:
        """Whether everybody is in one nation, so that there is nothing to search."""
        return len(np.unique(self.plan.assignment)) == 1

    @property
    def is_settled(self) -> bool:
        """Whether another search would tell no more: each group is proven to be the strongest."""
        found = self.switching
        is_whole = len(found.groups) == self.most_groups or found.bound <= 0
        return (
            is_whole
            and not found.is_interrupted
            and all(one.gain == one.bound for one in found.groups)
        )

    def asks(self, most_groups: int, most_units: int | None) -> bool:
        """Whether it is the answer to so many groups of so many units."""
        return (self.most_groups, self.most_units) == (most_groups, most_units)

    @property
    def verdict(self) -> str:
        """What is found and what is proven, in a sentence or two."""
        groups, bound = self.switching.groups, self.switching.bound
        size = "" if self.most_units is None else f" of at most {counted(self.most_units, 'unit')}"
        if self.is_one_nation:
            return "Everybody is in one nation: nobody borders on another one that could be joined."
        if self.is_stable:
            return f"Stable: no group{size} would gain a voter at home by switching, proven."
        if not groups:
            return (
                f"No group{size} was found that would gain by switching, and none gains more than "
                f"{bound:,} voters at home, proven. More --search-time may tell."
            )
        found = f"{counted(len(groups), 'group')}{size} would"
        others = "no other group that shares no unit with"
        others += " it" if len(groups) == 1 else " them"
        rest = f"gains more than {bound:,}" if bound else "gains any"
        return f"Not stable: {found} gain voters at home by switching; {others} {rest}, proven."
