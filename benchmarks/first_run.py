"""Measure how long somebody waits for the first plan and the first bound after an installation.

Run from a checkout with the package installed::

    python benchmarks/first_run.py
    python benchmarks/first_run.py --scenarios counties --cold no --tree ../other-checkout

Each search is a process of its own, from the start of Python on, as it is for whoever uses it: the
first one with a fresh folder for the compiled loops, the second one with what that has kept. It
ends once it has a plan, a bound below what adding up the best of every unit gives, and its loops.

Seconds by the clock depend on whatever else the machine does. Seconds of computing of the process
itself do less so, and on two quiet cores they are what it takes: its helpers have the other core.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
MILESTONES = {"plan": "first plan", "bound": "first bound", "loops": "all loops"}


def search(scenario: str, *, is_cold: bool) -> None:
    """Search until there is all that is waited for; print when each was there."""
    import partition  # noqa: PLC0415 - its loading counts

    began = float(os.environ["BEGAN"])
    reached: dict[str, tuple[float, float]] = {}
    told: list[int] = []

    def note(what: str) -> None:
        reached.setdefault(what, (time.time() - began, time.process_time()))

    def tell(progress: partition.Progress) -> None:
        if progress.bound is not None:
            told.append(progress.bound)
            if progress.bound < told[0]:  # which is told before anything is prepared
                note("bound")
        if progress.incumbent is not None:
            note("plan")
        if not progress.phase.startswith("compiling"):
            note("loops")

    partition.solve(
        scenario,
        cold=is_cold,
        time_limit=600,
        gap=0,
        on_progress=tell,
        should_stop=lambda: len(reached) == len(MILESTONES),
    )
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps({**reached, "helpers": usage.ru_utime + usage.ru_stime}))


def measure(tree: Path, kept: Path, scenario: str, *, is_cold: bool) -> dict[str, object]:
    """Search in a process of its own, with the code of a checkout and a folder for its loops."""
    arguments = ["--search", "--scenarios", scenario, "--cold", "yes" if is_cold else "no"]
    environment = {"PYTHONPATH": str(tree), "NUMBA_CACHE_DIR": str(kept), "BEGAN": str(time.time())}
    done = subprocess.run(
        [sys.executable, str(Path(__file__).resolve()), *arguments],
        cwd=tree,
        env={**os.environ, **environment},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    measured: dict[str, object] = json.loads(done.stdout)
    return measured


def main() -> None:
    """Print a table in Markdown."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("--scenarios", nargs="+", default=["counties"])
    parser.add_argument("--cold", nargs="+", default=["no", "yes"], choices=["no", "yes"])
    parser.add_argument("--tree", type=Path, default=CHECKOUT, help="the checkout to measure")
    parser.add_argument("--search", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.search:
        search(options.scenarios[0], is_cold=options.cold == ["yes"])
        return
    columns = [*MILESTONES.values(), "helpers"]
    print("| search | loops |", " | ".join(columns), "|")
    print("|---|---|" + "---:|" * len(columns))
    for scenario in options.scenarios:
        for cold in options.cold:
            with tempfile.TemporaryDirectory(prefix="first-run-") as kept:
                for state in ("to compile", "kept"):
                    found = measure(
                        options.tree.resolve(), Path(kept), scenario, is_cold=cold == "yes"
                    )
                    cells = ["{:.1f} ({:.1f})".format(*found[what]) for what in MILESTONES]  # type: ignore[misc]
                    name = f"{scenario} --cold" if cold == "yes" else scenario
                    print(f"| `{name}` | {state} |", " | ".join(cells), end=" | ")
                    print(f"({found['helpers']:.1f}) |", flush=True)


if __name__ == "__main__":
    main()
