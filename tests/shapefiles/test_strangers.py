from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pyproj.network
import pytest

from shapefiles import DataError
from shapefiles.files.dualgraph import read_dual_graph
from shapefiles.files.polygons import read_layer
from shapefiles.files.tables import read_table
from shapefiles.screening.offline import offline

if TYPE_CHECKING:
    from fuzz.strangers import Listener

FILE = Path(__file__).parents[2] / "fuzz" / "strangers.py"
SPEC = importlib.util.spec_from_file_location("fuzz_strangers", FILE)
strangers = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(strangers)

POLYGON = strangers.SQUARE
MAKERS = (strangers.json_links, strangers.xml_links, strangers.database_links)


@pytest.fixture
def listener() -> Iterator[Listener]:
    with strangers.listening() as one:
        yield one


@pytest.mark.parametrize("make", MAKERS, ids=lambda one: one.__name__)
def test_no_file_makes_a_reader_ask_a_server(
    make, listener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Hosts for which curl passes every proxy by must not be asked either.
    monkeypatch.setenv("NO_PROXY", "*")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, content in make(listener.address).items():
            path = tmp_path / name
            path.write_bytes(content)
            with contextlib.suppress(DataError):
                read_layer(path, crs="EPSG:4326")
            assert listener.requests == [], name
    assert os.environ["NO_PROXY"] == "*"


def test_listener_counts_what_gdal_fetches_where_nothing_keeps_it(listener, tmp_path: Path) -> None:
    content = strangers.json_links(listener.address)["crs-link.geojson"]
    (tmp_path / "a.geojson").write_bytes(content)
    pyogrio.read_info(tmp_path / "a.geojson")
    assert any("GET /link" in one for one in listener.requests)


@pytest.mark.parametrize("place", ["crs", "last", "escaped", "upper", "inner", "one"])
@pytest.mark.parametrize("kind", ["link", "url", "name"])
def test_reference_system_by_link_is_asked_for_and_never_taken_for_degrees(
    place, kind, listener, tmp_path: Path
) -> None:
    path = tmp_path / "a.geojson"
    path.write_bytes(strangers.json_links(listener.address)[f"{place}-{kind}.geojson"])
    with pytest.raises(DataError, match=r"not known and not looked up\. .* give it \(crs\)"):
        read_layer(path)
    assert read_layer(path, crs="EPSG:3857").crs == "EPSG:3857"
    assert listener.requests == []


@pytest.mark.parametrize(
    "name",
    ["EPSG:3857", "urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::2263", "CRS84"],
)
def test_reference_system_by_name_is_the_one_that_is_named(name, tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": name}}
    feature = {"type": "Feature", "properties": {"crs": "x"}, "geometry": POLYGON}
    document = {"type": "FeatureCollection", "crs": crs, "features": [feature]}
    (tmp_path / "a.geojson").write_text(json.dumps(document))
    read = pyproj.CRS(read_layer(tmp_path / "a.geojson").crs)
    expected = pyproj.CRS("OGC:CRS84" if name == "CRS84" else name)
    assert read.equals(expected, ignore_axis_order=True)


def test_settings_of_gdal_and_proj_are_put_back() -> None:
    pyogrio.set_gdal_config_options({"GDAL_HTTP_PROXY": "http://proxy.example"})
    pyproj.network.set_network_enabled(active=True)
    try:
        with offline(), offline():
            assert not pyproj.network.is_network_enabled()
            assert "example" not in pyogrio.get_gdal_config_option("GDAL_HTTP_PROXY")
        assert pyproj.network.is_network_enabled()
        assert pyogrio.get_gdal_config_option("GDAL_HTTP_PROXY") == "http://proxy.example"
    finally:
        pyproj.network.set_network_enabled(active=False)
        pyogrio.set_gdal_config_options({"GDAL_HTTP_PROXY": None})


ENDLESS = (
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS fid, "
    "(SELECT geom FROM a) AS geom, 'a' AS id FROM n"
)
LAUGHS = strangers.entities("h", "<gml>&h;</gml>").encode()
COMPUTED = "ALTER TABLE a ADD COLUMN z AS (zeroblob(900000000))"
LONG_DEFAULT = f"ALTER TABLE a ADD COLUMN z TEXT DEFAULT '{'z' * 400_000}'"
LISTED = (
    "ALTER TABLE gpkg_contents RENAME TO c",
    "CREATE VIEW gpkg_contents AS "
    + ENDLESS.replace("x AS fid, (SELECT geom FROM a) AS geom, 'a' AS id FROM n", "c.* FROM c, n"),
)


def text_column(value: str, times: int) -> bytes:
    indices = pa.array([0] * times, pa.int32())
    buffer = io.BytesIO()
    column = pa.DictionaryArray.from_arrays(indices, pa.array([value]))
    pq.write_table(pa.table({"id": column}), buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("a.gpkg", lambda: strangers.geopackage(*strangers.view(ENDLESS)), "is a view, a query"),
        ("a.gpkg", lambda: strangers.geopackage(*LISTED), "no polygons|cannot be read|no layer"),
        ("a.gpkg", lambda: strangers.geopackage(COMPUTED), "'z' of 'a' is computed"),
        ("a.gpkg", lambda: strangers.geopackage(LONG_DEFAULT, times=5000), "defaults of columns"),
        ("a.zip", lambda: strangers._indexed(100_000), "has an index of records that make up"),
        ("a.topojson", lambda: strangers._bordered(20_000), "unfolds to 2.98 GB, above the limit"),
        ("a.gml", lambda: LAUGHS, "declares a document type"),
        (
            "a.parquet",
            lambda: strangers._repeated(50_000),
            r"unfolds to .* above the limit of 2 GB",
        ),
        ("a.topojson", lambda: b'{"type":"Topology","a":' + b"[" * 100_000, "nested too deep"),
    ],
)
def test_map_that_unfolds_or_never_ends_is_refused_in_one_line(
    name, make, said, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(make())
    with pytest.raises(DataError, match=said) as caught:
        read_layer(path, max_gigabytes=2.0)
    assert str(caught.value).isprintable()
    assert path.stat().st_size < 20_000_000


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("a.parquet", lambda: text_column("x" * 4000, 1_000_000), r"unfolds to .* above the limit"),
        ("a.csv", lambda: b"id\n" + b"a" * (17 << 20), "has a line of more than 16 MB"),
        ("a.xlsx", lambda: far_cells(3000), "unfolds to more than 33,554,432 cells"),
        ("a.xlsx", lambda: strangers.workbook('<row r="99999999999"/>'), "row 99,999,999,999"),
        (
            "a.xlsx",
            lambda: strangers.workbook("<row><c><v>1</v></c></row>", strangers.entities("h")),
            "declares a document type",
        ),
    ],
)
def test_table_that_unfolds_or_never_ends_is_refused_in_one_line(
    name, make, said, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(make())
    with pytest.raises(DataError, match=said) as caught:
        read_table(path, max_gigabytes=2.0)
    assert str(caught.value).isprintable()


def far_cells(n_rows: int) -> bytes:
    row = '<row r="{0}"><c r="XFD{0}"><v>1</v></c></row>'
    return strangers.workbook("".join(row.format(number + 1) for number in range(n_rows)))


def test_view_beside_a_table_is_never_run(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    path.write_bytes(strangers.geopackage(*strangers.view(ENDLESS, is_only=False)))
    before = path.read_bytes()
    assert read_layer(path, layer="a").table["id"].tolist() == ["a", "b"]
    assert path.read_bytes() == before
    with pytest.raises(DataError, match="is a view"):
        read_layer(path, layer="v")


def test_limit_on_size_is_raised_by_the_option_that_the_message_names(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"id,blue\n" + b"a,1\n" * 50_000)
    with pytest.raises(DataError, match=r"above the limit of 0\.0001 GB\. Allow more .*max_size"):
        read_table(path, max_gigabytes=0.0001)
    assert len(read_table(path, max_gigabytes=0.001).rows) == 50_000
    unfolding = tmp_path / "a.parquet"
    unfolding.write_bytes(text_column("x" * 400, 10_000))
    with pytest.raises(DataError, match="max_size"):
        read_table(unfolding, max_gigabytes=0.001)
    assert len(read_table(unfolding, max_gigabytes=0.1).rows) == 10_000


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without pipes that have names")
def test_pipe_is_refused_where_a_file_is_expected(tmp_path: Path) -> None:
    for name in ("a.csv", "a.geojson", "a.gpkg", "a.json", "a.parquet", "a.xlsx", "a.zip"):
        pipe = tmp_path / name
        os.mkfifo(pipe)
        for read in (read_layer, read_table, read_dual_graph):
            with pytest.raises(DataError, match="is a device or a pipe"):
                read(pipe)
