"""Take a picture of a finished map: ``python -m maps.picture map.html docs/map.png``.

It needs Chromium or Chrome (on Debian, ``apt-get install chromium``).
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
from pathlib import Path

from shapefiles.writing import whole_file

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")

QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
"""Options for a browser without a window that asks nothing of anybody."""


def take_picture(
    page: Path, picture: Path, width: int = 1040, height: int = 880, view: str = ""
) -> None:
    """Write a PNG of a page as a browser window of the given size shows it.

    Parameters
    ----------
    page
        HTML file, such as the ``map.html`` of a run.
    picture
        PNG file to write, whole or not at all; its folder is made where it does not exist.
    width, height
        Size of the picture in pixels.
    view
        What the page's address says after the ``#``, such as ``"view=nations"``.

    Raises
    ------
    FileNotFoundError
        When there is no such page, or no browser on this computer.
    RuntimeError
        When the browser wrote nothing within a minute, with what it said.
    """
    if not page.is_file():
        raise FileNotFoundError(f"{page} does not exist; solve a scenario first.")
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        raise FileNotFoundError(
            f"None of {', '.join(BROWSERS)} is installed. On Debian: apt-get install chromium"
        )
    picture.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        taken = Path(folder) / "picture.png"
        command = [
            browser,
            *QUIET,
            f"--user-data-dir={folder}/profile",
            f"--window-size={width},{height}",
            "--virtual-time-budget=5000",
            f"--screenshot={taken}",
            page.resolve().as_uri() + (f"#{view}" if view else ""),
        ]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        except subprocess.TimeoutExpired:
            raise RuntimeError(f"{browser} wrote no picture within a minute.") from None
        if not taken.is_file():
            raise RuntimeError(f"{browser} wrote no picture: {done.stderr.strip()[-500:]}")
        with whole_file(picture) as draft:
            shutil.copyfile(taken, draft)


def main() -> None:
    """Read the command line and take one picture."""
    parser = argparse.ArgumentParser(
        prog="python -m maps.picture", description="Take a picture of a map as a browser shows it."
    )
    parser.add_argument("page", type=Path, help="HTML file of a map")
    parser.add_argument("picture", type=Path, help="PNG file to write")
    parser.add_argument("--width", type=int, default=1040, help="pixels (default 1040)")
    parser.add_argument("--height", type=int, default=880, help="pixels (default 880)")
    parser.add_argument("--view", default="", help="what the page's address says after the #")
    given = parser.parse_args()
    try:
        take_picture(given.page, given.picture, given.width, given.height, given.view)
    except (OSError, RuntimeError) as error:
        parser.exit(2, f"{error}\n")


if __name__ == "__main__":
    main()
