"""The whole page of a scenario: reading, checking, changing and writing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Self

from partition.errors import ScenarioError, nearest
from partition.filenames import file_name
from partition.scenario.apart import ApartRules
from partition.scenario.goal_limits import LeastRules, MostRules
from partition.scenario.keys import TABLES, find_keys, known_keys, leaves, short_name, spelled_out
from partition.scenario.limits import LONGEST, SearchLimits
from partition.scenario.nations import STRANDED, Nations
from partition.scenario.places import EdgeSwitches, Neighbours, UnitRules
from partition.scenario.reading import build, merge
from partition.scenario.sides import COLOUR_WORD, Sides
from partition.scenario.states import StateRules
from partition.scenario.swing import Swing
from partition.scenario.then import Step, refuse_repeated
from partition.scenario.toml import load_toml
from partition.scenario.variation import (
    read_variation,
    split_name,
    split_parts,
    value_text,
    variation_name,
    word_for_folder,
)
from partition.scenario.voters import VoterRules
from partition.scenario.weights import OF_SIDES, Weights
from shapefiles.embedded.read import ELECTIONS
from shapefiles.errors import DataError, one_line, shown
from shapefiles.mapfiles import UNNAMED, MapFiles
from shapefiles.screening.door import read_bytes

ABOVE_TABLES = ("base", "title", "description", "election")
"""Keys that stand above all tables, and that no table has."""

ON_ANY_MAP = "Every unit joins a blue or a red nation, each in one piece on every landmass."
"""What is asked by default of a map of one's own."""

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
        Election whose votes count: one of :data:`shapefiles.embedded.read.ELECTIONS`, or what the
        votes of a map of one's own are called.
    data
        Files and columns of a map of one's own; none for the data that come with the program.
    nations, units, neighbours, weights, edges, limits, voters, most, least, apart, states,
    swing
        The tables of the file.
    then
        Goals that come one after another, after the one that is weighed: the list ``[[then]]``.
    sides
        What both sides are called and coloured. Titles and descriptions of the program's that speak
        of blue and red call the sides by their names.

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
    >>> scenario.but(border=50, blue_pieces=4)  # doctest: +ELLIPSIS
    <Scenario 'counties@border=50,blue.pieces=4' on 2016: Every county joins ...>
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
    sides: Sides = field(default_factory=Sides)
    voters: VoterRules = field(default_factory=VoterRules)
    most: MostRules = field(default_factory=MostRules)
    least: LeastRules = field(default_factory=LeastRules)
    apart: ApartRules = field(default_factory=ApartRules)
    states: StateRules = field(default_factory=StateRules)
    then: tuple[Step, ...] = ()
    swing: Swing = field(default_factory=Swing)

    def __post_init__(self) -> None:
        for key in ("name", "title", "description", "election"):
            text = getattr(self, key)
            if not text.strip() or not text.isprintable():
                raise ScenarioError(f"{key} = {text!r}: give one line of printable text.")
        for key in ("title", "description"):
            if self.sides.names is not None and _is_the_programs(getattr(self, key)):
                object.__setattr__(self, key, self.sides.reworded(getattr(self, key)))
        refuse_repeated([step.goal for step in self.then])
        if self.data is not None and self.data.election != self.election:
            object.__setattr__(self, "data", replace(self.data, election=self.election))

    def __repr__(self) -> str:
        asked = shown(self.description, 400)[1:-1]
        return f"<Scenario {shown(self.name, 200)} on {self.election}: {asked}>"

    @property
    def stem(self) -> str:
        """Name of the scenario that this one varies; its own where nothing is varied."""
        return split_name(self.name)[0]

    @property
    def slug(self) -> str:
        """Name for a folder: scenario, election and what is varied, in this order.

        Examples
        --------
        >>> Scenario.load("counties@border=50,blue.pieces=any").slug
        'counties-2016-border50-blue.pieces-any'
        """
        stem, varied = split_name(self.name)
        words = [word_for_folder(one) for one in split_parts(varied)]
        return file_name("-".join([stem, self.election, *words]))

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
        """Load a scenario by its shipped name, or from a TOML file, perhaps varied.

        Parameters
        ----------
        name_or_path
            Such as ``counties``, ``mine.toml`` or ``counties@border=50,blue.pieces=any``.
        """
        if isinstance(name_or_path, Path):
            return cls._from_file(name_or_path, _stem(name_or_path))
        text, varied = split_name(name_or_path)
        if text.endswith(".toml") or "/" in text:
            loaded = cls._from_file(Path(text), _stem(Path(text)))
        else:
            loaded = cls.shipped(text)
        if text == name_or_path:
            return loaded
        try:
            return loaded.varied(read_variation(varied, known_keys(Scenario)))
        except ScenarioError as error:
            raise ScenarioError(f"{name_or_path}: {error}") from None

    @classmethod
    def _from_file(cls, file: Path | Traversable, name: str, above: tuple[str, ...] = ()) -> Self:
        content = _read(file)
        try:
            table = load_toml(content.decode("utf-8-sig"))  # Notepad marks its files
        except (ValueError, RecursionError) as error:  # numbers of thousands of digits as well
            raise ScenarioError(f"{file} is not a TOML file: {one_line(error, 500)}") from None
        _refuse_misplaced(table, file)
        if "base" in table:
            table = cls._on_its_base(table, file, above)
        try:
            scenario = cls.from_table(table, name)
        except ScenarioError as error:
            raise ScenarioError(f"{file}: {one_line(error, 500)}") from None
        if scenario.data is None or not isinstance(file, Path):
            return scenario
        return replace(scenario, data=scenario.data.relative_to(file.parent))

    @classmethod
    def _on_its_base(
        cls, table: dict[str, Any], file: Path | Traversable, above: tuple[str, ...]
    ) -> dict[str, Any]:
        """Set what a file says in the scenario that it names as its base."""
        given = table.pop("base")
        if not isinstance(given, str):
            raise ScenarioError(f"{file}: base = {given!r}: give the name of a scenario, as text.")
        here = (*above, str(file))
        name, varied = split_name(given)
        if name.endswith(".toml") and isinstance(file, Path):
            path = file.parent.absolute() / name
            if path.resolve() in (Path(one).resolve() for one in here):
                raise ScenarioError(f"{file}: base = {given!r} leads back to {path.name}.")
            base = cls._from_file(path, _stem(path), here)
        else:
            base = cls.shipped(name)
        if varied:
            base = base.varied(read_variation(varied, known_keys(Scenario)))
        inherited = base.to_table()
        del inherited["name"]
        if "data" in table and base.data is None:
            del inherited["election"]  # one of the embedded data, which are not divided here
        return merge(inherited, table)

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
        """State the scenario as plain values, ready for JSON.

        Files that are not named are left out, and so are the sides, the swing, the voters' and the
        states' rules, limits on goals and on the stranded, goals of one side, and plans to be apart
        from unless they are given.
        """
        table = asdict(self)
        for rules in table["nations"].values():
            for key in STRANDED:
                if rules[key] is None:
                    del rules[key]
        for key in OF_SIDES:
            if not table["weights"][key]:
                del table["weights"][key]
        data = table.pop("data")
        for name, nothing in (
            ("sides", Sides()),
            ("swing", Swing()),
            ("voters", VoterRules()),
            ("states", StateRules()),
        ):
            if getattr(self, name) == nothing:
                del table[name]
        for name in ("most", "least", "apart"):
            table[name] = {key: one for key, one in table[name].items() if one not in (None, ())}
            if not table[name]:
                del table[name]
        table["then"] = list(table["then"])
        if not self.then:
            del table["then"]
        if self.data is None:
            return table
        defaults = {one.name: one.default for one in fields(MapFiles)} | {"election": self.election}
        return table | {"data": {key: one for key, one in data.items() if one != defaults[key]}}

    def but(self, **changes: Any) -> Self:
        """Ask the same with some values changed, under a name that says which.

        Parameters
        ----------
        **changes
            New values by the names of their keys, or by as much of their end as is clear, dots as
            underscores: ``border=50``, ``blue_pieces="any"``, ``pieces=2`` for both nations; or
            tables of them, as in a file: ``weights={"border": 50}``, ``blue={"pieces": 4}``.
            ``**{"blue.pieces": 4}`` works as well.

        Raises
        ------
        ScenarioError
            When a key is unknown or unclear, or a value is not allowed.
        """
        keys = known_keys(Scenario)
        values: dict[str, Any] = {}
        for name, value in leaves(changes):
            if name in TABLES:
                raise ScenarioError(f"{name} is a table: give it as one, {name}={{...}}.")
            found = dict.fromkeys(find_keys(spelled_out(name, keys), keys), value)
            for key in found:
                if key in values:
                    raise ScenarioError(f"{name}: {key} is given twice; give it once.")
            values |= found
        return self.varied(values)

    def varied(self, values: Mapping[str, Any]) -> Self:
        """Set values by their dotted names, and say so in name and title.

        Raises
        ------
        ScenarioError
            When a key is unknown or a value is not allowed.
        """
        if not values:
            return self
        keys = known_keys(Scenario)
        changed = self.override(settings=values)
        told = {
            key: one
            for key, one in values.items()
            if key == "election" or ("." in key and not key.startswith("sides."))
        }
        words = (
            f"{short_name(key, keys).replace('.', ' ').replace('_', ' ')} {value_text(value)}"
            for key, value in told.items()
        )
        title = changed.title
        if told and "title" not in values:
            title = f"{title} ({', '.join(words)})"
        return replace(changed, name=variation_name(self.name, told, keys), title=title)

    def override(
        self,
        *,
        election: str | int | None = None,
        time_limit: float | None = None,
        gap: float | None = None,
        seed: int | None = None,
        iterations: int | None = None,
        sides: Sides | Mapping[str, Any] | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> Self:
        """Replace what is given, keep the rest; `iterations` alone stop the clock.

        Parameters
        ----------
        election, time_limit, gap, seed, iterations
            What a run is most often asked to change.
        sides
            What both sides are called and coloured; or of a mapping such as ``{"blue": {"name":
            "Remain"}}`` what is named, the rest stays as it is.
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
        if sides is not None:
            given["sides"] = asdict(sides) if isinstance(sides, Sides) else sides
        table = self.to_table()
        for key in ("title", "description"):
            table[key] = self._as_of_the_program(table[key])
        name = table.pop("name")
        return self.from_table(merge(merge(table, settings or {}), given), name)

    def _as_of_the_program(self, text: str) -> str:
        """Give back a text of the program's that calls the sides by the names they have now."""
        if self.sides.names is None:
            return text
        for one in _program_texts():
            reworded = self.sides.reworded(one)
            if text.startswith(reworded):
                return one + text.removeprefix(reworded)
        return text


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


@cache
def _program_texts() -> tuple[str, ...]:
    """List titles and descriptions that speak of blue or red, the longest first."""
    pages = (_read(_shipped_folder() / f"{one}.toml") for one in shipped_names())
    tables = [load_toml(one.decode()) for one in pages]
    texts = {ON_ANY_MAP, *(one[key] for one in tables for key in ("title", "description"))}
    return tuple(sorted(filter(COLOUR_WORD.search, texts), key=len, reverse=True))


def _is_the_programs(text: str) -> bool:
    """Whether a text is one that comes with the program, perhaps with how it is varied after it."""
    return text.startswith(_program_texts())


def _stem(path: Path) -> str:
    """Name a scenario after its file; what follows an @ in a name says how it is varied."""
    return path.stem.replace("@", "_")


def _shipped_folder() -> Traversable:
    return files("partition") / "scenarios"


def _read(file: Path | Traversable) -> bytes:
    if not isinstance(file, Path):  # one that comes with the package, perhaps in an archive
        return file.read_bytes()
    try:
        return read_bytes(file, MAX_FILE_BYTES)
    except DataError as error:
        reason = str(error).removeprefix(f"Cannot read {shown(file, 200)}: ")
        raise ScenarioError(f"Cannot read the scenario {file}: {reason}") from None


def _refuse_misplaced(table: Mapping[str, Any], file: Path | Traversable) -> None:
    """Refuse a line of the page that stands below a table: TOML takes it for one of the table's."""
    for name, inner in table.items():
        for key in ABOVE_TABLES if isinstance(inner, Mapping) else ():
            if key in inner:
                raise ScenarioError(
                    f"{file}: {key} stands below [{name}], and so is a key of that table; write it "
                    "above the first line in brackets."
                )
