"""A look at JSON before GDAL reads it: what it says of its reference system, and how it unfolds."""

from __future__ import annotations

import json
import mmap
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from shapefiles.errors import DataError, shown
from shapefiles.screening.door import read_bytes, refuse_size

_CRS = re.compile(
    rb'"(?:c|\\u0063|\\u0043)(?:r|\\u0072|\\u0052)(?:s|\\u0073|\\u0053)"\s*:\s*', re.IGNORECASE
)
"""The name of the member, however its letters are written: GDAL minds no case."""

MARKS = b"\xef\xbb\xbf\xff\xfe \t\r\n"
"""White space, and marks of the order of bytes, that may stand before everything else."""

_VALUE = 2**16
"""Bytes that the value of such a member may have."""

_SHORT = 512

MOST_SYSTEMS = 20
"""Different reference systems of one file above which it does not matter what else it says."""

_TOPOLOGY = re.compile(rb'"type"\s*:\s*"Topology"')
_DIGITS = 20
_POINT = 16
"""Bytes of a point in memory."""


class Declared(NamedTuple):
    """What a member ``crs`` says."""

    name: str
    """Name of a reference system, empty where it gives none."""
    link: str
    """Address at which the definition is to be found, empty where it gives none."""


def is_json(head: bytes) -> bool:
    """Tell JSON by its first bytes."""
    return head.lstrip(MARKS)[:1] in {b"{", b"[", b"\x1e"}


def screen_json(file: Path, path: Path, max_gigabytes: float | None) -> None:
    """Refuse a topology whose borders are used so often that no memory holds its polygons.

    Raises
    ------
    DataError
        When it is no JSON.
    SizeError
        When the polygons have more points than the limit allows for.
    """
    with file.open("rb") as stream:
        head = stream.read(2**16)
    if file.suffix.lower() != ".topojson" and not _TOPOLOGY.search(head):
        return
    content = read_bytes(file, file.stat().st_size)
    try:
        # As GDAL takes it, which minds neither long numbers nor bytes that are no text.
        text = content.decode(json.detect_encoding(content), "replace")
        topology = json.loads(text, parse_int=_whole)
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deep" if isinstance(error, RecursionError) else str(error)
        raise DataError(f"{shown(path, 200)} is not JSON: {reason}.") from None
    if isinstance(topology, dict):
        refuse_size(path, _POINT * _n_points(topology), max_gigabytes, "unfolds to")


def declared_systems(file: Path) -> list[Declared]:
    """List what the members ``crs`` of a JSON file say, wherever they stand.

    Old GeoJSON has one on top; some programs write one into every geometry. What is no object but
    a text counts where it stands before all features; further down it is the column of a table.
    Each is listed once, and no more than :data:`MOST_SYSTEMS`.
    """
    found: dict[Declared, None] = {}
    with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as text:
        for match in _CRS.finditer(text):
            start = match.end()
            is_object = text[start : start + 1] == b"{"
            if is_object or (start < _VALUE and b'"features"' not in text[:start]):
                declared = _declared(text, start)
                if declared is not None:
                    found[declared] = None
            if len(found) == MOST_SYSTEMS:
                break
    return list(found)


def _declared(text: mmap.mmap, start: int) -> Declared | None:
    """Say what the value of a member means; None where it is no reference system."""
    for size in (_SHORT, _VALUE):  # nearly all are short, and there may be millions
        cut = text[start : start + size].decode("utf-8", "replace")
        try:
            value, _ = json.JSONDecoder().raw_decode(cut)
            break
        except (ValueError, RecursionError):
            value = cut[:60]
    if value is None or isinstance(value, str):
        return None if value is None else Declared(value, "")
    if not isinstance(value, dict) or "type" not in {str(key).lower() for key in value}:
        return None
    return _meaning({str(key).lower(): one for key, one in value.items()})


def _meaning(value: dict[str, Any]) -> Declared | None:
    kind, properties = str(value["type"]).lower(), value.get("properties")
    given = (
        {str(key).lower(): one for key, one in properties.items()}
        if isinstance(properties, dict)
        else {}
    )
    if kind in {"link", "url"}:
        return Declared("", str(given.get("href", given.get("url", "a link"))))
    if kind == "name":
        return Declared(str(given.get("name", "")), "")
    if kind == "epsg" and "code" in given:
        return Declared(f"EPSG:{given['code']}", "")
    if kind == "ogc" and "urn" in given:
        return Declared(str(given["urn"]), "")
    return Declared("", kind) if isinstance(properties, dict) else None


def _whole(digits: str) -> int:
    return int(digits) if len(digits) < _DIGITS else 0


def _n_points(topology: dict[str, Any]) -> int:
    """Count the points of all geometries, each border as often as it is used."""
    arcs = topology.get("arcs")
    sizes = (
        [len(arc) if isinstance(arc, list) else 0 for arc in arcs] if isinstance(arcs, list) else []
    )
    n_arcs = len(sizes)
    return sum(
        sizes[one if one >= 0 else ~one]
        for one in _references(topology.get("objects"))
        if -n_arcs <= one < n_arcs
    )


def _references(value: Any) -> Iterator[int]:
    """List every number under a member ``arcs``."""
    waiting = [(value, False)]
    while waiting:
        one, is_arcs = waiting.pop()
        if isinstance(one, dict):
            waiting += [(inner, key == "arcs") for key, inner in one.items()]
        elif isinstance(one, list):
            waiting += [(inner, is_arcs) for inner in one]
        elif is_arcs and type(one) is int:
            yield one
