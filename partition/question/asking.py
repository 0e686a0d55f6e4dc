"""From what a person names to questions: scenarios and files, brought together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partition.errors import InputError
from partition.land.dataset import Dataset
from partition.land.given import KEYS, GivenMap, Land, land_of
from partition.land.own_map import with_map
from partition.question.naming import listed
from partition.question.question import Question
from partition.scenario import NO_OVERRIDES, Overrides, Scenario, shipped_names
from shapefiles.mapfiles import MapFiles
from shapefiles.screening.door import MAX_GIGABYTES

if TYPE_CHECKING:
    from partition.land.given import Data

Asked = str | Path | Scenario

NATIONS = ("blue", "red")


def ask(
    scenario: Asked,
    data: Data | GivenMap = None,
    overrides: Overrides = NO_OVERRIDES,
    **options: Any,
) -> Question:
    """Bring together what is asked and what it is asked about.

    Parameters
    ----------
    scenario
        A shipped scenario's name, the path of a TOML file, or a scenario.
    data
        What to divide, as for :func:`~partition.land.given.land_of`; the map that the scenario
        names, or the embedded data, unless given.
    overrides
        Values in place of the scenario's own.
    **options
        Columns of a map, some of :data:`partition.land.given.KEYS`; and values of the scenario, as
        for :meth:`~partition.scenario.Scenario.but`.

    Returns
    -------
    Question
        The scenario as it is now asked, and the data.

    Raises
    ------
    InputError
        When a value, a file or a column is wrong.
    """
    named, changes = sort_options(options)
    loaded = _load(scenario, changes)
    land = _land(data, named, loaded)
    if isinstance(land, MapFiles):
        loaded, land = with_map(loaded, land), None
    if isinstance(land, GivenMap):
        asked = overrides.apply(land.ask(loaded))
        return Question(asked, land.read(asked))
    asked = overrides.apply(loaded)
    if land is None:
        return Question(asked, Dataset.asked_for(asked.data))
    dataset = land if isinstance(land, Dataset) else Dataset.of(land)
    elections = list(dataset.units.votes)
    # A question that comes with the program names an election of the embedded data.
    is_elsewhere = asked.stem in shipped_names() and asked.election not in elections
    if overrides.election is None and is_elsewhere and len(elections) == 1:
        asked = asked.override(election=elections[0])
    return Question(asked, dataset)


def ask_each(
    scenarios: Asked | Sequence[Asked] | Mapping[str, Asked],
    data: Data = None,
    overrides: Overrides = NO_OVERRIDES,
    **options: Any,
) -> tuple[Question, ...]:
    """Ask several scenarios of one land.

    Parameters
    ----------
    scenarios
        Names of shipped scenarios, paths of TOML files, or scenarios, at least one; or a mapping
        of what to call them to them.
    data, overrides, **options
        As for :func:`ask`, the same for all of them.

    Returns
    -------
    tuple of Question
        In the order of the scenarios, all with the same data set.

    Raises
    ------
    InputError
        When a value, a file or a column is wrong, or the scenarios are about different maps.
    """
    if isinstance(scenarios, str | Path | Scenario):
        scenarios = [scenarios]
    named, changes = sort_options(options)
    given = scenarios.values() if isinstance(scenarios, Mapping) else scenarios
    loaded = [_load(one, changes) for one in given]
    if isinstance(scenarios, Mapping):
        titled = zip(loaded, scenarios, strict=True)
        loaded = [replace(one, title=title) for one, title in titled]
    land = _land(data, named, loaded[0])
    if isinstance(land, GivenMap):
        loaded = [land.ask(one) for one in loaded]
    elif isinstance(land, MapFiles):
        loaded, land = [with_map(one, land) for one in loaded], None
    first = ask(loaded[0], land, overrides)
    if land is None or isinstance(land, GivenMap):
        for one in loaded[1:]:
            _check_same_map(loaded[0], one, first.dataset, land)
    return (first, *(ask(one, first.dataset, overrides) for one in loaded[1:]))


def _check_same_map(
    first: Scenario, other: Scenario, dataset: Dataset, land: GivenMap | None
) -> None:
    """Refuse a scenario of other files than the first one, or that reads the same ones otherwise.

    Links, say, decide which plans are in one piece, and so are part of the land. Where a file
    lies is not: one may be called by two paths, and copies are the same land.
    """
    mine, yours = first.data, other.data
    keys = ["units"] if mine != yours else []
    if mine is not None and yours is not None:
        keys = _differing(mine, yours)
        if keys and set(keys) <= mine.paths().keys() & yours.paths().keys():
            hashes = (Dataset.asked_for(yours) if land is None else land.read(other)).hashes
            keys = [key for key in keys if hashes[key] != dataset.hashes[key]]
    if not keys:
        return
    if "units" in keys:
        raise InputError(
            f"{other.name!r} divides another map than {first.name!r}; compare plans of the same "
            "land."
        )
    raise InputError(
        f"{other.name!r} reads its map otherwise than {first.name!r}: "
        f"{listed([f'data.{key}' for key in keys])} {'differs' if len(keys) == 1 else 'differ'}. "
        "Compare plans of the same land: give both of them the same."
    )


def _differing(mine: MapFiles, yours: MapFiles) -> list[str]:
    """List the keys in which two maps differ, files that are one however its path is written."""
    one, other = (
        replace(data, max_size=MAX_GIGABYTES).at(
            {key: str(Path(path).resolve()) for key, path in data.paths().items()}
        )
        for data in (mine, yours)
    )
    keys = (key.name for key in fields(one))
    return [key for key in keys if getattr(one, key) != getattr(other, key)]


def sort_options(options: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Tell columns of a map from values of a scenario.

    Examples
    --------
    >>> sort_options({"blue": "yes", "border": 50, "votes": None})
    ({'blue': 'yes'}, {'border': 50})
    """
    given = {name: one for name, one in options.items() if name not in KEYS or one is not None}
    named = {name: one for name, one in given.items() if name in KEYS}
    return named, {name: one for name, one in given.items() if name not in KEYS}


def _load(scenario: Asked, changes: Mapping[str, Any]) -> Scenario:
    loaded = scenario if isinstance(scenario, Scenario) else Scenario.load(scenario)
    return loaded.but(**changes)


def _land(data: Data | GivenMap, named: Mapping[str, Any], scenario: Scenario) -> Land:
    """Sort out what to divide, and refuse columns where there is no map that could have them."""
    if named and data is None and scenario.data is None:
        key = next(iter(named))
        fixed = f" Units are fixed to that nation by units_{key}=[...]." if key in NATIONS else ""
        raise InputError(f"{key} is about a map of your own: give that as well (data).{fixed}")
    return land_of(data, named, needs_id=scenario.data is None)
