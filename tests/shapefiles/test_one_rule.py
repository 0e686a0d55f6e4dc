from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import networkx as nx
import numpy as np
import numpy.typing as npt
import pytest
import shapely

from shapefiles import DataError, MapFiles, Units, inspect_files, read_map, write_suggestions

if TYPE_CHECKING:
    from fuzz.borders import Drawing

FILE = Path(__file__).parents[2] / "fuzz" / "borders.py"
SPEC = importlib.util.spec_from_file_location("fuzz_borders", FILE)
borders = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(borders)

PLACES = [borders.PLACES[number] for number in (0, 4, 7)]


def written(folder: Path, polygons: npt.NDArray[np.object_], crs: str) -> MapFiles:
    frame = gpd.GeoDataFrame(
        {"id": [f"{row:03}" for row in range(len(polygons))], "blue": 3, "red": 4},
        geometry=list(polygons),
        crs=crs,
    )
    frame.to_file(folder / "map.gpkg")
    return MapFiles(str(folder / "map.gpkg"), "id", ("blue",), ("red",))


def components(units: Units) -> int:
    graph = nx.empty_graph(units.n_units)
    graph.add_edges_from(units.edges.pairs[units.edges.is_default].tolist())
    return nx.number_connected_components(graph)


def random_islands(random: np.random.Generator) -> Drawing:
    """Draw a map in which many cells are water, so that it falls into many pieces."""
    drawing = borders.KINDS[int(random.integers(2))](random)
    kept = random.random(len(drawing.polygons)) < 0.6
    return drawing._replace(polygons=drawing.polygons[kept])


@pytest.mark.parametrize("seed", range(12))
def test_inspect_finds_what_solve_finds_and_solve_accepts_what_it_suggests(
    tmp_path: Path, seed
) -> None:
    random = np.random.default_rng(seed)
    drawing = random_islands(random)
    place = PLACES[seed % len(PLACES)]
    polygons, _ = borders.put(drawing, place, random)
    files = written(tmp_path, polygons, place.crs)
    found = inspect_files([files.units], id="id", blue="blue", red="red")
    before = read_map(files).units
    assert found.figures["borders"] == int(before.edges.is_border.sum())
    assert found.figures["landmasses"] == components(before)
    write_suggestions(found.crossings, tmp_path / "links.csv")
    joined = MapFiles(files.units, "id", ("blue",), ("red",), links=str(tmp_path / "links.csv"))
    after = read_map(joined).units
    assert components(after) == 1
    assert after.edges.n_edges == before.edges.n_edges + found.figures["landmasses"] - 1
    again = inspect_files([files.units], id="id", links=joined.links)
    assert again.crossings == ()


def test_units_that_meet_in_a_point_are_no_neighbours_and_a_link_joins_them(tmp_path: Path) -> None:
    squares = shapely.box([0, 1000, 2000], [0, 0, 1000], [1000, 2000, 3000], [1000, 1000, 2000])
    files = written(tmp_path, squares, "EPSG:5070")
    for repair in (False, True):
        found = inspect_files([files.units], id="id", repair=repair)
        torn = {one.kind: one for one in found.findings}
        assert torn["isolated"].examples == ("002: meets 001 in a point only",)
        assert "in a point only are no neighbours. A table of links" in torn["landmasses"].remedy
        assert "epair" not in "".join(one.remedy for one in found.findings)
    assert found.crossings == (("002", "001", 0.0),)
    write_suggestions(found.crossings, tmp_path / "links.csv")
    joined = MapFiles(files.units, "id", ("blue",), ("red",), links=str(tmp_path / "links.csv"))
    assert components(read_map(joined).units) == 1


def test_a_graph_is_told_to_take_one_more_edge_which_joins_its_units(tmp_path: Path) -> None:
    nodes = [{"id": row, "GEOID": f"{row}", "blue": 3, "red": row} for row in range(3)]
    path = tmp_path / "graph.json"

    def write(adjacency) -> None:
        graph = {"directed": False, "multigraph": False, "graph": [], "nodes": nodes}
        path.write_text(json.dumps({**graph, "adjacency": adjacency}), "utf-8")

    write([[{"id": 1}], [{"id": 0}], []])
    (torn,) = (
        one for one in inspect_files([path], id="GEOID").findings if one.kind == "landmasses"
    )
    assert "--links" not in torn.remedy
    assert "one more edge in its file" in torn.remedy
    links = tmp_path / "links.csv"
    links.write_text("id_a,id_b,kind\n1,2,ferry\n", "utf-8")
    with pytest.raises(DataError, match="as an edge in its file"):
        read_map(MapFiles(str(path), "GEOID", ("blue",), ("red",), links=str(links)))
    write([[{"id": 1}], [{"id": 0}, {"id": 2}], [{"id": 1}]])
    assert components(read_map(MapFiles(str(path), "GEOID", ("blue",), ("red",))).units) == 1
