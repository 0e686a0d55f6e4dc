"""The report: every metric of one plan, with its unit of measure in its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from partition.metrics import (
    BLUE,
    RED,
    components,
    electoral_votes,
    frontier_km,
    is_cut,
    matched_votes,
)
from shapefiles.units import Units
from solvers.plan import Plan


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
        Length of the frontier in kilometres.
    """

    title: str
    both: Tally
    blue: Tally
    red: Tally
    cut_edges: int
    border_km: float

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
class Report:
    """Every metric of one plan.

    Parameters
    ----------
    election
        Election whose votes were counted.
    whole
        All the land.
    landmasses
        Each connected component of the graph of active edges, the most voters first.
    """

    election: str
    whole: Division
    landmasses: tuple[Division, ...]

    @property
    def self_determination(self) -> float | None:
        """Share of all two-party voters who live in the nation they voted for."""
        return self.whole.both.self_determination

    def to_dict(self) -> dict[str, Any]:
        """State all figures as plain values, ready for JSON."""
        return {
            "election": self.election,
            "whole": self.whole.to_dict(),
            "landmasses": [one.to_dict() for one in self.landmasses],
        }


def measure(
    units: Units,
    plan: Plan,
    election: str,
    active: npt.NDArray[np.bool_] | None = None,
    electors: Mapping[str, int] | None = None,
) -> Report:
    """Measure a plan: together, nation by nation and landmass by landmass.

    Parameters
    ----------
    units
        Units of land with votes.
    plan
        Part 1 is the blue nation, part 0 the red one.
    election
        Whose votes count; a key of ``units.votes``.
    active
        Edges that count, shape ``(n_edges,)``; the default edges unless given.
    electors
        Electoral votes of each state; left out of the report unless given.

    Returns
    -------
    Report
        All figures, recomputed from the plan.

    Raises
    ------
    ValueError
        When the plan is of other units, or the election is not in the data.
    """
    if plan.n_units != units.n_units:
        raise ValueError(
            f"The plan assigns {plan.n_units} units, the data have {units.n_units}. "
            "Measure a plan with the units it was made for."
        )
    if election not in units.votes:
        raise ValueError(f"The data have no election {election!r}, only {sorted(units.votes)}.")
    sheet = _tabulate(units, plan, election, units.edges.is_default if active is None else active)
    whole = _divide("Everything", sheet.rows.sum(axis=0), sheet, sheet.cuts.sum(axis=0))
    if electors is not None and "population" in units.attributes:
        people = units.attributes["population"]
        red, blue = electoral_votes(units.states, people, plan.assignment, electors)
        whole = replace(
            whole,
            both=replace(whole.both, electoral_votes=red + blue),
            blue=replace(whole.blue, electoral_votes=blue),
            red=replace(whole.red, electoral_votes=red),
        )
    landmasses = [
        _divide(title, rows, sheet, cuts)
        for title, rows, cuts in zip(sheet.titles, sheet.rows, sheet.cuts, strict=True)
    ]
    landmasses.sort(key=lambda one: -one.both.voters)
    return Report(election, whole, tuple(landmasses))


class _Sheet(NamedTuple):
    """Sums over every landmass: `rows` by nation and column, `cuts` edges and kilometres."""

    titles: list[str]
    columns: list[str]
    rows: npt.NDArray[np.float64]
    cuts: npt.NDArray[np.float64]


def _tabulate(units: Units, plan: Plan, election: str, active: npt.NDArray[np.bool_]) -> _Sheet:
    assignment, votes = plan.assignment, units.votes[election]
    pairs, border = units.edges.pairs[active], units.edges.border[active]
    cut = is_cut(pairs, assignment)
    landmass = components(pairs, units.n_units)
    piece = components(pairs[~cut], units.n_units)
    columns = {
        "units": np.ones(units.n_units),
        "blue_votes": votes[:, 0],
        "red_votes": votes[:, 1],
        "self_determined": matched_votes(votes, assignment),
        "pieces": _is_first(piece),
    }
    for name, attribute, factor in (
        ("people", "population", 1.0),
        ("land_km2", "area", 1e-6),
        ("gdp_dollars", "gdp", 1e3),
    ):
        if attribute in units.attributes:
            columns[name] = units.attributes[attribute] * factor
    n_landmasses = int(landmass.max()) + 1
    rows = np.stack(
        [_sums(2 * landmass + assignment, column, 2 * n_landmasses) for column in columns.values()],
        axis=1,
    ).reshape(n_landmasses, 2, -1)
    where = landmass[pairs[:, 0]]
    lengths = frontier_km(pairs, border, assignment)
    cuts = np.stack([_sums(where, one, n_landmasses) for one in (cut, lengths)], axis=1)
    return _Sheet(_titles(units, votes.sum(axis=1), landmass), list(columns), rows, cuts)


def _sums(group: npt.NDArray[Any], values: npt.NDArray[Any], n_groups: int) -> npt.NDArray[Any]:
    # bincount adds in float64: whole numbers stay exact below 2**53, far above any total here.
    return np.bincount(group, values, n_groups)


def _is_first(label: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Mark the first unit of every label, so that a sum of marks counts the labels."""
    first = np.zeros(len(label), np.bool_)
    first[np.unique(label, return_index=True)[1]] = True
    return first


def _titles(
    units: Units, voters: npt.NDArray[np.int64], landmass: npt.NDArray[np.int64]
) -> list[str]:
    """Call each landmass after its unit with the most voters."""
    order = np.lexsort((-voters, landmass))
    first = order[_is_first(landmass[order])]
    sizes = np.bincount(landmass)
    return [
        f"the landmass of {units.names[unit]}, {units.states[unit]} ({size:,} units)"
        if size > 1
        else f"{units.names[unit]}, {units.states[unit]}"
        for unit, size in zip(first.tolist(), sizes.tolist(), strict=True)
    ]


def _divide(
    title: str, rows: npt.NDArray[np.float64], sheet: _Sheet, cuts: npt.NDArray[np.float64]
) -> Division:
    def tally(row: npt.NDArray[np.float64]) -> Tally:
        figures = dict(zip(sheet.columns, row.tolist(), strict=True))
        return Tally(
            **{
                name: value if name == "land_km2" else round(value)
                for name, value in figures.items()
            }
        )

    return Division(
        title=title,
        both=tally(rows.sum(axis=0)),
        blue=tally(rows[BLUE]),
        red=tally(rows[RED]),
        cut_edges=round(cuts[0]),
        border_km=float(cuts[1]),
    )
