r"""Votes as they might have been, in whole numbers, with the voters of every unit kept.

With :math:`b_i` blue votes of :math:`T_i` in unit *i*, *p* points of swing and an error of
:math:`e_i` points, and B, R and T the sums over all units:

.. math:: b'_i = \Big\lfloor b_i + m_i + \frac{e_i}{100} T_i + \tfrac12 \Big\rfloor
          \text{, clipped at 0 and } T_i \qquad r'_i = T_i - b'_i

with :math:`m_i = p T_i / 100` where each unit swings by as much, and, in proportion,
:math:`m_i = k r_i, k = \min(1, p T / 100 R)` where the blue side gains and
:math:`m_i = -k b_i, k = \min(1, -p T / 100 B)` where it loses. Everything is added up in exact
fractions and rounded once, halves upwards. An error is a normal deviate times the standard
deviation, rounded to a millionth of a point; the deviate is that of the first 52 bits of the
SHA-256 of ``DRAW:ID``, so that it depends on the draw and the id of the unit and on nothing else.
"""

from __future__ import annotations

import hashlib
from fractions import Fraction
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from partition.scenario.swing import Swing
from shapefiles.once import with_votes
from shapefiles.units import Units


def swung(units: Units, election: str, swing: Swing) -> Units:
    """Swing the votes of an election; units themselves where nobody moves.

    Parameters
    ----------
    units
        Units of land with votes.
    election
        Whose votes swing; others stay.
    swing
        How far, and how.
    """
    if swing == Swing() or election not in units.votes:
        return units
    votes = swung_votes(units.votes[election], units.ids.tolist(), swing)
    return with_votes(units, {**units.votes, election: votes})


def swung_votes(
    votes: npt.NDArray[np.int64], ids: list[str], swing: Swing
) -> npt.NDArray[np.int64]:
    """Swing votes, blue and red, shape ``(n_units, 2)``; each unit keeps its total.

    Examples
    --------
    >>> votes = np.array([[40, 60], [99, 1], [0, 0]])
    >>> swung_votes(votes, ["a", "b", "c"], Swing(points=5)).tolist()
    [[45, 55], [100, 0], [0, 0]]
    >>> swung_votes(votes, ["a", "b", "c"], Swing(points=5, in_proportion=True)).tolist()
    [[50, 50], [99, 1], [0, 0]]
    """
    gain, loss = _rates(votes, swing)
    points = Fraction(0) if swing.in_proportion else exact_points(swing.points)
    moved = np.empty_like(votes)
    for unit, (blue, red) in enumerate(votes.tolist()):
        total = blue + red
        error = error_of(swing, ids[unit]) if swing.error and total else Fraction(0)
        wanted = blue + gain * red - loss * blue + (points + error) * total / 100
        now = min(max((2 * wanted + 1) // 2, 0), total)
        moved[unit] = now, total - now
    return moved


def _rates(votes: npt.NDArray[np.int64], swing: Swing) -> tuple[Fraction, Fraction]:
    """Say which share of their voters the red and the blue side lose, in proportion."""
    if not swing.in_proportion:
        return Fraction(0), Fraction(0)
    blue, red = (sum(column) for column in votes.T.tolist())
    points, total = exact_points(swing.points), blue + red
    gain = min(Fraction(1), points * total / (100 * red)) if points > 0 and red else Fraction(0)
    loss = min(Fraction(1), -points * total / (100 * blue)) if points < 0 and blue else Fraction(0)
    return gain, loss


def exact_points(points: float) -> Fraction:
    """Take points as the decimal that was written."""
    return Fraction(repr(float(points)))


def error_of(swing: Swing, unit: str) -> Fraction:
    """Draw the error of a unit, in points."""
    digest = hashlib.sha256(f"{swing.draw}:{unit}".encode()).digest()
    share = ((int.from_bytes(digest[:8], "big") >> 12) + 0.5) / 2**52
    return Fraction(round(NormalDist().inv_cdf(share) * swing.error * 10**6), 10**6)
