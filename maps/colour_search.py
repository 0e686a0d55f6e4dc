"""Two colours near those that somebody wants, which everybody can tell apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from maps.eyesight import Floats, cielab, hex_of, is_shown
from maps.shades import has_fault, plain_faults, spread
from maps.style import BUILT_IN

STARTS = (
    ("#669ace", "#b94d48"),
    ("#3b6fb6", "#d98a1f"),
    ("#c98a1d", "#5b4fa0"),
    ("#4f9bd9", "#7a3a1f"),
    ("#008837", "#7b3294"),
    ("#1f5e35", "#da7dd0"),
    ("#9f91f3", "#774622"),
    ("#685ebb", "#f6786f"),
)
"""Pairs that everybody can tell apart, from which a search for others begins, either way around."""

CLIMBS = 3
"""Number of pairs, of those found on the way, that are improved step by step."""


def nearest_pair(pair: tuple[str, str]) -> tuple[str, str]:
    """Find two colours near those given that everybody can tell apart.

    From pairs that are known to be good, the search goes towards those given as far as they stay
    good, then tries smaller and smaller steps of lightness, chroma and hue; nearness is the sum of
    the squared distances in CIELAB. It is repeatable; a nearer pair may exist.

    Parameters
    ----------
    pair
        Colours of the blue and of the red side, six digits each.
    """
    wanted = np.stack([cielab(pair[0]), cielab(pair[1])])
    starts = [_lab_pair(start) for one in STARTS for start in (one, (one[1], one[0]))]
    near = [_approach(start, wanted) for start in starts]
    near.sort(key=lambda one: _far(one, wanted))
    found = [_climb(one, wanted) for one in near[:CLIMBS]]
    best = min(found, key=lambda one: _far(one, wanted))
    return hex_of(best[0]), hex_of(best[1])


def _lab_pair(pair: tuple[str, str]) -> Floats:
    return np.stack([cielab(pair[0]), cielab(pair[1])])


def _far(one: Floats, wanted: Floats) -> float:
    return float(((one - wanted) ** 2).sum())


def _is_good(labs: Floats) -> bool:
    """Whether two colours can be shown, and everybody can tell them apart."""
    if not all(is_shown(one) for one in labs):
        return False
    pair = hex_of(labs[0]), hex_of(labs[1])
    if any(any(plain_faults(replace(one, nations=pair), "")) for one in BUILT_IN):
        return False  # whatever their shades
    return not has_fault(spread(pair))


def _approach(start: Floats, wanted: Floats) -> Floats:
    """Go from a good pair towards the one wanted, as far as it stays good."""
    low, high = 0.0, 1.0
    for _ in range(7):
        middle = (low + high) / 2
        is_good = _is_good(start + middle * (wanted - start))
        low, high = (middle, high) if is_good else (low, middle)
    return start + low * (wanted - start)


def _climb(at: Floats, wanted: Floats) -> Floats:
    """Take steps that come nearer and stay good, smaller ones where none of a size does."""
    step = 12.0
    while step >= 0.75:
        for moved in _moves(at, wanted, step):
            if _far(moved, wanted) < _far(at, wanted) - 1e-9 and _is_good(moved):
                at = moved
                break
        else:
            step /= 2
    return at


def _moves(at: Floats, wanted: Floats, step: float) -> Iterator[Floats]:
    """Propose pairs a step away, those that come nearest first."""
    moves = []
    for side in (0, 1):
        towards = wanted[side] - at[side]
        length = float(np.linalg.norm(towards))
        if length > 1e-9:
            moves.append(_moved(at, side, towards * min(1.0, step / length)))
        for axis in range(3):
            for sign in (-1.0, 1.0):
                delta = np.zeros(3)
                delta[axis] = sign * step
                moves.append(_moved(at, side, delta))
    yield from sorted(moves, key=lambda one: _far(one, wanted))


def _moved(at: Floats, side: int, delta: Floats) -> Floats:
    moved = at.copy()
    moved[side] += delta
    return moved
