import json
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from shapefiles import (
    DataError,
    MapFiles,
    VoteColumns,
    inspect_files,
    load_united_states,
    read_map,
    write_dual_graph,
)

VOTES = VoteColumns("id", ("blue",), ("red",), total="total")
METRES = "EPSG:5070"


def squares(n_units, size=1000.0):
    x = np.arange(n_units) * size
    return shapely.box(x, 0, x + size, size)


def frame(polygons, ids=None, crs=METRES):
    ids = [f"{row:03d}" for row in range(len(polygons))] if ids is None else ids
    return gpd.GeoDataFrame({"id": ids}, geometry=list(polygons), crs=crs)


def kinds(inspection):
    return {one.kind: one.count for one in inspection.findings}


def find(inspection, kind):
    (finding,) = (one for one in inspection.findings if one.kind == kind)
    return finding


@pytest.fixture
def clean(tmp_path):
    frame(squares(4)).to_file(tmp_path / "map.gpkg")
    rows = [(f"{row:03d}", row, 10, 20) for row in range(4)]
    table = pd.DataFrame(rows, columns=["id", "blue", "red", "total"])
    table.to_csv(tmp_path / "votes.csv", index=False)
    return tmp_path


def test_clean_files_have_nothing_in_their_way_and_their_figures_add_up(clean):
    found = inspect_files([clean / "votes.csv", clean / "map.gpkg"], columns=VOTES, id="id")
    assert not found.has_errors
    assert found.figures["units"] == found.figures["units_with_votes"] == 4
    assert found.figures["borders"] == 3
    assert (found.figures["blue_votes"], found.figures["red_votes"]) == (6, 40)
    assert found.figures["area_km2"] == pytest.approx(4)
    assert found.figures["planar"] is True
    assert [one["rows"] for one in found.files] == [4, 4]


def test_everything_is_plain_json_and_one_page(clean):
    found = inspect_files([clean / "map.gpkg", clean / "votes.csv"], columns=VOTES)
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False)) == found.to_dict()
    text = found.text()
    assert len(text.splitlines()) < 60
    assert "Ids are probably the column 'id' of the units and 'id' of the votes." in text
    assert text.endswith("Nothing stands in the way of reading these.\n")


def test_each_fault_of_the_votes_is_found_with_its_line(clean):
    (clean / "votes.csv").write_text(
        "id,blue,red,total\n000,-1,2,9\n001,,2,9\n002,1.5,2,9\n003,8,2,9\n003,1,1,9\n,1,1,2\n"
    )
    found = inspect_files([clean / "map.gpkg", clean / "votes.csv"], columns=VOTES, id="id")
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


def test_each_fault_of_the_polygons_is_found(tmp_path):
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


def test_lost_zeros_and_crosswalks_are_named_with_the_nearest_ids(clean):
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


def test_missing_reference_system_is_an_error_with_the_coordinates(tmp_path):
    frame(squares(2)).to_file(tmp_path / "map.shp")
    (tmp_path / "map.prj").unlink()
    found = inspect_files([tmp_path / "map.shp"])
    assert find(found, "crs").severity == "error"
    assert "2000.0" in find(found, "crs").examples[0]


def test_gaps_short_contacts_and_lakes_are_told_apart(tmp_path):
    inner = shapely.box([0, 1003], 0, [1000, 2000], 1000)
    around = shapely.box(-500, -500, 2500, 1500) - shapely.box(0, 0, 2000, 1000)
    lake = shapely.box(-300, -300, -200, -200)
    touching = shapely.box(2500, 1499, 3500, 2500)
    rows = [*inner, around - lake, touching]
    frame(rows).to_file(tmp_path / "map.gpkg")
    found = inspect_files([tmp_path / "map.gpkg"], id="id")
    assert kinds(found) == {"gap": 1, "hole": 1, "short contact": 1}
    assert find(found, "gap").examples == ("0.003 km² between 000, 001, 002",)
    assert find(found, "short contact").examples == ("002 and 003: 1.0 m",)


def test_dual_graph_is_inspected_without_polygons(tmp_path):
    units = load_united_states()
    state = units.subset(np.flatnonzero(units.states == "HI"))
    write_dual_graph(state, tmp_path / "hi.json")
    columns = VoteColumns("GEOID", ("2016_blue",), ("2016_red",))
    found = inspect_files([tmp_path / "hi.json"], columns=columns, id="GEOID")
    assert found.figures["blue_votes"] == int(state.votes["2016"][:, 0].sum())
    assert found.figures["edges"] == int(state.edges.is_default.sum())
    assert not found.has_errors


def test_votes_in_an_archive_are_told_from_polygons_in_one(clean):
    with zipfile.ZipFile(clean / "votes.zip", "w") as target:
        target.write(clean / "votes.csv", "votes.csv")
    found = inspect_files([clean / "map.gpkg", clean / "votes.zip"], columns=VOTES, id="id")
    assert found.figures["red_votes"] == 40


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
def test_files_that_make_no_map_are_refused(clean, files, message):
    with pytest.raises(DataError, match=message):
        inspect_files([clean / one for one in files])


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_what_inspection_finds_no_error_in_can_be_read_and_nothing_else(tmp_path_factory, data):
    """Inspection and reading agree on every mixture of faults."""
    folder = tmp_path_factory.mktemp("mixed")
    n_units = data.draw(st.integers(2, 5))
    faulty = shapely.Polygon([(0, 0), (500, 500), (500, 0), (0, 500)])
    polygons = [
        data.draw(st.sampled_from([one, one, one, one, faulty, None])) for one in squares(n_units)
    ]
    names = st.sampled_from(["000", "001", "002", "003", "004", "=1+A1"])
    ids = [data.draw(st.one_of(st.just(f"{row:03d}"), names)) for row in range(n_units)]
    frame(polygons, ids=ids).to_file(folder / "map.gpkg")
    cell = st.sampled_from(["1", "1", "7", "", "-2", "0.5", "x"])
    lines = [
        f"{data.draw(st.sampled_from([one, one, one, '009']))},{data.draw(cell)},{data.draw(cell)}"
        for one in ids
        if not one.startswith("=")
    ]
    (folder / "votes.csv").write_text(
        "\n".join(["id,blue,red", *lines, "zzz,1,1"][: len(lines) + 1])
    )
    files = MapFiles(
        str(folder / "map.gpkg"), "id", ("blue",), ("red",), votes=str(folder / "votes.csv")
    )
    try:
        found = inspect_files([files.units, files.votes], columns=files.vote_columns(), id="id")
        is_fine = not found.has_errors
    except DataError:
        is_fine = False
    try:
        read_map(files)
    except DataError:
        assert not is_fine
    else:
        assert is_fine
