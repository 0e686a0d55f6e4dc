"""The numbers that tune a search, as one value: :class:`SearchParams`.

None of them changes what a bound means or when a plan is one: they say how much work goes where,
which rows are worth adding, and when to turn to something else. What they stand at was measured on
the United States (2016, 3,108 units) and on graphs of up to 100,000.

The sizes that compiled loops rely on stay beside these loops.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from typing import Literal

Turn = Literal["walk", "relaxed", "balls"]
"""A way to look for plans: walk; search where the relaxation disagrees with the best plan; search
some balls."""


class _Checked:
    """Parameters that are all above 0."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for one in fields(self):  # type: ignore[arg-type]
            value = getattr(self, one.name)
            name = f"{type(self).__name__}.{one.name} = {value}"
            numbers = value if isinstance(value, tuple) else (value,)
            if not numbers:
                raise ValueError(f"{name}: give one at least.")
            for number in numbers:
                if isinstance(number, int | float) and not (math.isfinite(number) and number > 0):
                    raise ValueError(f"{name}: give a number above 0.")


@dataclass(frozen=True, slots=True)
class RoundParams(_Checked):
    """How the work of a round is shared between bounds and plans (:mod:`solvers.domain`).

    Parameters
    ----------
    n_iterations
        Iterations of the walker that a round is as long as, by the effort they take
        (:mod:`solvers.effort`): 0.8 s on the United States. Both searches go on until they have
        done so much, and the search for plans as long as a single step of the exact search has
        last taken.
    turns
        What looks for plans late in a search, round after round, before the walker walks for what
        is left of the round; early, and where there is no advice of the relaxation yet, it walks
        alone. Exact searches keep Python busy, which holds up the bound: four balls a round left
        the United States a gap of 0.042 % after two minutes, one round in four with two balls a
        gap of 0.030 %.
    n_balls
        Balls in a round with balls.
    """

    n_iterations: int = 1_200
    turns: tuple[Turn, ...] = ("relaxed", "walk", "balls", "walk")
    n_balls: int = 2

    def __post_init__(self) -> None:
        _Checked.__post_init__(self)
        if not set(self.turns) <= {"walk", "relaxed", "balls"}:
            raise ValueError(
                f"RoundParams.turns = {self.turns}: name 'walk', 'relaxed' or 'balls'."
            )


@dataclass(frozen=True, slots=True)
class WalkParams(_Checked):
    """How the walker looks for plans (:mod:`solvers.primal.walker`).

    Parameters
    ----------
    n_cycle
        Iterations from hot to cold, as a rule.
    n_chunk
        Iterations of one compiled call; the caller can stop between two.
    hot, cold
        Temperatures, as shares of the sum of absolute weights.
    largest_ball
        Most units freed at once.
    stranded
        Share of the balls that lie around a stranded unit, instead of one of the frontier.
    weak, strong
        How much the relaxation's opinion weighs, as a share of the sum of absolute weights: in a
        cycle from the best plan, and in one from the relaxation's wish, which it would soon forget
        otherwise.
    missed
        Which share of all there is of a budget may be missed at a price before that is raised.
    """

    n_cycle: int = 6_000
    n_chunk: int = 150
    hot: float = 5e-4
    cold: float = 1e-5
    largest_ball: int = 120
    stranded: float = 0.3
    weak: float = 1.5e-3
    strong: float = 1e-2
    missed: float = 1e-3


@dataclass(frozen=True, slots=True)
class WindowParams(_Checked):
    """How plans of large problems are looked for (:mod:`solvers.primal.windows`).

    Parameters
    ----------
    largest_whole
        Most units that the walker takes on at once.
    size, n_cycle
        Units of a window, and iterations from hot to cold in it.
    region, n_windows
        Units of a region, and windows searched in it before the next. Merging what lies around a
        window costs as much as the problem is large, so a problem of several regions is taken
        region by region.
    """

    largest_whole: int = 6_000
    size: int = 400
    n_cycle: int = 600
    region: int = 10_000
    n_windows: int = 16


@dataclass(frozen=True, slots=True)
class RefineParams(_Checked):
    """How neighbourhoods of a plan are searched exactly (:mod:`solvers.primal.refine`).

    Parameters
    ----------
    disagreement
        A unit is free when the relaxation puts it this far from the part it has in the plan.
    n_steps
        Most steps of one exact search: about a second where the relaxation of a country disagrees,
        a third of that in a ball...
    most_effort
        ... and its most effort (:mod:`solvers.effort`), which it comes to where borders cost
        something.
    first, smallest, largest
        Units of the first ball, and of the smallest and the largest.
    growth, shrinkage
        How a ball grows after one that was searched to the end, and shrinks after one that was not.
        On the United States it comes to about 200 units.
    """

    disagreement: float = 0.01
    n_steps: int = 60
    most_effort: float = 1.0
    first: int = 150
    smallest: int = 100
    largest: int = 600
    growth: float = 1.05
    shrinkage: float = 0.8


@dataclass(frozen=True, slots=True)
class RelaxationParams(_Checked):
    """How the relaxation is kept and solved (:mod:`solvers.exact.relaxation`).

    Parameters
    ----------
    pace
        How far the trailing point goes towards each solution: a share of the way, 1 at most.
        Beyond it would lie shares of units below zero, and ways around them that never end.
    most_age
        Rows that were slack in more rounds than this may be dropped.
    n_pivots, n_pivots_each
        Most pivots of one solve, and so many more for each row and variable: GLOP has gone round
        in circles on graphs with many crossings. On the United States a solve from nothing takes
        4,000.
    n_pivots_told
        Pivots from the basis of another search after which it is asked what is proven so far.
    many
        Rows from which on the first solve is one of the dual.
    """

    pace: float = 0.4
    most_age: int = 8
    n_pivots: int = 10_000
    n_pivots_each: float = 10.0
    n_pivots_told: int = 1_000
    many: int = 4_000

    def __post_init__(self) -> None:
        _Checked.__post_init__(self)
        if self.pace > 1.0:
            raise ValueError(f"RelaxationParams.pace = {self.pace}: give a share of 1 at most.")


@dataclass(frozen=True, slots=True)
class CutParams(_Checked):
    """Which rows are sought, and which are worth adding (:mod:`solvers.exact.cuts`).

    Parameters
    ----------
    violation
        Least violation of a row worth adding.
    joint_violation
        The same for joint separators, which are sought where the relaxation has hardly anything
        left.
    exact
        The same where all units are whole, and every row counts.
    few
        Joint separators are sought where no more rows than this are violated otherwise.
    n_nested, n_more
        Further cuts sought for one target of separators, each beyond the one before, and further
        units behind one cut that get a row of their own.
    worth_threads
        Least targets of joint separators that are shared out among threads.
    most_potentials
        Most targets times units of a dual ascent, eight bytes each.
    quickly_faced
        Most units of a graph whose faces are sought in the same thread: a tenth of a second.
    most_faced
        Most units of a graph whose faces are sought: networkx took 89 s for 100,000.
    most_circled
        Most units where the cheapest circuit is sought, which takes seconds of a problem without
        votes.
    """

    violation: float = 0.02
    joint_violation: float = 0.01
    exact: float = 1e-4
    few: int = 10
    n_nested: int = 5
    n_more: int = 5
    worth_threads: int = 10
    most_potentials: int = 5_000_000
    quickly_faced: int = 1_000
    most_faced: int = 30_000
    most_circled: int = 600


@dataclass(frozen=True, slots=True)
class ArcParams(_Checked):
    """How one-sided problems are relaxed over arcs (:mod:`solvers.exact.arborescence`).

    Parameters
    ----------
    violation
        Least violation of a set worth adding.
    most_added
        Most sets added between two solves.
    idle, patience
        A round that brings the bound down by less than this share of the gap is idle, and after so
        many in a row the node splits.
    effort_of_flow
        Effort of finding sets, for each arc (:mod:`solvers.effort`).
    n_ascents
        Most ascents of one node before that, each on what the one before has left free.
    few_arcs, most_waits
        Where there are more arcs than this, as many times as this further ascents and plans are
        waited for.
    most_arcs
        Most arcs of a relaxation.
    """

    violation: float = 0.01
    most_added: int = 100
    idle: float = 1e-3
    patience: int = 8
    effort_of_flow: float = 1e-5
    n_ascents: int = 6
    few_arcs: int = 3_000
    most_waits: int = 12
    most_arcs: int = 30_000


@dataclass(frozen=True, slots=True)
class TreeParams(_Checked):
    """When the exact search turns to denser rows and when it splits (:mod:`solvers.exact`).

    Parameters
    ----------
    creeps
        Creep flow of the separation, stage by stage: dense rows only once sparse ones are used up.
    tree_creeps
        The same below the first node, where the time goes into more nodes instead.
    integral
        A value this close to 0 or 1 counts as whole.
    idle, patience
        A round that closes less than this share of the gap is idle, and after so many in a row the
        next stage begins, or the node splits.
    n_candidates, n_trials
        Units looked at before a node splits, and the most of them that are tried, where what they
        promise is not known.
    n_reliable
        Trials of both sides after which a unit's average is trusted.
    shrinkage
        Where a one-sided problem has less than this share of its free units left, it is bounded
        anew before it is split.
    task
        Effort that a worker makes on a case before it hands back what is left of it
        (:mod:`solvers.workers`).
    """

    creeps: tuple[float, ...] = (0.05, 0.03, 0.02, 0.014, 0.01, 0.007, 0.005)
    tree_creeps: tuple[float, ...] = (0.05, 0.02)
    integral: float = 1e-6
    idle: float = 5e-4
    patience: int = 6
    n_candidates: int = 20
    n_trials: int = 8
    n_reliable: int = 4
    shrinkage: float = 0.8
    task: float = 0.4


@dataclass(frozen=True, slots=True)
class SurveyParams(_Checked):
    """How what all good plans have in common is sought (:mod:`solvers.robustness`).

    Parameters
    ----------
    n_steps
        Steps of the exact search between two looks at what is still open.
    most_steps
        Steps for a bound on each landmass but the largest.
    most_kept
        How many of the good plans found are kept.
    """

    n_steps: int = 4
    most_steps: int = 200
    most_kept: int = 12


@dataclass(frozen=True, slots=True)
class SearchParams:
    """All numbers that tune a search; a variant is made with :func:`dataclasses.replace`.

    Parameters
    ----------
    rounds
        How the work of a round is shared between bounds and plans.
    walk, windows, refine
        How plans are looked for: by walking, in windows of large problems, by exact searches.
    relaxation, cuts, arcs, tree
        How bounds are brought down: the linear program, the rows, what replaces both where one part
        alone is connected, the splits.
    survey
        How what all good plans have in common is sought.

    Examples
    --------
    >>> SearchParams(cuts=CutParams(violation=0.3)).cuts.joint_violation
    0.01
    >>> WindowParams(size=0)
    Traceback (most recent call last):
    ValueError: WindowParams.size = 0: give a number above 0.
    """

    rounds: RoundParams = field(default_factory=RoundParams)
    walk: WalkParams = field(default_factory=WalkParams)
    windows: WindowParams = field(default_factory=WindowParams)
    refine: RefineParams = field(default_factory=RefineParams)
    relaxation: RelaxationParams = field(default_factory=RelaxationParams)
    cuts: CutParams = field(default_factory=CutParams)
    arcs: ArcParams = field(default_factory=ArcParams)
    tree: TreeParams = field(default_factory=TreeParams)
    survey: SurveyParams = field(default_factory=SurveyParams)


DEFAULT = SearchParams()
"""The parameters of a search that is given none."""
