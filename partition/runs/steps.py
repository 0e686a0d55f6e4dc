"""First this, then that: the best in each goal, among plans good enough in those before it.

A weight is hard to choose, and a tolerance is not. The first run finds out how many voters can live
in the nation of their vote; the next one asks for the best plan in another goal among those that
bring nearly as many home, as a limit of its own (``voters.at_home``), with a bound of its own. The
goal after that has a limit on both, and so on.

What the limit is follows from what a run has proven: with ``B`` its bound, no plan brings more than
``B`` voters home, so that a plan with at least ``(1 - within) * B`` of them is within that share of
the best one, whichever that is. Of a goal that costs, such as the frontier, no plan has less than
``B``, and ``(1 + within) * B`` is the most.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor
from typing import Any

from partition.answer.steps import StepTaken
from partition.errors import InputError, ScenarioError
from partition.question.goals import GOALS, Goal
from partition.question.objectives import weigh
from partition.question.question import Question
from partition.runs.run import Run
from partition.scenario import Scenario
from partition.scenario.then import Step, Then, read_steps, refuse_repeated

__all__ = [
    "Step",
    "amount_of",
    "check_steps",
    "first_goal",
    "following",
    "history",
    "next_question",
    "restated",
    "solve_steps",
    "take_steps",
    "with_steps",
]

_GOAL = {goal.key: goal for goal in GOALS}


def first_goal(scenario: Scenario) -> Goal | None:
    """Name the one goal that a scenario weighs, with a weight of 1; None where it weighs more."""
    weighed = [goal for goal in GOALS if getattr(scenario.weights, goal.key)]
    is_one = len(weighed) == 1 and getattr(scenario.weights, weighed[0].key) == 1
    return weighed[0] if is_one else None


def check_steps(question: Question, steps: Sequence[Step]) -> None:
    """Refuse, before any search, steps of which one could not be asked for.

    Raises
    ------
    InputError
        When the scenario weighs several goals, one comes twice, or the data lack what it counts.
    """
    if not steps:
        return
    scenario = question.scenario
    first = first_goal(scenario)
    if first is None:
        raise ScenarioError(
            f"then {steps[0].goal}: {scenario.name} weighs something else than one goal with a "
            "weight of 1, and a tolerance is a share of one goal. Begin with one that weighs "
            "nothing else, such as counties, or counties@self_determination=0,border=1."
        )
    refuse_repeated([first.key, *(step.goal for step in steps)])
    for step in steps:
        weigh(question.units, _weighing(scenario, step.goal))


def next_question(run: Run, step: Step) -> Question:
    """Ask for the best plan in another goal among those as good as a finished run, nearly.

    Parameters
    ----------
    run
        What was best before, of one goal; the limits that it kept stay.
    step
        The next goal, and what it may cost.

    Returns
    -------
    Question
        The next goal alone is weighed, and the one before is limited.

    Raises
    ------
    InputError
        When the goal comes twice, or the share is smaller than what is proven of the run allows
        for.
    """
    check_steps(run.question, [step])
    goal = first_goal(run.scenario)
    best, bound = run.result.objective, run.result.bound
    if goal is None or bound is None or best is None:
        raise InputError(f"within = {step.within:g}: nothing is proven; allow more (--time-limit).")
    scale = run.question.scale
    if goal.is_cost:
        has, limit = -best, floor((1 + step.share) * max(0, -bound))
        is_met = has <= limit
    else:
        has, limit = best, ceil((1 - step.share) * bound)
        is_met = has >= limit
    if not is_met:
        raise InputError(_too_narrow(step, goal, Fraction(best, scale), Fraction(bound, scale)))
    if goal.form == "smaller":  # each unit was counted in whole steps
        limit = max(0, limit - run.question.units.n_units)
    key, amount, words = _limit(run.scenario, goal, limit, scale)
    title = f"{run.scenario.title}, then {step.goal.replace('_', ' ')}"
    values = {
        f"weights.{goal.key}": 0,
        f"weights.{step.goal}": 1,
        key: amount,
        "title": f"{title} ({words})",
    }
    return run.question.asking(run.scenario.varied(values))


def _limit(scenario: Scenario, goal: Goal, steps: int, scale: int) -> tuple[str, Any, str]:
    """State a limit as a key of the scenario and its value, where a tighter one stays; in words."""
    key = {"self_determination": "voters.at_home"}.get(
        goal.key, f"{'most' if goal.is_cost else 'least'}.{goal.key}"
    )
    table, _, name = key.partition(".")
    given = getattr(getattr(scenario, table), name)
    amount = steps if scale == 1 else steps / scale
    if given is not None:
        amount = min(amount, given) if goal.is_cost else max(amount, given)
    if goal.key == "self_determination":
        return key, amount, f"at least {amount:,} voters at home"
    word = "at most" if goal.is_cost else "at least"
    return key, amount, f"{word} {amount:,.0f} {goal.measured_in}"


def _too_narrow(step: Step, goal: Goal, best: Fraction, bound: Fraction) -> str:
    """Say which share is proven, and so could be asked for, rounded up."""
    digits = 10**6
    if goal.is_cost:
        has, least = -best, max(Fraction(0), -bound)
        possible = has / least - 1 if least else None
        found, proven = _told_apart(has, least)
        said = (
            f"the best plan found has {found} {goal.measured_in}, and none has less than {proven}"
        )
    else:
        possible = 1 - best / bound
        found, proven = _told_apart(best, bound)
        said = (
            f"the best plan found brings {found} {goal.measured_in} home, and none brings more "
            f"than {proven}"
        )
    advice = "Search longer (--time-limit, --gap 0)."
    if possible is not None and possible <= 1:
        share = ceil(possible * digits) / digits
        advice = f"Give --within {share:.6g} or more, or search longer (--time-limit, --gap 0)."
    return (
        f"then {step.goal}: within = {step.within:g}: {said}, so that no plan is known to be so "
        f"near the best. {advice}"
    )


def _told_apart(found: Fraction, proven: Fraction) -> tuple[str, str]:
    """Write two amounts, whole where that tells them apart, else with as many digits as do."""
    for digits in range(10):
        told = f"{float(found):,.{digits}f}", f"{float(proven):,.{digits}f}"
        if told[0] != told[1]:
            break
    return told


def solve_steps(
    question: Question,
    steps: Sequence[Step],
    solve: Callable[[Question, Sequence[Run]], Run],
    should_stop: Callable[[], bool] | None = None,
) -> tuple[Run, ...]:
    """Ask one goal after another.

    Parameters
    ----------
    question
        Of the first goal.
    steps
        Goals that come after it.
    solve
        Answers a question, given the runs of the goals before.
    should_stop
        Whether to leave out the goals that are not asked for yet.

    Returns
    -------
    tuple of Run
        One for each goal, each with the steps up to its own.
    """
    runs = [solve(question, ())]
    for step in steps:
        if should_stop is not None and should_stop():
            break
        runs.append(solve(next_question(runs[-1], step), tuple(runs)))
    return tuple(runs)


def history(runs: Sequence[Run], steps: Sequence[Step]) -> tuple[StepTaken, ...]:
    """State what the goals before the last of some steps have come to, each before the next.

    Parameters
    ----------
    runs
        Of the first goal, and of every step but the last one.
    steps
        As many as there are runs.
    """
    if not runs:
        return ()
    first = first_goal(runs[0].scenario)
    goals = [*([] if first is None else [first.key]), *(step.goal for step in steps)]
    shares = [None, *(step.within for step in steps)]
    told = zip(runs, goals, shares, strict=False)  # the last goal has no run yet
    return tuple(_taken(run, goal, share, goals) for run, goal, share in told)


def with_steps(run: Run, before: Sequence[Run], steps: Sequence[Step]) -> Run:
    """Tell a run which step it is, and which ones it follows.

    Parameters
    ----------
    run
        Its answer.
    before
        The runs of the goals before; none for the first goal.
    steps
        All goals that come after the first one.
    """
    return following(run, history(before, steps[: len(before)]), steps)


def following(run: Run, told: Sequence[StepTaken], steps: Sequence[Step]) -> Run:
    """Tell a run what the goals before have come to, as :func:`history` has it."""
    if not told:
        return run
    step = steps[len(told) - 1]
    own = _taken(run, step.goal, step.within, list(told[0].amounts))
    return replace(run, steps=(*told, own))


def restated(run: Run) -> Run:
    """State anew what the goal of a run has come to, where its plan or its bound has changed."""
    if not run.steps:
        return run
    *told, own = run.steps
    now = _taken(run, own.goal, own.within, list(own.amounts))
    return replace(run, steps=(*told, now))


def take_steps(question: Question, then: Then = ()) -> tuple[Question, tuple[Step, ...]]:
    """Tell the first goal of a chain from those after it.

    Parameters
    ----------
    question
        What is asked, perhaps with goals that come after the one that is weighed (``[[then]]``).
    then
        Goals in place of those, if there are any.

    Raises
    ------
    InputError
        As of :func:`check_steps`.
    """
    steps = read_steps(then) or question.scenario.then
    first = question
    if question.scenario.then:
        first = question.asking(replace(question.scenario, then=()))
    check_steps(first, steps)
    return first, steps


def _taken(run: Run, key: str, within: float | None, goals: Sequence[str]) -> StepTaken:
    return StepTaken(
        goal=key,
        unit=_GOAL[key].measured_in,
        within=within,
        status=run.result.status.value,
        objective=run.question.objective(run.plan),
        bound=run.result.bound,
        steps_per_unit=run.question.scale,
        amounts={one: amount_of(run, one) for one in goals},
    )


def amount_of(run: Run, goal: str) -> float:
    """Measure what the plan of a run has of a goal, whether it is weighed there or not."""
    (found,) = run.question.asking(_weighing(run.scenario, goal)).account(run.plan)
    return found.amount


def _weighing(scenario: Scenario, goal: str) -> Scenario:
    weights = {f"weights.{one.key}": float(one.key == goal) for one in GOALS}
    return scenario.override(settings=weights)
