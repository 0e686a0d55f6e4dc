"""A comparison and a sweep are drawn from their folders as they are from memory."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

import partition
from partition.errors import BundleError
from partition.studies.running.missing import Failure
from partition.studies.stills import read_study
from tests.partition.conftest import write_scenarios

Invoke = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A comparison of two plans, an exact sweep and a sampled one, in three folders."""
    folder = tmp_path_factory.mktemp("studies")
    scenarios = write_scenarios(folder, 2)
    with contextlib.chdir(folder):
        partition.compare(scenarios).write("compared")
        free = f"{scenarios[0]}@blue.pieces=any,red.pieces=any"
        partition.sweep(free, "cut_edges=0:20").write("exact")
        partition.sweep(scenarios[0], "cut_edges=0:20:3").write("sampled")
    return folder


@pytest.fixture
def studies(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The studies in a folder of the test's own, which it may damage."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def described(path: Path) -> str:
    with Image.open(path) as picture:
        return str(picture.text["Description"])


def test_a_study_is_exported_as_the_plans_that_it_has(studies: Path, invoke: Invoke) -> None:
    for name, document, key in (
        ("compared", "comparison.json", "plans"),
        ("exact", "sweep.json", "points"),
        ("sampled", "sweep.json", "points"),
    ):
        rows = json.loads((studies / name / document).read_text())[key]
        code, out, err = invoke("export", name, f"{name}.png", f"{name}.svg", f"{name}.pdf")
        assert (code, err) == (0, ""), err
        assert out.count("wrote") == 3
        said = described(studies / f"{name}.png")
        assert f" {len(rows)} plans for " in said
        for one in rows:
            assert f"{100 * one['self_determined_share']:.2f} %" in said
        shown = read_study(name)
        assert [one.headline for one in shown.plans] == [
            f"{100 * one['self_determined_share']:.2f} %" for one in rows
        ]


def test_a_picture_says_which_plans_its_study_lacks(studies: Path, invoke: Invoke) -> None:
    lost = Failure("cut_edges 5", "No space left on device.", 1)._asdict()
    for name, document, stated in (
        ("compared", "comparison.json", {"missing": "1 of 3 plans is missing. b: full."}),
        ("sampled", "sweep.json", {"failures": [lost]}),
    ):
        path = studies / name / document
        path.write_text(json.dumps({**json.loads(path.read_text()), **stated}))
        assert invoke("export", name, f"{name}.svg")[0] == 0
        picture = " ".join((studies / f"{name}.svg").read_text().split())
        n_plans = 3 if name == "compared" else 4
        assert f"1 of {n_plans} plans is missing." in picture, name


def test_plans_form_size_and_names_are_chosen(studies: Path, invoke: Invoke) -> None:
    names = ("--blue-name", "Remain", "--red-name", "Leave")
    code, _, err = invoke(
        "export", "sampled", "a.png", "--plans", "3,1", "--form", "pair", "--size", "social", *names
    )
    assert code == 0, err
    with Image.open("a.png") as picture:
        assert picture.size == (1200, 630)
    assert "2 plans for" in described(Path("a.png"))
    assert "Remain and Leave" in described(Path("a.png"))
    shown = read_study("sampled")
    assert [one.plan for one in shown.choose(["3", "1"]).plans] == [
        shown.plans[2].plan,
        shown.plans[0].plan,
    ]
    label = shown.plans[1].label
    assert shown.choose([label]).plans[0].label == label


def test_what_cannot_be_exported_is_refused_in_a_line(studies: Path, invoke: Invoke) -> None:
    run = next(one for one in (studies / "runs").iterdir() if (one / "run.json").exists())
    for arguments, said in (
        (["compared", "a.csv"], r"ends in none of .png, .svg, .pdf"),
        (["compared"], "name a picture to write"),
        (["compared", "a.png", "--plans", "9"], "There is no plan '9'; choose from 1 ("),
        (["compared", "a.png", "--form", "poster"], "There is no form 'poster'"),
        (["compared", "a.png", "--districts"], "for the folder of a run"),
        ([f"runs/{run.name}", "a.png", "--form", "pair"], "for the folder of a comparison"),
    ):
        code, _, err = invoke("export", *arguments)
        assert code == 2, err
        assert said in err
        assert err.count("\n") == 1
    assert not list(studies.glob("a.*"))


def test_a_damaged_study_and_one_without_its_runs_are_named(studies: Path, invoke: Invoke) -> None:
    Path("runs").rename("elsewhere")
    with pytest.raises(BundleError, match=r"compared is about the run .*, which is not there"):
        read_study("compared")
    Path("elsewhere").rename("runs")
    os.chdir("compared")
    assert len(read_study(studies / "compared").plans) == 2, "runs are found from the study, too"
    os.chdir(studies)
    path = studies / "compared" / "comparison.json"
    for text in ("{", "[]", '{"plans": [{}]}', '{"plans": []}', "[" * 100_000):
        path.write_text(text)
        code, _, err = invoke("export", "compared", "a.png")
        assert code == 2, text[:20]
        assert "comparison.json" in err
        assert "Traceback" not in err
