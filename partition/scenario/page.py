"""The whole page of a scenario: reading, checking, changing and writing it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Self

from partition.errors import ScenarioError, nearest
from partition.scenario.limits import LONGEST, SearchLimits
from partition.scenario.nations import Nations
from partition.scenario.places import EdgeSwitches, Neighbours, UnitRules
from partition.scenario.reading import build, merge
from partition.scenario.weights import Weights
from shapefiles.errors import one_line
from shapefiles.mapfiles import UNNAMED, MapFiles
from shapefiles.read import ELECTIONS

MAX_FILE_BYTES = 1_000_000
"""A scenario is a page of text; anything above this is some other file."""


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
        Election whose votes count: one of :data:`shapefiles.read.ELECTIONS`, or what the votes of
        a map of one's own are called.
    data
        Files and columns of a map of one's own; none for the data that come with the program.
    nations, units, neighbours, weights, edges, limits
        The tables of the file.

    Raises
    ------
    ScenarioError
        When a value is not allowed; the message names the key, the value and what is allowed.

    Examples
    --------
    >>> scenario = Scenario.shipped("counties")
    >>> scenario.election, scenario.nations.blue.pieces
    ('2016', 1)
    >>> scenario.override(election="2024", time_limit=5).limits.time_limit
    5.0
    >>> scenario.override(settings={"weights.border": 0.5}).weights.border
    0.5
    """

    name: str
    title: str
    description: str
    election: str = ELECTIONS[0]
    data: MapFiles | None = None
    nations: Nations = field(default_factory=Nations)
    units: UnitRules = field(default_factory=UnitRules)
    neighbours: Neighbours = field(default_factory=Neighbours)
    weights: Weights = field(default_factory=Weights)
    edges: EdgeSwitches = field(default_factory=EdgeSwitches)
    limits: SearchLimits = field(default_factory=SearchLimits)

    def __post_init__(self) -> None:
        for key in ("name", "title", "description", "election"):
            text = getattr(self, key)
            if not text.strip() or not text.isprintable():
                raise ScenarioError(f"{key} = {text!r}: give one line of printable text.")
        if self.data is not None and self.data.election != self.election:
            object.__setattr__(self, "data", replace(self.data, election=self.election))

    def __repr__(self) -> str:
        return f"<Scenario {self.name!r} on {self.election}: {self.description}>"

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
        content = _read(file)
        try:
            table = tomllib.loads(content.decode("utf-8"))
        except (ValueError, RecursionError) as error:  # numbers of thousands of digits as well
            raise ScenarioError(f"{file} is not a TOML file: {one_line(error, 500)}") from None
        try:
            scenario = cls.from_table(table, name)
        except ScenarioError as error:
            raise ScenarioError(f"{file}: {one_line(error, 500)}") from None
        if scenario.data is None or not isinstance(file, Path):
            return scenario
        return replace(scenario, data=scenario.data.relative_to(file.parent))

    @classmethod
    def from_table(cls, table: Mapping[str, Any], name: str) -> Self:
        """Build a scenario from the tables of a TOML file, checking every key and type."""
        given = dict(table)
        if "name" in given:
            raise ScenarioError("name: the name of a scenario is that of its file; drop this key.")
        if type(given.get("election")) is int:  # election = 2016, without quotes, is as clear
            given["election"] = str(given["election"])
        if isinstance(given.get("data"), Mapping):
            if "election" in given["data"]:
                raise ScenarioError("data.election: name the election above all tables.")
            given.setdefault("election", UNNAMED)
        for key in ("title", "description"):
            if key not in given:
                raise ScenarioError(f"{key} is missing: give one line of text.")
        scenario: Self = build(cls, {**given, "name": name})
        return scenario

    def to_table(self) -> dict[str, Any]:
        """State the scenario as plain values, ready for JSON; files that are not named left out."""
        table = asdict(self)
        data = table.pop("data")
        if self.data is None:
            return table
        defaults = {one.name: one.default for one in fields(MapFiles)} | {"election": self.election}
        return table | {"data": {key: one for key, one in data.items() if one != defaults[key]}}

    def override(
        self,
        *,
        election: str | int | None = None,
        time_limit: float | None = None,
        gap: float | None = None,
        seed: int | None = None,
        iterations: int | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> Self:
        """Replace what is given, keep the rest; `iterations` alone stop the clock.

        Parameters
        ----------
        election, time_limit, gap, seed, iterations
            What a run is most often asked to change.
        settings
            Any other values, by their dotted names: ``{"nations.blue.pieces": 4}``.

        Raises
        ------
        ScenarioError
            When a key is unknown or a value is not allowed.
        """
        if iterations is not None and time_limit is None:
            time_limit = LONGEST
        limits = {"time_limit": time_limit, "gap": gap, "seed": seed, "iterations": iterations}
        given: dict[str, Any] = {
            f"limits.{key}": value for key, value in limits.items() if value is not None
        }
        if election is not None:
            given["election"] = str(election)
        table = self.to_table()
        name = table.pop("name")
        return self.from_table(merge(merge(table, settings or {}), given), name)


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
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise ScenarioError(f"Cannot read the scenario {file}: {error.strerror}.") from None
    if len(content) > MAX_FILE_BYTES:
        raise ScenarioError(f"{file} is larger than {MAX_FILE_BYTES} bytes: not a scenario.")
    return content
