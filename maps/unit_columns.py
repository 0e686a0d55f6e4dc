"""What is said about every unit and every nation in an exported table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from shapefiles.units import Units
from solvers.plan import Plan

Columns = dict[str, npt.NDArray[Any]]

NATIONS = ("red", "blue")
"""What part 0 and part 1 are called outside the program."""

SIDES = ("blue", "red")
"""Names of the nations in the order of the sides: blue before red."""

MEANINGS = {
    "GEOID": "identifier of the unit",
    "name": "name of the unit",
    "state": "state of the unit",
    "nation": "the nation it belongs to",
    "agreement": "share of the voters of both sides who live in the nation they voted for",
    "stranded": "voters of both sides who live in the other nation than the one they voted for",
    "units": "number of units",
}
"""What a column says, where its name does not."""

_RESERVED = {"fid", "geom", "geometry"}
"""Names that GeoPackages use for columns of their own."""

_SUMS = ("population", "gdp", "area")
"""Attributes that add up over a nation; of one's own columns nobody knows."""


class StorageError(ValueError):
    """A text that a format cannot hold; the message says which one, and where it stands."""


def unit_columns(
    units: Units, plan: Plan, election: str, names: tuple[str, str] = SIDES
) -> Columns:
    """List what is known of every unit, each column of shape ``(n_units,)``.

    Parameters
    ----------
    units, plan
        What was divided, and how.
    election
        Whose votes decide who is stranded.
    names
        Names of the blue and of the red side.

    Returns
    -------
    dict
        ``GEOID``, ``name``, ``state``, ``nation`` (one of the names), ``agreement`` (share, missing
        where nobody voted), ``stranded`` (voters); ``blue_<election>`` and ``red_<election>``
        (votes), with the names for blue and red, for every election; then the attributes of the
        units. Columns differ in more than capitals; an attribute that is called like something
        else gets an underscore.

    Raises
    ------
    StorageError
        When a text holds what no file of these kinds can: a NUL character, or half of a pair of
        surrogates.
    """
    votes = units.votes[election]
    own = np.where(plan.assignment == 1, votes[:, 0], votes[:, 1])
    columns: Columns = {
        "GEOID": units.ids,
        "name": units.names,
        "state": units.states,
        "nation": np.array(names[::-1])[plan.assignment],
        **_agreement(own, votes.sum(axis=1)),
    }
    attributes = {
        f"{side}_{name}": given[:, column]
        for name, given in units.votes.items()
        for column, side in enumerate(names)
    } | dict(units.attributes)
    for name, values in attributes.items():
        columns[_free(name, columns)] = values
    return {name: _storable(name, values) for name, values in columns.items()}


def nation_columns(
    units: Units, plan: Plan, election: str, names: tuple[str, str] = SIDES
) -> Columns:
    """List what is known of the red and of the blue nation, each column of shape ``(2,)``.

    Parameters
    ----------
    units, plan, election, names
        As in :func:`unit_columns`.
    """

    def total(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        sums = [values[plan.assignment == part].sum() for part in (0, 1)]
        return np.array(sums, values.dtype)

    blue, red = (total(side) for side in units.votes[election].T)
    own = np.array([red[0], blue[1]])
    return {
        "nation": np.array(names[::-1], object),
        "units": np.bincount(plan.assignment, minlength=2),
        **_agreement(own, blue + red),
        f"{names[0]}_{election}": blue,
        f"{names[1]}_{election}": red,
        **{name: total(units.attributes[name]) for name in _SUMS if name in units.attributes},
    }


def _agreement(own: npt.NDArray[np.int64], voters: npt.NDArray[np.int64]) -> Columns:
    share = np.where(voters > 0, own / np.maximum(voters, 1), np.nan)
    return {"agreement": share, "stranded": voters - own}


def _free(name: str, taken: Iterable[str]) -> str:
    known = _RESERVED | {one.casefold() for one in taken}
    while name.casefold() in known:
        name += "_"
    return name


def _storable(name: str, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Bring a column to a type that every format stores, or say what is in the way."""
    if values.dtype.kind in "iu":
        return values.astype(np.int64)
    if values.dtype.kind == "f" and np.isinf(values).any():
        row = int(np.flatnonzero(np.isinf(values))[0])
        raise StorageError(
            f"{name}[{row}] = {values[row]} is no finite number. Correct it, or leave it missing."
        )
    if values.dtype.kind in "bf":
        return values.astype(bool if values.dtype.kind == "b" else np.float64)
    texts = values.astype(str).astype(object)
    for row, text in enumerate([name, *texts.tolist()], start=-1):
        if "\0" in text or any("\ud800" <= one <= "\udfff" for one in text):
            where = f"The name of column {name!r}" if row < 0 else f"{name}[{row}] = {text!r}"
            raise StorageError(
                f"{where} holds a character that cannot be stored. Take it out of the data."
            )
    return texts
