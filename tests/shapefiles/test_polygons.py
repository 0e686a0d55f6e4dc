from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from shapefiles import DataError
from shapefiles.files.polygons import read_layer
from shapefiles.files.tables import as_text, column, read_table

SQUARES = shapely.box([0, 1, 2], [50, 50, 50], [1, 2, 3], [51, 51, 51])
IDS = ["001", "010", "100"]


@pytest.fixture
def frame() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"code": IDS, "blue": [1, 2, 3], "name": ["Ää", "b", "c"]},
        geometry=SQUARES,
        crs="EPSG:4326",
    )


def topojson() -> dict[str, Any]:
    """Three squares in a row as a quantised topology; shared sides are shared arcs."""
    arcs = [[[x, 1], [0, -1]] for x in range(4)]  # vertical sides, downwards
    rows = [[[x, y], [1, 0]] for y in (0, 1) for x in range(3)]  # bottoms, then tops
    polygons = [
        {
            "type": "Polygon",
            "arcs": [[x, 4 + x, ~(x + 1), ~(7 + x)]],
            "properties": {"code": IDS[x], "blue": x + 1, "name": ["Ää", "b", "c"][x]},
        }
        for x in range(3)
    ]
    return {
        "type": "Topology",
        "transform": {"scale": [1, 1], "translate": [0, 50]},
        "objects": {"wards": {"type": "GeometryCollection", "geometries": polygons}},
        "arcs": arcs + rows,
    }


def write(frame: gpd.GeoDataFrame, path: Path) -> Path:
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    elif path.suffix == ".topojson":
        path.write_text(json.dumps(topojson()), encoding="utf-8")
    elif path.suffix == ".zip":
        frame.to_file(path.parent / "inner.shp", encoding="UTF-8")
        with zipfile.ZipFile(path, "w") as target:
            for one in path.parent.glob("inner.*"):
                target.write(one, f"folder/{one.name}")
            target.writestr("__MACOSX/folder/._inner.shp", "resource fork")
            target.writestr("readme.txt", "hello")
    elif path.suffix == ".shp":
        frame.to_file(path, encoding="UTF-8")
    else:
        frame.to_file(path)
    return path


@pytest.mark.parametrize(
    "ending", ["shp", "zip", "gpkg", "geojson", "topojson", "parquet", "fgb", "geojsonl", "gml"]
)
def test_every_format_gives_the_same_polygons_ids_and_columns(
    frame, tmp_path: Path, ending
) -> None:
    path = write(frame, tmp_path / f"wards.{ending}")
    layer = read_layer(path, crs="EPSG:4326" if ending == "topojson" else None)
    order = np.argsort(layer.table["code"])  # FlatGeobuf sorts rows in space
    rows = layer.table.iloc[order]
    assert rows["code"].tolist() == IDS  # zeros in front are kept
    assert rows["blue"].tolist() == [1, 2, 3]
    assert rows["name"].tolist()[0] == "Ää"
    assert shapely.equals(layer.polygons[order], SQUARES).all()
    assert "4326" in layer.crs or "CRS84" in layer.crs
    assert len(layer.sha256) == 64


def test_layer_must_be_named_where_there_are_several(frame, tmp_path: Path) -> None:
    path = tmp_path / "two.gpkg"
    frame.to_file(path, layer="wards")
    frame.iloc[:1].to_file(path, layer="city")
    with pytest.raises(DataError, match="has the layers 'wards', 'city'; say which one"):
        read_layer(path)
    assert len(read_layer(path, layer="city").table) == 1
    with pytest.raises(DataError, match="has no layer 'x', only 'wards', 'city'"):
        read_layer(path, layer="x")


def test_file_must_be_named_where_an_archive_has_several(frame, tmp_path: Path) -> None:
    frame.to_file(tmp_path / "a.geojson")
    frame.iloc[:2].to_file(tmp_path / "b.geojson")
    with zipfile.ZipFile(tmp_path / "ab.zip", "w") as target:
        target.write(tmp_path / "a.geojson", "a.geojson")
        target.write(tmp_path / "b.geojson", "b.geojson")
    with pytest.raises(DataError, match=r"holds 2 files: 'a.geojson', 'b.geojson'. Say which"):
        read_layer(tmp_path / "ab.zip")
    assert len(read_layer(tmp_path / "ab.zip", layer="b").table) == 2


def test_system_is_none_where_the_file_is_silent(frame, tmp_path: Path) -> None:
    frame.to_file(tmp_path / "a.shp")
    (tmp_path / "a.prj").unlink()
    assert read_layer(tmp_path / "a.shp").crs is None
    assert read_layer(tmp_path / "a.shp", crs="EPSG:4269").crs == "EPSG:4269"


def test_digest_covers_the_companions_of_a_shapefile(frame, tmp_path: Path) -> None:
    frame.to_file(tmp_path / "a.shp")
    before = read_layer(tmp_path / "a.shp").sha256
    (tmp_path / "a.prj").unlink()
    assert read_layer(tmp_path / "a.shp").sha256 != before


def test_heights_are_dropped(frame, tmp_path: Path) -> None:
    frame.set_geometry(shapely.force_3d(frame.geometry, 7.0)).to_file(tmp_path / "a.gpkg")
    assert not shapely.has_z(read_layer(tmp_path / "a.gpkg").polygons).any()


@pytest.mark.parametrize("name", ["two\nlines", "a!b", "zip:x?y#", "http:x", "-rf", "%2e", "ü"])
def test_shapefile_with_an_odd_name_is_read_with_its_companions(
    frame, tmp_path: Path, name
) -> None:
    frame.to_file(tmp_path / "plain.shp", encoding="UTF-8")
    for one in tmp_path.glob("plain.*"):
        one.rename(tmp_path / f"{name}{one.suffix}")
    layer = read_layer(tmp_path / f"{name}.shp")
    assert layer.table["code"].tolist() == IDS
    assert layer.crs is not None


def geojson_with(coordinates: str) -> str:
    return (
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":"1"},'
        '"geometry":{"type":"Polygon","coordinates":' + coordinates + "}}]}"
    )


@pytest.mark.parametrize("odd", ["NaN", "Infinity", "-Infinity"])
def test_coordinates_that_are_no_numbers_are_refused_with_the_feature(tmp_path: Path, odd) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(geojson_with(f"[[[0,0],[1,0],[1,{odd}],[0,0]]]"))
    with pytest.raises(DataError, match=r"feature 1 has the point \(1, (nan|-?inf)\)"):
        read_layer(path)


def nested(opening: str, closing: str, depth: int = 10_000) -> str:
    return geojson_with(opening * depth + "0" + closing * depth)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("deep.geojson", nested("[", "]"), "Too many nested"),
        ("deep2.geojson", nested('{"a":', "}"), "Too many nested"),
        ("page.geojson", "<!doctype html><title>404</title>", "is a web page"),
        ("page.shp", "<html>", "is a web page"),
        ("page.zip", "<html>", "is a web page"),
        ("page.parquet", "<html>", "is a web page"),
        ("cut.geojson", '{"type":"FeatureCollection","features":[{"ty', "cannot be read"),
        ("text.shp", "hello", "cannot be read"),
        ("none.geojson", '{"type":"FeatureCollection","features":[]}', "has no rows|no polygons"),
        ("fake.parquet", "PAR1 and nothing else PAR1", "cannot be read as GeoParquet"),
        (
            "a.vrt",
            '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource>',
            "holds no polygons itself",
        ),
        (
            "a.json",
            '{"type":"gdal_streamed_alg","command_line":"gdal vector pipeline ! read x"}',
            "holds no polygons itself",
        ),
        ("wfs.xml", "<OGRWFSDataSource><URL>http://127.0.0.1:9</URL></OGRWFSDataSource>", "itself"),
        ("points.csv", "a,b\n1,2\n", "is a file for CSV|no polygons"),
    ],
)
def test_file_of_another_kind_is_refused_in_one_line(
    tmp_path: Path, name, content, message
) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(DataError, match=message) as caught:
        read_layer(path)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600


def test_parquet_without_geometries_is_refused(tmp_path: Path, frame) -> None:
    frame.drop(columns="geometry").to_parquet(tmp_path / "a.parquet")
    with pytest.raises(DataError, match="cannot be read as GeoParquet"):
        read_layer(tmp_path / "a.parquet")


def test_archive_in_an_archive_is_refused(tmp_path: Path, frame) -> None:
    inner = write(frame, tmp_path / "inner.zip")
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as target:
        target.write(inner, "a.shp")
    with pytest.raises(DataError, match="an archive in an archive"):
        read_layer(tmp_path / "outer.zip")


def test_too_many_rows_are_refused_before_they_are_read(
    tmp_path: Path, frame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shapefiles.files.polygons.MAX_ROWS", 2)
    for ending in ("gpkg", "parquet"):
        with pytest.raises(DataError, match="has 3 rows, above the limit of 2"):
            read_layer(write(frame, tmp_path / f"a.{ending}"))


def test_missing_geometries_are_kept_as_rows(tmp_path: Path, frame) -> None:
    frame.loc[1, "geometry"] = None
    frame.to_file(tmp_path / "a.gpkg")
    assert [one is None for one in read_layer(tmp_path / "a.gpkg").polygons] == [False, True, False]


def test_text_in_an_old_encoding_is_read_when_it_is_named(tmp_path: Path, frame) -> None:
    frame.to_file(tmp_path / "a.shp", encoding="ISO-8859-1")
    (tmp_path / "a.cpg").unlink()
    assert read_layer(tmp_path / "a.shp", encoding="latin-1").table["name"][0] == "Ää"
    with pytest.raises(DataError, match="is not the name of an encoding"):
        read_layer(tmp_path / "a.shp", encoding="no-such-encoding")


def test_ring_that_is_not_closed_is_found_later_not_here(tmp_path: Path) -> None:
    (tmp_path / "a.geojson").write_text(geojson_with("[[[0,0],[1,0],[1,1]]]"))
    layer = read_layer(tmp_path / "a.geojson")
    assert np.asarray(layer.polygons).shape == (1,)


def test_reference_system_that_is_no_text_is_refused(tmp_path: Path, frame) -> None:
    frame.to_file(tmp_path / "map.shp")
    system = (tmp_path / "map.prj").read_bytes()
    (tmp_path / "map.prj").write_bytes(system.replace(b"GCS_WGS_1984", b"GCS_WGS_\xc41984"))
    with pytest.raises(DataError, match="cannot be read") as caught:
        read_layer(tmp_path / "map.shp")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("ending", ["shp", "parquet"])
def test_reference_system_that_is_none_is_refused(tmp_path: Path, frame, ending) -> None:
    path = tmp_path / f"map.{ending}"
    write(frame, path)
    if ending == "shp":
        system = path.with_suffix(".prj").read_text()
        path.with_suffix(".prj").write_text(system.replace("GCS_WGS_1984", "G{CS_WGS_1984"))
    else:
        table = pq.read_table(path)
        about = json.loads(table.schema.metadata[b"geo"])
        about["columns"]["geometry"]["crs"] = {"type": "nonsense"}
        metadata = {**table.schema.metadata, b"geo": json.dumps(about).encode()}
        pq.write_table(table.replace_schema_metadata(metadata), path)
    with pytest.raises(DataError, match="cannot be read") as caught:
        read_layer(path)
    assert "\n" not in str(caught.value)


def test_two_columns_of_one_name_are_refused_only_where_one_is_asked_for(
    tmp_path: Path, frame
) -> None:
    frame.rename(columns={"name": "blua"}).to_file(tmp_path / "map.shp")
    columns = (tmp_path / "map.dbf").read_bytes()
    (tmp_path / "map.dbf").write_bytes(columns.replace(b"blua", b"blue", 1))
    table = read_layer(tmp_path / "map.shp").table
    assert list(table.columns) == ["code", "blue", "blue"]
    assert column(table, "code", "map.shp").tolist() == IDS
    with pytest.raises(DataError, match="has two columns called 'blue'"):
        column(table, "blue", "map.shp")
    (tmp_path / "map.csv").write_text("code,blue,blue\n001,1,2\n")
    rows = read_table(tmp_path / "map.csv").rows
    assert rows.to_numpy().tolist() == [["001", "1", "2"]]
    with pytest.raises(DataError, match="has two columns called 'blue'"):
        column(rows, "blue", "map.csv")


def feature(
    identifier: str | int | None, geometry: dict[str, object], **properties: str | int
) -> dict[str, object]:
    found = {"type": "Feature", "properties": properties, "geometry": geometry}
    return found if identifier is None else {**found, "id": identifier}


def write_features(path: Path, *features: dict[str, object]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ([3, 5, 7], ["3", "5", "7"]),
        (["01", "02", "03"], ["01", "02", "03"]),
        ([3, "x", None], ["3", "x", ""]),
        ([3, 3, 5], ["3", "3", "5"]),
        ([-1, 0, 1], ["-1", "0", "1"]),
        ([0, 1, 2], ["0", "1", "2"]),
        ([2**53 + 1, 2**53 + 3, 2**53 + 5], [str(2**53 + one) for one in (1, 3, 5)]),
    ],
)
def test_ids_that_stand_beside_the_properties_are_a_column(tmp_path: Path, given, read) -> None:
    shapes = [shapely.geometry.mapping(one) for one in SQUARES]
    features = [feature(one, shape, blue=5) for one, shape in zip(given, shapes, strict=True)]
    table = read_layer(write_features(tmp_path / "map.geojson", *features)).table
    assert list(table.columns) == ["id", "blue"]
    assert as_text(table["id"]).tolist() == read


def test_an_id_among_the_properties_goes_before_one_beside_them(tmp_path: Path) -> None:
    shape = shapely.geometry.mapping(SQUARES[0])
    path = write_features(tmp_path / "map.geojson", feature(3, shape, id="a"))
    assert read_layer(path).table.to_dict("list") == {"id": ["a"]}


def test_whole_numbers_stay_whole_where_another_feature_has_none(tmp_path: Path) -> None:
    shape = shapely.geometry.mapping(SQUARES[0])
    rows = [feature(None, shape, code=2**60 + 1), feature(None, shape, blue=3)]
    table = read_layer(write_features(tmp_path / "map.geojson", *rows)).table
    assert as_text(table["code"]).tolist() == [str(2**60 + 1), ""]


def test_every_geometry_of_a_topology_is_a_row_whatever_gdal_makes_of_it(tmp_path: Path) -> None:
    document = topojson()
    (layer,) = document["objects"]
    geometries = document["objects"][layer]["geometries"]
    odd = [
        {"type": None, "properties": {"code": "null", "blue": 10}},
        {"properties": {"code": "untyped", "blue": 20}},
        {"type": "Polygon", "properties": {"code": "without arcs", "blue": 30}},
        {"type": "GeometryCollection", "geometries": [], "properties": {"code": "none of any"}},
        {"type": "Polygon", "arcs": [], "properties": {"code": "empty"}},
    ]
    mixed = [odd[0], geometries[0], *odd[1:3], geometries[1], *odd[3:], geometries[2]]
    document["objects"][layer]["geometries"] = mixed
    (tmp_path / "map.json").write_text(json.dumps(document))
    found = read_layer(tmp_path / "map.json")
    assert found.table["code"].tolist() == [one["properties"]["code"] for one in mixed]
    assert as_text(found.table["blue"]).tolist()[:4] == ["10", "1", "20", "30"]
    is_square = [one in geometries for one in mixed]
    assert [found.polygons[row].area for row in np.flatnonzero(is_square)] == [1, 1, 1]
    rest = found.polygons[~np.array(is_square)]
    assert (shapely.is_missing(rest) | shapely.is_empty(rest)).all()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "a.geojson",
            '{"type": "FeatureCollection", "features": [{"type": "Feat", "geometry": null}]}',
            "element 1 of its features is none",
        ),
        ("a.geojsonl", "%s\n{bad\n%s\n", "has 3 features, of which GDAL reads 2"),
    ],
)
def test_a_feature_that_gdal_leaves_out_is_not_lost_in_silence(
    tmp_path: Path, name, content, message
) -> None:
    one = json.dumps(feature(1, shapely.geometry.mapping(SQUARES[0]), code="x"))
    (tmp_path / name).write_text(content % (one, one) if "%s" in content else content)
    with pytest.raises(DataError, match=message):
        read_layer(tmp_path / name)


@pytest.mark.parametrize("ending", ["geojson", "json", "topojson", "fgb"])
def test_compressed_polygons_are_what_they_are_unpacked(frame, tmp_path: Path, ending) -> None:
    path = tmp_path / f"map.{ending}"
    if ending == "topojson":
        path.write_text(json.dumps(topojson()))
    else:
        frame.to_file(path, driver="FlatGeobuf" if ending == "fgb" else "GeoJSON")
    packed = tmp_path / f"map.{ending}.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    plain, unpacked = read_layer(path), read_layer(packed)
    assert unpacked.table.to_dict("list") == plain.table.to_dict("list")
    assert shapely.equals(unpacked.polygons, plain.polygons).all()
    assert unpacked.path == packed


def test_compressed_bombs_damage_and_archives_in_archives_are_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shapefiles.screening.archive.FREE_BYTES", 1000)
    whole = gzip.compress(b" " * 10_000_000)
    for content, message in (
        (whole, "unpacks to far more than its size"),
        (whole[: len(whole) // 2], "is not a readable gzip file|unpacks to far more"),
        (gzip.compress(b""), "is empty"),
        (gzip.compress(gzip.compress(b"{}")), "is an archive in an archive"),
        (gzip.compress(b"<html>"), "is a web page"),
    ):
        (tmp_path / "map.geojson.gz").write_bytes(content)
        with pytest.raises(DataError, match=message):
            read_layer(tmp_path / "map.geojson.gz")


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "fgb"])
def test_formats_that_are_utf_8_stay_so_whatever_encoding_is_asked_for(
    tmp_path: Path, frame, ending
) -> None:
    frame.to_file(tmp_path / f"map.{ending}")
    for encoding in ("latin-1", "cp1251", "utf-16"):
        table = read_layer(tmp_path / f"map.{ending}", encoding=encoding).table
        assert set(table["name"]) == {"Ää", "b", "c"}


def test_polygons_cut_short_inside_a_parquet_file_are_one_line(frame, tmp_path: Path) -> None:
    path = write(frame, tmp_path / "wards.parquet")
    table = pq.read_table(path)
    place = table.schema.get_field_index("geometry")
    short = pa.array([one.as_py()[:20] for one in table["geometry"]])
    pq.write_table(table.set_column(place, "geometry", short), path)
    with pytest.raises(DataError, match="cannot be read as GeoParquet") as caught:
        read_layer(path)
    assert "\n" not in str(caught.value)
