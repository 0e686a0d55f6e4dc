"""A study as a process: it can be stopped at any moment, and goes on where it was."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

import partition
from partition.errors import InputError, WriteError
from partition.question.asking import ask
from partition.question.question import Question
from partition.runs import locks
from partition.runs.solving import solve_question
from partition.runs.workshop import RUN, workshop
from partition.scenario import Overrides, Scenario
from partition.studies.running import spread, worker
from partition.studies.running.finished import choose_folder, find_finished
from partition.studies.running.jobs import Workers, solve_all
from partition.studies.running.spread import LostTaskError
from partition.studies.running.worker import Job
from shapefiles.units import Units

Command = Callable[..., subprocess.CompletedProcess[str]]
Invoke = Callable[..., tuple[int, str, str]]


def times(number: int, factor: int) -> tuple[int, int]:
    return factor * number, os.getpid()


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_tasks_are_spread_over_processes() -> None:
    answers = dict(spread.spread(times, [1, 2, 3, 4], 2, n_jobs=2))
    assert {number: answer[0] for number, answer in answers.items()} == {0: 2, 1: 4, 2: 6, 3: 8}
    assert os.getpid() not in {answer[1] for answer in answers.values()}
    alone = dict(spread.spread(times, [5], 2, n_jobs=2))
    assert alone == {0: (10, os.getpid())}
    assert list(spread.spread(times, [], 2)) == []


def die_on_the_way(number: int, place: Path) -> int:
    """End the process, once where the number is positive, every time where it is negative."""
    mark = place / str(number)
    if number < 0 or not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore:A worker stopped:UserWarning")
def test_a_task_whose_process_dies_is_done_again_and_one_that_always_dies_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = dict(spread.spread(die_on_the_way, [1, 2], tmp_path, n_jobs=2))
    assert answers == {0: 1, 1: 2}
    monkeypatch.setattr(spread, "ATTEMPTS", 1)
    answers = dict(spread.spread(die_on_the_way, [1, -1], tmp_path, n_jobs=2))
    assert set(answers) == {0, 1}
    assert isinstance(answers[1], LostTaskError)
    assert "Its process was killed again and again" in str(answers[1])


def test_runs_in_other_processes_bring_back_the_same_plans(squares: Units, tmp_path: Path) -> None:
    def run(n_jobs: int) -> partition.Comparison:
        return partition.compare(
            ["counties", "archipelago"], data=squares, runs=tmp_path / str(n_jobs), n_jobs=n_jobs
        )

    here, there = run(1), run(2)
    for one, other in zip(here.runs.values(), there.runs.values(), strict=True):
        assert (one.plan, one.report, one.result.bound) == (
            other.plan,
            other.report,
            other.result.bound,
        )


SLOW = """
import signal
import sys
from pathlib import Path
import numpy as np
import partition
import partition.scenario
from partition.question.asking import ask
from partition.studies.running import jobs
from partition.studies.running.worker import Job
sys.path.insert(0, {tests!r})
from conftest import build_grid

# A shell that runs the tests in the background has it ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
squares = build_grid(3, 2, blue=[90, 60, 20, 80, 30, 10], red=[10, 40, 80, 20, 70, 90])
land = partition.Dataset.of(squares)
seeds = [partition.scenario.Overrides(seed=seed) for seed in range(8)]
asked = [Job(f"seed {{one.seed}}", ask("archipelago", land, one)) for one in seeds]

def watch(done):
    print(done.label, done.is_reused, flush=True)
    if {waits}:
        import time
        time.sleep(0.3)

solved = jobs.solve_all(asked, jobs.Workers(Path("runs"), watch=watch))
print(len(solved.runs), "plans", flush=True)
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_study_that_is_stopped_goes_on_where_it_was(
    tmp_path: Path, environment: dict[str, str], how: signal.Signals
) -> None:
    def start(*, waits: bool) -> subprocess.Popen[str]:
        code = SLOW.format(tests=str(Path(__file__).parent), waits=waits)
        return subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    stopped = start(waits=True)
    assert stopped.stdout is not None
    first = stopped.stdout.readline()
    assert first.startswith("seed 0 False")
    stopped.send_signal(how)
    stopped.communicate(timeout=60)
    kept = find_finished(tmp_path / "runs")
    assert 1 <= len(kept) < 8
    before = {path: (path / "run.json").stat().st_mtime_ns for path in (one.folder for one in kept)}
    output, _ = start(waits=False).communicate(timeout=60)
    told = [line.rsplit(" ", 1) for line in output.splitlines()[:-1]]
    assert {label for label, _ in told} == {f"seed {seed}" for seed in range(8)}
    assert len(told) == 8
    assert sum(is_reused == "True" for _, is_reused in told) == len(kept)
    assert output.endswith("8 plans\n")
    assert {path: (path / "run.json").stat().st_mtime_ns for path in before} == before
    assert len(find_finished(tmp_path / "runs")) == len(list((tmp_path / "runs").iterdir())) == 8


def test_what_a_dead_worker_left_half_written_is_removed(squares: Units, tmp_path: Path) -> None:
    job = Job("one", ask("archipelago", squares))
    folder = next(iter(solve_all([job], Workers(tmp_path / "a")).folders.values()))
    (tmp_path / "b").mkdir()
    for runs in (tmp_path / "a", tmp_path / "b"):  # where it is found, and where it is made
        with workshop(runs / "other") as place:
            (place / RUN / "plan.csv").write_text("GEOID,nation\n")
            rest = place.with_name(f"{place.name[:-8]}01234567")
            shutil.copytree(place, rest)
        solved = solve_all([job], Workers(runs))
        assert [one.name for one in runs.iterdir()] == [folder.name]
        assert list(solved.folders.values()) == [runs / folder.name]


def test_a_run_that_two_studies_need_is_made_once(
    squares: Units,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("partition.runs.locks.SILENCE", 0.0)
    job = Job("one", ask("archipelago", squares))
    made: list[Question] = []

    def slow(question: Question, **options: Any) -> partition.Run:
        made.append(question)
        time.sleep(0.5)
        return solve_question(question, **options)

    monkeypatch.setattr(worker, "solve_question", slow)
    with ThreadPoolExecutor(2) as pool:
        studies = [pool.submit(solve_all, [job], Workers(tmp_path)) for _ in range(2)]
        plans = [study.result().runs["one"].plan for study in studies]
    assert len(made) == 1
    assert plans[0] == plans[1]
    assert "one: another study makes the same run; waiting for it." in caplog.text
    assert len(list(tmp_path.iterdir())) == 1


def test_a_study_does_not_wait_for_ever_for_one_that_is_asleep(
    squares: Units, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = Job("one", ask("archipelago", squares, Overrides(time_limit=1.0)))
    monkeypatch.setattr(worker, "GRACE", -0.9)
    folder = choose_folder(tmp_path, job.question)
    with locks.claim(folder) as is_alone:
        assert is_alone
        assert solve_all([job], Workers(tmp_path)).folders == {"one": folder}
    assert list(tmp_path.iterdir()) == [folder]


def test_a_folder_that_cannot_take_runs_is_refused_before_the_first(
    squares: Units, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    job = Job("one", ask("archipelago", squares))
    with pytest.raises(InputError, match="file"):
        solve_all([job], Workers(tmp_path / "file"))


def test_a_table_that_cannot_be_written_is_an_error_of_writing(
    squares: Units, tmp_path: Path
) -> None:
    comparison = partition.compare(["archipelago"], data=squares, runs=tmp_path / "runs")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WriteError, match="Cannot write to"):
        comparison.write(tmp_path / "file")


def test_the_commands_write_their_files_and_print_them(
    invoke: Invoke, command: Command, tmp_path: Path
) -> None:
    code, stdout, stderr = invoke("compare", "calexit", "status-quo", "--quiet")
    assert code == 0, stderr
    assert stdout.split() == [
        f"studies/compare-calexit-2016-status-quo-2016/comparison.{suffix}"
        for suffix in ("csv", "json", "md", "html")
    ]
    # The second time they are found, unless they are damaged; as JSON it is one document.
    (damaged,) = (tmp_path / "runs").glob("status-quo-2016-*")
    (damaged / "plan.csv").unlink()
    again = command("compare", "calexit", "status-quo", "--json")
    document = json.loads(again.stdout)
    assert [one["label"] for one in document["plans"]] == ["calexit", "status-quo"]
    assert again.stderr.count("finished before") == 1
    (said,) = (one for one in again.stderr.splitlines() if one.endswith("is made anew."))
    assert said.startswith(f"runs/{damaged.name} is not a whole run bundle")
    # On a slow machine a line says besides how far a run is.
    lines = [one for one in again.stderr.splitlines() if not one.startswith("under way")]
    assert len(lines) == 3
    bundle = document["plans"][0]["bundle"]
    code, _, stderr = invoke("export", bundle, "calexit.csv", "calexit.geojson")
    assert code == 0, stderr
    assert (tmp_path / "calexit.csv").exists()
    assert (tmp_path / "calexit.geojson").exists()


def test_without_a_scenario_the_default_one_is_compared(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(scenarios: list[Scenario], **options: object) -> None:
        raise InputError(f"{[one.name for one in scenarios]} {options['elections']}")

    monkeypatch.setattr("partition.studies.comparing.compare.compare", stop)
    code, _, stderr = invoke("compare", "--elections", "2016, 2020,2024")
    assert (code, stderr) == (2, "partition: ['counties'] ['2016', '2020', '2024']\n")


@pytest.mark.parametrize(
    ("name", "room"),
    [("compare", "comparing"), ("sweep", "sweeping"), ("robust", "nearby"), ("cascade", "exits")],
)
def test_every_study_takes_any_value_of_a_scenario(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch, name: str, room: str
) -> None:
    asked: list[Scenario] = []

    def stop(given: Scenario | list[Scenario], *_: object, **__: object) -> None:
        asked.extend(given if isinstance(given, list) else [given])
        raise InputError("enough")

    monkeypatch.setattr(f"partition.studies.{room}.{name}.{name}", stop)
    swept = ["--weight", "cut_edges=0:1:2"] if name == "sweep" else []
    values = ["weights.border=0.5", 'units.blue=["TX"]', "limits.iterations=7"]
    arguments = [one for value in values for one in ("--set", value)]
    code, _, stderr = invoke(name, "calexit", *swept, *arguments)
    assert (code, stderr) == (2, "partition: enough\n")
    expected = Scenario.load('calexit@border=0.5,blue=["TX"],iterations=7')
    assert asked == [expected]
    code, _, stderr = invoke(name, "calexit", *swept, "--set", "limits.gap=0.1")
    assert (code, stderr.count("\n")) == (2, 1)
    assert "limits.gap has an option of its own, --gap" in stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["compare", "countys"], "did you mean counties"),
        (["compare", "counties", "--election", "2016", "--elections", "2020"], "not both"),
        (["compare", "--elections", ","], "No election is named"),
        (["sweep", "counties"], "--weight border=0:200"),
        (["sweep", "counties", "--weight", "boarder=0:2:9"], "did you mean border"),
        (["compare", "counties", "--set", "weights.border=-1"], "weights.border = -1"),
        (
            ["sweep", "--weight", "border=0:2:9", "--set", "weights.border=1"],
            "weights.border is what changes (--weight): do not --set it as well.",
        ),
        (["robust", "counties", "--within", "2"], "within = 2.0"),
        (["robust", "counties", "--seeds", "0"], "seeds = 0"),
        (["export", "nothing", "a.doc"], "ends in none of"),
        (["compare", "counties", "--cluster", "nowhere"], "No Dask scheduler answers"),
    ],
)
def test_wrong_input_is_one_line_and_code_2(
    invoke: Invoke, arguments: list[str], message: str
) -> None:
    code, _, stderr = invoke(*arguments)
    assert code == 2
    assert message in stderr
    assert stderr.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ["alternatives", "--within", "1", "--apart", "1", "--count", "1"],
        ["cascade", "--from", "0", "--without-best"],
        ["compare"],
        ["robust", "--seeds", "1", "--survey-time", "1", "--within", "0.5"],
        ["stable", "--search-time", "5"],
        ["swing", "--points", "0"],
        ["sweep", "--weight", "cut_edges=0,9"],
    ],
    ids=lambda words: words[0],
)
def test_a_study_of_a_graph_without_polygons_is_whole_without_a_page(
    words: list[str], invoke: Invoke, tmp_path: Path
) -> None:
    graph = nx.path_graph(6)
    for unit in graph:
        graph.nodes[unit].update(id=str(unit), blue=10 * unit + 1, red=40)
    (tmp_path / "graph.json").write_text(json.dumps(nx.adjacency_data(graph)))
    (tmp_path / "path.toml").write_text(
        'title = "Path"\ndescription = "A path."\n'
        '[data]\nunits = "graph.json"\nid = "id"\nblue = "blue"\nred = "red"\n'
    )
    command, *options = words
    # What is lacking for good is not said to be tried again.
    code, stdout, stderr = invoke(command, "path.toml", *options, "--time-limit", "10", "-q")
    assert (code, stderr) == (0, "")
    suffixes = {Path(one).suffix for one in stdout.split()}
    pictures = {".png", ".svg", ".pdf"} if command == "sweep" else set()
    assert suffixes == {".csv", ".json", ".md"} | pictures
    if command == "compare":  # all of them are shown in one way
        _, stdout, _ = invoke(command, "path.toml", "--time-limit", "10")
        assert stdout.endswith("Without polygons there is no map: the units are a graph.\n")
