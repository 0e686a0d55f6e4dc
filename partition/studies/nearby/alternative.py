"""Find plans near the best one that differ from it and from each other."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from partition.errors import InputError
from partition.question.asking import Asked, ask
from partition.question.question import Question
from partition.runs.known import KnownPlans
from partition.runs.run import Run
from partition.scenario import Overrides, Sides
from partition.studies.nearby.alternatives import Alternatives, Ending, held
from partition.studies.running.finished import choose_folder, find_finished, recall
from partition.studies.running.jobs import RUNS, Watch, Workers, solve_all
from partition.studies.running.missing import require_plans, warn_of_missing, what_is_missing
from partition.studies.running.places import identify_study
from partition.studies.running.sharing import plans_to_share
from partition.studies.running.worker import Job
from solvers.apart import grown_apart
from solvers.plan import Plan

if TYPE_CHECKING:
    from partition.land.given import Data

GROWN = "grown apart"
"""What the source of a plan is called that a search begins with."""

GROWING = 10.0
"""Seconds in which a plan to begin with is sought."""


def alternatives(
    scenario: Asked = "counties",
    *,
    within: float = 0.002,
    apart: int = 5_000_000,
    plans: int = 5,
    election: str | int | None = None,
    time_limit: float | None = None,
    gap: float | None = None,
    seed: int | None = None,
    iterations: int | None = None,
    sides: Sides | Mapping[str, Any] | None = None,
    data: Data = None,
    runs: str | Path = RUNS,
    cluster: str | None = None,
    watch: Watch | None = None,
    fresh: bool = False,
    cold: bool = False,
    **options: Any,
) -> Alternatives:
    """Find plans near the best one that differ from it and from each other by so many people.

    The scenario is solved; then the best plan is sought among those that put at least so many
    people into another nation than every plan found before, and so on. Each of these is a run of
    its own, with a proven bound (``[apart]`` of a scenario), and finished ones are used again. The
    two nations are told apart: a plan with the colours exchanged is another plan.

    Parameters
    ----------
    scenario
        A shipped scenario's name, the path of a TOML file, or a scenario.
    within
        How much worse than the best possible a plan may be, as a share of what is proven that no
        plan exceeds.
    apart
        Least people who live in units that are in another nation, of every two plans; voters, where
        the people of the units are not known.
    plans
        Most alternatives to find, beside the best plan.
    election, time_limit, gap, seed, iterations, sides
        As for :func:`partition.solve`, for each run.
    data
        What to divide; unless given, what the scenario names or the data set that comes with the
        package.
    runs, cluster, watch, fresh, cold
        As for :class:`partition.studies.running.jobs.Workers`.
    **options
        Columns of the map, and values of the scenario, as for :func:`partition.solve`.

    Returns
    -------
    Alternatives
        The plans, and whether there are more.

    Warns
    -----
    IncompleteStudyWarning
        When a run was lost that another try may make.

    Raises
    ------
    InputError
        When a number is not allowed, or nothing so near the best is proven.
    NoPlanError
        When the scenario has no plan.
    """
    _check_values(within, apart, plans)
    overrides = Overrides(election, time_limit, gap, seed, iterations, sides)
    question = ask(scenario, data, overrides, **options)
    _refuse_apart(question)
    found = _Search(question, within, apart, Workers(runs, 1, cluster, watch, fresh, cold)).run(
        plans
    )
    warn_of_missing(found.missing)
    return found


def _check_values(within: float, apart: int, plans: int) -> None:
    """Refuse values of which nothing could come, before the first run."""
    if not 0 <= within <= 1:  # false for nan as well
        raise InputError(f"within = {within}: give a share from 0 to 1 (0.002 is 0.2 %).")
    if not (apart >= 1 and math.isfinite(apart) and apart == int(apart)):
        raise InputError(f"apart = {apart}: give a whole number of people, 1 or more.")
    if plans < 1:
        raise InputError(f"plans = {plans}: give at least 1 alternative to find.")


def _remedy(objective: int, bound: int) -> str:
    """Say what may help where a plan is not within a share of the best possible.

    Examples
    --------
    >>> _remedy(90, 100), _remedy(-5, 100)
    ('Give --within 0.1 or more, or search longer (--time-limit)', 'Search longer (--time-limit)')
    """
    if bound - objective > abs(bound):  # no share from 0 to 1 is as much
        return "Search longer (--time-limit)"
    digits = 10**6
    needed = math.ceil(Fraction(bound - objective, abs(bound)) * digits) / digits
    return f"Give --within {needed:.6g} or more, or search longer (--time-limit)"


def _refuse_apart(question: Question) -> None:
    if question.scenario.apart.plans:
        raise InputError(
            f"{question.scenario.name} has a table [apart] already, which is what this study "
            "writes: leave it out."
        )


def best_first(runs: Sequence[Run]) -> tuple[tuple[Run, ...], tuple[int, ...]]:
    """Sort plans that were found in another order, where a search had ended early.

    What is proven of all plans that are apart from some is true of those that are apart from more.

    Returns
    -------
    runs
        The best first.
    bounds
        What no plan that is apart from those before it exceeds.
    """
    worth = [one.result.objective or 0 for one in runs]
    order = sorted(range(len(runs)), key=lambda place: -worth[place])
    bounds = []
    for rank in range(len(order)):
        before = set(order[:rank])
        proven = [
            one.result.bound
            for place, one in enumerate(runs)
            if before >= set(range(place)) and one.result.bound is not None
        ]
        bounds.append(min(proven))
    title = runs[0].scenario.title
    return (
        tuple(_titled(runs[place], title, rank) for rank, place in enumerate(order)),
        tuple(bounds),
    )


def _titled(run: Run, title: str, rank: int) -> Run:
    """Call a run by its place among the plans."""
    called = f"{title}, alternative {rank}" if rank else title
    return run.answering(run.question.asking(replace(run.scenario, title=called)))


class _Search:
    """One call of :func:`alternatives`."""

    def __init__(self, question: Question, within: float, apart: int, workers: Workers) -> None:
        self.question, self.within, self.apart = question, within, int(apart)
        self.workers = workers
        has_people = "population" in question.units.attributes
        self.quantity = "people" if has_people else "voters"
        self.held = held(question, self.quantity)
        if self.apart > self.held.sum():
            raise InputError(
                f"apart = {self.apart:,}: the map has {int(self.held.sum()):,} {self.quantity} in "
                "all. Ask for fewer."
            )

    def run(self, n_plans: int) -> Alternatives:
        """Solve the scenario, and look for one alternative after the other."""
        job = Job("best", self.question)
        known = plans_to_share([self.question], Path(self.workers.runs), fresh=self.workers.fresh)
        solved = solve_all([job], self.workers, known)
        require_plans(solved.runs, solved.failures)
        runs = [solved.runs["best"]]
        threshold = self._threshold(runs[0])
        ending, tried, missing = Ending.ENOUGH, None, ""
        for number in range(1, n_plans + 1):
            following = Job(f"alternative {number}", self.next_question(runs))
            solved = solve_all([following], self.workers, self._starts(following.question, runs))
            if not solved.runs:
                missing = what_is_missing(solved.failures, n_plans + 1)
                ending = Ending.LOST if missing else Ending.NONE_APART
                break
            one = next(iter(solved.runs.values()))
            objective, bound = one.result.objective, one.result.bound
            if objective is not None and objective >= threshold:
                runs.append(one)
                continue
            tried = one
            is_proven = bound is not None and bound < threshold
            ending = Ending.NONE_NEAR if is_proven else Ending.NOT_FOUND
            break
        identity = identify_study(
            "alternatives", [self.question], within=self.within, apart=self.apart, plans=n_plans
        )
        return Alternatives(
            *best_first(runs),
            self.within,
            self.apart,
            self.quantity,
            threshold,
            ending,
            tried,
            missing,
            identity,
        )

    def _threshold(self, best: Run) -> int:
        """State the least objective of a plan that is near the best possible one."""
        objective, bound = best.result.objective, best.result.bound
        if objective is None or bound is None:
            raise InputError("No bound is proven; allow more with --time-limit.")
        share = Fraction(repr(float(self.within)))
        threshold = math.ceil(bound - share * abs(bound))
        if objective < threshold:
            scale = self.question.scale
            raise InputError(
                f"within = {self.within:g}: the best plan found is worth {objective / scale:,.0f} "
                f"votes, and none is worth more than {bound / scale:,.0f}, so that no plan is "
                f"known to be so near the best. {_remedy(objective, bound)}."
            )
        return threshold

    def next_question(self, runs: Sequence[Run]) -> Question:
        """Ask for the best plan that is apart from all that are known."""
        ids = self.question.units.ids
        blue = tuple(tuple(ids[one.plan.assignment == 1].tolist()) for one in runs)
        scenario = self.question.scenario
        changed = scenario.override(settings={"apart": {self.quantity: self.apart, "plans": blue}})
        title = f"{scenario.title}, alternative {len(runs)}"
        return self.question.asking(replace(changed, title=title))

    def _starts(self, question: Question, runs: Sequence[Run]) -> KnownPlans | None:
        """Gather plans to begin with, of which one is grown for the purpose.

        A finished run stays as it is: had it another plan, all that come after it would be asked
        anew.
        """
        folder = Path(self.workers.runs)
        target = choose_folder(folder, question)
        if not self.workers.fresh and recall(find_finished(folder), target, question):
            return KnownPlans()
        known = plans_to_share([question], folder, fresh=self.workers.fresh)
        formulation = question.formulation
        n_more = formulation.problem.n_units - formulation.n_units
        grown = grown_apart(
            formulation.problem,
            [formulation.expand(one.plan).assignment for one in runs],
            np.pad(self.held, (0, n_more)),
            self.apart,
            seconds=GROWING if question.scenario.limits.iterations is None else math.inf,
        )
        if grown is not None:
            known = KnownPlans() if known is None else known
            known.add(formulation.restrict(Plan(grown)), GROWN)
        return known
