"""From what a person names to questions: scenarios and files, brought together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from partition.errors import InputError
from partition.land.dataset import Dataset
from partition.land.own_map import with_map
from partition.question.question import Question
from partition.scenario import NO_OVERRIDES, Overrides, Scenario, shipped_names
from shapefiles.mapfiles import MapFiles
from shapefiles.units import Units

Asked = str | Path | Scenario
Land = Dataset | Units | MapFiles | None


def ask(scenario: Asked, data: Land = None, overrides: Overrides = NO_OVERRIDES) -> Question:
    """Bring together what is asked and what it is asked about.

    Parameters
    ----------
    scenario
        A shipped scenario's name, the path of a TOML file, or a scenario.
    data
        What to divide; the map that the scenario names, or the embedded data, unless given.
    overrides
        Values in place of the scenario's own.

    Returns
    -------
    Question
        The scenario as it is now asked, and the data.

    Raises
    ------
    InputError
        When a value, a file or a column is wrong.
    """
    loaded = scenario if isinstance(scenario, Scenario) else Scenario.load(scenario)
    if isinstance(data, MapFiles):
        loaded, data = with_map(loaded, data), None
    asked = overrides.apply(loaded)
    if data is None:
        return Question(asked, Dataset.asked_for(asked.data))
    dataset = data if isinstance(data, Dataset) else Dataset.of(data)
    elections = list(dataset.units.votes)
    # A question that comes with the program names an election of the embedded data.
    is_elsewhere = asked.stem in shipped_names() and asked.election not in elections
    if overrides.election is None and is_elsewhere and len(elections) == 1:
        asked = asked.override(election=elections[0])
    return Question(asked, dataset)


def ask_each(
    scenarios: Asked | Sequence[Asked] | Mapping[str, Asked],
    data: Land = None,
    overrides: Overrides = NO_OVERRIDES,
) -> tuple[Question, ...]:
    """Ask several scenarios of one land.

    Parameters
    ----------
    scenarios
        Names of shipped scenarios, paths of TOML files, or scenarios, at least one; or a mapping
        of what to call them to them.
    data
        What to divide; the map that the scenarios name, or the embedded data, unless given.
    overrides
        Values in place of the scenarios' own.

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
    first = ask(loaded[0], data, overrides)
    return (first, *(ask(one, first.dataset, overrides) for one in loaded[1:]))
