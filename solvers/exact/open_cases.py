"""Open cases of an exact search: those that wait, and those that workers are at work on."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

from solvers.exact.node import Node


@dataclass(slots=True, eq=False)
class OpenCases:
    """Cases that may hold a better plan, the one with the largest bound first.

    A case that is lent stays open, and counts for the bound, until it is settled.
    """

    _waiting: list[tuple[int, int, Node]] = field(default_factory=list)
    _lent: dict[int, Node] = field(default_factory=dict)
    """By number of the case."""
    _serial: Iterator[int] = field(default_factory=count)

    def __len__(self) -> int:
        return len(self._waiting) + len(self._lent)

    def __iter__(self) -> Iterator[Node]:
        """Yield the cases that wait, the first one first, and then those that are lent."""
        for _, _, node in self._waiting:
            yield node
        yield from self._lent.values()

    @property
    def first(self) -> Node | None:
        """The case that waits with the largest bound; of equal ones, the oldest."""
        return self._waiting[0][2] if self._waiting else None

    @property
    def n_waiting(self) -> int:
        """Number of cases that are not lent."""
        return len(self._waiting)

    @property
    def bound(self) -> int | None:
        """Largest bound of a case; None where there is none."""
        bounds = [node.bound for node in self._lent.values()]
        return max([*bounds, *(-least for least, _, _ in self._waiting[:1])], default=None)

    def push(self, node: Node) -> None:
        """Let a case wait."""
        heapq.heappush(self._waiting, (-node.bound, next(self._serial), node))

    def pop(self) -> Node:
        """Take out the first case."""
        return heapq.heappop(self._waiting)[2]

    def lend(self) -> Node:
        """Hand out the first case, which stays open."""
        node = self.pop()
        self._lent[node.case] = node
        return node

    def settle(self, node: Node) -> bool:
        """Take a lent case back; False where it has been dropped meanwhile."""
        return self._lent.pop(node.case, None) is not None

    def drop(self, is_hopeless: Callable[[int], bool]) -> None:
        """Drop the cases of hopeless bounds, lent ones as well."""
        self._waiting = [entry for entry in self._waiting if not is_hopeless(-entry[0])]
        heapq.heapify(self._waiting)
        self._lent = {
            case: node for case, node in self._lent.items() if not is_hopeless(node.bound)
        }
