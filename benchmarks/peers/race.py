"""Start a peer in a process of its own, and end it when its time or memory is over."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from peers.entrant import Task, write_task
from peers.roster import Peer

WARM_UP = 120.0
"""Most seconds for a process to load its libraries before the clock starts."""
GRACE = 10.0
"""Seconds beyond the limit after which a peer that has not ended is ended."""
POLL = 0.05
"""Seconds between two looks at a process."""


class Limit(NamedTuple):
    """What a peer may use."""

    seconds: float
    megabytes: int


class Run(NamedTuple):
    """What is left of a run."""

    lines: list[str]
    """What the peer reported."""
    seconds: float
    """How long its clock ran, as far as was seen from outside."""
    megabytes: int
    """Most memory it held, likewise."""
    death: str
    """Why it did not end by itself; empty where it did."""


def race(name: str, peer: Peer, task: Task, limit: Limit) -> Run:
    """Run one peer once."""
    with tempfile.TemporaryDirectory() as folder:
        given, trace = Path(folder, "task.npz"), Path(folder, "trace.jsonl")
        errors = Path(folder, "errors.txt")
        write_task(given, task)
        command = [sys.executable, "-m", "peers.entrant", name, str(given), str(trace)]
        with errors.open("w") as file:
            process = subprocess.Popen(
                [*command, str(limit.seconds)],
                env=_environment(peer),
                stdout=subprocess.DEVNULL,
                stderr=file,
            )
            try:
                seconds, megabytes, death = _watch(process, trace, limit)
            finally:
                process.kill()
                process.wait()
        if not death and process.returncode:
            said = errors.read_text(errors="replace").strip().splitlines()
            death = f"exit code {process.returncode}" + (f": {said[-1]}" if said else "")
        lines = trace.read_text().splitlines() if trace.exists() else []
        return Run(lines, seconds, megabytes, death)


def _watch(process: subprocess.Popen[bytes], trace: Path, limit: Limit) -> tuple[float, int, str]:
    """Wait for a process; return its seconds, its memory and the reason to end it, if any."""
    born = time.monotonic()
    started, most, death = None, 0, ""
    while process.poll() is None and not death:
        time.sleep(POLL)
        now = time.monotonic()
        most = max(most, _megabytes(process.pid))
        if started is None and trace.exists() and trace.stat().st_size:
            started = now
        if most > limit.megabytes:
            death = f"out of memory: more than {limit.megabytes:,} MB"
        elif started is None and now > born + WARM_UP:
            death = f"did not start within {WARM_UP:g} s"
        elif started is not None and now > started + limit.seconds + GRACE:
            death = f"did not stop within {GRACE:g} s of the limit"
    return (0.0 if started is None else time.monotonic() - started), most, death


def _megabytes(process_id: int) -> int:
    """Memory that a process holds, as Linux tells; 0 elsewhere, and when it has just ended."""
    try:
        fields = Path(f"/proc/{process_id}/statm").read_text().split()
    except OSError:
        return 0
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") // 2**20 if len(fields) > 1 else 0


def _environment(peer: Peer) -> dict[str, str]:
    """Let the process find this package, and keep linear algebra to the peer's cores."""
    here = str(Path(__file__).parent.parent)
    found = os.environ.get("PYTHONPATH")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([here, *([found] if found else [])])}
    if peer.cores:
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            environment[name] = str(peer.cores)
    return environment
