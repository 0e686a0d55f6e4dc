"""A run as frames of geopandas: units, nations, and the line between them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from partition.answer.document import report_document
from partition.metrics import BLUE, NATION_NAMES, RED, is_cut
from shapefiles.borders.dissolve import dissolve
from shapefiles.borders.shared import shared_lines
from shapefiles.units import Units

if TYPE_CHECKING:
    from partition.question.question import Question
    from partition.runs.run import Run
    from partition.studies.nearby.robustness import Robustness
    from solvers.plan import Plan


def units_frame(run: Run) -> gpd.GeoDataFrame:
    """Say of every unit what the plan does with it; :attr:`partition.Run.units` has the columns."""
    units, assignment = run.question.units, run.plan.assignment
    blue, red = units.votes[run.question.election].T
    voters, own = blue + red, np.where(assignment == BLUE, blue, red)
    columns = {
        **_named(units),
        "nation": _nations(assignment),
        "blue_votes": blue,
        "red_votes": red,
        "votes": voters,
        "margin": _share(blue - red, voters),
        "stranded": voters - own,
        "agreement": _share(own, voters),
    }
    return _frame(columns, units)


def nations_frame(run: Run) -> gpd.GeoDataFrame:
    """Say of each nation what it has; :attr:`partition.Run.nations` has the columns."""
    units, told = run.question.units, report_document(run.report)["nations"]
    names = [NATION_NAMES[part] for part in (BLUE, RED)]
    rows = [
        {key: value for key, value in told[name].items() if not isinstance(value, list)}
        for name in names
    ]
    figures = pd.DataFrame(rows, index=names)
    figures.insert(0, "nation", names)
    shapes = dissolve(units, run.plan.assignment) if units.has_polygons else np.full(2, None)
    return gpd.GeoDataFrame(figures, geometry=shapes[[BLUE, RED]], crs=units.crs or None)


def frontier_frame(run: Run) -> gpd.GeoDataFrame:
    """Draw the frontier, a row for two units; :attr:`partition.Run.frontier` has the columns."""
    units, assignment = run.question.units, run.plan.assignment
    edges = units.edges
    chosen = np.flatnonzero(run.question.edges & is_cut(edges.pairs, assignment))
    pairs = edges.pairs[chosen]
    is_blue_first = assignment[pairs[:, 0]] == BLUE
    pairs = np.where(is_blue_first[:, None], pairs, pairs[:, ::-1])
    columns = {
        "blue_unit": units.ids[pairs[:, 0]],
        "red_unit": units.ids[pairs[:, 1]],
        "kind": edges.kind[chosen],
        "km": edges.border[chosen] / 1000,
    }
    lines = shared_lines(units.polygons, pairs) if units.has_polygons else np.full(len(pairs), None)
    return gpd.GeoDataFrame(_texts(columns), geometry=lines, crs=units.crs or None)


def robustness_frame(study: Robustness) -> gpd.GeoDataFrame:
    """Say of every unit how sure its nation is; `Robustness.units` has the columns."""
    question = study.best.question
    units = question.units
    columns = {
        **_named(units),
        "nation": _nations(study.best.plan.assignment),
        "category": study.categories,
        "blue_share": study.survey.share_of_1,
        "votes": units.votes[question.election].sum(axis=1),
    }
    return _frame(columns, units)


def switching_frame(
    run: Run, groups: npt.NDArray[np.int64], gains: npt.NDArray[np.int64]
) -> gpd.GeoDataFrame:
    """Say of every unit with which group it would switch; `Stability.units` has the columns."""
    units = run.question.units
    columns = {
        **_named(units),
        "nation": _nations(run.plan.assignment),
        "group": groups,
        "gain": gains,
        "votes": units.votes[run.question.election].sum(axis=1),
    }
    return _frame(columns, units)


def cascade_frame(question: Question, plans: Sequence[Plan]) -> gpd.GeoDataFrame:
    """Say of every unit when it changed its nation; `Cascade.units` has the columns."""
    units, round_of = question.units, np.zeros(question.units.n_units, np.int64)
    for at, (before, after) in enumerate(pairwise(plans), 1):
        round_of[before.assignment != after.assignment] = at
    columns = {
        **_named(units),
        "nation": _nations(plans[-1].assignment),
        "round": round_of,
        "votes": units.votes[question.election].sum(axis=1),
    }
    return _frame(columns, units)


def _named(units: Units) -> dict[str, npt.NDArray[Any]]:
    return {"id": units.ids, "name": units.names, "state": units.states}


def _nations(assignment: npt.NDArray[np.int8]) -> npt.NDArray[np.str_]:
    return np.array([NATION_NAMES[part] for part in (RED, BLUE)])[assignment]


def _share(part: npt.NDArray[np.int64], whole: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Divide; missing where there is nothing to divide by."""
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)


def _texts(columns: dict[str, npt.NDArray[Any]]) -> pd.DataFrame:
    """Make a frame in which texts are texts, not arrays of a fixed width."""
    return pd.DataFrame(
        {
            name: values.astype(object) if values.dtype.kind == "U" else values
            for name, values in columns.items()
        }
    )


def _frame(columns: dict[str, npt.NDArray[Any]], units: Units) -> gpd.GeoDataFrame:
    frame = _texts(columns).set_axis(pd.Index(units.ids.astype(object)), axis=0)
    return gpd.GeoDataFrame(frame, geometry=units.polygons.copy(), crs=units.crs or None)
