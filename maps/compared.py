"""The words, figures and plans of a comparison."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from maps.explored import Explored
from maps.style import BUILT_IN, Palettes
from solvers.plan import Plan


@dataclass(frozen=True, slots=True)
class ComparedPlan:
    """One plan of a comparison, with what is said of it, as finished text.

    Parameters
    ----------
    label
        Short name for a row of a table and the corner of a map, such as ``"Archipelago"``.
    plan
        Part of each unit: 1 is the blue nation, 0 the red one.
    headline
        The figure that plans are compared by, such as ``"63.3 %"``.
    title
        What the plan is, in a sentence.
    figures
        Further (measure, value), such as ``("Frontier", "62,033 km")``; the same measures for each
        plan of a comparison.
    status
        Quality of the plan, with its bound where one is proven.
    """

    label: str
    plan: Plan
    headline: str = ""
    title: str = ""
    figures: tuple[tuple[str, str], ...] = ()
    status: str = ""


@dataclass(frozen=True, slots=True)
class ComparisonSummary:
    """What the panel of a comparison says beside its plans, as finished text.

    Parameters
    ----------
    title
        Headline, such as ``"What a frontier costs"``.
    headline_name
        What the headline figures of the plans are, the head of their column.
    subtitle
        One sentence under the title.
    election
        What the votes are, such as ``"Presidential election of 2016"``.
    source
        Where the data come from.
    notes
        Further sentences.
    parties
        What to call the votes of the blue and of the red side.
    nations
        What to call the blue and the red nation: each is "the ... nation".
    palettes
        Colours of both sides in the light and in the dark theme; see :func:`maps.colours.palettes`.
    people_year
        Year that the people of the units are of; empty where it is not known.
    """

    title: str
    headline_name: str = "At home"
    subtitle: str = ""
    election: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()
    parties: tuple[str, str] = ("Blue", "Red")
    nations: tuple[str, str] = ("Blue", "Red")
    palettes: Palettes = BUILT_IN
    people_year: str = ""

    def explored(self, **of_plans: Any) -> Explored:
        """State a page that opens with two maps, with these words around them.

        Parameters
        ----------
        **of_plans
            What else :class:`maps.Explored` takes: `plans`, `measures` and what is said of these.
        """
        return Explored(
            title=self.title,
            subtitle=self.subtitle,
            election=self.election,
            source=self.source,
            notes=self.notes,
            parties=self.parties,
            nations=self.nations,
            palettes=self.palettes,
            people_year=self.people_year,
            mode="two",
            **of_plans,
        )
