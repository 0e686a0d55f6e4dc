"""The elements of a page of several plans, beside those it shares with the page of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maps.compared import ComparedPlan, ComparisonSummary
from maps.elements import DRAWING, Legends, PageElement
from maps.explored import Explored


class PlansLayer(PageElement):
    """The units of a comparison, drawn once for each plan that is looked at.

    Parameters
    ----------
    data
        What the code draws; see :func:`maps.comparison.compare`.
    """

    template = "plans.html.jinja"
    scripts = DRAWING

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__()
        self.data = dict(data)


class ComparisonPanel(Legends):
    """Title, ways to compare, views with legends, and the table of the plans.

    Parameters
    ----------
    summary
        What it says.
    plans
        Rows of the table.
    has_states
        Whether there are lines between states to switch off.
    has_no_votes
        Whether there are units in which nobody voted.
    explored
        The same plans with their figures as numbers, for a chart; none without.
    """

    template = "comparison.html.jinja"
    scripts = (
        "sheet.js",
        "multiples.js",
        "linked.js",
        "swipe.js",
        "measures.js",
        "reach.js",
        "chart.js",
        "comparison.js",
    )
    proof_text = ""  # plans of different questions have no bound in common

    modes = (("two", "Two maps"), ("swipe", "Swipe"), ("all", "All plans"))
    views = (
        ("agreement", "Agreement"),
        ("nations", "Nations"),
        ("difference", "Differences"),
        ("margin", "Margin"),
    )

    def __init__(
        self,
        summary: ComparisonSummary,
        plans: Sequence[ComparedPlan],
        *,
        has_states: bool,
        has_no_votes: bool = False,
        explored: Explored | None = None,
    ) -> None:
        super().__init__(has_no_votes=has_no_votes)
        self.summary = summary
        self.plans = [(one.label, one.headline) for one in plans]
        self.has_states = has_states
        self.explored = explored
