from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import geopandas as gpd
import networkx as nx
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from shapefiles import (
    DataError,
    Finding,
    Inspection,
    MapFiles,
    inspect_files,
    inspect_map,
    load_united_states,
    read_map,
    write_dual_graph,
)

T = TypeVar("T")

VOTES = {"blue": "blue", "red": "red", "total": "total"}
METRES = "EPSG:6933"  # which is used everywhere


def squares(n_units: int, size: float = 1000.0) -> npt.NDArray[np.object_]:
    x = np.arange(n_units) * size
    return shapely.box(x, 0, x + size, size)


def frame(
    polygons: Sequence[shapely.Geometry | None] | npt.NDArray[np.object_],
    ids: Sequence[str] | None = None,
    crs: str = METRES,
) -> gpd.GeoDataFrame:
    ids = [f"{row:03d}" for row in range(len(polygons))] if ids is None else ids
    return gpd.GeoDataFrame({"id": ids}, geometry=list(polygons), crs=crs)


def kinds(inspection: Inspection) -> dict[str, int]:
    return {one.kind: one.count for one in inspection.findings}


def find(inspection: Inspection, kind: str) -> Finding:
    (finding,) = (one for one in inspection.findings if one.kind == kind)
    return finding


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    frame(squares(4)).to_file(tmp_path / "map.gpkg")
    rows = [(f"{row:03d}", row, 10, 20) for row in range(4)]
    table = pd.DataFrame(rows, columns=["id", "blue", "red", "total"])
    table.to_csv(tmp_path / "votes.csv", index=False)
    return tmp_path


def test_clean_files_have_nothing_in_their_way_and_their_figures_add_up(clean) -> None:
    found = inspect_files([clean / "votes.csv", clean / "map.gpkg"], **VOTES, id="id")
    assert not found.has_errors
    assert found.figures["units"] == found.figures["units_with_votes"] == 4
    assert found.figures["borders"] == 3
    assert (found.figures["blue_votes"], found.figures["red_votes"]) == (6, 40)
    assert found.figures["area_km2"] == pytest.approx(4)
    assert found.figures["planar"] is True
    assert [one["rows"] for one in found.files] == [4, 4]


def test_everything_is_plain_json_and_one_page(clean) -> None:
    found = inspect_files([clean / "map.gpkg", clean / "votes.csv"], **VOTES)
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False)) == found.to_dict()
    text = found.text()
    assert len(text.splitlines()) < 60
    assert "Ids are probably the column 'id' of the units and 'id' of the votes." in text
    assert text.endswith("Nothing stands in the way of reading these.\n")


def test_each_fault_of_the_votes_is_found_with_its_line(clean) -> None:
    (clean / "votes.csv").write_text(
        "id,blue,red,total\n000,-1,2,9\n001,,2,9\n002,1.5,2,9\n003,8,2,9\n003,1,1,9\n,1,1,2\n"
    )
    found = inspect_files([clean / "map.gpkg", clean / "votes.csv"], **VOTES, id="id")
    assert {
        "votes: negative": 1,
        "votes: missing": 1,
        "votes: fractional": 1,
        "votes: impossible": 1,
        "votes: duplicate": 1,
        "votes: id": 1,
    }.items() <= kinds(found).items()
    assert "line 4: unit '002' has a fraction of a vote, '1.5'" in found.text()
    assert found.has_errors
    assert found.text().endswith("6 things to mend before these can be read.\n")


def test_each_fault_of_the_polygons_is_found(tmp_path: Path) -> None:
    good = squares(9)
    bow_tie = shapely.Polygon([(1000, 0), (2000, 1000), (2000, 0), (1000, 1000)])
    far = shapely.box(90_000, 0, 91_000, 1000)
    two = shapely.multipolygons([good[8], shapely.box(20_000, 0, 21_000, 1000)])
    rows = [
        good[0], bow_tie, good[2], good[2], shapely.Polygon(), None, far,
        shapely.box(6500, 0, 8000, 1000), two,
    ]  # fmt: skip
    frame(rows, ids=["a", "b", "c", "d", "e", "f", "g", "h", "h"]).to_file(tmp_path / "map.gpkg")
    found = inspect_files([tmp_path / "map.gpkg"], id="id")
    assert {
        "polygon: invalid": 1,
        "polygon: duplicate": 1,
        "polygon: empty": 1,
        "polygon: missing": 1,
        "duplicate id": 1,
        "overlap": 1,  # the two copies of one polygon
        "isolated": 2,
        "landmasses": 4,
    }.items() <= kinds(found).items()
    assert found.figures["multipart_units"] == 1
    assert "b has an invalid polygon: Self-intersection" in found.text()
    assert any("g: nearest unit h, " in one for one in find(found, "isolated").examples)


def test_lost_zeros_and_crosswalks_are_named_with_the_nearest_ids(clean) -> None:
    ids = ["46102", "51019", "01001", "02000"]
    frame(squares(4), ids=ids).to_file(clean / "map.gpkg")
    (clean / "votes.csv").write_text(
        "id,b,r\n46113,1,1\n51019,1,1\n51515,1,1\n01001,1,1\n02000,1,1\n"
    )
    found = inspect_files([clean / "map.gpkg", clean / "votes.csv"], id="id")
    alone = find(found, "unit without votes")
    assert alone.examples == ("46102 (nearest: '46113')",)
    assert "Shannon County" in alone.remedy
    assert "Bedford" in alone.remedy
    (clean / "votes.csv").write_text("id,b,r\n46102,1,1\n51019,1,1\n1001,1,1\n2000,1,1\n")
    found = inspect_files([clean / "map.gpkg", clean / "votes.csv"], id="id")
    assert "Zeros before the ids, to 5 digits" in find(found, "votes without unit").remedy


def test_missing_reference_system_is_an_error_with_the_coordinates(tmp_path: Path) -> None:
    frame(squares(2)).to_file(tmp_path / "map.shp")
    (tmp_path / "map.prj").unlink()
    found = inspect_files([tmp_path / "map.shp"])
    assert find(found, "crs").severity == "error"
    assert "2000.0" in find(found, "crs").examples[0]


def test_gaps_short_contacts_and_lakes_are_told_apart(tmp_path: Path) -> None:
    inner = shapely.box([0, 1003], 0, [1000, 2000], 1000)
    around = shapely.box(-500, -500, 2500, 1500) - shapely.box(0, 0, 2000, 1000)
    lake = shapely.box(-300, -300, -200, -200)
    touching = shapely.box(2500, 1499, 3500, 2500)
    rows = [*inner, around - lake, touching]
    frame(rows).to_file(tmp_path / "map.gpkg")
    found = inspect_files([tmp_path / "map.gpkg"], id="id")
    assert kinds(found) == {"gap": 1, "hole": 1, "short contact": 1}
    assert find(found, "gap").examples == ("0.003 km² between 000, 001, 002",)
    # Albers' projection of the United States stretches Mexico from south to north.
    assert find(found, "short contact").examples == ("002 and 003: 0.9 m",)


def test_dual_graph_is_inspected_without_polygons(tmp_path: Path) -> None:
    units = load_united_states()
    state = units.subset(np.flatnonzero(units.states == "HI"))
    write_dual_graph(state, tmp_path / "hi.json")
    found = inspect_files([tmp_path / "hi.json"], id="GEOID", blue="2016_blue", red="2016_red")
    assert found.figures["blue_votes"] == int(state.votes["2016"][:, 0].sum())
    assert found.figures["edges"] == int(state.edges.is_default.sum())
    assert not found.has_errors


def test_dual_graph_is_inspected_as_it_would_be_read(tmp_path: Path) -> None:
    units = load_united_states()
    write_dual_graph(units.subset(np.flatnonzero(units.states == "HI")), tmp_path / "hi.json")
    (tmp_path / "votes.csv").write_text("id,blue,red\n15001,5,6\n15007,1,2\n15009,3,4\n")
    files = MapFiles(
        str(tmp_path / "hi.json"), "GEOID", ("blue",), ("red",),
        votes=str(tmp_path / "votes.csv"), votes_id="id", without_votes="drop",
    )  # fmt: skip
    found, read = inspect_map(files), read_map(files).units
    assert found.figures["units"] == read.n_units == 3
    assert found.figures["edges"] == int(read.edges.is_default.sum())
    assert (found.figures["blue_votes"], found.figures["red_votes"]) == (9, 12)
    for key, value in (("links", "links.csv"), ("without_votes", "refuse")):
        wrong = replace(files, **{key: value})
        assert inspect_map(wrong).has_errors
        with pytest.raises(DataError):
            read_map(wrong)


def test_votes_in_an_archive_are_told_from_polygons_in_one(clean) -> None:
    with zipfile.ZipFile(clean / "votes.zip", "w") as target:
        target.write(clean / "votes.csv", "votes.csv")
    found = inspect_files([clean / "map.gpkg", clean / "votes.zip"], **VOTES, id="id")
    assert found.figures["red_votes"] == 40


def test_a_table_is_told_from_a_map_that_ends_in_tab_too(clean) -> None:
    table = pd.read_csv(clean / "votes.csv", dtype=str)
    table.to_csv(clean / "votes.tab", index=False, sep="\t")
    frame(squares(4)).to_file(clean / "map.tab", driver="MapInfo File")
    for files in (["map.gpkg", "votes.tab"], ["map.tab", "votes.csv"], ["votes.tab", "map.tab"]):
        found = inspect_files([clean / one for one in files], **VOTES, id="id")
        assert not found.has_errors
        assert found.figures["units_with_votes"] == 4
    files = MapFiles(
        str(clean / "map.tab"), "id", ("blue",), ("red",), votes=str(clean / "votes.tab")
    )
    assert not inspect_map(files).has_errors
    assert read_map(files).units.votes["votes"].sum() == 46


def test_archive_of_several_tables_asks_for_the_sheet(clean) -> None:
    with zipfile.ZipFile(clean / "votes.zip", "w") as target:
        target.write(clean / "votes.csv", "votes.csv")
        target.writestr("notes.csv", "a,b\n1,2\n")
    with pytest.raises(DataError, match=r"'notes.csv', 'votes.csv'. Say which one \(--sheet\)"):
        inspect_files([clean / "map.gpkg", clean / "votes.zip"])
    found = inspect_files([clean / "map.gpkg", clean / "votes.zip"], sheet="votes.csv", **VOTES)
    assert found.figures["red_votes"] == 40


def test_a_reference_system_that_contradicts_the_file_is_a_warning(tmp_path: Path) -> None:
    degrees = frame(shapely.box([1, 2], 0, [2, 3], 1), crs="EPSG:4326").assign(blue=1, red=2)
    degrees.to_file(tmp_path / "map.geojson")
    files = MapFiles(str(tmp_path / "map.geojson"), "id", ("blue",), ("red",), crs="EPSG:3857")
    warning = find(inspect_map(files), "crs")
    assert warning.severity == "warning"
    doubt = find(inspect_map(files), "doubt")
    assert doubt.severity == "warning"
    assert "a map of 2 m from end to end, and look like degrees" in doubt.text
    assert "read as EPSG:3857, as asked, although the file declares EPSG:4326" in warning.text
    listed = read_map(files).repairs
    assert [(one.kind, one.message) for one in listed] == [
        ("crs", warning.text),
        ("doubt", doubt.text),
    ]
    for crs in ("", "EPSG:4326", "OGC:CRS84"):  # what the file says, in other words
        same = replace(files, crs=crs)
        assert kinds(inspect_map(same)) == {}
        assert read_map(same).repairs == ()


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ([], "0 files given"),
        (["map.gpkg"] * 3, "3 files given"),
        (["map.gpkg", "map.gpkg"], "is the second of two files of units"),
        (["votes.csv", "votes.csv"], "is the second of two tables"),
        (["nothing.gpkg"], "Cannot read"),
    ],
)
def test_files_that_make_no_map_are_refused(clean, files, message) -> None:
    with pytest.raises(DataError, match=message):
        inspect_files([clean / one for one in files])


FAULTS = ("polygon", "id", "cell", "alone", "zeros", "figure", "crosswalk", "link", "column")


def draw_files(data: st.DataObject, folder: Path) -> MapFiles:
    """Write a map with at most two kinds of fault, and wish for what may settle them."""
    faults = data.draw(st.sets(st.sampled_from(FAULTS), min_size=1, max_size=2))

    def one_of(*values: T, odd: Sequence[T] = (), fault: str = "") -> T:
        return data.draw(st.sampled_from([*values, *(odd if fault in faults else ())]))

    n_units = data.draw(st.integers(2, 5))
    bow_tie = shapely.Polygon([(0, 0), (500, 500), (500, 0), (0, 500)])
    where = [*squares(n_units)[:-1], shapely.box(9000, 0, 9500, 500)]  # the last is an island
    shapes = [one_of(one, odd=[bow_tie, None], fault="polygon") for one in where]
    same = [f"{row:03d}" for row in range(1, n_units + 1)]
    ids = [one_of(one, odd=["001", "002", "=1+A1"], fault="id") for one in same]
    people = [one_of(7, odd=[-1], fault="figure") for _ in ids]
    frame(shapes, ids=ids).assign(people=people).to_file(folder / "map.geojson")
    lines = ["id,blue,red,income"]
    for one in dict.fromkeys(ids):
        code = one_of(one, odd=["009", "zzz"], fault="alone")
        cells = [one_of("1", "7", odd=["", "-2", "0.5"], fault="cell") for _ in range(2)]
        income = one_of("3", odd=["x"], fault="figure")
        lines.append(",".join([code.lstrip("0") if "zeros" in faults else code, *cells, income]))
    (folder / "votes.csv").write_text("\n".join(lines) + "\n")
    rules = ["009,001,merge,r", "00[12],001,merge,r", "zzz,002,rename,r"]
    rules += ["zzz,,refuse,r", "q,r,marry,r"] if "crosswalk" in faults else []
    rules = [*data.draw(st.lists(st.sampled_from(rules), unique=True)), "q,r,rename,r"]
    (folder / "walk.csv").write_text("\n".join(["old,new,kind,reason", *rules]))
    ends = [one_of(*pair, odd=["009"], fault="link") for pair in (same[:1], same[1:])]
    kind = one_of("bridge", "ferry", "sea", odd=["boat"], fault="link")
    (folder / "links.csv").write_text(f"id_a,id_b,kind\n{','.join([*ends, kind])}\n")
    is_link = "link" in faults or (ends[1] != "002" or n_units == 2)
    return MapFiles(
        str(folder / "map.geojson"),
        "id",
        ("blue",),
        ("red",),
        votes=str(folder / "votes.csv"),
        repair=one_of(True, False),
        crosswalk=one_of("", "us-counties", str(folder / "walk.csv"), odd=["x"], fault="crosswalk"),
        links=one_of("", str(folder / "links.csv")) if is_link else "",
        without_votes=one_of("refuse", "zero", "drop"),
        without_polygon=one_of("refuse", "drop"),
        name=one_of("", "id", odd=["nom"], fault="column"),
        attributes=one_of((), ("people",), ("income",), odd=[("gdp=people", "x")], fault="column"),
    )


@settings(max_examples=40)
@given(st.data())
def test_what_inspection_finds_no_error_in_can_be_read_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, data
) -> None:
    """Inspection and reading agree on every mixture of faults and of what settles them."""
    files = draw_files(data, tmp_path_factory.mktemp("mixed"))
    found = inspect_map(files)
    by_options = {key: getattr(files, key) for key in MapFiles.__dataclass_fields__}
    given_files = [by_options.pop("votes"), by_options.pop("units")]
    assert inspect_files(given_files, **by_options) == found
    try:
        units = read_map(files).units
    except DataError:
        assert found.has_errors
    else:
        assert not found.has_errors
        graph = nx.Graph(units.edges.pairs[units.edges.is_default].tolist())
        graph.add_nodes_from(range(units.n_units))
        votes = units.votes["votes"].sum(axis=0).tolist()
        assert found.figures["units"] == units.n_units
        assert found.figures["landmasses"] == nx.number_connected_components(graph)
        assert [found.figures["blue_votes"], found.figures["red_votes"]] == votes


def test_what_options_settle_is_noted_and_what_they_cannot_is_not(clean) -> None:
    (clean / "votes.csv").write_text("id,blue,red,gdp\n0,1,1,5\n1,1,1,6\n2,2,2,7\n9,3,4,8\n")
    files = [clean / "map.gpkg", clean / "votes.csv"]
    named = {"id": "id", "blue": "blue", "red": "red", "attributes": "gdp"}
    plain = inspect_files(files, **named)
    assert {one.kind for one in plain.findings if one.severity == "error"} == {
        "unit without votes", "votes without unit",
    }  # fmt: skip
    settled = inspect_files(
        files, **named, repair=True, without_votes="drop", without_polygon="drop"
    )
    assert not settled.has_errors
    assert kinds(settled) == {
        "settled: zeros": 1, "unit without votes": 1, "votes without unit": 1,
    }  # fmt: skip
    assert (settled.figures["units"], settled.figures["blue_votes"]) == (3, 4)
    # Units that count zero votes have no figure of what stands beside the votes.
    torn = inspect_files(files, **named, repair=True, without_votes="zero", without_polygon="drop")
    assert "has no 'gdp' for 1 unit: '003'" in find(torn, "joining").text


@pytest.mark.parametrize("n_rows", [1, 3, 4, 7])
@pytest.mark.parametrize("lacking", ["id", "blue", "gdp", "id gdp", "blue gdp"])
def test_attributes_beside_votes_that_cannot_be_read_are_no_crash(clean, lacking, n_rows) -> None:
    """Whatever the number of rows: whose they are is not known where votes are not."""
    columns = [name for name in ("id", "blue", "red", "gdp") if name not in lacking.split()]
    rows = [",".join("7" for _ in columns) for _ in range(n_rows)]
    (clean / "votes.csv").write_text("\n".join([",".join(columns), *rows]) + "\n")
    named = {"id": "id", "blue": "blue", "red": "red", "attributes": "gdp"}
    found = inspect_files([clean / "map.gpkg", clean / "votes.csv"], **named)
    assert found.has_errors
    told = {one.kind for one in found.findings}
    assert ("attribute" in told) == ("gdp" in lacking)


def test_links_and_columns_that_are_not_right_are_errors(clean) -> None:
    (clean / "links.csv").write_text("id_a,id_b,kind\n000,002,raft\n")
    options = {"links": str(clean / "links.csv"), "name": "nom", "attributes": ["people"]}
    found = inspect_files([clean / "map.gpkg"], id="id", **options)
    assert {one.kind for one in found.findings if one.severity == "error"} == {
        "links", "column", "attribute",
    }  # fmt: skip
    assert "has kind 'raft'" in find(found, "links").text
    assert "has no column 'nom'" in find(found, "column").text
    assert found.text().endswith("3 things to mend before these can be read.\n")


def test_invalid_rows_of_one_unit_are_refused_or_mended_never_a_crash(tmp_path: Path) -> None:
    # GEOS cannot unite this pair: the rows are put together first and mended then.
    teeth = [(0, 0), (1000, 1000), (1000, 0), (0, 1000), (0, 0), (500, 700), (900, 100)]
    bow_tie = shapely.Polygon(teeth)
    rows = [bow_tie, shapely.transform(bow_tie, lambda xy: xy + 100.0), squares(4)[3]]
    votes = pd.DataFrame({"id": ["a", "b"], "blue": [1, 2], "red": [3, 4]})
    votes.to_csv(tmp_path / "votes.csv", index=False)
    frame(rows, ids=["a", "a", "b"]).to_file(tmp_path / "map.gpkg")
    files = MapFiles(
        str(tmp_path / "map.gpkg"), "id", ("blue",), ("red",),
        votes=str(tmp_path / "votes.csv"), repair=True,
    )  # fmt: skip
    assert not inspect_map(files).has_errors
    found = read_map(files)
    assert shapely.is_valid(found.units.polygons).all()
    assert {one.kind for one in found.repairs} == {"merged", "invalid"}
