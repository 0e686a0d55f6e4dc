"""The pages of the gallery, opened as a reader opens them."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.browser import Screen

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "docs" / "gallery.py"

pytestmark = pytest.mark.skipif(not SOURCE.exists(), reason="a distribution without its docs")


def load() -> Any:
    spec = importlib.util.spec_from_file_location("gallery", SOURCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["gallery"] = module  # where its dataclasses look for themselves
    spec.loader.exec_module(module)
    return module


def test_the_pages_of_the_gallery_open_without_a_network_and_without_an_error(
    screen: Screen, tmp_path: Path
) -> None:
    """All that `python docs/gallery.py` has made, where GALLERY names its folder, or one page."""
    folder = Path(os.environ.get("GALLERY") or tmp_path)
    if folder == tmp_path:
        load().main(["states", "--out", str(tmp_path)])
    found = sorted(folder.glob("*/gallery.json"))
    assert found
    for path in found:
        entry = json.loads(path.read_text(encoding="utf-8"))
        page = path.parent / Path(entry["page"]).name
        screen.open(page, f"#{entry['view']}" if entry["view"] else "")
        screen.wait(0.2)
        assert screen.errors() == [], entry["name"]
        assert screen.requests() == {page.as_uri()}, entry["name"]
        drawn = screen.driver.execute_script(
            "return Math.max(...[...document.querySelectorAll('canvas')].map((c) => c.width))"
        )
        assert drawn > 300, entry["name"]
        assert (path.parent / "picture.webp").stat().st_size > 5_000


def test_every_shipped_scenario_is_in_the_gallery_and_no_two_pages_share_a_name() -> None:
    gallery = load()
    names = [entry.name for entry in gallery.entries()]
    assert len(names) == len(set(names))
    shipped = {path.stem for path in (ROOT / "partition" / "scenarios").glob("*.toml")}
    assert shipped <= set(names)
    assert {"sweep", "cascade", "montreal", "michigan"} <= set(names)
