"""Make the gallery: ``python docs/gallery.py`` runs the program, and takes a picture of each page.

It writes ``build/gallery``, which ``python docs/build.py`` shows on the site; what is there already
is kept. ``python docs/gallery.py states cascade`` makes these, anew where they are there, and
``--list`` says what there is.
It needs Chromium, and for the maps of examples ``python -m pip install ".[test]"``; everything
takes some ten minutes on two cores.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType

from PIL import Image

from maps.picture import take_picture
from partition.scenario.catalogue import scenarios

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "build" / "gallery"
LIST = "gallery.json"

SEEN = (960, 720)
"""Pixels of the window that a page is seen in."""

SHOWN = 640
"""Pixels from left to right of its picture in the gallery."""


@dataclass(frozen=True)
class Entry:
    """A page of the gallery.

    Parameters
    ----------
    name
        Name of its folder.
    title, about
        What it is called, and a sentence on what there is to see.
    command
        What makes it, as it is typed.
    page
        The page, from the folder in which the command runs.
    view
        What its address says behind the ``#``.
    example
        Name of the example whose data it needs.
    """

    name: str
    title: str
    about: str
    command: str
    page: str
    view: str = ""
    example: str = ""


def entries() -> list[Entry]:
    """List what the gallery shows."""
    shipped = [
        Entry(
            name,
            one.title,
            one.description,
            f"partition solve {name} --time-limit 20 --out runs/{name}",
            f"runs/{name}/map.html",
        )
        for name, one in scenarios().items()
    ]
    return [*shipped, *STUDIES, *EXAMPLES]


STUDIES = [
    Entry(
        "sweep",
        "What a shorter frontier costs",
        "A slider through every best plan between 0 and 100 votes a kilometre, each proven.",
        "partition sweep archipelago --weight border=0:100",
        "studies/sweep-archipelago-2016-border/sweep.html",
    ),
    Entry(
        "cascade",
        "California leaves, and who follows",
        "Round after round, every county with a quarter of its voters for the leaving side.",
        "partition cascade --from CA --threshold 0.25 --without-best --out studies/cascade",
        "studies/cascade/cascade.html",
    ),
    Entry(
        "comparison",
        "Four ways to draw the line",
        "Any two plans beside each other, and what each does to people, votes, land and money.",
        "partition compare status-quo calexit states archipelago --out studies/comparison",
        "studies/comparison/comparison.html",
    ),
    Entry(
        "elections",
        "Three elections",
        "The best plan of whole states by the votes of 2016, 2020 and 2024.",
        "partition compare states --elections 2016,2020,2024 --out studies/elections",
        "studies/elections/elections.html",
    ),
    Entry(
        "swing",
        "Which states decide",
        "Eleven swings of the vote, from five points to one side to five to the other.",
        "partition swing states --points -5:5:11 --out studies/swing",
        "studies/swing/swing.html",
    ),
    Entry(
        "robust",
        "How sure is the line?",
        "Which states are in the same nation in every plan within 1 % of the best, proven, and the "
        "plans that contest the others.",
        "partition robust states --within 0.01 --survey-time 20 --out studies/robust",
        "studies/robust/robust.html",
    ),
    Entry(
        "what-if",
        "What if the vote swings by three points?",
        "The line stays and the voters move: under What if every reader can try.",
        "partition solve states --out runs/what-if",
        "runs/what-if/map.html",
        view="swing=3",
    ),
]

EXAMPLES = [
    Entry(
        "montreal",
        "Montreal, two islands",
        "The vote for mayor of 2013, by district.",
        "partition solve montreal.toml --out runs/montreal",
        "runs/montreal/map.html",
        example="montreal",
    ),
    Entry(
        "michigan",
        "Michigan, two peninsulas",
        "The counties of 2024; the Mackinac Bridge joins them.",
        "partition solve michigan.toml --out runs/michigan",
        "runs/michigan/map.html",
        example="michigan",
    ),
    Entry(
        "greater-idaho",
        "Greater Idaho",
        "The best line between Oregon and Idaho, beside which the voted one can be held.",
        "partition solve greater-idaho.toml --out runs/greater-idaho",
        "runs/greater-idaho/map.html",
        example="greater-idaho",
    ),
]


def _examples() -> ModuleType:
    spec = importlib.util.spec_from_file_location("prepare", ROOT / "examples" / "prepare.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError("examples/prepare.py is missing.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make(entry: Entry, folder: Path, target: Path) -> None:
    """Run the command of an entry, and keep its page and a picture of it.

    Parameters
    ----------
    entry
        What to make.
    folder
        Where the command runs; what an entry before has made there is used.
    target
        Folder of the gallery.
    """
    if entry.example:
        _examples().prepare(entry.example, folder / "data")
        shutil.copy(ROOT / "examples" / f"{entry.example}.toml", folder)
    words = entry.command.split()
    subprocess.run(
        [sys.executable, "-m", "partition", *words[1:]],
        cwd=folder,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    place = target / entry.name
    place.mkdir(parents=True, exist_ok=True)
    page = place / Path(entry.page).name
    shutil.copy(folder / entry.page, page)
    picture = folder / "picture.png"
    take_picture(page, picture, *SEEN, view=entry.view)
    with Image.open(picture) as taken:
        smaller = taken.convert("RGB").resize((SHOWN, SHOWN * SEEN[1] // SEEN[0]), Image.LANCZOS)
        smaller.save(place / "picture.webp", quality=80)
    (place / LIST).write_text(json.dumps(asdict(entry)), encoding="utf-8")


def main(arguments: list[str] | None = None) -> None:
    """Read the command line, and make what is lacking."""
    parser = argparse.ArgumentParser(prog="python docs/gallery.py", description="Make the gallery.")
    parser.add_argument("names", nargs="*", help="which to make anew; all that lack unless given")
    parser.add_argument("--out", type=Path, default=TARGET, help="folder (build/gallery)")
    parser.add_argument("--list", action="store_true", help="say what there is")
    given = parser.parse_args(arguments)
    known = {entry.name: entry for entry in entries()}
    if given.list:
        for entry in known.values():
            print(f"{entry.name:18} {entry.command}")
        return
    if unknown := sorted(set(given.names) - set(known)):
        parser.exit(2, f"{', '.join(unknown)}: not in the gallery, which has {', '.join(known)}.\n")
    with tempfile.TemporaryDirectory() as folder:
        for name in given.names or known:
            if given.names or not (given.out / name / LIST).is_file():
                print(f"{name}: {known[name].command}", flush=True)
                make(known[name], Path(folder), given.out)


if __name__ == "__main__":
    main()
