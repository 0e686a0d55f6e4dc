"""Divide a country between two political camps, and say what that would mean.

>>> import partition
>>> run = partition.solve("archipelago", election="2016")
>>> run  # doctest: +ELLIPSIS
<Run 'archipelago' on 2016: 64.78 % of two-party voters live in the nation they voted for. ...>

`run.report` holds the figures, `run.map()` is a map that a notebook shows, and
``run.write("folder")`` keeps everything in a folder.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    __version__: str
    from partition.answer import Report, measure
    from partition.land.dataset import Dataset
    from partition.runs.bundle import Bundle, read_bundle
    from partition.runs.run import Run, solve
    from partition.scenario import Scenario
    from partition.studies.compare import Comparison, compare
    from partition.studies.robust import Robustness, robust
    from partition.studies.sweep import Sweep, sweep
    from shapefiles.mapfiles import MapFiles

__all__ = [
    "Bundle",
    "Comparison",
    "Dataset",
    "MapFiles",
    "Report",
    "Robustness",
    "Run",
    "Scenario",
    "Sweep",
    "compare",
    "measure",
    "read_bundle",
    "robust",
    "solve",
    "sweep",
]

_HOME = {
    "Bundle": "runs.bundle",
    "Comparison": "studies.compare",
    "Dataset": "land.dataset",
    "MapFiles": "land.own_map",
    "Report": "answer",
    "Robustness": "studies.robust",
    "Run": "runs.run",
    "Scenario": "scenario",
    "Sweep": "studies.sweep",
    "compare": "studies.compare",
    "measure": "answer",
    "read_bundle": "runs.bundle",
    "robust": "studies.robust",
    "solve": "runs.run",
    "sweep": "studies.sweep",
}


def __getattr__(name: str) -> Any:
    # Geography and solvers take a second to load; `partition --help` should not wait for them.
    if name in _HOME:
        return getattr(import_module(f"partition.{_HOME[name]}"), name)
    if name == "__version__":
        return import_module("partition.version").installed_version()
    raise AttributeError(f"module 'partition' has no attribute {name!r}")
