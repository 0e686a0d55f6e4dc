"""Fuzz the readers: whatever is in a file, they read it or say in one line why not.

Coverage-guided, with Atheris, for a bounded time::

    python -m pip install ".[fuzz]"
    python fuzz/readers.py --seconds 60

The first byte of an input chooses the kind of file, the rest is its content. An exception other
than ``DataError``, a message of several lines, a crash or a hang is a fault; Atheris then writes
the input to ``crash-...`` in this folder, and ``python fuzz/readers.py FILE`` repeats it. The same
function is fed with mutations of good files by ``tests/shapefiles/test_fuzz.py``.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import tempfile
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

KINDS = (
    ".csv",
    ".tsv",
    ".txt",
    ".xlsx",
    ".parquet",
    ".zip",
    ".geojson",
    ".topojson",
    ".json",
    ".gpkg",
    ".shp",
    ".fgb",
    ".geojsonl",
    ".kml",
    ".gml",
)
"""Ending of the file that each first byte, modulo their number, stands for."""

_TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".parquet", ".zip")


def one_input(data: bytes, folder: Path) -> None:
    """Read one made-up file in every way that its kind allows.

    Parameters
    ----------
    data
        A byte for the kind, then the content.
    folder
        Where to write the file.

    Raises
    ------
    AssertionError
        When a message, or a line of a page, is not one short line.
    """
    if not data:
        return
    path = folder / f"input{KINDS[data[0] % len(KINDS)]}"
    path.write_bytes(data[1:])
    from shapefiles import DataError, inspect_files, read_units  # noqa: PLC0415

    ways: list[Callable[[], Any]] = [
        lambda: inspect_files([path], id="id", blue="blue", red="red"),
        lambda: inspect_files([path], id="id", crs="EPSG:4326"),
    ]
    if path.suffix not in _TABLES[:4]:
        ways.append(lambda: read_units(path, id="id", blue="blue", red="red"))
        ways.append(
            lambda: read_units(path, id="id", blue="blue", red="red", crs="EPSG:3857", repair=True)
        )
    for way in ways:
        message = ""
        try:
            result = way()
            if hasattr(result, "to_dict"):
                json.dumps(result.to_dict(), allow_nan=False)
                message = max(result.text().splitlines(), key=len)
        except DataError as error:
            message = str(error)
        assert message.isprintable(), f"not one line: {message!r}"
        assert len(message) < 2000, f"a long message: {message[:200]}"


def seeds() -> dict[str, bytes]:
    """Make one good file of each kind, to start from."""
    import geopandas as gpd  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    squares = shapely.box([0, 1, 2], 50, [1, 2, 3], 51)
    rows = {"id": ["01", "02", "03"], "blue": [1, 2, 3], "red": [4, 5, 6]}
    frame = gpd.GeoDataFrame(rows, geometry=squares, crs="EPSG:4326")
    table = frame.drop(columns="geometry")
    made = {
        ".csv": table.to_csv(index=False).encode(),
        ".tsv": table.to_csv(index=False, sep="\t").encode(),
        ".txt": b'"id";"blue";"red"\n"01";1;2\n',
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table.to_excel(folder / "a.xlsx", index=False)
        frame.to_parquet(folder / "a.parquet")
        for ending in ("gpkg", "shp", "fgb", "geojson", "geojsonl", "gml"):
            frame.to_file(folder / f"a.{ending}")
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for end in (".shp", ".shx", ".dbf", ".prj"):
                archive.write(folder / f"a{end}", f"a{end}")
        made |= {one.suffix: one.read_bytes() for one in folder.iterdir() if one.suffix in KINDS}
        made[".zip"] = buffer.getvalue()
    made[".json"] = json.dumps(
        {
            "directed": False,
            "multigraph": False,
            "graph": [],
            "nodes": [{key: rows[key][row] for key in rows} for row in range(3)],
            "adjacency": [[{"id": "02"}], [{"id": "01"}, {"id": "03", "shared_perim": 2.5}], []],
        }
    ).encode()
    polygon = {"type": "Polygon", "arcs": [[0]], "properties": {"id": "1", "blue": 1, "red": 2}}
    made[".topojson"] = json.dumps(
        {
            "type": "Topology",
            "objects": {"a": {"type": "GeometryCollection", "geometries": [polygon]}},
            "arcs": [[[0, 0], [1, 0], [1, 1], [0, 0]]],
        }
    ).encode()
    made[".kml"] = (
        b'<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>01</name><Polygon>'
        b"<outerBoundaryIs><LinearRing><coordinates>0,0 1,0 1,1 0,0</coordinates></LinearRing>"
        b"</outerBoundaryIs></Polygon></Placemark></Document></kml>"
    )
    return made


def main() -> None:
    """Fuzz for a while, or repeat the inputs given."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=60, help="how long to search for faults")
    parser.add_argument("inputs", nargs="*", type=Path, help="inputs to repeat instead")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as name:
        for path in options.inputs:
            one_input(path.read_bytes(), Path(name))
        if not options.inputs:
            _search(options.seconds, Path(name))


def _search(seconds: int, folder: Path) -> None:
    import atheris  # noqa: PLC0415

    corpus = folder / "corpus"
    corpus.mkdir()
    for ending, content in seeds().items():
        (corpus / ending.strip(".")).write_bytes(bytes([KINDS.index(ending)]) + content)
    with atheris.instrument_imports(include=["shapefiles"]):
        import shapefiles.inspection  # noqa: PLC0415
        import shapefiles.own  # noqa: F401, PLC0415
    flags = [f"-max_total_time={seconds}", "-rss_limit_mb=4096", "-timeout=60", "-max_len=200000"]
    here = Path(__file__).parent
    atheris.Setup(
        [sys.argv[0], *flags, f"-artifact_prefix={here}/", str(corpus)],
        lambda data: one_input(data, folder),
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
