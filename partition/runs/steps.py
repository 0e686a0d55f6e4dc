"""First this, then that: the best in another goal, among plans good enough for voters.

A weight is hard to choose, and a tolerance is not. The first run finds out how many voters can live
in the nation of their vote; the next one asks for the best plan in another goal among those that
bring nearly as many home, as a limit of its own (``voters.at_home``), with a bound of its own.

How many that are follows from what the first run has proven: with ``B`` its bound, no plan brings
more than ``B`` voters home, so that a plan with at least ``(1 - within) * B`` of them is within
that share of the best one, whichever that is.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil
from typing import Any, NamedTuple

from partition.answer import wording
from partition.errors import InputError, ScenarioError
from partition.question.goals import GOALS
from partition.question.question import Question
from partition.runs.run import Run
from partition.scenario import Scenario
from partition.scenario.keys import find_keys, known_keys


class Step(NamedTuple):
    """A goal that comes after another one."""

    goal: str
    """Name of a weight: ``border``."""
    within: float
    """Share of the best that the goal before may give up."""


def next_question(run: Run, step: Step) -> Question:
    """Ask for the best plan in another goal among those as good as a finished run, nearly.

    Parameters
    ----------
    run
        What was best before; self-determination alone.
    step
        The next goal, and what it may cost.

    Returns
    -------
    Question
        The next goal alone is weighed, and so many voters must be at home.

    Raises
    ------
    InputError
        When the goal is unknown, the share none, or smaller than what is proven of the run allows
        for.
    """
    goal, share = check_step(run.scenario, step)
    best, bound = run.result.objective, run.result.bound
    if bound is None or best is None:
        raise InputError(f"within = {step.within:g}: nothing is proven; allow more (--time-limit).")
    least = max(ceil((1 - share) * bound), run.scenario.voters.at_home or 0)
    if best < least:
        raise InputError(_too_narrow(step, best, bound))
    title = f"{run.scenario.title}, then {goal.replace('_', ' ')}"
    values = {
        "weights.self_determination": 0,
        f"weights.{goal}": 1,
        "voters.at_home": least,
        "title": f"{title} (at least {least:,} voters at home)",
    }
    return run.question.asking(run.scenario.varied(values))


def check_steps(scenario: Scenario, steps: Sequence[Step]) -> None:
    """Refuse, before any search, steps of which one could not be asked for.

    Raises
    ------
    InputError
        As of :func:`next_question`, or where a goal follows another one than self-determination.
    """
    for step in steps:
        check_step(scenario, step)
    if len(steps) > 1:
        raise ScenarioError(
            f"then {steps[1].goal}: it would follow {steps[0].goal}, and a search keeps to a "
            "tolerance in voters only. Give one goal after self-determination."
        )


def check_step(scenario: Scenario, step: Step) -> tuple[str, Fraction]:
    """Read the goal of a step and its share; errors as of :func:`next_question`."""
    goal, share = _goal(step.goal), _share(step)
    if not scenario.weights.is_plain:
        raise ScenarioError(
            f"then {step.goal}: {scenario.name} weighs something else than self-determination "
            "alone, and a search keeps to a tolerance in voters only. Begin with a scenario that "
            "weighs nothing else, such as counties."
        )
    return goal, share


def _too_narrow(step: Step, best: int, bound: int) -> str:
    """Say which share is proven, and so could be asked for, rounded up."""
    digits = 10**6
    possible = ceil((1 - Fraction(best, bound)) * digits) / digits
    return (
        f"within = {step.within:g}: the best plan found brings {best:,} voters home, and none "
        f"brings more than {bound:,}, so that no plan is known to be so near the best. Give "
        f"--within {possible:.6g} or more, or search longer (--time-limit, --gap 0)."
    )


def _goal(given: str) -> str:
    keys = [key for key in known_keys(Scenario) if key.startswith("weights.")]
    try:
        (key,) = find_keys(given, keys)
    except ScenarioError as error:
        raise ScenarioError(f"then {given}: {error}") from None
    goal = key.removeprefix("weights.")
    if goal == "self_determination":
        raise ScenarioError("then self_determination: it comes first; name another goal.")
    return goal


def _share(step: Step) -> Fraction:
    if not 0 <= step.within <= 1:  # false for nan as well
        raise InputError(f"within = {step.within}: give a share from 0 to 1 (0.005 is 0.5 %).")
    return Fraction(repr(float(step.within)))


def price(before: Run, after: Run) -> str:
    """Say what a step has cost, and what for."""
    voters = before.report.whole.both.self_determined - after.report.whole.both.self_determined
    share = voters / max(1, before.report.whole.both.voters)
    (goal,) = (one for one in GOALS if getattr(after.scenario.weights, one.key))
    asked = after.question.asking(after.scenario.override(settings={f"weights.{goal.key}": 1.0}))
    had, has = (
        next(one.amount for one in asked.account(run.plan) if one.key == goal.key)
        for run in (before, after)
    )
    return (
        f"Then {goal.key.replace('_', ' ')}: {has:,.0f} instead of {had:,.0f} "
        f"{goal.measured_in}, for {voters:,} voters fewer at home "
        f"({wording.percent(share, 2)} of all; {after.scenario.voters.at_home:,} had to be)."
    )


def stated(run: Run, step: Step | None) -> dict[str, Any]:
    """State a step as plain values."""
    result = run.result
    return {
        "scenario": run.scenario.name,
        "goal": "self_determination" if step is None else step.goal,
        "within": None if step is None else step.within,
        "at_home": run.scenario.voters.at_home,
        "status": result.status.value,
        "objective": result.objective,
        "bound": result.bound,
        "folder": None if run.folder is None else str(run.folder),
    }
