"""Which units a place is: ids and codes, and the names that people use instead of them."""

from __future__ import annotations

import difflib
from collections import defaultdict
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from partition.errors import ScenarioError
from partition.question.naming import name_state
from partition.scenario import ALL, STATES, Scenario
from shapefiles.errors import shown
from shapefiles.units import Units

Rows = npt.NDArray[np.intp]

NAMED = 5
"""Places that a message lists, where a name means several."""

ENDINGS = (" county", " parish", " borough", " census area")
"""What people write behind the name of a county, and the data do not."""

KEYS = ("blue", "red", "whole", "only")
"""Keys of ``units`` that hold places."""


class Gazetteer:
    """Which units each place is: looked up, since a scenario may name as many as there are units.

    Parameters
    ----------
    units
        Units of land.
    """

    def __init__(self, units: Units) -> None:
        self.units = units
        self.row = {unit: row for row, unit in enumerate(units.ids.tolist())}
        order = np.argsort(units.states, kind="stable")
        codes, starts = np.unique(units.states[order], return_index=True)
        self.states: dict[str, Rows] = dict(
            zip(codes.tolist(), np.split(order, starts[1:]), strict=True)
        )

    def find(self, place: str, key: str) -> Rows:
        """Find the units that a place names.

        Parameters
        ----------
        place
            The id of a unit, the code of a state, the two digits that the ids of its units begin
            with, or ``all``.
        key
            Key of the scenario, for messages.

        Returns
        -------
        numpy.ndarray
            Rows, ascending, at least one.

        Raises
        ------
        ScenarioError
            When it names nothing.
        """
        rows = self._rows(place)
        if rows is not None:
            return rows
        codes = [code for code in self.states if code]
        known = f"a state ({codes[0]} to {codes[-1]}), " if codes else ""
        close = self._nearest(_plain(place))
        meant = f" Did you mean {self._places(close)}?" if close else ""
        raise ScenarioError(
            f"{key} holds {shown(place)}, which no unit and no state is called: give {known}"
            f'the id of a unit ({self.units.ids[0]}), or "{ALL}".{meant}'
        )

    def spell(self, place: str, key: str) -> str:
        """Give the id or the code of a place that is called by its name.

        Parameters
        ----------
        place
            Any text: ``California``, ``Los Angeles``, ``Los Angeles, CA``, in large or small
            letters, with or without ``County`` behind it.
        key
            Key of the scenario, for messages.

        Returns
        -------
        str
            An id, or the code of a state; the place itself where it is one, or is unknown.

        Raises
        ------
        ScenarioError
            When several places have the name.
        """
        if place == STATES or self._rows(place) is not None:
            return place
        name = _plain(place)
        found = self._named.get(name, [])
        if not found:
            ends = (name.removesuffix(end) for end in ENDINGS if name.endswith(end))
            units = [self._named.get(one, []) for one in ends]
            found = [one for one in chain.from_iterable(units) if one in self.row]
        if len(found) > 1:
            raise ScenarioError(
                f"{key} holds {shown(place)}, which {len(found)} places are called: give one of "
                f"{self._places(name, found)}."
            )
        return found[0] if found else place

    def _rows(self, place: str) -> Rows | None:
        if place == ALL:
            return np.arange(self.units.n_units)
        if place in self.row:
            return np.array([self.row[place]])
        if place in self.states:
            return self.states[place]
        if len(place) == 2 and place.isascii() and place.isdigit():
            rows: Rows = np.flatnonzero(np.char.startswith(self.units.ids, place))
            return rows if len(rows) else None
        return None

    @cached_property
    def _state_names(self) -> dict[str, str]:
        return {code: name_state(self.units, code) for code in self.states if code}

    @cached_property
    def _named(self) -> dict[str, list[str]]:
        """Codes and ids by name."""
        named: dict[str, set[str]] = defaultdict(set)
        for code, name in self._state_names.items():
            if len(self.states[code]) > 1:  # a state of one unit is that unit
                named[_plain(code)].add(code)
                named[_plain(name)].add(code)
        units = self.units
        given = zip(units.ids.tolist(), units.names.tolist(), units.states.tolist(), strict=True)
        for unit, name, code in given:
            if name:
                states = filter(None, (code, self._state_names.get(code)))
                for one in (name, *(f"{name}, {state}" for state in states)):
                    named[_plain(one)].add(unit)
        # States first, whatever else has their name.
        order = {one: place for place, one in enumerate((*self._state_names, *units.ids.tolist()))}
        return {name: sorted(places, key=order.__getitem__) for name, places in named.items()}

    def _nearest(self, name: str) -> str | None:
        """Find the name that is most like one, a state's where another place's is as like it."""
        states = self._named.keys() & {_plain(state) for state in self._state_names.values()}
        close = [
            one
            for names in (self._named, states)
            for one in difflib.get_close_matches(name, names, n=1, cutoff=0.75)
        ]
        likeness = {one: difflib.SequenceMatcher(None, one, name).ratio() for one in close}
        return max(
            close,
            key=lambda one: (likeness[one], self._named[one][0] in self._state_names),
            default=None,
        )

    def _places(self, name: str, found: list[str] | None = None) -> str:
        found = self._named[name] if found is None else found
        texts = [self._place(one) for one in found[:NAMED]]
        more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
        return f"{', '.join(texts)}{more}"

    def _place(self, place: str) -> str:
        if place not in self.row:
            return f"{place} ({self._state_names[place]})"
        row = self.row[place]
        parts = filter(None, (str(self.units.names[row]), str(self.units.states[row])))
        return f"{place} ({', '.join(parts)})"


def spelled(scenario: Scenario, units: Units) -> Scenario:
    """Put ids and codes into a scenario for places that it calls by their names.

    So two spellings of a question are one question, and a run tells everybody which place it meant.

    Parameters
    ----------
    scenario
        What a person has written.
    units
        Units of land.

    Returns
    -------
    Scenario
        The same, with every place that is known by an id, a code, ``all`` or ``states``.

    Raises
    ------
    ScenarioError
        When several places have a name.
    """
    rules, gazetteer = scenario.units, None
    changed: dict[str, Any] = {}
    for key in KEYS:
        given = getattr(rules, key)
        if given and set(given) - {ALL, STATES}:
            gazetteer = gazetteer or Gazetteer(units)
            changed[key] = tuple(gazetteer.spell(place, f"units.{key}") for place in given)
    if all(places == getattr(rules, key) for key, places in changed.items()):
        return scenario
    return replace(scenario, units=replace(rules, **changed))


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace(",", ", ").split())
