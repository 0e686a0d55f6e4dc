"""Studies side by side in one folder of runs, some of them killed, lose no plan in silence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.partition.conftest import CODE

ROUNDS = Path(__file__).parents[2] / "fuzz" / "side_by_side.py"
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system with fork")


def play(environment: dict[str, str], *options: str) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, str(ROUNDS), *options],
        cwd=CODE,
        env=environment,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    counts: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return counts


def test_three_studies_at_once_some_of_them_killed_end_with_all_their_plans(
    environment: dict[str, str],
) -> None:
    counts = play(environment, "--rounds", "3", "--seed", "1")
    assert counts["studies"] >= 12
    assert counts["studies killed"] >= 1
    assert counts["plans"] >= 6 * 2
    assert counts["plans missing, as said"] == 0
    assert counts["looks at a run"] > 0


def test_three_studies_on_a_cluster_whose_workers_die_lack_nothing_in_silence(
    environment: dict[str, str],
) -> None:
    pytest.importorskip("distributed")
    if not Path("/proc/self/task").is_dir():
        pytest.skip("needs /proc, to find the workers")
    counts = play(environment, "--rounds", "1", "--seed", "2", "--cluster")
    assert counts["studies"] == 4
    assert counts["plans"] >= 5
