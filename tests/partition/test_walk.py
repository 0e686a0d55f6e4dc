"""CONTRIBUTING.md shows newcomers the way of a value; it is the way that a value goes."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest

ROOT = Path(__file__).parents[2]
STEP = re.compile(r"^\d+\. `(?P<file>[\w/]+\.py)`, `(?P<name>[\w.]+)`: ", re.MULTILINE)


def steps() -> list[tuple[str, str]]:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    return [(one["file"], one["name"]) for one in STEP.finditer(text)]


@pytest.mark.usefixtures("scenarios")
def test_the_walk_names_what_is_called_in_its_order(
    invoke: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    walk = steps()
    assert len(walk) == 10
    called: list[tuple[str, str]] = []
    here = threading.get_ident()

    def note(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if (
            event == "call"
            and threading.get_ident() == here
            and code.co_filename.startswith(str(ROOT))
        ):
            called.append((str(Path(code.co_filename).relative_to(ROOT)), code.co_qualname))

    sys.setprofile(note)
    try:
        code, _, _ = invoke("solve", "s0.toml", "--out", "run")
    finally:
        sys.setprofile(None)
    assert code == 0
    assert (tmp_path / "run" / "map.html").exists()
    first = [called.index(step) for step in walk]
    assert first == sorted(first)


@pytest.mark.parametrize("page", ["CONTRIBUTING.md"])
def test_every_file_that_the_tables_name_is_there(page: str) -> None:
    named = re.findall(r"`((?:partition|maps|shapefiles|solvers|fuzz|benchmarks)/[\w/.]+\.\w+)`",
                       (ROOT / page).read_text("utf-8"))  # fmt: skip
    assert len(named) > 40
    lost = [one for one in named if not (ROOT / one).exists() and "NAME" not in one]
    assert not lost
