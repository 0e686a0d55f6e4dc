"""The elements of the page of many plans, beside those it shares with the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from maps.elements import DRAWING, Legends, PageElement
from maps.explored import Explored, ExploredPlan
from maps.plan_texts import headline
from maps.robustness import RobustLegend

PROOF = "Proven: no plan within the rules is on the shaded ground"
"""What the legend says of the ground that bounds exclude."""


class ExploredLayer(PageElement):
    """The units, of which a plan after the other is drawn.

    Parameters
    ----------
    data
        What the code draws; see :func:`maps.explorer.explore`.
    """

    template = "explored.html.jinja"
    scripts = (*DRAWING, "moving.js", "sequence.js")

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__()
        self.data = dict(data)


class DialShown(NamedTuple):
    """What the template says of a dial."""

    name: str
    n: int


class ExplorerPanel(Legends):
    """Title, dials, views with legends, the trade-off, and what changes.

    Parameters
    ----------
    explored
        What it says.
    has_states
        Whether there are lines between states to switch off.
    has_no_votes
        Whether there are units in which nobody voted.
    robustness
        What stands beside the view of robustness; None where there is no such view.
    """

    template = "explorer.html.jinja"
    scripts = (
        "sheet.js",
        "measures.js",
        "reach.js",
        "words.js",
        "chart.js",
        "heat.js",
        "trade-off.js",
        "dials.js",
        "plan-list.js",
        "multiples.js",
        "linked.js",
        "swipe.js",
        "stage.js",
        "explorer.js",
    )
    proof_text = PROOF
    modes = (("one", "One map"), ("two", "Two maps"), ("swipe", "Swipe"), ("all", "All plans"))

    def __init__(
        self,
        explored: Explored,
        *,
        has_states: bool,
        has_no_votes: bool = False,
        robustness: RobustLegend | None = None,
    ) -> None:
        super().__init__(has_no_votes=has_no_votes, robustness=robustness)
        self.summary = explored
        self.explored = explored
        self.dials = [DialShown(one.name, len(one.values)) for one in explored.dials] or [
            DialShown("Plan", len(explored.plans))
        ]
        self.views = [
            ("agreement", "Agreement"),
            ("nations", "Nations"),
            ("difference", "Differences"),
            # Plans side by side have no order in which places could change.
            *([("change", "Changes")] if explored.dials else []),
            ("margin", "Margin"),
            *([("robustness", "Robustness")] if robustness else []),
        ]
        self.views.sort(key=lambda one: one[0] != explored.opens_with)
        self.n_plans = len(explored.plans)
        self.mode = explored.mode if self.n_plans > 1 else "one"
        self.has_states = has_states

    def headline(self, one: ExploredPlan) -> str:
        """Write the figure that plans are compared by."""
        return headline(self.explored, one)
