from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from shapefiles import Units, load_united_states
from shapefiles.borders.coast import Landmark, find_shores, shore_lengths

MILE = 1.609344

# Statute miles of general coastline and of tidal shoreline: National Oceanic and Atmospheric
# Administration, "The Coastline of the United States", 1975. Connecticut has no general coastline
# there, nor has Pennsylvania.
SEA = {
    "ME": (228, 3478),
    "NH": (13, 131),
    "MA": (192, 1519),
    "RI": (40, 384),
    "CT": (0, 618),
    "NY": (127, 1850),
    "NJ": (130, 1792),
    "PA": (0, 89),
    "DE": (28, 381),
    "MD": (31, 3190),
    "VA": (112, 3315),
    "NC": (301, 3375),
    "SC": (187, 2876),
    "GA": (100, 2344),
    "FL": (1350, 8426),
    "AL": (53, 607),
    "MS": (44, 359),
    "LA": (397, 7721),
    "TX": (367, 3359),
    "CA": (840, 3427),
    "OR": (296, 1410),
    "WA": (157, 3026),
    "AK": (6640, 33904),
    "HI": (750, 1052),
}
# Shoreline of the Great Lakes with islands and connecting rivers, from the same table.
LAKES = {
    "IL": 63,
    "IN": 45,
    "MI": 3224,
    "MN": 189,
    "NY": 473,
    "OH": 312,
    "PA": 51,
    "WI": 820,
}


@pytest.fixture(scope="module")
def units() -> Units:
    return load_united_states()


def by_state(units: Units, column: str) -> dict[str, float]:
    lengths = units.attributes[column]
    codes = np.unique(units.states[lengths > 0]).tolist()
    return {code: lengths[units.states == code].sum() / 1000 for code in codes}


def test_sea_coast_is_that_of_the_coastal_states_between_both_published_lengths(units) -> None:
    coast = by_state(units, "sea_coast")
    assert sorted(coast) == sorted(SEA)
    for code, (general, tidal) in SEA.items():
        assert general * MILE < coast[code] < tidal * MILE, code


def test_lake_coast_is_that_of_the_eight_states_near_the_published_length(units) -> None:
    coast = by_state(units, "lake_coast")
    assert sorted(coast) == sorted(LAKES)
    for code, miles in LAKES.items():
        assert coast[code] == pytest.approx(miles * MILE, rel=0.15), code


def test_what_is_neither_border_nor_coast_is_the_border_with_the_neighbours_of_the_table(
    units,
) -> None:
    rest = units.attributes["perimeter"] - units.attributes["sea_coast"]
    rest -= units.attributes["lake_coast"]
    np.subtract.at(rest, units.edges.pairs, np.repeat(units.edges.border[:, None], 2, axis=1))
    assert rest.min() > -1e-3
    listed = units.attributes["borders_canada"] | units.attributes["borders_mexico"]
    abroad = rest > 1
    assert not (abroad & ~listed).any()
    # The rest of the listed ones meets a lake or river there, or touches within the 2 km.
    on_lakes = units.attributes["lake_coast"] > 0
    assert units.names[listed & ~abroad & ~on_lakes].tolist() == ["Jeff Davis"]
    # International Boundary and Water Commission: 1,954 miles with Mexico.
    with_mexico = rest[units.attributes["borders_mexico"]].sum() / 1000
    assert with_mexico == pytest.approx(1954 * MILE, rel=0.02)


@pytest.mark.parametrize("clockwise", [True, False])
def test_a_coast_worked_out_by_hand(clockwise) -> None:
    # Four squares of 10 km; the border with another country runs along the south, an island lies
    # north of them and one south.
    lon, lat = Transformer.from_crs("EPSG:5070", "EPSG:4269", always_xy=True).transform(
        [40_000.0, 0.0], [1_500_000.0, 1_500_000.0]
    )
    marks = [
        Landmark("eastern end", lon[0], lat[0], "abroad"),
        Landmark("western end", lon[1], lat[1], "lake"),
    ]
    west = np.array([0.0, 1e4, 2e4, 3e4, 1.5e4, 1.5e4])
    south = 1_500_000.0 + np.array([0.0, 0.0, 0.0, 0.0, 1.2e4, -2e3])
    size = np.array([1e4] * 4 + [1e3] * 2)
    squares = shapely.box(west, south, west + size, south + size)
    land = shapely.normalize(shapely.coverage_union_all(squares))
    if clockwise:
        land = shapely.reverse(land)
    lengths = shore_lengths(squares, find_shores(land, "EPSG:5070", marks))
    assert lengths["lake"].tolist() == [2e4, 1e4, 1e4, 2e4, 4e3, 0]
    assert lengths["sea"].tolist() == [0] * 6


def test_a_landmark_away_from_the_outline_is_refused() -> None:
    land = shapely.multipolygons([shapely.box(0, 1_500_000, 10_000, 1_510_000)])
    with pytest.raises(ValueError, match=r"The mouth of the Nile is [\d,]+ m from the outline"):
        find_shores(land, "EPSG:5070", [Landmark("mouth of the Nile", 31.0, 31.5, "sea")])


def test_land_without_landmarks_has_no_known_shore() -> None:
    land = shapely.multipolygons([shapely.box(0, 0, 1, 1)])
    shores = find_shores(land, "EPSG:5070", [])
    assert all(lines.is_empty for lines in shores.values())
    assert shore_lengths(np.array([land]), shores)["sea"].tolist() == [0]
