"""What can be wrong with files that somebody brings, as exceptions with one clear line.

::

    DataError                a file, a column or a value is wrong: what, where, what to do
    ├── OptionError          a file that an option would make readable, for those who take it
    └── SourceError          a remote file cannot be had, or is not the expected one

Both are `ValueError` as well. A `ValueError` that is neither is a fault of the program.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable


class DataError(ValueError):
    """Something in the files given is wrong; the message is one line with the place."""


class OptionError(DataError):
    """A file cannot be read as it is; an option would settle it where it is taken."""

    def __init__(self, message: str, option: str) -> None:
        super().__init__(message)
        self.option = option
        """What to give on the command line."""

    def with_option(self) -> DataError:
        """Name the option in the message."""
        return DataError(f"{self} Give {self.option}.")


class SourceError(DataError):
    """A remote file cannot be had, or is not the expected one."""


def shown(value: object, limit: int = 60) -> str:
    r"""Quote a value found in a file: one line, no control characters, never long.

    Examples
    --------
    >>> print(shown("two\nlines"), shown("x" * 100, limit=8))
    'two\nlines' 'xxxxxxx…'
    """
    text = str(value)
    text = text if len(text) <= limit else text[: limit - 1] + "…"
    return repr(text)


def listed(values: Iterable[object], limit: int = 3) -> str:
    """List the first few values, and say how many more there are.

    Examples
    --------
    >>> listed(["a", "b", "c", "d", "e"])
    "'a', 'b', 'c' and 2 more"
    """
    given = list(values)
    text = ", ".join(shown(value, 40) for value in given[:limit])
    return text if len(given) <= limit else f"{text} and {len(given) - limit} more"


def counted(number: int, noun: str) -> str:
    """Say how many there are of something.

    Examples
    --------
    >>> counted(1, "unit"), counted(3113, "unit")
    ('1 unit', '3,113 units')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def one_line(error: BaseException, most: int = 200) -> str:
    r"""Quote what went wrong elsewhere: one printable line of bounded length, the middle left out.

    What it is about stands at the beginning of a message, and what to do at the end.

    Examples
    --------
    >>> one_line(ValueError("first\n   second."))
    'first second.'
    >>> one_line(ValueError("x" * 100 + " is too long"), 20)
    'xxxxxxxx … too long.'
    """
    text = (str(error) or type(error).__name__).split("; It might help")[0]
    line = " ".join("".join(one if one.isprintable() else " " for one in text).split()).rstrip(".")
    half = most // 2 - 2
    return (line if len(line) <= most else f"{line[:half]} … {line[-half:].lstrip()}") + "."


def typed(text: str, otherwise: str) -> str:
    r"""Write a text as a person can type it in a shell; something else where nobody can.

    Examples
    --------
    >>> typed("Ward no.", "COLUMN"), typed("\x01id", "COLUMN")
    ("'Ward no.'", 'COLUMN')
    """
    return shlex.quote(text) if text.isprintable() else otherwise
