"""Numbers of a page, read by a reader of the tests' own."""

from __future__ import annotations

import base64


def unpacked(text: str) -> list[int]:
    """Read whole numbers: seven bits a byte, low first, then zigzag."""
    numbers, value, shift = [], 0, 0
    for byte in base64.b64decode(text):
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append(value >> 1 ^ -(value & 1))
            value = shift = 0
    return numbers
