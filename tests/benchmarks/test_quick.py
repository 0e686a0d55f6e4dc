"""A commit that makes searches slower is told, by computing time; without history nothing is."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

QUICK = Path(__file__).parents[2] / "benchmarks" / "quick.py"
SEARCH = """
import time
from types import SimpleNamespace

def solve(scenario, iterations):
    ends = time.process_time() + {seconds} * iterations
    while time.process_time() < ends:
        pass
    return SimpleNamespace(result=SimpleNamespace(objective=7, bound={bound}))
"""


def git(checkout: Path, *arguments: str) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *arguments], cwd=checkout, check=True)


def commit(checkout: Path, seconds: float, bound: int = 9) -> None:
    text = SEARCH.format(seconds=seconds, bound=bound)
    (checkout / "partition" / "__init__.py").write_text(text)
    git(checkout, "add", "--all")
    git(checkout, "commit", "--quiet", "--message", f"{seconds} s")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout of a program that takes as long as it is told."""
    for folder in ("benchmarks", "partition", "solvers"):
        (tmp_path / folder).mkdir()
    shutil.copy(QUICK, tmp_path / "benchmarks")
    # Without this file the package that is installed would be found, and its loops compiled.
    (tmp_path / "solvers" / "__init__.py").touch()
    (tmp_path / "solvers" / "loops.py").write_text("def compile_loops(): pass\n")
    return tmp_path


def run(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "benchmarks/quick.py", *arguments],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_search_that_became_slower_fails_and_one_that_did_not_passes(checkout: Path) -> None:
    git(checkout, "init", "--quiet")
    commit(checkout, 0.05)
    commit(checkout, 0.15, bound=8)
    told = run(checkout)
    assert (told.returncode, told.stderr) == (1, "")
    assert re.search(
        r"0\.1\d s, objective 7, bound 9\n"
        r"this checkout: 0\.4\d s, objective 7, bound 8\nratio [23]\.",
        told.stdout,
    )
    assert run(checkout, "--ratio", "4").returncode == 0
    commit(checkout, 0.05, bound=8)
    assert run(checkout).returncode == 0
    # What is not committed counts, and the other commit may be any.
    (checkout / "partition" / "__init__.py").write_text(SEARCH.format(seconds=0.1, bound=8))
    assert run(checkout, "--against", "HEAD").returncode == 1
    trees = ["git", "worktree", "list"]
    listed = subprocess.run(trees, cwd=checkout, check=True, capture_output=True, text=True)
    assert len(listed.stdout.splitlines()) == 1


def test_without_the_other_commit_it_says_that_it_is_skipped(checkout: Path) -> None:
    told = run(checkout)
    assert (told.returncode, told.stdout[:9]) == (0, "skipped: ")
    assert "no repository" in told.stdout
    git(checkout, "init", "--quiet")
    commit(checkout, 0.01)
    told = run(checkout)
    assert (told.returncode, told.stdout[:9]) == (0, "skipped: ")
    assert "HEAD~1 is not here" in told.stdout


def test_a_search_that_fails_is_no_measurement(checkout: Path) -> None:
    git(checkout, "init", "--quiet")
    commit(checkout, 0.01)
    (checkout / "partition" / "__init__.py").write_text("def solve(*a, **b): raise OSError('x')\n")
    told = run(checkout, "--against", "HEAD")
    assert told.returncode == 1
    assert "OSError: x" in told.stderr
    assert "The search of this checkout failed." in told.stderr
