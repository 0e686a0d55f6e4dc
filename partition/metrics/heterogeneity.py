"""How different the two nations are, and when a second state is worth its cost."""

from __future__ import annotations

import numpy as np

from partition.metrics.nations import BLUE, RED, Assignment, Ints, nation_votes
from partition.metrics.voters import matched_votes, status_quo


def dissimilarity_index(votes: Ints, assignment: Assignment) -> float | None:
    r"""Measure how unevenly the two sides are spread over the nations.

    .. math:: D = \frac{1}{2} \sum_n \left| \frac{B_n}{B} - \frac{R_n}{R} \right|

    with the blue votes *B* and the red votes *R* in nation *n* and altogether. It is the share of
    either side that would have to move for both nations to vote alike: 0 when they do, 1 when
    nobody is stranded [1]_. With two nations :math:`D = |1 - s_B - s_R|`, where :math:`s_B` and
    :math:`s_R` are the shares of :func:`stranded_shares`. None where a side has no voters.

    References
    ----------
    .. [1] O. D. Duncan, B. Duncan, "A Methodological Analysis of Segregation Indexes", American
       Sociological Review 20(2), 1955, doi:10.2307/2088328.

    Examples
    --------
    >>> dissimilarity_index(np.array([[8, 2], [2, 8]]), np.array([1, 0], np.int8))
    0.6000000000000001
    """
    inside = nation_votes(votes, assignment)
    total = inside.sum(axis=0)
    if not total.all():
        return None
    blue, red = (inside / total).T
    return float(np.abs(blue - red).sum()) / 2


def variance_between(votes: Ints, assignment: Assignment) -> float | None:
    r"""Measure the share of the variance of the vote that lies between the nations.

    .. math:: \eta^2 = \frac{\sum_n V_n (p_n - p)^2}{V \, p (1 - p)}

    with *V* voters, of whom a share *p* voted blue, in nation *n* and altogether. The rest,
    :math:`1 - \eta^2`, is disagreement inside the nations. It is the correlation ratio squared
    [1]_, known as the variance ratio index of segregation [2]_. None where all voters agree.

    References
    ----------
    .. [1] K. Pearson, "On the General Theory of Skew Correlation and Non-linear Regression",
       Drapers' Company Research Memoirs, Biometric Series II, 1905.
    .. [2] D. S. Massey, N. A. Denton, "The Dimensions of Residential Segregation", Social Forces
       67(2), 1988, doi:10.1093/sf/67.2.281.

    Examples
    --------
    >>> variance_between(np.array([[8, 2], [2, 8]]), np.array([1, 0], np.int8))
    0.36
    """
    inside = nation_votes(votes, assignment)
    blue, voters = int(inside[:, 0].sum()), int(inside.sum())
    if blue in {0, voters}:
        return None
    # Both sides times V**3, so that whole numbers do all but the last division.
    between = 0.0
    for part in (RED, BLUE):
        own, size = int(inside[part, 0]), int(inside[part].sum())
        if size:
            between += (own * voters - blue * size) ** 2 / size
    return between / (voters * blue * (voters - blue))


def freed_voters(votes: Ints, assignment: Assignment) -> int:
    r"""Count the stranded voters that the fixed cost of a second state must outweigh.

    .. math:: \Delta = M - M_0

    with *M* from :func:`matched_votes` and :math:`M_0` from :func:`status_quo`: how many fewer
    voters are stranded than when nobody leaves. After Alesina and Spolaore [1]_, a person at
    distance *l* from their government enjoys :math:`g (1 - a l)` of it, and every nation costs
    *k* a year, however many share it. With *l* = 1 for the stranded and 0 for the others, a
    second state costs *k* more and is worth :math:`g a \Delta`; so it pays where
    :math:`k < g a \Delta`, and breaks even at :math:`\Delta = k / (g a)` voters. At 0 or below, no
    second state is cheap enough. What the model leaves out: larger markets, defence, and people
    who did not vote.

    References
    ----------
    .. [1] A. Alesina, E. Spolaore, "On the Number and Size of Nations", Quarterly Journal of
       Economics 112(4), 1997, doi:10.1162/003355397555411.

    Examples
    --------
    >>> freed_voters(np.array([[3, 1], [2, 2], [0, 5]]), np.array([1, 1, 0], np.int8))
    2
    """
    return int(matched_votes(votes, assignment).sum()) - status_quo(votes)


def break_even_value(fixed_cost: float, freed: int) -> float | None:
    r"""Say what it must be worth, for each voter freed, not to be stranded.

    .. math:: g a = k / \Delta

    with the fixed cost *k* of a second state and the voters :math:`\Delta` of
    :func:`freed_voters` [1]_; in the unit of the cost. None where nobody is freed: then no value is
    high enough.

    References
    ----------
    .. [1] A. Alesina, E. Spolaore, "On the Number and Size of Nations", Quarterly Journal of
       Economics 112(4), 1997, doi:10.1162/003355397555411.

    Examples
    --------
    A second state for 30 billion dollars a year that frees 15 million voters:

    >>> break_even_value(30e9, 15_000_000)
    2000.0
    """
    return fixed_cost / freed if freed > 0 else None
