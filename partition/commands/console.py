"""What several commands share at the console: JSON on standard output, and Ctrl-C."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from partition.errors import InterruptedSearchError


def print_json(document: dict[str, Any]) -> None:
    """Print one JSON document on standard output."""
    sys.stdout.write(json.dumps(document, indent=2, allow_nan=False) + "\n")


@contextmanager
def ctrl_c_ends_the_search() -> Iterator[Any]:
    """Have the first Ctrl-C end the search in good order, and a second one the program."""
    count = 0

    def interrupt(_signal: int, _frame: object) -> None:
        nonlocal count
        count += 1
        if count > 1:
            raise KeyboardInterrupt

    previous = signal.signal(signal.SIGINT, interrupt)
    try:
        yield lambda: count > 0
    except KeyboardInterrupt:
        raise InterruptedSearchError("Interrupted before the run was written.") from None
    finally:
        signal.signal(signal.SIGINT, previous)
