"""The files of a run bundle: what each is called, and how it is written from a run."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import shapely

from maps.plan_table import plan_table
from partition.answer.document import report_document
from partition.metrics import BLUE, NATION_NAMES, RED
from partition.pages.switchers import told_stability
from partition.pages.text import report_text
from shapefiles.borders.dissolve import dissolve, to_lonlat
from shapefiles.table_writing import json_text
from solvers.result import Status

if TYPE_CHECKING:
    from partition.runs.run import Run

PLAN, DOCUMENT, NATIONS, MAP = "plan.csv", "run.json", "nations.geojson", "map.html"
REPORT, FIGURES = "report.md", "report.json"
CERTIFICATE, KNOWLEDGE = "certificate.json.gz", "knowledge.json.gz"
FILES = (PLAN, REPORT, FIGURES, DOCUMENT, NATIONS, MAP)
"""Names of the files of every bundle."""
ALL_FILES = frozenset({*FILES, CERTIFICATE, KNOWLEDGE})
"""Names of the files that a bundle may hold."""
DRAWN = (NATIONS, MAP)
"""Names of the files that show the land; not where only a graph is known."""


def written_files(run: Run) -> tuple[str, ...]:
    """Name the files that a run writes; what is drawn is left out where there are no polygons."""
    drawn = () if run.dataset.units.has_polygons else DRAWN
    names = tuple(name for name in FILES if name not in drawn)
    result = run.result
    proof = () if result.certificate is None else (CERTIFICATE,)
    # What is proven to be the best is never gone on with; its rows serve other questions.
    is_finished = result.status is Status.OPTIMAL
    is_useless = result.knowledge is None or (is_finished and not result.knowledge.n_rows)
    return (*names, *proof, *(() if is_useless else (KNOWLEDGE,)))


def write_text(path: Path, text: str) -> None:
    """Write a text as it is: UTF-8, and its line breaks are not those of the system."""
    path.write_text(text, encoding="utf-8", newline="\n")


def _write_plan(run: Run, path: Path) -> None:
    question = run.question
    names = run.report.ballot.nation_names
    write_text(path, plan_table(question.units, run.plan, question.election, names))


def _write_report(run: Run, path: Path) -> None:
    write_text(path, report_text(run))


def _write_figures(run: Run, path: Path) -> None:
    write_text(path, json_text(report_document(run.report, run.steps) | told_stability(run)))


def _write_certificate(run: Run, path: Path) -> None:
    text = json.dumps(
        run.result.certificate, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )
    # Neither name nor time in the file: the same proof is the same bytes.
    with path.open("wb") as raw, gzip.GzipFile("", "wb", mtime=0, fileobj=raw) as stream:
        stream.write(text.encode())


def _write_knowledge(run: Run, path: Path) -> None:
    if run.result.knowledge is not None:
        path.write_bytes(run.result.knowledge.packed())


def _write_nations(run: Run, path: Path) -> None:
    """Write the two nations as GeoJSON (RFC 7946), one feature a nation that has any land."""
    units, report = run.question.units, run.report
    shapes = to_lonlat(dissolve(units, run.plan.assignment), units.crs)
    figures = {RED: report.whole.red, BLUE: report.whole.blue}
    features = []
    for part in (BLUE, RED):
        if shapes[part].is_empty:
            continue
        told = {"nation": NATION_NAMES[part], **figures[part].to_dict()}
        # The geometry is written already: reading it for that takes as long as dissolving it.
        features.append(
            f'{{"type": "Feature", "properties": {json.dumps(told, allow_nan=False)}, '
            f'"geometry": {shapely.to_geojson(shapes[part])}}}'
        )
    write_text(path, f'{{"type": "FeatureCollection", "features": [{", ".join(features)}]}}\n')


def _write_map(run: Run, path: Path) -> None:
    # Drawing libraries take a second to load; reading a bundle needs none of them.
    import maps  # noqa: PLC0415
    from partition.pages.drawing import draw_run  # noqa: PLC0415

    maps.save(draw_run(run), path)


WRITERS: Mapping[str, Callable[[Run, Path], None]] = MappingProxyType(
    {
        PLAN: _write_plan,
        REPORT: _write_report,
        FIGURES: _write_figures,
        NATIONS: _write_nations,
        MAP: _write_map,
        CERTIFICATE: _write_certificate,
        KNOWLEDGE: _write_knowledge,
    }
)
"""What writes each file but ``run.json``, which says where its data lie as seen from there."""
