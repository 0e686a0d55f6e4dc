import contextlib
import importlib.util
import json
import os
import warnings
from pathlib import Path

import pyogrio
import pyproj.network
import pytest

from shapefiles import DataError
from shapefiles.offline import offline
from shapefiles.polygons import read_layer

FILE = Path(__file__).parents[2] / "fuzz" / "strangers.py"
SPEC = importlib.util.spec_from_file_location("fuzz_strangers", FILE)
strangers = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(strangers)

POLYGON = strangers.SQUARE
MAKERS = (strangers.json_links, strangers.xml_links, strangers.database_links)


@pytest.fixture
def listener():
    with strangers.listening() as one:
        yield one


@pytest.mark.parametrize("make", MAKERS, ids=lambda one: one.__name__)
def test_no_file_makes_a_reader_ask_a_server(make, listener, tmp_path, monkeypatch):
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


def test_listener_counts_what_gdal_fetches_where_nothing_keeps_it(listener, tmp_path):
    content = strangers.json_links(listener.address)["crs-link.geojson"]
    (tmp_path / "a.geojson").write_bytes(content)
    pyogrio.read_info(tmp_path / "a.geojson")
    assert any("GET /link" in one for one in listener.requests)


@pytest.mark.parametrize("place", ["crs", "last", "escaped", "upper", "inner", "one"])
@pytest.mark.parametrize("kind", ["link", "url", "name"])
def test_reference_system_by_link_is_asked_for_and_never_taken_for_degrees(
    place, kind, listener, tmp_path
):
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
def test_reference_system_by_name_is_the_one_that_is_named(name, tmp_path):
    crs = {"type": "name", "properties": {"name": name}}
    feature = {"type": "Feature", "properties": {"crs": "x"}, "geometry": POLYGON}
    document = {"type": "FeatureCollection", "crs": crs, "features": [feature]}
    (tmp_path / "a.geojson").write_text(json.dumps(document))
    read = pyproj.CRS(read_layer(tmp_path / "a.geojson").crs)
    expected = pyproj.CRS("OGC:CRS84" if name == "CRS84" else name)
    assert read.equals(expected, ignore_axis_order=True)


def test_settings_of_gdal_and_proj_are_put_back():
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
