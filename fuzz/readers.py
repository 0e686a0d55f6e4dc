"""Fuzz the readers: whatever is in a file, they read it or say in one line why not.

Coverage-guided, with Atheris, for a bounded time::

    python -m pip install ".[fuzz]"
    python fuzz/readers.py --seconds 60

The first byte of an input chooses the kind of file, the rest is its content: a map or table of any
format, an archive of the parts of a shapefile, votes or links or a crosswalk or a plan for a small
map that is good, or a scenario. An exception other than an error of input, a message of several
lines, a crash or a hang is a fault, and so is an inspection that finds no error in what cannot be
read, or one in what can. Atheris then writes the input to ``crash-...`` in this folder, and
``python fuzz/readers.py FILE`` repeats it. The same function is fed with mutations of good files by
``tests/shapefiles/test_fuzz.py``.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

FORMATS = (
    ".csv",
    ".tsv",
    ".txt",
    ".xlsx",
    ".parquet",
    ".zip",
    ".geojson",
    ".topojson",
    ".json",
    ".gpkg",
    ".shp",
    ".fgb",
    ".geojsonl",
    ".kml",
    ".gml",
)
"""Endings of maps and tables."""

PARTS, PLAN, LINKS, WALK, VOTES, LONG, SCENARIO = (
    "-parts.zip",
    "-plan.csv",
    "-links.csv",
    "-walk.csv",
    "-votes.csv",
    "-long.csv",
    "-scenario.toml",
)

KINDS = (*FORMATS, PARTS, PLAN, LINKS, WALK, VOTES, LONG, SCENARIO)
"""End of the name of the file that each first byte, modulo their number, stands for."""

_TABLES = (".csv", ".tsv", ".txt", ".xlsx")
_SHAPEFILE = (".shp", ".shx", ".dbf", ".prj")
_SEPARATOR = b"\n--part--\n"
_GOOD = "good.fgb"


def one_input(data: bytes, folder: Path) -> None:
    """Read one made-up file in every way that its kind allows.

    Parameters
    ----------
    data
        A byte for the kind, then the content.
    folder
        Where to write the file.

    Raises
    ------
    AssertionError
        When a message, or a line of a page, is not one short line, or inspection and reading
        disagree.
    """
    if not data:
        return
    kind = KINDS[data[0] % len(KINDS)]
    path = folder / f"input{kind}"
    path.write_bytes(_archive(data[1:]) if kind == PARTS else data[1:])
    from partition.errors import InputError  # noqa: PLC0415
    from shapefiles import DataError  # noqa: PLC0415

    for way in _ways(kind, path, folder):
        message = ""
        try:
            message = way() or ""
        except (DataError, InputError) as error:
            message = str(error)
        assert message.isprintable(), f"not one line: {message!r}"
        assert len(message) < 2000, f"a long message: {message[:200]}"


def _ways(kind: str, path: Path, folder: Path) -> Iterator[Callable[[], str | None]]:
    """List what can be tried with a file."""
    if kind == SCENARIO:
        yield lambda: _load(path)
    elif kind == PLAN:
        yield lambda: _read_plan(path, folder)
    elif kind in {LINKS, WALK, VOTES, LONG}:
        good = str(_good_map(folder))
        roles: dict[str, dict[str, Any]] = {
            LINKS: {"links": str(path)},
            WALK: {"crosswalk": str(path), "votes": str(folder / "other.csv")},
            VOTES: {"votes": str(path), "total": "all", "attributes": ("gdp",)},
            LONG: {
                "votes": str(path),
                "blue": ("D",),
                "red": ("R",),
                "choice": "party",
                "count": "votes",
                "where": ("year=2024",),
            },
        }
        drop = {"repair": True, "without_votes": "drop", "without_polygon": "drop"}
        for wishes in ({}, drop):
            yield lambda wishes=wishes: _agree(units=good, **roles[kind], **wishes)
    else:
        yield lambda: _page([path], id="id", crs="EPSG:4326")
        yield lambda: _page([path])
        if kind not in _TABLES:
            yield lambda: _agree(units=str(path))
            yield lambda: _agree(units=str(path), crs="EPSG:3857", repair=True)


def _page(files: list[Path], **options: Any) -> str:
    """Inspect files; returns the longest line."""
    from shapefiles import inspect_files  # noqa: PLC0415

    return _longest(inspect_files(files, **options))


def _agree(**named: Any) -> str:
    """Inspect and read a map, which must agree; returns the longest line, or raises."""
    from shapefiles import DataError, MapFiles, inspect_map, read_map  # noqa: PLC0415

    files = MapFiles(**{"id": "id", "blue": ("blue",), "red": ("red",), **named})
    try:
        read_map(files)
    except DataError as error:
        message = str(error)
        found = inspect_map(files)
        assert found.has_errors, f"no error was found, but reading says: {message}"
        return max(message, _longest(found), key=len)
    found = inspect_map(files)
    assert not found.has_errors, f"errors were found in what can be read: {found.text()}"
    return _longest(found)


def _longest(found: Any) -> str:
    json.dumps(found.to_dict(), allow_nan=False)
    return max(found.text().splitlines(), key=len)


def _load(path: Path) -> None:
    """Load a scenario, which must survive its own table."""
    from partition.scenario import Scenario  # noqa: PLC0415

    scenario = Scenario.load(path)
    table = json.loads(json.dumps(scenario.to_table(), allow_nan=False))
    assert Scenario.from_table(table, table.pop("name")) == scenario


def _read_plan(path: Path, folder: Path) -> None:
    from shapefiles import read_assignment, read_units  # noqa: PLC0415

    units = read_units(_good_map(folder), id="id", blue="blue", red="red")
    assert set(read_assignment(path, units).tolist()) <= {0, 1}


def _good_map(folder: Path) -> Path:
    """Write a map that is good, and a table of votes with other ids, unless they are there."""
    path = folder / _GOOD
    if not path.exists():
        frame = _squares()
        frame.to_file(path)
        table = frame.drop(columns="geometry")
        table.replace({"id": {"03": "04"}}).to_csv(folder / "other.csv", index=False)
    return path


def _squares() -> Any:
    import geopandas as gpd  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    squares = shapely.box([0, 1, 2.5], 50, [1, 2, 3], 51)
    rows = {"id": ["01", "02", "03"], "blue": [1, 2, 3], "red": [4, 5, 6]}
    return gpd.GeoDataFrame(rows, geometry=squares, crs="EPSG:4326")


def _archive(content: bytes) -> bytes:
    """Put the parts of a shapefile into an archive that is whole."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for ending, part in zip(_SHAPEFILE, content.split(_SEPARATOR), strict=False):
            archive.writestr(f"a{ending}", part)
    return buffer.getvalue()


def seeds() -> dict[str, bytes]:
    """Make one good file of each kind, to start from."""
    frame = _squares()
    table = frame.drop(columns="geometry")
    rows = {name: table[name].tolist() for name in table}
    made = {
        ".csv": table.to_csv(index=False).encode(),
        ".tsv": table.to_csv(index=False, sep="\t").encode(),
        ".txt": b'"id";"blue";"red"\n"01";1;2\n',
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table.to_excel(folder / "a.xlsx", index=False)
        frame.to_parquet(folder / "a.parquet")
        for ending in ("gpkg", "shp", "fgb", "geojson", "geojsonl", "gml"):
            frame.to_file(folder / f"a.{ending}")
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for end in _SHAPEFILE:
                archive.write(folder / f"a{end}", f"a{end}")
        made[PARTS] = _SEPARATOR.join((folder / f"a{end}").read_bytes() for end in _SHAPEFILE)
        made |= {one.suffix: one.read_bytes() for one in folder.iterdir() if one.suffix in KINDS}
        made[".zip"] = buffer.getvalue()
    made[".json"] = json.dumps(
        {
            "directed": False,
            "multigraph": False,
            "graph": [],
            "nodes": [{key: rows[key][row] for key in rows} for row in range(3)],
            "adjacency": [
                [{"id": "02", "shared_perim": 1.0}],
                [{"id": "03", "shared_perim": 2.5}],
                [],
            ],
        }
    ).encode()
    polygon = {"type": "Polygon", "arcs": [[0]], "properties": {"id": "1", "blue": 1, "red": 2}}
    made[".topojson"] = json.dumps(
        {
            "type": "Topology",
            "objects": {"a": {"type": "GeometryCollection", "geometries": [polygon]}},
            "arcs": [[[0, 0], [1, 0], [1, 1], [0, 0]]],
        }
    ).encode()
    made[".kml"] = (
        b'<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>01</name><Polygon>'
        b"<outerBoundaryIs><LinearRing><coordinates>0,0 1,0 1,1 0,0</coordinates></LinearRing>"
        b"</outerBoundaryIs></Polygon></Placemark></Document></kml>"
    )
    return made | _seeds_of_roles()


def _seeds_of_roles() -> dict[str, bytes]:
    """Make good files that belong to a map, and a scenario with every kind of table."""
    long = "fips,year,party,mode,votes\n"
    long += "".join(
        f"0{unit},{year},{party},{mode},{unit}\n"
        for unit in (1, 2, 3)
        for year in (2020, 2024)
        for party in "DR"
        for mode in ("EARLY", "TOTAL")
    )
    scenario = """
title = "A vote"
description = "Yes or no."
election = "2016"
[nations]
blue.pieces = 2
red.pieces = "any"
blue.least.population = 0.4
[units]
whole = ["TX"]
[weights]
border = 20
[edges]
off = ["bridge"]
[limits]
time_limit = 120
seed = 0
[data]
units = "map.gpkg"
id = "GEOID"
blue = ["yes"]
red = ["no"]
attributes = ["gdp=GDP"]
"""
    return {
        PLAN: b"GEOID,District\n01,1\n02,2\n03,1\n",
        LINKS: b"id_a,id_b,kind\n02,03,ferry\n01,03,sea\n",
        WALK: b"old,new,kind,reason\n04,03,rename,since 2015\n0[12],01,merge,\n9,,refuse,no\n",
        VOTES: b"id,blue,red,all,gdp\n1,2,3,9,1.5\n02,3,4,9,2\n03,1,1,2,3\n",
        LONG: long.replace("fips", "id").encode(),
        SCENARIO: scenario.encode(),
    }


def main() -> None:
    """Fuzz for a while, or repeat the inputs given."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=60, help="how long to search for faults")
    parser.add_argument(
        "--runs", type=int, default=-1, help="inputs to try at most; -1 for any number"
    )
    parser.add_argument("--seed", type=int, default=0, help="of chance; 0 for another each time")
    parser.add_argument("inputs", nargs="*", type=Path, help="inputs to repeat instead")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as name:
        for path in options.inputs:
            one_input(path.read_bytes(), Path(name))
        if not options.inputs:
            _search(options.seconds, options.runs, options.seed, Path(name))


def _search(seconds: int, runs: int, seed: int, folder: Path) -> None:
    import atheris  # noqa: PLC0415

    corpus = folder / "corpus"
    corpus.mkdir()
    for ending, content in seeds().items():
        (corpus / ending.strip(".-")).write_bytes(bytes([KINDS.index(ending)]) + content)
    with atheris.instrument_imports(include=["shapefiles", "partition.scenario"]):
        import partition.scenario  # noqa: F401, PLC0415
        import shapefiles.inspecting.inspection  # noqa: F401, PLC0415
    flags = [f"-max_total_time={seconds}", f"-runs={runs}", f"-seed={seed}"]
    flags += ["-rss_limit_mb=4096", "-timeout=60", "-max_len=200000"]
    here = Path(__file__).parent
    atheris.Setup(
        [sys.argv[0], *flags, f"-artifact_prefix={here}/", str(corpus)],
        lambda data: one_input(data, folder),
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
