"""What is proven of all plans, as half planes between two of their figures.

``assets/reach.js`` does the same in the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from maps.explored import Bound

Point = tuple[float, float]


class HalfPlane(NamedTuple):
    """Plans are where ``a * across + b * up <= most``."""

    a: float
    b: float
    most: float

    def excess(self, point: Point) -> float:
        """Say by how much a point is beyond; at most 0 where a plan can be."""
        return self.a * point[0] + self.b * point[1] - self.most


def half_planes(bounds: Iterable[Bound], across: str, up: str) -> list[HalfPlane]:
    """Take the bounds that speak of nothing but two measures.

    A bound on a further figure says nothing of these two alone.

    Examples
    --------
    >>> bounds = [Bound({"votes": 1, "km": -2}, 75), Bound({"votes": 1, "splits": -1}, 80)]
    >>> half_planes(bounds, "km", "votes")
    [HalfPlane(a=-2, b=1, most=75)]
    """
    return [
        HalfPlane(
            one.coefficients.get(across, 0),
            0 if up == across else one.coefficients.get(up, 0),
            one.most,
        )
        for one in bounds
        if set(one.coefficients) <= {across, up}
    ]


def reachable(planes: Iterable[HalfPlane], low: Point, high: Point) -> list[Point]:
    """Cut what no plan can reach off a rectangle.

    Parameters
    ----------
    planes
        Where plans can be.
    low, high
        Two corners of the rectangle.

    Returns
    -------
    list
        Corners of the convex polygon that is left, in their order; empty where nothing is.

    References
    ----------
    .. [1] I. E. Sutherland, G. W. Hodgman, "Reentrant polygon clipping", Communications of the ACM
       17 (1974) 32-42, doi:10.1145/360767.360802

    Examples
    --------
    >>> reachable([HalfPlane(0, 1, 0.5)], (0, 0), (1, 1))
    [(0.0, 0.5), (0, 0), (1, 0), (1.0, 0.5)]
    """
    polygon = [low, (high[0], low[1]), high, (low[0], high[1])]
    for plane in planes:
        polygon = _cut(polygon, plane)
    return polygon


def _cut(polygon: list[Point], plane: HalfPlane) -> list[Point]:
    left: list[Point] = []
    for before, point in zip([*polygon[-1:], *polygon[:-1]], polygon, strict=True):
        then, now = plane.excess(before), plane.excess(point)
        if (now > 0) != (then > 0):
            share = then / (then - now)
            left.append(
                (
                    before[0] + share * (point[0] - before[0]),
                    before[1] + share * (point[1] - before[1]),
                )
            )
        if now <= 0:
            left.append(point)
    return left
