"""How much of a sweep is proven: between its points as well, in plain values and in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from partition.answer import wording
from partition.studies.table import Row
from solvers.envelope import Region


class Best(NamedTuple):
    """Weights over which a plan is the best one known."""

    low: float
    high: float
    label: str
    """Of a point that has the plan; empty where none has it any more."""


@dataclass(frozen=True, slots=True)
class ProvenRegion:
    """Where the objective of the best plan lies at every weight of a range.

    The known plans bound it from below, what is proven from above; both are linear between two
    corners, in votes. Lower values are rounded down and upper ones up.

    Parameters
    ----------
    key
        The weight: ``weights.border``.
    weights
        Of the corners, ascending, shape ``(n_corners,)``.
    known_votes
        Objective of the best plan known at each corner.
    proven_votes
        What no plan exceeds at each corner.
    best
        Which plan is the best known one where, without a gap.
    within
        How good a plan had to be, as a share of its objective.
    proven_share
        Share of the range over which it is so good, proven.
    largest_votes, largest_at, largest_gap
        The most that is unproven, at which weight, and as a share of the objective there.
    mean_votes
        What is unproven on average over the range.
    ended
        Why no more points were looked at, in a sentence; empty where their number was given.
    """

    key: str
    weights: tuple[float, ...]
    known_votes: tuple[float, ...]
    proven_votes: tuple[float, ...]
    best: tuple[Best, ...]
    within: float
    proven_share: float
    largest_votes: float
    largest_at: float
    largest_gap: float | None
    mean_votes: float
    ended: str = ""

    @classmethod
    def of(
        cls, key: str, found: Region, labels: list[str], within: Fraction, ended: str = ""
    ) -> ProvenRegion:
        """Turn exact fractions into plain values; there is a label for each stretch."""
        worst = found.worst
        return cls(
            key,
            tuple(float(one.weight) for one in found.corners),
            tuple(rounded_down(one.known) for one in found.corners),
            tuple(rounded_up(one.proven) for one in found.corners),
            tuple(
                Best(float(one.low), float(one.high), label)
                for one, label in zip(found.stretches, labels, strict=True)
            ),
            float(within),
            rounded_down(found.share_within(within)),
            rounded_up(worst.unproven),
            float(worst.weight),
            rounded_up(worst.unproven / abs(worst.known)) if worst.known else None,
            rounded_up(found.mean),
            ended,
        )

    def to_dict(self) -> dict[str, Any]:
        """State it as plain values, ready for JSON."""
        return {
            "key": self.key,
            "corners": [
                {"weight": weight, "known_votes": known, "proven_votes": proven}
                for weight, known, proven in zip(
                    self.weights, self.known_votes, self.proven_votes, strict=True
                )
            ],
            "best": [one._asdict() for one in self.best],
            "within_share": self.within,
            "proven_share": self.proven_share,
            "largest_unproven_votes": self.largest_votes,
            "largest_unproven_at": self.largest_at,
            "largest_unproven_gap": self.largest_gap,
            "mean_unproven_votes": self.mean_votes,
            "ended": self.ended or None,
        }

    @property
    def text(self) -> str:
        """What is proven, in a few sentences."""
        name = self.key.rsplit(".", 1)[-1].replace("_", " ")
        low, high = f"{self.weights[0]:,g}", f"{self.weights[-1]:,g}"
        if not self.largest_votes:
            proven = f"At every weight of {name} from {low} to {high} a best plan is known, proven."
        else:
            gap = "" if self.largest_gap is None else f" ({wording.gap_percent(self.largest_gap)})"
            proven = (
                f"At no weight of {name} from {low} to {high} is any plan more than "
                f"{math.ceil(self.largest_votes):,} votes{gap} better than the best one known, "
                f"and {math.ceil(self.mean_votes):,} on average; most is unproven at "
                f"{self.largest_at:,.6g}."
            )
            percent = math.floor(1000 * self.proven_share) / 10
            proven += (
                f" {percent:g} % of the range is proven to within "
                f"{wording.gap_percent(self.within)}."
            )
        return f"{proven} {self.ended}".rstrip()


def point_columns(found: Region, number: int, key: str, weight: Fraction) -> Row:
    """Say of a point what is known and proven at its weight, and where its plan is the best known.

    Parameters
    ----------
    found
        What is proven.
    number
        Of the line of its plan.
    key
        The weight: ``weights.border``.
    weight
        Of the point.
    """
    corner = found.at(weight)
    own = [one for one in found.stretches if one.number == number]
    return {
        "known_votes": rounded_down(corner.known),
        "proven_votes": rounded_up(corner.proven),
        f"{key}_best_from": float(own[0].low) if own else None,
        f"{key}_best_until": float(own[-1].high) if own else None,
    }


def rounded_down(value: Fraction) -> float:
    """Round to the next float below, or the same.

    Examples
    --------
    >>> Fraction(rounded_down(Fraction(1, 10))) < Fraction(1, 10), rounded_down(Fraction(3))
    (True, 3.0)
    """
    near = float(value)
    return near if Fraction(near) <= value else math.nextafter(near, -math.inf)


def rounded_up(value: Fraction) -> float:
    """Round to the next float above, or the same."""
    return -rounded_down(-value)
