"""What plans and bounds at some weights prove between them, held against all lines."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations, pairwise

import pytest

from solvers.envelope import Line, Region, best_lines, region
from solvers.errors import InternalError

Bounds = dict[Fraction, Fraction]


def draw(seed: int, *, is_exact: bool) -> tuple[list[Line], list[Line], Bounds, Fraction, Fraction]:
    """Draw all lines there are, those that are known, and bounds at some weights."""
    rng = random.Random(seed)
    size = rng.choice([3, 10, 100])
    every = [
        Line(
            Fraction(rng.randint(-size, size), rng.choice([1, 3])),
            Fraction(rng.randint(-size, size), rng.choice([1, 2])),
        )
        for _ in range(rng.randint(1, 9))
    ]
    low = Fraction(rng.randint(-5, 5))
    high = low + Fraction(rng.randint(1, 30), rng.choice([1, 7]))
    asked = [low + (high - low) * Fraction(rng.randint(0, 12), 12) for _ in range(4)]
    bounds = {
        weight: max(one.at(weight) for one in every)
        + (0 if is_exact else Fraction(rng.randint(0, 20), rng.choice([1, 10])))
        for weight in asked[: rng.randint(1, 4)]
    }
    return every, rng.sample(every, rng.randint(1, len(every))), bounds, low, high


def prove(
    every: list[Line], known: list[Line], bounds: Bounds, low: Fraction, high: Fraction
) -> Region:
    slopes = min(one.slope for one in every), max(one.slope for one in every)
    found = region(known, bounds, slopes, low, high)
    assert found is not None
    return found


@pytest.mark.parametrize("is_exact", [True, False])
def test_the_best_of_all_lines_is_never_outside_of_the_region(is_exact: bool) -> None:
    for seed in range(400):
        every, known, bounds, low, high = draw(seed, is_exact=is_exact)
        found = prove(every, known, bounds, low, high)
        kinks = {
            (one.value - other.value) / (other.slope - one.slope)
            for one, other in combinations(every, 2)
            if one.slope != other.slope
        }
        weights = [low + (high - low) * Fraction(step, 40) for step in range(41)]
        for weight in [*weights, *(kink for kink in kinks if low <= kink <= high)]:
            corner = found.at(weight)
            best = max(one.at(weight) for one in every)
            assert corner.known == max(one.at(weight) for one in known) <= best <= corner.proven
            assert corner.unproven <= found.worst.unproven
        for weight, bound in bounds.items():
            assert found.at(weight).proven <= bound
        assert [one.weight for one in found.corners][:: len(found.corners) - 1] == [low, high]
        for one, other in pairwise(found.stretches):
            assert one.low < one.high == other.low


def test_mean_and_share_are_those_of_many_single_weights() -> None:
    within, n_steps = Fraction(1, 10), 400
    for seed in range(40):
        every, known, bounds, low, high = draw(seed, is_exact=False)
        found = prove(every, known, bounds, low, high)
        middles = [low + (high - low) * Fraction(2 * k + 1, 2 * n_steps) for k in range(n_steps)]
        corners = [found.at(weight) for weight in middles]
        mean = sum(one.unproven for one in corners) / n_steps
        assert abs(mean - found.mean) <= found.worst.unproven / 50
        share = sum(one.unproven <= within * abs(one.known) for one in corners) / n_steps
        assert abs(share - found.share_within(within)) <= 0.02


def test_exact_bounds_where_known_plans_cross_leave_nothing_open() -> None:
    """The dichotomic scheme: every change of the best line is found, and then nothing is left."""
    for seed in range(300):
        every, _, _, low, high = draw(seed, is_exact=True)
        known: list[Line] = []
        bounds: Bounds = {}
        asked = [low, high]
        while asked:
            for weight in asked:
                best = max(every, key=lambda one: one.at(weight))
                known.append(best)
                bounds[weight] = best.at(weight)
            found = prove(every, known, bounds, low, high)
            changes = (one.low for one in found.stretches[1:])
            asked = [weight for weight in changes if weight not in bounds]
        assert found.worst.unproven == found.mean == 0
        assert found.share_within(Fraction(0)) == 1
        wanted = best_lines(every, low, high)
        assert [one.low for one in found.stretches] == [one.low for one in wanted]
        assert len(bounds) <= 2 * len(wanted) + 2


def test_a_plan_above_what_is_proven_is_an_error_of_the_program() -> None:
    line, half = Line(Fraction(1), Fraction(0)), Fraction(1, 2)
    with pytest.raises(InternalError, match=r"no plan is worth more than 0\.5"):
        region([line], {Fraction(0): half}, (Fraction(0), Fraction(0)), Fraction(0), Fraction(1))


def test_without_a_bound_nothing_is_proven_and_without_a_line_nothing_known() -> None:
    zero, one = Fraction(0), Fraction(1)
    assert region([Line(zero, one)], {}, (zero, one), zero, one) is None
    with pytest.raises(ValueError, match="0 lines"):
        region([], {zero: one}, (zero, one), zero, one)
    with pytest.raises(ValueError, match="from 1 to 0"):
        best_lines([Line(zero, one)], one, zero)
