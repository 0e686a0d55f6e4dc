"""Solve a question: from a scenario's name to a run."""

# ruff: noqa: PLC0415 - solvers and maps take a second to load; reading a run needs neither.
from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partition.errors import (
    InfeasibleError,
    InternalError,
    InterruptedSearchError,
    NoPlanError,
)
from partition.land.given import options_as_arguments
from partition.pages.notebook import watching_in_notebook
from partition.question.asking import ask
from partition.question.formulate import Formulation
from partition.question.question import Question
from partition.runs.known import GIVEN, KnownPlan, KnownPlans
from partition.runs.learned import Learned, joined, nearest, sources
from partition.runs.lending import check_lending, lent
from partition.runs.run import Run
from partition.runs.shipped import shipped_for
from partition.runs.steps import solve_steps, take_steps, with_steps
from partition.scenario import Overrides, Scenario, Sides
from partition.scenario.then import Then
from solvers.knowledge import Knowledge
from solvers.plan import Plan
from solvers.result import Progress, Result, Status

if TYPE_CHECKING:
    from partition.land.given import Data
    from solvers.workers.calls import Workers

LAST_SECONDS = 1.0
"""Least seconds in which it is sought why there is no plan, where the limit leaves fewer."""


def solve(
    scenario: str | Path | Scenario = "counties",
    *,
    election: str | int | None = None,
    time_limit: float | None = None,
    gap: float | None = None,
    seed: int | None = None,
    iterations: int | None = None,
    start: Plan | KnownPlans | None = None,
    knowledge: Knowledge | None = None,
    cold: bool = False,
    sides: Sides | Mapping[str, Any] | None = None,
    certify: bool = False,
    then: Then = (),
    data: Data = None,
    n_jobs: int | None = None,
    cluster: str | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    **options: Any,
) -> Run:
    """Find the best plan of a scenario.

    Parameters
    ----------
    scenario
        A shipped scenario's name, the path of a TOML file, or a scenario.
    election, time_limit, gap, seed, iterations
        What to use in place of the scenario's own values: the election, seconds, a share, and two
        whole numbers. Seconds count from the beginning of the search: not reading, compiling the
        inner loops on the first run, checking a certificate and measuring the plan.
    sides
        What both sides are called and coloured, as for
        :meth:`partition.scenario.Scenario.override`; it changes no answer.
    start
        A plan to begin with, such as that of a similar run, or several of which the best is taken
        (:class:`~partition.runs.known.KnownPlans`); what breaks a constraint is left aside.
    knowledge
        What another search on the same units and edges has learned, as ``run.result.knowledge``
        has it: its plans and rows are checked here, and used where they hold.
    cold
        Whether plans and inequalities that come with the package are left aside. A search for a
        number of `iterations` is always cold, so that it is the same for all time.
    certify
        Whether to state the proof of the bound as a certificate, which is checked at once.
    then
        Goals that come one after another, each with the share that the best in all goals before may
        give up for it: ``[("border", 0.005), ("state_splits", 0.01)]`` finds the shortest frontier
        within 0.5 % of the most voters at home, and then the fewest voters cut off from their state
        within 1 % of both; ``("border", 0.005)`` is a list of one. Those of the scenario
        (``[[then]]``) unless given. The run is that of the last goal, under limits on those before
        (``voters.at_home``, ``most``, ``least``), and ``run.steps`` has what each has come to.
    data
        What to divide: a :class:`geopandas.GeoDataFrame`, the path of a file, a dual graph of
        networkx or GerryChain, or units; unless given, what the scenario names or the data set
        that comes with the package.
    n_jobs, cluster
        Processes on this machine, or the address of a Dask scheduler whose workers share the search
        for bounds once it branches, and the one for plans of very large maps, as for studies; a
        search is alone unless given. Its answer is proven and certified like any other, and of
        several best plans another one may be found.
    on_progress
        Called about five times a second while the search runs; unless given, a notebook shows a
        bar.
    should_stop
        Asked at least three times a second while the search runs; True ends it within two seconds,
        and it keeps its best plan.
    **options
        Columns of the map, and how it is read, as fields of :class:`partition.MapFiles`:
        ``id="GEOID"``, ``blue="yes"``, ``red="no"``, ``votes=`` a table or a
        :class:`pandas.DataFrame`; and values of the scenario, as for
        :meth:`partition.Scenario.but`: ``border=50``, ``weights={"border": 50}``.

    Returns
    -------
    Run
        The plan with its report and the proven bound.

    Raises
    ------
    ScenarioError
        When the scenario is unknown or a value is not allowed.
    InputError
        When a file of the data is wrong: one line with the place and what to do.
    InfeasibleError, InterruptedSearchError, NoPlanError
        When the search ends without a plan.
    CertificateError, InternalError
        When the proof of the bound does not hold, or the search contradicts itself.
    """
    from solvers.loops import compile_early

    overrides = Overrides(election, time_limit, gap, seed, iterations, sides)
    compile_early()  # while the map is read
    with options_as_arguments():
        question = ask(scenario, data, overrides, **options)
        question, steps = take_steps(question, then)
        check_lending(question, n_jobs, cluster)
        with nullcontext(on_progress) if on_progress else watching_in_notebook(question) as watch:

            def answer(asked: Question, before: Sequence[Run]) -> Run:
                with lent(n_jobs, cluster) as workers:
                    run = solve_question(
                        asked,
                        start=before[-1].plan if before else start,
                        knowledge=None if before else knowledge,
                        learned=learned_from(before[-1], asked) if before else (),
                        cold=cold,
                        certify=certify,
                        on_progress=watch,
                        should_stop=should_stop,
                        workers=workers,
                    )
                return with_steps(run, before, steps)

            return solve_steps(question, steps, answer, should_stop)[-1]


def solve_question(
    question: Question,
    *,
    start: Plan | KnownPlans | None = None,
    knowledge: Knowledge | None = None,
    learned: Sequence[Learned] = (),
    cold: bool = False,
    certify: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    workers: Workers | None = None,
) -> Run:
    """Find the best answer to a question.

    Parameters, result and errors are those of :func:`solve`, `learned` is what searches on
    whatever graphs have learned: what does not serve here is left aside, and `workers` are those
    that are lent to the search (:mod:`partition.runs.lending`).
    """
    formulation, asked = question.formulation, question.scenario
    if knowledge is not None:
        knowledge.check(formulation.problem)
        learned = [Learned(knowledge, GIVEN), *learned]
    learned = nearest([*learned, *([] if cold else shipped_for(question))])
    plans = KnownPlans([KnownPlan(start, GIVEN)] if isinstance(start, Plan) else start or ())
    for one in _plans_of(learned, formulation):
        plans.add(one.plan, one.source)
    begin = plans.best(question)
    known = joined(formulation.problem, learned)
    known = replace(known, plans=())  # they are among the starts
    import solvers.solve

    result = solvers.solve.solve(
        formulation.problem,
        asked.limits.for_solver(),
        seed=asked.limits.seed,
        start=None if begin is None else formulation.expand(begin.plan),
        knowledge=known if learned else None,
        certify=certify,
        on_progress=on_progress,
        should_stop=should_stop,
        workers=workers,
    )
    if result.plan is None:
        raise _no_plan(question, result, should_stop)
    plan = formulation.restrict(result.plan)
    result = confirmed(formulation.settled(result), formulation.ids)
    result = replace(result, plan=plan)
    return Run(
        question,
        result,
        question.measure(plan),
        start="" if begin is None else begin.source,
        taught_by=sources(learned) if result.n_taught else (),
    )


def _plans_of(learned: Sequence[Learned], formulation: Formulation) -> Iterator[KnownPlan]:
    """Yield the plans that come with what searches have learned, where they are of these units."""
    for one in learned:
        yield from one.plans
        # Those of the same graph, further rows included: its first rows are the units.
        for plan in Knowledge.joined(formulation.problem, [one.knowledge]).plans:
            yield KnownPlan(formulation.restrict(plan), one.source)


def learned_from(run: Run, question: Question) -> list[Learned]:
    """Hand what a run has learned to a question; nothing where rounds limit its search."""
    known = run.result.knowledge
    if known is None or question.scenario.limits.iterations is not None:
        return []
    return [Learned(known, run.scenario.name)]


def confirmed(result: Result, ids: Sequence[str]) -> Result:
    """Check the certificate, where there is one, by code that shares nothing with the search.

    Parameters
    ----------
    result
        What a search found.
    ids
        Ids of all rows of the problem that was solved.

    Returns
    -------
    Result
        The same, with the ids in its certificate.

    Raises
    ------
    CertificateError, InternalError
        When the certificate proves less than the search claims, or does not hold at all.
    """
    if result.certificate is None or result.plan is None:
        return result
    from partition.verify import check

    instance = {**result.certificate["instance"], "ids": list(ids)}
    certificate = {**result.certificate, "instance": instance}
    confirmation = check(certificate, result.plan.assignment.tolist())
    if result.bound is None or confirmation.bound > result.bound:
        raise InternalError(
            f"The certificate proves {confirmation.bound}, and the search claims {result.bound}."
        )
    return replace(result, certificate=certificate)


def _no_plan(
    question: Question, result: Result, should_stop: Callable[[], bool] | None
) -> NoPlanError:
    from partition.question.diagnosis import SECONDS, advise

    scenario = question.scenario
    deadline = time.monotonic() + max(LAST_SECONDS, scenario.limits.time_limit - result.runtime)

    def is_over() -> bool:
        return time.monotonic() >= deadline or (should_stop is not None and should_stop())

    seconds = f"{result.runtime:.1f} s"
    if result.status is Status.INTERRUPTED:
        return InterruptedSearchError(f"Interrupted after {seconds}, before a plan was found.")
    if result.status is Status.INFEASIBLE:
        advice = advise(question, is_over)
        return InfeasibleError(f"No plan meets the constraints of {scenario.name!r}. {advice}")
    message = f"No plan was found in {seconds}. Allow more with --time-limit."
    if result.runtime < SECONDS:  # less than the search without a constraint would get
        return NoPlanError(message)
    return NoPlanError(f"{message} {advise(question, is_over)}")
