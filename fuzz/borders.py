"""Draw random maps in many systems: the borders found must be those of the drawing, in each.

Run from a checkout with the package installed::

    python fuzz/borders.py 3000 --seed 1

Every map is drawn on whole numbers, where its borders can be counted without any geometry: cells
of a grid with lines at random distances (down to a hundredth of the others: slivers) have random
labels, a unit is all cells of a label, and one label is water or road. So there are units in
several parts, with holes, on islands, and touching in corners only; corners in the middle of a
straight side are left out, so that most borders end at T-junctions. Voronoi cells and their
merged neighbours make another kind. Some units have more vertices on straight sides than their
neighbours have. The drawing is sheared or turned, mirrored, scaled, and put into longitude and
latitude, Web Mercator, zones of UTM, a state plane in feet and equal-area systems that stretch
lengths to twice what they are, on both hemispheres, where each unit's vertices are off by some last
bits. A map whose borders differ from those counted, or are not as long as on the globe, is a fault,
and is printed with its number.

Borders are also found with Shapely alone, from the noisy coordinates of the file: where the
boundaries of two units, one snapped to the other, have a line in common.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from shapefiles.lines.noding import node
from shapefiles.lines.tolerance import tolerance_in
from shapefiles.own.drawn import Drawn, draw
from shapefiles.own.ground import Ground

Pairs = set[tuple[int, int]]
Transform = Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]


class Drawing(NamedTuple):
    """A map on a sheet of paper, and which units share a border on it."""

    kind: str
    polygons: npt.NDArray[np.object_]
    pairs: Pairs
    finest: float
    """Shortest distance on the sheet between lines that are two."""


class Place(NamedTuple):
    """Where on the globe a sheet is put: system, middle, and units of the system in a metre."""

    crs: str
    x: float
    y: float
    per_metre: float
    widest: float
    """Metres that a sheet may have there."""


PLACES = (
    Place("EPSG:4326", 11.25, 48.5, 1 / 111_320, 400_000),
    Place("EPSG:4326", -68.1, -31.7, 1 / 111_320, 400_000),
    Place("EPSG:4269", -100.0, 40.0, 1 / 111_320, 400_000),
    Place("EPSG:4326", 24.9, 64.2, 1 / 111_320, 200_000),
    Place("EPSG:3857", 1_250_000, 6_200_000, 1.0, 400_000),
    Place("EPSG:3857", -7_600_000, -3_700_000, 1.0, 400_000),
    Place("EPSG:32633", 500_000, 5_400_000, 1.0, 200_000),
    Place("EPSG:32719", 480_000, 6_500_000, 1.0, 200_000),
    Place("EPSG:2263", 1_000_000, 200_000, 3937 / 1200, 80_000),
    Place("EPSG:5070", 200_000, 1_900_000, 1.0, 400_000),
    Place("EPSG:6933", 1_000_000, 6_300_000, 1.0, 300_000),
    Place("ESRI:54009", -5_000_000, 6_500_000, 1.0, 300_000),
)


def grid(random: np.random.Generator) -> Drawing:
    """Label the cells of a grid with lines at random distances."""
    shape = random.integers(2, 7, 2)
    labels = random.integers(0, max(2, int(shape.prod() * random.uniform(0.3, 1.0))), shape)
    xs, ys = (np.append(0, np.cumsum(random.choice([1, 7, 40, 100], n))) for n in shape)
    return _labelled("grid", labels, xs, ys)


def bricks(random: np.random.Generator) -> Drawing:
    """Lay rows of bricks, whose joints are T-junctions; some bricks are missing."""
    n_rows = int(random.integers(2, 7))
    xs = np.append(0, np.cumsum(random.choice([1, 7, 40, 100], 12)))
    ys = np.append(0, np.cumsum(random.choice([1, 7, 40, 100], n_rows)))
    labels = np.empty((12, n_rows), np.int64)
    last = 0
    for row in range(n_rows):
        labels[:, row] = last + np.cumsum(random.random(12) < 0.3)
        last = int(labels[-1, row]) + 1
    water = random.choice(last, last // 8, replace=False)
    labels[np.isin(labels, water)] = -1
    return _labelled("bricks", labels + 1, xs, ys)


def cells(random: np.random.Generator) -> Drawing:
    """Merge Voronoi cells, and add vertices that only one side of a border has."""
    points = shapely.multipoints(random.uniform(0, 1000, (int(random.integers(6, 40)), 2)))
    found = shapely.get_parts(shapely.voronoi_polygons(points))
    found = shapely.set_precision(found, 1.0)
    found = found[(shapely.get_type_id(found) == 3) & ~shapely.is_empty(found)]
    label = np.arange(len(found))
    moved = random.random(len(found)) < 0.3
    label[moved] = random.integers(0, len(found), int(moved.sum()))
    names = np.unique(label)
    units = np.array([shapely.union_all(found[label == one]) for one in names], object)
    kept = random.random(len(units)) < 0.95
    units = shapely.set_precision(units[kept & (shapely.area(units) > 0)], 0)
    pairs = {
        (a, b)
        for a in range(len(units))
        for b in range(a)
        if shapely.relate_pattern(units[a], units[b], "F***1****")
    }
    return Drawing("cells", units, {(b, a) for a, b in pairs}, _finest(units))


KINDS = (grid, bricks, cells)


def _labelled(
    kind: str, labels: npt.NDArray[np.int64], xs: npt.NDArray[np.int64], ys: npt.NDArray[np.int64]
) -> Drawing:
    """Make a unit of the cells of each label above 0, without vertices on straight sides."""
    column, row = np.indices(labels.shape)
    boxes = shapely.box(xs[column], ys[row], xs[column + 1], ys[row + 1])
    names = [name for name in np.unique(labels).tolist() if name > 0]
    number = {name: unit for unit, name in enumerate(names)}
    units = [shapely.coverage_union_all(boxes[labels == name]) for name in names]
    pairs = set()
    for one, other in ((labels[1:], labels[:-1]), (labels[:, 1:], labels[:, :-1])):
        for a, b in zip(one.ravel().tolist(), other.ravel().tolist(), strict=True):
            if a != b and a > 0 and b > 0:
                pairs.add((min(number[a], number[b]), max(number[a], number[b])))
    polygons = np.array([shapely.normalize(shapely.simplify(one, 0)) for one in units], object)
    return Drawing(kind, polygons, pairs, 1.0)


def _finest(polygons: npt.NDArray[np.object_]) -> float:
    """Measure the smallest distance between a vertex and a line it is not on."""
    lines = shapely.boundary(polygons)
    xy = np.unique(shapely.get_coordinates(polygons), axis=0)
    points = shapely.points(xy)
    distance = shapely.distance(points[:, None], lines[None, :])
    distance[distance == 0] = np.inf
    between = shapely.distance(points[:, None], points[None, :])
    between[between == 0] = np.inf
    return float(min(distance.min(initial=np.inf), between.min(initial=np.inf)))


def put(
    drawing: Drawing, place: Place, random: np.random.Generator
) -> tuple[npt.NDArray[np.object_], Transform]:
    """Put a drawing somewhere on the globe, with noise in the last bits.

    Returns
    -------
    tuple
        Polygons in the system of the place, and what moves coordinates of the sheet there.
    """
    xy = shapely.get_coordinates(drawing.polygons)
    turn = random.integers(-3, 4, (2, 2)).astype(float)
    if abs(np.linalg.det(turn)) < 1 or random.random() < 0.3:
        turn = np.eye(2) * random.choice([1, -1], 2)
    middle = (xy.min(axis=0) + xy.max(axis=0)) / 2
    extent = float(np.ptp((xy - middle) @ turn, axis=0).max())
    scale = float(np.exp(random.uniform(np.log(200), np.log(place.widest)))) / extent
    size = scale * place.per_metre
    ulps = float(random.choice([0.0, 1.0, 4.0]))

    def move(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return ((xy - middle) @ turn) * size + (place.x, place.y)

    def move_roughly(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        moved = move(xy)
        _, same = np.unique(xy, axis=0, return_inverse=True)
        noise = random.integers(-1, 2, (int(same.max()) + 1, 2))[same.ravel()]
        return moved + ulps * np.spacing(moved) * noise

    longest = float(np.ptp(xy, axis=0).max()) / random.uniform(2, 20)
    is_split = random.random(len(drawing.polygons)) < 0.3
    outlines = np.where(is_split, shapely.segmentize(drawing.polygons, longest), drawing.polygons)
    rough = [shapely.transform(one, move_roughly) for one in outlines]
    polygons = np.array(rough, object)
    spoilt = ~shapely.is_valid(polygons)
    polygons[spoilt] = shapely.transform(drawing.polygons[spoilt], move)
    return polygons, move


def read(polygons: npt.NDArray[np.object_], crs: str) -> Drawn:
    """Node and project polygons as reading them from a file would."""
    tolerance = tolerance_in(polygons, pyproj.CRS(crs))
    noded = node(polygons, tolerance)
    ground = Ground(noded, crs, tolerance, is_ring=False, notes=(), drawn=polygons)
    return draw(ground, "a map")


def borders_by_shapely(
    polygons: npt.NDArray[np.object_], tolerance: float, shortest: float
) -> Pairs:
    """Find the pairs whose boundaries run along each other, with Shapely alone.

    Parameters
    ----------
    polygons
        In the system of a file, shape ``(n_units,)``.
    tolerance
        How far apart the boundaries may be by rounding.
    shortest
        Length along each other below which boundaries only touch, perhaps at a sharp angle.
    """
    one, other = shapely.STRtree(polygons).query(polygons, predicate="dwithin", distance=tolerance)
    one, other = one[one < other], other[one < other]
    near = shapely.buffer(polygons[other], 2 * tolerance)
    common = shapely.length(shapely.intersection(shapely.boundary(polygons[one]), near))
    found = common > shortest
    return set(zip(one[found].tolist(), other[found].tolist(), strict=True))


def lengths_on_globe(
    drawing: Drawing, pairs: list[list[int]], move: Transform, crs: str
) -> npt.NDArray[np.float64]:
    """Measure borders as geodesics between many vertices on the way, each moved by itself."""
    one, other = np.array(pairs).T
    common = shapely.intersection(drawing.polygons[one], drawing.polygons[other])
    system = pyproj.CRS(crs)
    to_globe = pyproj.Transformer.from_crs(system, system.geodetic_crs, always_xy=True)
    longest = float(np.ptp(shapely.get_coordinates(drawing.polygons), axis=0).max())
    fine = shapely.transform(shapely.segmentize(common, longest / 500), move)
    on_globe = shapely.transform(fine, to_globe.transform, interleaved=False)
    geod = system.get_geod()
    return np.array([geod.geometry_length(line) for line in on_globe])


def check(number: int, seed: int) -> tuple[str, str]:
    """Check one map; return its kind and what is wrong, empty if nothing."""
    random = np.random.default_rng([seed, number])
    drawing = KINDS[number % len(KINDS)](random)
    place = PLACES[int(random.integers(len(PLACES)))]
    if len(drawing.polygons) < 2 or not shapely.is_valid(drawing.polygons).all():
        return "left out: not a map", ""
    polygons, move = put(drawing, place, random)
    drawn = read(polygons, place.crs)
    sides = move(np.array([[0.0, 0.0], [1000.0, 0.0], [0.0, 1000.0]]))
    stretch = np.linalg.svd((sides[1:] - sides[0]) / 1000, compute_uv=False)
    finest = drawing.finest * float(stretch.min())
    if finest < 20 * drawn.tolerance:
        return "left out: lines nearer than a tolerance", ""
    if not (shapely.is_valid(polygons).all() and shapely.is_valid(drawn.polygons).all()):
        return "left out: invalid where it was put", ""
    rounding = 1e-12 * float(np.abs([place.x, place.y]).max())
    by_shapely = borders_by_shapely(polygons, rounding, finest / 2)
    kind = f"{drawing.kind} in {place.crs}"
    wrong = differences(drawn, drawing, by_shapely, move, place.crs)
    return kind, f"{kind}: {wrong}" if wrong else ""


def differences(
    drawn: Drawn, drawing: Drawing, by_shapely: Pairs, move: Transform, crs: str
) -> str:
    """Say in what a map differs from its drawing; empty if in nothing."""
    contacts = drawn.contacts()
    found = {(a, b) for a, b in contacts.pairs.tolist()}
    for name, pairs in (("the drawing", drawing.pairs), ("Shapely", by_shapely)):
        if found != pairs:
            return f"{name} has {sorted(pairs - found)} more, and has not {sorted(found - pairs)}"
    if not shapely.coverage_is_valid(drawn.polygons):
        return "the projected polygons do not fit together"
    if not found:
        return ""
    measured = lengths_on_globe(drawing, contacts.pairs.tolist(), move, crs)
    if np.allclose(contacts.border, measured, rtol=1e-4, atol=1e-3):
        return ""
    worst = int(np.argmax(np.abs(contacts.border / measured - 1)))
    lengths = f"{contacts.border[worst]:.4f} m long, not {measured[worst]:.4f} m"
    return f"the border {contacts.pairs[worst].tolist()} is {lengths}"


def main() -> int:
    """Check maps, print what is wrong and how many of each kind there were."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("maps", type=int, nargs="?", default=3000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    warnings.simplefilter("error")
    seen: Counter[str] = Counter()
    n_wrong = 0
    for number in range(options.maps):
        kind, wrong = check(number, options.seed)
        seen[kind] += 1
        if wrong:
            n_wrong += 1
            print(f"map {number}: {wrong}", flush=True)
    for kind, n_maps in sorted(seen.items()):
        print(f"{n_maps:6,} {kind}")
    print(f"{n_wrong:,} of {options.maps:,} maps are wrong.")
    return 1 if n_wrong else 0


if __name__ == "__main__":
    sys.exit(main())
