"""Compare this package with other ways to solve the same problem in the same seconds.

Run from a checkout with the extra ``bench`` installed::

    python benchmarks/peers.py --seconds 10 60 300 --out benchmarks/results/peers.csv

Every peer runs in a process of its own, one after the other, with a limit on time and memory; every
plan that it reports is rechecked. Rows that the file has already are kept, so a run that was
interrupted goes on where it was; ``--again`` runs them anew.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import sys
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from threading import Lock

from peers.entrant import Task
from peers.instances import INSTANCES, Instance, load_instance
from peers.race import Limit, race
from peers.referee import Row, check, stand
from peers.roots import prove_roots
from peers.roster import ROSTER
from peers.table import Key, key, markdown, read_rows, write_rows

PACKAGES = ("ortools", "gerrychain", "spopt")


class Comparison:
    """The rows so far, and how to get the others."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.rows = read_rows(options.out)
        self.lock = Lock()
        self.load = cache(load_instance)
        self.roots = cache(self._roots)

    def missing(self, instance: str, peer: str) -> list[float]:
        """Seconds for which there is no row yet."""
        marks = sorted(set(self.options.seconds))
        if self.options.again:
            return marks
        return [mark for mark in marks if (instance, peer, mark) not in self.rows]

    def run(self, instance: str, name: str) -> None:
        """Run one peer on one instance, for all seconds that are missing."""
        marks = self.missing(instance, name)
        if not marks:
            return
        given, peer = self.load(instance), ROSTER[name]
        roots = self.roots(instance) if name.endswith("-rooted") else None
        task = Task(given.problem, given.start, roots, self.options.seed)
        for group in [marks] if peer.is_one_run else [[mark] for mark in marks]:
            run = race(name, peer, task, Limit(group[-1], self.options.memory))
            course = check(given.problem, run, group[-1])
            for mark in group:
                self.keep(stand(instance, given.problem, name, course, mark))

    def keep(self, row: Row) -> None:
        """Take a row down, and say so."""
        with self.lock:
            self.rows[key(row)] = row
            write_rows(self.options.out, sorted(self.rows.values(), key=_place))
        gap = "" if row.gap is None else f" gap {row.gap:.4%}"
        note = f" ({row.note})" if row.note else ""
        print(
            f"{row.instance} {row.peer} {row.seconds:g} s: objective {row.objective}, bound "
            f"{row.bound}{gap}, {row.status}, {row.megabytes} MB{note}",
            file=sys.stderr,
            flush=True,
        )

    def _roots(self, instance: str) -> tuple[int, int] | None:
        given: Instance = self.load(instance)
        return prove_roots(given.problem, given.start, self.options.root_seconds)


def _place(row: Row) -> tuple[int, int, float]:
    """Order of the rows: as instances and peers are listed."""
    return INSTANCES.index(row.instance), list(ROSTER).index(row.peer), row.seconds


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, nargs="+", default=[10.0, 60.0, 300.0])
    parser.add_argument("--instances", nargs="+", default=list(INSTANCES), choices=INSTANCES)
    parser.add_argument("--peers", nargs="+", default=["*"], help="names, or patterns with *")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results/peers.csv"))
    parser.add_argument("--again", action="store_true", help="run what the file has already")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--memory", type=int, default=8_000, help="megabytes a peer may hold")
    parser.add_argument(
        "--jobs", type=int, default=1, help="peers that use one core only to run side by side"
    )
    parser.add_argument(
        "--root-seconds", type=float, default=60.0, help="for each step of proving roots"
    )
    options = parser.parse_args()
    options.chosen = [
        name for name in ROSTER if any(fnmatchcase(name, given) for given in options.peers)
    ]
    for given in options.peers:
        if not any(fnmatchcase(name, given) for name in ROSTER):
            parser.error(f"--peers {given}: no such peer; choose from {', '.join(ROSTER)}")
    if min(options.seconds) <= 0:
        parser.error("--seconds: give seconds above 0")
    return options


def main() -> None:
    """Run what is missing and print the tables."""
    options = _options()
    comparison = Comparison(options)
    for instance in options.instances:
        due = [name for name in options.chosen if comparison.missing(instance, name)]
        if any(name.endswith("-rooted") for name in due):
            comparison.roots(instance)
        single = [name for name in due if ROSTER[name].cores == 1] if options.jobs > 1 else []
        for name in due:
            if name not in single:
                comparison.run(instance, name)
        with ThreadPoolExecutor(options.jobs) as pool:
            for done in [pool.submit(comparison.run, instance, name) for name in single]:
                done.result()
    _print(comparison)


def _print(comparison: Comparison) -> None:
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {versions}")
    wanted: set[Key] = {
        (instance, name, mark)
        for instance in comparison.options.instances
        for name in comparison.options.chosen
        for mark in comparison.options.seconds
    }
    for instance in comparison.options.instances:
        rows = [
            row
            for row in sorted(comparison.rows.values(), key=_place)
            if row.instance == instance and key(row) in wanted
        ]
        if rows:
            print(f"\n### {instance}: {rows[0].units:,} units, {rows[0].edges:,} edges\n")
            print(markdown(rows))


if __name__ == "__main__":
    main()
