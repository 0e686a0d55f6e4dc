"""What a run amounts to: the question, the answer and its measures, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from partition.answer import Report, wording
from partition.land.dataset import Dataset
from partition.question.question import Question
from partition.scenario import Scenario
from solvers.plan import Plan
from solvers.result import Result


@dataclass(frozen=True, slots=True, repr=False)
class Outcome:
    """A finished run: what was asked, what was found, and what it amounts to.

    Parameters
    ----------
    question
        What was asked for, and about which land.
    result
        What the search handed back.
    plan
        The plan it found.
    report
        Every metric of the plan.
    """

    question: Question
    result: Result
    plan: Plan
    report: Report

    @property
    def scenario(self) -> Scenario:
        """What was asked for."""
        return self.question.scenario

    @property
    def dataset(self) -> Dataset:
        """What it was asked about."""
        return self.question.dataset

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__} {self.scenario.name!r} on {self.scenario.election}: "
            f"{wording.headline(self.report)}. {wording.quality(self.result)}>"
        )
