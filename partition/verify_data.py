"""Votes and edges of a certificate, compared with the data that come with the program."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from partition.verify_fields import entries, fail, fields, show, text
from partition.verify_instance import Instance

FOLDER = Path(__file__).parents[1] / "shapefiles" / "data"
"""Where the data lie."""

UNITS, EDGES = "units.parquet", "edges.parquet"

NATIONS = ("red", "blue")
"""The nation of part 0 and of part 1."""

VOTES = {"self_determination": 1}
"""Weights of a plain scenario, but for those that are 0."""

EVERYBODY = {"only": ["all"]}
"""Units that a plain scenario divides."""

RICH = ("weights", "units")
"""Tables that are there in a plain scenario as well, with these values."""

PLAIN = {"name", "title", "description", "election", "nations", "edges", "limits"}
"""What every scenario has; in a plain one, gains are votes and no other table asks for anything."""


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
        Whether votes and edges were compared, and a sentence on where they come from.

    Raises
    ------
    CertificateError
        When the run names the data that come with the program and the instance differs from them.
    """
    stated = "Gains and edges are those that the certificate states"
    data, scenario = (document.get(name) for name in ("data", "scenario"))
    hashes = data.get("sha256") if type(data) is dict else None
    if type(hashes) is not dict or any(hashes.get(name) != sha256(name) for name in (UNITS, EDGES)):
        return False, f"{stated}: the run used other data than those that come with the program."
    if not is_plain(scenario):
        return False, f"{stated}: the scenario asks for more than votes, pieces and edges."
    where = "run.json: scenario"
    for part, name in enumerate(NATIONS):
        rules = scenario["nations"][name]
        asked = rules["pieces"] if "pieces" in rules else rules.get("contiguous")
        most = 0 if asked == "any" else int(asked) if isinstance(asked, int) else -1
        if instance.pieces[part] != most:
            fail(
                f"{where}.nations.{name}",
                f"{show(asked)}, but instance.pieces[{part}] is {instance.pieces[part]}.",
            )
    if set(instance.fixed) | set(instance.groups) != {-1} or instance.budgets:
        fail(
            "instance", "units are fixed, grouped or counted, which the scenario does not ask for."
        )
    if any(instance.edge_costs):
        fail("instance.edge_costs", "edges cost something, which the scenario does not ask for.")
    election = text(scenario["election"], f"{where}.election")
    compare_votes(instance, election, f"{where}.election")
    on, off = fields(scenario["edges"], f"{where}.edges", ("on", "off"))
    compare_edges(instance, kinds(on, f"{where}.edges.on"), kinds(off, f"{where}.edges.off"))
    return True, f"Its votes of {election} and its edges were recounted from the program's data."


def is_plain(scenario: Any) -> bool:
    """Whether a scenario asks for votes, pieces and edges only."""
    if type(scenario) is not dict or not set(scenario) >= PLAIN:
        return False
    nations = scenario["nations"]
    if type(nations) is not dict or set(nations) != set(NATIONS):
        return False
    rules = [rule for rule in nations.values() if type(rule) is dict]
    weights, units = scenario.get("weights", VOTES), scenario.get("units", EVERYBODY)
    counted = {"pieces", "contiguous"}
    return (
        len(rules) == len(NATIONS)
        and all(is_silent(rule[key]) for rule in rules for key in rule if key not in counted)
        and all(is_silent(scenario[key]) for key in scenario if key not in PLAIN | set(RICH))
        and type(weights) is dict
        and {key: weight for key, weight in weights.items() if weight != 0} == VOTES
        and type(units) is dict
        and units.get("only") == EVERYBODY["only"]
        and all(is_silent(units[key]) for key in units if key not in {"only", "rest"})
    )


def is_silent(value: Any) -> bool:
    """Whether a table asks for nothing: no number, no text, nothing that is true."""
    inner = value.values() if type(value) is dict else [value]
    return all(one is None or one is False or one == [] for one in inner)


def sha256(name: str) -> str:
    """Hash a file of the data."""
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()


def kinds(value: Any, place: str) -> set[str]:
    """Read a list of kinds of edge."""
    return {text(kind, f"{place}[{n}]") for n, kind in enumerate(entries(value, place))}


def compare_votes(instance: Instance, election: str, place: str) -> None:
    """Refuse gains that are not the red and blue votes of an election."""
    columns = ["geoid", f"rep_{election}", f"dem_{election}"]
    known = pq.read_schema(FOLDER / UNITS).names
    if any(column not in known for column in columns):
        fail(place, f"{show(election)} is not an election of the data.")
    table = pq.read_table(FOLDER / UNITS, columns=columns)
    ids, red, blue = (table[column].to_pylist() for column in columns)
    if instance.ids != ids:
        fail("instance.ids", "these are not the units of the data, in their order.")
    for unit, gains in enumerate(instance.gains):
        if gains != [red[unit], blue[unit]]:
            fail(
                f"instance.gains[{unit}]",
                f"{gains}, but the data have {red[unit]} red and {blue[unit]} blue votes "
                f"in unit {ids[unit]}.",
            )


def compare_edges(instance: Instance, on: set[str], off: set[str]) -> None:
    """Refuse edges other than the data's, with kinds switched on or off against their default."""
    unit_of = {name: unit for unit, name in enumerate(instance.ids)}
    counted = set()
    for edge in pq.read_table(FOLDER / EDGES).to_pylist():
        if (edge["is_default"] or edge["kind"] in on) and edge["kind"] not in off:
            a, b = unit_of[edge["geoid_a"]], unit_of[edge["geoid_b"]]
            counted.add((min(a, b), max(a, b)))
    for number, edge in enumerate(instance.edges):
        if edge not in counted:
            fail(f"instance.edges[{number}]", f"{list(edge)} is not an edge that the scenario has.")
    missing = sorted(counted - set(instance.edges))
    if missing:
        fail("instance.edges", f"the edge {list(missing[0])} of the data is missing.")
