"""Ctrl-C while a study is under way keeps the best plan of every run, and the study goes on."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

import partition
import solvers.solve
from partition.question.asking import ask
from partition.runs.run import Run
from partition.studies.running.jobs import Workers, solve_all
from partition.studies.running.missing import Failure
from partition.studies.running.stopping import ctrl_c_ends_the_runs, current, searching
from partition.studies.running.worker import INTERRUPTED, Job, Request, perform
from partition.verify import verify
from solvers.result import Status
from tests.partition.conftest import write_scenarios

SCRIPT = """
import sys, os, signal
import solvers.solve
from partition.cli import main

real, found = solvers.solve.solve, []

def solve(*arguments, **options):
    told = options.pop("on_progress", None)

    def watch(progress):
        if progress.incumbent is not None and not found:
            found.append(progress.incumbent)
            os.kill(os.getpid(), signal.SIGINT)

    return real(*arguments, **options, on_progress=watch)

solvers.solve.solve = solve
sys.exit(main())
"""


@pytest.mark.parametrize(
    "asked",
    [
        ["compare", "s0.toml", "s1.toml"],
        ["sweep", "s0.toml", "--weight", "cut_edges=0:1"],
    ],
    ids=["compare", "sweep"],
)
def test_ctrl_c_keeps_the_best_plan_of_the_run_under_way_and_the_same_command_goes_on(
    asked: list[str],
    tmp_path: Path,
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_scenarios(tmp_path, 2, width=16)
    limits = ["--time-limit", "100", "--jobs", "1", "--out", "study"]
    stopped = subprocess.run(
        [sys.executable, "-c", SCRIPT, *asked, *limits],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert stopped.returncode == 130, stopped.stderr
    assert "Traceback" not in stopped.stderr
    assert "Interrupted. Finished runs, and the best plan of each" in stopped.stderr
    (kept,) = (tmp_path / "runs").iterdir()  # and no file that says to stop
    run = partition.read(kept)
    assert run.result.status is Status.INTERRUPTED
    assert verify(kept).is_recounted
    assert not (tmp_path / "study").exists()
    # The same question begins with that plan, and takes the place of the run.
    starts = []

    def never(problem: object, *_: object, **options: object) -> object:
        starts.append(options["start"])
        raise KeyboardInterrupt

    monkeypatch.setattr(solvers.solve, "solve", never)
    with pytest.raises(KeyboardInterrupt):
        solve_all([Job("again", run.question)], Workers(tmp_path / "runs", n_jobs=1))
    (start,) = starts
    units = run.question.units.n_units
    assert start.assignment[:units].tolist() == run.plan.assignment.tolist()


def test_a_worker_ends_by_the_file_and_begins_nothing_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As another process or machine does, which nobody's Ctrl-C reaches."""
    write_scenarios(tmp_path, 1, width=16)
    scenario = partition.Scenario.load(tmp_path / "s0.toml").override(time_limit=100)
    question = ask(scenario)
    stop, real = tmp_path / "stop", solvers.solve.solve

    def watched(*arguments: object, **options: object) -> object:
        def watch(progress: object) -> None:
            if progress.incumbent is not None:  # type: ignore[attr-defined]
                stop.touch()

        return real(*arguments, **{**options, "on_progress": watch})  # type: ignore[arg-type]

    monkeypatch.setattr(solvers.solve, "solve", watched)
    monkeypatch.setattr("partition.studies.running.worker._unpack", lambda _: question.dataset)
    before = signal.getsignal(signal.SIGINT)
    try:
        folder = str(tmp_path / "runs" / "one")
        request = Request("one", scenario, None, folder, stop=str(stop))
        answer = perform(request, None)
        assert not isinstance(answer, Failure)
        assert answer.result.status is Status.INTERRUPTED
        assert Run(question, answer.result, answer.report).broken_constraint is None
        assert perform(request, None) == Failure("one", INTERRUPTED, 130)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN  # it is the file that counts
    finally:
        signal.signal(signal.SIGINT, before)


def test_outside_of_a_search_ctrl_c_ends_the_study_at_once_and_the_second_one_always(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), ctrl_c_ends_the_runs(tmp_path):
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
    monkeypatch.setattr("partition.studies.running.stopping.ONE_PRESS", -1.0)
    told = []

    def press_twice() -> None:
        with ctrl_c_ends_the_runs(tmp_path / "runs") as stop, searching():
            signal.raise_signal(signal.SIGINT)
            told.append(stop.file.exists())
            signal.raise_signal(signal.SIGINT)
            told.append(False)

    with pytest.raises(KeyboardInterrupt):
        press_twice()
    assert told == [True]
    assert current() is None
    assert not list((tmp_path / "runs").iterdir())
