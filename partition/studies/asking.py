"""Several questions about the same land."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from partition.errors import InputError
from partition.land.dataset import Dataset
from partition.land.own_map import question, with_map
from partition.scenario import Scenario
from shapefiles.mapfiles import MapFiles
from shapefiles.units import Units

Asked = str | Path | Scenario
Land = Dataset | Units | MapFiles | None


def ask(
    scenarios: Asked | Sequence[Asked] | Mapping[str, Asked], data: Land, **limits: Any
) -> tuple[tuple[Scenario, ...], Dataset]:
    """Bring together what is asked and the one land it is asked about.

    Parameters
    ----------
    scenarios
        Names of shipped scenarios, paths of TOML files, or scenarios, at least one; or a mapping
        of what to call them to them.
    data
        What to divide; the map that the scenarios name, or the embedded data, unless given.
    **limits
        Values in place of the scenarios' own, as for
        :meth:`~partition.scenario.Scenario.override`.

    Returns
    -------
    tuple
        The scenarios as they are now asked, and the data.

    Raises
    ------
    InputError
        When a value, a file or a column is wrong, or the scenarios are about different maps.
    """
    if isinstance(scenarios, str | Path | Scenario):
        scenarios = [scenarios]
    given = scenarios.values() if isinstance(scenarios, Mapping) else scenarios
    loaded = [one if isinstance(one, Scenario) else Scenario.load(one) for one in given]
    if isinstance(scenarios, Mapping):
        titled = zip(loaded, scenarios, strict=True)
        loaded = [replace(one, title=title) for one, title in titled]
    if isinstance(data, MapFiles):
        loaded, data = [with_map(one, data) for one in loaded], None
    for one in loaded:
        if data is None and one.data != loaded[0].data:
            raise InputError(
                f"{one.name!r} divides another map than {loaded[0].name!r}; compare plans of the "
                "same land."
            )
    first, dataset = question(loaded[0], data, **limits)
    others = (question(one, dataset, **limits)[0] for one in loaded[1:])
    return (first, *others), dataset
