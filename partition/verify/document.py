"""``run.json``: its fields, each read so that a wrong one is refused with its place.

A new field is one more entry of :data:`FIELDS`, or of :data:`OPTIONAL` where some runs lack it;
what it says is recounted in :mod:`partition.verify.answer`, or listed in :data:`STATEMENTS`.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable
from typing import Any

from partition.verify.agreement import agree
from partition.verify.fields import entries, fail, fields, fields_of, show, text, whole
from partition.verify.stability import read_stability
from partition.verify.steps import read_steps
from partition.verify.swing import read_swing

Reader = Callable[[Any, str], Any]

SCHEMA_VERSION = 1
"""Layout of ``run.json`` that is known here."""

ENDINGS = ("OPTIMAL", "GAP_REACHED", "TIME_LIMIT", "INTERRUPTED", "MEASURED")
"""Statuses of a search that ended with a plan."""

WORDING = ("name", "title", "description")
"""Keys of a scenario that say what it is called, not what is asked."""

SIDES = "sides"
"""Table of a scenario that says what its sides are called and coloured, where that is given."""

LONGEST_SIDE = 30
"""Characters that the name of a side has at most."""

SCENARIO = (
    *WORDING,
    "election",
    "nations",
    "units",
    "neighbours",
    "weights",
    "edges",
    "limits",
)
"""Keys of a scenario; ``data`` names the files of a map of one's own."""

LIMITS = ("time_limit", "gap", "seed", "iterations")

STATEMENTS = (
    "name, title and description of the scenario, colours of its sides",
    "where the files of a map lie",
    "what the search began with, and how it ended where it proved nothing",
    "its windows, trace and times",
    "what the plans of the goals before had, where one goal comes after another",
    "versions",
)
"""What nobody can recount from a finished run."""

SHA256 = re.compile(r"[0-9a-f]{64}")

COLOUR = re.compile(r"#[0-9a-f]{6}")


def read_document(document: Any) -> dict[str, Any]:
    """Read every field of ``run.json``.

    Parameters
    ----------
    document
        As JSON gives it.

    Returns
    -------
    dict
        The same, of the types that are expected; nothing is missing and nothing is unknown.

    Raises
    ------
    CertificateError
        When a field is missing, unknown, or of another type, or the fields that say what was
        asked are not those of ``inputs_sha256``.
    """
    name = "run.json"
    given = [key for key in OPTIONAL if type(document) is dict and key in document]
    values = fields(document, name, (*FIELDS, *given))
    known = FIELDS | OPTIONAL
    for key, value in zip((*FIELDS, *given), values, strict=True):
        known[key](value, f"{name}: {key}")
    wanted = inputs_sha256(document)
    agree(document["inputs_sha256"], wanted, f"{name}: inputs_sha256")
    agree(document["seed"], document["scenario"]["limits"]["seed"], f"{name}: seed")
    return dict(document)


def inputs_sha256(document: dict[str, Any]) -> str:
    """Hash what the answer of a run depends on, from what ``run.json`` says of it."""
    scenario, hashes = document["scenario"], document["data"]["sha256"]
    asked = {key: value for key, value in scenario.items() if key not in (*WORDING, SIDES)}
    if "data" in asked:  # the files count by what they hold, wherever they lie
        unasked = {*hashes, "max_size"}  # nor how large they may be
        asked["data"] = {key: one for key, one in asked["data"].items() if key not in unasked}
    inputs = {
        "scenario": asked,
        "data": hashes,
        "schema_version": document["schema_version"],
        "program": document["packages"]["two-nations"],
    }
    canonical = json.dumps(inputs, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _scenario(value: Any, place: str) -> None:
    own = tuple(
        key
        for key in ("data", SIDES, "voters", "states", "most", "least", "apart", "swing")
        if type(value) is dict and key in value
    )
    table = dict(zip((*SCENARIO, *own), fields(value, place, (*SCENARIO, *own)), strict=True))
    for key in (*WORDING, "election"):
        text(table[key], f"{place}.{key}")
    if SIDES in table:
        _sides(table[SIDES], f"{place}.{SIDES}")
    if "swing" in table:
        read_swing(table["swing"], f"{place}.swing")
    if "data" in table and type(table["data"]) is not dict:
        fail(f"{place}.data", f"{show(table['data'])}, expected files and columns.")
    limits = fields(table["limits"], f"{place}.limits", LIMITS)
    time_limit, gap, seed, iterations = limits
    _number(time_limit, f"{place}.limits.time_limit")
    _number(gap, f"{place}.limits.gap")
    whole(seed, f"{place}.limits.seed", 0)
    if iterations is not None:
        whole(iterations, f"{place}.limits.iterations", 1)


def _sides(value: Any, place: str) -> None:
    """Read names and colours of the sides; a name has a letter, and so is no figure of a page."""
    names = []
    for colour, side in zip(("blue", "red"), fields(value, place, ("blue", "red")), strict=True):
        spot = f"{place}.{colour}"
        name, shade = fields(side, spot, ("name", "colour"))
        if name is not None:
            names.append(text(name, f"{spot}.name"))
            is_line = name.isprintable() and any(one.isalpha() for one in name)
            if not is_line or len(name) > LONGEST_SIDE:
                fail(f"{spot}.name", f"{show(name)}, expected a short line with a letter.")
        if shade is not None and not COLOUR.fullmatch(text(shade, f"{spot}.colour")):
            fail(f"{spot}.colour", f"{show(shade)}, expected six digits.")
    if len(names) == 1 or (names and names[0].casefold() == names[1].casefold()):
        fail(place, "expected names of both sides, two of them, or of none.")


def side_names(scenario: dict[str, Any]) -> tuple[str, str] | None:
    """Look up what a scenario calls the blue and the red side; None where it does not say."""
    sides = scenario.get(SIDES)
    if sides is None or sides["blue"]["name"] is None:
        return None
    return sides["blue"]["name"], sides["red"]["name"]


def _data(value: Any, place: str) -> None:
    # Bundles of before say nothing of where their files lie.
    places = ("files",) if type(value) is dict and "files" in value else ()
    source, hashes, repairs, *files = fields(value, place, ("source", "sha256", "repairs", *places))
    for table in files:
        if type(table) is not dict:
            fail(f"{place}.files", f"{show(table)}, expected an object.")
        for key, one in table.items():
            _texts(fields_of(one, ("absolute", "relative"), f"{place}.files.{key}"), place)
    text(source, f"{place}.source")
    for name, digest in _texts(hashes, f"{place}.sha256").items():
        if not SHA256.fullmatch(digest):
            fail(f"{place}.sha256.{name}", f"{show(digest)}, expected 64 hexadecimal digits.")
    entries(repairs, f"{place}.repairs")


def _packages(value: Any, place: str) -> None:
    for name in ("python", "two-nations"):
        if name not in _texts(value, place):
            fail(place, f"{name} is missing.")


def _trace(value: Any, place: str) -> None:
    keys = ("seconds", "incumbent", "bound")
    for number, point in enumerate(entries(value, place)):
        seconds, *found = fields(point, f"{place}[{number}]", keys)
        _number(seconds, f"{place}[{number}].seconds")
        for key, one in zip(keys[1:], found, strict=True):
            _whole_or_none(one, f"{place}[{number}].{key}")


def _status(value: Any, place: str) -> None:
    if text(value, place) not in ENDINGS:
        fail(place, f"{show(value)}, expected one of {', '.join(ENDINGS)}.")


def _texts(value: Any, place: str) -> dict[str, str]:
    if type(value) is not dict:
        fail(place, f"{show(value)}, expected an object of texts.")
    return {key: text(one, f"{place}.{key}") for key, one in value.items()}


def _number(value: Any, place: str) -> None:
    if type(value) not in {int, float} or not (math.isfinite(value) and value >= 0):
        fail(place, f"{show(value)}, expected a number, 0 or more.")


def _whole_or_none(value: Any, place: str) -> None:
    if value is not None:
        whole(value, place)


def _text_or_none(value: Any, place: str) -> None:
    if value is not None:
        text(value, place)


def _list_of_texts(value: Any, place: str) -> None:
    for number, one in enumerate(entries(value, place)):
        text(one, f"{place}[{number}]")


def _number_or_none(value: Any, place: str) -> None:
    if value is not None:
        _number(value, place)


def _version(value: Any, place: str) -> None:
    agree(value, SCHEMA_VERSION, place)


def _natural(value: Any, place: str) -> None:
    whole(value, place, 0)


def _recounted(_value: Any, _place: str) -> None:
    """Leave a field to those who recount all of it."""


FIELDS: dict[str, Reader] = {
    "schema_version": _version,
    "scenario": _scenario,
    "data": _data,
    "inputs_sha256": text,
    "packages": _packages,
    "seed": _natural,
    "start": _text_or_none,
    "inequalities_from": _list_of_texts,
    "status": _status,
    "windows": _natural,
    "objective": whole,
    "bound": _whole_or_none,
    "gap": _number_or_none,
    "steps_per_vote": whole,
    "goals": entries,
    "borders_left_out": entries,
    "runtime_seconds": _number,
    "trace": _trace,
    "metrics": _recounted,
}
"""How each field is read."""

OPTIONAL: dict[str, Reader] = {"steps": read_steps, "stability": read_stability}
"""Fields that only some runs have."""
