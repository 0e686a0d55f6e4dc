"""The picture of a page: as large as asked for, or one sentence that says what is missing."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread

import maps
from maps import picture
from maps.style import LIGHT
from shapefiles.units import Units
from solvers.plan import Plan
from tests.browser import find_programs


def take(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> None:
    monkeypatch.setattr(sys, "argv", ["picture", *map(str, arguments)])
    picture.main()


def test_a_picture_has_the_size_asked_for_and_shows_the_map(
    abroad: Units, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find_programs()
    plan = Plan(np.arange(abroad.n_units) % 2)
    page = maps.draw(abroad, plan, maps.MapSummary("Picture", "1 %", "of all"), "2016")
    path = maps.save(page, tmp_path / "a page.html")
    shot = tmp_path / "new folder" / "map.png"
    take(monkeypatch, path, shot, "--width", 900, "--height", 500)
    content = shot.read_bytes()
    assert struct.unpack(">II", content[16:24]) == (900, 500)
    assert len(content) < 200_000
    pixels = np.rint(255 * imread(shot)[..., :3]).astype(np.uint8)
    colours, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_counts=True)
    seen = {
        f"#{colour.tobytes().hex()}": count for colour, count in zip(colours, counts, strict=True)
    }
    # Every unit votes ten to one for blue: at home in the blue nation, stranded in the red one.
    assert min(seen[LIGHT.blue[-1]], seen[LIGHT.red[0]]) > 10_000
    assert [one.name for one in shot.parent.iterdir()] == ["map.png"]


def refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], page: Path, shot: Path
) -> str:
    """What is said where no picture can be taken; the one before stays."""
    shot.write_text("before")
    with pytest.raises(SystemExit) as stop:
        take(monkeypatch, page, shot)
    assert stop.value.code == 2
    assert shot.read_text() == "before"
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    return said


def test_a_missing_page_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "none.html"
    said = refused(monkeypatch, capsys, page, tmp_path / "map.png")
    assert said == f"{page} does not exist; solve a scenario first.\n"


def test_a_browser_that_is_missing_or_fails_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page, shot, programs = tmp_path / "page.html", tmp_path / "map.png", tmp_path / "bin"
    page.write_text("<p>A page</p>")
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    assert "chromium" in refused(monkeypatch, capsys, page, shot)
    broken = programs / "chromium"
    broken.write_text("#!/bin/sh\necho no display >&2\n")
    broken.chmod(0o755)
    assert refused(monkeypatch, capsys, page, shot) == f"{broken} wrote no picture: no display\n"
