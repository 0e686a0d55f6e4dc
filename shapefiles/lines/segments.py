"""Segments that two boundaries repeat exactly, found by hashing their ends."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def repeated_segments(
    xy: npt.NDArray[np.float64], starts: npt.NDArray[np.intp]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Pair the segments that are one line, whatever their direction.

    Parameters
    ----------
    xy
        Coordinates of vertices, shape ``(n_vertices, 2)``.
    starts
        First vertex of each segment, whose other end is the next row, shape ``(n_segments,)``.

    Returns
    -------
    tuple
        Numbers of segments, one pair a row. Of three that are alike two pairs are given.
    """
    key = _vertex_hash(xy)
    key = key[starts] + key[starts + 1]  # the same in both directions
    order = np.argsort(key)
    if not _is_same_segment(xy, starts[order], key[order]).all():
        # Two different segments with one 64-bit hash: rank the vertices exactly instead.
        _, rank = np.unique(xy[:, 0] + 1j * xy[:, 1], return_inverse=True)
        ends = np.sort(np.stack([rank[starts], rank[starts + 1]]), axis=0)
        key = ends[0] * len(xy) + ends[1]
        order = np.argsort(key)
    repeated = key[order][1:] == key[order][:-1]
    return order[:-1][repeated], order[1:][repeated]


def is_repeated(xy: npt.NDArray[np.float64], starts: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    """Tell which segments another one repeats, shape ``(n_segments,)``."""
    found = np.zeros(len(starts), bool)
    for rows in repeated_segments(xy, starts):
        found[rows] = True
    return found


def _vertex_hash(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.uint64]:
    """Mix the bits of both coordinates of each point (the finaliser of splitmix64)."""
    bits = np.ascontiguousarray(xy + 0.0).view(np.uint64)  # + 0.0 turns -0.0 into 0.0
    mixed = bits[:, 0] * np.uint64(0x9E3779B97F4A7C15) + bits[:, 1]
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(31))


def _is_same_segment(
    xy: npt.NDArray[np.float64], starts: npt.NDArray[np.intp], key: npt.NDArray[np.uint64]
) -> npt.NDArray[np.bool_]:
    """Check that neighbours in hash order with one hash are one segment."""
    equal = np.flatnonzero(key[1:] == key[:-1])
    one, other = starts[equal], starts[equal + 1]
    same = (xy[one] == xy[other]) & (xy[one + 1] == xy[other + 1])
    reverse = (xy[one] == xy[other + 1]) & (xy[one + 1] == xy[other])
    is_same: npt.NDArray[np.bool_] = same.all(axis=1) | reverse.all(axis=1)
    return is_same
