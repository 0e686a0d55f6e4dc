"""A finished run is believed if its files agree; else it is made anew, and one line says so."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import partition
from partition.errors import BundleError
from partition.land.dataset import Dataset
from partition.question.asking import ask
from partition.runs.reading import read
from partition.scenario import Overrides, Scenario
from partition.studies.running.finished import left_behind
from partition.studies.running.jobs import Done
from shapefiles.units import Units

Damage = Callable[[Path], object]
ARCHIPELAGO = Scenario.shipped("archipelago")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def lose_line(path: Path, start: str) -> None:
    lines = path.read_text().splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(start)]
    assert len(kept) == len(lines) - 1
    path.write_text("".join(kept))


def rewrite(**changes: Any) -> Damage:
    def change(folder: Path) -> None:
        path = folder / "run.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | changes))

    return change


def cut(path: Path) -> None:
    path.write_text(path.read_text()[: path.stat().st_size // 2])


DAMAGES: dict[str, tuple[Damage, str]] = {
    "a unit is moved": (
        lambda folder: edit(folder / "plan.csv", "00001,blue", "00001,red"),
        "has the objective 450, and run.json says 470",
    ),
    "a line is lost": (
        lambda folder: lose_line(folder / "plan.csv", "00001,"),
        "leaves out 1 units",
    ),
    "the plan is gone": (lambda folder: (folder / "plan.csv").unlink(), "not a whole run bundle"),
    "the document is cut off": (lambda folder: cut(folder / "run.json"), "damaged file"),
    "the document is gone": (lambda folder: (folder / "run.json").unlink(), "not a whole run"),
    "the document is deep": (
        lambda folder: (folder / "run.json").write_text("[" * 100_000),
        "damaged file",
    ),
    "the objective is raised": (rewrite(objective=500), "has the objective 470"),
    "the bound is lowered": (rewrite(bound=469), "a bound of 469"),
    "the bound is raised": (rewrite(bound=471), "status OPTIMAL contradict"),
    "the bound is gone": (rewrite(bound=None), "a bound of None"),
    "the time is no number": (rewrite(runtime_seconds=float("nan")), "runtime_seconds = nan"),
    "the seed is endless": (rewrite(seed=float("inf")), "damaged"),
}


@pytest.mark.parametrize(("damage", "said"), DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_run_is_made_anew_and_a_line_says_so(
    squares: Units, tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: Damage, said: str
) -> None:
    units, runs = with_a_blue_corner(squares), tmp_path / "runs"

    def study() -> tuple[partition.Comparison, list[Done]]:
        seen: list[Done] = []
        caplog.clear()
        return partition.compare(["status-quo", "archipelago"], data=units, runs=runs,
                                 watch=seen.append), seen  # fmt: skip

    before, _ = study()
    folder = before.folders["archipelago"]
    damage(folder)
    after, seen = study()
    assert {one.label: one.is_reused for one in seen} == {"status-quo": True, "archipelago": False}
    assert len(caplog.records) == 1
    message = caplog.messages[0]
    assert said in message
    assert folder.name in message
    assert message.endswith(" The run is made anew.")
    assert "\n" not in message
    # How long it took, and which known plan it began with, is no part of the answer.
    unasked = ["runtime_seconds", "start"]
    assert after.table.drop(columns=unasked).equals(before.table.drop(columns=unasked))
    again, seen = study()
    assert [one.is_reused for one in seen] == [True, True]
    assert again.folders == before.folders
    assert not caplog.records


def with_a_blue_corner(squares: Units) -> Units:
    """The last red square votes blue, so that plans differ."""
    votes = squares.votes["2016"].copy()
    votes[5] = votes[5][::-1]
    return replace(squares, votes={"2016": votes})


def test_a_plan_that_breaks_a_rule_is_refused_also_where_no_vote_changes(
    grid: Callable[..., Units], tmp_path: Path
) -> None:
    units = grid(3, 1, blue=[60, 50, 20], red=[10, 50, 80])
    asked = ARCHIPELAGO.override(settings={"units.blue": ["00001"]})
    folder = partition.solve(asked, data=units).write(tmp_path / "run")
    assert read(folder, units).result.objective == 190
    edit(folder / "plan.csv", "00001,blue", "00001,red")
    with pytest.raises(
        BundleError, match=r"plan\.csv is no plan of its scenario: unit 00001 is fixed"
    ):
        read(folder, units)


def test_what_a_run_answers_is_what_the_study_asks(
    squares: Units, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    # The best answer to another question, under the hash of this one.
    first = partition.compare(["archipelago"], data=squares, runs=tmp_path)
    other = partition.compare(["status-quo"], data=squares, runs=tmp_path / "other")
    target, source = first.folders["archipelago"], other.folders["status-quo"]
    sha256 = json.loads((target / "run.json").read_text())["inputs_sha256"]
    shutil.copytree(source, target, dirs_exist_ok=True)
    rewrite(inputs_sha256=sha256)(target)
    again = partition.compare(["archipelago"], data=squares, runs=tmp_path)
    assert again.rows[0]["self_determined_voters"] == 470
    assert "asks another question than that of 'archipelago'" in caplog.text


def test_a_whole_copy_is_used_where_another_one_is_damaged(
    squares: Units, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = partition.compare(["archipelago"], data=squares, runs=tmp_path)
    copied = tmp_path / "a copy that comes first"
    shutil.copytree(first.folders["archipelago"], copied)
    (copied / "plan.csv").unlink()
    seen: list[Done] = []
    again = partition.compare(["archipelago"], data=squares, runs=tmp_path, watch=seen.append)
    assert [one.is_reused for one in seen] == [True]
    assert again.folders == first.folders
    assert not caplog.records


def test_files_of_somebody_else_stay_and_stop_no_study(squares: Units, tmp_path: Path) -> None:
    first = partition.compare(["archipelago"], data=squares, runs=tmp_path)
    folder = first.folders["archipelago"]
    (folder / "plan.csv").rename(folder / "plan.csv~")
    again = partition.compare(["archipelago"], data=squares, runs=tmp_path)
    assert again.folders["archipelago"] == folder.with_name(f"{folder.name}-2")
    assert (folder / "plan.csv~").exists()
    last: list[Done] = []
    partition.compare(["archipelago"], data=squares, runs=tmp_path, watch=last.append)
    assert [one.is_reused for one in last] == [True]


def test_a_worker_takes_over_a_whole_run_and_no_damaged_one(squares: Units, tmp_path: Path) -> None:
    dataset = Dataset.of(squares)
    folder = partition.solve(ARCHIPELAGO, data=dataset).write(tmp_path / "run")
    asked = ask(ARCHIPELAGO, dataset)
    taken = left_behind(folder, asked)
    assert taken is not None
    assert taken.report == read(folder, dataset).report
    assert left_behind(folder, ask(ARCHIPELAGO, dataset, Overrides(seed=7))) is None
    (folder / "plan.csv").unlink()
    assert left_behind(folder, asked) is None
