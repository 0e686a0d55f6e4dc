"""Good plans that show what is contested: a few of those that a survey has found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from partition.errors import InternalError
from partition.metrics import NATION_NAMES
from partition.question.question import Question
from partition.runs.run import Run
from partition.studies.figures import figures
from partition.studies.table import Row, in_votes
from solvers.plan import Plan
from solvers.robustness import Survey


def telling_plans(best: Run, survey: Survey) -> tuple[Plan, ...]:
    """Choose the plan of a run, and those of which each has a unit where none before has it."""
    plans = [best.plan, *(Plan(one) for one in survey.plans)]
    news = list(_news(plans))
    return tuple(one for number, one in enumerate(plans) if not number or len(news[number]))


def plan_rows(question: Question, plans: Sequence[Plan]) -> Iterator[Row]:
    """State what each plan is worth, how it differs from the first one, and its figures."""
    first, voters = plans[0].assignment, question.units.votes[question.election].sum(axis=1)
    best = _worth(question, plans[0])
    for one, new in zip(plans, _news(plans), strict=True):
        most = max(new.tolist(), key=voters.__getitem__, default=None)
        worth = _worth(question, one)
        yield {
            "shows": None if most is None else str(question.units.ids[most]),
            "shows_in": None if most is None else NATION_NAMES[one.assignment[most]],
            "objective_votes": worth,
            "below_best_votes": best - worth,
            "units_elsewhere": int((one.assignment != first).sum()),
            **figures(question.measure(one)),
        }


def _news(plans: Sequence[Plan]) -> Iterator[np.ndarray]:
    """List for each plan the units that no plan before it has in its nation."""
    units = np.arange(plans[0].n_units)
    is_shown = np.zeros((len(units), 2), np.bool_)
    is_shown[units, plans[0].assignment] = True
    for one in plans:
        yield np.flatnonzero(~is_shown[units, one.assignment])
        is_shown[units, one.assignment] = True


def _worth(question: Question, plan: Plan) -> int | float:
    formulation = question.formulation
    steps = formulation.problem.objective(formulation.expand(plan).assignment)
    worth = in_votes(steps, question.scale)
    if worth is None:
        raise InternalError(f"An objective of {steps} steps is none in votes.")
    return worth
