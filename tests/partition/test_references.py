"""The chart of a sweep shows what finished runs have found for the shipped scenarios."""

from __future__ import annotations

from pathlib import Path

import pytest

import partition
from partition.studies.explore import explored_sweep
from shapefiles.units import Units


def test_finished_runs_of_shipped_scenarios_are_labelled_lines_of_the_chart(
    squares: Units, tmp_path: Path
) -> None:
    runs = tmp_path / "runs"
    asked = {"data": squares, "runs": runs, "gap": 0, "time_limit": 20}
    found = partition.compare(["counties", "balanced"], **asked)
    partition.compare(["counties@border=1"], **asked)  # no shipped scenario
    (runs / "damaged").mkdir()
    (runs / "damaged" / "run.json").write_text("{}")
    title = found.runs["counties"].scenario.title
    swept = partition.sweep("archipelago", "border=0:40", data=squares, runs=runs)
    assert set(swept.references) == {one.scenario.title for one in found.runs.values()}
    shown = {one.title: one.figures for one in explored_sweep(swept).references}
    counted = found.runs["counties"].report
    assert shown[title]["border_km"] == pytest.approx(counted.whole.border_km)
    assert shown[title]["self_determined_share"] == pytest.approx(counted.self_determination)
    # What the sweep asks itself is on the chart already, and runs elsewhere are not looked at.
    again = partition.sweep("counties", "border=0,1", **asked)
    assert title not in again.references
    assert not partition.sweep("archipelago", "border=0:40", data=squares, runs=tmp_path).references


def test_a_mark_is_of_what_its_scenario_asks_and_not_of_what_is_called_so(
    squares: Units, tmp_path: Path
) -> None:
    """Alternatives of a scenario, and changed ones, have its name and ask something else."""
    runs = tmp_path / "runs"
    asked = {"data": squares, "runs": runs, "gap": 0, "time_limit": 20}
    counties = partition.Scenario.shipped("counties")
    changed = counties.override(settings={"weights": {"border": 7.0}})
    assert changed.name == "counties"
    partition.compare({"mine": changed}, **asked)
    partition.alternatives("balanced", within=1, apart=1, plans=1, **asked)
    swept = partition.sweep("archipelago", "border=0:40", data=squares, runs=runs)
    balanced = partition.Scenario.shipped("balanced")
    assert set(swept.references) == {balanced.title}
    best = partition.solve("balanced", data=squares, gap=0, time_limit=20)
    marked = best.question.objective(swept.references[balanced.title])
    assert marked == best.result.objective
    # The seconds of a search are no part of the question, and neither is what it is called.
    later = counties.override(time_limit=7, seed=3)
    partition.compare({"mine": later}, data=squares, runs=runs)
    swept = partition.sweep("archipelago", "border=0:40", data=squares, runs=runs)
    assert counties.title in swept.references
