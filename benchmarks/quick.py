"""Measure whether a commit makes a short search slower than the commit before it.

Run from a checkout of the repository with the package and its dependencies installed::

    python benchmarks/quick.py
    python benchmarks/quick.py --against v1.0.0 --rounds 10 --runs 5

Both commits search the embedded map for the same number of rounds, each in a process of its own, in
turn. Counted are seconds of computing of that process, all of its threads together, once its inner
loops are compiled: on a busy machine they vary by some hundredths, seconds by the clock by a half.
What is compared is the least of each. Where that grew by more than `--ratio` the exit code is 1;
without a repository, or without the other commit, as in a shallow clone, nothing is measured.

The files of the checkout are those that count as the new commit, changes that are not committed
among them; the other commit is laid beside it as a worktree of Git and taken away again.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Self

CHECKOUT = Path(__file__).resolve().parents[1]


class Measured(NamedTuple):
    """One search."""

    seconds: float
    """Of computing, by all threads of the process."""
    objective: int
    bound: int


def work(tree: Path, scenario: str, rounds: int) -> None:
    """Search once for each line of standard input; write a line of JSON for each."""
    import partition  # noqa: PLC0415 - that of `tree`, which only this process has in its path
    from solvers.loops import compile_loops  # noqa: PLC0415

    if not Path(str(partition.__file__)).is_relative_to(tree):
        raise RuntimeError(f"{partition.__file__} is imported, and not that of {tree}.")
    compile_loops()
    print(json.dumps("compiled"), flush=True)
    for _ in sys.stdin:
        before = time.process_time()
        result = partition.solve(scenario, iterations=rounds).result
        seconds = time.process_time() - before
        print(json.dumps([seconds, result.objective, result.bound]), flush=True)


class Worker:
    """A process that searches with the code of one tree when it is told to.

    Parameters
    ----------
    name
        What the tree is called.
    tree
        Its folder.
    scenario
        What is searched.
    rounds
        How many rounds each search has.
    """

    def __init__(self, name: str, tree: Path, scenario: str, rounds: int) -> None:
        self.name = name
        arguments = ["--tree", str(tree), "--scenario", scenario, "--rounds", str(rounds)]
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve()), *arguments],
            env={**os.environ, "PYTHONPATH": str(tree)},
            cwd=tree,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def answer(self) -> object:
        """Wait for the next line.

        Raises
        ------
        RuntimeError
            When the process ended instead; it has said why on standard error.
        """
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise RuntimeError(f"The search of {self.name} failed.")
        return json.loads(line)

    def search(self) -> Measured:
        """Search once."""
        if self._process.stdin is not None:
            self._process.stdin.write("\n")
            self._process.stdin.flush()
        return Measured(*self.answer())  # type: ignore[misc]


def git(*arguments: str) -> str | None:
    """Return what Git says, or None where it, the repository or the commit is not there."""
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=CHECKOUT, check=True, capture_output=True, text=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


@contextmanager
def laid_out(commit: str) -> Iterator[Path]:
    """Lay a commit out in a folder, and take it away again."""
    with tempfile.TemporaryDirectory(prefix="quick-") as folder:
        tree = Path(folder).resolve() / "tree"
        subprocess.run(
            ["git", "worktree", "add", "--quiet", "--detach", str(tree), commit],
            cwd=CHECKOUT,
            check=True,
        )
        try:
            yield tree
        finally:
            git("worktree", "remove", "--force", str(tree))


def measure(tree: Path, old: str, options: argparse.Namespace) -> tuple[Measured, Measured]:
    """Search in turn with the code of both; return the quickest search of each, old and new."""
    with (
        Worker(old, tree, options.scenario, options.rounds) as before,
        Worker("this checkout", CHECKOUT, options.scenario, options.rounds) as after,
    ):
        for worker in (before, after):
            worker.answer()
        pairs = [(before.search(), after.search()) for _ in range(options.runs)]
    return min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)


def main() -> None:
    """Compare, say both times, and end with 1 where the new one is too slow."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--against", default="HEAD~1", help="the other commit")
    parser.add_argument("--scenario", default="counties")
    parser.add_argument("--rounds", type=int, default=3, help="of each search")
    parser.add_argument("--runs", type=int, default=2, help="searches with each commit")
    parser.add_argument("--ratio", type=float, default=1.5, help="that is still well")
    parser.add_argument("--tree", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.tree:
        work(options.tree, options.scenario, options.rounds)
        return
    if git("rev-parse", "--show-toplevel") != str(CHECKOUT):
        print("skipped: this is no repository of Git, so that there is no commit to compare with")
        return
    old = git("rev-parse", "--short", "--verify", "--quiet", f"{options.against}^{{commit}}")
    if not old:
        print(f"skipped: the commit {options.against} is not here, as in a shallow clone")
        return
    with laid_out(old) as tree:
        before, after = measure(tree, old, options)
    for name, one in ((old, before), ("this checkout", after)):
        print(f"{name}: {one.seconds:.2f} s, objective {one.objective:,}, bound {one.bound:,}")
    ratio = after.seconds / before.seconds
    print(f"ratio {ratio:.3f}; up to {options.ratio} is well")
    if ratio > options.ratio:
        sys.exit(1)


if __name__ == "__main__":
    main()
