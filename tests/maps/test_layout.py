"""Alaska and Hawaii move, nothing else does, and nothing overlaps."""

from __future__ import annotations

import csv
import itertools

import numpy as np
import pytest
import shapely
import shapely.affinity
from pyproj import Geod, Transformer

from maps.interactive import metres_in_the_middle
from maps.layout import INSETS, lay_out
from maps.neat import make_neat
from maps.places import FILE, places_on
from shapefiles.units import PlaceName, Units

GLOBE = Geod(ellps="WGS84")


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


def test_units_in_an_equal_area_projection_stay_where_they_are(hostile_units: Units) -> None:
    sheet = lay_out(hostile_units)
    assert sheet.insets == ()
    assert (sheet.polygons == hostile_units.polygons).all()
    assert sheet.metres_per_unit == pytest.approx(2)


def test_the_united_states_are_about_a_thousand_map_units_wide(united_states: Units) -> None:
    west, south, east, north = lay_out(united_states).bounds
    assert 900 < east - west < 1000
    assert 500 < north - south < 700


def test_units_in_degrees_are_drawn_in_a_local_equal_area_projection(abroad: Units) -> None:
    sheet = lay_out(abroad)
    on_globe = [
        abs(GLOBE.geometry_area_perimeter(polygon)[0])
        for polygon in shapely.segmentize(abroad.polygons, 0.01)
    ]
    # The sides of a rectangle in degrees are bent when they are projected; vertices alone move.
    assert shapely.area(sheet.polygons) == pytest.approx(on_globe, rel=1e-3)
    west, south, east, north = sheet.bounds
    assert 500 < max(east - west, north - south) <= 1000
    a, b = sheet.locate([[-74, 45.4], [-73.5, 45.6]]) * sheet.metres_per_unit
    assert np.hypot(*(a - b)) == pytest.approx(GLOBE.inv(-74, 45.4, -73.5, 45.6)[2], rel=1e-3)


def test_a_scale_bar_under_tiles_knows_that_the_projection_stretches(abroad: Units) -> None:
    sheet = lay_out(abroad, is_web_mercator=True)
    a, b = sheet.locate([[-73.7, 45.45], [-73.6, 45.45]])
    on_globe = GLOBE.inv(-73.7, 45.45, -73.6, 45.45)[2]
    assert metres_in_the_middle(sheet) * np.hypot(*(a - b)) == pytest.approx(on_globe, rel=5e-3)


def test_places_lie_where_the_moved_states_lie(united_states: Units) -> None:
    sheet = lay_out(united_states)
    places = {place.name: shapely.Point(place.x, place.y) for place in places_on(sheet)}
    scale = sheet.metres_per_unit
    for name, geoid in (("Honolulu", "15003"), ("Anchorage", "02000"), ("Chicago", "17031")):
        county = sheet.polygons[united_states.ids == geoid][0]
        assert county.distance(shapely.transform(places[name], lambda xy: xy * scale)) < 3_000


def test_every_place_lies_in_its_state(united_states: Units) -> None:
    with FILE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    to_sheet = Transformer.from_crs("EPSG:4326", united_states.crs, always_xy=True)
    for row in rows:
        at = shapely.Point(to_sheet.transform(float(row["longitude"]), float(row["latitude"])))
        shapes = united_states.polygons[united_states.states == row["state"]]
        assert shapely.distance(shapes, at).min() < 10_000, row
    assert len({(row["name"], row["state"]) for row in rows}) == len(rows) > 400


def test_other_countries_have_none_of_these_places(abroad: Units) -> None:
    assert places_on(lay_out(abroad)) == []


def test_places_that_somebody_brought_are_named_in_their_order_where_there_is_land(
    abroad: Units,
) -> None:
    own = (
        PlaceName("Far away", 2.3, 48.9),
        PlaceName("Second", -73.55, 45.5),
        PlaceName("First", -73.9, 45.4),
    )
    sheet = lay_out(abroad)
    places = places_on(sheet, own)
    assert [place.name for place in places] == ["Second", "First"]
    assert (places[0].x, places[0].y) == pytest.approx(tuple(sheet.locate([own[1][1:3]])[0]))


def test_units_without_polygons_are_refused(hostile_units: Units) -> None:
    object.__setattr__(hostile_units, "polygons", np.array([None, None]))
    with pytest.raises(ValueError, match="no polygons"):
        lay_out(hostile_units)


def test_neighbours_that_overlap_or_gape_get_one_border() -> None:
    random = np.random.default_rng(3)
    frame = shapely.box(0, 0, 90_000, 90_000)
    points = shapely.multipoints(random.uniform(0, 90_000, (30, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=frame))
    cells = shapely.intersection(cells, frame)
    steps = random.normal(0, 20, (len(cells), 2))
    moved = np.array(
        [shapely.affinity.translate(cell, *step) for cell, step in zip(cells, steps, strict=True)]
    )
    assert not shapely.coverage_is_valid(moved)
    neat, _ = make_neat(moved, 100)
    assert shapely.coverage_is_valid(neat)
    assert shapely.area(neat) == pytest.approx(shapely.area(cells), rel=0.02)
    shore = shapely.length(shapely.union_all(neat))
    inner = (shapely.length(neat).sum() - shore) / 2
    expected = (shapely.length(cells).sum() - shapely.length(frame)) / 2
    assert inner == pytest.approx(expected, rel=0.02)


def test_small_units_survive_what_makes_borders_meet() -> None:
    # Two rooms of 30 m among lots of 1 km, whose walls miss each other by 5 m.
    polygons = shapely.box([0, 1000, 2000, 2030], 0, [1005, 2000, 2035, 2060], [1000, 1000, 30, 30])
    neat, _ = make_neat(polygons, 100)
    assert shapely.area(neat) == pytest.approx(shapely.area(polygons), rel=0.25)
    assert shapely.coverage_is_valid(neat)
