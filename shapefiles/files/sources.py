"""Remote data with checksums: fetched once, verified always, never trusted blindly.

Files that do not change at their address are pinned by SHA-256. Of the others the first fetch is
remembered: whoever fetches again learns that the source has changed before a result does.
"""

from __future__ import annotations

import datetime
import json
import logging
import os
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import pooch

from shapefiles.errors import DataError, SourceError, one_line, shown
from shapefiles.files.polygons import digest
from shapefiles.screening.archive import is_archive
from shapefiles.screening.door import read_head, refuse_page
from shapefiles.table_writing import json_text
from shapefiles.writing import whole_file

TIMEOUT = 30.0
"""Seconds without a byte after which a server counts as silent."""

MAX_SECONDS = 900.0
"""Seconds that one file may take in all: a server that drips is no better than a silent one."""

MAX_BYTES = 2 * 2**30
"""Bytes that one file may have."""

FOLDER_VARIABLE = "TWO_NATIONS_CACHE"
"""Environment variable that names another folder for fetched files."""

_MEMORY = "checksums.json"
_RESOLUTIONS = ("500k", "5m", "20m")
_FIRST_YEAR = 2014  # before, the files had other addresses

# As published by people who fetched the files; both digests are shown wherever one differs.
_PINNED = {
    "cb_2018_us_county_500k.zip": (
        "aaa866af327754e1b80aa87bfb97b04a7209f4f871075aef84affb8f0b3afe67"
    ),
    "cb_2021_us_county_500k.zip": (
        "0262e163a6b2effa8e73863912814d499f6bdd07a05726960e0f4135ca62df1e"
    ),
}


@dataclass(frozen=True, slots=True)
class Source:
    """One remote file.

    Parameters
    ----------
    title
        What it is, for messages.
    url
        Where it is.
    file
        Its name among the fetched files.
    page
        Where a person finds it in a browser.
    sha256
        Its digest, empty where the file may change.
    is_archive
        Whether it is a zip archive.
    """

    title: str
    url: str
    file: str
    page: str
    sha256: str = ""
    is_archive: bool = True


def census_boundaries(year: int, level: str = "county", resolution: str = "500k") -> Source:
    """Name a cartographic boundary file of the Census Bureau.

    Parameters
    ----------
    year
        Vintage, from 2014.
    level
        ``county`` or ``state``, or another level of the bureau's national files.
    resolution
        ``500k``, ``5m`` or ``20m``: the denominator of the scale.

    Raises
    ------
    SourceError
        When there is no such file.

    Examples
    --------
    >>> census_boundaries(2020).url
    'https://www2.census.gov/geo/tiger/GENZ2020/shp/cb_2020_us_county_500k.zip'
    """
    if (
        year < _FIRST_YEAR
        or resolution not in _RESOLUTIONS
        or not (level.isascii() and level.isalnum())
    ):
        raise SourceError(
            f"No boundary file of {year} for {shown(level)} at {shown(resolution)}; choose a year "
            f"from {_FIRST_YEAR} and a resolution of {', '.join(_RESOLUTIONS)}."
        )
    file = f"cb_{year}_us_{level}_{resolution}.zip"
    return Source(
        title=f"boundaries of {year}, Census Bureau",
        url=f"https://www2.census.gov/geo/tiger/GENZ{year}/shp/{file}",
        file=file,
        page="https://www.census.gov/geographies/mapping-files/time-series/geo/cartographic-boundary.html",
        sha256=_PINNED.get(file, ""),
    )


COUNTY_RETURNS = Source(
    title="county presidential returns, MIT Election Lab",
    url=(
        "https://dataverse.harvard.edu/api/access/dataset/:persistentId/"
        "?persistentId=doi:10.7910/DVN/VOQCHQ&format=original"
    ),
    file="countypres.zip",
    page="https://doi.org/10.7910/DVN/VOQCHQ",
)
"""Votes by county since 2000; the repository may ask for a name first, then fetch it by hand."""

COUNTY_GDP = Source(
    title="GDP of counties, Bureau of Economic Analysis",
    url="https://apps.bea.gov/regional/zip/CAGDP1.zip",
    file="CAGDP1.zip",
    page="https://apps.bea.gov/regional/downloadzip.htm",
)
"""Real GDP by county and year; revised every December, so its digest is remembered, not pinned."""


def cache_folder() -> Path:
    """Name the folder of fetched files: the usual cache, or what the environment says."""
    given = os.environ.get(FOLDER_VARIABLE)
    return Path(given) if given else Path(pooch.os_cache("two-nations"))


def fetch(
    source: Source,
    *,
    folder: str | Path | None = None,
    timeout: float = TIMEOUT,
    refresh: bool = False,
) -> Path:
    """Fetch a remote file unless it is there already, and verify it in either case.

    Parameters
    ----------
    source
        The file.
    folder
        Where fetched files are kept; :func:`cache_folder` unless given.
    timeout
        Seconds without a byte after which a server counts as silent.
    refresh
        Whether to fetch it again and remember its new digest. Pinned files stay pinned.

    Returns
    -------
    pathlib.Path
        The file. It was never seen under this name unless it was whole and verified.

    Raises
    ------
    SourceError
        When there is no network, the server is silent or answers nonsense, or the digest differs;
        the message says how to get the file by hand.
    """
    folder = cache_folder() if folder is None else Path(folder)
    target = folder / source.file
    memory = _remembered(folder)
    expected = source.sha256 or ("" if refresh else memory.get(source.url, {}).get("sha256", ""))
    since = memory.get(source.url, {}).get("first_fetched", "")
    why = "pinned" if source.sha256 else f"remembered since {since}"
    if refresh or not target.is_file():
        _download(source, target, (expected, why), timeout)
    else:
        _check_saved(target, source)
    found = digest(target)
    if expected and found != expected:
        raise SourceError(
            f"{shown(target, 200)} has SHA-256 {found}, expected {expected} ({why}). Delete the "
            "file to fetch it again."
        )
    if not source.sha256 and memory.get(source.url, {}).get("sha256") != found:
        today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
        _remember(folder, {**memory, source.url: {"sha256": found, "first_fetched": today}})
    return target


def _download(source: Source, target: Path, expected: tuple[str, str], timeout: float) -> None:
    """Fetch a file to its place, which it reaches only when it is whole and verified.

    `expected` is its digest, if one is known, and why.
    """
    try:
        with whole_file(target) as draft:
            _retrieve(source, draft, target, timeout)
            if expected[0] and (found := digest(draft)) != expected[0]:
                raise SourceError(_what_differs(source, target, expected, found))
    except OSError as error:
        raise SourceError(
            f"Cannot write {shown(target, 300)}: {error.strerror or error}."
        ) from None


def _retrieve(source: Source, draft: Path, target: Path, timeout: float) -> None:
    # Pooch tells on standard error what it does; whoever calls says what is worth saying.
    pooch.get_logger().setLevel(logging.ERROR)
    try:
        draft.parent.mkdir(parents=True, exist_ok=True)
        pooch.retrieve(
            url=source.url,
            known_hash=None,  # verified afterwards, where both digests can be told in full
            fname=draft.name,
            path=draft.parent,
            downloader=_downloader(source, timeout),
        )
    except (OSError, DataError) as error:  # what requests raises is an OSError too
        if (response := getattr(error, "response", None)) is not None:
            response.close()  # redirects in a circle leave theirs open
        raise SourceError(
            f"Cannot fetch the {source.title}, from {source.url}: {_reason(error)} Download it by "
            f"hand from {source.page} and save it as {shown(target, 300)}."
        ) from None


def _what_differs(source: Source, target: Path, expected: tuple[str, str], found: str) -> str:
    # A pin cannot be refreshed: only the file that it is of will ever be accepted.
    remedy = "Try again later" if source.sha256 else "If you trust it, fetch it with refresh"
    return (
        f"The {source.title}, from {source.url}, changed or was damaged on the way, and was not "
        f"kept: it has SHA-256 {found}, expected {expected[0]} ({expected[1]}). {remedy}, or "
        f"download the expected file by hand from {source.page} and save it as "
        f"{shown(target, 300)}."
    )


def _downloader(source: Source, timeout: float) -> Callable[[str, str, Any], None]:
    def download(url: str, output_file: str, pup: Any) -> None:
        http = pooch.HTTPDownloader(
            timeout=timeout, chunk_size=2**16, hooks={"response": _refuse_downgrade}
        )
        with Path(output_file).open("wb") as stream:
            http(url, _Limited(stream), pup)
        _check_kind(Path(output_file), source)

    return download


class _Limited:
    """A file that grows no further than :data:`MAX_BYTES`, and not after :data:`MAX_SECONDS`."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.left = MAX_BYTES
        self.deadline = time.monotonic() + MAX_SECONDS

    def write(self, chunk: bytes) -> None:
        self.left -= len(chunk)
        if self.left < 0:
            raise SourceError(f"it is larger than {MAX_BYTES:,} bytes.")
        if time.monotonic() > self.deadline:
            raise SourceError(f"it was not done after {MAX_SECONDS:.0f} s.")
        self.stream.write(chunk)

    def flush(self) -> None:
        self.stream.flush()


def _refuse_downgrade(response: Any, *_args: Any, **_options: Any) -> None:
    """Refuse a redirect from an encrypted address to a plain one."""
    target = response.headers.get("location", "") if response.is_redirect else ""
    if urlsplit(response.url).scheme == "https" and urlsplit(target).scheme == "http":
        raise SourceError(f"the server sends on to {shown(target, 120)}, which is not encrypted.")


def _check_kind(path: Path, source: Source) -> None:
    """Refuse what cannot be the file, before its digest is remembered.

    Raises
    ------
    DataError
        When it is empty, a web page, or no whole archive where it should be one.
    """
    head = read_head(path)
    refuse_page(head, Path(source.file))
    if source.is_archive and not (is_archive(head) and zipfile.is_zipfile(path)):
        raise SourceError(f"what came is no whole zip archive but starts with {shown(head[:30])}.")


def _check_saved(target: Path, source: Source) -> None:
    """Refuse a file that was saved by hand and cannot be the right one."""
    try:
        _check_kind(target, source)
    except DataError as error:
        raise SourceError(
            f"{shown(target, 300)} is not the {source.title}: {error} Delete it, or save the file "
            f"from {source.page} there."
        ) from None


def _reason(error: Exception) -> str:
    """Say in words what requests says in class names."""
    name = type(error).__name__
    words = {
        "ConnectTimeout": "the server does not answer.",
        "ReadTimeout": "the server went silent.",
        "SSLError": "the server's certificate is not trusted.",
        "TooManyRedirects": "the server sends on in a circle.",
    }
    if name == "ConnectionError":
        silent = "timed out" in str(error).lower()
        return "the server went silent." if silent else "there is no connection."
    if name in {"ChunkedEncodingError", "ProtocolError"}:
        return "the connection broke before the file was whole."
    return words.get(name, one_line(error))


def _remembered(folder: Path) -> dict[str, dict[str, str]]:
    try:
        document = json.loads((folder / _MEMORY).read_text(encoding="utf-8"))
        return {str(url): {str(k): str(v) for k, v in one.items()} for url, one in document.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        raise SourceError(
            f"{shown(folder / _MEMORY, 300)}, the list of checksums, cannot be read: "
            f"{one_line(error)} Delete it to start a new one."
        ) from None


def _remember(folder: Path, memory: dict[str, dict[str, str]]) -> None:
    try:
        with whole_file(folder / _MEMORY) as draft:
            draft.write_text(json_text(dict(sorted(memory.items()))), encoding="utf-8")
    except OSError as error:
        raise SourceError(
            f"Cannot write {shown(folder / _MEMORY, 300)}: {error.strerror or error}."
        ) from None
