"""A run as frames of geopandas, recounted with pandas and shapely against its report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st

import partition
from partition.metrics import NATION_NAMES
from shapefiles.borders.shared import shared_lines
from shapefiles.units import Units

COUNTED: dict[str, Any] = {"percentages": "count", "time_limit": 20}
"""Every unit of the small countries has a hundred votes, which could be percentages."""


@pytest.fixture(scope="module")
def country() -> partition.Run:
    """Counties of the United States in some contiguous plan, with a bridge switched off."""
    return partition.solve("counties", iterations=1, edges={"off": ["bridge"]})


def written(run: partition.Run, folder: Path) -> dict[str, Any]:
    """Read the figures that the run writes."""
    run.write(folder)
    document: dict[str, Any] = json.loads((folder / "report.json").read_text())
    return document


def test_units_add_up_to_the_report(country: partition.Run, tmp_path: Path) -> None:
    document = written(country, tmp_path / "run")
    plan = pd.read_csv(tmp_path / "run" / "plan.csv", dtype=str).set_index("GEOID")["nation"]
    units = country.units
    assert isinstance(units, gpd.GeoDataFrame)
    columns = ["id", "name", "state", "nation", "blue_votes", "red_votes", "votes"]
    assert list(units.columns) == [*columns, "margin", "stranded", "agreement", "geometry"]
    assert units.index.tolist() == units["id"].tolist()
    assert units["nation"].to_dict() == plan.to_dict()
    assert units["votes"].sum() == document["country"]["voters"]
    assert units["stranded"].sum() == document["country"]["stranded_voters"]
    by_nation = units.groupby("nation")
    for nation, rows in by_nation:
        tally = document["nations"][nation]
        assert len(rows) == tally["units"]
        assert rows["blue_votes"].sum() == tally["blue_votes"]
        assert rows["red_votes"].sum() == tally["red_votes"]
        assert rows["stranded"].sum() == tally["stranded_voters"]
        own = (rows["agreement"] * rows["votes"]).sum()
        assert own == pytest.approx(tally["self_determined_voters"])
    margin = (units["blue_votes"] - units["red_votes"]) / units["votes"]
    assert units["margin"].to_numpy() == pytest.approx(margin.to_numpy(), nan_ok=True)
    assert units.crs == country.question.units.crs
    assert shapely.equals(units.geometry.to_numpy(), country.question.units.polygons).all()


def test_nations_are_the_units_dissolved_with_the_figures_of_the_report(
    country: partition.Run, tmp_path: Path
) -> None:
    document = written(country, tmp_path / "run")
    nations = country.nations
    assert nations.index.tolist() == nations["nation"].tolist() == ["blue", "red"]
    merged = country.units.dissolve("nation")
    for nation in ("blue", "red"):
        row = nations.loc[nation]
        told = document["nations"][nation]
        figures = {key: value for key, value in told.items() if not isinstance(value, list)}
        assert row.drop(["nation", "geometry"]).to_dict() == figures
        assert row.geometry.is_valid
        gap = row.geometry.symmetric_difference(merged.geometry[nation]).area
        assert gap < 1e-6 * row.geometry.area


def test_the_frontier_is_every_cut_edge_with_its_line(
    country: partition.Run, tmp_path: Path
) -> None:
    document = written(country, tmp_path / "run")
    line, nation = country.frontier, country.units["nation"]
    assert list(line.columns) == ["blue_unit", "red_unit", "kind", "km", "geometry"]
    assert len(line) == document["country"]["cut_edges"]
    assert line["km"].sum() == pytest.approx(document["country"]["border_km"])
    assert set(nation[line["blue_unit"]]) == {"blue"}
    assert set(nation[line["red_unit"]]) == {"red"}
    assert "bridge" not in set(line["kind"])
    shapes = country.units.geometry
    is_land = line["kind"].isin(["land", "crumb"])
    assert is_land.sum() > 50
    for row in line[is_land].itertuples():
        parts = shapely.get_parts(shapes[row.blue_unit].intersection(shapes[row.red_unit]))
        shared = shapely.multilinestrings(parts[shapely.get_dimensions(parts) == 1])
        assert shared.length == pytest.approx(row.geometry.length, rel=1e-6, abs=1e-3)
        assert row.geometry.hausdorff_distance(shared) < 1e-3 or shared.is_empty
    assert line[~is_land].geometry.is_empty.all()
    # The lines of the embedded data are simplified, their lengths were measured before that.
    assert line.length.sum() / 1000 == pytest.approx(line["km"].sum(), rel=0.1)


def test_lines_are_as_long_as_the_borders_of_a_map_of_ones_own(squares: Units) -> None:
    run = partition.solve("archipelago", data=squares, iterations=1)
    line = run.frontier
    assert (line.length / 1000).to_numpy() == pytest.approx(line["km"].to_numpy())
    assert line["km"].sum() == pytest.approx(run.report.whole.border_km)


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_shared_lines_are_what_the_boundaries_have_in_common(seed: int) -> None:
    random = np.random.default_rng(seed)
    shape = random.integers(2, 6, 2)
    labels = random.integers(0, 5, shape)
    x, y = np.indices(shape)
    cells = shapely.box(x * 10, y * 10, x * 10 + 10, y * 10 + 10)
    polygons = np.array([shapely.union_all(cells[labels == one]) for one in np.unique(labels)])
    if random.random() < 0.3:  # one that overlaps its neighbours a little
        polygons[0] = polygons[0].buffer(0.25, join_style="mitre")
    n_units = len(polygons)
    pairs = np.array([(a, b) for a in range(n_units) for b in range(n_units) if a != b]).reshape(
        -1, 2
    )
    for (a, b), line in zip(pairs.tolist(), shared_lines(polygons, pairs), strict=True):
        assert line.geom_type == "MultiLineString"
        common = shapely.intersection(polygons[a].boundary, polygons[b])
        assert line.length == pytest.approx(common.length, abs=2.1)
        if shapely.coverage_is_valid(polygons):
            assert line.length == pytest.approx(common.length)
            assert line.symmetric_difference(common).length < 1e-9


def test_a_graph_has_frames_without_shapes(squares: Units, tmp_path: Path) -> None:
    partition.solve("counties", data=squares, iterations=1).export(tmp_path / "graph.json")
    run = partition.solve(
        data=tmp_path / "graph.json", id="GEOID", blue="2016_blue", red="2016_red", **COUNTED
    )
    for frame in (run.units, run.nations, run.frontier):
        assert frame.geometry.isna().all()
        assert frame.crs is None
    assert run.units["votes"].sum() == run.report.whole.both.voters
    assert run.frontier["km"].sum() == pytest.approx(run.report.whole.border_km or 0)


def test_units_of_a_run_can_be_divided_again(squares: Units) -> None:
    run = partition.solve("counties", data=squares, gap=0, time_limit=20)
    again = partition.solve(
        data=run.units, id="id", blue="blue_votes", red="red_votes", gap=0, **COUNTED
    )
    assert again.result.objective == run.result.objective


def test_robustness_has_a_row_for_every_unit(squares: Units, tmp_path: Path) -> None:
    study = partition.robust(
        "counties", data=squares, seeds=1, survey_time=2, iterations=2, runs=tmp_path
    )
    units = study.units
    assert units["category"].tolist() == study.categories.tolist()
    table = study.table
    assert units.index.tolist() == table.index.tolist()
    assert units["nation"].tolist() == table["nation_in_best_plan"].tolist()
    assert units["votes"].tolist() == table["voters"].tolist()
    assert units["blue_share"].to_numpy() == pytest.approx(
        table["blue_share_of_plans_found"].to_numpy(), abs=1e-6
    )
    totals = {one["category"]: one["units"] for one in study.totals}
    assert units["category"].value_counts().to_dict() == {
        name: number for name, number in totals.items() if number
    }


def test_a_plan_is_gone_through_counted_and_told_as_a_series(country: partition.Run) -> None:
    plan, units = country.plan, country.units
    assert len(plan) == len(units) == plan.n_units
    assert list(plan) == plan.assignment.tolist()
    series = plan.to_series(units["id"])
    assert [NATION_NAMES[part] for part in series] == units["nation"].tolist()
    assert series.index.equals(units.index)
    assert plan.to_series().index.tolist() == list(range(len(plan)))
    series.iloc[0] = 1 - series.iloc[0]  # a copy, which leaves the plan as it is
    assert list(plan) == country.plan.assignment.tolist()
    with pytest.raises(ValueError, match="Length of values"):
        plan.to_series(["one"])


def test_frames_are_made_anew_and_may_be_changed(squares: Units) -> None:
    run = partition.solve("counties", data=squares, iterations=1)
    changed, before = run.units, run.units
    changed["nation"] = "green"
    changed.geometry = changed.geometry.translate(1)
    assert_geodataframe_equal(run.units, before)
