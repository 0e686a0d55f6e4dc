from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from shapefiles import (
    DataError,
    MapFiles,
    inspect_map,
    load_united_states,
    read_map,
    read_units,
)

COLUMNS = {"id": "id", "blue": "blue", "red": "red"}
METRES = "EPSG:6933"  # which is used everywhere

label_grids = st.integers(2, 4).flatmap(
    lambda side: arrays(np.int64, (side, side + 1), elements=st.integers(0, 5))
)


def grid_frame(labels: npt.NDArray[np.int64], size: float = 1000.0) -> gpd.GeoDataFrame:
    """Make one row a label out of square cells."""
    rows, columns = np.indices(labels.shape)
    cells = shapely.box(columns, rows, columns + 1, rows + 1)
    cells = shapely.transform(cells, lambda xy: xy * size)
    names = np.unique(labels)
    merged = [shapely.coverage_union_all(cells[labels == one]) for one in names]
    return gpd.GeoDataFrame(
        {"id": [f"{one:03d}" for one in names], "blue": names * 2, "red": names + 7},
        geometry=merged,
        crs=METRES,
    )


def touching_labels(labels: npt.NDArray[np.int64]) -> set[tuple[str, str]]:
    pairs = set()
    for one, other in ((labels[1:], labels[:-1]), (labels[:, 1:], labels[:, :-1])):
        pairs |= {(min(p), max(p)) for p in zip(one.ravel().tolist(), other.ravel().tolist())}  # noqa: B905
    return {(f"{a:03d}", f"{b:03d}") for a, b in pairs if a != b}


@pytest.fixture
def row(tmp_path: Path) -> Path:
    """Four squares in a row, with and without a table of votes."""
    frame = grid_frame(np.array([[1, 2, 3, 4]]))
    frame.to_file(tmp_path / "map.gpkg")
    frame.drop(columns=["blue", "red", "geometry"])
    pd.DataFrame(frame[["id", "blue", "red"]]).to_csv(tmp_path / "votes.csv", index=False)
    return tmp_path


def rewrite(path, change) -> None:
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    pd.DataFrame(change(rows)).to_csv(path, index=False)


@settings(max_examples=25)
@given(label_grids, st.sampled_from(["gpkg", "geojson", "parquet"]))
def test_units_have_the_neighbours_votes_and_areas_of_the_cells(
    tmp_path_factory: pytest.TempPathFactory, labels, ending
) -> None:
    path = tmp_path_factory.mktemp("grid") / f"map.{ending}"
    frame = grid_frame(labels)
    if ending == "parquet":
        frame.to_parquet(path)
    else:
        frame.to_file(path)
    units = read_units(path, **COLUMNS)
    land = np.isin(units.edges.kind, ["land", "crumb"])
    found = {tuple(sorted(units.ids[pair].tolist())) for pair in units.edges.pairs[land]}
    assert found == touching_labels(labels)
    assert units.votes["votes"].tolist() == frame[["blue", "red"]].to_numpy().tolist()
    sizes = [int((labels == int(one)).sum()) for one in units.ids.tolist()]
    assert units.attributes["area"] / 1e6 == pytest.approx(sizes, rel=1e-3)


def test_votes_are_joined_by_id_whatever_their_order(row) -> None:
    rewrite(row / "votes.csv", lambda rows: rows.iloc[::-1])
    units = read_units(row / "map.gpkg", row / "votes.csv", **COLUMNS)
    assert units.ids.tolist() == ["001", "002", "003", "004"]
    assert units.votes["votes"].tolist() == [[2, 8], [4, 9], [6, 10], [8, 11]]


def test_names_states_and_attributes_come_from_either_file(row) -> None:
    rewrite(row / "votes.csv", lambda rows: rows.assign(people=["10", "20", "30", "40.5"]))
    units = read_units(
        row / "map.gpkg", row / "votes.csv", **COLUMNS, name="id", state="red",
        attributes=["population=blue", "people"],
    )  # fmt: skip
    assert units.states.tolist() == ["8", "9", "10", "11"]
    assert units.attributes["population"].tolist() == [2, 4, 6, 8]
    assert units.attributes["people"].tolist() == [10, 20, 30, 40.5]
    assert units.attributes["population"].dtype == np.int64


def test_links_join_what_water_separates(tmp_path: Path) -> None:
    frame = grid_frame(np.array([[1, 2, 9, 3]]))
    frame[frame["id"] != "009"].to_file(tmp_path / "map.gpkg")
    (tmp_path / "links.csv").write_text("id_a,id_b,kind,km\n003,002,ferry,1.0\n")
    apart = read_units(tmp_path / "map.gpkg", **COLUMNS)
    joined = read_units(tmp_path / "map.gpkg", **COLUMNS, links=tmp_path / "links.csv")
    assert apart.edges.n_edges == 1
    assert joined.edges.kind.tolist() == ["land", "ferry"]
    assert joined.edges.is_default.all()
    (tmp_path / "links.csv").write_text("id_a,id_b,kind\n003,2,ferry\n")
    with pytest.raises(DataError, match=r"links.csv': links\[0\] names the unit '2'"):
        read_units(tmp_path / "map.gpkg", **COLUMNS, links=tmp_path / "links.csv")


def test_missing_reference_system_is_asked_for(tmp_path: Path) -> None:
    grid_frame(np.array([[1, 2]])).to_file(tmp_path / "map.shp")
    (tmp_path / "map.prj").unlink()
    with pytest.raises(
        DataError, match=r"does not say which reference system .* give it \(--crs\)"
    ):
        read_units(tmp_path / "map.shp", **COLUMNS)
    assert read_units(tmp_path / "map.shp", **COLUMNS, crs=METRES).crs == METRES


def test_lost_zeros_are_restored_only_when_asked_and_are_listed(row) -> None:
    rewrite(row / "votes.csv", lambda rows: rows.assign(id=rows["id"].str.lstrip("0")))
    files = MapFiles(str(row / "map.gpkg"), "id", ("blue",), ("red",), votes=str(row / "votes.csv"))
    with pytest.raises(DataError, match=r"no votes for 4 units.*Zeros before the ids, to 3 digits"):
        read_map(files)
    found = read_map(MapFiles(**{**asdict(files), "repair": True}))
    assert found.units.votes["votes"].tolist() == [[2, 8], [4, 9], [6, 10], [8, 11]]
    assert [(one.kind, one.units) for one in found.repairs] == [("zeros", ("1", "2", "3", "4"))]


@pytest.mark.parametrize("drawn_apart", [True, False])
def test_letters_written_with_the_accent_apart_fit_when_repair_is_asked_for(
    tmp_path: Path, drawn_apart
) -> None:
    names = ["Éperlan", "Zürich", "Ångström", "Plain"]
    forms = ("NFD", "NFC") if drawn_apart else ("NFC", "NFD")
    polygons, voters = ([unicodedata.normalize(form, one) for one in names] for form in forms)
    files = replace(county_files(tmp_path, polygons, voters), crosswalk="")
    with pytest.raises(DataError, match=r"as one character \(Unicode NFC\) would bring them"):
        read_map(files)
    found = read_map(MapFiles(**{**asdict(files), "repair": True}))
    assert found.units.ids.tolist() == [unicodedata.normalize("NFC", one) for one in names]
    assert found.units.votes["votes"].tolist() == [[10 + k, 20 + k] for k in range(4)]
    ((kind, units),) = [(one.kind, one.units) for one in found.repairs]
    assert kind == "ids"
    assert len(units) == 3


def test_ids_that_nothing_but_their_accents_tells_apart_stay_apart(tmp_path: Path) -> None:
    names = [unicodedata.normalize("NFC", "é"), unicodedata.normalize("NFD", "é")]
    files = replace(county_files(tmp_path, names, ["x", "y"]), crosswalk="")
    with pytest.raises(DataError, match="no votes for 2 units") as refused:
        read_map(files)
    assert "NFC" not in str(refused.value)


def asdict(files: MapFiles) -> dict[str, Any]:
    return {key: getattr(files, key) for key in MapFiles.__dataclass_fields__}


def county_files(tmp_path: Path, polygons: Sequence[str], votes: Sequence[str]) -> MapFiles:
    frame = grid_frame(np.array([list(range(len(polygons)))]))
    frame.assign(id=polygons).to_file(tmp_path / "counties.gpkg")
    rows = [(one, 10 + k, 20 + k) for k, one in enumerate(votes)]
    pd.DataFrame(rows, columns=["id", "blue", "red"]).to_csv(tmp_path / "v.csv", index=False)
    return MapFiles(
        str(tmp_path / "counties.gpkg"), "id", ("blue",), ("red",), votes=str(tmp_path / "v.csv"),
        crosswalk="us-counties",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("polygons", "votes", "joined"),
    [
        (["46102", "01001"], ["46113", "01001"], {"46102": [10, 20], "01001": [11, 21]}),
        (["46113", "01001"], ["46102", "01001"], {"46102": [10, 20], "01001": [11, 21]}),
        (["51019", "01001"], ["51019", "51515", "01001"], {"51019": [21, 41], "01001": [12, 22]}),
        (["51019", "51515"], ["51019"], {"51019": [10, 20]}),
        (["02013", "02016", "53001"], ["02001", "02013", "53001"],
         {"02000": [21, 41], "53001": [12, 22]}),
        (["11001", "24031"], ["11001", "11002", "11008", "24031"],
         {"11001": [33, 63], "24031": [13, 23]}),
    ],
)  # fmt: skip
def test_known_crosswalks_bring_polygons_and_votes_together(
    tmp_path: Path, polygons, votes, joined
) -> None:
    files = county_files(tmp_path, polygons, votes)
    found = read_map(files)
    units = found.units
    assert dict(zip(units.ids.tolist(), units.votes["votes"].tolist(), strict=True)) == joined
    assert {one.kind for one in found.repairs} == {"crosswalk"}
    assert units.attributes["area"].sum() == pytest.approx(len(polygons) * 1e6)
    unasked = MapFiles(**{**asdict(files), "crosswalk": ""})
    with pytest.raises(DataError, match="--crosswalk us-counties helps"):
        read_map(unasked)


def test_connecticut_is_refused_with_the_reason(tmp_path: Path) -> None:
    files = county_files(tmp_path, ["09110", "09120"], ["09001", "09003"])
    with pytest.raises(DataError, match="planning regions replaced its counties in 2022"):
        read_map(files)


def test_own_crosswalk_is_followed_and_a_wrong_one_refused(tmp_path: Path) -> None:
    files = county_files(tmp_path, ["A", "B"], ["A", "B1", "B2"])
    walk = tmp_path / "walk.csv"
    walk.write_text("old,new,kind,reason\nB[12],B,merge,B was divided\n")
    units = read_map(MapFiles(**{**asdict(files), "crosswalk": str(walk)})).units
    assert units.votes["votes"].tolist() == [[10, 20], [23, 43]]
    walk.write_text("old,new,kind,reason\nB1,B,marry,\n")
    with pytest.raises(DataError, match=r"walk.csv', line 2 is no rule"):
        read_map(MapFiles(**{**asdict(files), "crosswalk": str(walk)}))
    with pytest.raises(DataError, match="There is no crosswalk 'mars'"):
        read_map(MapFiles(**{**asdict(files), "crosswalk": "mars"}))


@pytest.mark.parametrize(
    ("units", "votes", "encoding"),
    [
        (["001", "002", "003", "004"], ["1", "2", "3", "4"], ""),
        (["001", "002", "003", "004"], ["1.0", "2.0", "3.0", "4.0"], ""),
        (["46113", "51019", "01001", "01003"], ["46102", "51019", "01001", "01003"], ""),
        (["Kö", "Dü", "Mü", "Gö"], ["Kö", "Dü", "Mü", "Gö"], "latin-1"),
        (["a", "b", "c", "d"], ["w", "x", "y", "z"], ""),
    ],
    ids=["zeros", "decimals", "a crosswalk", "an encoding", "nothing in common"],
)
@pytest.mark.parametrize("cell", ["2.5", "-3", "twelve", "51%", ""])
def test_votes_whose_ids_are_only_written_otherwise_are_no_votes_without_a_unit(
    tmp_path: Path, units, votes, encoding, cell
) -> None:
    frame = grid_frame(np.array([[1, 2, 3, 4]]))[["geometry"]].assign(id=units)
    frame.to_file(tmp_path / "map.gpkg")
    table = tmp_path / "votes.csv"
    figures = [cell, 4, 5, 6]
    rows = [f"{one},{n},7" for one, n in zip(votes, figures, strict=True)]
    table.write_text("\n".join(["id,blue,red", *rows]), encoding="utf-8")
    files = MapFiles(
        str(tmp_path / "map.gpkg"), "id", ("blue",), ("red",), votes=str(table),
        votes_encoding=encoding,
    )  # fmt: skip
    with pytest.raises(DataError, match=r"votes\.csv', line 2: unit") as caught:
        read_map(files)
    assert "--without-polygon" not in str(caught.value)
    finding = next(one for one in inspect_map(files).findings if one.kind.startswith("votes: "))
    assert "--without-polygon" not in finding.remedy
    # A sum below the units is none of them, whatever their ids have lost.
    rows = [f"{one},3,7" for one in votes] + [f"Sum,{cell},28"]
    table.write_text("\n".join(["id,blue,red", *rows]), encoding="utf-8")
    if votes[0] not in {"w", "Kö"}:
        with pytest.raises(DataError, match=r"line 6: unit 'Sum'.*--without-polygon drop"):
            read_map(files)


def test_units_without_votes_are_refused_counted_as_zero_or_dropped(row) -> None:
    rewrite(row / "votes.csv", lambda rows: rows[rows["id"] != "002"])
    given = (row / "map.gpkg", row / "votes.csv")
    with pytest.raises(DataError, match="has no votes for 1 unit: '002'"):
        read_units(*given, **COLUMNS)
    zero = read_units(*given, **COLUMNS, without_votes="zero")
    assert zero.votes["votes"].tolist() == [[2, 8], [0, 0], [6, 10], [8, 11]]
    dropped = read_units(*given, **COLUMNS, without_votes="drop")
    assert dropped.ids.tolist() == ["001", "003", "004"]
    assert dropped.edges.n_edges == 1


def test_votes_without_a_unit_are_refused_or_dropped_and_counted(row) -> None:
    extra = pd.DataFrame([{"id": "005", "blue": "3", "red": "4"}])
    rewrite(row / "votes.csv", lambda rows: pd.concat([rows, extra]))
    files = MapFiles(str(row / "map.gpkg"), "id", ("blue",), ("red",), votes=str(row / "votes.csv"))
    with pytest.raises(DataError, match="has votes for 1 unit without polygon: '005'"):
        read_map(files)
    found = read_map(MapFiles(**{**asdict(files), "without_polygon": "drop"}))
    assert found.units.votes["votes"].sum() == 58
    assert found.repairs[0].message.startswith("7 votes of 1 unit without a polygon left out")


def test_tables_with_nothing_in_common_are_refused(row) -> None:
    rewrite(row / "votes.csv", lambda rows: rows.assign(id=["w", "x", "y", "z"]))
    options = {"without_votes": "zero", "without_polygon": "drop"}
    with pytest.raises(DataError, match="has no id in common"):
        read_units(row / "map.gpkg", row / "votes.csv", **COLUMNS, **options)


def test_invalid_polygon_is_refused_or_mended_with_its_change_of_area(tmp_path: Path) -> None:
    frame = grid_frame(np.array([[1, 2]]))
    bow_tie = shapely.Polygon([(0, 0), (0, 1000), (1000, 0), (1000, 1000)])
    frame.loc[0, "geometry"] = bow_tie
    frame.to_file(tmp_path / "map.gpkg")
    files = MapFiles(str(tmp_path / "map.gpkg"), "id", ("blue",), ("red",))
    with pytest.raises(DataError, match=r"'001' has an invalid polygon: Self.*--repair mends it"):
        read_map(files)
    found = read_map(MapFiles(**{**asdict(files), "repair": True}))
    assert shapely.is_valid(found.units.polygons).all()
    assert found.units.attributes["area"][0] == pytest.approx(5e5)  # two triangles, not zero
    assert [one.kind for one in found.repairs] == ["invalid"]
    assert found.units.votes["votes"].tolist() == [[2, 8], [4, 9]]


def test_unit_in_several_rows_is_refused_or_put_together(row) -> None:
    frame = grid_frame(np.array([[1, 2, 3, 4]])).drop(columns=["blue", "red"])
    frame.assign(id=["001", "002", "002", "004"]).to_file(row / "map.gpkg")
    rewrite(row / "votes.csv", lambda rows: rows[rows["id"] != "003"])
    files = MapFiles(str(row / "map.gpkg"), "id", ("blue",), ("red",), votes=str(row / "votes.csv"))
    with pytest.raises(DataError, match="has the id '002' twice, in rows 2 and 3"):
        read_map(files)
    found = read_map(MapFiles(**{**asdict(files), "repair": True}))
    assert found.units.attributes["area"].tolist() == pytest.approx([1e6, 2e6, 1e6])
    assert found.units.votes["votes"].tolist() == [[2, 8], [4, 9], [8, 11]]


@pytest.mark.parametrize(
    ("blue", "settled"),
    [
        ([2, 4, 4, 8], {"once": [2, 4, 8], "add": [2, 8, 8]}),
        ([2, 4, 5, 8], {"add": [2, 9, 8]}),
    ],
)
def test_each_remedy_for_a_unit_in_several_rows_with_its_votes_works(
    row, blue: list[int], settled: dict[str, list[int]]
) -> None:
    frame = grid_frame(np.array([[1, 2, 3, 4]])).assign(id=["001", "002", "002", "004"])
    frame.assign(blue=blue, red=7).to_file(row / "map.gpkg")
    files = MapFiles(str(row / "map.gpkg"), "id", ("blue",), ("red",))
    with pytest.raises(DataError, match=r"--repair makes one unit .*\(--repeated-votes\)"):
        read_map(files)
    mended = replace(files, repair=True)
    with pytest.raises(DataError, match="feature 3: unit '002' was given before") as caught:
        read_map(mended)
    asked = {one for one in ("once", "add") if f"--repeated-votes {one}" in str(caught.value)}
    assert asked == set(settled)
    for wish, expected in settled.items():
        found = read_map(replace(mended, repeated_votes=wish))
        assert found.units.votes["votes"][:, 0].tolist() == expected
        assert found.units.attributes["area"].tolist() == pytest.approx([1e6, 2e6, 1e6])
        assert [one.kind for one in found.repairs] == ["merged", "repeated"]
        assert not inspect_map(replace(mended, repeated_votes=wish)).has_errors


def test_a_figure_that_differs_between_the_rows_of_a_unit_is_refused(row) -> None:
    text = "id,blue,red,people\n001,1,2,9\n002,1,2,9\n003,1,2,9\n004,1,2,9\n004,1,2,8\n"
    (row / "votes.csv").write_text(text)
    files = MapFiles(
        str(row / "map.gpkg"), "id", ("blue",), ("red",), votes=str(row / "votes.csv"),
        repeated_votes="once",
    )  # fmt: skip
    assert read_map(files).units.votes["votes"].tolist() == [[1, 2]] * 4
    with pytest.raises(DataError, match=r"unit '004' has several rows .* 'people': '9', '8'"):
        read_map(replace(files, attributes=("people",)))


def test_narrow_gaps_and_overlaps_are_closed_when_asked(tmp_path: Path) -> None:
    # Two squares 3 m apart, and overlapping by 5 m with the frame around them.
    inner = shapely.box([0, 1003], 0, [1000, 2005], 1000)
    frame = shapely.box(-500, -500, 2500, 1500) - shapely.box(0, 0, 2000, 1000)
    rows = grid_frame(np.array([[1, 2, 3]])).set_geometry([*inner, frame], crs=METRES)
    rows.to_file(tmp_path / "map.gpkg")
    plain = MapFiles(str(tmp_path / "map.gpkg"), "id", ("blue",), ("red",))
    assert [0, 1] not in read_map(plain).units.edges.pairs.tolist()
    found = read_map(MapFiles(**{**asdict(plain), "repair": True}))
    assert [0, 1] in found.units.edges.pairs.tolist()
    assert shapely.coverage_is_valid(found.units.polygons, gap_width=10)
    assert [one.kind for one in found.repairs] == ["coverage", "border gained"]
    assert found.repairs[1].units == ("001", "002")
    assert found.units.attributes["area"].sum() == pytest.approx(3000 * 2000)
    assert found.units.votes["votes"].tolist() == rows[["blue", "red"]].to_numpy().tolist()


@example(np.pad(np.zeros((1, 1), int), ((2, 1), (2, 2)), constant_values=1), 0)
@settings(max_examples=20)
@given(label_grids, st.integers(0, 2**32 - 1))
def test_repair_never_changes_a_vote(
    tmp_path_factory: pytest.TempPathFactory, labels, seed
) -> None:
    path = tmp_path_factory.mktemp("dirt") / "map.gpkg"
    frame = grid_frame(labels)
    random = np.random.default_rng(seed)
    shaken = [
        shapely.transform(one, lambda xy: xy + random.uniform(-3, 3, 2)) for one in frame.geometry
    ]
    frame = frame.set_geometry(np.array(shaken, object), crs=METRES)
    frame.to_file(path)
    found = read_map(MapFiles(str(path), "id", ("blue",), ("red",), repair=True))
    assert found.units.ids.tolist() == frame["id"].tolist()
    assert found.units.votes["votes"].tolist() == frame[["blue", "red"]].to_numpy().tolist()
    assert shapely.coverage_is_valid(found.units.polygons)
    area = shapely.union_all(frame.geometry).area
    assert found.units.attributes["area"].sum() == pytest.approx(area, rel=0.02)


@pytest.mark.parametrize(
    "bad", ["=cmd|' /C calc'!A0", "@SUM(A1)", "+1+1", "-2+3", "a\nb", "x" * 101]
)
def test_id_that_could_do_harm_is_refused_with_its_place(tmp_path: Path, bad) -> None:
    frame = grid_frame(np.array([[1, 2]])).assign(id=["001", bad])
    frame.to_file(tmp_path / "map.gpkg")
    with pytest.raises(DataError, match="feature 2: the id") as caught:
        read_units(tmp_path / "map.gpkg", **COLUMNS)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"id": "code"}, "has no column 'code'"),
        ({"name": "nom"}, "has no column 'nom'"),
        ({"attributes": "people"}, "has no column 'people'"),
        ({"attributes": ["area=blue"]}, "'area' is measured"),
        ({"attributes": ["=blue"]}, "write name=value"),
        ({"where": "year"}, "write column=value"),
        ({"without_votes": "guess"}, "choose from refuse, zero, drop"),
        ({"crs": "EPSG:0"}, "is not a reference system"),
        ({"blue": "red", "red": "red"}, "cannot count for blue and for red"),
        ({"blue": []}, "at least one column for the blue"),
        ({"election": ""}, "election is missing"),
        ({"id": ""}, "id is missing"),
        ({"red": ()}, "at least one column for the blue votes .* and one for the red"),
    ],
)
def test_wrong_wish_is_one_line(row, options, message) -> None:
    with pytest.raises(DataError, match=message) as caught:
        read_units(row / "map.gpkg", **{**COLUMNS, **options})
    assert "\n" not in str(caught.value)


def test_attribute_that_is_no_figure_is_refused_with_its_line(row) -> None:
    rewrite(row / "votes.csv", lambda rows: rows.assign(population=["1", "2", "-3", "4"]))
    with pytest.raises(DataError, match="line 4: '-3' is no figure for 'population'"):
        read_units(row / "map.gpkg", row / "votes.csv", **COLUMNS, attributes=["population"])


def test_paths_are_resolved_beside_the_file_that_names_them(row) -> None:
    files = MapFiles("map.gpkg", "id", ("blue",), ("red",), votes="votes.csv").relative_to(row)
    assert read_map(files).units.n_units == 4
    assert sorted(read_map(files).hashes) == ["units", "votes"]


def test_one_state_written_and_read_back_is_the_same_graph(tmp_path: Path) -> None:
    units = load_united_states()
    state = units.subset(np.flatnonzero(units.states == "MI"))
    gpd.GeoDataFrame(
        {"GEOID": state.ids, "blue": state.votes["2020"][:, 0], "red": state.votes["2020"][:, 1]},
        geometry=state.polygons,
        crs=state.crs,
    ).to_file(tmp_path / "mi.geojson", RFC7946=True)
    again = read_units(tmp_path / "mi.geojson", id="GEOID", blue="blue", red="red")
    assert again.ids.tolist() == state.ids.tolist()
    assert again.votes["votes"].tolist() == state.votes["2020"].tolist()
    land = np.isin(state.edges.kind, ["land", "crumb"])
    assert again.edges.pairs.tolist() == state.edges.pairs[land].tolist()
    graph = nx.Graph(again.edges.pairs.tolist())
    assert nx.number_connected_components(graph) == 2  # the Upper Peninsula is an island here
