"""What the check of installations does where few Pythons, or none, are on the machine."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

SOURCE = Path(__file__).parents[1] / ".ci" / "installations.py"


@pytest.fixture
def installations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    for name in ("x.whl", "x.tar.gz"):
        (tmp_path / name).touch()
    spec = importlib.util.spec_from_file_location("installations", SOURCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(sys, "argv", ["installations.py", str(tmp_path), "--without", "3.12"])
    return module


def test_a_machine_whose_only_python_was_tried_elsewhere_passes_and_says_so(
    installations: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here = Path(sys.executable)
    monkeypatch.setattr(installations, "find", lambda one: here if one == "3.12" else None)
    installations.main()
    said = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in said] == [
        *(f"Python {one}" for one in installations.claimed() if one != "3.12"),
        "Python 3.12, newest versions",
    ]


def test_a_machine_without_any_python_that_is_promised_fails(
    installations: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installations, "find", lambda _: None)
    with pytest.raises(SystemExit, match="nothing was tried"):
        installations.main()


def test_the_oldest_python_is_tried_with_lowest_versions_too(
    installations: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Path(sys.executable)
    monkeypatch.setattr(installations, "find", lambda _: here)
    tried = [(one.name, one.resolution) for one in installations.trials()]
    oldest, *others = installations.claimed()
    assert tried == [
        (f"Python {oldest}, lowest versions", "lowest-direct"),
        *((f"Python {one}, newest versions", "highest") for one in (oldest, *others)),
    ]
