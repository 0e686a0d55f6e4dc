"""What commands share at the console: streams that take any text, JSON, and Ctrl-C."""

from __future__ import annotations

import codecs
import os
import signal
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from partition.errors import InterruptedSearchError, OutputError
from shapefiles.table_writing import json_text

LONGEST = 2000
"""Characters of a complaint."""

NO_POLYGONS = "Without polygons there is no map: the units are a graph."
"""What is said where files are left out that others have."""

_PLAIN = {
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{MINUS SIGN}": "-",
    "\N{MULTIPLICATION SIGN}": "x",
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
}
"""Signs and what a typewriter has for them."""


def prepare_streams() -> None:
    """Have standard output and error take any text, whatever their encoding, or be closed."""
    codecs.register_error("plain", _in_plain_signs)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started the program
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="plain")


def _in_plain_signs(error: UnicodeError) -> tuple[str | bytes, int]:
    r"""Write a character that an encoding does not have in signs that every encoding has.

    A letter is never another one, since names and paths are to be told apart.

    Examples
    --------
    >>> codecs.register_error("plain", _in_plain_signs)
    >>> "3 km² – Łódź".encode("ascii", "plain")
    b'3 km2 - \\u0141\\xf3d\\u017a'
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    sign, end = error.object[error.start], error.start + 1
    if "\udc80" <= sign <= "\udcff":  # a byte of a path that is no text
        return bytes([ord(sign) - 0xDC00]), end
    plain = _PLAIN.get(sign, "")
    if not plain and not unicodedata.category(sign).startswith("L"):
        plain = unicodedata.normalize("NFKD", sign)
    if plain and plain.isascii():
        return plain, end
    return sign.encode("ascii", "backslashreplace").decode("ascii"), end


def complain(message: str) -> str:
    """Say on standard error, in one line, what went wrong; returns the line."""
    # File names can hold anything: line breaks, or codes that a terminal obeys.
    line = "".join(one if one.isprintable() else "?" for one in " ".join(message.split()))
    if len(line) > LONGEST:  # what it is about stands at the beginning, what to do at the end
        line = f"{line[: LONGEST // 2]} … {line[-LONGEST // 2 :]}"
    with suppress(OSError):  # nobody is left to tell
        sys.stderr.write(f"partition: {line}\n")
        sys.stderr.flush()
    return line


def say(text: object, end: str = "\n") -> None:
    """Print a text on standard output."""
    with output():
        sys.stdout.write(f"{text}{end}")


def print_json(document: dict[str, Any]) -> None:
    """Print one JSON document on standard output."""
    say(json_text(document, is_ascii=True).rstrip("\n"))


@contextmanager
def output(kept: str = "") -> Iterator[None]:
    """Tell an error of standard output from one of a file.

    Parameters
    ----------
    kept
        What is not lost by it, in a sentence.

    Raises
    ------
    OutputError
        When standard output cannot be written to, on a full disk say.
    """
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise  # whoever read it has seen enough
    except OutputError as error:
        raise OutputError(f"{kept} {error}".strip()) from None
    except OSError as error:
        reason = error.strerror or str(error)
        text = f"{kept} Standard output cannot be written to: {reason}."
        raise OutputError(text.strip()) from None


def end_output() -> bool:
    """Write what is left for standard output; False where that fails, and nobody tries again."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        # The interpreter must not try once more when it ends.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
        return False
    return True


SHOW_CURSOR = b"\x1b[?25h"
"""What makes a terminal show its cursor, which a live line hides."""

ONE_PRESS = 0.25
"""Seconds within which a second signal is the same Ctrl-C: programs that run others forward it to
them, although the terminal has sent it to both."""


@contextmanager
def ctrl_c_ends_the_search() -> Iterator[Callable[[], bool]]:
    """Have Ctrl-C end the search in good order, and a second one the program.

    Before the search asks for the first time there is nothing to keep, and Ctrl-C ends the program.
    A second one ends it at once, by the signal's default action, whatever it is at.

    Yields
    ------
    Callable
        Whether the search is to end.
    """
    is_searching, pressed = False, None

    def is_interrupted() -> bool:
        nonlocal is_searching
        is_searching = True
        return pressed is not None

    def interrupt(_signal: int, _frame: object) -> None:
        nonlocal pressed
        if not is_searching:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            raise KeyboardInterrupt
        if pressed is None:
            pressed = time.monotonic()
        elif time.monotonic() - pressed > ONE_PRESS:
            if sys.stderr.isatty():
                os.write(sys.stderr.fileno(), SHOW_CURSOR)
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            signal.raise_signal(signal.SIGINT)

    previous = signal.signal(signal.SIGINT, interrupt)
    try:
        yield is_interrupted
    except KeyboardInterrupt:
        raise InterruptedSearchError("Interrupted before the run was written.") from None
    finally:
        signal.signal(signal.SIGINT, previous)
