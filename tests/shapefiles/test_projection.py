import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from shapefiles import DataError, load_united_states
from shapefiles.globe.projection import crs_for, lonlat_bounds, project


@given(
    st.floats(-180, 180),
    st.floats(0.01, 120),
    st.floats(-85, 80),
    st.floats(0.01, 60),
)
@settings(max_examples=50)
def test_areas_on_the_sphere_are_kept_anywhere(west, width, south, height) -> None:
    north = min(south + height, 89.0)
    east = (west + width + 180) % 360 - 180
    crs = crs_for((west, south, east, north))
    # A cell of a tenth of the box, densely drawn, against the ellipsoid's own area.
    middle = west + width / 2
    lower = south + (north - south) / 2
    ring = shapely.box(middle, lower, middle + width / 10, lower + (north - lower) / 10)
    ring = shapely.segmentize(ring, width / 2000)
    there = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    drawn = shapely.transform(ring, there.transform, interleaved=False)
    exact, _ = pyproj.Geod(ellps="WGS84").geometry_area_perimeter(ring)
    assert abs(drawn.area) == pytest.approx(abs(exact), rel=2e-3)


@given(st.floats(-180, 180), st.floats(1, 100))
def test_a_region_has_the_same_width_wherever_the_antimeridian_is(west, width) -> None:
    longitudes = (west + np.linspace(0, width, 50) + 180) % 360 - 180
    low, _, high, _ = lonlat_bounds(longitudes, np.zeros(50))
    assert (high - low) % 360 == pytest.approx(width, abs=1e-6)


def test_counties_measured_locally_have_the_areas_of_the_national_projection() -> None:
    units = load_united_states()
    rows = np.flatnonzero(units.states == "FL")
    national = units.polygons[rows]
    back = pyproj.Transformer.from_crs(units.crs, "EPSG:4269", always_xy=True)
    degrees = shapely.transform(national, back.transform, interleaved=False)
    local, crs = project(degrees, "EPSG:4269", "florida")
    assert "laea" in crs
    assert shapely.area(local) == pytest.approx(shapely.area(national), rel=1e-3)


def test_equal_area_system_of_a_file_is_kept_as_it_is() -> None:
    squares = np.array([shapely.box(0, 0, 1e4, 1e4)], object)
    same, crs = project(squares, "EPSG:5070", "file")
    assert (same is squares, crs) == (True, "EPSG:5070")


@pytest.mark.parametrize(
    ("crs", "x", "message"),
    [
        ("EPSG:4326", 5e5, r"said to be in degrees \(EPSG:4326\), but has the point \(500000, 0\)"),
        ("EPSG:32633", 1e30, r"lies outside EPSG:32633|1e\+30"),
        ("EPSG:99999", 1, "'EPSG:99999' is not a reference system"),
        ("EPSG:5703", 1, "is a Vertical CRS"),
    ],
)
def test_coordinates_that_cannot_be_in_their_system_are_refused(crs, x, message) -> None:
    polygons = np.array([shapely.box(0, 0, x, 1)], object)
    with pytest.raises(DataError, match=message):
        project(polygons, crs, "file")


@pytest.mark.parametrize(
    "bounds", [(-181, 0, 0, 1), (0, 5, 1, 4), (0, 0, 1, 91), (0, np.nan, 1, 1)]
)
def test_bounds_off_the_globe_are_refused(bounds) -> None:
    with pytest.raises(ValueError, match="not degrees"):
        crs_for(bounds)
