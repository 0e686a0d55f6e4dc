"""The data of a run: units, and what is known of them beside their polygons."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from shapefiles.read import ELECTIONS, data_hashes, load_states, load_united_states
from shapefiles.units import Units

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
    """

    units: Units
    electors: Mapping[str, Mapping[str, int]]
    hashes: Mapping[str, str]
    source: str

    @classmethod
    def embedded(cls) -> Self:
        """Read the data set that comes with the package."""
        states = load_states()
        electors = {
            election: {code: state.electoral_votes(election) for code, state in states.items()}
            for election in ELECTIONS
        }
        return cls(load_united_states(), electors, data_hashes(), SOURCE)

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
