"""Write the data of the examples: ``python examples/prepare.py`` (or with the names of some).

==========  ====================================================================================
montreal    58 districts and three candidates for mayor, 2013, from the package plotly, which
            carries them as its own example; the city published them (donnees.montreal.ca)
michigan    83 counties, as the Census Bureau's zipped shapefile without a ``.prj`` has them, from
            the package plotly-geo; votes of 2024 and crossings from the embedded data
greater-idaho, illinois
            counties with their votes of 2024 and what they voted on a border of their own
            (``borders/``), as plans to measure, from the embedded data
carinthia   what districts voted on a border (``borders/``), as a graph without borders or polygons,
            which the table does not have
jura        what districts and communes voted on a border (``borders/``), on the boundaries that
            ``swiss_maps.py`` cut out of the npm package swiss-maps
states      the states and the District of Columbia as units, with a long table of three elections,
            from the embedded data
==========  ====================================================================================

The files go to ``examples/data``; nothing is fetched from anywhere. The packages come with
``pip install "two-nations[test]"``.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import importlib.util
import json
import sys
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np

from shapefiles import ELECTIONS, dissolve, load_states, load_united_states
from shapefiles.build import BOUNDARY_FILE, FIGURES, boundary_path, read_links

HERE = Path(__file__).parent


def prepare_montreal(folder: Path) -> None:
    """Unpack the districts and the votes that plotly carries."""
    package = importlib.util.find_spec("plotly")
    if package is None or package.origin is None:
        raise SystemExit("The data of Montreal are in the package plotly: pip install plotly.")
    datasets = Path(package.origin).parent / "package_data" / "datasets"
    for name, target in (
        ("election.geojson.gz", "districts.geojson"),
        ("election.csv.gz", "votes.csv"),
    ):
        (folder / target).write_bytes(gzip.decompress((datasets / name).read_bytes()))


def prepare_michigan(folder: Path) -> None:
    """Cut Michigan out of the national boundary file, and zip it without its reference system."""
    counties = gpd.read_file(boundary_path(), encoding="UTF-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that no reference system is written is the point
        counties[counties["STATEFP"] == "26"].to_file(folder / "counties.shp", encoding="UTF-8")
    with zipfile.ZipFile(folder / "counties.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for suffix in (".shp", ".shx", ".dbf", ".cpg"):
            archive.write(folder / f"counties{suffix}", Path(BOUNDARY_FILE).stem + suffix)
    for one in folder.glob("counties.*"):
        if one.suffix != ".zip":
            one.unlink()
    units = load_united_states()
    rows = np.flatnonzero(units.states == "MI")
    votes = units.votes["2024"][rows].tolist()
    figures = zip(
        units.ids[rows].tolist(), votes, units.attributes["population"][rows].tolist(), strict=True
    )
    _write(
        folder / "votes.csv",
        ("geoid", "harris", "trump", "population"),
        [(geoid, *pair, people) for geoid, pair, people in figures],
    )
    inside = set(units.ids[rows].tolist())
    links = [one for one in read_links(FIGURES / "links.csv") if {one.id_a, one.id_b} <= inside]
    _write(folder / "links.csv", ("id_a", "id_b", "kind"), links)


def prepare_states(folder: Path) -> None:
    """Dissolve the counties to states, and write three elections as one long table."""
    units = load_united_states()
    states = load_states()
    number = {code: row for row, code in enumerate(states)}
    assignment = np.array([number[code] for code in units.states.tolist()])
    shapes = dissolve(units, assignment, len(states))
    gpd.GeoDataFrame(
        {"code": list(states), "name": [one.name for one in states.values()]},
        geometry=list(shapes),
        crs=units.crs,
    ).to_file(folder / "states.gpkg", layer="states")
    rows = []
    for year in ELECTIONS:
        for side, party in enumerate(("DEMOCRAT", "REPUBLICAN")):
            sums = np.bincount(assignment, units.votes[year][:, side], len(states)).astype(int)
            rows += [(code, year, party, "TOTAL", sums[number[code]]) for code in states]
    _write(folder / "votes.csv", ("state", "year", "party", "mode", "votes"), rows)


def prepare_greater_idaho(folder: Path) -> None:
    """Cut out Oregon and Idaho; the counties that voted to move join Idaho in ``voted.csv``."""
    ids = _cut(folder, ("OR", "ID"))
    last = {row["fips"]: row["outcome"] for row in _read("greater-idaho.csv")}  # in order of dates
    leaving = {fips for fips, outcome in last.items() if outcome == "passed"}
    _write_plan(folder / "voted.csv", ids, leaving | {one for one in ids if one[:2] == "16"})


def prepare_illinois(folder: Path) -> None:
    """Cut out Illinois; who voted to part with Cook County leaves, or everybody but Cook."""
    ids = _cut(folder, ("IL",))
    voted = {row["fips"] for row in _read("illinois-separation.csv") if row["outcome"] == "passed"}
    _write_plan(folder / "voted.csv", ids, voted)
    _write_plan(folder / "without-cook.csv", ids, set(ids) - {"17031"})


def prepare_carinthia(folder: Path) -> None:
    """Write the four districts of zone A as a graph without edges, and the zone as one plan."""
    rows = [row for row in _read("carinthia-1920.csv") if "total" not in row["unit"]]
    nodes = [(row["unit"], int(row["austria"]), int(row["yugoslavia"])) for row in rows]
    _write_graph(folder / "districts.json", ("austria", "yugoslavia"), nodes)
    _write_plan(folder / "drawn.csv", [name for name, *_ in nodes], set())


def prepare_jura(folder: Path) -> None:
    """Write the districts of 2013 and the communes of 2017 with votes, and borders as plans."""
    rows, land = _read("jura.csv"), gpd.read_file(HERE / "borders" / "jura.geojson")
    is_commune = land["level"] == "commune"
    # In 2013 the Bernese Jura counts as one; there are no counts of its districts.
    whole = np.where(is_commune, "Bernese Jura", land["name"].str.removeprefix("Les "))
    counts = [row for row in rows if row["date"] == "2013-11-24" and row["level"] != "commune"]
    votes = {row["unit"]: (int(row["yes"]), int(row["no"])) for row in counts if row["yes"]}
    districts = land.assign(id=whole, name=whole)[["id", "name", "geometry"]]
    _write_polygons(folder / "districts.geojson", districts, votes)
    _write_plan(folder / "drawn.csv", list(votes), {"Bernese Jura"})
    # In 2017 three communes were asked whether to join the canton.
    asked = [row for row in rows if row["date"][:4] == "2017"]
    votes = {row["bfs_id"]: (int(row["yes"]), int(row["no"])) for row in asked}
    canton = {"id": np.where(is_commune, land["id"], "JU")}
    canton["name"] = np.where(is_commune, land["name"], "Canton of Jura")
    communes = land.assign(**canton)[["id", "name", "geometry"]]
    _write_polygons(folder / "communes.geojson", communes, votes)
    before = set(communes["id"]) - {"JU"}
    for name, moved in (("before", set()), ("since-2026", {"700"})):
        _write_plan(folder / f"{name}.csv", sorted({*communes["id"]}), before - moved)


def _cut(folder: Path, states: tuple[str, ...]) -> list[str]:
    """Write counties of some states with their votes of 2024; return their ids."""
    units = load_united_states()
    rows = np.flatnonzero(np.isin(units.states, states))
    blue, red = units.votes["2024"][rows].T
    table = {"GEOID": units.ids[rows], "NAME": units.names[rows], "STATE": units.states[rows]}
    table |= {"harris": blue, "trump": red}
    gpd.GeoDataFrame(table, geometry=units.polygons[rows], crs=units.crs).to_file(
        folder / "counties.gpkg", layer="counties"
    )
    ids: list[str] = units.ids[rows].tolist()
    return ids


def _write_polygons(path: Path, land: gpd.GeoDataFrame, votes: dict[str, tuple[int, int]]) -> None:
    """Write units with yes and no, those of one id dissolved; who was not asked has no votes."""
    whole = land.dissolve("id", as_index=False, method="coverage")
    for place, side in enumerate(("yes", "no")):
        whole[side] = [votes.get(one, (0, 0))[place] for one in whole["id"]]
    whole.to_file(path, driver="GeoJSON")


def _read(name: str) -> list[dict[str, str]]:
    with (HERE / "borders" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _write_plan(path: Path, ids: list[str], leaving: set[str]) -> None:
    """Write a plan: district 1 is the blue side of the line, 2 the red one."""
    rows = [(one, 2 if one in leaving else 1) for one in ids]
    _write(path, ("GEOID", "District"), rows)


def _write_graph(path: Path, sides: tuple[str, str], rows: list[tuple[str, int, int]]) -> None:
    """Write units and votes as a dual graph of GerryChain; nobody knows who borders whom."""
    nodes = [{"id": name, sides[0]: blue, sides[1]: red} for name, blue, red in rows]
    document = {
        "directed": False, "multigraph": False, "graph": {}, "nodes": nodes,
        "adjacency": [[] for _ in nodes],
    }  # fmt: skip
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")


PREPARE: dict[str, Callable[[Path], None]] = {
    "montreal": prepare_montreal,
    "greater-idaho": prepare_greater_idaho,
    "illinois": prepare_illinois,
    "carinthia": prepare_carinthia,
    "jura": prepare_jura,
    "michigan": prepare_michigan,
    "states": prepare_states,
}


def prepare(name: str, folder: Path = HERE / "data") -> Path:
    """Write the data of one example to a folder of its own, and return that folder."""
    target = folder / name
    target.mkdir(parents=True, exist_ok=True)
    PREPARE[name](target)
    return target


def _write(path: Path, header: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main() -> None:
    """Write the data of the examples named, or of all of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help=f"some of {', '.join(PREPARE)}; all by default")
    names = parser.parse_args().names or list(PREPARE)
    for name in names:
        if name not in PREPARE:
            parser.error(f"there is no example {name!r}; choose from {', '.join(PREPARE)}")
    for name in names:
        sys.stdout.write(f"{prepare(name)}\n")


if __name__ == "__main__":
    main()
