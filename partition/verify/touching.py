"""Who borders whom on a map of one's own, found another way than by the program.

The program makes neighbours repeat each other's vertices and matches equal segments. Here no vertex
is moved: Shapely relates the polygons pair by pair, as they are drawn, and measures how much of one
boundary lies near the other. Where lines are nearly but not quite the same, within the tolerance of
the readers, both answers are let pass; everywhere else the program's must be this one.
"""

from __future__ import annotations

from typing import Any

from partition.verify.fields import fail

_NOISE = 2.0**-46
"""Share of the largest coordinate by which rounding may move a vertex."""

_LONG = 100.0
"""Tolerances of boundary along another unit's that no reader may overlook."""


def compare(outlines: Any, claimed: set[tuple[int, int]], ids: list[str]) -> None:
    """Refuse borders that the polygons do not have, and any that were overlooked.

    Parameters
    ----------
    outlines
        What :class:`shapefiles.own.reading.Outlines` holds: polygons, in whatever plane, how near
        two lines are that are one, and how far it is around the globe where the map goes around it.
    claimed
        Borders that the readers found, smaller row first.
    ids
        Id of each unit.

    Raises
    ------
    CertificateError
        At the first difference.
    """
    import numpy as np  # noqa: PLC0415 - needed for such runs only
    import shapely  # noqa: PLC0415

    polygons, near = outlines.polygons, float(outlines.tolerance)
    bounds = shapely.total_bounds(polygons)
    noise = _NOISE * float(np.abs(bounds).max()) + near * 1e-6
    near = max(near, 2 * noise)
    tree = shapely.STRtree(polygons)
    moved = {0.0: polygons}
    if outlines.turn:
        moved[outlines.turn] = shapely.transform(
            polygons, lambda xy: xy + np.array([outlines.turn, 0.0])
        )
    seen: set[tuple[int, int]] = set()
    lines: set[tuple[int, int]] = set()
    for others in moved.values():
        one, other = tree.query(others, predicate="dwithin", distance=3 * near)
        rows = one != other if others is not polygons else one < other
        one, other = one[rows], other[rows]
        pairs = [(min(pair), max(pair)) for pair in zip(one.tolist(), other.tolist(), strict=True)]
        seen.update(pairs)
        exact = _run_along(others[one], polygons[other], 50 * noise)
        lines.update(pair for pair, is_line in zip(pairs, exact.tolist(), strict=True) if is_line)
        is_claimed = np.array([pair in claimed for pair in pairs], bool)
        for row in np.flatnonzero(~(is_claimed & exact)).tolist():
            pair = pairs[row]
            first, second = others[one[row]], polygons[other[row]]
            if pair not in claimed and _along(first, second, 2 * noise) > _LONG * near:
                names = f"{ids[pair[0]]} and {ids[pair[1]]}"
                fail("the files of the map", f"{names} have a border, which was overlooked.")
            if pair in claimed and _is_border(first, second, near):
                lines.add(pair)
    for pair in sorted(claimed - lines):
        names = f"{ids[pair[0]]} and {ids[pair[1]]}"
        how = "meet in a point only" if pair in seen else "do not touch"
        fail("the files of the map", f"{names} are said to have a border, but {how}.")


def _run_along(one: Any, other: Any, shortest: float) -> Any:
    """Tell which pairs have a line in common, or overlap, longer than rounding may make it."""
    import shapely  # noqa: PLC0415

    return shapely.length(shapely.intersection(one, other)) > shortest


def _is_border(one: Any, other: Any, near: float) -> bool:
    """Tell whether lines within a tolerance run along each other, rather than meet at an angle.

    At a corner, as much again of the boundary is near the other at twice the distance; along a
    border, hardly any more.
    """
    close, wide = _along(one, other, 1.5 * near), _along(one, other, 3 * near)
    return 2 * close - wide > 0.05 * wide


def _along(one: Any, other: Any, distance: float) -> float:
    """Measure the boundary of a polygon that is within a distance of another, either way."""
    import shapely  # noqa: PLC0415

    pairs = ((one, other), (other, one))
    return float(
        max(
            shapely.length(
                shapely.intersection(
                    shapely.boundary(first), shapely.buffer(second, distance, quad_segs=16)
                )
            )
            for first, second in pairs
        )
    )
