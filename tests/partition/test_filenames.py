"""Names of folders that are made of what strangers wrote."""

from __future__ import annotations

import string
import unicodedata
from dataclasses import replace
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import partition
from partition.filenames import LONGEST, file_name
from partition.land.dataset import Dataset
from partition.question.question import Question
from partition.runs.run import default_folder
from partition.scenario import Scenario
from partition.studies.running.finished import choose_folder
from shapefiles.units import Units

HOSTILE = [
    "..",
    "../../../etc/passwd",
    "x/../../..",
    "/",
    "\\",
    "..\\..\\x",
    "C:\\x",
    "a\0b",
    "CON",
    "con.txt",
    "NUL",
    "COM1",
    "lpt9.csv",
    "trailing.",
    "trailing ",
    "x" * 300,
    "é" * 200,
    "🗺" * 100,
    "\u202egpj.exe",
    "two\nlines",
    "-rf",
    "~",
    "~/x",
    "$HOME",
    "`id`",
    "*",
    "",
    " ",
    ".",
    ".hidden",
    "a|b<c>d?e",
    "x~1592b4a9",
]
texts = st.text(max_size=400) | st.sampled_from(HOSTILE)


@given(texts)
@example("x" * 80)
def test_name_is_one_part_of_a_path_on_every_system(text: str) -> None:
    name = file_name(text)
    assert PurePosixPath(name).parts == (name,)
    assert PureWindowsPath(name).parts == (name,)
    assert PureWindowsPath(name).drive == ""
    assert not PureWindowsPath(name).is_reserved()
    assert 1 <= len(name.encode()) <= LONGEST
    assert name.isprintable()
    assert not name.startswith((".", "-", "~"))
    assert not name.endswith((".", " "))
    assert not set('<>:"/\\|?*\0 $`') & set(name)
    assert file_name(text) == name


@given(texts, texts)
@example("x/../../..", file_name("x/../../.."))
@example("a b", "a-b")
@example("é", "e\u0301")
@example("x" * 299, "x" * 300)
def test_two_texts_have_two_names_also_where_case_does_not_count(one: str, other: str) -> None:
    def folded(text: str) -> str:
        return unicodedata.normalize("NFC", text.casefold()).casefold()

    if one.casefold() != other.casefold():
        assert folded(file_name(one)) != folded(file_name(other))


@given(st.text(string.ascii_letters + string.digits + "_", min_size=1, max_size=LONGEST))
def test_plain_name_is_kept(text: str) -> None:
    assert file_name(f"{text}") == text or text[:3].upper() in {
        "CON",
        "PRN",
        "AUX",
        "NUL",
        "COM",
        "LPT",
    }


@pytest.mark.parametrize("text", [one for one in HOSTILE if one.strip() and one.isprintable()])
def test_folders_of_runs_lie_below_runs_whatever_a_scenario_says(
    text: str, dataset: Dataset
) -> None:
    runs = Path("/there/runs")
    counties = Scenario.shipped("counties")
    for asked in (replace(counties, election=text), replace(counties, name=text)):
        for folder in (default_folder(asked), choose_folder(runs, Question(asked, dataset))):
            assert folder.parent in {Path("runs"), runs}
            assert folder.resolve().parent == folder.parent.resolve()


def test_study_of_a_hostile_election_writes_nowhere_else(squares: Units, tmp_path: Path) -> None:
    hostile = "x/../../.."
    units = replace(squares, votes={hostile: squares.votes["2016"]})
    asked = replace(Scenario.shipped("archipelago"), election=hostile, title="<b>=1+1</b>")
    inside = tmp_path / "deep" / "er" / "runs"
    found = partition.compare([asked], data=units, runs=inside, n_jobs=1)
    found.write(tmp_path / "deep" / "out")
    (folder,) = found.folders.values()
    assert folder.parent == inside
    assert {one.name for one in tmp_path.iterdir()} == {"deep"}
    assert {one.name for one in (tmp_path / "deep").iterdir()} == {"er", "out"}
