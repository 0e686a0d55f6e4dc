"""Many plans of one land as neutral values: what stands on the page that goes from one to another.

Whatever made the plans, a weight that grows, elections that pass or scenarios side by side, is told
in *dials*: a plan stands at a place of each. Plans have the same *measures*, and what is proven of
all plans is said in these as inequalities.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from maps.robustness import Certainty
from maps.style import BUILT_IN, Palettes
from solvers.plan import Plan


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure that every plan has.

    Parameters
    ----------
    key
        Name for programs, such as ``"border_km"``.
    name
        Name for people, such as ``"Frontier"``.
    form
        ``share``: written as a percentage. ``number``: as it is. ``large``: from a million on in
        short. ``year``: its digits alone.
    unit
        Unit of measure, such as ``"km"``; empty for counts and shares.
    decimals
        How many are written; of the percentage where it is a share.
    """

    key: str
    name: str
    form: Literal["share", "number", "large", "year"] = "number"
    unit: str = ""
    decimals: int = 0

    @property
    def title(self) -> str:
        """Name with the unit of measure."""
        return f"{self.name}, {self.unit}" if self.unit else self.name


@dataclass(frozen=True, slots=True)
class Dial:
    """What changes from plan to plan, and its values.

    Parameters
    ----------
    name
        Such as ``"Price of the frontier"``.
    values
        Growing, at least one; a plan stands at one of them.
    unit
        Unit of measure, such as ``"votes per km"``.
    is_complete
        Whether the plan of each value is the best one for everything up to the next value.
    word
        What stands before a value in a sentence, where it is a number and no amount: ``"round"``.
    """

    name: str
    values: tuple[float, ...]
    unit: str = ""
    is_complete: bool = False
    word: str = ""


@dataclass(frozen=True, slots=True)
class ExploredPlan:
    """One of the plans.

    Parameters
    ----------
    plan
        Part of each unit: 1 is the blue nation, 0 the red one.
    title
        What it is called where there are no dials.
    at
        Number of its value on each dial.
    figures
        By key of the measure; None or nothing where it is not known.
    status
        Quality of the plan, as finished text.
    until
        Value of the first dial up to which it is the best plan; None where only its own is known.
    headline
        The figure that plans are compared by, as finished text; that of `up` unless given.
    about
        What it is, in a sentence.
    facts
        Further (name, text), such as ``("Seed", "0")``; the same names for each of the plans.
    """

    plan: Plan
    title: str
    at: tuple[int, ...]
    figures: Mapping[str, float | None]
    status: str = ""
    until: float | None = None
    headline: str = ""
    about: str = ""
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Bound:
    """What is proven of all plans that keep the rules.

    ``sum of coefficient * figure <= most``, over the figures named.

    Parameters
    ----------
    coefficients
        By key of the measure.
    most
        What no plan exceeds.
    """

    coefficients: Mapping[str, float]
    most: float


@dataclass(frozen=True, slots=True)
class Reference:
    """A plan that is known and stands on no dial.

    Parameters
    ----------
    title
        Such as ``"Red states and blue states"``.
    figures
        By key of the measure.
    """

    title: str
    figures: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Explored:
    """Many plans, with what is said of them and proven.

    Parameters
    ----------
    title
        Headline.
    measures
        What is known of the plans, the most important first; without any there is no chart.
    plans
        One or more; where there are dials, no two at the same place.
    across, up
        Keys of the two measures that the chart opens with; the headline is `up`.
    dials
        None, one or two.
    told
        Keys of the measures whose changes are told in sentences.
    bounds
        What is proven of all plans.
    references
        Plans for comparison.
    subtitle, election, source, notes, parties, nations, palettes, people_year
        As of a :class:`maps.ComparisonSummary`.
    headline_text
        The words that follow the headline.
    references_text
        What the references are called together.
    shows_references
        Whether the chart opens with them.
    mode
        What the page opens with: the plan on ``one`` map, the first two plans on ``two`` maps or on
        both sides of a divider (``swipe``), or ``all`` plans as small maps.
    certainty
        How sure each unit's nation is among all good plans, of which these are some; adds a view of
        it.
    opens_with
        What the map is coloured by at first: ``agreement``, or ``robustness`` where that is known.
    finding
        A figure and the words that follow it, as finished text, where one is known of all plans
        together; stands in place of that of the plan that is shown.
    warning
        What a reader must know before anything else, in sentences.
    """

    title: str
    measures: tuple[Measure, ...]
    plans: tuple[ExploredPlan, ...]
    across: str = ""
    up: str = ""
    dials: tuple[Dial, ...] = ()
    told: tuple[str, ...] = ()
    bounds: tuple[Bound, ...] = ()
    references: tuple[Reference, ...] = ()
    subtitle: str = ""
    election: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()
    parties: tuple[str, str] = ("Blue", "Red")
    nations: tuple[str, str] = ("Blue", "Red")
    palettes: Palettes = BUILT_IN
    people_year: str = ""
    headline_text: str = ""
    references_text: str = "Other plans"
    shows_references: bool = False
    mode: Literal["one", "two", "swipe", "all"] = "one"
    certainty: Certainty | None = None
    opens_with: Literal["agreement", "robustness"] = "agreement"
    finding: tuple[str, str] | None = None
    warning: str = ""
    _keys: tuple[str, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn.

        Raises
        ------
        ValueError
            When there is no plan or more than two dials, a plan stands at no place of
            its own, has other facts than the first one, or something speaks of a measure or of a
            view that there is not.
        """
        keys = tuple(one.key for one in self.measures)
        object.__setattr__(self, "_keys", keys)
        if not self.plans:
            raise ValueError("There is no plan to show.")
        if len(self.dials) > 2:
            raise ValueError(f"{len(self.dials)} dials: a page has room for two.")
        places = [one.at for one in self.plans]
        sizes = [len(dial.values) for dial in self.dials]
        for at in places:
            fits = len(at) == len(sizes) and all(
                0 <= place < size for place, size in zip(at, sizes, strict=True)
            )
            if not fits:
                raise ValueError(f"A plan stands at {at}, and the dials have {sizes} values.")
        if self.dials and len(set(places)) < len(places):
            raise ValueError("Two plans stand at the same place.")
        first, *others = (tuple(name for name, _ in one.facts) for one in self.plans)
        if any(one != first for one in others):
            raise ValueError(f"Facts of all plans have the names of the first one's: {first}.")
        named = {*self.told, *((self.across, self.up) if self.measures else ())}
        named |= {key for bound in self.bounds for key in bound.coefficients}
        if self.opens_with == "robustness" and self.certainty is None:
            raise ValueError("The page cannot open with robustness: of that nothing is known.")
        if unknown := named - set(keys):
            raise ValueError(f"No measure is called {', '.join(sorted(unknown))}.")

    def number(self, key: str) -> int:
        """Find the number of a measure."""
        return self._keys.index(key)

    @property
    def headline_name(self) -> str:
        """What plans are compared by."""
        return self.measures[self.number(self.up)].name if self.measures else self.headline_text
