"""Find out who would want to switch: groups that would gain in the other nation of a plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from partition.errors import InputError, InternalError
from partition.land.exchange import read_plan
from partition.pages.switchers import unit_gains
from partition.question.asking import Asked, ask, sort_options
from partition.question.question import Question
from partition.runs.reading import read
from partition.runs.run import Run
from partition.runs.solving import confirmed
from partition.scenario import Overrides, Scenario, Sides
from partition.studies.nearby.stability import Stability
from partition.studies.running.jobs import RUNS, Watch, Workers, solve_all
from partition.studies.running.missing import require_plans
from partition.studies.running.places import identify_study
from partition.studies.running.sharing import plans_to_share
from partition.studies.running.worker import Job
from solvers.problem import ALONE, FREE, Problem
from solvers.result import Limits, Result
from solvers.switching import find_switching

if TYPE_CHECKING:
    from partition.land.given import Data


def stable(
    plan: Run | Asked = "counties",
    scenario: Asked = "counties",
    *,
    groups: int = 5,
    most_units: int | None = None,
    search_time: float = 60.0,
    election: str | int | None = None,
    time_limit: float | None = None,
    gap: float | None = None,
    sides: Sides | Mapping[str, Any] | None = None,
    data: Data = None,
    runs: str | Path = RUNS,
    cluster: str | None = None,
    watch: Watch | None = None,
    fresh: bool = False,
    cold: bool = False,
    should_stop: Callable[[], bool] | None = None,
    on_search: Callable[[str], None] | None = None,
    **options: Any,
) -> Stability:
    """Find the groups of either nation that would gain by switching to the other one.

    A group is a connected set of units that borders on the other nation and voted for it on
    balance; when it switches, neither nation is in more pieces than the question allows, or than
    it has where that is more. What else the question asks, such as units that are fixed, kept
    together or limited, binds nobody here: it is about who would want to. The strongest group is a
    problem of the solver, which proves that none is stronger; the second one is the strongest of
    those that share no unit with the first, and so on. A plan without any group is stable in the
    sense of Alesina and Spolaore (1997), as far as contiguous nations go.

    Parameters
    ----------
    plan
        A run; the folder of one; a table of units and nations such as ``plan.csv``; or a scenario,
        which is solved first.
    scenario
        What says which map the table is of, and how many pieces nations may have.
    groups
        Most groups to find.
    most_units
        Most units of a group; no limit by default.
    search_time
        Seconds for each search: one for every piece that may have a group, and another one where a
        group was found.
    election, sides
        As for :func:`partition.solve`.
    time_limit, gap
        The same, for a scenario that is solved first.
    data
        What to divide; unless given, what the scenario or the run names.
    runs, cluster, watch, fresh, cold
        As for :class:`partition.studies.running.jobs.Workers`, for a scenario that is solved first;
        groups are searched here. What the report of a run tells already, with every proof closed,
        is taken as it is unless `fresh`.
    should_stop
        Asked several times a second; True ends the search with what is known.
    on_search
        Told in a line what each search has found.
    **options
        Columns of the map, and values of the scenario, as for :func:`partition.solve`: of a run,
        ``blue_pieces=2`` asks what would be allowed then.

    Returns
    -------
    Stability
        The groups, and what is proven of all others.

    Raises
    ------
    InputError
        When a number is not allowed, the plan cannot be read, or a file is wrong.
    NoPlanError
        When the scenario has no plan.
    """
    check_values(groups, most_units, search_time)
    overrides = Overrides(election, time_limit, gap, None, None, sides)
    workers = Workers(runs, 1, cluster, watch, fresh, cold)
    run = find_plan(plan, scenario, data, overrides, options, workers)
    return _examine(
        run if not fresh else replace(run, stability=None),
        groups,
        most_units,
        search_time,
        should_stop,
        on_search or (lambda _: None),
    )


def is_table(plan: str | Path) -> bool:
    """Whether a path is that of a table of units and nations, and not of a run or a scenario."""
    return Path(plan).suffix.lower() in (".csv", ".tsv")


def check_values(groups: int, most_units: int | None, search_time: float) -> None:
    """Refuse values of which nothing could come, before anything is solved.

    Raises
    ------
    InputError
        When a number is not allowed.
    """
    if groups < 1:
        raise InputError(f"groups = {groups}: give at least 1.")
    if most_units is not None and most_units < 1:
        raise InputError(f"most units = {most_units}: give at least 1.")
    if not 0 < search_time <= 7 * 86_400:  # false for nan as well
        raise InputError(f"search time = {search_time}: give seconds above 0, at most a week.")


def find_plan(
    plan: Run | Asked,
    scenario: Asked,
    data: Data,
    overrides: Overrides,
    options: Mapping[str, Any],
    workers: Workers,
) -> Run:
    """Bring a plan as a run: given, read, measured, or solved first.

    Parameters and errors are those of :func:`stable`; `workers` find or make a run.
    """
    if isinstance(plan, Run):
        return _asked_otherwise(plan, overrides, options)
    if isinstance(plan, str | Path) and Path(plan).is_dir():
        return _asked_otherwise(read(plan, data), overrides, options)
    if isinstance(plan, str | Path) and is_table(plan):
        question = ask(scenario, data, overrides, **options)
        return Run.measured(question, read_plan(plan, question.units))
    question = ask(plan, data, overrides, **options)
    job = Job(question.scenario.name, question)
    known = plans_to_share([question], Path(workers.runs), fresh=workers.fresh)
    solved = solve_all([job], workers, known)
    require_plans(solved.runs, solved.failures)
    return next(iter(solved.runs.values()))


def _asked_otherwise(run: Run, overrides: Overrides, options: Mapping[str, Any]) -> Run:
    """Hold the plan of a run against its question with other values, where any are given."""
    columns, changes = sort_options(options)
    if columns:
        raise InputError(
            f"{next(iter(columns))} is about a map of your own: a run names its own map already."
        )
    return held_against(run, overrides.apply(run.scenario.but(**changes)))


def held_against(run: Run, scenario: Scenario) -> Run:
    """Hold the plan of a run against another scenario: the same run where that asks the same.

    What is proven of the run is proven of its own question only. When its search was to stop is
    no part of that: nothing is searched for again.
    """
    limits = replace(run.scenario.limits, seed=scenario.limits.seed)  # groups are sought with it
    question = run.question.asking(replace(scenario, limits=limits))
    if question.identity == run.question.identity:
        return run.answering(question)
    return Run.measured(question, run.plan)


def _examine(
    run: Run,
    groups: int,
    most_units: int | None,
    search_time: float,
    should_stop: Callable[[], bool] | None,
    on_search: Callable[[str], None],
) -> Stability:
    identity = identify_study(
        "stable",
        [run.question],
        plan=run.plan.assignment.tolist(),
        groups=groups,
        most_units=most_units,
        search_time=search_time,
    )
    told = run.stability
    if told is not None and told.is_settled and told.asks(groups, most_units):
        return Stability(run, told.switching, groups, most_units, identity)
    formulation = run.question.formulation
    problem, n_units = formulation.problem, formulation.n_units
    # Who would want to switch is asked: what the question binds does not bind here.
    free = problem.fixed.copy()
    free[:n_units] = FREE
    asked = replace(problem, fixed=free, groups=np.full(problem.n_units, ALONE), budgets=())
    gains = np.pad(unit_gains(run.question, run.plan), (0, problem.n_units - n_units))

    def look(searched: Problem, result: Result) -> None:
        confirmed(result, [str(row) for row in range(searched.n_units)])
        on_search(_line(searched, result))

    found = find_switching(
        asked,
        formulation.expand(run.plan).assignment,
        gains,
        count=groups,
        most_units=most_units,
        ceiling=_proven_before(run),
        limits=Limits(search_time),
        seed=run.scenario.limits.seed,
        should_stop=should_stop,
        on_solved=look,
    )
    return Stability(run, found, groups, most_units, identity)


def _line(searched: Problem, result: Result) -> str:
    """Say what a search has found."""
    most = "nothing is proven" if result.bound is None else f"none gains above {result.bound:,}"
    group = "no group"
    if result.plan is not None and result.objective is not None:
        size = int(result.plan.assignment.sum())
        group = f"a group of {size:,} that gains {result.objective:,}"
    return f"{result.runtime:6.1f} s  {searched.n_units:,} units: {group}; {most}"


def _proven_before(run: Run) -> int | None:
    """Say what no group gains more than by the bound of the run itself; None where it says nothing.

    Where nothing but contiguity is asked, the plan after a switch is one of those that the bound
    is about.
    """
    result, question = run.result, run.question
    if result.bound is None or result.objective is None or not run.scenario.weights.is_plain:
        return None
    if not asks_contiguity_alone(question) or run.broken_constraint is not None:
        return None
    if result.bound < result.objective:
        raise InternalError(f"A bound of {result.bound} is below {result.objective}.")
    return result.bound - result.objective


def asks_contiguity_alone(question: Question) -> bool:
    """Whether a plan of a question has to meet nothing but a number of pieces."""
    problem = question.formulation.problem
    n_units = question.units.n_units
    return (
        not problem.budgets
        and bool((problem.fixed[:n_units] == FREE).all())
        and bool((problem.groups == ALONE).all())
    )
