"""Find out which units all plans near the best one put into the same nation."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from partition.errors import InputError, InternalError
from partition.question.asking import Asked, ask
from partition.question.formulate import check_election
from partition.question.question import Question
from partition.runs.learned import Learned, joined, learned_around
from partition.runs.run import Run
from partition.runs.shipped import shipped_for
from partition.scenario import Overrides, Sides
from partition.scenario.then import refuse_several
from partition.studies.nearby.robustness import Robustness
from partition.studies.running.jobs import RUNS, Watch, Workers, solve_all
from partition.studies.running.missing import require_plans, warn_of_missing, what_is_missing
from partition.studies.running.places import identify_study
from partition.studies.running.sharing import plans_to_share
from partition.studies.running.worker import Job
from partition.studies.table import in_votes
from solvers.contiguity import broken_constraint
from solvers.plan import Plan
from solvers.robustness import Survey, survey

if TYPE_CHECKING:
    from partition.land.given import Data


def robust(
    scenario: Asked = "counties",
    *,
    within: float = 0.001,
    seeds: int | Sequence[int] = (0, 1),
    survey_time: float = 120.0,
    election: str | int | None = None,
    time_limit: float | None = None,
    gap: float | None = None,
    iterations: int | None = None,
    sides: Sides | Mapping[str, Any] | None = None,
    data: Data = None,
    runs: str | Path = RUNS,
    n_jobs: int | None = None,
    cluster: str | None = None,
    watch: Watch | None = None,
    fresh: bool = False,
    cold: bool = False,
    on_progress: Callable[[int, float], None] | None = None,
    **options: Any,
) -> Robustness:
    """Find out which units all plans near the best one put into the same nation.

    The scenario is solved with several seeds; from the best of these plans, others are sought that
    give units to the other nation and are still good, and proofs that there are none.

    Parameters
    ----------
    scenario
        A shipped scenario's name, the path of a TOML file, or a scenario.
    within
        How much worse than the best plan known a good plan may be, as a share of its objective.
    seeds
        Seeds of the runs.
    survey_time
        Seconds for the search from there on; more of them leave fewer units undecided.
    election, time_limit, gap, iterations, sides
        As for :func:`partition.solve`, for each run.
    data
        What to divide: a :class:`geopandas.GeoDataFrame`, the path of a file, a dual graph of
        networkx or GerryChain, or units; unless given, what the scenario names or the data set
        that comes with the package.
    runs, n_jobs, cluster, watch, fresh, cold
        As for :class:`partition.studies.running.jobs.Workers`.
    on_progress
        Told how many units are undecided yet, and the seconds since the search began.
    **options
        Columns of the map, and how it is read, as fields of :class:`partition.MapFiles`:
        ``id="GEOID"``, ``blue="yes"``, ``red="no"``, ``votes=`` a table or a
        :class:`pandas.DataFrame`; and values of the scenario, as for
        :meth:`partition.Scenario.but`: ``border=50``, ``weights={"border": 50}``.

    Returns
    -------
    Robustness
        The category of every unit.

    Warns
    -----
    IncompleteStudyWarning
        When plans are missing that another try may find, because a disk was full or workers died.

    Raises
    ------
    InputError
        When a value is not allowed, or nothing is proven of the best plan.
    NoPlanError
        When none of the runs has a plan.
    """
    if isinstance(seeds, int):
        seeds = (seeds,)
    _check_values(within, seeds, survey_time)
    overrides = Overrides(election, time_limit, gap, None, iterations, sides)
    base = ask(scenario, data, overrides, **options)
    refuse_several(base.scenario.name, base.scenario.then)
    check_election(base.units, base.election)
    jobs = [
        Job(f"seed {seed}", base.asking(base.scenario.override(seed=seed)))
        for seed in dict.fromkeys(seeds)
    ]
    known = plans_to_share([job.question for job in jobs], Path(runs), fresh=fresh)
    solved = solve_all(jobs, Workers(runs, n_jobs, cluster, watch, fresh, cold), known)
    require_plans(solved.runs, solved.failures)
    missing = what_is_missing(solved.failures, len(jobs))
    finished = list(solved.runs.values())
    best = max(finished, key=_standing)
    starts = [one.plan for one in (finished if known is None else known)]
    learned = [] if fresh else learned_around(base, Path(runs))
    learned += [] if fresh or cold else shipped_for(base)
    found = _survey(base, finished, starts, learned, within, survey_time, on_progress)
    votes = in_votes(found.threshold, base.scale)
    if votes is None:
        raise InternalError(f"A threshold of {found.threshold} steps is none in votes.")
    warn_of_missing(missing)
    questions = [job.question for job in jobs]
    identity = identify_study("robust", questions, within=within, survey_time=survey_time)
    return Robustness(best, within, found, float(votes), missing, identity)


def _check_values(within: float, seeds: Sequence[int], survey_time: float) -> None:
    """Refuse values of which nothing could come, before the first run."""
    if not 0 <= within <= 1:
        raise InputError(f"within = {within}: give a share from 0 to 1 (0.001 is 0.1 %).")
    if not seeds:
        raise InputError("Give at least one seed.")
    if not 0 < survey_time <= 7 * 86_400:
        raise InputError(f"survey time = {survey_time}: give seconds above 0, at most a week.")


def _standing(run: Run) -> tuple[float, float]:
    """Order runs: the best plan, and of equally good ones that of which most is proven."""
    objective, bound = run.result.objective, run.result.bound
    return (
        -math.inf if objective is None else objective,
        -math.inf if bound is None else -bound,
    )


def _survey(
    question: Question,
    finished: Sequence[Run],
    starts: Sequence[Plan],
    learned: Sequence[Learned],
    within: float,
    seconds: float,
    on_progress: Callable[[int, float], None] | None,
) -> Survey:
    """Look from known plans for other good ones, and for proofs, unit by unit.

    What searches have learned serves the proofs, as far as it holds for every good plan.
    """
    bounds = [one.result.bound for one in finished if one.result.bound is not None]
    if not bounds:
        raise InputError("No bound is proven; allow more with --time-limit.")
    formulation = question.formulation
    problem = formulation.problem
    plans = [formulation.expand(one).assignment for one in starts]
    plans = [plan for plan in plans if broken_constraint(problem, plan) is None]
    objective = max(problem.objective(plan) for plan in plans)
    threshold = objective - int(within * abs(objective))
    units = slice(0, question.units.n_units)
    importance = np.zeros(problem.n_units, np.int64)
    importance[units] = question.units.votes[question.election].sum(axis=1)
    found = survey(
        problem,
        [plan for plan in plans if problem.objective(plan) >= threshold],
        min(bounds),
        threshold,
        knowledge=joined(problem, learned),
        importance=importance,
        n_units=question.units.n_units,
        time_limit=seconds,
        on_progress=on_progress,
    )
    return replace(
        found,
        is_found=found.is_found[units],
        is_excluded=found.is_excluded[units],
        share_of_1=found.share_of_1[units],
        plans=found.plans[:, units],
    )
