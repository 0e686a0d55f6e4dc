"""The instance of a certificate, compared with the scenario and the program's own data."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from partition.verify.fields import entries, fail, fields, show, text
from partition.verify.goals import compare_goals, state_seats
from partition.verify.instance import Instance
from partition.verify.own import load_own
from partition.verify.rules import Counted, compare_rules

FOLDER = Path(__file__).parents[2] / "shapefiles" / "data"
"""Where the data lie."""

UNITS, EDGES = "units.parquet", "edges.parquet"

KEYS = {
    "name",
    "title",
    "description",
    "election",
    "nations",
    "units",
    "neighbours",
    "weights",
    "edges",
    "limits",
}
"""Keys of a scenario that this program understands."""

COLUMNS = (
    "geoid",
    "state",
    "population",
    "gdp",
    "area",
    "sea_coast",
    "borders_canada",
    "borders_mexico",
)
"""Columns of the data that a scenario can ask about, beside votes."""


def recount(document: Any, instance: Instance) -> tuple[bool, str]:
    """Compare an instance with the data and the scenario of a run.

    Parameters
    ----------
    document
        The content of ``run.json``.
    instance
        The instance of the certificate.

    Returns
    -------
    tuple
        Whether votes, edges and constraints were compared, and a sentence on where they come from.

    Raises
    ------
    CertificateError
        When the instance differs from the data that come with the program, or from the files of the
        map that the run names.
    """
    stated = "Gains and constraints are those that the certificate states"
    data, scenario = (document.get(name) for name in ("data", "scenario"))
    hashes = data.get("sha256") if type(data) is dict else None
    is_own = type(scenario) is dict and "data" in scenario
    if type(hashes) is not dict or not (
        is_own or all(hashes.get(name) == sha256(name) for name in (UNITS, EDGES))
    ):
        return False, f"{stated}: the run used other data than those that come with the program."
    if type(scenario) is not dict or set(scenario) - {"data"} != KEYS:
        return False, f"{stated}: the scenario is not of the kind that this program reads."
    where = "run.json: scenario"
    election = text(scenario["election"], f"{where}.election")
    on, off = switched(scenario["edges"], f"{where}.edges")
    if is_own:
        own = load_own(scenario["data"], hashes, election, on, off)
        if own is None:
            return False, (
                f"{stated}: the run divides a map of its own, whose files are not where run.json "
                "says or are no longer the same, so nothing was recounted from them."
            )
        counted = own
    else:
        counted = load(election, on, off, where)
    if instance.ids[: len(counted.ids)] != counted.ids:
        fail("instance.ids", "these are not the units of the data, in their order.")
    n_seats = state_seats(scenario["weights"], counted.columns["state"])
    compare_rules(scenario, counted, instance, n_seats)
    compare_goals(scenario, counted, instance)
    source = "the files of its map" if is_own else "the program's data"
    return True, (
        f"Its votes of {election}, its weights, its edges and its constraints were recounted from "
        f"{source}."
    )


def sha256(name: str) -> str:
    """Hash a file of the data."""
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()


def kinds(value: Any, place: str) -> set[str]:
    """Read a list of kinds of edge."""
    return {text(kind, f"{place}[{n}]") for n, kind in enumerate(entries(value, place))}


def switched(edges: Any, place: str) -> tuple[set[str], set[str]]:
    """Read the kinds of edge that a scenario switches on, and off."""
    on, off = fields(edges, place, ("on", "off"))
    return kinds(on, f"{place}.on"), kinds(off, f"{place}.off")


def load(election: str, on: set[str], off: set[str], place: str) -> Counted:
    """Read the columns of the data, and the edges that a scenario leaves on."""
    votes = [f"{side}_{election}" for side in ("rep", "dem")]
    known = pq.read_schema(FOLDER / UNITS).names
    if any(column not in known for column in votes):
        fail(f"{place}.election", f"{show(election)} is not an election of the data.")
    table = pq.read_table(FOLDER / UNITS, columns=[*COLUMNS, *votes])
    columns = {name: table[name].to_pylist() for name in table.column_names}
    unit_of = {name: unit for unit, name in enumerate(columns["geoid"])}
    borders = {}
    for edge in pq.read_table(FOLDER / EDGES).to_pylist():
        if (edge["is_default"] or edge["kind"] in on) and edge["kind"] not in off:
            a, b = unit_of[edge["geoid_a"]], unit_of[edge["geoid_b"]]
            borders[min(a, b), max(a, b)] = edge["border"]
    return Counted(columns, borders)
