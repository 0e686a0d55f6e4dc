"""Names of files and folders made of what somebody wrote: titles, elections, names of scenarios.

No such text becomes a path. Whatever it holds, the name stays in its folder, can be written on
every usual file system, and tells two texts apart.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

LONGEST = 80
"""Bytes that a name may have: many file systems allow 255, and others are made of this one."""

_HASH = 8
_NOT_PLAIN = re.compile(r"[^\w.+-]+")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
"""What Windows takes for a device, with any ending."""


def file_name(text: str, *, otherwise: str = "map") -> str:
    """Make the name of a file or folder from any text.

    Letters, figures and ``_ . + -`` stay; all else becomes a hyphen. Where the name is not the text
    itself, ``~`` and the beginning of a hash of the text follow, so that two texts have two names:
    also where case does not count, unless the texts differ in nothing else.

    Parameters
    ----------
    text
        What somebody wrote.
    otherwise
        The name where nothing of the text can be used.

    Returns
    -------
    str
        One part of a path, of at most :data:`LONGEST` bytes.

    Examples
    --------
    >>> file_name("counties-2016"), file_name("Île-de-France")
    ('counties-2016', 'Île-de-France')
    >>> file_name("x/../../.."), file_name("CON"), file_name("../")
    ('x~1592b4a9', '_CON~a3dbc4b6', 'map~fa08499e')
    """
    plain = unicodedata.normalize("NFC", text)
    plain = _NOT_PLAIN.sub("-", plain).strip(".-") or otherwise
    if len(plain.encode()) <= LONGEST and plain == text and not _RESERVED.fullmatch(plain):
        return plain
    if _RESERVED.fullmatch(plain):
        plain = f"_{plain}"
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH]
    room = LONGEST - len(digest) - 1
    short = plain.encode("utf-8", "ignore")[:room].decode("utf-8", "ignore").rstrip(".-")
    return f"{short or otherwise}~{digest}"
