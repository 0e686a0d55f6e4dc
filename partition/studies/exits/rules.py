"""When a unit follows a nation that leaves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from partition.errors import InputError
from shapefiles.errors import shown

Share = str | float | Fraction
"""A share as a person gives it."""

LONGEST = 60
"""Characters of a share; a longer text is a slip."""

_SHARE = re.compile(r"-?[0-9]*\.?[0-9]+(e-[0-9]{1,2})?|-?[0-9]+\.|[0-9]+/[0-9]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class ExitRules:
    """When a unit, or a whole place, follows a nation that leaves.

    Parameters
    ----------
    threshold
        Least share of its voters on the side of the leaving nation.
    in_one_piece
        Whether what would tear the nation that it leaves has to wait.
    no_enclaves
        Whether what would leave a piece without a coast or a border with another country has to
        wait.
    both_sides
        Whether units of the leaving nation return where they border on the rest and are below the
        threshold, those that have begun it among them.
    quorum
        Least share of its people who voted for either side, or None; what has less never moves.
    """

    threshold: Fraction
    in_one_piece: bool = False
    no_enclaves: bool = False
    both_sides: bool = False
    quorum: Fraction | None = None

    @property
    def is_free(self) -> bool:
        """Whether all that may follow at a time does: nothing has to wait, and nothing returns."""
        return not (self.in_one_piece or self.no_enclaves or self.both_sides)

    @property
    def clauses(self) -> tuple[str, ...]:
        """Say what is asked beside the threshold."""
        torn = "neither nation may be torn" if self.both_sides else "the rest may not be torn"
        return (
            *([torn] if self.in_one_piece else []),
            *(["no enclave may arise"] if self.no_enclaves else []),
            *(["units may return"] if self.both_sides else []),
            *([] if self.quorum is None else [f"a quorum of {fraction_text(self.quorum)}"]),
        )

    def to_dict(self) -> dict[str, str | bool | None]:
        """State the rules as plain values; shares as they are, in exact decimals or fractions."""
        return {
            "threshold": fraction_text(self.threshold),
            "in_one_piece": self.in_one_piece,
            "no_enclaves": self.no_enclaves,
            "both_sides": self.both_sides,
            "quorum": None if self.quorum is None else fraction_text(self.quorum),
        }


def read_share(given: Share, name: str) -> Fraction:
    """Read a share exactly as it is written: a decimal, a fraction, or a number.

    Parameters
    ----------
    given
        Such as ``0.5``, ``"0.5"`` or ``"1/3"``.
    name
        What it is called, for messages.

    Raises
    ------
    InputError
        When it is no share from 0 to 1.

    Examples
    --------
    >>> read_share(0.1, "threshold"), read_share("1/3", "threshold")
    (Fraction(1, 10), Fraction(1, 3))
    """
    share = _fraction(given)
    if share is not None and 0 <= share <= 1:
        return share
    instead = "0.5, for instance, or 1/3"
    percent = _fraction(str(given).replace("%", "").strip())
    if percent is not None and 1 < percent <= 100:
        instead = f"{fraction_text(percent)} % is {fraction_text(percent / 100)}"
    said = shown(given, LONGEST)[1:-1]
    raise InputError(f"{name} = {said}: give a share from 0 to 1; {instead}.")


def _fraction(given: Share) -> Fraction | None:
    if isinstance(given, Fraction):
        return given
    text = str(given).strip()
    if isinstance(given, bool) or len(text) > LONGEST or not _SHARE.fullmatch(text):
        return None
    try:
        return Fraction(text)
    except ZeroDivisionError:
        return None


def fraction_text(share: Fraction) -> str:
    """Write a share as a decimal where it is a short one, and as a fraction else.

    Examples
    --------
    >>> fraction_text(Fraction(1, 2)), fraction_text(Fraction(1, 3)), fraction_text(Fraction(1))
    ('0.5', '1/3', '1')
    """
    short = f"{float(share):.9g}"
    return short if "e" not in short and Fraction(short) == share else str(share)
