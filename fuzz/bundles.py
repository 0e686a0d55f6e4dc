"""Attack bundles field by field, and see that honest ones are confirmed.

::

    python fuzz/bundles.py attack [--sample N]      # every leaf of run.json and report.json
    python fuzz/bundles.py honest --runs 300        # random questions about random small maps

`attack` writes bundles of several kinds and changes each in one place at a time: every field of
``run.json``, ``report.json`` and ``nations.geojson``, every number and row of ``report.md``, and
every line of ``plan.csv``. A change that is confirmed is a
fault, unless it is of :data:`STATEMENTS` or below the rounding of a sum. `honest` draws maps and
questions of every kind, and anything but a confirmation is a fault. Both print a count, and end
with exit code 1 where there is a fault.
``tests/partition/verify/test_attacks.py`` takes samples of both.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import random
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import partition
import partition.land.own_map
from partition.errors import NoPlanError, PartitionError, ScenarioError
from partition.scenario import Scenario
from partition.verify import bundle, verify
from partition.verify.document import inputs_sha256
from shapefiles.mapfiles import MapFiles

STATEMENTS = re.compile(
    r"run\.json: (scenario\.(name|title|description|data\.units)|data\.source|data\.files(\..*)?|"
    r"packages(\..*)?|windows|status|runtime_seconds|trace(\[.*)?)"
)
"""Fields that nobody can recount; another value of the same type is confirmed."""

ROUNDING = 1e-11
"""Relative size of a change that the sum of some thousand floating-point numbers may hide."""

Path_ = tuple[str | int, ...]


# -- maps and questions --------------------------------------------------------------------------


def write_map(folder: Path, rng: random.Random, width: int, height: int) -> Path:
    """Write a map of squares in longitude and latitude, some of them with an island or a crumb."""
    features = []
    for number in range(width * height):
        x, y = 10 + 0.1 * (number % width), 50 + 0.1 * (number // width)
        rings = [[_square(x, y, 0.1)]]
        if rng.random() < 0.1:  # a detached bit far away, which touches another unit
            rings.append([_square(10 + 0.1 * rng.randrange(width), 50 - 0.002, 0.002)])
        features.append(
            {
                "type": "Feature",
                "properties": properties(rng, number),
                "geometry": {"type": "MultiPolygon", "coordinates": rings},
            }
        )
    path = folder / "map.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def properties(rng: random.Random, number: int) -> dict[str, Any]:
    """Draw votes and figures of a unit; some have no state."""
    many = 2_000_000 if rng.random() < 0.02 else 1  # beyond what 64 bits hold as a product
    return {
        "id": f"u{number:03}",
        "label": rng.choice(["North|Side", "<b>", "Müller", "Hill"]) + f" {number}",
        "state": rng.choice(["", "A", "A", "B", "B", "C"]),
        "yes": rng.randrange(0, 2000) * many,
        "no": rng.randrange(0, 2000) * many,
        "people": rng.choice([rng.randrange(100, 9000), rng.randrange(100, 9000) + 0.25]),
        "gdp": round(rng.uniform(10_000, 5_000_000), 3),
    }


def write_graph(folder: Path, rng: random.Random, n_units: int) -> Path:
    """Write a dual graph: a random tree with some edges more."""
    edges = {(rng.randrange(unit), unit) for unit in range(1, n_units) if rng.random() < 0.95}
    pairs = (tuple(sorted(rng.sample(range(n_units), 2))) for _ in range(n_units // 2))
    edges |= set(pairs)  # type: ignore[arg-type]
    adjacency: list[list[dict[str, float]]] = [[] for _ in range(n_units)]
    for a, b in sorted(edges):
        length = round(rng.uniform(0, 5000), 3)
        adjacency[a].append({"id": b, "shared_perim": length})
        adjacency[b].append({"id": a, "shared_perim": length})
    nodes = [{**properties(rng, unit), "id": unit, "key": f"u{unit:03}"} for unit in range(n_units)]
    path = folder / "graph.json"
    graph = {"directed": False, "multigraph": False, "graph": {}, "nodes": nodes}
    path.write_text(json.dumps(graph | {"adjacency": adjacency}))
    return path


def _square(x: float, y: float, size: float) -> list[list[float]]:
    corners = [(0, 0), (size, 0), (size, size), (0, size), (0, 0)]
    return [[round(x + dx, 6), round(y + dy, 6)] for dx, dy in corners]


def own_files(folder: Path, rng: random.Random, *, is_graph: bool) -> MapFiles:
    """Write a map of one's own, and name its files and columns."""
    size = (rng.randint(2, 4), rng.randint(2, 4))
    path = (
        write_graph(folder, rng, rng.randint(4, 14)) if is_graph else write_map(folder, rng, *size)
    )
    return MapFiles(
        units=str(path),
        id="key" if is_graph else "id",
        name="label",
        state="state" if rng.random() < 0.8 else "",
        blue=("yes",),
        red=("no",),
        attributes=("population=people", "gdp") if rng.random() < 0.8 else (),
        election="vote",
    )


def draw_settings(rng: random.Random, files: MapFiles) -> dict[str, Any]:
    """Draw weights and rules that such a map allows."""
    has_people, has_state = bool(files.attributes), bool(files.state)
    quantities = ["votes", *(["population", "gdp"] if has_people else [])]
    quantities += [] if files.units.endswith("graph.json") else ["area"]
    weights: dict[str, Callable[[], float]] = {
        "self_determination": lambda: rng.choice([1, 2, 0.5]),
        "intensity": lambda: rng.choice([0.25, 1, 0.000001]),
        "border": lambda: rng.choice([0.3, 7]),
        "cut_edges": lambda: rng.choice([1, 30, 0.125]),
    }
    if has_state:
        weights["state_splits"] = lambda: rng.choice([0.05, 1])
    if has_people:
        weights["status_quo"] = lambda: rng.choice([0.1, 0.01])
        weights["population_balance"] = lambda: rng.choice([0.01, 1])
        weights["gdp_balance"] = lambda: 0.02
    if "area" in quantities:
        weights["area_balance"] = lambda: 0.03
    weights["blue_at_home"] = lambda: rng.choice([1, 0.5])
    weights["red_at_home"] = lambda: rng.choice([0, 0.25])
    weights["worse_off"] = lambda: rng.choice([1, 0.3])
    chosen = [key for key in weights if rng.random() < 0.25]
    settings: dict[str, Any] = {f"weights.{key}": weights[key]() for key in chosen}
    for nation in ("blue", "red"):
        settings |= _draw_rules(rng, f"nations.{nation}", quantities, has_state=has_state)
    for key in ("blue", "red"):
        if rng.random() < 0.2:
            settings[f"units.{key}"] = [f"u{rng.randrange(2) + 2 * (key == 'red'):03}"]
    if has_state and rng.random() < 0.3:
        settings["units.whole"] = [rng.choice(["states", "A", "B"])]
    if has_state and rng.random() < 0.3:
        settings["states.split_most"] = rng.choice([0, 1, 1, 2])
    if has_state and rng.random() < 0.15:
        settings["units.only"] = ["A", "B"]
        settings["units.rest"] = rng.choice(["red", "blue"])
    if rng.random() < 0.2:
        settings["edges.on"] = ["crumb"]
    return settings | _draw_amounts(rng, quantities, has_state=has_state)


def _draw_amounts(rng: random.Random, quantities: list[str], *, has_state: bool) -> dict[str, Any]:
    """Draw limits on goals, other plans to be apart from, and voters who change sides."""
    limits: dict[str, float] = {
        "voters.at_home": rng.randrange(4000),
        "most.border": round(rng.uniform(5, 150), 3),
        "most.cut_edges": rng.randint(3, 15),
        "least.intensity": round(rng.uniform(0, 2000), 2),
        "least.blue_at_home": rng.randrange(3000),
        "least.red_at_home": rng.randrange(3000),
        "least.worse_off": round(rng.uniform(0, 4000), 2),
    }
    if has_state:
        limits["most.state_splits"] = rng.randrange(8000)
    if "population" in quantities:
        limits["most.status_quo"] = rng.randrange(50_000)
        limits["most.population_balance"] = rng.randrange(30_000)
        limits["most.gdp_balance"] = rng.randrange(20_000)
    if "area" in quantities:
        limits["most.area_balance"] = rng.randrange(900)
    settings: dict[str, Any] = {key: limits[key] for key in limits if rng.random() < 0.1}
    if rng.random() < 0.15:
        key = "people" if "population" in quantities and rng.random() < 0.5 else "voters"
        plans = [["u000", "u002"], ["u001"], ["A", "u003"] if has_state else ["all"]]
        known = rng.sample(plans, rng.randint(1, 2))
        settings["apart"] = {key: rng.randint(1, 3000), "plans": known}
    if rng.random() < 0.25:
        settings["swing.points"] = round(rng.uniform(-9, 9), 2)
        settings["swing.in_proportion"] = rng.random() < 0.5
        settings["swing.error"] = rng.choice([0, 2.5])
        settings["swing.draw"] = rng.randrange(9)
    return settings


def _draw_rules(
    rng: random.Random, nation: str, quantities: list[str], *, has_state: bool
) -> dict[str, Any]:
    """Draw what a nation must meet."""
    settings: dict[str, Any] = {f"{nation}.pieces": rng.choice([1, 1, 2, 3, "any"])}
    for side, low, high in (("least", 0.0, 0.4), ("most", 0.6, 1.0)):
        if rng.random() < 0.25:
            key = f"{nation}.{side}.{rng.choice(quantities)}"
            settings[key] = round(rng.uniform(low, high), 3)
    for rule in ("stranded_most", "stranded_most_by_state"):
        if rng.random() < 0.15 and (has_state or rule == "stranded_most"):
            settings[f"{nation}.{rule}"] = round(rng.uniform(0.5, 1), 3)
    return settings


def random_run(folder: Path, rng: random.Random) -> Path | None:
    """Solve a random question about a random map; None where nothing can be asked or found."""
    files = own_files(folder, rng, is_graph=rng.random() < 0.3)
    scenario = Scenario.shipped(rng.choice(["counties", "compact", "states", "archipelago"]))
    asked = scenario.override(settings={"weights": {}, "limits.gap": rng.choice([0, 0, 0.05])})
    settings = draw_settings(rng, files)
    try:
        asked = partition.land.own_map.with_map(asked, files).override(
            settings=settings, iterations=3
        )
        run = partition.solve(asked, certify=rng.random() < 0.7)
    except (ScenarioError, NoPlanError):
        return None
    if rng.random() < 0.3:
        run = partition.stable(run, groups=rng.randint(1, 3), search_time=5).told
    return run.write(folder / "run")


EVERYTHING = {
    "nations.blue.pieces": 3,
    "nations.red.pieces": "any",
    "nations.blue.least.population": 0.3,
    "nations.red.most.gdp": 0.55,
    "nations.blue.most.area": 0.5,
    "nations.red.least.votes": 0.25,
    "nations.red.sea_access": True,
    "nations.blue.stranded_most": 0.8,
    "nations.red.stranded_most": 0.75,
    "nations.red.stranded_most_by_state": 1,
    "units.blue": ["VT", "06"],
    "units.red": ["53033"],
    "units.whole": ["NY", "TX", "36061"],
    "neighbours.canada": "blue",
    "neighbours.mexico": "red",
    "weights.self_determination": 2,
    "weights.intensity": 0.25,
    "weights.border": 3.3,
    "weights.cut_edges": 7,
    "weights.state_splits": 0.05,
    "weights.status_quo": 0.1,
    "weights.population_balance": 0.01,
    "weights.gdp_balance": 0.02,
    "weights.area_balance": 0.03,
    "weights.blue_at_home": 0.5,
    "weights.red_at_home": 0.25,
    "weights.worse_off": 1.5,
    "edges.off": ["ferry"],
    "voters.at_home": 40_000_000,
    "states.split_most": 45,
    "most.border": 90_000,
    "most.cut_edges": 5000,
    "most.state_splits": 60_000_000,
    "most.status_quo": 200_000_000,
    "most.population_balance": 100_000_000,
    "most.gdp_balance": 8_000_000,
    "most.area_balance": 3_000_000,
    "least.intensity": 1_000_000,
    "least.blue_at_home": 10_000_000,
    "least.red_at_home": 10_000_000,
    "least.worse_off": 20_000_000,
    "apart": {"people": 100_000, "voters": 50_000, "plans": [["CA", "VT"]]},
    "swing.points": -1.5,
    "swing.in_proportion": True,
    "swing.error": 2,
    "swing.draw": 4,
}
"""Every key of a scenario."""


def write_bundles(folder: Path, kinds: tuple[str, ...]) -> dict[str, Path]:
    """Write a bundle of each kind: scenarios of the program's data, a map and a graph."""
    written = {}
    for kind in kinds:
        home = folder / kind
        home.mkdir()
        if kind in {"map", "graph"}:
            written[kind] = _own_bundle(home, is_graph=kind == "graph")
        else:
            name = "counties" if kind == "everything" else kind
            settings = EVERYTHING if kind == "everything" else {}
            scenario = Scenario.shipped(name).override(settings=settings, iterations=1)
            written[kind] = partition.solve(scenario, certify=True).write(home / "run")
    return written


def _own_bundle(home: Path, *, is_graph: bool) -> Path:
    rng = random.Random(4)
    path = write_graph(home, rng, 9) if is_graph else write_map(home, rng, 4, 3)
    settings: dict[str, Any] = {
        "nations.blue.pieces": 2,
        "nations.blue.least.population": 0.2,
        "units.red": ["u003"],
        "weights.intensity": 0.25,
        "weights.border": 3,
        "weights.state_splits": 0.05,
        "weights.population_balance": 0.01,
        "edges.on": ["crumb"],
    }
    return solve_map(path, settings).write(home / "run")


def solve_map(path: Path, settings: dict[str, Any]) -> partition.Run:
    """Solve a question about a map or graph that was written here."""
    files = MapFiles(
        units=str(path),
        id="key" if path.name == "graph.json" else "id",
        name="label",
        state="state",
        blue=("yes",),
        red=("no",),
        attributes=("population=people", "gdp"),
        election="vote",
    )
    asked = partition.land.own_map.with_map(Scenario.shipped("counties"), files)
    return partition.solve(asked.override(settings=settings), certify=True)


def rehash(document: dict[str, Any]) -> None:
    """Let the hash of the inputs be that of what was changed, as a forger would."""
    document["inputs_sha256"] = inputs_sha256(document)


# -- changes -------------------------------------------------------------------------------------


def spots(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """List the path of everything in a document but the document itself."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, one in inner:
        yield (*path, key)
        if isinstance(one, dict | list):
            yield from spots(one, (*path, key))


def at(document: Any, path: Path_) -> Any:
    """Find what stands at a path."""
    for step in path:
        document = document[step]
    return document


def other_values(value: Any) -> Iterator[Any]:
    """List values to put in the place of one: a hair beside it, far off, of another type."""
    if type(value) is bool:
        yield from (not value, int(value), None, "true")
    elif type(value) is int:
        yield from (value + 1, value - 1, 10 * value + 7, -value - 1, float(value), str(value))
        yield from (None, True)
    elif type(value) is float:
        digits = repr(value)
        last = f"{digits[:-1]}{(int(digits[-1]) + 1) % 10}" if digits[-1].isdigit() else digits
        yield from (float(last), math.nextafter(value, math.inf), value * (1 + 1e-9) + 1e-9)
        yield from (value * 1.1 + 1, -value - 1, None, str(value), int(value))
    elif type(value) is str:
        yield from (value + "x", value[1:], value.swapcase(), "0" * 64, None, 5, [value])
    elif value is None:
        yield from (0, 1, 1.5, "x", False, [], {})
    else:
        yield from (None, 0, "x", [] if isinstance(value, dict) else {})


def changes(document: Any, path: Path_) -> Iterator[Any]:
    """Yield copies of a document with one change each at a path."""
    here = at(document, path)
    for value in other_values(here):
        if not (type(value) is type(here) and value == here):
            yield _with(document, path, lambda holder, key, new=value: holder.__setitem__(key, new))
    yield _with(document, path, lambda holder, key: holder.__delitem__(key))
    holder = at(document, path[:-1])
    if isinstance(holder, list):
        yield _with(document, path, lambda holder, key: holder.insert(key, copy.deepcopy(here)))
        if len(holder) > 1 and holder[path[-1]] != holder[0]:
            yield _with(document, path, _swap)
    else:
        yield _with(document, path, lambda holder, key: holder.update({f"{key}_more": here}))
        twin = next((k for k, one in holder.items() if type(one) is type(here) and one != here), "")
        if twin:
            yield _with(document, path, lambda holder, key: _swap(holder, key, twin))


def _with(document: Any, path: Path_, change: Callable[..., Any]) -> Any:
    changed = copy.deepcopy(document)
    change(at(changed, path[:-1]), path[-1])
    return changed


def _swap(holder: Any, key: Any, other: Any = 0) -> None:
    holder[key], holder[other] = holder[other], holder[key]


def named(file: str, path: Path_) -> str:
    """Write a path as the verifier does."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return f"{file}: {text.removeprefix('.')}"


def is_allowed(place: str, old: Any, new: Any) -> bool:
    """Whether a change may be confirmed: a statement, or less than sums are rounded by."""
    if STATEMENTS.fullmatch(place):
        return True
    if type(old) is float and type(new) is float:
        return abs(new - old) <= ROUNDING * max(1, abs(old))
    return False


class Attack:
    """Changes to one bundle, what was refused, and what was confirmed.

    Parameters
    ----------
    folder
        The bundle, which is confirmed as it is.
    scratch
        Where its changed copies are written.
    """

    def __init__(self, folder: Path, scratch: Path) -> None:
        if not verify(folder).is_confirmed:
            raise ValueError(f"{folder} is not confirmed to begin with.")
        self.scratch = scratch
        self.originals = {path.name: path.read_bytes() for path in folder.iterdir()}
        shutil.copytree(folder, scratch)
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []

    def try_file(self, file: str, content: bytes, place: str, *, allowed: bool = False) -> None:
        """Write a changed file, verify, and restore it."""
        (self.scratch / file).write_bytes(content)
        try:
            confirmed = verify(self.scratch).is_confirmed
        except PartitionError as error:
            confirmed = False
            if "\n" in str(error):
                self.faults.append(f"{place}: a message of several lines: {error}")
        finally:
            (self.scratch / file).write_bytes(self.originals[file])
        self.counts["allowed" if confirmed and allowed else str(confirmed)] += 1
        if confirmed and not allowed:
            self.faults.append(f"{place}: a change is confirmed")

    def fields(
        self, file: str, chosen: Callable[[Path_], bool] = lambda _path: True, rng: Any = None
    ) -> None:
        """Change fields of a JSON file in every way, or in one way each by chance."""
        document = json.loads(self.originals[file])
        for path in filter(chosen, list(spots(document))):
            old = at(document, path)
            ways = list(changes(document, path))
            for changed in ways if rng is None else [rng.choice(ways)]:
                try:
                    new = at(changed, path)
                except (KeyError, IndexError):
                    new = None
                place = named(file, path)
                content = json.dumps(changed).encode()
                self.try_file(file, content, place, allowed=is_allowed(place, old, new))

    def lines(self, file: str, chosen: Callable[[int], bool] = lambda _number: True) -> None:
        """Drop, repeat, swap and change every line of a file."""
        lines = self.originals[file].decode().splitlines()
        for number in filter(chosen, range(len(lines))):
            line = lines[number]
            for new in ([], [line, line], [line + "x"], [flipped(line)], [line[1:]]):
                changed = "\n".join([*lines[:number], *new, *lines[number + 1 :], ""])
                if changed.encode() != self.originals[file]:
                    self.try_file(file, changed.encode(), f"{file}, line {number + 1}: {new}")

    def page(self, chosen: Callable[[], bool] = lambda: True) -> None:
        """Change every number of ``report.md``, and drop and repeat the rows of its tables."""
        text = self.originals["report.md"].decode()
        text, formulas, rest = text.partition("## Formulas")
        for found in re.finditer(r"\d+", re.sub(r"\]\(#[^)]*\)", lambda m: "~" * len(m[0]), text)):
            if chosen():
                start, end = found.span()
                for new in (str(int(found[0]) + 1), f"{found[0]}0", "1" + found[0]):
                    changed = f"{text[:start]}{new}{text[end:]}{formulas}{rest}"
                    self.try_file("report.md", changed.encode(), f"report.md: {found[0]} to {new}")
        lines = text.splitlines(keepends=True)
        for number, line in enumerate(lines):
            if line.startswith("|") and chosen():
                for new in ("", line * 2, line.replace("Blue", "Red"), line.replace(" | ", " |  ")):
                    if new != line:
                        page = [*lines[:number], new, *lines[number + 1 :], formulas, rest]
                        changed = "".join(page).encode()
                        self.try_file("report.md", changed, f"report.md, line {number + 1}")

    def nations(self, chosen: Callable[[], bool] = lambda: True) -> None:
        """Change every figure of ``nations.geojson``, swap its shapes, and move them."""
        if "nations.geojson" not in self.originals:
            return
        document = json.loads(self.originals["nations.geojson"])
        for path in list(spots(document)):
            if "coordinates" not in path and chosen():
                for changed in changes(document, path):
                    new = None
                    if path[-1] in at(changed, path[:-1]) or isinstance(path[-1], int):
                        new = at(changed, path) if path[-1] != 1 else None
                    place = named("nations.geojson", path)
                    self.try_file(
                        "nations.geojson",
                        json.dumps(changed).encode(),
                        place,
                        allowed=is_allowed(place, at(document, path), new),
                    )
        for factor in (0.5, 2):
            changed = copy.deepcopy(document)
            for point in _points(changed["features"][0]["geometry"]["coordinates"]):
                point[1] *= factor
            self.try_file("nations.geojson", json.dumps(changed).encode(), f"latitudes * {factor}")


def _points(value: Any) -> Iterator[list[float]]:
    """List the points of nested rings."""
    if value and isinstance(value[0], float | int):
        yield value
    else:
        for one in value:
            yield from _points(one)


def flipped(line: str) -> str:
    """Swap the nations in a line of a plan."""
    return line.replace("blue", "green").replace("red", "blue").replace("green", "red")


@contextmanager
def remembering() -> Iterator[None]:
    """Let the verifier do what depends on what was not changed once only, so that it is quick.

    Every step is remembered by all of what it is given: documents by their text, and what earlier
    steps returned by their identity, since all of it is kept.
    """
    kept: list[Any] = []

    def key(value: Any) -> Any:
        if isinstance(value, list) and value and type(value[0]) is int:
            return tuple(value)
        if isinstance(value, dict) and "searches" not in value and "whole" not in value:
            return json.dumps(value, sort_keys=True)
        return value if value is None or isinstance(value, str | Path | int) else id(value)

    def remembered(function: Callable[..., Any]) -> Callable[..., Any]:
        known: dict[Any, Any] = {}

        def call(*given: Any) -> Any:
            asked = tuple(map(key, given))
            if asked not in known:
                known[asked] = function(*given)
                kept.extend([known[asked], given])
            return known[asked]

        return call

    parse = bundle.parse
    names = ("load", "_recount", "_problem", "_prove", "Ground", "main_figures", "report_figures")
    steps = {name: remembered(getattr(bundle, name)) for name in names}
    packed: dict[bytes, Any] = {}

    def parse_once(content: bytes, name: str) -> Any:
        if name != bundle.CERTIFICATE:
            return parse(content, name)
        if content not in packed:
            packed[content] = parse(content, name)
        return packed[content]

    with ExitStack() as stack:
        for name, step in {**steps, "parse": parse_once}.items():
            stack.enter_context(mock.patch.object(bundle, name, step))
        yield


# -- the command line ----------------------------------------------------------------------------

KINDS = ("archipelago", "states", "calexit", "everything", "map", "graph")


def attack(kinds: tuple[str, ...], sample: float, seed: int) -> int:
    """Attack a bundle of each kind, and print what came of it."""
    rng, faults = random.Random(seed), 0
    with tempfile.TemporaryDirectory() as folder:
        for kind, written in write_bundles(Path(folder), kinds).items():
            attacked = Attack(written, Path(folder) / f"{kind}-changed")
            with remembering():
                for file in ("run.json", "report.json"):
                    attacked.fields(file, lambda _path: rng.random() < sample)
                attacked.page(lambda: rng.random() < sample)
                attacked.nations(lambda: rng.random() < sample)
                share = sample * min(1, 200 / attacked.originals["plan.csv"].count(b"\n"))
                attacked.lines("plan.csv", lambda _number, most=share: rng.random() < most)
            refused, confirmed = attacked.counts["False"], attacked.counts["True"]
            print(f"{kind}: {refused} refused, {attacked.counts['allowed']} statements or rounding")
            print(*(f"  FAULT {one}" for one in attacked.faults), sep="\n")
            faults += confirmed + len(attacked.faults)
    return faults


def honest(n_runs: int, seed: int) -> int:
    """Verify random runs, and print what came of it."""
    counts: Counter[str] = Counter()
    for number in range(n_runs):
        with tempfile.TemporaryDirectory() as folder:
            written = random_run(Path(folder), random.Random(seed + number))
            if written is None:
                counts["no question or no plan"] += 1
                continue
            try:
                verdict = verify(written)
            except PartitionError as error:
                counts["FAULT"] += 1
                print(f"  FAULT, seed {seed + number}: {error}")
                continue
            is_proven = (written / "certificate.json.gz").exists() or not verdict.claims_bound
            if verdict.is_recounted and verdict.is_confirmed == is_proven:
                counts[f"{verdict.status}, certificate: {is_proven}"] += 1
            else:
                counts["FAULT"] += 1
                print(f"  FAULT, seed {seed + number}: {verdict.text}")
    print(*(f"{count} {what}" for what, count in sorted(counts.items())), sep="\n")
    return counts["FAULT"]


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("what", choices=["attack", "honest"])
    parser.add_argument("--sample", type=float, default=1.0, help="share of the fields to attack")
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kinds", nargs="*", default=KINDS, choices=KINDS)
    given = parser.parse_args()
    if given.what == "honest":
        return int(honest(given.runs, given.seed) > 0)
    return int(attack(tuple(given.kinds), given.sample, given.seed) > 0)


if __name__ == "__main__":
    sys.exit(main())
