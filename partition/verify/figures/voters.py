"""How well the line sorts the voters."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from partition.verify.agreement import EPSILON, Near, share
from partition.verify.figures.ground import BLUE, RED, Ground


def sorting(ground: Ground, gdp_dollars: int | Near | None) -> dict[str, Any]:
    """Measure who is stranded, and what the line gains over none at all.

    ``votes[n][s]`` are the votes of side *s* in nation *n*; `matched` voters live in the nation of
    their vote, `least` when nobody leaves, and `most` when every unit joins its majority.
    """
    votes = [[sum(ground.votes[u][s] for u in ground.of(n)) for s in (RED, BLUE)] for n in (0, 1)]
    red, blue = (votes[RED][side] + votes[BLUE][side] for side in (RED, BLUE))
    matched, voters = votes[RED][RED] + votes[BLUE][BLUE], red + blue
    least, most = max(red, blue), sum(map(max, ground.votes))
    freed, price = matched - least, most - matched
    return {
        "blue_stranded_voters": votes[RED][BLUE],
        "red_stranded_voters": votes[BLUE][RED],
        "blue_stranded_share": share(votes[RED][BLUE], blue),
        "red_stranded_share": share(votes[BLUE][RED], red),
        "stranded_share_difference": _few_roundings(
            Fraction(votes[RED][BLUE], blue) - Fraction(votes[BLUE][RED], red)
        )
        if blue and red
        else None,
        "status_quo_voters": least,
        "best_without_contiguity_voters": most,
        "gain_over_status_quo_voters": freed,
        "gain_over_status_quo_share": share(freed, most - least),
        "price_of_contiguity_voters": price,
        "price_of_contiguity_share": share(price, voters),
        "dissimilarity_index": _few_roundings(_dissimilarity(votes, blue, red))
        if blue and red
        else None,
        "variance_between_share": _few_roundings(_variance(votes, blue, voters))
        if blue and red
        else None,
        "dollars_per_freed_voter_and_gdp_percent": None
        if gdp_dollars is None or freed <= 0
        else _dollars(gdp_dollars, freed),
    }


def _few_roundings(value: Fraction) -> Near:
    """Take a share that a few steps of floating point lead to, each below 1 in size."""
    return Near(value, 4 * EPSILON)


def _dissimilarity(votes: list[list[int]], blue: int, red: int) -> Fraction:
    apart = (Fraction(votes[n][BLUE], blue) - Fraction(votes[n][RED], red) for n in (0, 1))
    return sum(map(abs, apart), Fraction()) / 2


def _variance(votes: list[list[int]], blue: int, voters: int) -> Fraction:
    share_of_all = Fraction(blue, voters)
    between = sum(
        (
            sum(votes[n]) * (Fraction(votes[n][BLUE], sum(votes[n])) - share_of_all) ** 2
            for n in (0, 1)
            if sum(votes[n])
        ),
        Fraction(),
    )
    return between / (voters * share_of_all * (1 - share_of_all))


def _dollars(gdp_dollars: int | Near, freed: int) -> Near:
    given = gdp_dollars if isinstance(gdp_dollars, Near) else Near(gdp_dollars, 0)
    value = Fraction(given.value) / (100 * freed)
    return Near(value, Fraction(given.slack) / (100 * freed) + 4 * abs(value) * EPSILON)
