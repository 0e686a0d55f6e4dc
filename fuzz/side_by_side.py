"""Studies side by side in one folder of runs, some of them killed: none loses a plan in silence.

    python fuzz/side_by_side.py --rounds 500
    python fuzz/side_by_side.py --rounds 100 --cluster

In every round several studies with overlapping scenarios begin at the same moment, where some runs
are finished before, whole or damaged. After a random while some studies are killed (`kill -9`), and
on a cluster some workers, too. Every study that lives must end with all its plans and exit code 0,
or say which it lacks and exit with code 1; every plan must be where the study says, whole and the
best; at no moment may a run be without its files. One more study ends the round: it must have
everything, and leave nothing half written. The counts at the end are those of
``tests/partition/test_side_by_side.py``, which runs a few rounds. Needs a system with ``fork``.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely

import partition
import partition.studies.comparing.compare
import solvers.solve  # noqa: F401 - before any fork, so that no child loads it again
from partition.land.dataset import Dataset
from partition.question.question import Question
from partition.runs import cluster as cluster_of_dask
from partition.runs.reading import read
from partition.scenario import Scenario
from shapefiles.units import Edges, Units

N_SCENARIOS = 5

LONGEST = 300.0
"""Seconds after which a study hangs."""


def build_units(side: int, *, is_drawn: bool) -> Units:
    """Build a country of squares, with polygons or as a graph, which takes less time to write."""
    n_units = side * side
    column, row = np.arange(n_units) % side, np.arange(n_units) // side
    pairs = [(unit, unit + 1) for unit in range(n_units) if column[unit] < side - 1]
    pairs += [(unit, unit + side) for unit in range(n_units - side)]
    boxes = shapely.box(column * 1e4, row * 1e4, (column + 1) * 1e4, (row + 1) * 1e4)
    counts = np.arange(n_units)
    return Units(
        ids=np.array([f"{unit:03}" for unit in range(n_units)]),
        names=np.array([f"Square {unit}" for unit in range(n_units)]),
        states=np.full(n_units, "A"),
        polygons=boxes if is_drawn else np.full(n_units, None),
        crs="EPSG:5070",
        votes={"2016": np.stack([counts * 37 % 91 + 5, counts * 53 % 83 + 5], axis=1)},
        attributes={"population": counts * 10 + 50},
        edges=Edges(
            pairs=np.array(sorted(pairs), np.int32),
            border=np.full(len(pairs), 1e4),
            kind=np.full(len(pairs), "land"),
            is_default=np.ones(len(pairs), np.bool_),
        ),
    )


class Rounds:
    """Rounds of studies side by side, and what came of them."""

    def __init__(self, options: argparse.Namespace, place: Path) -> None:
        self.options, self.place = options, place
        self.random = random.Random(options.seed)
        self.units = build_units(4, is_drawn=options.draw)
        self.dataset = Dataset.of(self.units)
        base = Scenario.load("archipelago")
        self.scenarios = [
            replace(base.override(seed=number), name=f"run-{number}")
            for number in range(N_SCENARIOS)
        ]
        votes = self.units.votes["2016"]
        self.best = int(votes.max(axis=1).sum())  # of the archipelago, each unit its own majority
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []
        self.seconds = 0.5

    def play(self, number: int) -> None:
        """Play one round; faults are noted."""
        runs = self.place / f"runs-{number}"
        runs.mkdir()
        self._prepare(number, runs)
        start = time.monotonic()
        with self._watching(runs):
            studies = [
                self._begin(runs, self.random.sample(self.scenarios, self.random.randint(2, 5)))
                for _ in range(self.options.studies)
            ]
            self._kill(studies)
            for pid, asked, answer in studies:
                self._check(number, runs, asked, answer, self._end(pid))
            self.seconds = 0.7 * self.seconds + 0.3 * (time.monotonic() - start)
            pid, asked, answer = self._begin(runs, self.scenarios)
            self._check(number, runs, asked, answer, self._end(pid))
        self._check_rest(number, runs)
        shutil.rmtree(runs, ignore_errors=True)

    def _prepare(self, number: int, runs: Path) -> None:
        """Have some runs finished before, whole or damaged."""
        before = self.random.sample(self.scenarios, self.random.randint(0, 2))
        if not before:
            return
        pid, asked, answer = self._begin(runs, before)
        self._check(number, runs, asked, answer, self._end(pid))
        for folder in sorted(runs.iterdir()):
            if folder.is_dir() and self.random.random() < 0.5:
                (folder / "plan.csv").write_text("GEOID,nation\n")
                self.counts["runs damaged"] += 1

    def _begin(self, runs: Path, asked: Sequence[Scenario]) -> tuple[int, list[Scenario], Path]:
        answer = self.place / f"answer-{self.random.getrandbits(64):x}.json"
        pid = os.fork()
        if not pid:
            code = 70
            with contextlib.suppress(BaseException):
                code = self._study(runs, asked, answer)
            os._exit(code)
        return pid, list(asked), answer

    def _study(self, runs: Path, asked: Sequence[Scenario], answer: Path) -> int:
        """Be a study, in a process of its own: what the command line does, but for the tables."""
        log = answer.with_suffix(".log").open("w")
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        faulthandler.dump_traceback_later(LONGEST - 10, file=log)
        cluster_of_dask.DESERTED = 20.0
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found = partition.compare(
                    asked,
                    data=self.dataset,
                    runs=runs,
                    n_jobs=self.options.jobs,
                    cluster=self.options.address,
                )
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
            raise
        folders = {label: str(folder) for label, folder in found.folders.items()}
        answer.write_text(json.dumps({"folders": folders, "missing": found.missing}))
        return 1 if found.missing else 0

    def _kill(self, studies: list[tuple[int, list[Scenario], Path]]) -> None:
        victims = [pid for pid, _, _ in studies if self.random.random() < 0.4]
        workers = self.options.workers() if self.options.cluster else []
        if workers and self.random.random() < 0.4:
            victims.append(self.random.choice(workers))
        for pid in victims:
            time.sleep(self.random.uniform(0, self.seconds / len(victims)))
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _end(self, pid: int) -> int:
        deadline = time.monotonic() + LONGEST
        while True:
            found, status = os.waitpid(pid, os.WNOHANG)
            if found:
                return os.waitstatus_to_exitcode(status)
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                return 99
            time.sleep(0.01)

    def _check(
        self, number: int, runs: Path, asked: list[Scenario], answer: Path, code: int
    ) -> None:
        self.counts["studies"] += 1
        log = answer.with_suffix(".log")
        if code == -signal.SIGKILL:
            self.counts["studies killed"] += 1
        elif code not in (0, 1) or not answer.exists():
            text = log.read_text() if log.exists() else ""
            self._fault(number, f"a study ended with code {code}: {text[-6000:]}")
        else:
            self._check_answer(number, asked, json.loads(answer.read_text()), code)
        for path in (answer, log):
            path.unlink(missing_ok=True)

    def _check_answer(
        self, number: int, asked: list[Scenario], answer: dict[str, Any], code: int
    ) -> None:
        lacking = {one.name for one in asked} - set(answer["folders"])
        said = {name for name in lacking if re.search(rf"\b{name}\b", answer["missing"])}
        if said != lacking or (code == 1) != bool(lacking):
            self._fault(number, f"{lacking} are missing, and it says {answer['missing']!r}")
        self.counts["plans"] += len(answer["folders"])
        self.counts["plans missing, as said"] += len(said)
        if lacking and not self.options.cluster:
            self._fault(number, f"nothing was in the way, but: {answer['missing']}")
        for scenario in asked:
            if scenario.name in answer["folders"]:
                folder = answer["folders"][scenario.name]
                run = read(folder, asked=Question(scenario, self.dataset))
                if run.result.objective != self.best:
                    self._fault(number, f"{folder} is worth {run.result.objective}")

    def _check_rest(self, number: int, runs: Path) -> None:
        names = sorted(one.name for one in runs.iterdir())
        if len(names) != N_SCENARIOS or any(name.startswith(".") for name in names):
            self._fault(number, f"what is left is {names}")

    @contextlib.contextmanager
    def _watching(self, runs: Path) -> Iterator[None]:
        """Look at every run, as fast as can be: it is there, or not yet."""
        done, seen = threading.Event(), set[Path]()

        def look() -> None:
            while not done.wait(0.001):
                for folder in runs.iterdir():
                    if not folder.name.startswith("."):
                        seen.add(folder)
                for folder in seen:
                    self.counts["looks at a run"] += 1
                    if not (folder / "run.json").exists() or not (folder / "plan.csv").exists():
                        self._fault(-1, f"{folder} was not whole")

        thread = threading.Thread(target=look)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _fault(self, number: int, what: str) -> None:
        self.counts["faults"] += 1
        self.faults.append(what)
        print(f"round {number}: {what}", flush=True)


@contextlib.contextmanager
def cluster(options: argparse.Namespace, place: Path) -> Iterator[None]:
    """Have a Dask scheduler and workers, each with a nanny that replaces it when it is killed."""
    options.address, options.workers = None, list
    if not options.cluster:
        yield
        return
    processes: list[subprocess.Popen[bytes]] = []

    def run(kind: str, *arguments: str) -> Path:
        log = place / f"{len(processes)}.log"
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *arguments]
        with log.open("wb") as stream:
            processes.append(
                subprocess.Popen(
                    [*command, "--no-dashboard"],
                    cwd=place,
                    stdout=stream,
                    stderr=stream,
                    start_new_session=True,
                )
            )
        return log

    def workers() -> list[int]:
        """Find the processes that nannies have started."""
        found = []
        for process in processes[1:]:
            path = Path(f"/proc/{process.pid}/task/{process.pid}/children")
            for child in path.read_text().split():
                words = Path(f"/proc/{child}/cmdline").read_bytes()
                if b"spawn_main" in words:
                    found.append(int(child))
        return found

    try:
        log = run("scheduler", "--host", "127.0.0.1", "--port", "0")
        while not (found := re.search(r"Scheduler at:\s+(tcp://[\d.:]+)", log.read_text())):
            time.sleep(0.1)
        options.address, options.workers = found[1], workers
        for _ in range(2):
            run("worker", found[1], "--nthreads", "1")
        yield
    finally:
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def main() -> int:
    """Play rounds and print the counts as JSON; 1 where there was a fault."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--studies", type=int, default=3, help="at the same time")
    parser.add_argument("--jobs", type=int, default=1, help="runs at a time in each study")
    parser.add_argument("--draw", action="store_true", help="units with polygons, and their maps")
    parser.add_argument("--cluster", action="store_true", help="on Dask, whose workers die, too")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        with cluster(options, place):
            rounds = Rounds(options, place)
            for number in range(options.rounds):
                rounds.play(number)
    print(json.dumps({"rounds": options.rounds, **dict(sorted(rounds.counts.items()))}))
    return 1 if rounds.faults else 0


if __name__ == "__main__":
    sys.exit(main())
