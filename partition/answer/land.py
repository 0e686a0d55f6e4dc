"""The land of a plan: what landmasses and nations add up to, and the shape of the nations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from partition.answer.figures import Division, Keystone, PerNation, Tally, Territory
from partition.metrics import (
    BLUE,
    RED,
    Assignment,
    Ints,
    Pairs,
    articulation,
    components,
    frontier_km,
    is_cut,
    is_enclave,
    is_exclave,
    matched_votes,
    outlines,
    polsby_popper,
)
from shapefiles.units import Units

SHOWN_KEYSTONES = 5
"""How many of the gravest keystones a report names."""

Column = npt.NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A plan on its land: the edges that count, and the landmasses and pieces they make.

    Parameters
    ----------
    units, assignment, votes
        What is divided, how, and the votes that count.
    pairs, border
        Active edges and the length of their borders in metres.
    landmass, piece
        Label of each unit, over all active edges and over the uncut ones.
    """

    units: Units
    assignment: Assignment
    votes: Ints
    pairs: Pairs
    border: npt.NDArray[np.float64]
    landmass: Ints
    piece: Ints

    @classmethod
    def of(
        cls, units: Units, assignment: Assignment, votes: Ints, active: npt.NDArray[np.bool_]
    ) -> Ground:
        """Find the landmasses and pieces of a plan."""
        pairs = units.edges.pairs[active]
        uncut = pairs[~is_cut(pairs, assignment)]
        return cls(
            units,
            assignment,
            votes,
            pairs,
            units.edges.border[active],
            components(pairs, units.n_units),
            components(uncut, units.n_units),
        )

    def known(self, attribute: str) -> Column | None:
        """Look up a column of numbers; None where it is missing or incomplete."""
        column = self.units.attributes.get(attribute)
        if column is None or column.dtype.kind not in "biuf" or not np.isfinite(column).all():
            return None
        return column

    @property
    def people(self) -> Ints | None:
        """Inhabitants of each unit in whole numbers, where they are known."""
        population = self.known("population")
        return None if population is None else np.rint(population).astype(np.int64)

    @property
    def voters(self) -> Ints:
        """Two-party voters of each unit."""
        total: Ints = self.votes.sum(axis=1)
        return total


def divisions(ground: Ground) -> tuple[Division, tuple[Division, ...]]:
    """Add up all the land, and every landmass, the most voters first."""
    columns = _columns(ground)
    n_landmasses = int(ground.landmass.max(initial=-1)) + 1
    home = 2 * ground.landmass + ground.assignment
    rows = np.stack(
        [_sums(home, column, 2 * n_landmasses) for column in columns.values()], axis=1
    ).reshape(n_landmasses, 2, len(columns))
    where = ground.landmass[ground.pairs[:, 0]]
    cut = is_cut(ground.pairs, ground.assignment)
    lengths = frontier_km(ground.pairs, ground.border, ground.assignment)
    cuts = np.stack([_sums(where, one, n_landmasses) for one in (cut, lengths)], axis=1)
    names = list(columns)
    has_lengths = ground.units.has_lengths
    landmasses = [
        _division(title, names, sums, line, has_lengths=has_lengths)
        for title, sums, line in zip(_titles(ground), rows, cuts, strict=True)
    ]
    landmasses.sort(key=lambda one: -one.both.voters)
    whole = _division(
        "Everything", names, rows.sum(axis=0), cuts.sum(axis=0), has_lengths=has_lengths
    )
    return whole, tuple(landmasses)


def territory(ground: Ground) -> PerNation[Territory]:
    """Describe the shape of each nation."""
    exclave = is_exclave(ground.piece, ground.landmass, ground.assignment, _size(ground))
    enclave = _enclaves(ground)
    outline = _outline_km(ground)
    uncut = ground.pairs[~is_cut(ground.pairs, ground.assignment)]
    keystone, cut_off = articulation(uncut, _size(ground))

    def one(part: int) -> Territory:
        inside = ground.assignment == part
        sea, lake = (_km(ground.known(name), inside) for name in ("sea_coast", "lake_coast"))
        area = ground.known("area")
        return Territory(
            has_sea_access=None if sea is None else sea > 0,
            sea_coast_km=sea,
            lake_coast_km=lake,
            outline_km=None if outline is None else float(outline[part]),
            polsby_popper=None
            if outline is None or area is None
            else polsby_popper(float(area[inside].sum()) / 1e6, float(outline[part])),
            exclaves=_n_labels(ground.piece[inside & exclave]),
            exclave_people=_total(ground.people, inside & exclave),
            enclaves=None if enclave is None else _n_labels(ground.piece[inside & enclave]),
            enclave_people=None if enclave is None else _total(ground.people, inside & enclave),
            keystones=int((inside & keystone).sum()),
            gravest_keystones=_gravest(ground, np.flatnonzero(inside & keystone), cut_off),
        )

    return PerNation(blue=one(BLUE), red=one(RED))


def _size(ground: Ground) -> Ints:
    """Choose what makes a piece large: people, or voters where the data have no population."""
    return ground.voters if ground.people is None else ground.people


def _columns(ground: Ground) -> dict[str, Column]:
    columns: dict[str, Column] = {
        "units": np.ones(ground.units.n_units),
        "blue_votes": ground.votes[:, 0],
        "red_votes": ground.votes[:, 1],
        "self_determined": matched_votes(ground.votes, ground.assignment),
        "pieces": _is_first(ground.piece),
    }
    for name, attribute, factor in (
        ("people", "population", 1.0),
        ("land_km2", "area", 1e-6),
        ("gdp_dollars", "gdp", 1e3),
    ):
        column = ground.known(attribute)
        if column is not None:
            columns[name] = column * factor
    return columns


def _sums(group: Column, values: Column, n_groups: int) -> Column:
    # bincount adds in float64: whole numbers stay exact below 2**53, far above any total here.
    return np.bincount(group, values, n_groups)


def _is_first(label: Ints) -> npt.NDArray[np.bool_]:
    """Mark the first unit of every label, so that a sum of marks counts the labels."""
    first = np.zeros(len(label), np.bool_)
    first[np.unique(label, return_index=True)[1]] = True
    return first


def _n_labels(label: Ints) -> int:
    return len(np.unique(label))


def _total(values: Ints | None, where: npt.NDArray[np.bool_]) -> int | None:
    return None if values is None else int(values[where].sum())


def _km(metres: Column | None, where: npt.NDArray[np.bool_]) -> float | None:
    return None if metres is None else float(metres[where].sum()) / 1000


def _titles(ground: Ground) -> list[str]:
    """Call each landmass after its unit with the most voters."""
    units = ground.units
    order = np.lexsort((-ground.voters, ground.landmass))
    first = order[_is_first(ground.landmass[order])]
    sizes = np.bincount(ground.landmass)
    places = [_place(units, unit) for unit in first.tolist()]
    return [
        f"the landmass of {place} ({size:,} units)" if size > 1 else place
        for place, size in zip(places, sizes.tolist(), strict=True)
    ]


def _place(units: Units, unit: int) -> str:
    return ", ".join(filter(None, (str(units.names[unit]), str(units.states[unit]))))


def _division(
    title: str, names: list[str], rows: Column, line: Column, *, has_lengths: bool
) -> Division:
    def tally(row: Column) -> Tally:
        figures = dict(zip(names, row.tolist(), strict=True))
        return Tally(
            **{
                name: value if name == "land_km2" else round(value)
                for name, value in figures.items()
            }
        )

    return Division(
        title=title,
        both=tally(rows.sum(axis=0)),
        blue=tally(rows[BLUE]),
        red=tally(rows[RED]),
        cut_edges=round(line[0]),
        border_km=float(line[1]) if has_lengths else None,
    )


def _outline_km(ground: Ground) -> npt.NDArray[np.float64] | None:
    perimeter, edges = ground.known("perimeter"), ground.units.edges
    if perimeter is None:
        return None
    # Every shared border is inside, also where a scenario lets nobody cross it.
    nation = ground.assignment.astype(np.int64)
    metres = outlines(edges.pairs, edges.border, perimeter.astype(np.float64), nation, 2)
    return metres / 1000


def _enclaves(ground: Ground) -> npt.NDArray[np.bool_] | None:
    perimeter, edges = ground.known("perimeter"), ground.units.edges
    if perimeter is None:
        return None
    return is_enclave(
        edges.pairs, edges.border, perimeter.astype(np.float64), ground.assignment, ground.piece
    )


def _gravest(ground: Ground, rows: npt.NDArray[np.intp], cut_off: Ints) -> tuple[Keystone, ...]:
    order = rows[np.argsort(-cut_off[rows], kind="stable")][:SHOWN_KEYSTONES]
    units, has_people = ground.units, ground.people is not None
    return tuple(
        Keystone(
            id=str(units.ids[unit]),
            name=str(units.names[unit]),
            state=str(units.states[unit]),
            cut_off_people=int(cut_off[unit]) if has_people else None,
            cut_off_voters=None if has_people else int(cut_off[unit]),
        )
        for unit in order.tolist()
    )
