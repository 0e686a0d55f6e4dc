"""Files of strangers: made to reach the network, other files, or all of the memory.

What a program that reads them does must be the same for each: an answer, or one line that says why
not, exit code 2, no request to any server, little memory, and an end within a minute of work::

    python fuzz/strangers.py            # every attack, a process each; a table of the counts
    python fuzz/strangers.py --only network

The cheap ones run with the tests as well (``tests/shapefiles/test_strangers.py``), which import the
makers from here.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import resource
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import warnings
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

Files = dict[str, bytes]
"""Contents by the name of the file."""

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
FEATURE = {"type": "Feature", "properties": {"id": "a", "blue": 1, "red": 2}, "geometry": SQUARE}

MEMORY = 3 * 2**30
"""Address space that a process may use, its libraries included."""

SECONDS = 60
"""Processor time that it may use, its start included."""

PATIENCE = 600
"""Seconds of the clock after which a process waits for something that never comes."""


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


def geopackage(*statements: str, times: int = 1) -> bytes:
    """Make a GeoPackage with the layer ``a``, its rows repeated, and change it by SQL."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.gpkg"
        frame = _frame()
        frame.iloc[list(range(len(frame))) * times].to_file(path, layer="a")
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


def workbook(rows: str, declaration: str = "") -> bytes:
    """Make a workbook whose one sheet has these rows."""
    space = "http://schemas.openxmlformats.org"
    main, office = f"{space}/spreadsheetml/2006/main", f"{space}/officeDocument/2006/relationships"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{space}/package/2006/content-types"><Default '
        'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/><Override '
        f'PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{space}/package/2006/relationships"><Relationship '
        f'Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="a" '
        'sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{space}/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": f'{declaration}<worksheet xmlns="{main}"><dimension '
        f'ref="A1:XFD1048576"/><sheetData>{rows}</sheetData></worksheet>',
    }
    return zipped({name: text.encode() for name, text in parts.items()})


def entities(name: str, rest: str = "") -> str:
    """Declare an entity that stands for a billion others."""
    letters = [name, *"abcdefgi"]
    lines = [f'<!ENTITY {one} "{f"&{other};" * 10}">' for one, other in pairwise(letters)]
    return f'<!DOCTYPE x [<!ENTITY {letters[-1]} "ha">{"".join(reversed(lines))}]>{rest}'


def _columns(values: list[Any], n_columns: int) -> bytes:
    """Make a Parquet file whose columns repeat a value a million times."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    indices = pa.array([0] * 1_000_000, pa.int32())
    column = pa.DictionaryArray.from_arrays(indices, pa.array(values))
    if not isinstance(values[0], str):
        column = column.dictionary_decode()
    buffer = io.BytesIO()
    pq.write_table(pa.table({f"c{one}": column for one in range(n_columns)}), buffer)
    return buffer.getvalue()


def _repeated(times: int) -> bytes:
    """Make a GeoParquet file that repeats a polygon of 64 kB."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    plain = pq.read_table(io.BytesIO(parquet("EPSG:4326")))
    circle = shapely.to_wkb(shapely.Point(0, 0).buffer(1, quad_segs=1000))
    shapes = pa.DictionaryArray.from_arrays(pa.array([0] * times, pa.int32()), pa.array([circle]))
    ids = pa.array([str(one) for one in range(times)])
    table = pa.table({"id": ids, "geometry": shapes}).replace_schema_metadata(plain.schema.metadata)
    buffer = io.BytesIO()
    pq.write_table(table, buffer, store_schema=False)
    return buffer.getvalue()


def _bordered(times: int) -> bytes:
    """Make a TopoJSON file whose polygon takes a border of 10,000 points many times."""
    arcs = ",".join(["0"] * times)
    points = ",".join(f"[{one},{one % 7}]" for one in range(10_000))
    return (
        '{"type": "Topology", "objects": {"a": {"type": "GeometryCollection", "geometries": '
        f'[{{"type": "Polygon", "properties": {{"id": "1"}}, "arcs": [[{arcs}]]}}]}}}}, '
        f'"arcs": [[{points}]]}}'
    ).encode()


def _indexed(times: int) -> bytes:
    """Make a shapefile whose index names one record of 64 kB many times."""
    import struct  # noqa: PLC0415

    import geopandas as gpd  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.shp"
        circle = shapely.Point(0, 0).buffer(1, quad_segs=1000)
        gpd.GeoDataFrame({"id": ["a"]}, geometry=[circle], crs="EPSG:4326").to_file(path)
        header = path.with_suffix(".shx").read_bytes()
        index = header[:24] + struct.pack(">i", 50 + 4 * times) + header[28:100]
        table = path.with_suffix(".dbf").read_bytes()
        row = table[struct.unpack("<H", table[8:10])[0] :][: struct.unpack("<H", table[10:12])[0]]
        table = table[:4] + struct.pack("<I", times) + table[8:-1].removesuffix(row) + row * times
        return shapefile(
            {
                "a.shp": path.read_bytes(),
                "a.shx": index + header[100:108] * times,
                "a.dbf": table,
            }
        )


def network_files(url: str) -> Files:
    """Make every file that names a server."""
    return json_links(url) | xml_links(url) | database_links(url)


Command = tuple[list[str], Files]
"""Arguments of the program, and the files that they name."""

OWN = ["--id", "id", "--blue", "blue", "--red", "red"]
CSV = b"id,blue,red\na,1,2\nb,2,1\n"


def units(name: str, content: bytes, *more: str) -> list[Command]:
    """Inspect and divide a map."""
    files = {name: content}
    return [
        (["inspect", name, "--id", "id", *more], files),
        (["solve", "--units", name, *OWN, "--time-limit", "1", *more], files),
    ]


def votes(name: str, content: bytes, *more: str) -> list[Command]:
    """Inspect a table of votes, and divide a map by it."""
    files = {name: content, "map.geojson": _map()}
    return [
        (["inspect", name, *more], files),
        (["solve", "--units", "map.geojson", "--votes", name, *OWN, *more], files),
    ]


def scenario(text: str) -> list[Command]:
    """Ask a scenario."""
    return [(["solve", "mine.toml", "--time-limit", "1"], {"mine.toml": text.encode()})]


def _map() -> bytes:
    return json.dumps(json.loads(_frame().to_json(drop_id=True))).encode()


PAGE = 'title = "a"\ndescription = "b"\n'


def tables() -> dict[str, list[Command]]:
    """Make tables that unfold, or that never end a line."""
    made = {
        "parquet, one text a million times": votes("a.parquet", _columns(["x" * 4000], 1)),
        "parquet, a hundred columns": votes("a.parquet", _columns([1], 100)),
        "csv, one line": votes("a.csv", b"id,blue,red\n" + b"a" * (200 << 20)),
        "csv, one line of commas": votes("a.csv", b"id,blue,red\n" + b"," * (40 << 20)),
        "csv, header of commas": votes("a.csv", b"," * (40 << 20)),
        "csv, quotes that never close": votes("a.csv", b'id,blue,red\n"' + b"a\n" * (20 << 20)),
        "zip, zeros": votes("a.zip", zipped({"a.csv": bytes(300 << 20)})),
        "zip in zip": votes("a.zip", zipped({"a.csv": zipped({"b": b"1"})})),
    }
    row = '<row r="{0}"><c r="XFD{0}"><v>1</v></c></row>'
    for name, sheet in {
        "far cells": "".join(row.format(number) for number in range(1, 100_000)),
        "endless rows": '<row r="999999999999"><c r="A999999999999"><v>1</v></c></row>',
        "one far cell": row.format(1_048_576),
        "many cells": "<row><c><v>1</v></c></row>" * 100_000,
        "zeros": "<row><c><v>" + "0" * (300 << 20) + "</v></c></row>",
    }.items():
        made[f"xlsx, {name}"] = votes("a.xlsx", workbook(sheet))
    laughs = workbook("<row><c><v>&h;</v></c></row>", entities("h"))
    return made | {"xlsx, entities": votes("a.xlsx", laughs)}


def polygons() -> dict[str, list[Command]]:
    """Make maps that unfold, never end, or nest too deep."""
    view_of = "SELECT fid, geom, id, blue, red FROM a"
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS fid, "
    rest = "(SELECT geom FROM a) AS geom, 'a' AS id, 1 AS blue, 2 AS red FROM n"
    made = {
        "geoparquet, one polygon 200,000 times": units("a.parquet", _repeated(200_000)),
        "gpkg, endless view": units("a.gpkg", geopackage(*view(endless + rest))),
        "gpkg, view that is idle for ever": units(
            "a.gpkg", geopackage(*view(f"{endless}{rest} WHERE x < 0"))
        ),
        "gpkg, endless list of layers": units(
            "a.gpkg",
            geopackage(
                "ALTER TABLE gpkg_contents RENAME TO c",
                "CREATE VIEW gpkg_contents AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT "
                "x + 1 FROM n) SELECT c.* FROM c, n",
            ),
        ),
        "gpkg, view beside a table": units(
            "a.gpkg", geopackage(*view(f"{endless}{rest}", is_only=False)), "--layer", "a"
        ),
        "gpkg, view": units("a.gpkg", geopackage(*view(view_of))),
        "gpkg, computed column": units(
            "a.gpkg", geopackage("ALTER TABLE a ADD COLUMN z AS (zeroblob(900000000))")
        ),
        "gpkg, long default": units(
            "a.gpkg",
            geopackage(
                f"ALTER TABLE a ADD COLUMN z TEXT DEFAULT '{'z' * 900_000}'",
                times=5000,
            ),
        ),
        "shapefile, an index to one record": units("a.zip", _indexed(300_000)),
        "topojson, one border a million times": units("a.topojson", _bordered(1_000_000)),
        "topojson, a long number before it": units(
            "a.topojson",
            _bordered(1_000_000).replace(b'"Topology"', b'"Topology","n":' + b"9" * 5000, 1),
        ),
        "gml, entities": units("a.gml", entities("h", "<gml>&h;</gml>").encode()),
        "kml, entities": units("a.kml", entities("h", "<kml>&h;</kml>").encode()),
        "gml, deep": units(
            "a.gml", b"<a xmlns:gml='http://www.opengis.net/gml'>" + b"<b>" * 1_000_000
        ),
        "kml, deep": units("a.kml", b"<kml>" + b"<Folder>" * 1_000_000),
    }
    start = b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":'
    square = json.dumps(SQUARE).encode()
    for name, value in {
        "brackets": b"[" * 100_000,
        "closed brackets": b"[" * 100_000 + b"]" * 100_000,
        "objects": b'{"a":' * 100_000,
        "digits": b"9" * 1_000_000,
        "decimals": b"0." + b"9" * 1_000_000,
        "exponent": b"1e" + b"9" * 100_000,
        "text": b'"' + b"x" * (50 << 20) + b'"',
    }.items():
        content = start + value + b'},"geometry":' + square + b"}]}"
        made[f"geojson, {name}"] = units("a.geojson", content)
        made[f"topojson, {name}"] = units(
            "a.topojson", _bordered(1).replace(b'"id": "1"', b'"id": ' + value)
        )
        made[f"graph, {name}"] = units(
            "a.json", b'{"nodes":[{"id":' + value + b'}],"adjacency":[[]]}'
        )
    deep = b'{"type":"GeometryCollection","geometries":[' * 50_000
    made["geojson, collections in collections"] = units(
        "a.geojson", start + b'1},"geometry":' + deep
    )
    ring = b"[" + b",".join(b"[%d,%d]" % (x, x % 7) for x in range(2_000_000)) + b",[0,0]]"
    made["geojson, two million points"] = units(
        "a.geojson",
        start
        + b'1,"blue":1,"red":2},"geometry":{"type":"Polygon","coordinates":['
        + ring
        + b"]}}]}",
    )
    return made


def pages() -> dict[str, list[Command]]:
    """Make scenarios that take for ever, or say too much."""
    places = ", ".join(f'"p{number}"' for number in range(100_000))
    california, sea = '"CA", ' * 100_000, '"sea", ' * 100_000
    counties = ", ".join(f'"{number:05}"' for number in range(1, 99_999))
    return {
        "long key": scenario(f"{PAGE}{'x' * 200_000} = 1\n"),
        "long key of a table": scenario(f"{PAGE}[{'x' * 200_000}]\n"),
        "long key in a table": scenario(f"{PAGE}[weights]\n{'x' * 200_000} = 1\n"),
        "key of many parts": scenario(f"{PAGE}{'a.' * 100_000}a = 1\n"),
        "key of many quoted parts": scenario(PAGE + '"a".' * 100_000 + '"a" = 1\n'),
        "table of many parts": scenario(f"{PAGE}[{'a.' * 100_000}a]\n"),
        "many tables": scenario(PAGE + "".join(f"[a{one}]\n" for one in range(90_000))),
        "many places": scenario(f"{PAGE}[units]\nblue = [{places}]\n"),
        "many places that are none": scenario(f"{PAGE}[units]\nblue = [{counties}]\n"),
        "one place many times": scenario(f"{PAGE}[units]\nblue = [{california}]\n"),
        "many whole places": scenario(f"{PAGE}[units]\nwhole = [{california}]\n"),
        "many edges": scenario(f"{PAGE}[edges]\non = [{sea}]\n"),
        "digits": scenario(f"{PAGE}[limits]\nseed = {'9' * 500_000}\n"),
        "decimals": scenario(f"{PAGE}[limits]\ngap = 0.{'9' * 500_000}\n"),
        "brackets": scenario(f"{PAGE}a = {'[' * 400_000}\n"),
        "tables in tables": scenario(f"{PAGE}a = {'{a=' * 200_000}\n"),
        "long title": scenario(f'title = "{"x" * 900_000}"\ndescription = "b"\n'),
        "long value": scenario(f'{PAGE}election = "{"x" * 900_000}"\n'),
        "more than a page": scenario(PAGE + "#" * 2_000_000),
        "long setting": [(["solve", "--set", f"{'x' * 100_000}=1"], {})],
        "setting of many parts": [(["solve", "--set", f"{'a.' * 50_000}a=1"], {})],
    }


def places() -> dict[str, list[Command]]:
    """Name pipes, devices, sockets, folders and addresses where a file is expected."""
    given = {"map.geojson": _map(), "v.csv": CSV}
    made: dict[str, list[Command]] = {}
    for kind in (
        "pipe",
        "socket",
        "/dev/zero",
        "/dev/stdin",
        "folder",
        "http://127.0.0.1:9/a.csv",
        "/vsicurl/http://127.0.0.1:9/a.csv",
        "PG:dbname=a",
        "missing.csv",
        "a\x01b.csv",
    ):
        toml = (
            f"{PAGE}[data]\nunits = {json.dumps(kind)}\nid = 'id'\nblue = ['blue']\nred = ['red']\n"
        )
        solve = ["solve", "--units", "map.geojson", *OWN, "--time-limit", "1"]
        made[f"{kind!r} for a file"] = [
            (["inspect", kind], given),
            (["solve", "--units", kind, *OWN], given),
            ([*solve, "--votes", kind], given),
            ([*solve, "--links", kind], given),
            ([*solve, "--votes", "v.csv", "--crosswalk", kind], given),
            ([*solve, "--start", kind], given),
            (["solve", "mine.toml"], given | {"mine.toml": toml.encode()}),
            (["solve", f"./{kind}.toml" if kind.isalnum() else kind], given),
            (["verify", kind], given),
            (["export", kind, "a.png"], given),
            (["measure", kind, "counties"], given),
        ]
    return made


def network(address: str) -> dict[str, list[Command]]:
    """Make files that name a server, and ask every command to read some of each kind."""
    made = {}
    files_of = network_files(address)
    chosen = [
        name
        for name in files_of
        if name.startswith(
            ("crs-link", "inner-url", "arcs-", "wfs.gml", "plain", "entity", "view-0")
        )
        or name in {"srs.gpkg", "prj.zip", "grid.parquet", "connection-curl.geojson"}
    ]
    for name in chosen:
        content = files_of[name]
        toml = f'{PAGE}[data]\nunits = "{name}"\nid = "id"\nblue = ["blue"]\nred = ["red"]\n'
        files = {name: content, "mine.toml": toml.encode(), "plan.csv": b"id,District\na,1\n"}
        made[name] = [
            (["inspect", name, "--id", "id", "--crs", "EPSG:4326"], files),
            (["solve", "--units", name, *OWN, "--time-limit", "1"], files),
            (["measure", "plan.csv", "mine.toml"], files),
            (["compare", "mine.toml", "--jobs", "1"], files),
        ]
    link = network_files(address)["crs-link.geojson"]
    for command in ("verify", "export"):
        made[f"{command} of a run on a link"] = [
            ([command, "run", *(["a.png"] if command == "export" else [])], bundle(link))
        ]
    return made


def bundle(content: bytes) -> Files:
    """Make the bundle of a run that divides a file."""
    from partition.runs.solving import solve  # noqa: PLC0415
    from shapefiles.mapfiles import MapFiles  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "a.geojson"
        path.write_bytes(_map())
        columns = {"id": "id", "blue": ("blue",), "red": ("red",)}
        run = solve(data=MapFiles(units=str(path), **columns), time_limit=1, certify=True)
        folder = run.write(Path(name) / "run")
        files = {f"run/{one.name}": one.read_bytes() for one in folder.iterdir()}
        # Wherever the run says that its map lies, the other one is there now.
        text = files["run/run.json"].decode().replace(str(path), "a.geojson")
        return files | {"run/run.json": text.encode(), "a.geojson": content}


def prepare(folder: Path, files: Files) -> socket.socket:
    """Write the files of an attack, with a pipe and a socket beside them."""
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "folder").mkdir()
    os.mkfifo(folder / "pipe")
    os.mkfifo(folder / "pipe.toml")
    listening_there = socket.socket(socket.AF_UNIX)
    listening_there.bind(str(folder / "socket"))
    return listening_there


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def attack(command: Command) -> str:
    """Run one command on files of a stranger; returns what is wrong with what it did."""
    arguments, files = command
    with tempfile.TemporaryDirectory() as name, closing(prepare(Path(name), files)):
        started = time.monotonic()
        try:
            done = subprocess.run(
                [sys.executable, "-m", "partition", *arguments],
                cwd=name,
                capture_output=True,
                stdin=subprocess.DEVNULL,
                timeout=PATIENCE,
                check=False,
                env={**os.environ, "NO_PROXY": "*", "PYTHONPATH": str(Path(__file__).parents[1])},
                preexec_fn=_limit,
            )
        except subprocess.TimeoutExpired:
            return f"still waiting after {PATIENCE} s"
        took = time.monotonic() - started
    said = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode not in {0, 1, 2, 3} or "Traceback" in said:
        return f"exit code {done.returncode} after {took:.0f} s: {said[-300:]}"
    if done.returncode == 2 and (len(said) > 2100 or "\n\n" in said):
        return f"a message of {len(said):,} characters"
    return ""


KINDS: dict[str, Callable[[], dict[str, list[Command]]]] = {
    "tables that unfold or never end": tables,
    "maps that unfold, never end or nest": polygons,
    "scenarios that are too much": pages,
    "pipes, devices, sockets, addresses": places,
}
"""Kinds of attack, beside the network."""


def main() -> None:
    """Try every attack, and print how many were tried and passed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="a word of the kinds to try")
    parser.add_argument("--jobs", type=int, default=2, help="how many to try at a time")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    rows = []
    with listening() as listener:
        kinds = {"files that name a server": lambda: network(listener.address), **KINDS}
        for kind, make in kinds.items():
            made = make() if options.only in kind else {}
            pairs = [(name, one) for name, commands in made.items() for one in commands]
            with ThreadPoolExecutor(options.jobs) as pool:
                found = list(pool.map(lambda pair: attack(pair[1]), pairs))
            for (name, (arguments, _)), wrong in zip(pairs, found, strict=True):
                if wrong:
                    print(f"{kind}: {name}: {' '.join(arguments)[:100]}: {wrong}", flush=True)
            if listener.requests:
                print(f"{kind}: {len(listener.requests)} requests to a server", flush=True)
            passed = 0 if listener.requests else sum(not wrong for wrong in found)
            listener.requests.clear()
            if pairs:
                rows.append((kind, len(pairs), passed))
                print(f"{kind}: {passed:,} of {len(pairs):,} passed", flush=True)
    print("\n| what | tried | passed |\n| :-- | --: | --: |")
    for kind, tried, passed in rows:
        print(f"| {kind} | {tried:,} | {passed:,} |")
    sys.exit(any(tried > passed for _, tried, passed in rows))


if __name__ == "__main__":
    main()
