"""Scenarios on a map of one's own: the files that a person names, put into the question."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from partition.errors import InputError
from partition.scenario import Scenario, Sides
from partition.scenario.page import ON_ANY_MAP
from shapefiles.files.held import HELD
from shapefiles.mapfiles import UNNAMED, MapFiles

__all__ = ["MapFiles", "with_map"]

_NAME_LENGTH = 60
_DEFAULT = "counties"


def with_map(scenario: Scenario, files: MapFiles | Mapping[str, Any]) -> Scenario:
    """Ask a scenario's question about other files, or about some of its own with other columns.

    Parameters
    ----------
    scenario
        What is asked.
    files
        Files and columns; of a mapping only those that are named, the others stay as they are in
        the scenario.

    Returns
    -------
    Scenario
        Called after the file of the units, unless the scenario is about a map of its own already.

    Raises
    ------
    InputError
        When columns are named and no file, or a value is not allowed.
    """
    named = _named(files) if isinstance(files, MapFiles) else dict(files)
    if not named:
        return scenario
    election = named.pop("election", None)
    if scenario.data is not None:
        return scenario.override(
            election=election, settings={f"data.{key}": one for key, one in named.items()}
        )
    if "units" not in named:
        raise InputError(
            f"{next(iter(named))} is about a map of your own: give the file of its units as well "
            "(--units)."
        )
    asked = scenario.override(election=election or UNNAMED, settings={"data": named})
    path = "" if named["units"] in HELD else Path(named["units"]).stem
    stem = "".join(one if one.isprintable() else "_" for one in path)
    name = stem[:_NAME_LENGTH].strip() or "map"
    name = name.replace("@", "_")  # what follows an @ says how a scenario is varied
    if scenario.stem == _DEFAULT:
        varied = scenario.name.removeprefix(_DEFAULT)
        place = " ".join(re.sub(r"[_-]+", " ", stem[:_NAME_LENGTH]).split()) or "Map"
        ours = Scenario.shipped(_DEFAULT)
        plain = asked.override(sides=Sides())
        title = plain.title.replace(ours.title, f"{place[0].upper()}{place[1:]}, divided in two", 1)
        return replace(
            plain,
            name=f"{name}{varied}",
            title=title,
            description=plain.description.replace(ours.description, ON_ANY_MAP, 1),
            sides=asked.sides,
        )
    return replace(asked, name=f"{name}-{scenario.name}")


def _named(files: MapFiles) -> dict[str, Any]:
    """List the fields that differ from their defaults."""
    return {
        one.name: getattr(files, one.name)
        for one in fields(files)
        if getattr(files, one.name) != one.default
    }
