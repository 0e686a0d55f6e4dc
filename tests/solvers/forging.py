"""Where the numbers of a document are that somebody might have changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def whole_numbers(
    value: dict[str, Any] | list[Any],
) -> Iterator[tuple[dict[str, Any] | list[Any], str | int]]:
    """List where the whole numbers of nested lists and dictionaries are."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, one in pairs:
        if type(one) is int:
            yield value, key
        elif isinstance(one, (list, dict)):
            yield from whole_numbers(one)
