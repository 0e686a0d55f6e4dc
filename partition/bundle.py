"""The run bundle: what a run writes, and how it is read back.

==================  ==============================================================================
``plan.csv``        ``GEOID,nation``: the nation, ``blue`` or ``red``, of every unit
``report.md``       every metric, rounded, as a page to read, with formulas
``report.json``     every metric, exact, with units of measure in the keys
``run.json``        scenario, data hashes and repairs, hash of all inputs, package versions, seed,
                    status, windows searched one by one (0: the whole at once), objective and
                    bound in steps, steps of a vote, what each goal adds to the objective, gap,
                    trace, main metrics
``nations.geojson``  the two nations, dissolved, in EPSG:4326; not where only a graph is known
``map.html``        the map, in one file; not where only a graph is known
``certificate.json.gz``  the proof of the bound, for ``partition verify``; where it was asked for,
                    and wherever the plan is proven to be the best
==================  ==============================================================================
"""

from __future__ import annotations

import csv
import gzip
import json
import math
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import shapely

import partition
from partition.asked import goals
from partition.errors import BundleError
from partition.folder import check_target, whole_folder
from partition.inputs import inputs_sha256
from partition.metrics import BLUE, RED
from partition.objectives import scale_of
from partition.outcome import Outcome
from partition.report.document import report_document
from partition.report.text import report_text
from shapefiles.dissolve import dissolve, to_lonlat
from shapefiles.errors import one_line, shown
from shapefiles.units import Units
from solvers.plan import Plan

SCHEMA_VERSION = 1
"""Version of the layout of ``run.json``; raised when a reader of the old one would go wrong."""

PLAN, DOCUMENT, NATIONS, MAP = "plan.csv", "run.json", "nations.geojson", "map.html"
REPORT, FIGURES = "report.md", "report.json"
CERTIFICATE = "certificate.json.gz"
FILES = (PLAN, REPORT, FIGURES, DOCUMENT, NATIONS, MAP)
"""Names of the files of every bundle."""
ALL_FILES = frozenset({*FILES, CERTIFICATE})
"""Names of the files that a bundle may hold."""

NATION_NAMES = {RED: "red", BLUE: "blue"}
"""What part 0 and part 1 are called outside the program."""

_RECORDED = ("folium", "geopandas", "numba", "numpy", "ortools", "pyogrio", "pyproj", "shapely")


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle, read back.

    Parameters
    ----------
    folder
        Where it was read from.
    plan
        The plan, in the row order of the units it was read with.
    document
        The content of ``run.json``.
    """

    folder: Path
    plan: Plan
    document: dict[str, Any]

    def __repr__(self) -> str:
        return f"<Bundle in {str(self.folder)!r}: {self.document['status']}, {self.plan!r}>"


def check_folder(folder: Path, *, force: bool) -> None:
    """Refuse, before a run, a folder that could not be written after it.

    Raises
    ------
    BundleError
        When it holds something that may not be replaced, or cannot be written to.
    """
    check_target(folder, ALL_FILES, force=force)


def write_bundle(run: Outcome, folder: Path, *, force: bool = False) -> None:
    """Write a run so that the folder holds all of it or is as it was before.

    Parameters
    ----------
    run
        What to write.
    folder
        Where to; it appears, or is replaced, in one step.
    force
        Whether to replace a run that is there already.

    Raises
    ------
    BundleError
        When the folder holds something that may not be replaced, or cannot be written to.
    OSError
        When writing fails, on a full disk say; the folder is as it was before.
    """
    units = run.dataset.units
    with whole_folder(folder, ALL_FILES, force=force) as filling:
        _write_plan(filling / PLAN, units, run.plan)
        for name, text in (
            (REPORT, report_text(run)),
            (FIGURES, _json(report_document(run.report))),
            (DOCUMENT, _json(describe(run))),
        ):
            (filling / name).write_text(text, encoding="utf-8", newline="\n")
        if units.has_polygons:
            _write_drawn(run, filling)
        if run.result.certificate is not None:
            _write_certificate(filling / CERTIFICATE, run.result.certificate)


def written_files(run: Outcome) -> tuple[str, ...]:
    """Name the files that a run writes; what is drawn is left out where there are no polygons."""
    drawn = () if run.dataset.units.has_polygons else (NATIONS, MAP)
    names = tuple(name for name in FILES if name not in drawn)
    return names if run.result.certificate is None else (*names, CERTIFICATE)


def _write_drawn(run: Outcome, folder: Path) -> None:
    # Drawing libraries take a second to load; reading a bundle needs none of them.
    import maps  # noqa: PLC0415
    from partition.drawing import draw_outcome  # noqa: PLC0415

    (folder / NATIONS).write_text(_nations(run), encoding="utf-8", newline="\n")
    maps.save(draw_outcome(run), folder / MAP)


def _write_certificate(path: Path, certificate: dict[str, Any]) -> None:
    text = json.dumps(certificate, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # Neither name nor time in the file: the same proof is the same bytes.
    with path.open("wb") as raw, gzip.GzipFile("", "wb", mtime=0, fileobj=raw) as stream:
        stream.write(text.encode())


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def describe(run: Outcome) -> dict[str, Any]:
    """State a run as the plain values of ``run.json``."""
    result = run.result
    return {
        "schema_version": SCHEMA_VERSION,
        "scenario": run.scenario.to_table(),
        "data": {
            "source": run.dataset.source,
            "sha256": dict(run.dataset.hashes),
            "repairs": [dict(one) for one in run.dataset.repairs],
        },
        "inputs_sha256": inputs_sha256(run.scenario, run.dataset.hashes, SCHEMA_VERSION),
        "packages": _versions(),
        "seed": result.seed,
        "status": result.status.value,
        "windows": result.n_windows,
        "objective": result.objective,
        "bound": result.bound,
        "gap": _finite(result.gap),
        "steps_per_vote": scale_of(run.scenario.weights),
        "goals": [one._asdict() for one in goals(run)],
        "runtime_seconds": round(result.runtime, 3),
        "trace": [
            {"seconds": round(point.seconds, 3), "incumbent": point.incumbent, "bound": point.bound}
            for point in result.trace
        ],
        "metrics": run.report.to_dict(),
    }


def read_bundle(folder: str | Path, units: Units) -> Bundle:
    """Read a bundle back, matching its plan to units by their ids.

    Parameters
    ----------
    folder
        A folder that a run wrote.
    units
        The units the plan divides.

    Returns
    -------
    Bundle
        The plan and the content of ``run.json``.

    Raises
    ------
    BundleError
        When a file is missing or damaged, or the plan is of other units.
    """
    folder = Path(folder)
    document = read_document(folder)
    with _bundle_errors(folder), (folder / PLAN).open(encoding="utf-8", newline="") as stream:
        lines = list(csv.reader(stream, strict=True))
    return Bundle(folder, _match(lines, units, folder / PLAN), document)


def read_document(folder: str | Path) -> dict[str, Any]:
    """Read the ``run.json`` of a bundle.

    Raises
    ------
    BundleError
        When it is missing, damaged, or of another layout than this program reads.
    """
    folder = Path(folder)
    with _bundle_errors(folder):
        document = json.loads((folder / DOCUMENT).read_text(encoding="utf-8"))
    version = document.get("schema_version") if isinstance(document, dict) else None
    if version != SCHEMA_VERSION:
        raise BundleError(
            f"{folder / DOCUMENT} has schema_version {shown(version)}; this program reads "
            f"{SCHEMA_VERSION}."
        )
    return dict(document)


@contextmanager
def _bundle_errors(folder: Path) -> Iterator[None]:
    """Say which bundle it is that cannot be read."""
    try:
        yield
    except OSError as error:
        raise BundleError(f"{folder} is not a whole run bundle: {one_line(error, 500)}") from None
    except (ValueError, csv.Error, RecursionError) as error:
        raise BundleError(f"{folder} holds a damaged file: {one_line(error, 500)}") from None


def _write_plan(path: Path, units: Units, plan: Plan) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("GEOID", "nation"))
        nations = (NATION_NAMES[part] for part in plan.assignment.tolist())
        writer.writerows(zip(units.ids.tolist(), nations, strict=True))


def _match(lines: list[list[str]], units: Units, path: Path) -> Plan:
    """Bring the lines of a plan into the row order of the units."""
    if not lines or lines[0] != ["GEOID", "nation"]:
        raise BundleError(f"{path}, line 1: expected the header GEOID,nation.")
    row = {unit: index for index, unit in enumerate(units.ids.tolist())}
    part = {name: part for part, name in NATION_NAMES.items()}
    assignment = np.full(units.n_units, -1, np.int8)
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != 2 or line[0] not in row or line[1] not in part:
            what = shown(",".join(line))
            raise BundleError(
                f"{path}, line {number}: {what} is not a known unit with blue or red."
            )
        if assignment[row[line[0]]] >= 0:
            raise BundleError(f"{path}, line {number}: unit {line[0]} is assigned twice.")
        assignment[row[line[0]]] = part[line[1]]
    missing = np.flatnonzero(assignment < 0)
    if len(missing):
        raise BundleError(
            f"{path} leaves out {len(missing)} units, the first {units.ids[missing[0]]}."
        )
    return Plan(assignment)


def _nations(run: Outcome) -> str:
    """Write the two nations as GeoJSON (RFC 7946), one feature a nation that has any land."""
    units, report = run.dataset.units, run.report
    shapes = to_lonlat(dissolve(units, run.plan.assignment), units.crs)
    figures = {RED: report.whole.red, BLUE: report.whole.blue}
    features = [
        {
            "type": "Feature",
            "properties": {"nation": NATION_NAMES[part], **figures[part].to_dict()},
            "geometry": json.loads(shapely.to_geojson(shapes[part])),
        }
        for part in (BLUE, RED)
        if not shapes[part].is_empty
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, allow_nan=False) + "\n"


def _versions() -> dict[str, str]:
    own = {"python": platform.python_version(), "two-nations": partition.__version__}
    return own | {name: metadata.version(name) for name in _RECORDED}


def _finite(gap: float | None) -> float | None:
    return gap if gap is not None and math.isfinite(gap) else None
