"""A run as graphs and plans for other programs: GerryChain and its like."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from partition.answer.outcome import Outcome
from shapefiles.files.dualgraph import DISTRICTS, write_assignment, write_dual_graph


def write_districts(outcome: Outcome, path: Path) -> Path:
    """Write a plan as ``GEOID,District``: district 1 is the blue nation, 2 the red one."""
    write_assignment(outcome.dataset.units, outcome.plan.assignment, path)
    return path


def write_graph(outcome: Outcome, path: Path) -> Path:
    """Write the dual graph that was divided, with the plan as the attribute ``District``."""
    question = outcome.question
    districts = np.array([int(DISTRICTS[part]) for part in outcome.plan.assignment.tolist()])
    planned = replace(
        question.units, attributes={**question.units.attributes, "District": districts}
    )
    write_dual_graph(planned, path, question.edges)
    return path
