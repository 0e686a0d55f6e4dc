"""What a page of the site shows is run, and whatever differs from the page is found."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

RUNNER = Path(__file__).parents[2] / "docs" / "_site" / "run_examples.py"

pytestmark = pytest.mark.skipif(not RUNNER.exists(), reason="a distribution without its docs")


def run(folder: Path, *steps: dict[str, str]) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, RUNNER],
        input=json.dumps(steps),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    found = json.loads(done.stdout)
    assert isinstance(found, list)
    return found


def test_what_is_as_the_page_says_passes_and_what_is_not_is_named(tmp_path: Path) -> None:
    steps = [
        {"kind": "file", "name": "say.py", "text": "import sys\nprint(6 * 7)\nsys.exit(3)\n"},
        {"kind": "console", "text": "$ python say.py\n42\n[exit code 3]\n$ python -c pass"},
        {"kind": "console", "text": "$ python say.py\n42"},
        {"kind": "console", "text": "$ python say.py\n43\n[exit code 3]"},
        {"kind": "console", "text": "$ python -c \\\n    'print(1)'"},
        {"kind": "python", "text": "half = 21"},
        {"kind": "python", "text": ">>> 2 * half\n42\n>>> half\n22\n"},
        {"kind": "python", "text": "import warnings\nwarnings.warn('old')\n"},
    ]
    found = run(tmp_path, *steps)
    assert [one["step"] for one in found] == [2, 3, 4, 6, 7]
    assert "[exit code 3]" in found[0]["what"]
    assert "43" in found[1]["what"]
    assert "UserWarning: old" in found[4]["what"]


def load() -> Any:
    spec = importlib.util.spec_from_file_location("run_examples", RUNNER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("want", "got", "expected"),
    [
        ("", "", False),
        ("", "something", True),
        ("something", "", True),
        ("...", "", False),
        ("...", "one\ntwo", False),
        ("...\nlast", "last\n", False),
        ("...\nlast", "first\nlast\n", False),
        ("...\nlast", "last\nfirst", True),
        ("within ... of it", "within 0.1 % of it", False),
        ("within ... of it", "within 0.1 % of  that", True),
        ("a  b\nc", "a b c", False),
        ("ab", "a b", True),
        ("3.5", "3x5", True),
    ],
)
def test_dots_stand_for_anything_and_nothing_else_does(want: str, got: str, expected: bool) -> None:
    assert load().differs(want, got) is expected


def test_every_block_of_commands_is_run_or_says_why_not() -> None:
    """What the build of the site complains about, said by the tests as well."""
    pages = sorted(RUNNER.parents[1].rglob("*.md"))
    assert len(pages) > 25
    blocks, silent = 0, []
    for page in pages:
        lines = page.read_text(encoding="utf-8").splitlines()
        for place, line in enumerate(lines):
            if line == "```console":
                blocks += 1
                is_run = lines[place + 1].startswith("$ ")
                if not is_run and not lines[place - 1].startswith("<!-- not run: "):
                    silent.append(f"{page.name}:{place + 1}")
    assert blocks > 40
    assert not silent
