"""A run as graphs and plans for other programs: GerryChain and its like."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from shapefiles.files.dualgraph import DISTRICTS, write_assignment, write_dual_graph

if TYPE_CHECKING:
    from partition.runs.run import Run


def write_districts(run: Run, path: Path) -> Path:
    """Write a plan as ``GEOID,District``: district 1 is the blue nation, 2 the red one."""
    write_assignment(run.dataset.units, run.plan.assignment, path)
    return path


def write_graph(run: Run, path: Path) -> Path:
    """Write the dual graph that was divided, with the plan as the attribute ``District``."""
    question = run.question
    districts = np.array([int(DISTRICTS[part]) for part in run.plan.assignment.tolist()])
    planned = replace(
        question.units, attributes={**question.units.attributes, "District": districts}
    )
    write_dual_graph(planned, path, question.edges)
    return path
