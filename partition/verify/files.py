"""Files of a bundle, read within limits."""

from __future__ import annotations

import gzip
import json
import math
import zlib
from pathlib import Path
from typing import Any, NoReturn

from partition.errors import BundleError, CertificateError
from partition.verify.fields import fail, show

MAX_BYTES = 2**28
"""Largest content of a file, decompressed: 256 MiB."""

MAX_LISTS = 5_000_000
"""Largest number of lists and objects in a file: each of them takes much more than its bytes."""


def read(path: Path) -> bytes:
    """Read a file, decompressed, unless it is too large."""
    if path.exists() and not path.is_file():
        raise BundleError(f"Cannot read {path}: it is a folder, a device or a pipe.")
    opened = gzip.open if path.suffix == ".gz" else Path.open
    try:
        with opened(path, "rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise CertificateError(f"{path.name}: not a whole gzip file ({error}).") from None
    except OSError as error:
        raise BundleError(f"Cannot read {path}: {error.strerror}.") from None
    if len(content) > MAX_BYTES:
        raise CertificateError(f"{path.name}: more than {MAX_BYTES} bytes.")
    return bytes(content)


def parse(content: bytes, name: str) -> Any:
    """Read JSON in which no key of an object is given twice and every number is finite."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        table = dict(pairs)
        if len(table) < len(pairs):
            repeated = next(key for key, _ in pairs if sum(key == one for one, _ in pairs) > 1)
            raise CertificateError(f"{name}: the key {show(repeated)} is given twice.")
        return table

    if content.count(b"[") + content.count(b"{") > MAX_LISTS:
        raise CertificateError(f"{name}: more than {MAX_LISTS} lists and objects.")
    try:
        return json.loads(
            content.decode("utf-8"),
            object_pairs_hook=unique,
            parse_constant=lambda found: _no_number(found, name),
            parse_float=lambda found: _finite(found, name),
        )
    except RecursionError:
        raise CertificateError(f"{name}: nested too deeply.") from None
    except ValueError as error:
        raise CertificateError(f"{name}: not JSON: {error}.") from None


def _finite(found: str, name: str) -> float:
    number = float(found)
    return number if math.isfinite(number) else _no_number(found, name)


def _no_number(found: str, name: str) -> NoReturn:
    raise CertificateError(f"{name}: {show(found)} is no number of JSON.")


def field(table: Any, name: str, place: str) -> Any:
    """Read one field of an object that may have others."""
    if type(table) is not dict or name not in table:
        fail(f"{place}: {name}", "is missing.")
    return table[name]
