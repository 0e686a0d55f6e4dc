"""Effort: work counted in about the seconds that it takes, the same on every machine.

Searches side by side share time by it instead of by the clock, so that a search that no clock ends
is the same twice. The factors were fitted to some 1,000 steps of searches of 3,108 and 4,120 units,
with and without costs of edges, and to walks on 30 to 6,000; they are right within a factor of two.
"""

from __future__ import annotations

import math


def of_solve(n_pivots: int, n_rows: int, n_columns: int, n_entries: int) -> float:
    """Estimate the seconds that GLOP takes for some pivots, and reading what it says."""
    return 1.9e-6 * n_pivots * math.sqrt(n_rows + n_columns) + 1.2e-6 * n_entries


def of_step(n_columns: int) -> float:
    """Estimate the seconds that a step of the exact search takes besides, most for seeking rows."""
    return 5e-6 * n_columns


def of_ascent(n_entered: int, n_potentials: int) -> float:
    """Estimate the seconds of a dual ascent, by arcs into sets that pay and room for potentials."""
    return 5e-8 * n_entered + 5e-9 * n_potentials


def of_walk(n_iterations: int, n_units: int) -> float:
    """Estimate the seconds that a walk takes."""
    return 2.1e-7 * n_iterations * n_units


def of_choice(n_units: int) -> float:
    """Estimate the seconds that it takes to state what is left of a problem, most of it fixed."""
    return 1e-5 * n_units
