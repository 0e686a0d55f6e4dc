import json
import zipfile

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from shapefiles import DataError
from shapefiles.polygons import read_layer

SQUARES = shapely.box([0, 1, 2], [50, 50, 50], [1, 2, 3], [51, 51, 51])
IDS = ["001", "010", "100"]


@pytest.fixture
def frame():
    return gpd.GeoDataFrame(
        {"code": IDS, "blue": [1, 2, 3], "name": ["Ää", "b", "c"]},
        geometry=SQUARES,
        crs="EPSG:4326",
    )


def topojson():
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


def write(frame, path):
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
def test_every_format_gives_the_same_polygons_ids_and_columns(frame, tmp_path, ending):
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


def test_layer_must_be_named_where_there_are_several(frame, tmp_path):
    path = tmp_path / "two.gpkg"
    frame.to_file(path, layer="wards")
    frame.iloc[:1].to_file(path, layer="city")
    with pytest.raises(DataError, match="has the layers 'wards', 'city'; say which one"):
        read_layer(path)
    assert len(read_layer(path, layer="city").table) == 1
    with pytest.raises(DataError, match="has no layer 'x', only 'wards', 'city'"):
        read_layer(path, layer="x")


def test_file_must_be_named_where_an_archive_has_several(frame, tmp_path):
    frame.to_file(tmp_path / "a.geojson")
    frame.iloc[:2].to_file(tmp_path / "b.geojson")
    with zipfile.ZipFile(tmp_path / "ab.zip", "w") as target:
        target.write(tmp_path / "a.geojson", "a.geojson")
        target.write(tmp_path / "b.geojson", "b.geojson")
    with pytest.raises(DataError, match=r"holds 2 files: 'a.geojson', 'b.geojson'. Say which"):
        read_layer(tmp_path / "ab.zip")
    assert len(read_layer(tmp_path / "ab.zip", layer="b").table) == 2


def test_system_is_none_where_the_file_is_silent(frame, tmp_path):
    frame.to_file(tmp_path / "a.shp")
    (tmp_path / "a.prj").unlink()
    assert read_layer(tmp_path / "a.shp").crs is None
    assert read_layer(tmp_path / "a.shp", crs="EPSG:4269").crs == "EPSG:4269"


def test_digest_covers_the_companions_of_a_shapefile(frame, tmp_path):
    frame.to_file(tmp_path / "a.shp")
    before = read_layer(tmp_path / "a.shp").sha256
    (tmp_path / "a.prj").unlink()
    assert read_layer(tmp_path / "a.shp").sha256 != before


def test_heights_are_dropped(frame, tmp_path):
    frame.set_geometry(shapely.force_3d(frame.geometry, 7.0)).to_file(tmp_path / "a.gpkg")
    assert not shapely.has_z(read_layer(tmp_path / "a.gpkg").polygons).any()


@pytest.mark.parametrize("name", ["two\nlines", "a!b", "zip:x?y#", "http:x", "-rf", "%2e", "ü"])
def test_shapefile_with_an_odd_name_is_read_with_its_companions(frame, tmp_path, name):
    frame.to_file(tmp_path / "plain.shp", encoding="UTF-8")
    for one in tmp_path.glob("plain.*"):
        one.rename(tmp_path / f"{name}{one.suffix}")
    layer = read_layer(tmp_path / f"{name}.shp")
    assert layer.table["code"].tolist() == IDS
    assert layer.crs is not None


def geojson_with(coordinates):
    return (
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":"1"},'
        '"geometry":{"type":"Polygon","coordinates":' + coordinates + "}}]}"
    )


@pytest.mark.parametrize("odd", ["NaN", "Infinity", "-Infinity"])
def test_coordinates_that_are_no_numbers_are_refused_with_the_feature(tmp_path, odd):
    path = tmp_path / "a.geojson"
    path.write_text(geojson_with(f"[[[0,0],[1,0],[1,{odd}],[0,0]]]"))
    with pytest.raises(DataError, match=r"feature 1 has the point \(1, (nan|-?inf)\)"):
        read_layer(path)


def nested(opening, closing, depth=10_000):
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
def test_file_of_another_kind_is_refused_in_one_line(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(DataError, match=message) as caught:
        read_layer(path)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600


def test_parquet_without_geometries_is_refused(tmp_path, frame):
    frame.drop(columns="geometry").to_parquet(tmp_path / "a.parquet")
    with pytest.raises(DataError, match="cannot be read as GeoParquet"):
        read_layer(tmp_path / "a.parquet")


def test_archive_in_an_archive_is_refused(tmp_path, frame):
    inner = write(frame, tmp_path / "inner.zip")
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as target:
        target.write(inner, "a.shp")
    with pytest.raises(DataError, match="an archive in an archive"):
        read_layer(tmp_path / "outer.zip")


def test_too_many_rows_are_refused_before_they_are_read(tmp_path, frame, monkeypatch):
    monkeypatch.setattr("shapefiles.polygons.MAX_ROWS", 2)
    for ending in ("gpkg", "parquet"):
        with pytest.raises(DataError, match="has 3 rows, above the limit of 2"):
            read_layer(write(frame, tmp_path / f"a.{ending}"))


def test_missing_geometries_are_kept_as_rows(tmp_path, frame):
    frame.loc[1, "geometry"] = None
    frame.to_file(tmp_path / "a.gpkg")
    assert [one is None for one in read_layer(tmp_path / "a.gpkg").polygons] == [False, True, False]


def test_text_in_an_old_encoding_is_read_when_it_is_named(tmp_path, frame):
    frame.to_file(tmp_path / "a.shp", encoding="ISO-8859-1")
    (tmp_path / "a.cpg").unlink()
    assert read_layer(tmp_path / "a.shp", encoding="latin-1").table["name"][0] == "Ää"
    with pytest.raises(DataError, match="is not the name of an encoding"):
        read_layer(tmp_path / "a.shp", encoding="no-such-encoding")


def test_ring_that_is_not_closed_is_found_later_not_here(tmp_path):
    (tmp_path / "a.geojson").write_text(geojson_with("[[[0,0],[1,0],[1,1]]]"))
    layer = read_layer(tmp_path / "a.geojson")
    assert np.asarray(layer.polygons).shape == (1,)


def test_reference_system_that_is_no_text_is_refused(tmp_path, frame):
    frame.to_file(tmp_path / "map.shp")
    system = (tmp_path / "map.prj").read_bytes()
    (tmp_path / "map.prj").write_bytes(system.replace(b"GCS_WGS_1984", b"GCS_WGS_\xc41984"))
    with pytest.raises(DataError, match="cannot be read") as caught:
        read_layer(tmp_path / "map.shp")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("ending", ["shp", "parquet"])
def test_reference_system_that_is_none_is_refused(tmp_path, frame, ending):
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


def test_two_columns_of_one_name_are_refused(tmp_path, frame):
    frame.rename(columns={"name": "blua"}).to_file(tmp_path / "map.shp")
    columns = (tmp_path / "map.dbf").read_bytes()
    (tmp_path / "map.dbf").write_bytes(columns.replace(b"blua", b"blue", 1))
    with pytest.raises(DataError, match="has two columns called 'blue'"):
        read_layer(tmp_path / "map.shp")


def test_polygons_cut_short_inside_a_parquet_file_are_one_line(frame, tmp_path):
    path = write(frame, tmp_path / "wards.parquet")
    table = pq.read_table(path)
    place = table.schema.get_field_index("geometry")
    short = pa.array([one.as_py()[:20] for one in table["geometry"]])
    pq.write_table(table.set_column(place, "geometry", short), path)
    with pytest.raises(DataError, match="cannot be read as GeoParquet") as caught:
        read_layer(path)
    assert "\n" not in str(caught.value)
