"""What a solver hands back: a plan, how good it is, and how good any plan could be."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from solvers.plan import Plan

if TYPE_CHECKING:
    from solvers.knowledge import Knowledge


class Status(StrEnum):
    """How a search ended."""

    OPTIMAL = "OPTIMAL"
    """The bound equals the objective."""
    GAP_REACHED = "GAP_REACHED"
    """The gap is at or below the one asked for."""
    TIME_LIMIT = "TIME_LIMIT"
    """A limit (seconds or rounds) ended the search first."""
    INTERRUPTED = "INTERRUPTED"
    """The caller stopped the search."""
    INFEASIBLE = "INFEASIBLE"
    """No plan meets the constraints."""
    UNKNOWN = "UNKNOWN"
    """Nothing was found and nothing was proven."""
    MEASURED = "MEASURED"
    """There was no search: the plan was given."""


class TracePoint(NamedTuple):
    """Incumbent and bound at one moment of a search."""

    seconds: float
    incumbent: int | None
    bound: int | None


COMPILING = "compiling, once"
"""The phase in which a search waits for its inner loops, after an installation."""


class Progress(NamedTuple):
    """What a running search tells whoever watches it."""

    seconds: float
    """On the clock of its time limit, which rests while the inner loops are compiled."""
    phase: str
    """What it is at; :data:`COMPILING` where it waits."""
    incumbent: int | None
    bound: int | None
    n_rows: int = 0
    """Rows added to relaxations so far."""
    n_nodes: int = 0
    """Cases opened so far."""

    @property
    def gap(self) -> float | None:
        """Relative gap, as in :func:`relative_gap`."""
        return relative_gap(self.incumbent, self.bound)


@dataclass(frozen=True, slots=True)
class Limits:
    """When a search may stop.

    Parameters
    ----------
    time_limit
        Wall-clock seconds, above 0.
    gap
        Stop once ``(bound - objective) / objective`` is at most this share.
    rounds
        Stop after this many rounds of the search, whatever the clock says, so that two runs with
        one seed are identical on any machine. No limit by default.

    Raises
    ------
    ValueError
        When a value is negative, not a number, or beyond a week.
    """

    time_limit: float = 60.0
    gap: float = 0.0
    rounds: int | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.time_limit) and 0 < self.time_limit <= 7 * 86_400):
            raise ValueError(
                f"time_limit = {self.time_limit}: give seconds above 0 and at most 604800 (a week)."
            )
        if not 0 <= self.gap <= 1:
            raise ValueError(f"gap = {self.gap}: give a share from 0 to 1 (0.001 is 0.1 %).")
        if self.rounds is not None and self.rounds < 1:
            raise ValueError(f"iterations = {self.rounds}: give at least 1, or leave it out.")


@dataclass(frozen=True, slots=True, repr=False)
class Result:
    """The outcome of a search.

    Parameters
    ----------
    plan
        Best plan found, or None.
    status
        How the search ended.
    objective
        Total gain, recomputed from the plan; None without a plan.
    bound
        Proven: no plan has a larger objective. None where nothing is proven.
    runtime
        Wall-clock seconds.
    seed
        Seed of the random choices.
    trace
        Incumbent and bound at each change, in order; where rounds limit the search, at the end of
        each round that changed them.
    certificate
        The proof of the bound as plain values, where it was asked for; see
        :mod:`solvers.exact.certificate`.
    n_windows
        Windows searched one after the other, 0 where plans were sought in the whole at once.
    knowledge
        What the search has learned, for another one on the same graph; None where it was not kept.
    n_taught
        Rows that the search was given and that hold for the problem, whatever the roots.
    """

    plan: Plan | None
    status: Status
    objective: int | None
    bound: int | None
    runtime: float
    seed: int
    trace: tuple[TracePoint, ...] = ()
    certificate: dict[str, Any] | None = None
    n_windows: int = 0
    knowledge: Knowledge | None = None
    n_taught: int = 0

    def __repr__(self) -> str:
        proof = "" if self.certificate is None else ", with its proof"
        seconds = f"{self.runtime:.1f} s, seed {self.seed}"
        found = f"objective {self.objective}, bound {self.bound}{proof}"
        return f"<Result {self.status.value}: {found}; {seconds}; {self.plan!r}>"

    @property
    def gap(self) -> float | None:
        """Relative gap, as in :func:`relative_gap`."""
        return relative_gap(self.objective, self.bound)


def relative_gap(objective: int | None, bound: int | None) -> float | None:
    """Measure ``(bound - objective) / |objective|``, or None where either is unknown.

    Examples
    --------
    >>> relative_gap(1000, 1005)
    0.005
    >>> relative_gap(0, 3)
    inf
    """
    if objective is None or bound is None:
        return None
    if bound == objective:
        return 0.0
    return math.inf if objective == 0 else (bound - objective) / abs(objective)
