"""A plan from elsewhere: its figures, and whether it meets what a scenario asks for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.jupyter import JupyterMixin

from partition.answer import Report, wording
from partition.answer.document import report_document
from partition.land.dataset import Dataset
from partition.land.exchange import read_plan
from partition.question.left_out import LeftOut, sentences
from partition.question.question import Question
from partition.scenario import Scenario
from solvers.plan import Plan

if TYPE_CHECKING:
    from rich.console import RenderableType


@dataclass(frozen=True, slots=True)
class MeasuredPlan(JupyterMixin):
    """What a plan amounts to that no search of this program has found.

    Parameters
    ----------
    scenario
        What it is held against.
    plan
        The plan.
    report
        Every metric of it.
    broken
        The first constraint of the scenario that it breaks, or None.
    borders_left_out
        Borders between units that do not count.
    notes
        What a reader must know of the question, a sentence each.
    """

    scenario: Scenario
    plan: Plan
    report: Report
    broken: str | None
    borders_left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """Say whether the plan is one that the scenario allows."""
        if self.broken is None:
            return f"It meets every constraint of {self.scenario.name}."
        return f"It breaks a constraint of {self.scenario.name}: {self.broken}."

    def to_dict(self) -> dict[str, Any]:
        """State everything as plain values, ready for JSON."""
        return {
            "scenario": self.scenario.to_table(),
            "is_allowed": self.broken is None,
            "broken_constraint": self.broken,
            "borders_left_out": [one.to_dict() for one in self.borders_left_out],
            "metrics": report_document(self.report),
        }

    def __rich__(self) -> RenderableType:
        from rich.console import Group  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        from partition.pages.display import figures_table  # noqa: PLC0415

        return Group(
            Text(wording.headline(self.report)),
            Text(self.verdict),
            figures_table(self.report),
            *map(Text, self.notes),
        )


def measure_plan(scenario: Scenario, path: str | Path, blue: str = "") -> MeasuredPlan:
    """Measure a plan from a table of units.

    Parameters
    ----------
    scenario
        Whose map the plan divides, and whose constraints it is held against.
    path
        The table, as for :func:`partition.land.exchange.read_plan`.
    blue
        District that is the blue nation; ``1`` or ``blue`` unless given.

    Raises
    ------
    InputError
        When the map or the plan cannot be read, or they do not belong together.
    """
    question = Question(scenario, Dataset.asked_for(scenario.data))
    plan = read_plan(path, question.units, blue)
    return MeasuredPlan(
        scenario,
        plan,
        question.measure(plan),
        question.broken_constraint(plan),
        question.borders_left_out,
        sentences(question.units, scenario),
    )
