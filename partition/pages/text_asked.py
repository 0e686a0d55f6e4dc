"""What was asked, as a section of the page: constraints in sentences, and goals with weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partition.pages import asked
from shapefiles.table_writing import Markdown, markdown_table, markdown_text

if TYPE_CHECKING:
    from partition.runs.run import Run


def asked_section(run: Run) -> list[str]:
    """Write the section."""
    sentences = asked.constraints(run.question)
    blocks = ["## What was asked", "\n".join(f"- {markdown_text(one)}" for one in sentences)]
    if run.scenario.weights.is_plain:
        goal = "The plan is best that leaves the most voters in the nation of their vote."
        return [*blocks, goal]
    given = run.question.account(run.plan)
    rows = [
        (
            _capitalized(asked.GOAL_NAMES[one.key]),
            f"{one.amount:,.0f} {one.measured_in}",
            f"{one.weight:,.6g}",
            f"{one.votes:+,.1f}",
        )
        for one in given
    ]
    total = Markdown(f"**{sum(one.votes for one in given):+,.1f}**")
    rows.append((Markdown("**Together**"), "", "", total))
    head = ("Goal", "This plan has", "Votes for each", "Votes")
    goal = "The plan is best that adds up to the most votes. How near it is to that is said above."
    return [*blocks, goal, markdown_table(head, rows)]


def _capitalized(text: str) -> str:
    """Begin with a capital letter; those of names and GDP stay."""
    return text[:1].upper() + text[1:]
