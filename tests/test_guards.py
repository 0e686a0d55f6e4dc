"""No guard can be switched off: `python -O` removes asserts, and so the program has none."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

CANARY = """
def test_that_fails():
    assert 1 == 2

def test_that_passes():
    assert 1 == 1
"""


@pytest.mark.parametrize("room", ["maps", "partition", "shapefiles", "solvers"])
def test_the_program_has_no_asserts(room: str) -> None:
    folder = Path(str(import_module(room).__path__[0]))
    files = sorted(folder.rglob("*.py"))
    assert len(files) > 10
    found = [
        f"{file.relative_to(folder.parent)}:{node.lineno}"
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assert) or (isinstance(node, ast.Name) and node.id == "__debug__")
    ]
    assert found == []


def test_the_asserts_of_tests_are_checked_where_those_of_programs_are_not(tmp_path: Path) -> None:
    """What `.ci/run` relies on when it runs the tests of the solvers without asserts."""
    (tmp_path / "test_canary.py").write_text(CANARY)
    (tmp_path / "plain.py").write_text("assert 1 == 2\n")
    environment = {**os.environ, "PYTHONOPTIMIZE": "1"}
    done = subprocess.run(
        [sys.executable, str(tmp_path / "plain.py")], env=environment, check=False
    )
    assert done.returncode == 0
    ignored = "ignore:assertions not in test modules:pytest.PytestConfigWarning"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-W", ignored, "-p", "no:cacheprovider", "."],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "1 failed, 1 passed" in done.stdout
