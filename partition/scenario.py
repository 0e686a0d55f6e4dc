"""Scenarios: one run, as a person writes it in TOML.

A file has one table for each kind of wish, and each table is one frozen dataclass here: a new key
is a new field, a new table a new dataclass and a field of :class:`Scenario`.

.. code-block:: toml

    title = "Two contiguous nations"
    description = "One sentence."
    election = "2016"            # whose votes count

    [nations]                    # what each nation must meet
    blue.contiguous = true
    red.contiguous = true

    [edges]                      # kinds of edge to switch against the default
    on = ["ferry"]
    off = ["bridge"]

    [limits]                     # when the search may stop
    time_limit = 60              # seconds
    gap = 0.001                  # share: 0.001 is 0.1 %
    seed = 0
    # iterations = 40            # rounds of the search: ends it at the same point everywhere

Every key but `title` and `description` may be left out. The name is the file's, without ``.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Self, get_type_hints

from partition.errors import ScenarioError, nearest
from shapefiles.read import ELECTIONS
from shapefiles.units import EDGE_KINDS
from solvers.result import Limits

MAX_SEED = 2**32 - 1
"""Largest seed that every random generator in use accepts."""

LONGEST = 604_800.0
"""Seconds in a week, the longest time limit."""

MAX_FILE_BYTES = 1_000_000
"""A scenario is a page of text; anything above this is some other file."""


@dataclass(frozen=True, slots=True)
class NationRules:
    """What one nation must meet.

    Parameters
    ----------
    contiguous
        Whether the nation is one connected piece on every landmass.
    """

    contiguous: bool = True


@dataclass(frozen=True, slots=True)
class Nations:
    """The rules of both nations."""

    blue: NationRules = field(default_factory=NationRules)
    red: NationRules = field(default_factory=NationRules)


@dataclass(frozen=True, slots=True)
class EdgeSwitches:
    """Kinds of edge that a scenario switches against their default.

    Parameters
    ----------
    on, off
        Some of :data:`shapefiles.units.EDGE_KINDS` each.

    Raises
    ------
    ScenarioError
        When a kind is unknown, or switched both ways.
    """

    on: tuple[str, ...] = ()
    off: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for key in ("on", "off"):
            for kind in getattr(self, key):
                if kind not in EDGE_KINDS:
                    raise ScenarioError(
                        f"edges.{key} holds {kind!r}, not a kind of edge: "
                        f"{nearest(kind, EDGE_KINDS)}"
                    )
        for kind in self.on:
            if kind in self.off:
                raise ScenarioError(f"edges.on and edges.off both hold {kind!r}: keep one of them.")


@dataclass(frozen=True, slots=True)
class SearchLimits:
    """When the search may stop, and where its random choices start.

    Parameters
    ----------
    time_limit
        Wall-clock seconds, above 0 and at most a week.
    gap
        Relative gap that is good enough, as a share.
    seed
        Seed of the random choices, 0 to 4294967295.
    iterations
        Rounds of the search after which it stops, whatever the clock says, so that two runs are
        identical; no limit by default.

    Raises
    ------
    ScenarioError
        When a value is negative, not a number or absurd.
    """

    time_limit: float = 60.0
    gap: float = 0.0
    seed: int = 0
    iterations: int | None = None

    def __post_init__(self) -> None:
        try:
            self.for_solver()
        except ValueError as error:
            raise ScenarioError(f"limits.{error}") from None
        if not 0 <= self.seed <= MAX_SEED:
            raise ScenarioError(
                f"limits.seed = {self.seed}: give a whole number from 0 to {MAX_SEED}."
            )

    def for_solver(self) -> Limits:
        """State the limits in the solver's terms."""
        return Limits(time_limit=self.time_limit, gap=self.gap, rounds=self.iterations)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One run, as a person writes it.

    Parameters
    ----------
    name
        Short name; the file's, without ``.toml``.
    title, description
        What the map is called, and one sentence on what is asked for.
    election
        Election whose votes count, one of :data:`shapefiles.read.ELECTIONS`.
    nations, edges, limits
        The tables of the file.

    Raises
    ------
    ScenarioError
        When a value is not allowed; the message names the key, the value and what is allowed.

    Examples
    --------
    >>> scenario = Scenario.shipped("counties")
    >>> scenario.election, scenario.nations.blue.contiguous
    ('2016', True)
    >>> scenario.override(election="2024", time_limit=5).limits.time_limit
    5.0
    """

    name: str
    title: str
    description: str
    election: str = ELECTIONS[0]
    nations: Nations = field(default_factory=Nations)
    edges: EdgeSwitches = field(default_factory=EdgeSwitches)
    limits: SearchLimits = field(default_factory=SearchLimits)

    def __post_init__(self) -> None:
        for key in ("name", "title", "description"):
            text = getattr(self, key)
            if not text.strip() or not text.isprintable():
                raise ScenarioError(f"{key} = {text!r}: give one line of printable text.")
        if self.election not in ELECTIONS:
            raise ScenarioError(
                f"election = {self.election!r} is not in the data: "
                f"{nearest(self.election, ELECTIONS)}"
            )

    @classmethod
    def shipped(cls, name: str) -> Self:
        """Load one of the scenarios that come with the package."""
        names = shipped_names()
        if name not in names:
            raise ScenarioError(
                f"There is no scenario {name!r}: {nearest(name, names)} "
                "A scenario of your own is given as a path that ends in .toml."
            )
        return cls._from_file(_shipped_folder() / f"{name}.toml", name)

    @classmethod
    def load(cls, name_or_path: str | Path) -> Self:
        """Load a scenario by its shipped name, or from a TOML file."""
        text = str(name_or_path)
        if isinstance(name_or_path, str) and not text.endswith(".toml") and "/" not in text:
            return cls.shipped(text)
        path = Path(text)
        return cls._from_file(path, path.stem)

    @classmethod
    def _from_file(cls, file: Path | Traversable, name: str) -> Self:
        try:
            table = tomllib.loads(_read(file).decode("utf-8"))
        except OSError as error:
            raise ScenarioError(f"Cannot read the scenario {file}: {error.strerror}.") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
            raise ScenarioError(f"{file} is not a TOML file: {error}") from None
        try:
            return cls.from_table(table, name)
        except ScenarioError as error:
            raise ScenarioError(f"{file}: {error}") from None

    @classmethod
    def from_table(cls, table: Mapping[str, Any], name: str) -> Self:
        """Build a scenario from the tables of a TOML file, checking every key and type."""
        given = dict(table)
        if "name" in given:
            raise ScenarioError("name: the name of a scenario is that of its file; drop this key.")
        if type(given.get("election")) is int:  # election = 2016, without quotes, is as clear
            given["election"] = str(given["election"])
        for key in ("title", "description"):
            if key not in given:
                raise ScenarioError(f"{key} is missing: give one line of text.")
        scenario: Self = _build(cls, {**given, "name": name}, "")
        return scenario

    def to_table(self) -> dict[str, Any]:
        """State the scenario as plain values, ready for JSON."""
        return asdict(self)

    def override(
        self,
        *,
        election: str | int | None = None,
        time_limit: float | None = None,
        gap: float | None = None,
        seed: int | None = None,
        iterations: int | None = None,
    ) -> Self:
        """Replace what is given, keep the rest; `iterations` alone stop the clock."""
        if iterations is not None and time_limit is None:
            time_limit = LONGEST
        given = {"time_limit": time_limit, "gap": gap, "seed": seed, "iterations": iterations}
        changes = {key: value for key, value in given.items() if value is not None}
        limits = _build(SearchLimits, {**asdict(self.limits), **changes}, "limits.")
        return replace(
            self, limits=limits, election=self.election if election is None else str(election)
        )


def shipped_names() -> tuple[str, ...]:
    """List the scenarios that come with the package, the default one first.

    Examples
    --------
    >>> shipped_names()[0]
    'counties'
    """
    stems = (Path(file.name) for file in _shipped_folder().iterdir())
    names = sorted(file.stem for file in stems if file.suffix == ".toml")
    return tuple(sorted(names, key=lambda name: name != "counties"))


def _shipped_folder() -> Traversable:
    return files("partition") / "scenarios"


def _read(file: Path | Traversable) -> bytes:
    with file.open("rb") as stream:
        content = stream.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise ScenarioError(f"{file} is larger than {MAX_FILE_BYTES} bytes: not a scenario.")
    return content


def _build(cls: type[Any], table: Mapping[str, Any], prefix: str) -> Any:
    """Build a dataclass from a TOML table; `prefix` is where the table stands, for messages."""
    hints = get_type_hints(cls)
    known = [one.name for one in fields(cls)]
    for key in table:
        if key not in known:
            shown = [one for one in known if prefix or one != "name"]
            raise ScenarioError(f"{prefix}{key} is not a known key: {nearest(key, shown)}")
    return cls(**{key: _value(hints[key], value, prefix + key) for key, value in table.items()})


def _value(kind: Any, value: Any, key: str) -> Any:
    """Check one value against the type of its field."""
    if hasattr(kind, "__dataclass_fields__"):
        if isinstance(value, Mapping):
            return _build(kind, value, f"{key}.")
        raise ScenarioError(f"{key} = {value!r}: give a table, as in [{key}].")
    if kind in {bool, str, int} and type(value) is kind:
        return value
    if kind == int | None and (value is None or type(value) is int):
        return value
    if kind is float and type(value) in {int, float}:
        return _float(value, key)
    if kind == tuple[str, ...] and isinstance(value, list | tuple):
        return tuple(_value(str, one, key) for one in value)
    wanted = {
        bool: "true or false",
        str: "text",
        int: "a whole number",
        int | None: "a whole number",
        float: "a number",
    }
    raise ScenarioError(f"{key} = {value!r}: give {wanted.get(kind, 'a list of texts')}.")


def _float(value: float, key: str) -> float:
    try:
        return float(value)
    except OverflowError:
        raise ScenarioError(f"{key} is too large a number.") from None
