"""How figures are written in tables: separators of thousands, decimal marks, and what is doubtful.

In one country ``1.234`` is a little more than one, in another more than a thousand. Nothing in the
text says which; so it is asked, unless the mark has been named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from shapefiles.errors import DataError, shown

THOUSANDS = {
    ".": r"\.",
    ",": ",",
    "space": "[ \u00a0\u2007\u2009\u202f]",
    "apostrophe": "['\u2019]",
    "_": "_",
}
"""Separators of thousands by the name of the option's value, as patterns."""

DECIMALS = (".", ",")
"""Decimal marks."""

_ALIASES = {" ": "space", "\u00a0": "space", "\u2009": "space", "\u202f": "space"} | dict.fromkeys(
    ("'", "\u2019"), "apostrophe"
)
_MINUS = "-\u2212\u2013"
_GROUPED = r"[1-9][0-9]{{0,2}}(?:{0}[0-9]{{2,3}})*{0}[0-9]{{3}}"
"""Digits in groups of three; those before the last may have two, as in India."""


class DoubtError(ValueError):
    """A figure can be read in more than one way, or only with an option that was not given."""

    def __init__(self, message: str, settling: tuple[Notation, ...]) -> None:
        super().__init__(message)
        self.settling = settling
        """Notations in which it can be read, with the marks that are known already."""


@dataclass(frozen=True, slots=True)
class Notation:
    """What is known of how figures are written.

    Parameters
    ----------
    thousands
        Separator of thousands: a key of :data:`THOUSANDS`, or the sign itself; empty where none
        was named.
    decimal
        Decimal mark, one of :data:`DECIMALS`; empty where none was named.

    Raises
    ------
    DataError
        When there is no such mark, or one is named for both.
    """

    thousands: str = ""
    decimal: str = ""

    def __post_init__(self) -> None:
        name = _ALIASES.get(self.thousands, self.thousands)
        object.__setattr__(self, "thousands", name)
        if name and name not in THOUSANDS:
            raise DataError(
                f"thousands = {shown(name)}; choose from {', '.join(THOUSANDS)} (--thousands)."
            )
        if self.decimal and self.decimal not in DECIMALS:
            raise DataError(
                f"decimal = {shown(self.decimal)}; choose from {' and '.join(DECIMALS)} "
                "(--decimal)."
            )
        if name and name == self.decimal:
            raise DataError(f"{shown(name)} cannot separate thousands and decimals (--decimal).")

    def plain(self, text: str) -> str:
        """Write a figure in plain digits, with a point before decimals; leave other texts alone.

        Raises
        ------
        DoubtError
            When it is not clear which number is meant, or only an option would make it so.

        Examples
        --------
        >>> Notation().plain("120.0"), Notation(".").plain("1.234,5"), Notation().plain("n/a")
        ('120.0', '1234.5', 'n/a')
        >>> Notation(decimal=",").plain("120,0"), Notation("space").plain("1\u202f234")
        ('120.0', '1234')
        """
        sign, body = ("-", text[1:].lstrip()) if text[:1] and text[0] in _MINUS else ("", text)
        if body.isascii() and body.isdecimal():
            return sign + body
        mark = self.decimal or ("," if self.thousands == "." else ".")
        if self.thousands:
            separator = THOUSANDS[self.thousands]
            pattern = f"({_GROUPED.format(separator)})(?:{re.escape(mark)}([0-9]*))?"
            if found := re.fullmatch(pattern, body):
                whole = re.sub(separator, "", found[1])
                return f"{sign}{whole}.{found[2]}" if found[2] is not None else sign + whole
        if found := re.fullmatch(f"([0-9]*){re.escape(mark)}([0-9]*)", body):
            is_group = re.fullmatch(_GROUPED.format(re.escape(mark)), body) is not None
            if (found[1] or found[2]) and (self.decimal or not is_group):
                return f"{sign}{found[1]}.{found[2]}"
        self._refuse_doubtful(text, body)
        return text

    def _refuse_doubtful(self, text: str, body: str) -> None:
        """Ask for the marks of a figure that has some."""
        quoted = shown(text, 30)
        for name, separator in THOUSANDS.items():
            grouped = _GROUPED.format(separator)
            rest = "".join(mark for mark in DECIMALS if mark != name)
            if re.fullmatch(grouped, body):
                is_one = name in DECIMALS and len(re.findall(separator, body)) == 1
                or_decimals = " or have decimals" if is_one else ""
                said = f"{quoted}, which may be written with separators of thousands{or_decimals}"
                others = self._with("", name) if is_one else ()
                raise DoubtError(said, (*self._with(name, ""), *others))
            if found := re.fullmatch(f"{grouped}([{rest}])0*", body):
                said = f"{quoted}, which is written with separators of thousands"
                needed = "" if (name == ".") == (found[1] == ",") else found[1]
                raise DoubtError(said, self._with(name, needed))
        for mark in DECIMALS:
            if re.fullmatch(f"[0-9]*{re.escape(mark)}[0-9]*", body) and len(body) > 1:
                said = f"{quoted}, which has another decimal mark"
                raise DoubtError(said, self._with("", mark))

    def _with(self, thousands: str, decimal: str) -> tuple[Notation, ...]:
        """Add marks to those that are known; nothing where they contradict them."""
        both = (thousands or self.thousands, decimal or self.decimal)
        changes = any(
            old and new not in {"", old}
            for old, new in ((self.thousands, thousands), (self.decimal, decimal))
        )
        return () if changes or both[0] == both[1] else (Notation(*both),)

    def options(self, known: Notation) -> str:
        """Name the options that this notation has beyond what is known.

        Examples
        --------
        >>> Notation("space", ",").options(Notation(decimal=","))
        '--thousands space'
        """
        named = (
            ("--thousands", self.thousands, known.thousands),
            ("--decimal", self.decimal, known.decimal),
        )
        return " ".join(f"{option} {mark}" for option, mark, old in named if mark != old)


def settled_by(ways: Iterable[Notation], known: Notation) -> str:
    """Say which options settle a doubt; empty where none does."""
    options = " or ".join(one.options(known) for one in ways)
    return f"{options} says how figures are written." if options else ""
