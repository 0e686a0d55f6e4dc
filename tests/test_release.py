"""A version is the same wherever it stands, and what releases it writes all of those places."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
FILES = ("pyproject.toml", "CITATION.cff", "CHANGELOG.md")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path)
    text = (tmp_path / "CHANGELOG.md").read_text(encoding="utf-8")
    head, _, tail = text.partition("## [Unreleased]\n")
    news = "## [Unreleased]\n\n### Added\n\n- Something new.\n"
    (tmp_path / "CHANGELOG.md").write_text(head + news + tail, encoding="utf-8")
    return tmp_path


def release(folder: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, ROOT / ".ci" / "release.py", "--root", folder, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    changed = re.sub(old, new, text, count=1, flags=re.MULTILINE)
    assert changed != text
    path.write_text(changed, encoding="utf-8")


def test_all_places_say_the_same_version_now() -> None:
    assert release(ROOT)[0] == 0


def test_a_release_is_written_everywhere_and_read_back_so(copy: Path) -> None:
    before = (copy / "CHANGELOG.md").read_text(encoding="utf-8")
    assert release(copy, "7.0.12", "--date", "2031-02-03") == (0, "All places say 7.0.12.\n")
    project = tomllib.loads((copy / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = yaml.safe_load((copy / "CITATION.cff").read_text(encoding="utf-8"))
    assert project["version"] == citation["version"] == "7.0.12"
    assert "Development Status :: 5 - Production/Stable" in project["classifiers"]
    assert str(citation["date-released"]) == "2031-02-03"
    changes = (copy / "CHANGELOG.md").read_text(encoding="utf-8")
    dated = "## [Unreleased]\n\n## [7.0.12] - 2031-02-03\n\n### Added\n\n- Something new.\n"
    assert dated in changes
    assert changes.replace("\n## [7.0.12] - 2031-02-03\n", "") == before
    assert release(copy) == (0, "All places say 7.0.12.\n")


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("CITATION.cff", r"^version: .*", "version: 3.1.4", "CITATION.cff is of 3.1.4"),
        ("pyproject.toml", r"^version = .*", 'version = "7.0.1"', "tells of 7.0.12"),
        ("CHANGELOG.md", r" - 2031-02-03$", " - 2031-02-04", "dated 2031-02-03, CHANGELOG.md 20"),
        ("CITATION.cff", r"^date-released: .*\n", "", "CITATION.cff is dated nothing"),
        ("pyproject.toml", "5 - Production/Stable", "4 - Beta", "development status"),
    ],
)
def test_a_place_that_says_something_else_is_named(
    copy: Path, name: str, old: str, new: str, said: str
) -> None:
    release(copy, "7.0.12", "--date", "2031-02-03")
    replace(copy / name, old, new)
    code, told = release(copy)
    assert code == 2
    assert said in told


@pytest.mark.parametrize(
    ("version", "said"),
    [("0.0.9", "is not above"), ("1.0", "no version such as"), ("v9.0.0", "no version such as")],
)
def test_what_is_no_next_version_is_refused_and_nothing_is_written(
    copy: Path, version: str, said: str
) -> None:
    before = [(copy / name).read_bytes() for name in FILES]
    code, told = release(copy, version)
    assert (code, told.count("\n")) == (2, 1)
    assert said in told
    assert [(copy / name).read_bytes() for name in FILES] == before


def test_a_release_of_which_nothing_is_told_is_refused(copy: Path) -> None:
    release(copy, "7.0.12")
    code, told = release(copy, "7.0.13")
    assert (code, told) == (2, "CHANGELOG.md tells nothing under Unreleased.\n")


def test_the_page_for_contributors_says_how_to_release() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = page.partition("## Release\n")[2].partition("\n## ")[0]
    commands = re.search(r"```console\n(.*?)```", section, re.DOTALL)
    assert commands is not None
    lines = [line.partition("#")[0].split() for line in commands[1].splitlines()]
    scripts = [word for line in lines for word in line if word.startswith(".ci/")]
    assert scripts == [".ci/release.py", ".ci/run"]
    assert all((ROOT / script).is_file() for script in scripts)
