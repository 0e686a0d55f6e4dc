"""What each goal of a chain has come to, as a section of the page."""

from __future__ import annotations

from collections.abc import Sequence

from partition.answer.steps import GOAL_WORDS, StepTaken, costs_text, prices
from shapefiles.table_writing import markdown_table


def steps_section(steps: Sequence[StepTaken]) -> list[str]:
    """Write the section; nothing for a run that is no step of a chain."""
    if not steps:
        return []
    first = steps[0]
    rows = [(_named(first.goal), _amount(first), "-", "-", "-")]
    for step, price in zip(steps[1:], prices(steps), strict=True):
        share = f"{100 * (step.within or 0):.6g} %"
        before = f"{price.before:,.0f} {price.unit}"
        rows.append((_named(step.goal), _amount(step), before, costs_text(price), share))
    head = ("Goal", "Its plan has", "The plan before had", "It costs", "It may cost")
    intro = (
        "One goal after another: each plan is the best in its goal among those that are within a "
        "share of the best in every goal before. This is the last of them."
    )
    return ["## First this, then that", intro, markdown_table(head, rows)]


def _named(goal: str) -> str:
    return GOAL_WORDS[goal][:1].upper() + GOAL_WORDS[goal][1:]


def _amount(step: StepTaken) -> str:
    return f"{step.amounts[step.goal]:,.0f} {step.unit}"
