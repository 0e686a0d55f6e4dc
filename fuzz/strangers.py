"""Files of strangers: made to reach the network, other files, or all of the memory.

What a program that reads them does must be the same for each: an answer, or one line that says why
not, exit code 2, no request to any server, little memory, and an end within seconds::

    python fuzz/strangers.py            # every attack, a process each; a table of the counts
    python fuzz/strangers.py --only network

The cheap ones run with the tests as well (``tests/shapefiles/test_strangers.py``), which import the
makers from here.
"""

from __future__ import annotations

import io
import json
import socket
import sqlite3
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

Files = dict[str, bytes]
"""Contents by the name of the file."""

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
FEATURE = {"type": "Feature", "properties": {"id": "a", "blue": 1, "red": 2}, "geometry": SQUARE}

MEMORY = 3 * 2**30
"""Address space that a process may use, its libraries included."""

SECONDS = 60
"""How long it may take, its start included."""


class Listener:
    """A server on this computer that answers nothing and counts who asks."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.server = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.server.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(1)
                try:
                    self.requests.append(connection.recv(2000).decode("latin-1"))
                    connection.sendall(b"HTTP/1.0 404 No\r\nContent-Length: 0\r\n\r\n")
                except OSError:
                    self.requests.append("nothing")


@contextmanager
def listening() -> Iterator[Listener]:
    """Listen for requests while a block runs."""
    listener = Listener()
    try:
        yield listener
    finally:
        listener.server.close()


def json_links(url: str) -> Files:
    """Make GeoJSON and its relatives with the address of a server wherever one can stand."""
    systems: dict[str, Any] = {
        "link": {"type": "link", "properties": {"href": f"{url}/link", "type": "proj4"}},
        "url": {"type": "url", "properties": {"url": f"{url}/url"}},
        "case": {"TYPE": "LINK", "PROPERTIES": {"HREF": f"{url}/case"}},
        "name": {"type": "name", "properties": {"name": f"{url}/name"}},
        "file": {"type": "name", "properties": {"name": f"/vsicurl/{url}/file"}},
        "text": f"{url}/text",
        "grid": {
            "type": "name",
            "properties": {"name": f"+proj=longlat +ellps=bessel +nadgrids={url}/grid +no_defs"},
        },
    }
    made = {}
    for name, crs in systems.items():
        made[f"crs-{name}.geojson"] = _collection({"crs": crs})
        made[f"last-{name}.geojson"] = _collection({}, {"crs": crs})
        made[f"escaped-{name}.geojson"] = _collection({"crs": crs}).replace(
            b'"crs"', b'"\\u0063rs"'
        )
        made[f"upper-{name}.geojson"] = _collection({"CRS": crs})
        made[f"inner-{name}.geojson"] = _collection({}, feature={"geometry": SQUARE | {"crs": crs}})
        made[f"one-{name}.geojson"] = _collection({}, feature={"crs": crs})
        made[f"lines-{name}.geojsonl"] = json.dumps(FEATURE | {"crs": crs}).encode() + b"\n"
        made[f"single-{name}.geojson"] = json.dumps(FEATURE | {"crs": crs}).encode()
        made[f"arcs-{name}.topojson"] = _topology({"crs": crs})
        made[f"fg-{name}.json"] = _collection(
            {"conformsTo": ["[ogc-json-fg-1-0.1:core]"], "coordRefSys": crs},
            feature={"place": SQUARE, "time": None, "featureSchema": f"{url}/schema"},
        )
        made[f"esri-{name}.json"] = _esri(
            {"spatialReference": crs if isinstance(crs, dict) else {"wkt": crs}}
        )
    pages = [
        {"rel": rel, "href": f"{url}/{rel}"} for rel in ("next", "data", "items", "conformance")
    ]
    made["next.geojson"] = _collection(
        {"links": pages, "next": f"{url}/n", "stac_version": "1.0.0"}
    )
    made["service.json"] = json.dumps({"links": pages, "collections": []}).encode()
    made["more-esri.json"] = _esri({"exceededTransferLimit": True})
    made["command.json"] = json.dumps(
        {"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! read {url}/a"}
    ).encode()
    for name, text in {
        "http": f"{url}/a.geojson",
        "curl": f"/vsicurl/{url}/a.geojson",
        "database": f"PG:host=127.0.0.1 port={url.rpartition(':')[2]} dbname=a",
        "service": f"WFS:{url}",
    }.items():
        made[f"connection-{name}.geojson"] = text.encode()
    return made


def xml_links(url: str) -> Files:
    """Make GML, KML and what GDAL takes for a service, with the address of a server."""
    gml = (
        '{head}<o:FeatureCollection xmlns:o="http://example.org/o" '
        'xmlns:gml="http://www.opengis.net/gml" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xsi:schemaLocation="{url}/ns {url}/schema.xsd"><gml:featureMember xlink:href="{url}/m"/>'
        '<gml:featureMember><o:a><o:shape><gml:Polygon srsName="{srs}"><gml:outerBoundaryIs>'
        "<gml:LinearRing><gml:coordinates>0,0 1,0 1,1 0,0</gml:coordinates></gml:LinearRing>"
        '</gml:outerBoundaryIs></gml:Polygon></o:shape><o:id xlink:href="{url}/x">{text}</o:id>'
        "</o:a></gml:featureMember></o:FeatureCollection>"
    )
    kml = (
        '{head}<kml xmlns="http://www.opengis.net/kml/2.2"><Document><NetworkLink><Link>'
        "<href>{url}/link.kml</href></Link></NetworkLink><styleUrl>{url}/s.kml#s</styleUrl>"
        "<Placemark><name>{text}</name><styleUrl>{url}/t.kml#t</styleUrl><Polygon>"
        "<outerBoundaryIs><LinearRing><coordinates>0,0 1,0 1,1 0,0</coordinates></LinearRing>"
        "</outerBoundaryIs></Polygon></Placemark></Document></kml>"
    )
    entity = f'<!DOCTYPE a [<!ENTITY e SYSTEM "{url}/e"><!ENTITY % p SYSTEM "{url}/p">%p;]>'
    rows = {"url": url, "srs": f"{url}/srs", "text": "a", "head": ""}
    made = {
        "plain.gml": gml.format(**rows),
        "code.gml": gml.format(**rows | {"srs": f"{url}/gml/srs/epsg.xml#4326"}),
        "entity.gml": gml.format(**rows | {"head": entity, "text": "&e;"}),
        "plain.kml": kml.format(**rows),
        "entity.kml": kml.format(**rows | {"head": entity, "text": "&e;"}),
        "dtd.kml": kml.format(**rows | {"head": f'<!DOCTYPE kml SYSTEM "{url}/a.dtd">'}),
    }
    note = "<!-- opengis.net/gml <kml -->"
    for name, root in {
        "wfs": f"<OGRWFSDataSource>{note}<URL>{url}/wfs</URL></OGRWFSDataSource>",
        "csw": f"<OGRCSWDataSource>{note}<URL>{url}/csw</URL></OGRCSWDataSource>",
        "oapif": f"<OGROAPIFDataSource>{note}<URL>{url}/oapif</URL></OGROAPIFDataSource>",
        "vrt": f"<OGRVRTDataSource>{note}<OGRVRTLayer name='a'><SrcDataSource>/vsicurl/{url}/v"
        "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
        "capabilities": f"<WFS_Capabilities version='1.1.0'>{note}<Capability><Request><GetFeature>"
        f"<DCPType><HTTP><Get onlineResource='{url}/get?'/></HTTP></DCPType></GetFeature></Request>"
        "</Capability><FeatureTypeList><FeatureType><Name>a</Name><SRS>EPSG:4326</SRS>"
        "</FeatureType></FeatureTypeList></WFS_Capabilities>",
        "ogcapi": f"<OGCAPI>{note}{url}</OGCAPI>",
        "mapml": f'<mapml- xmlns="http://www.w3.org/1999/xhtml">{note}<map-base href="{url}/m"/>'
        "</mapml->",
        "rss": f'<rss xmlns:georss="http://www.georss.org/georss">{note}<channel><item>'
        f"<link>{url}/r</link></item></channel></rss>",
    }.items():
        made[f"{name}.gml"] = root
        made[f"{name}.geojson"] = root
    return {name: text.encode() for name, text in made.items()}


def database_links(url: str) -> Files:
    """Make GeoPackages, shapefiles and GeoParquet files with the address of a server."""
    made = {
        "srs.gpkg": geopackage(
            f"UPDATE gpkg_spatial_ref_sys SET definition = '{url}/s', organization = '{url}/o'"
        ),
        "prj.zip": shapefile({"a.prj": f"{url}/prj".encode()}),
        "prj-curl.zip": shapefile({"a.prj": f"/vsicurl/{url}/prj".encode()}),
    }
    for number, call in enumerate(
        (
            f"ogr_geocode('{url}')",
            f"gdal_get_pixel_value('/vsicurl/{url}/r', 1, 'georef', 0, 0)",
            f"ogr_datasource_load_layers('/vsicurl/{url}/l')",
            "load_extension('/tmp/a.so')",
        )
    ):
        made[f"view-{number}.gpkg"] = geopackage(*view(f"SELECT fid, geom, {call} AS id FROM a"))
    made["table.gpkg"] = geopackage(
        "PRAGMA writable_schema = ON",
        "INSERT INTO sqlite_master VALUES ('table', 'v', 'v', 0, "
        f"'CREATE VIRTUAL TABLE v USING VirtualOGR(''/vsicurl/{url}/v'')')",
    )
    for name, crs in {
        "url": f"{url}/crs",
        "link": {"type": "link", "href": url},
        "grid": f"+proj=longlat +ellps=bessel +nadgrids={url}/grid.tif +no_defs",
    }.items():
        made[f"{name}.parquet"] = parquet(crs)
    return made


def _collection(
    top: dict[str, Any], last: dict[str, Any] | None = None, feature: dict[str, Any] | None = None
) -> bytes:
    features = {"features": [FEATURE | (feature or {})]}
    return json.dumps({"type": "FeatureCollection"} | top | features | (last or {})).encode()


def _topology(top: dict[str, Any]) -> bytes:
    polygon = {"type": "Polygon", "arcs": [[0]], "properties": {"id": "1"}}
    objects = {"a": {"type": "GeometryCollection", "geometries": [polygon]}}
    arcs = [SQUARE["coordinates"][0]]
    return json.dumps({"type": "Topology"} | top | {"objects": objects, "arcs": arcs}).encode()


def _esri(top: dict[str, Any]) -> bytes:
    rings = {"rings": [[[0, 0], [0, 1], [1, 1], [0, 0]]]}
    rest = {
        "geometryType": "esriGeometryPolygon",
        "fields": [{"name": "id", "type": "esriFieldTypeString"}],
        "features": [{"attributes": {"id": "1"}, "geometry": rings}],
    }
    return json.dumps({"spatialReference": {"wkid": 4326}} | top | rest).encode()


def _frame() -> Any:
    import geopandas as gpd  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    rows = {"id": ["a", "b"], "blue": [1, 2], "red": [2, 1]}
    return gpd.GeoDataFrame(rows, geometry=shapely.box([0, 1], 0, [1, 2], 1), crs="EPSG:4326")


def geopackage(*statements: str) -> bytes:
    """Make a GeoPackage with the layer ``a``, and change it by SQL."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.gpkg"
        _frame().to_file(path, layer="a")
        with closing(sqlite3.connect(path)) as database:
            for statement in statements:
                database.execute(statement)
            database.commit()
        return path.read_bytes()


def view(query: str, *, is_only: bool = True) -> list[str]:
    """List the SQL that makes a query the layer ``v``, the only one unless told otherwise."""
    lists = ("gpkg_contents", "gpkg_geometry_columns")
    statements = [
        f"CREATE VIEW v AS {query}",
        "INSERT INTO gpkg_contents (table_name, data_type, srs_id) VALUES ('v', 'features', 4326)",
        "INSERT INTO gpkg_geometry_columns VALUES ('v', 'geom', 'POLYGON', 4326, 0, 0)",
    ]
    return statements + [f"DELETE FROM {one} WHERE table_name = 'a'" for one in lists] * is_only


def shapefile(changed: Files) -> bytes:
    """Make a zipped shapefile, some parts of it replaced."""
    with tempfile.TemporaryDirectory() as folder:
        _frame().to_file(Path(folder) / "a.shp")
        parts = {one.name: one.read_bytes() for one in Path(folder).iterdir()} | changed
    return zipped(parts)


def zipped(members: Files) -> bytes:
    """Put files into a zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def parquet(crs: Any) -> bytes:
    """Make a GeoParquet file that declares a reference system as it is told."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.parquet"
        _frame().to_parquet(path)
        table = pq.read_table(path)
        metadata = dict(table.schema.metadata)
        described = json.loads(metadata[b"geo"])
        described["columns"]["geometry"]["crs"] = crs
        metadata[b"geo"] = json.dumps(described).encode()
        pq.write_table(table.replace_schema_metadata(metadata), path)
        return path.read_bytes()


def network_files(url: str) -> Files:
    """Make every file that names a server."""
    return json_links(url) | xml_links(url) | database_links(url)
