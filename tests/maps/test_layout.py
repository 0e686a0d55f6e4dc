"""Alaska and Hawaii move, nothing else does, and nothing overlaps."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import shapely

from maps.layout import INSETS, lay_out
from shapefiles.units import Units


def test_the_48_states_stay_where_they_are(united_states: Units) -> None:
    is_moved = np.isin(united_states.states, ["AK", "HI"])
    drawn = lay_out(united_states).polygons
    assert (drawn[~is_moved] == united_states.polygons[~is_moved]).all()


def test_moved_states_keep_clear_of_the_others_and_of_each_other(united_states: Units) -> None:
    drawn = lay_out(united_states).polygons
    groups = [np.isin(united_states.states, [state]) for state in ("AK", "HI")]
    groups.append(~(groups[0] | groups[1]))
    shapes = [shapely.convex_hull(shapely.union_all(drawn[group])) for group in groups[:2]]
    mainland = shapely.coverage_union_all(drawn[groups[2]])
    for a, b in itertools.combinations([*shapes, mainland], 2):
        assert a.distance(b) > 20_000


@pytest.mark.parametrize("inset", INSETS, ids=lambda inset: inset.label)
def test_a_moved_state_keeps_its_proportions(united_states: Units, inset) -> None:
    rows = united_states.states == inset.state
    drawn = shapely.area(lay_out(united_states).polygons[rows])
    # Both projections are equal-area, so only the inset's scale may differ; and Honolulu goes
    # without the islets far to the north-west, 0.7 % of it.
    assert drawn == pytest.approx(
        shapely.area(united_states.polygons[rows]) * inset.scale**2, rel=1e-2
    )
    assert shapely.box(*inset.frame).covers(
        shapely.union_all(lay_out(united_states).polygons[rows])
    )


def test_units_in_another_projection_stay_where_they_are(hostile_units: Units) -> None:
    sheet = lay_out(hostile_units)
    assert sheet.insets == ()
    assert (sheet.polygons == hostile_units.polygons).all()
    assert sheet.metres_per_unit == pytest.approx(2)


def test_the_united_states_are_about_a_thousand_map_units_wide(united_states: Units) -> None:
    west, south, east, north = lay_out(united_states).bounds
    assert 900 < east - west < 1000
    assert 500 < north - south < 700
