"""Write a version and its date wherever they stand, or hold those places against each other.

Run from a checkout::

    python .ci/release.py 1.1.0          # today; or --date 2027-01-31
    python .ci/release.py                # only compares

A version stands in pyproject.toml, with how ripe the program is, in CITATION.cff with the date, and
in CHANGELOG.md, whose section "Unreleased" becomes that of the version. What does not fit together
is said in one line, with exit code 2, and nothing is written.
"""

from __future__ import annotations

import argparse
import datetime
import re
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
RELEASED = re.compile(r"^## \[(\d+\.\d+\.\d+)\](?: - (\d{4}-\d\d-\d\d))?$", re.MULTILINE)
UNRELEASED = "## [Unreleased]\n"


class Places(NamedTuple):
    """The texts of the files that say the version."""

    project: str
    citation: str
    changes: str

    @classmethod
    def read(cls, root: Path) -> Places:
        """Read them."""
        names = ("pyproject.toml", "CITATION.cff", "CHANGELOG.md")
        return cls(*((root / name).read_text(encoding="utf-8") for name in names))

    def write(self, root: Path) -> None:
        """Write them."""
        names = ("pyproject.toml", "CITATION.cff", "CHANGELOG.md")
        for name, text in zip(names, self, strict=True):
            (root / name).write_text(text, encoding="utf-8")

    def faults(self) -> list[str]:
        """List what does not fit together."""
        version, found = only(r'^version = "(.+)"$', self.project), []
        cited = only(r"^version: (.+)$", self.citation)
        if cited != version:
            found.append(f"CITATION.cff is of {cited}, pyproject.toml of {version}.")
        released = RELEASED.search(self.changes)
        newest, date = released.groups("nothing") if released else ("nothing", "nothing")
        if newest != version:
            found.append(f"CHANGELOG.md tells of {newest}, pyproject.toml of {version}.")
        if (dated := only(r"^date-released: (.+)$", self.citation)) != date:
            found.append(f"CITATION.cff is dated {dated}, CHANGELOG.md {date}.")
        is_beta = '"Development Status :: 4 - Beta"' in self.project
        if is_beta != version.startswith("0."):
            found.append(f"Version {version} and the development status of pyproject.toml differ.")
        return found

    def released(self, version: str, date: str) -> Places:
        """Write a version and its date in all places.

        Raises
        ------
        ValueError
            When the version is not above all others, or nothing is told of it.
        """
        if not re.fullmatch(r"\d+\.\d+\.\d+", version):
            raise ValueError(f"{version} is no version such as 1.2.3.")
        last = only(r'^version = "(.+)"$', self.project)
        if numbers(version) <= numbers(last):
            raise ValueError(f"{version} is not above {last}, the last version.")
        news = self.changes.partition(UNRELEASED)[2].partition("\n## ")[0]
        if not news.strip():
            raise ValueError("CHANGELOG.md tells nothing under Unreleased.")
        project = re.sub(r'(?m)^version = ".+"$', f'version = "{version}"', self.project)
        if not version.startswith("0."):
            project = project.replace(":: 4 - Beta", ":: 5 - Production/Stable")
        citation = re.sub(r"(?m)^date-released: .+\n", "", self.citation)
        both = f"version: {version}\ndate-released: {date}"
        citation = re.sub(r"(?m)^version: .+$", both, citation)
        heading = f"{UNRELEASED}\n## [{version}] - {date}\n"
        return Places(project, citation, self.changes.replace(UNRELEASED, heading, 1))


def only(pattern: str, text: str) -> str:
    """Find what a line says, or "nothing" where there is no such line."""
    found = re.search(pattern, text, re.MULTILINE)
    return found[1] if found else "nothing"


def numbers(version: str) -> list[int]:
    """Take a version apart, to be compared."""
    return [int(one) for one in version.split(".")]


def main() -> None:
    """Compare, or write and compare."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument(
        "version", nargs="?", help="that is released; without it nothing is written"
    )
    parser.add_argument(
        "--date", type=datetime.date.fromisoformat, help="today, if it is not given"
    )
    parser.add_argument("--root", type=Path, default=ROOT, help="folder of the checkout")
    options = parser.parse_args()
    places = Places.read(options.root)
    date = options.date or datetime.datetime.now(tz=datetime.UTC).date()
    try:
        if options.version:
            places = places.released(options.version, date.isoformat())
    except ValueError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    if faults := places.faults():
        print(" ".join(faults), file=sys.stderr)
        sys.exit(2)
    if options.version:
        places.write(options.root)
    print(f"All places say {only(r'^version: (.+)$', places.citation)}.")


if __name__ == "__main__":
    main()
