"""Open files that strangers made: archives within bounds, odd names, pages in place of data.

Every reader of files goes through :func:`opened`, which hands it a plain local path. What GDAL or
a spreadsheet library would do with an archive that unpacks to a terabyte, a member called
``../../etc/passwd``, or a file name with a line break in it, is never found out.
"""

from __future__ import annotations

import lzma
import os
import re
import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from shapefiles.errors import DataError, listed, one_line, shown

MAX_UNPACKED_BYTES = 8 * 2**30
"""Bytes that the members of one archive may unpack to."""

MAX_RATIO = 200
"""How many times larger than the archive its members may be; deflate reaches about 1000."""

FREE_BYTES = 64 * 2**20
"""Unpacked bytes below which the ratio does not matter: small files compress well."""

MAX_MEMBERS = 10_000
"""Members that one archive may have."""

_CHUNK = 2**20
_SAFE_NAME = re.compile(r"[\w.\- ()/\\:~+,@]+")
_PAGES = (b"<!doctype html", b"<html")
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


@contextmanager
def opened(path: str | Path) -> Iterator[Path]:
    """Make a local file, or a zip archive's content, safe to hand to a reading library.

    Parameters
    ----------
    path
        A file, or a folder that is one data set (``.gdb``).

    Yields
    ------
    pathlib.Path
        The file itself; the folder an archive was unpacked to; or a folder with a link of a plain
        name, where the name has characters that libraries take for something else, or the file
        is XML, beside which GDAL would write what it learned. Temporary folders are removed at the
        end.

    Raises
    ------
    DataError
        When the file is missing, may not be read, is empty, is a web page, or is an archive that
        escapes its folder or unpacks to more than :data:`MAX_UNPACKED_BYTES`.
    """
    path = Path(path)
    head = read_head(path)
    refuse_page(head, path)
    with tempfile.TemporaryDirectory(prefix="two-nations-") as folder:
        if is_archive(head) and path.suffix.lower() != ".xlsx":
            unpack(path, Path(folder))
            yield Path(folder)
        elif (
            _SAFE_NAME.fullmatch(str(path))
            and not str(path).startswith("/vsi")
            and not head.lstrip().startswith(b"<")
        ):
            # GDAL tells URLs and drivers by their prefix; an absolute path has none.
            yield path.absolute()
        else:
            yield _linked(path, Path(folder))


def read_head(path: Path, n_bytes: int = 4096) -> bytes:
    """Read the first bytes of a file; none of a folder.

    Raises
    ------
    DataError
        When there is no such file, it may not be read, is no regular file, or is empty.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            os.listdir(path)  # noqa: PTH208 - only whether it may be listed
            return b""
        if not stat.S_ISREG(mode):
            raise DataError(f"{shown(path, 200)} is a device or a pipe; give a file.")
        with path.open("rb") as stream:
            head = stream.read(n_bytes)
    except (OSError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError(f"Cannot read {shown(path, 200)}: {reason}.") from None
    if not head:
        raise DataError(f"{shown(path, 200)} is empty.")
    return head


def is_archive(head: bytes) -> bool:
    """Tell a zip archive by its first bytes."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def refuse_page(head: bytes, path: Path) -> None:
    """Refuse a web page, which is what a server sends in place of a file that is not there."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:200].lower()
    if start.startswith(_PAGES):
        raise DataError(
            f"{shown(path, 200)} is a web page, not a data file. Open it in a browser: it may say "
            "why the download failed."
        )


def unpack(path: Path, folder: Path) -> None:
    """Unpack a zip archive into a folder, within bounds.

    Parameters
    ----------
    path
        The archive.
    folder
        An empty folder.

    Raises
    ------
    DataError
        When the archive is damaged or encrypted, a member would leave the folder, or members are
        too many or too large. Sizes are counted as they are unpacked, whatever the archive says.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.filename.endswith("/")]
            _unpack_members(archive, members, folder, path)
    except DataError:
        raise
    except _DAMAGED as error:
        raise DataError(
            f"{shown(path, 200)} is not a readable zip archive: {one_line(error)}"
        ) from None
    except (OSError, ValueError) as error:
        # Names that this system cannot hold, two members of one name, or no space left.
        raise DataError(f"Cannot unpack {shown(path, 200)}: {one_line(error)}") from None


def check_archive(path: Path) -> None:
    """Refuse an archive that :func:`unpack` would refuse, for libraries that unpack by themselves.

    Raises
    ------
    DataError
        As :func:`unpack` does.
    """
    with tempfile.TemporaryDirectory(prefix="two-nations-") as folder:
        unpack(path, Path(folder))


def _unpack_members(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], folder: Path, path: Path
) -> None:
    if len(members) > MAX_MEMBERS:
        raise DataError(
            f"{shown(path, 200)} has {len(members):,} members, above {MAX_MEMBERS:,}. "
            "Unpack what you need and name that file."
        )
    allowed = min(MAX_UNPACKED_BYTES, max(FREE_BYTES, MAX_RATIO * path.stat().st_size))
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
                f"{listed((inside[one] for one in found), 6)}. Say which one ({option})."
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


def _linked(path: Path, folder: Path) -> Path:
    """Link a file, and its companions such as ``.dbf`` and ``.prj``, under a plain name."""
    companions = [path]
    if path.suffix.lower() == ".shp":
        companions = [one for one in path.parent.iterdir() if one.stem == path.stem]
    for one in companions:
        suffix = one.suffix if _SAFE_NAME.fullmatch(one.suffix) else ""
        link = folder / f"data{suffix}"
        try:
            link.symlink_to(one.absolute())
        except OSError:  # some systems let only administrators make links
            shutil.copyfile(one, link)
    return folder / f"data{path.suffix if _SAFE_NAME.fullmatch(path.suffix) else ''}"
