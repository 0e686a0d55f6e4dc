"""Unpack archives that strangers made, within bounds and nowhere but into their folder."""

from __future__ import annotations

import lzma
import stat
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from shapefiles.errors import DataError, listed, one_line, shown

MAX_RATIO = 200
"""How many times larger than the archive its members may be; deflate reaches about 1000."""

FREE_BYTES = 64 * 2**20
"""Unpacked bytes below which the ratio does not matter: small files compress well."""

MAX_MEMBERS = 10_000
"""Members that one archive may have."""

_CHUNK = 2**20
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,  # a way of compression that Python lacks
    RuntimeError,  # a password is needed
)
"""What reading a damaged archive raises."""


class NoMemberError(DataError):
    """An archive holds no file of the kind that is looked for."""


def is_archive(head: bytes) -> bool:
    """Tell a zip archive by its first bytes."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def unpack(path: Path, folder: Path, most: int) -> None:
    """Unpack a zip archive into a folder, within bounds.

    Parameters
    ----------
    path
        The archive.
    folder
        An empty folder.
    most
        Bytes that its members may unpack to.

    Raises
    ------
    DataError
        When the archive is damaged or encrypted, a member would leave the folder, or members are
        too many or too large. Sizes are counted as they are unpacked, whatever the archive says.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.filename.endswith("/")]
            _unpack_members(archive, members, folder, (path, most))
    except DataError:
        raise
    except _DAMAGED as error:
        raise DataError(
            f"{shown(path, 200)} is not a readable zip archive: {one_line(error)}"
        ) from None
    except (OSError, ValueError) as error:
        # Names that this system cannot hold, two members of one name, or no space left.
        raise DataError(f"Cannot unpack {shown(path, 200)}: {one_line(error)}") from None


def allowed_bytes(path: Path, most: int) -> int:
    """Say how many bytes an archive may unpack to: so many, and not far more than its size."""
    return min(most, max(FREE_BYTES, MAX_RATIO * path.stat().st_size))


def _unpack_members(
    archive: zipfile.ZipFile,
    members: list[zipfile.ZipInfo],
    folder: Path,
    bounds: tuple[Path, int],
) -> None:
    path, most = bounds
    if len(members) > MAX_MEMBERS:
        raise DataError(
            f"{shown(path, 200)} has {len(members):,} members, above {MAX_MEMBERS:,}. "
            "Unpack what you need and name that file."
        )
    allowed = allowed_bytes(path, most)
    for member in members:
        target = _target(member, folder, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as source, target.open("xb") as stream:
            while chunk := source.read(_CHUNK):
                allowed -= len(chunk)
                if allowed < 0:
                    raise DataError(
                        f"{shown(path, 200)} unpacks to far more than its size "
                        f"({shown(member.filename)}). Unpack it yourself if you trust it."
                    )
                stream.write(chunk)


def only_member(
    folder: Path,
    suffixes: tuple[str, ...],
    path: Path,
    name: str | None = None,
    *,
    option: str = "layer",
) -> Path:
    """Find the one data file of an unpacked archive.

    Parameters
    ----------
    folder
        Where it was unpacked.
    suffixes
        Endings of data files, in lower case; the first that occurs wins.
    path
        The archive, for messages.
    name
        Name of the member, with or without its folder, where there is more than one.
    option
        What the name is called where a person gives it, for messages.

    Raises
    ------
    NoMemberError
        When there is none.
    DataError
        When there is more than one.
    """
    files = sorted(one for one in folder.rglob("*") if one.is_file())
    inside = {one: one.relative_to(folder).as_posix() for one in files}
    visible = [one for one in files if not inside[one].startswith("__MACOSX/")]
    if name is not None:
        named = [one for one in visible if name in {inside[one], one.name, one.stem}]
        named = [one for one in named if one.suffix.lower() in suffixes] or named
        if len(named) != 1:
            raise DataError(
                f"{shown(path, 200)} has {len(named)} members called {shown(name)}; it holds "
                f"{listed((inside[one] for one in visible), 6)}."
            )
        return named[0]
    for suffix in suffixes:
        found = [one for one in visible if one.suffix.lower() == suffix]
        if len(found) == 1:
            return found[0]
        if found:
            raise DataError(
                f"{shown(path, 200)} holds {len(found)} files: "
                f"{listed((inside[one] for one in found), 6)}. Say which one (--{option})."
            )
    raise NoMemberError(
        f"{shown(path, 200)} holds no file that ends in {', '.join(suffixes)}, only "
        f"{listed((inside[one] for one in visible), 6) or 'nothing'}."
    )


def _target(member: zipfile.ZipInfo, folder: Path, path: Path) -> Path:
    """Say where a member goes, refusing whatever would leave the folder."""
    name = PurePosixPath(member.filename.replace("\\", "/"))
    is_link = stat.S_ISLNK(member.external_attr >> 16)
    is_elsewhere = name.is_absolute() or ".." in name.parts or ":" in member.filename
    if is_link or is_elsewhere or not name.parts:
        raise DataError(
            f"{shown(path, 200)} has the member {shown(member.filename)}, which would leave its "
            "folder. Do not trust this archive."
        )
    return folder / name
