"""What a picture or a page shows, in words, for those who do not see it."""

from __future__ import annotations

from collections.abc import Sequence

from maps.compared import ComparedPlan, ComparisonSummary
from maps.explored import Explored
from maps.plan_texts import dial_text, headline
from maps.robustness import RobustLegend
from maps.summary import MapSummary

MOST_PLANS = 12
"""Plans whose figures are told."""


def map_in_words(summary: MapSummary, n_units: int) -> str:
    """Describe the map of one plan.

    Examples
    --------
    >>> summary = MapSummary("Two nations", "63.4 %", "of voters live in the nation they voted for")
    >>> map_in_words(summary, 3113)
    'Map of 3,113 units in two nations, Blue and Red: Two nations. 63.4 % of voters live in the \
nation they voted for.'
    """
    blue, red = summary.nations
    table = [f"{measure}: {blue} {one}, {red} {other}" for measure, one, other in summary.table[:4]]
    return _sentences(
        f"Map of {n_units:,} units in two nations, {blue} and {red}: {summary.title}",
        f"{summary.headline} {summary.headline_text}",
        summary.election,
        *table,
        summary.status,
    )


def comparison_in_words(
    summary: ComparisonSummary, plans: Sequence[ComparedPlan], n_units: int
) -> str:
    """Describe the maps of some plans beside each other."""
    blue, red = summary.nations
    told = [f"{one.label}: {one.headline}" for one in plans[:MOST_PLANS]]
    return _sentences(
        f"Maps of {len(plans)} plans for {n_units:,} units in two nations, {blue} and {red}: "
        f"{summary.title}",
        summary.election,
        f"{summary.headline_name} in each plan",
        *told,
        _rest(len(plans)),
    )


def explored_in_words(
    explored: Explored, n_units: int, robustness: RobustLegend | None = None
) -> str:
    """Describe many plans along their dials, and first what is known of all of them."""
    blue, red = explored.nations
    step = max(1, -(-len(explored.plans) // MOST_PLANS))
    told = []
    for one in explored.plans[::step]:
        dials = [
            f"{dial.name} {dial_text(explored, one, k)}" for k, dial in enumerate(explored.dials)
        ]
        place = ", ".join(dials) or one.title
        told.append(f"{place}: {headline(explored, one)}")
    many = "One plan" if len(explored.plans) == 1 else f"{len(explored.plans)} plans"
    return _sentences(
        f"{many} for {n_units:,} units in two nations, {blue} and {red}: {explored.title}",
        explored.election,
        " ".join(explored.finding or ()),
        explored.warning,
        *(f"{one.name}: {one.amount}" for one in (robustness.classes if robustness else ())),
        robustness.rule if robustness else "",
        f"{explored.headline_name} in {'each plan' if step == 1 else 'some of the plans'}",
        *told,
    )


def _rest(n_plans: int) -> str:
    return f"And {n_plans - MOST_PLANS} more" if n_plans > MOST_PLANS else ""


def _sentences(*texts: str) -> str:
    """Join texts as sentences, on one line."""
    whole = [" ".join(text.split()) for text in texts]
    return " ".join(text if text[-1] in ".!?:" else f"{text}." for text in whole if text)
