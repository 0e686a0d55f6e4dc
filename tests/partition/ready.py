"""Imported by a process from which others are forked: the loops are compiled when they begin."""

from __future__ import annotations

import partition.studies.running.worker  # noqa: F401 - what the tasks of a study begin with
from solvers.loops import compile_loops

compile_loops()
