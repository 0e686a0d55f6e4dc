"""Where the files of a map lie, written down so that they are found again from anywhere."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shapefiles.errors import DataError, shown
from shapefiles.files.polygons import digest
from shapefiles.mapfiles import MapFiles


class MissingFileError(DataError):
    """A file of a map is not where it was, or has changed."""


def whereabouts(files: MapFiles, folder: Path | None = None) -> dict[str, dict[str, str]]:
    """Write down where files lie, from the root and from a folder.

    Parameters
    ----------
    files
        Files of a map, with paths from the working folder or the root.
    folder
        Folder from which they are looked for later, that of a run say; it need not exist yet.

    Returns
    -------
    dict
        For each file, by what it holds, its ``absolute`` path and the one ``relative`` to the
        folder, where there is one on the same drive.

    Examples
    --------
    >>> files = MapFiles(units="/a/map.gpkg", id="id", blue=("yes",), red=("no",))
    >>> whereabouts(files, Path("/a/runs/one"))
    {'units': {'absolute': '/a/map.gpkg', 'relative': '../../map.gpkg'}}
    """
    places = {}
    for key, path in files.paths().items():
        # Folders may be links, which `..` leaves where they point to; a file keeps its own name.
        absolute = Path(path).parent.resolve() / Path(path).name
        places[key] = {"absolute": str(absolute)}
        if folder is None:
            continue
        try:
            relative = os.path.relpath(absolute, folder.resolve())
        except ValueError:  # another drive
            continue
        places[key]["relative"] = Path(relative).as_posix()
    return places


def located(files: MapFiles, places: Any, hashes: Mapping[str, Any], folder: Path) -> MapFiles:
    """Find the files of a map again.

    Parameters
    ----------
    files
        What was read, with the paths that were given at that time.
    places
        What :func:`whereabouts` wrote; anything else is passed over.
    hashes
        SHA-256 of each file, by what it holds.
    folder
        The folder it was written for, wherever that is now.

    Returns
    -------
    MapFiles
        With paths of files whose content is the same.

    Raises
    ------
    MissingFileError
        When a file is in none of its places, or not the same in any of them.
    """
    found: dict[str, str] = {}
    for key, path in files.paths().items():
        known = places.get(key) if isinstance(places, Mapping) else None
        candidates = _candidates(path, known if isinstance(known, Mapping) else {}, folder)
        there = [one for one in candidates if one.exists()]
        if not there:
            raise MissingFileError(
                f"The file of the {key} is not found: looked for "
                f"{' and '.join(shown(one, 300) for one in candidates)}. Put it there again."
            )
        same = [one for one in there if _digest(one) == hashes.get(key)]
        if not same:
            raise MissingFileError(
                f"{shown(there[0], 300)} has changed: its SHA-256 is not "
                f"{shown(hashes.get(key), 64)}. Put the file there again "
                "that was divided, or run the scenario again."
            )
        found[key] = str(same[0])
    return files.at(found)


def _candidates(path: str, known: Mapping[str, Any], folder: Path) -> list[Path]:
    """List where a file may be: seen from the folder, then as it was, then as it was asked for."""
    texts = [known.get("relative"), known.get("absolute"), path]
    bases = [folder.resolve(), Path(), Path()]
    given = [
        Path(os.path.normpath(base / text))
        for base, text in zip(bases, texts, strict=True)
        if isinstance(text, str) and text and "\0" not in text
    ]
    return list(dict.fromkeys(given))


def _digest(path: Path) -> str | None:
    try:
        return digest(path)
    except OSError:
        return None
