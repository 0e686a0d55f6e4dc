"""A plan from elsewhere: its figures, and whether it meets what a scenario asks for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from partition.answer.document import report_document
from partition.land.exchange import read_plan
from partition.question.asking import ask
from partition.runs.run import Run
from partition.scenario import Scenario


def measure_plan(scenario: Scenario, path: str | Path, blue: str = "") -> Run:
    """Measure a plan from a table of units.

    Parameters
    ----------
    scenario
        Scenario whose map the plan divides, and whose constraints it is held against.
    path
        The table, as for :func:`partition.land.exchange.read_plan`.
    blue
        District that is the blue nation; ``1`` or ``blue`` unless given.

    Returns
    -------
    Run
        The plan and its figures, with nothing proven of it.

    Raises
    ------
    InputError
        When the map or the plan cannot be read, or they do not belong together.
    """
    question = ask(scenario)
    return Run.measured(question, read_plan(path, question.units, blue))


def describe_measured(run: Run) -> dict[str, Any]:
    """State what is known of a given plan as plain values, ready for JSON."""
    broken = run.broken_constraint
    return {
        "scenario": run.scenario.to_table(),
        "is_allowed": broken is None,
        "broken_constraint": broken,
        "borders_left_out": [one.to_dict() for one in run.question.borders_left_out],
        "metrics": report_document(run.report),
    }
