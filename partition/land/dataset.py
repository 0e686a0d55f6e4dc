"""The data of a run: units, and what is known of them beside their polygons."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from partition.errors import InputError
from partition.land.ballot import Ballot, side_name
from shapefiles.embedded.read import (
    ELECTIONS,
    GDP_OF,
    PEOPLE_OF,
    data_hashes,
    load_people,
    load_states,
    load_united_states,
)
from shapefiles.errors import DataError
from shapefiles.mapfiles import UNNAMED
from shapefiles.once import with_attributes
from shapefiles.units import Units

if TYPE_CHECKING:
    from shapefiles.mapfiles import MapFiles

SOURCE = (
    "Certified results of the states; US Census Bureau (boundaries, population); "
    "Bureau of Economic Analysis (GDP)"
)
"""Where the embedded data come from, in a line; the data card has the rest."""


@dataclass(frozen=True, slots=True)
class Dataset:
    """Units, and what is said about them beside their polygons.

    Parameters
    ----------
    units
        Units of land with votes.
    electors
        For each election, the electoral votes of each state; empty where there are none.
    hashes
        SHA-256 of every file the units were read from.
    source
        Where the data come from, in a sentence.
    repairs
        What was mended in files that somebody brought, as plain values.
    ballots
        Names of elections and their sides, where they are not those of the embedded data.
    years
        For each election, the year that people and GDP are of (``people``, ``gdp_dollars``), where
        that is known.
    people
        People of each unit for elections of which they are others than those of the units, shape
        ``(n_units,)`` each.
    held
        Units and votes as they were held in memory, where they are in no file, or None each: what
        a run is verified against.
    """

    units: Units
    electors: Mapping[str, Mapping[str, int]]
    hashes: Mapping[str, str]
    source: str
    repairs: tuple[Mapping[str, Any], ...] = ()
    ballots: Mapping[str, Ballot] = field(default_factory=dict)
    years: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    people: Mapping[str, npt.NDArray[np.int64]] = field(default_factory=dict, compare=False)
    held: tuple[Any, Any] = field(default=(None, None), repr=False, compare=False)

    def __post_init__(self) -> None:
        for people in self.people.values():
            people.setflags(write=False)

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        """Pickle mappings as plain dictionaries: read-only views cannot travel, nor need frames."""
        given = (getattr(self, one.name) for one in fields(self) if one.name != "held")
        return type(self), tuple(dict(one) if isinstance(one, Mapping) else one for one in given)

    def __repr__(self) -> str:
        return f"<Dataset: {self.units!r}, {self.source}>"

    @classmethod
    def embedded(cls) -> Self:
        """Read the data set that comes with the package."""
        states = load_states()
        electors = {
            election: {code: state.electoral_votes(election) for code, state in states.items()}
            for election in ELECTIONS
        }
        years = {one: {"people": PEOPLE_OF[one], "gdp_dollars": GDP_OF[one]} for one in ELECTIONS}
        people = {one: load_people(one) for one in ELECTIONS}
        units = load_united_states()
        return cls(units, electors, data_hashes(), SOURCE, years=years, people=people)

    @classmethod
    def read(cls, files: MapFiles, units: Any = None, votes: Any = None) -> Self:
        """Read a map of one's own.

        Parameters
        ----------
        files
            Files and columns.
        units, votes
            What is held in memory in place of their files, or None.

        Raises
        ------
        InputError
            When a file, a column or a value is wrong: one line with the place and what to do.
        """
        from shapefiles.own.given import Held  # noqa: PLC0415 - GeoPandas takes a second to load
        from shapefiles.own.reading import read_map  # noqa: PLC0415

        try:
            found = read_map(files, Held(units, votes))
        except DataError as error:
            raise InputError(str(error)) from None
        names = [Path(one).name for one in (files.units, files.votes) if one]
        return cls(
            found.units,
            {},
            found.hashes,
            " and ".join(names),
            tuple(one.to_dict() for one in found.repairs),
            {files.election: _ballot(files)},
            held=(units, votes),
        )

    @classmethod
    def asked_for(cls, files: MapFiles | None) -> Self:
        """Read the map that a scenario names, or the data set that comes with the package."""
        return cls.embedded() if files is None else cls.read(files)

    @classmethod
    def of(cls, units: Units) -> Self:
        """Wrap units of one's own; the hash is that of all but their polygons."""
        digest = hashlib.sha256("\n".join(units.ids.tolist()).encode())
        digest.update("\n".join(units.states.tolist()).encode())
        for table in (units.votes, units.attributes):
            for name in sorted(table):
                digest.update(name.encode() + np.ascontiguousarray(table[name]).tobytes())
        for array in (units.edges.pairs, units.edges.border, units.edges.is_default):
            digest.update(np.ascontiguousarray(array).tobytes())
        digest.update("\n".join(units.edges.kind.tolist()).encode())
        return cls(units, {}, {"units": digest.hexdigest()}, "")

    def units_of(self, election: str) -> Units:
        """Give the units the people of the year nearest to an election."""
        people = self.people.get(election)
        if people is None or np.array_equal(people, self.units.attributes["population"]):
            return self.units
        return with_attributes(self.units, {**self.units.attributes, "population": people})

    def ballot(self, election: str) -> Ballot:
        """Say what an election and its sides are called."""
        return self.ballots.get(election) or Ballot.known(election)

    def n_voters(self, election: str) -> int:
        """Count two-party voters; 0 where there is no such election."""
        votes = self.units.votes.get(election)
        return 0 if votes is None else int(votes.sum())


def _ballot(files: MapFiles) -> Ballot:
    """Call an election and both sides; blue and red where the map has no votes."""
    title = "" if files.election == UNNAMED else files.election
    if not files.names_votes:
        return Ballot(title, *Ballot.known(files.election).sides)
    sides = side_name(files.blue, "Blue"), side_name(files.red, "Red")
    if sides[0] == sides[1]:  # the columns differ in what cannot be printed, or where they are cut
        sides = ("Blue", "Red")
    return Ballot(title, *sides)
