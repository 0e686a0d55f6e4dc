"""Who lives in the nation of their vote, who is stranded, and what the line gains them."""

from __future__ import annotations

import numpy as np

from partition.metrics.nations import BLUE, RED, Assignment, Ints, check_votes, nation_votes


def matched_votes(votes: Ints, assignment: Assignment) -> Ints:
    r"""Count, in every unit, the voters who get the nation of their vote.

    .. math:: m_i = b_i x_i + r_i (1 - x_i)

    with blue votes *b*, red votes *r* and *x* = 1 where the unit joins the blue nation. The rest,
    :math:`b_i + r_i - m_i`, are the stranded voters. Their share is the simplest measure of what
    Alesina and Spolaore call the cost of heterogeneity within a nation [1]_.

    Parameters
    ----------
    votes
        Whole votes, blue and red, shape ``(n_units, 2)``.
    assignment
        Part of each unit, shape ``(n_units,)``.

    Returns
    -------
    numpy.ndarray
        Whole votes, shape ``(n_units,)``.

    Raises
    ------
    ValueError
        When the two arrays do not describe the same units.

    References
    ----------
    .. [1] A. Alesina, E. Spolaore, "On the Number and Size of Nations", Quarterly Journal of
       Economics 112(4), 1997, doi:10.1162/003355397555411.

    Examples
    --------
    >>> matched_votes(np.array([[3, 1], [2, 2], [0, 5]]), np.array([1, 1, 0], np.int8))
    array([3, 2, 5])
    """
    check_votes(votes, assignment)
    return np.where(assignment == BLUE, votes[:, 0], votes[:, 1])


def self_determination(votes: Ints, assignment: Assignment) -> float | None:
    r"""Measure the share of two-party voters who get the nation of their vote.

    .. math:: M \Big/ \sum_i (b_i + r_i), \qquad M = \sum_i b_i x_i + r_i (1 - x_i)

    with blue votes *b*, red votes *r* and *x* = 1 where the unit joins the blue nation; see
    :func:`matched_votes`. None where nobody voted. One minus it is the average distance between
    people and their government, in the model of Alesina and Spolaore [1]_ with distances 0 and 1.

    References
    ----------
    .. [1] A. Alesina, E. Spolaore, "On the Number and Size of Nations", Quarterly Journal of
       Economics 112(4), 1997, doi:10.1162/003355397555411.

    Examples
    --------
    >>> self_determination(np.array([[3, 1], [2, 2], [0, 5]]), np.array([1, 1, 0], np.int8))
    0.7692307692307693
    """
    return share(int(matched_votes(votes, assignment).sum()), int(votes.sum()))


def stranded_shares(votes: Ints, assignment: Assignment) -> tuple[float | None, float | None]:
    r"""Measure the share of each side's voters who live in the other side's nation.

    .. math::
        s_B = \sum_i b_i (1 - x_i) \Big/ \sum_i b_i, \qquad
        s_R = \sum_i r_i x_i \Big/ \sum_i r_i

    with blue votes *b*, red votes *r* and *x* = 1 where the unit joins the blue nation. Their
    difference, :math:`s_B - s_R`, says which side the line treats worse: above 0 it strands the
    blue side more often. The efficiency gap of a districting plan compares in the same way which
    party's votes count for less [1]_.

    Returns
    -------
    tuple
        Share of the blue and of the red side; None for a side without voters.

    References
    ----------
    .. [1] N. O. Stephanopoulos, E. M. McGhee, "Partisan Gerrymandering and the Efficiency Gap",
       University of Chicago Law Review 82(2), 2015, 831-900.

    Examples
    --------
    >>> stranded_shares(np.array([[3, 1], [2, 2], [0, 4]]), np.array([1, 0, 0], np.int8))
    (0.4, 0.14285714285714285)
    """
    inside = nation_votes(votes, assignment)
    blue, red = inside.sum(axis=0).tolist()
    return share(int(inside[RED, 0]), blue), share(int(inside[BLUE, 1]), red)


def status_quo(votes: Ints) -> int:
    r"""Count the voters who get the nation of their vote when nobody leaves.

    .. math:: M_0 = \max \Big( \sum_i b_i, \sum_i r_i \Big)

    with blue votes *b* and red votes *r*. One nation for everybody is the nation of the side that
    more voters chose: it is the best plan in which every unit joins the same nation. Votes decide,
    not electors: in 2016 they differed. In the model of Alesina and Spolaore the majority of a
    nation chooses its government in the same way [1]_.

    References
    ----------
    .. [1] A. Alesina, E. Spolaore, "On the Number and Size of Nations", Quarterly Journal of
       Economics 112(4), 1997, doi:10.1162/003355397555411.

    Examples
    --------
    >>> status_quo(np.array([[3, 1], [2, 2], [0, 5]]))
    8
    """
    return int(votes.sum(axis=0).max())


def best_without_contiguity(votes: Ints) -> int:
    r"""Count the voters who get the nation of their vote when every unit joins its majority.

    .. math:: M^* = \sum_i \max (b_i, r_i)

    with blue votes *b* and red votes *r*. No plan does better, since units are never divided.

    Examples
    --------
    >>> best_without_contiguity(np.array([[3, 1], [2, 2], [0, 5]]))
    10
    """
    return int(votes.max(axis=1, initial=0).sum())


def gain_over_status_quo(votes: Ints, assignment: Assignment) -> float | None:
    r"""Measure the gain over the status quo as a share of what is possible.

    .. math:: (M - M_0) / (M^* - M_0)

    with *M* the voters who get the nation of their vote in this plan (:func:`matched_votes`),
    :math:`M_0` those when nobody leaves (:func:`status_quo`) and :math:`M^*` those when every
    unit joins its own majority (:func:`best_without_contiguity`). So 0 is no better than staying
    together, 1 the best that any line between units can do, and below 0 worse than no line at
    all. The ceiling is :math:`M^*` and not all voters, because nobody can draw a line inside a
    unit. This is the form of a skill score, the gain over a reference forecast as a share of the
    gain of a perfect one [1]_. None where all units have one majority, so that nothing can be
    gained.

    References
    ----------
    .. [1] A. H. Murphy, "Skill Scores Based on the Mean Square Error and Their Relationships to
       the Correlation Coefficient", Monthly Weather Review 116(12), 1988, 2417-2424.

    Examples
    --------
    >>> gain_over_status_quo(np.array([[3, 1], [2, 2], [0, 5]]), np.array([1, 1, 0], np.int8))
    1.0
    >>> gain_over_status_quo(np.array([[3, 1], [2, 2], [0, 5]]), np.array([0, 0, 0], np.int8))
    0.0
    """
    least, most = status_quo(votes), best_without_contiguity(votes)
    if most == least:
        return None
    return (int(matched_votes(votes, assignment).sum()) - least) / (most - least)


def price_of_contiguity(votes: Ints, assignment: Assignment) -> int:
    r"""Count the voters that a plan gives up against the best plan without contiguity.

    .. math:: M^* - M = \sum_i |b_i - r_i| \, [\text{unit } i \text{ is not with its majority}]

    with :math:`M^*` from :func:`best_without_contiguity` and *M* from :func:`matched_votes`. Never
    negative. For a plan with further constraints it is the price of all of them together. The name
    follows the price of fairness, the loss that a constraint costs against the optimum without it
    [1]_.

    References
    ----------
    .. [1] D. Bertsimas, V. F. Farias, N. Trichakis, "The Price of Fairness", Operations Research
       59(1), 2011, doi:10.1287/opre.1100.0865.

    Examples
    --------
    >>> price_of_contiguity(np.array([[3, 1], [2, 2], [0, 5]]), np.array([0, 1, 0], np.int8))
    2
    """
    return best_without_contiguity(votes) - int(matched_votes(votes, assignment).sum())


def share(part: float, whole: float) -> float | None:
    """Divide, or say None where the whole is nothing.

    Examples
    --------
    >>> share(1, 4), share(0, 0)
    (0.25, None)
    """
    return part / whole if whole else None
