from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyproj
import pytest
import shapely
import shapely.affinity
from hypothesis import given, settings
from hypothesis import strategies as st

from shapefiles import Units, dissolve, load_united_states, to_lonlat
from shapefiles.globe.longitudes import unroll


@pytest.fixture(scope="module")
def iowa() -> Units:
    units = load_united_states()
    return units.subset(np.flatnonzero(units.states == "IA"))


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1))
def test_nations_are_valid_and_keep_the_area_of_their_units(seed) -> None:
    units = load_united_states()
    units = units.subset(np.flatnonzero(np.isin(units.states, ["IA", "RI", "LA"])))
    assignment = np.random.default_rng(seed).integers(0, 2, units.n_units)
    nations = dissolve(units, assignment)
    assert shapely.is_valid(nations).all()
    for part, nation in enumerate(nations):
        expected = shapely.area(units.polygons[assignment == part]).sum()
        assert nation.area == pytest.approx(expected, rel=1e-12)


def test_nations_have_the_shape_of_the_plain_union(iowa) -> None:
    assignment = (iowa.votes["2016"][:, 0] > iowa.votes["2016"][:, 1]).astype(int)
    for part, nation in enumerate(dissolve(iowa, assignment)):
        plain = shapely.union_all(iowa.polygons[assignment == part])
        assert shapely.symmetric_difference(nation, plain).area == 0


def test_overlapping_units_are_merged_as_well(iowa) -> None:
    grown = replace(iowa, polygons=shapely.buffer(iowa.polygons, 100))
    whole = dissolve(grown, np.zeros(iowa.n_units, int))[0]
    assert whole.is_valid
    assert shapely.symmetric_difference(whole, shapely.union_all(grown.polygons)).area == 0


def test_part_without_units_is_empty(iowa) -> None:
    blue, red = dissolve(iowa, np.ones(iowa.n_units, int))
    assert (blue.geom_type, blue.is_empty, red.is_empty) == ("MultiPolygon", True, False)
    assert to_lonlat(np.array([blue]), iowa.crs)[0].is_empty


def test_nations_of_the_whole_country_are_valid_in_longitude_and_latitude() -> None:
    units = load_united_states()
    votes = units.votes["2016"]
    nations = to_lonlat(dissolve(units, (votes[:, 0] > votes[:, 1]).astype(int)), units.crs)
    assert shapely.is_valid(nations).all()
    # From the last Aleutians on either side of the date line, from Hawaii to Point Barrow.
    assert shapely.total_bounds(nations) == pytest.approx([-179.15, 18.91, 179.78, 71.39], abs=0.03)
    bounds = shapely.bounds(shapely.get_parts(nations))
    assert (bounds[:, 2] - bounds[:, 0]).max() < 60  # nothing is torn across the date line
    for polygon in shapely.get_parts(nations):
        assert polygon.exterior.is_ccw
        assert not any(hole.is_ccw for hole in polygon.interiors)


@pytest.mark.parametrize(
    "crs",
    [
        "+proj=eqearth +lon_0=5.1 +datum=WGS84 +units=m",
        "+proj=laea +lat_0=90 +lon_0=0 +datum=WGS84 +units=m",
        "+proj=laea +lat_0=-90 +lon_0=0 +datum=WGS84 +units=m",
        "+proj=aea +lat_1=28 +lat_2=45 +lat_0=37 +lon_0=170 +datum=WGS84 +units=m",
        "EPSG:3035",
    ],
)
def test_what_crosses_itself_in_degrees_only_is_written_valid_and_as_large(crs) -> None:
    # A corner a metre from the middle of a side of 600 km, which is bent in degrees.
    notched = shapely.Polygon([(0, 0), (6e5, 0), (6e5, 6e5), (3e5, 1), (0, 6e5)])
    turned = [shapely.affinity.rotate(notched, turn, origin=(3e5, 0)) for turn in range(0, 360, 30)]
    placed = shapely.transform(np.array(turned), lambda xy: xy + np.array([2e6, 1.5e6]))
    there = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    assert not shapely.is_valid(
        unroll(shapely.transform(placed, there.transform, interleaved=False))[0]
    ).all()
    written = to_lonlat(placed, crs)
    assert shapely.is_valid(written).all()
    areas = [pyproj.Geod(ellps="WGS84").geometry_area_perimeter(one)[0] for one in written]
    assert areas == pytest.approx(shapely.area(placed), rel=0.05)


def test_longitude_and_latitude_lie_where_the_atlas_says(iowa) -> None:
    polk = iowa.polygons[iowa.ids == "19153"]  # Des Moines, 41.59 N 93.62 W
    assert shapely.contains(to_lonlat(polk, iowa.crs)[0], shapely.Point(-93.62, 41.59))
    coordinates = shapely.get_coordinates(to_lonlat(polk, iowa.crs))
    assert (np.round(coordinates, 7) == coordinates).all()


def test_assignment_that_does_not_fit_is_refused(iowa) -> None:
    with pytest.raises(ValueError, match=r"shape \(3,\), expected \(99,\)"):
        dissolve(iowa, np.zeros(3, int))
    wrong = np.zeros(iowa.n_units, int)
    wrong[7] = 2
    with pytest.raises(ValueError, match=r"assignment\[7\] = 2, expected 0 to 1"):
        dissolve(iowa, wrong)
