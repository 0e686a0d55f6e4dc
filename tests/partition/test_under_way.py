"""Whoever watches a study sees the gap of every run that is being made."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

import partition
from partition.studies.running import progress, under_way
from partition.studies.running.jobs import Done
from partition.studies.running.under_way import UnderWay, following, progress_file, telling
from shapefiles.units import Units
from solvers.result import Progress
from tests.partition.conftest import build_grid
from tests.partition.test_progress import open_console, shown


class Eye:
    """A watch that wants to know everything."""

    def __init__(self) -> None:
        self.seen: list[UnderWay] = []
        self.ended: list[str] = []

    def __call__(self, done: Done) -> None:
        self.ended.append(done.label)

    def follow(self, runs: Sequence[UnderWay]) -> None:
        self.seen += runs


@pytest.fixture
def country() -> Units:
    rng = np.random.default_rng(5)
    blue, red = rng.integers(1, 999, (2, 576)).tolist()
    return build_grid(24, 24, blue=blue, red=red)


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_runs_under_way_tell_their_gap_in_this_process_and_in_others(
    country: Units, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_jobs: int
) -> None:
    monkeypatch.setattr(under_way, "SECONDS", 0.01)
    eye = Eye()
    swept = partition.sweep(
        "counties", "border=0,1", data=country, runs=tmp_path, gap=0, watch=eye, n_jobs=n_jobs,
        time_limit=4.0,
    )  # fmt: skip
    labels = {one["label"] for one in swept.rows}
    assert set(eye.ended) == labels
    assert eye.seen
    assert {one.label for one in eye.seen} <= labels
    assert any(one.gap is not None and 0 <= one.gap < 1 for one in eye.seen)
    assert not list(tmp_path.glob(".*.progress"))


def test_files_that_are_none_are_passed_over_and_those_of_the_dead_removed(tmp_path: Path) -> None:
    folders = {name: tmp_path / name for name in ("good", "half", "other", "none")}
    eye = Eye()
    with telling(folders["good"]) as tell:
        tell(Progress(3.0, "bounding", 100, 150))
        progress_file(folders["half"]).write_text("[3.0, 0.")
        progress_file(folders["other"]).write_text('{"a": "b"}')
        assert [*map(str, under_way._read("half", folders["half"]))] == []
        assert [*map(str, under_way._read("other", folders["other"]))] == []
        assert [*under_way._read("good", folders["good"])] == [UnderWay("good", 3.0, 0.5)]
        with following(folders, eye), following(folders, lambda _: None):
            pass
    assert not progress_file(folders["good"]).exists()
    under_way.forget(folders["half"])
    assert not progress_file(folders["half"]).exists()


@pytest.mark.parametrize("is_terminal", [False, True])
def test_a_person_sees_them_beside_the_bar_or_as_lines(
    is_terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LINES", 0.0)
    console, file = open_console(is_terminal=is_terminal)
    console = Console(file=file, force_terminal=is_terminal, width=160)
    with progress.watching_study(console, "Comparing", 3, quiet=False) as watch:
        assert isinstance(watch, under_way.Follower)
        watch.follow([UnderWay("[bold]one", 12.3, 0.0012), UnderWay("two", 1.0, None)])
        watch._bar.refresh()  # type: ignore[attr-defined]
    text = shown(file)
    told = r"\[bold\]one: gap 0.12 % after 12 s; two: no plan or bound yet after 1 s"
    assert re.search(told, text)
    assert text.startswith("under way  ") != is_terminal


def test_nothing_is_followed_where_it_is_quiet() -> None:
    console, file = open_console(is_terminal=False)
    with progress.watching_study(console, "Comparing", 3, quiet=True) as watch:
        assert not isinstance(watch, under_way.Follower)
    assert file.getvalue() == ""
