"""Make the plans and inequalities that come with the package, from long searches.

Run from a checkout, on a machine with nothing else to do::

    python benchmarks/ship.py --seconds 3600 counties --election 2016 2020 2024
    python benchmarks/ship.py --seconds 180 balanced canada compact confederation
    python benchmarks/ship.py --seconds 180 counties@border={25,50,75,125,150,175,200}

Each question is searched for so long, warm: with the plans and inequalities that come with the
package already, so that the same command goes on where it ended, and elections begin with what the
ones before have found. What a search has learned replaces what is there where it proves more, or
has a better plan: not what that search has proven counts, but what one of ten seconds proves that
begins with as much as the file has room for, and the index states this. `--run FOLDER` takes what a
run of ``partition solve`` has learned instead of searching. Scenarios that a cold search proves
within five seconds need none of this; ``--list`` says what there is.

Then run ``python docs/build.py``: its pages print what some of the plans come to.

The files are written to ``partition/shipped`` of the checkout. All of them together have a million
bytes at most: of each, the inequalities that are tight where the next search begins come first,
then those that the bounds of open cases rest on, and what does not fit is left out from the end.
With `--tree`, what was proven case by case is kept as well, as far down as fits: of each case the
last proof, with multipliers of fewer digits.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from dataclasses import asdict, replace
from itertools import product
from pathlib import Path

from cutting import with_tree

import partition
from partition.question.asking import ask
from partition.question.question import Question
from partition.runs.learned import Learned, read_knowledge
from partition.runs.nearness import distance, what_is_asked
from partition.runs.run import Run
from partition.runs.shipped import (
    ENDING,
    FOLDER,
    FORMAT,
    INDEX,
    PACKAGE,
    VERSION,
    ShippedRun,
    digits_of,
    read_index,
    read_rows,
    units_hash,
)
from partition.runs.solving import solve_question
from partition.scenario import Overrides, Scenario
from solvers.knowledge import Knowledge

MOST_BYTES = 1_000_000
"""Bytes that all files may have together."""

MOST_EACH = 80_000
"""Bytes that one of them may have, so that a dozen fit."""

ROOM_OF_INDEX = 16_000
"""Bytes that are left for the index."""

SOON = 5.0
"""Seconds within which a cold search needs no help."""

TRIED = 10.0
"""Seconds of the search that says what a file proves."""


def search(question: Question, seconds: float, folder: Path) -> Run:
    """Search for so long with what there is; whatever is proven meanwhile ends it.

    What was trimmed from the file of a question may be in those of its neighbours.
    """
    here = what_is_asked(question.scenario)
    learned = [
        Learned(read_rows(folder, one), f"{PACKAGE}: {one.name}", far=distance(one.asked, here))
        for one in read_index(folder).runs
    ]
    serving = [one for one in learned if one.knowledge.serves(question.formulation.problem)]
    asked = Overrides(time_limit=seconds, gap=0.0).apply(question.scenario)
    told = [0.0]

    def tell(progress: object) -> None:
        if progress.seconds >= told[0]:  # type: ignore[attr-defined]
            told[0] += 60.0
            print(progress, file=sys.stderr, flush=True)

    return solve_question(question.asking(asked), learned=serving, on_progress=tell)


def trimmed(known: Knowledge, room: int) -> Knowledge:
    """Leave as many of the first inequalities as there is room for, those of its basis first."""
    share, sorted_lessons = 1.0, []
    for one in known.lessons:
        tight = one.bases[0].tight if one.bases else frozenset()
        claims = sorted(one.claims, key=lambda claim: claim not in tight)
        sorted_lessons.append(replace(one, claims=tuple(claims), trees=()))
    while True:
        lessons = tuple(
            replace(one, claims=one.claims[: int(share * len(one.claims))])
            for one in sorted_lessons
        )
        kept = Knowledge(known.graph, (), tuple(one for one in lessons if one.claims))
        if len(kept.packed(densely=True)) <= room or not kept.lessons:
            break
        share *= 0.95
    return kept


def proven_with(run: Run, known: Knowledge) -> int | None:
    """State the bound that a short search has which begins with this and with a run's plan."""
    asked = Overrides(time_limit=TRIED, gap=0.0).apply(run.question.scenario)
    question = run.question.asking(asked)
    learned = [Learned(known, PACKAGE)]
    return solve_question(question, start=run.plan, learned=learned, cold=True).result.bound


def ship(
    run: Run, known: Knowledge, folder: Path, *, is_tree_kept: bool = False
) -> ShippedRun | None:
    """Write what a run has learned and take it into the index; None where it is no gain."""
    index, question, result = read_index(folder), run.question, run.result
    name, asked = question.scenario.slug, what_is_asked(question.scenario)
    before = next((one for one in index.runs if one.asked == asked), None)
    if result.objective is None or result.bound is None:
        return None
    seconds = result.runtime
    if before is not None:
        if result.objective < before.objective:
            return None
        seconds += before.seconds if any(name in one for one in run.taught_by) else 0.0
    others = [one for one in index.runs if one.asked != asked]
    size = sum(len((folder / f"{one.name}{ENDING}").read_bytes()) for one in others)
    room = MOST_BYTES - size - ROOM_OF_INDEX
    kept = trimmed(known, min(room, MOST_EACH))
    if is_tree_kept:
        kept = with_tree(kept, known, run, room)
    bound = proven_with(run, kept)
    if bound is None:
        return None
    if before and (-result.objective, bound) >= (-before.objective, before.bound):
        return None
    data = kept.packed(densely=True)
    entry = ShippedRun(
        name,
        asked,
        digits_of(run.plan),
        result.objective,
        bound,
        round(seconds, 1),
        hashlib.sha256(data).hexdigest(),
    )
    runs = sorted([*others, entry], key=lambda one: one.name)
    text = json.dumps(
        {
            "format": FORMAT,
            "version": VERSION,
            "units": units_hash(question.units),
            "runs": [asdict(one) for one in runs],
        },
        indent=1,
    )
    size += len(data) + len(text)
    if size > MOST_BYTES:
        raise SystemExit(f"{size:,} bytes are more than the {MOST_BYTES:,} allowed.")
    folder.mkdir(exist_ok=True)
    (folder / f"{name}{ENDING}").write_bytes(data)
    (folder / INDEX).write_text(text + "\n", encoding="utf-8")
    return entry


def told(one: ShippedRun) -> str:
    """Say what an entry has."""
    gap = (one.bound - one.objective) / one.objective
    return f"{one.name}: {one.objective} to {one.bound}, gap {gap:.4%}, {one.seconds:g} s"


def main() -> None:
    """Search what the command line names, and write what is learned."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions", nargs="*", help="scenarios, varied by @KEY=VALUE")
    parser.add_argument("--election", nargs="*", default=[None], help="one after the other")
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--run", type=Path, nargs="*", default=[], help="folders of runs to take")
    parser.add_argument(
        "--tree", action="store_true", help="with what was proven case by case, where it was split"
    )
    parser.add_argument("--list", action="store_true", help="say what there is")
    options = parser.parse_args()
    folder = Path(partition.__file__).parent / FOLDER
    for place in options.run:
        run = partition.read(place)
        entry = ship(run, read_knowledge(place), folder, is_tree_kept=options.tree)
        print(f"{place}: no gain" if entry is None else told(entry), flush=True)
    for name, election in product(options.questions, options.election):
        question = ask(Scenario.load(name), None, Overrides(election))
        run = search(question, options.seconds, folder)
        if not run.taught_by and run.result.gap == 0 and run.result.runtime < SOON:
            print(f"{name}: proven within {run.result.runtime:.1f} s, cold", flush=True)
            continue
        known = run.result.knowledge
        entry = None
        if known is not None and known.n_rows:
            entry = ship(run, known, folder, is_tree_kept=options.tree)
        print(f"{name}: no gain" if entry is None else told(entry), flush=True)
    if options.list:
        for one in read_index(folder).runs:
            print(told(one))


if __name__ == "__main__":
    main()
