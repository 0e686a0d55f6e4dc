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
    from partition.bundle import Bundle, read_bundle
    from partition.dataset import Dataset
    from partition.report import Report, measure
    from partition.run import Run, solve
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
    "Bundle": "bundle",
    "Comparison": "studies.compare",
    "Dataset": "dataset",
    "MapFiles": "own_map",
    "Report": "report",
    "Robustness": "studies.robust",
    "Run": "run",
    "Scenario": "scenario",
    "Sweep": "studies.sweep",
    "compare": "studies.compare",
    "measure": "report",
    "read_bundle": "bundle",
    "robust": "studies.robust",
    "solve": "run",
    "sweep": "studies.sweep",
}


def __getattr__(name: str) -> Any:
    # Geography and solvers take a second to load; `partition --help` should not wait for them.
    if name in _HOME:
        return getattr(import_module(f"partition.{_HOME[name]}"), name)
    if name == "__version__":
        return import_module("partition.version").installed_version()
    raise AttributeError(f"module 'partition' has no attribute {name!r}")
