"""The figures of a report: plain values, each with its unit of measure in its name.

Figures that the data do not allow are None, and so are shares of nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Generic, TypeVar

from partition.answer.state_figures import House, Presidency, StateSplits
from partition.land.ballot import Ballot

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Tally:
    """What some units add up to.

    Parameters
    ----------
    units
        Number of units.
    blue_votes, red_votes
        Two-party votes of each side.
    self_determined
        Voters who live in the nation they voted for.
    pieces
        Connected pieces, of both nations where the units are of both.
    people
        Inhabitants; None where the data have no population.
    land_km2
        Land area in square kilometres; None where the data have no area.
    gdp_dollars
        Gross domestic product in chained 2012 dollars; None where the data have none.
    electoral_votes
        Electoral votes; None for a landmass, since a state can lie on several.
    """

    units: int
    blue_votes: int
    red_votes: int
    self_determined: int
    pieces: int
    people: int | None = None
    land_km2: float | None = None
    gdp_dollars: int | None = None
    electoral_votes: int | None = None

    @property
    def voters(self) -> int:
        """Two-party voters."""
        return self.blue_votes + self.red_votes

    @property
    def stranded(self) -> int:
        """Voters who live in the other nation than the one they voted for."""
        return self.voters - self.self_determined

    @property
    def self_determination(self) -> float | None:
        """Share of the two-party voters who live in the nation they voted for."""
        return self.self_determined / self.voters if self.voters else None

    def to_dict(self) -> dict[str, Any]:
        """State the figures, and those that follow from them, as plain values."""
        derived = ("voters", "stranded", "self_determination")
        return asdict(self) | {name: getattr(self, name) for name in derived}


@dataclass(frozen=True, slots=True)
class Division:
    """How one stretch of land is divided: together, and each nation.

    Parameters
    ----------
    title
        What the land is called.
    both, blue, red
        Figures of the land together and of each nation.
    cut_edges
        Adjacent units in different nations, in pairs.
    border_km
        Length of the frontier in kilometres; None where no border has a length.
    """

    title: str
    both: Tally
    blue: Tally
    red: Tally
    cut_edges: int
    border_km: float | None

    def to_dict(self) -> dict[str, Any]:
        """State all figures as plain values."""
        return {
            "title": self.title,
            "both": self.both.to_dict(),
            "blue": self.blue.to_dict(),
            "red": self.red.to_dict(),
            "cut_edges": self.cut_edges,
            "border_km": self.border_km,
        }


@dataclass(frozen=True, slots=True)
class Sorting:
    """How well the line sorts the voters; formulas in :mod:`partition.metrics`.

    Parameters
    ----------
    blue_stranded_voters, red_stranded_voters
        Voters of each side who live in the other side's nation.
    blue_stranded_share, red_stranded_share
        Stranded voters of each side as a share of the side's voters.
    stranded_share_difference
        Blue share minus red share.
    status_quo_voters
        Voters who get the nation of their vote when nobody leaves.
    best_without_contiguity_voters
        Voters who get the nation of their vote when every unit joins its own majority.
    gain_over_status_quo_voters, gain_over_status_quo_share
        Voters gained over the status quo: the stranded voters that the fixed cost of a second state
        must outweigh; and as a share of what is possible.
    price_of_contiguity_voters, price_of_contiguity_share
        Voters given up against the best without contiguity; and as a share of all voters.
    dissimilarity_index
        Dissimilarity of the nations after Duncan and Duncan, from 0 to 1.
    variance_between_share
        Share of the variance of the vote that lies between the nations.
    dollars_per_freed_voter_and_gdp_percent
        Dollars a year that not being stranded must be worth to each voter gained, for every percent
        of the GDP that a second state costs a year.
    """

    blue_stranded_voters: int
    red_stranded_voters: int
    blue_stranded_share: float | None
    red_stranded_share: float | None
    stranded_share_difference: float | None
    status_quo_voters: int
    best_without_contiguity_voters: int
    gain_over_status_quo_voters: int
    gain_over_status_quo_share: float | None
    price_of_contiguity_voters: int
    price_of_contiguity_share: float | None
    dissimilarity_index: float | None
    variance_between_share: float | None
    dollars_per_freed_voter_and_gdp_percent: float | None


@dataclass(frozen=True, slots=True)
class Keystone:
    """A unit that holds its nation together.

    Parameters
    ----------
    id, name, state
        Id, name and state of the unit.
    cut_off_people, cut_off_voters
        Inhabitants whom its loss would cut off from the larger part, or voters where the data have
        no population; the other is None.
    """

    id: str
    name: str
    state: str
    cut_off_people: int | None
    cut_off_voters: int | None

    @property
    def cut_off(self) -> int:
        """People, or voters where the data have no population."""
        return (self.cut_off_voters if self.cut_off_people is None else self.cut_off_people) or 0


@dataclass(frozen=True, slots=True)
class Territory:
    """The shape of one nation.

    Parameters
    ----------
    has_sea_access
        Whether any unit lies on the sea.
    sea_coast_km, lake_coast_km
        Length of the shore on the sea and on the Great Lakes.
    outline_km
        Length of the whole outline: coast, frontier, borders with other countries.
    polsby_popper
        Compactness, 1 for a circle.
    exclaves, exclave_people
        Pieces cut off from the main piece on their landmass, and their inhabitants.
    enclaves, enclave_people
        Pieces that the other nation surrounds, and their inhabitants.
    keystones
        Number of units without any one of which a piece would fall apart.
    gravest_keystones
        Units whose loss would cut off the most inhabitants, the gravest first.
    """

    has_sea_access: bool | None
    sea_coast_km: float | None
    lake_coast_km: float | None
    outline_km: float | None
    polsby_popper: float | None
    exclaves: int
    exclave_people: int | None
    enclaves: int | None
    enclave_people: int | None
    keystones: int
    gravest_keystones: tuple[Keystone, ...]


@dataclass(frozen=True, slots=True)
class PerNation(Generic[T]):
    """Something for each nation."""

    blue: T
    red: T


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """Every metric of one plan.

    Parameters
    ----------
    election
        Election whose votes were counted.
    ballot
        What the election and its sides are called.
    whole
        Figures of all the land together.
    landmasses
        Figures of each connected component of the graph of active edges, the most voters first.
    sorting
        How well the line sorts the voters.
    territory
        The shape of each nation.
    states
        What the line does to the states; None where the units have no states.
    presidency, house
        Who would have won the presidency, and seats by state; None where the data have no electoral
        votes or no population.
    years
        Year that people and GDP are of (``people``, ``gdp_dollars``), where it is known.
    """

    election: str
    ballot: Ballot
    whole: Division
    landmasses: tuple[Division, ...]
    sorting: Sorting
    territory: PerNation[Territory]
    states: StateSplits | None
    presidency: Presidency | None
    house: House | None
    years: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        both = self.whole.both
        stranded = f"{both.stranded:,} of {both.voters:,} voters stranded"
        return f"<Report on {self.election!r}: {stranded}, {both.pieces:,} pieces>"

    @property
    def self_determination(self) -> float | None:
        """Share of all two-party voters who live in the nation they voted for."""
        return self.whole.both.self_determination

    def to_dict(self) -> dict[str, Any]:
        """State the main figures as plain values, ready for JSON; ``report.json`` has them all."""
        return {
            "election": self.election,
            "whole": self.whole.to_dict(),
            "landmasses": [one.to_dict() for one in self.landmasses],
        }
