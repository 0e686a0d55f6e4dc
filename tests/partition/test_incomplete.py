"""A study that loses runs says which, in every file and with its exit code, and goes on later."""

from __future__ import annotations

import csv
import errno
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import partition
from partition.errors import IncompleteStudyWarning, InputError, NoPlanError
from partition.runs.bundle import write_bundle
from partition.runs.run import Run
from partition.scenario import Scenario
from partition.studies.nearby.robust import robust
from partition.studies.running import worker
from partition.studies.running.missing import Failure, what_is_missing
from partition.studies.sweeping.sweep import sweep
from shapefiles.table_writing import markdown_text
from shapefiles.units import Units

Invoke = Callable[..., tuple[int, str, str]]
FULL = os.strerror(errno.ENOSPC)


class Disk:
    """A disk that is full for some runs."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_full: Callable[[Run], bool] = lambda _: False
        monkeypatch.setattr(worker, "write_bundle", self.write)

    def write(self, run: Run, folder: Path, *, force: bool) -> None:
        if self.is_full(run):
            raise OSError(errno.ENOSPC, FULL)
        write_bundle(run, folder, force=force)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


def lose(name: str) -> Callable[[Run], bool]:
    return lambda run: run.scenario.name == name


def test_a_comparison_that_loses_runs_says_so_everywhere_and_goes_on_later(
    invoke: Invoke, disk: Disk, tmp_path: Path, scenarios: list[str]
) -> None:
    disk.is_full = lose("s1")
    arguments = ["compare", *scenarios[:3], "--jobs", "1", "--quiet"]
    code, stdout, stderr = invoke(*arguments)
    missing = (
        f"1 of 3 plans is missing. s1: It could not be written to {tmp_path / 'runs'}: {FULL}. "
        "What is finished is kept, and the same study goes on from there."
    )
    assert (code, stderr) == (1, f"partition: {missing}\n")
    files = {Path(line).suffix: tmp_path / line for line in stdout.split()}
    assert set(files) == {".csv", ".json", ".md", ".html"}
    rows = read(files[".csv"])
    assert [(one["label"], one["status"]) for one in rows] == [
        ("s0", "OPTIMAL"),
        ("s2", "OPTIMAL"),
        ("s1", "MISSING"),
    ]
    assert FULL in rows[2]["quality"]
    assert not rows[2]["objective_votes"]
    document = json.loads(files[".json"].read_text())
    assert document["missing"] == missing
    assert [one["label"] for one in document["failures"]] == ["s1"]
    assert markdown_text(missing) in files[".md"].read_text()
    assert "1 of 3 plans is missing. s1" in files[".html"].read_text()
    kept = {one: one.stat().st_ino for one in (tmp_path / "runs").iterdir()}
    assert len(kept) == 2
    code, stdout, stderr = invoke(*arguments[:-1], "--json")
    assert code == 1
    assert json.loads(stdout)["missing"] == missing
    disk.is_full = lambda run: run.scenario.name != "s1"  # which are found, not made
    code, stdout, stderr = invoke(*arguments)
    assert (code, stderr) == (0, "")
    assert "missing" not in files[".md"].read_text()
    assert len(read(files[".csv"])) == 3
    assert {one: one.stat().st_ino for one in kept} == kept


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


def test_where_every_run_is_lost_the_study_says_so_and_ends_with_code_1(
    invoke: Invoke, disk: Disk, scenarios: list[str]
) -> None:
    disk.is_full = lambda _: True
    code, stdout, stderr = invoke("compare", *scenarios[:2], "--jobs", "1", "--quiet")
    assert (code, stdout) == (1, "")
    assert "2 of 2 plans are missing. s0, s1: It could not be written" in stderr
    assert stderr.count("\n") == 1


def test_where_the_tables_cannot_be_written_either_the_message_says_both(
    invoke: Invoke, disk: Disk, tmp_path: Path, scenarios: list[str]
) -> None:
    disk.is_full = lose("s1")
    (tmp_path / "file").write_text("in the way")
    command = ["compare", *scenarios[:2], "--jobs", "1", "--out", "file", "--quiet"]
    code, stdout, stderr = invoke(*command)
    assert (code, stdout, stderr.count("\n")) == (1, "", 1)
    assert stderr.startswith("partition: Cannot write to file: ")
    assert "1 of 2 plans is missing. s1: It could not be written" in stderr
    disk.is_full = lambda _: False
    assert invoke(*command)[0] == 2


def test_a_sweep_that_loses_points_says_so_and_goes_on_later(
    squares: Units, disk: Disk, tmp_path: Path
) -> None:
    base = Scenario.load("archipelago").override(settings={"nations.blue.least.population": 0.1})

    def run() -> Any:
        return sweep(base, ["border=0:1:5"], data=squares, runs=tmp_path / "runs", n_jobs=1)

    disk.is_full = lambda run: run.scenario.weights.border in (0.25, 1)
    with pytest.warns(IncompleteStudyWarning, match="2 of 5 plans are missing"):
        found = run()
    assert "border 1, border 0.25: It could not be written" in found.missing
    assert repr(found).endswith("2 of 5 plans are missing.>")
    files = {path.suffix: path for path in found.write(tmp_path / "study")}
    rows = read(files[".csv"])
    assert {float(one["weights.border"]) for one in rows if one["status"] == "MISSING"} == {0.25, 1}
    assert len(rows) == 5
    assert "2 of 5 plans are missing." in files[".svg"].read_text()
    disk.is_full = lambda run: run.scenario.weights.border not in (0.25, 1)
    again = run()
    assert again.missing == ""
    assert len(again.rows) == 5


def test_a_sweep_whose_disk_is_gone_on_the_way_keeps_what_it_has(
    squares: Units, disk: Disk, tmp_path: Path
) -> None:
    base = Scenario.load("archipelago").override(settings={"nations.blue.least.population": 0.1})
    runs = tmp_path / "runs"

    def swap_for_a_file(run: Run) -> bool:
        if run.scenario.weights.border == 1:  # the last of the first wave
            runs.rename(tmp_path / "elsewhere")
            runs.write_text("in the way")
            return True
        return False

    disk.is_full = swap_for_a_file
    with pytest.warns(IncompleteStudyWarning, match="4 of 5 plans are missing"):
        found = sweep(base, ["border=0:1:5"], data=squares, runs=runs, n_jobs=1)
    assert [one["weights.border"] for one in found.rows] == [0]
    assert "border 0.5" in found.missing
    with pytest.raises(InputError, match="Cannot write to"):
        sweep(base, ["border=0:1:5"], data=squares, runs=runs, n_jobs=1)


def test_a_survey_says_which_of_its_seeds_are_lost(
    squares: Units, disk: Disk, tmp_path: Path
) -> None:
    disk.is_full = lambda run: run.scenario.limits.seed == 1
    with pytest.warns(IncompleteStudyWarning, match=r"1 of 3 plans is missing\. seed 1"):
        found = robust("archipelago", seeds=(0, 1, 2), data=squares, runs=tmp_path, n_jobs=1)
    files = {path.suffix: path for path in found.write(tmp_path / "study")}
    for suffix in (".json", ".md", ".html"):
        assert "1 of 3 plans is missing. seed 1" in files[suffix].read_text()


def test_a_run_without_memory_is_missing_and_one_proven_impossible_is_not(
    squares: Units, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = Scenario.load("archipelago")
    limits = {"nations.blue.least.population": 0.9, "nations.red.least.votes": 0.4}
    impossible = replace(base.override(settings=limits), name="impossible")
    contrary = {"units.blue": ["00000"], "units.red": ["00000"]}
    clash = replace(base.override(settings=contrary), name="clash")
    unknown = replace(base.override(settings={"units.blue": ["nowhere"]}), name="unknown")
    found = partition.compare([impossible, base, clash], data=squares, runs=tmp_path)
    assert found.missing == ""
    assert [(one.label, one.is_answer) for one in found.failures] == [
        ("impossible", True),
        ("clash", True),
    ]
    with pytest.warns(IncompleteStudyWarning) as told:
        found = partition.compare([unknown, base], data=squares, runs=tmp_path)
    assert "unknown: " in found.missing
    assert "goes on from there" not in found.missing  # asking again does not help
    assert str(told[0].message) == found.missing
    assert told[0].filename == __file__

    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(worker, "solve_question", fail)
    with pytest.warns(IncompleteStudyWarning, match="other: There was too little memory"):
        partition.compare([base, replace(base.override(seed=1), name="other")], data=squares,
                          runs=tmp_path)  # fmt: skip
    with pytest.raises(NoPlanError, match="other: There was too little memory"):
        partition.compare([replace(base.override(seed=1), name="other")], data=squares,
                          runs=tmp_path)  # fmt: skip


def test_many_that_are_missing_are_counted() -> None:
    lost = [Failure(f"border {number}", "The disk is full.", 1) for number in range(100)]
    assert what_is_missing(lost, 1000).startswith(
        "100 of 1,000 plans are missing. border 0, border 1, border 2, border 3, border 4, "
        "border 5 and 94 more: The disk is full."
    )


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    mounted = hasattr(os, "geteuid") and os.geteuid() == 0
    command = ["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", str(place)]
    if not mounted or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("needs the right to mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_disk_that_is_really_full_loses_no_finished_run(
    small_disk: Path,
    invoke: Invoke,
    scenarios: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs, filler = small_disk / "runs", small_disk / "filler"

    def write_and_fill(run: Run, folder: Path, *, force: bool) -> None:
        write_bundle(run, folder, force=force)
        with filler.open("wb", buffering=0) as stream, suppress(OSError):
            while True:
                stream.write(bytes(4096))

    arguments = ["compare", *scenarios, "--runs", str(runs), "--quiet", "--jobs", "1"]
    with monkeypatch.context() as patch:
        patch.setattr(worker, "write_bundle", write_and_fill)
        code, _, stderr = invoke(*arguments)
    assert (code, stderr.count("\n")) == (1, 1)
    assert "3 of 4 plans are missing. s1, s2, s3: It could not be written" in stderr
    assert FULL in stderr
    assert [one.name.split("-")[0] for one in runs.iterdir()] == ["s0"]
    # There is room for all plans and not for all maps: maps are missing, and no plan.
    filler.unlink()
    filler.write_bytes(bytes(200_000))
    code, stdout, stderr = invoke(*arguments)
    n_drawn = sum((one / "map.html").exists() for one in runs.iterdir())
    assert 1 <= n_drawn < 4
    assert (code, stderr.count("\n"), len(stdout.splitlines())) == (1, 4 - n_drawn, 4)
    assert stderr.count("but without") == stderr.count("map.html") == 4 - n_drawn
    assert len(list(runs.iterdir())) == 4
