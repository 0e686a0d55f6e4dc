"""The data of a run, read again: those that come with the program, or a map of one's own."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from partition.verify.counted import CANDIDATES, Counted, listed
from partition.verify.document import side_names
from partition.verify.fields import entries, fail, fields, show, text
from partition.verify.own import load_own
from partition.verify.swing import swing

FOLDER = Path(__file__).parents[2] / "shapefiles" / "data"
"""Where the data lie."""

UNITS, EDGES, STATES = "units.parquet", "edges.parquet", "states.parquet"

COLUMNS = (
    "geoid",
    "name",
    "state",
    "population",
    "gdp",
    "area",
    "perimeter",
    "sea_coast",
    "lake_coast",
    "borders_canada",
    "borders_mexico",
)
"""Columns of the data that a scenario or a report can ask about, beside votes."""

PEOPLE = {"2016": "population", "2020": "population_2020", "2024": "population_2020"}
"""Column of the people of each election: the year nearest to it, and 2016 without a year."""

ELECTORS = {
    "2016": "electoral_votes_2016",
    "2020": "electoral_votes_2016",
    "2024": "electoral_votes_2024",
}
"""Column of the electoral votes of each election."""


def load(
    scenario: dict[str, Any],
    data: dict[str, Any],
    folder: Path,
    held: tuple[Any, Any] = (None, None),
) -> Counted | str:
    """Read the data that a run divides.

    Parameters
    ----------
    scenario
        The table of ``run.json``.
    data
        The table ``data`` of ``run.json``: SHA-256 of the files, and where they lie.
    folder
        The bundle, from which the files of a map of one's own are looked for.
    held
        Units and votes of such a map that are held in memory and in no file, or None.

    Returns
    -------
    Counted or str
        The data; or why they are not at hand, in a sentence.

    Raises
    ------
    CertificateError
        When the scenario names no such election, or no files.
    """
    election, (on, off) = scenario["election"], switched(scenario["edges"])
    if "data" in scenario:
        own = load_own(scenario["data"], data, folder, election, on, off, held)
        return _named(own, scenario) if isinstance(own, Counted) else own
    if data["sha256"] != {name: sha256(name) for name in (UNITS, EDGES, STATES)}:
        return "the run used other data than those that come with this program"
    return _named(load_embedded(election, on, off), scenario)


def _named(data: Counted, scenario: dict[str, Any]) -> Counted:
    """Call the sides as the scenario does, and move the voters whom it moves."""
    names = side_names(scenario)
    named = data if names is None else data._replace(sides=names, nations=names)
    if "swing" not in scenario:
        return named
    return swing(named, scenario["swing"], "run.json: scenario.swing")


@cache
def sha256(name: str) -> str:
    """Hash a file of the data."""
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()


def switched(edges: Any) -> tuple[set[str], set[str]]:
    """Read the kinds of edge that a scenario switches on, and off."""
    place = "run.json: scenario.edges"
    on, off = fields(edges, place, ("on", "off"))
    return _kinds(on, f"{place}.on"), _kinds(off, f"{place}.off")


def _kinds(value: Any, place: str) -> set[str]:
    return {text(kind, f"{place}[{n}]") for n, kind in enumerate(entries(value, place))}


def load_embedded(election: str, on: set[str], off: set[str]) -> Counted:
    """Read the columns of the program's data, and the edges that a scenario leaves on."""
    if election not in ELECTORS:
        place = "run.json: scenario.election"
        fail(place, f"{show(election)} is not an election of the data.")
    votes = [f"{side}_{election}" for side in ("rep", "dem")]
    people = PEOPLE[election]
    table = pq.read_table(FOLDER / UNITS, columns=[*{*COLUMNS, people}, *votes])
    columns = {name: table[name].to_pylist() for name in table.column_names}
    columns["population"] = columns[people]
    unit_of = {name: unit for unit, name in enumerate(columns["geoid"])}
    borders, shared, off_rows = {}, {}, []
    for edge in pq.read_table(FOLDER / EDGES).to_pylist():
        a, b = unit_of[edge["geoid_a"]], unit_of[edge["geoid_b"]]
        pair = (min(a, b), max(a, b))
        shared[pair] = edge["border"]
        if (edge["is_default"] or edge["kind"] in on) and edge["kind"] not in off:
            borders[pair] = edge["border"]
        else:
            off_rows.append((pair, edge["kind"], edge["border"]))
    return Counted(
        columns,
        borders,
        shared,
        listed(off_rows, columns["geoid"]),
        election,
        electors=_electors(election),
        title=f"Presidential election of {election}",
        sides=CANDIDATES[election],
        years={"people": people[-4:] if people[-1].isdigit() else "2016", "gdp_dollars": "2016"},
    )


def _electors(election: str) -> dict[str, int]:
    table = pq.read_table(FOLDER / STATES).to_pylist()
    return {row["state"]: row[ELECTORS[election]] for row in table}
