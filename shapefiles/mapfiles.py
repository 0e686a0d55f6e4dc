"""Which files and columns a map of one's own is made of, as a person names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Self

from shapefiles.errors import DataError, shown, typed
from shapefiles.files.held import HELD
from shapefiles.files.numerals import Notation
from shapefiles.screening.door import MAX_GIGABYTES

CHOICES = {
    "without_votes": ("refuse", "zero", "drop"),
    "without_polygon": ("refuse", "drop"),
    "repeated_votes": ("refuse", "once", "add"),
    "percentages": ("refuse", "count"),
}
"""What may become of units that only one side has or that are given twice, and of figures that look
like percentages."""

_VOTES = ("blue", "red", "total", "choice", "count", "mode", "mode_total", "where")

NO_TOTAL = "none"
"""What `mode_total` is where no mode sums up the others."""

MOST_GIGABYTES = 1_000
"""Largest limit on the size of a file; a larger one is a slip."""

UNNAMED = "votes"
"""What an election is called unless somebody names it."""


@dataclass(frozen=True, slots=True)
class VoteColumns:
    """Where a table has its votes.

    A wide table has one row a unit and one column a side. A long one has one row a unit and
    choice: `choice` is the column of candidates or parties, `count` that of their votes.

    Parameters
    ----------
    id
        Column of the ids.
    blue, red
        Columns whose votes add up to a side; in a long table the choices that do.
    total
        Column of all votes of the unit, if there is one: two sides above it are an error.
    choice, count
        Columns of a long table, both or neither.
    mode
        Column of a long table that tells kinds of votes apart (early, by mail, ...). Where a unit
        has a row ``TOTAL`` for a choice, that one counts and its parts do not. A column called
        ``mode`` is taken unless another is given.
    mode_total
        Mode that sums up the others as ``TOTAL`` does; ``none`` where all of them add up. Unless it
        is given, a mode with as many votes as the others together is asked about.
    where
        Values that rows must have to count, by column.
    notation
        Notation of figures.
    without_votes
        What becomes of units with a missing figure: ``refuse``, count ``zero`` or ``drop``.
    repeated_votes
        What becomes of several rows of a unit in a wide table: ``refuse``, count equal ones
        ``once`` or ``add`` them up.
    """

    id: str
    blue: tuple[str, ...]
    red: tuple[str, ...]
    total: str | None = None
    choice: str | None = None
    count: str | None = None
    mode: str | None = None
    mode_total: str | None = None
    where: Mapping[str, str] = field(default_factory=dict)
    notation: Notation = field(default_factory=Notation)
    without_votes: str = "refuse"
    repeated_votes: str = "refuse"

    def __post_init__(self) -> None:
        if not self.blue or not self.red:
            raise DataError(
                "Name at least one column for the blue votes (--blue) and one for the red (--red)."
            )
        both = sorted(set(self.blue) & set(self.red))
        if both:
            raise DataError(f"{shown(both[0])} cannot count for blue and for red.")
        for side, names in (("blue", self.blue), ("red", self.red)):
            if twice := _twice(names):
                raise DataError(
                    f"{side} names {shown(twice)} twice, whose votes would count twice: "
                    f"name it once (--{side} {typed(twice, 'COLUMN')})."
                )
        self._refuse_two_parts()
        if (self.choice is None) != (self.count is None):
            raise DataError(
                "A long table needs both the column of the choices (--choice) and that of their "
                "votes (--count)."
            )

    def _refuse_two_parts(self) -> None:
        """Refuse a column that is named as two things, such as a side and the sum of both."""
        columns = [("id", self.id), ("total", self.total)]
        if self.choice is None:
            columns += [("blue", one) for one in self.blue] + [("red", one) for one in self.red]
        else:
            columns += [("choice", self.choice), ("count", self.count), ("mode", self.mode)]
        parts: dict[str, str] = {}
        for key, name in columns:
            if name and parts.setdefault(name, key) != key:
                raise DataError(
                    f"{shown(name)} is named as {parts[name]} and as {key} (--{parts[name]}, "
                    f"--{key}); a column is one of them."
                )


@dataclass(frozen=True, slots=True, repr=False)
class MapFiles:
    """The files and columns of a map; an empty text means that there is none.

    Every field is a text, a list of texts, a switch or a number, so that a table of TOML can hold
    them as they are. `units` and `id` cannot be left out.

    Parameters
    ----------
    units
        File of the polygons, or of a GerryChain dual graph (JSON).
    id
        Column of the ids.
    blue, red
        Columns of the votes of each side, added up; in a long table the choices that count for it.
        Without them nobody votes, and only a question that does not weigh votes can be asked.
    votes
        Table of the votes; columns of `units` unless given.
    votes_id
        Column of the ids in `votes`, where it has another name than in `units`.
    total
        Column of all votes cast. Two sides above it are an error.
    choice, count, mode
        Columns of a long table: candidates or parties, their votes, and kinds of votes, whose
        rows ``TOTAL`` are not added to their parts. Without `choice` the table is wide.
    mode_total
        Value of `mode` whose rows sum up the others, if that is not ``TOTAL``; ``none`` where all
        add up. A mode with as many votes as the others together is asked about.
    where
        Rows to count, each as ``column=value``.
    election
        What the election is called.
    name, state
        Columns of the name of each unit and of the state it lies in; the id and nothing unless
        given.
    place, places
        What a map names: the column of the town or quarter that each unit lies in, or a table with
        the columns ``name``, ``longitude`` and ``latitude`` in degrees (WGS 84), the most important
        first or, where it has a column ``population``, in the order of that.
    attributes
        Further columns of numbers, each as ``column`` or ``attribute=column``. The metrics know
        ``population`` (people) and ``gdp`` (thousands of dollars).
    layer, sheet
        Which layer of `units` and which sheet of `votes`, where there are several; or which file
        of an archive.
    crs
        Reference system of the coordinates, such as ``EPSG:4326``; needed where the file is
        silent, or declares one that they can hardly be in. Where it contradicts the file it is
        followed, and listed among the repairs, as are doubts about it.
    encoding
        Encoding of tables of text, shapefiles and MapInfo files; UTF-8, or what the file says,
        unless given. Other formats are always UTF-8.
    votes_encoding
        Encoding of `votes` alone, where `units` have another.
    skip_rows
        Lines above the header of `votes`.
    thousands
        Separator of thousands: ``.``, ``,``, ``space``, ``apostrophe`` or ``_``.
    decimal
        Decimal mark: ``.`` or ``,``.
    percentages
        What becomes of figures that look like percentages: ``refuse``, or ``count`` as votes, so
        that every unit weighs the same.
    links
        Table of crossings over water with the columns ``id_a``, ``id_b`` and ``kind``.
    crosswalk
        Name or file of a crosswalk between the ids of `units` and `votes`.
    repair
        Whether to mend polygons, lost zeros and units in several rows. Votes never change.
    without_votes
        What becomes of units without votes, or with a missing figure: ``refuse``, count ``zero`` or
        ``drop``.
    repeated_votes
        What becomes of the votes of a unit in several rows: ``refuse``, count equal rows ``once``,
        as where a polygon was taken apart, or ``add`` them up, where each has a part of them.
    without_polygon
        What becomes of votes without a unit, and of units without a polygon: ``refuse`` or
        ``drop``.
    max_size
        Gigabytes that each of `units` and `votes` may have, once it is unpacked and unfolded.

    Raises
    ------
    DataError
        When a value is not allowed.
    """

    units: str = ""
    id: str = ""
    blue: tuple[str, ...] = ()
    red: tuple[str, ...] = ()
    votes: str = ""
    votes_id: str = ""
    total: str = ""
    choice: str = ""
    count: str = ""
    mode: str = ""
    mode_total: str = ""
    where: tuple[str, ...] = ()
    election: str = UNNAMED
    name: str = ""
    state: str = ""
    place: str = ""
    places: str = ""
    attributes: tuple[str, ...] = ()
    layer: str = ""
    sheet: str = ""
    crs: str = ""
    encoding: str = ""
    votes_encoding: str = ""
    skip_rows: int = 0
    thousands: str = ""
    decimal: str = ""
    percentages: str = "refuse"
    links: str = ""
    crosswalk: str = ""
    repair: bool = False
    without_votes: str = "refuse"
    repeated_votes: str = "refuse"
    without_polygon: str = "refuse"
    max_size: float = MAX_GIGABYTES

    def __post_init__(self) -> None:
        for key in ("units", "id", "election"):
            if not getattr(self, key):
                raise DataError(f"{key} is missing: say which one (--{key}).")
        if self.names_votes:
            self.vote_columns()
        self._check_others()

    def __repr__(self) -> str:
        said = (
            f"{one.name}={getattr(self, one.name)!r}"
            for one in fields(self)
            if getattr(self, one.name) != one.default
        )
        text = ", ".join(said)
        return f"<{type(self).__name__}: {text if len(text) <= 500 else f'{text[:499]}…'}>"

    @property
    def names_votes(self) -> bool:
        """Whether anything says where the votes are."""
        return any(getattr(self, key) for key in _VOTES)

    def vote_columns(self) -> VoteColumns:
        """Say where the votes stand."""
        conditions = [_split(one, "where") for one in self.where]
        for one, (name, _) in zip(self.where, conditions, strict=True):
            if not name:
                raise DataError(f"where holds {shown(one)}; write column=value.")
        if twice := _twice([name for name, _ in conditions]):
            raise DataError(
                f"where names {shown(twice)} twice, and a row has one value: give one of them "
                f"(--where {typed(f'{twice}={dict(conditions)[twice]}', 'COLUMN=VALUE')}, say)."
            )
        return VoteColumns(
            id=(self.votes_id if self.votes else "") or self.id,
            blue=tuple(self.blue),
            red=tuple(self.red),
            total=self.total or None,
            choice=self.choice or None,
            count=self.count or None,
            mode=self.mode or None,
            mode_total=self.mode_total or None,
            where=dict(conditions),
            notation=self.notation(),
            without_votes=self.without_votes,
            repeated_votes=self.repeated_votes,
        )

    def asked_columns(self) -> tuple[str, ...]:
        """Name the columns of the table of votes that are surely in it."""
        names = (self.choice, self.count) if self.choice else (*self.blue, *self.red)
        return tuple(filter(None, (*names, self.votes_id, self.total)))

    def notation(self) -> Notation:
        """Say how figures are written."""
        return Notation(self.thousands, self.decimal)

    def attribute_columns(self) -> dict[str, str]:
        """Say which column each attribute is in."""
        split = [(name or column, column) for name, column in map(_split, self.attributes)]
        if twice := _twice([name for name, _ in split]):
            raise DataError(
                f"attributes names {shown(twice)} twice; give each figure once (--attributes)."
            )
        columns = dict(split)
        for measured in ("area", "perimeter"):
            if measured in columns:
                raise DataError(f"The attribute {measured!r} is measured; call the column another.")
        return columns

    def _check_others(self) -> None:
        """Check what may be left out."""
        for key, allowed in CHOICES.items():
            if getattr(self, key) not in allowed:
                raise DataError(
                    f"{key} = {shown(getattr(self, key))}; choose from {', '.join(allowed)} "
                    f"(--{key.replace('_', '-')})."
                )
        if self.skip_rows < 0:
            raise DataError(f"skip_rows = {self.skip_rows}: give 0 or more (--skip-rows).")
        self.notation()
        self.attribute_columns()
        if self.place and self.places:
            raise DataError(
                "Name places by a column of the units (place) or by a table (places), not by both."
            )

    def paths(self) -> dict[str, str]:
        """List the files that are named, by what they hold; a crosswalk with a name is none."""
        is_file = "." in self.crosswalk or "/" in self.crosswalk
        keys = ("units", "votes", "links", "places", *(("crosswalk",) if is_file else ()))
        return {key: path for key in keys if (path := getattr(self, key)) and path not in HELD}

    @property
    def is_held(self) -> bool:
        """Whether some of the data were held in memory, and are in no file."""
        return self.units in HELD or self.votes in HELD

    def relative_to(self, folder: Path) -> Self:
        """Resolve the paths of files against a folder, that of a scenario say."""
        return self.at({key: str(folder / path) for key, path in self.paths().items()})

    def at(self, paths: Mapping[str, str]) -> Self:
        """Take the same files from other places; `paths` is by what they hold."""
        changes: dict[str, Any] = dict(paths)
        return replace(self, **changes)


@dataclass(frozen=True, slots=True, repr=False)
class SomeFiles(MapFiles):
    """Files and columns of which not everything has been said yet: any field may be empty."""

    def __post_init__(self) -> None:
        if self.names_votes:
            self.vote_columns()
        self._check_others()


def several(value: str | Sequence[str]) -> tuple[str, ...]:
    """Take one text for a list of one."""
    return (value,) if isinstance(value, str) else tuple(value)


def _twice(names: Sequence[str]) -> str:
    """Find the first name that was given before; empty where there is none."""
    return next((one for row, one in enumerate(names) if one in names[:row]), "")


def _split(text: str, key: str = "attributes") -> tuple[str, str]:
    """Split ``name=column``; the name is empty where there is no sign."""
    name, sign, rest = text.partition("=")
    if not text or (sign and not (name.strip() and rest.strip())):
        raise DataError(f"{key} holds {shown(text)}; write name=value.")
    return (name.strip(), rest.strip()) if sign else ("", text)
