"""The command line, mostly as the process that a person runs."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import shapefiles
from partition.runs import bundle
from partition.runs.bundle import CERTIFICATE, FILES, KNOWLEDGE, PLAN
from partition.runs.run import Run
from partition.scenario import shipped_names
from solvers.plan import Plan
from solvers.problem import Problem
from solvers.result import Limits, Progress, Result, Status

Command = Callable[..., subprocess.CompletedProcess[str]]
Invoke = Callable[..., tuple[int, str, str]]


def test_solving_writes_a_bundle_and_says_where(command: Command, tmp_path: Path) -> None:
    done = command("solve", "archipelago", "--election", "2020")
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "runs" / "archipelago-2020"
    assert sorted(file.name for file in folder.iterdir()) == sorted((*FILES, CERTIFICATE))
    for words in ("Blue nation", "Stranded voters", "Biden votes", "Electoral votes", "proven"):
        assert words in done.stdout
    for name in (*FILES, CERTIFICATE):
        assert f"wrote runs/archipelago-2020/{name}\n" in done.stdout


def test_json_puts_one_document_on_stdout_and_the_rest_on_stderr(
    command: Command, tmp_path: Path, scenarios: list[str]
) -> None:
    done = command("solve", scenarios[0], "--json", "--out", "here")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert "Blue nation" in done.stderr
    files = document.pop("files")
    assert files == [f"here/{name}" for name in (*FILES, CERTIFICATE, KNOWLEDGE)]
    assert document == json.loads((tmp_path / "here" / "run.json").read_text(encoding="utf-8"))


def test_quiet_prints_the_folder_and_nothing_else(command: Command, scenarios: list[str]) -> None:
    done = command("solve", scenarios[0], "--quiet", "--out", "here")
    assert (done.returncode, done.stdout, done.stderr) == (0, "here\n", "")


@pytest.mark.usefixtures("scenarios")
def test_an_existing_run_is_refused_before_the_search_and_replaced_by_force(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert invoke("solve", "s0.toml")[0] == 0
    path = tmp_path / "runs" / "s0-votes" / "run.json"
    before = path.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr("solvers.solve.solve", lambda *_, **__: pytest.fail("the search ran"))
        given = ["solve", "s0.toml", "--seed", "8", "--out", str(path.parent)]
        code, _, stderr = invoke(*given)
        assert code == 2
        assert "already holds a run" in stderr
    assert path.read_bytes() == before
    assert invoke(*given, "--force")[0] == 0
    assert json.loads(path.read_text(encoding="utf-8"))["seed"] == 8


@pytest.mark.usefixtures("scenarios")
def test_what_is_answered_already_is_shown_and_nothing_else_is_replaced(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert invoke("solve", "s0.toml")[0] == 0
    runs = tmp_path / "runs"
    before = (runs / "s0-votes" / "run.json").read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr("solvers.solve.solve", lambda *_, **__: pytest.fail("the search ran"))
        code, stdout, stderr = invoke("solve", "s0.toml")
        assert code == 0
        assert "s0-votes has answered this already" in stderr
        assert "--force" in stderr
        assert "Self-determin" in stdout
        code, stdout, _ = invoke("solve", "s0.toml", "--json", "--gap", "0.5")
        assert json.loads(stdout) == json.loads(before) | {"files": json.loads(stdout)["files"]}
        assert invoke("solve", "s0.toml", "--quiet")[1] == "runs/s0-votes\n"
    assert invoke("solve", "s0.toml", "--seed", "8")[0] == 0
    assert sorted(one.name for one in runs.iterdir()) == ["s0-votes", "s0-votes-2"]
    assert (runs / "s0-votes" / "run.json").read_bytes() == before
    second = json.loads((runs / "s0-votes-2" / "run.json").read_bytes())
    assert (second["seed"], second["start"]) == (8, "s0-votes")
    assert invoke("solve", "s0.toml", "--fresh")[0] == 0
    third = json.loads((runs / "s0-votes-3" / "run.json").read_bytes())
    assert (third["seed"], third["start"]) == (0, None)
    for proof in runs.glob("*/certificate.json.gz"):
        proof.unlink()
    assert invoke("solve", "s0.toml", "--certificate")[0] == 0
    assert (runs / "s0-votes-4" / "certificate.json.gz").is_file()
    assert invoke("solve", "s0.toml", "--certificate", "-q")[1] == "runs/s0-votes-4\n"


WRONG = [
    (["solve", "county"], "did you mean counties"),
    (["solve", "missing.toml"], "Cannot read the scenario missing.toml"),
    (["solve", "wrong.toml"], "wrong.toml: title is missing"),
    (["solve", "--election", "2021"], "did you mean 2024 or 2020"),
    (["solve", "--time-limit", "-3"], "limits.time_limit = -3.0"),
    (["solve", "--time-limit", "0"], "limits.time_limit = 0.0"),
    (["solve", "--time-limit", "nan"], "limits.time_limit = nan"),
    (["solve", "--time-limit", "1e30"], "limits.time_limit = 1e+30"),
    (["solve", "--time-limit", "soon"], "--time-limit"),
    (["solve", "--gap", "-0.1"], "limits.gap = -0.1"),
    (["solve", "--gap", "nan"], "limits.gap = nan"),
    (["solve", "--gap", "7"], "limits.gap = 7.0"),
    (["solve", "--seed", "-1"], "limits.seed = -1"),
    (["solve", "--seed", "1e3"], "--seed"),
    (["solve", "--seed", "99999999999999999999"], "limits.seed = 99999999999999999999"),
    (["solve", "--out", "file"], "file is a file"),
    (["solve", "--out", "file/run"], "Not a directory"),
    (["solve", "--out", "others", "--force"], "holds 'thesis.doc'"),
    (["solve", "counties", "archipelago"], "archipelago"),
    (["solve", "--tme-limit", "3"], "--time-limit"),
    (["sovle"], "sovle"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG, ids=[" ".join(one) for one, _ in WRONG])
def test_bad_input_gives_one_line_exit_code_2_and_no_files(
    invoke: Invoke, tmp_path: Path, arguments: list[str], said: str
) -> None:
    (tmp_path / "file").write_text("precious")
    (tmp_path / "wrong.toml").write_text("description = 'x'")
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "thesis.doc").write_text("precious")
    before = sorted(tmp_path.rglob("*"))
    code, stdout, stderr = invoke(*arguments)
    assert (code, stdout) == (2, "")
    assert said in stderr
    assert stderr.startswith("partition: ")
    assert stderr.count("\n") == 1
    assert sorted(tmp_path.rglob("*")) == before


def test_a_file_name_cannot_command_the_terminal(invoke: Invoke) -> None:
    code, _, stderr = invoke("solve", "evil\x1b[2J\nname.toml")
    assert code == 2
    assert "\x1b" not in stderr
    assert stderr.count("\n") == 1


def test_markup_in_a_scenario_is_shown_and_not_obeyed(invoke: Invoke, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(
        'title = "[bold]<b>Mine</b>[/bold]"\ndescription = "x"\n'
        "[nations]\nblue.pieces = 'any'\nred.pieces = 'any'\n"
    )
    code, stdout, _ = invoke("solve", "mine.toml", "--out", "here")
    assert code == 0
    assert "[bold]<b>Mine</b>[/bold]" in stdout
    assert "<b>Mine" not in (tmp_path / "here" / "map.html").read_text(encoding="utf-8")


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc, where nobody can write")
def test_an_unwritable_folder_is_refused_before_the_search(invoke: Invoke) -> None:
    code, stdout, stderr = invoke("solve", "--out", "/proc/run", "--json")
    assert code == 2
    assert "Cannot write to /proc/run" in stderr
    assert "Traceback" not in stderr
    assert json.loads(stdout)["exit_code"] == 2


@pytest.mark.parametrize(
    ("status", "code"),
    [(Status.INFEASIBLE, 3), (Status.INTERRUPTED, 130), (Status.TIME_LIMIT, 1)],
)
def test_a_search_without_a_plan_has_its_exit_code_and_writes_nothing(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: Status, code: int
) -> None:
    def nothing(_problem: Problem, _limits: Limits, **_: object) -> Result:
        return Result(None, status, None, None, 1.0, 0)

    monkeypatch.setattr("solvers.solve.solve", nothing)
    found, stdout, stderr = invoke("solve", "--json", "--quiet")
    assert (found, json.loads(stdout)["exit_code"]) == (code, code)
    assert stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


STUBBORN = """
import os, signal, sys, time
import solvers.solve
from partition.cli import main

def press():
    os.kill(os.getpid(), signal.SIGINT)

def stubborn(problem, limits, *, should_stop, **others):
    before = should_stop()
    press(); press()  # one key, of which a program in between has told as well
    print(before, should_stop(), flush=True)
    time.sleep(0.3)
    press()
    while True:
        pass

def reading(*others, **more):
    press()
    time.sleep(60)

WHAT
sys.argv = ["partition", "solve", "--quiet"]
main()
"""


@pytest.mark.parametrize(
    ("what", "said", "code", "shown"),
    [
        ("solvers.solve.solve = stubborn", "False True\n", -signal.SIGINT, ""),
        (
            "import partition.question.question as asked; asked.formulate = reading",
            "",
            130,
            "partition: Interrupted before the run was written.\n",
        ),
    ],
)
def test_the_first_ctrl_c_ends_the_search_or_what_comes_before_and_the_second_one_the_program(
    what: str, said: str, code: int, shown: str, tmp_path: Path, environment: dict[str, str]
) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", STUBBORN.replace("WHAT", what)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.stdout, ended.returncode, ended.stderr) == (said, code, shown)
    assert list(tmp_path.iterdir()) == []


def test_the_search_leaves_no_handler_of_ctrl_c_behind(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    def search(_problem: Problem, _limits: Limits, **_: object) -> Result:
        return Result(None, Status.UNKNOWN, None, None, 0.1, 0)

    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr("solvers.solve.solve", search)
    assert invoke("solve")[0] == 1
    assert signal.getsignal(signal.SIGINT) is before


def test_an_internal_error_is_shown_in_one_line_with_both_values(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("solvers.solve.broken_constraint", lambda *_: "unit 7 is lost")
    code, _, stderr = invoke("solve", "states", "--quiet")
    assert code == 1
    assert stderr == (
        "partition: Internal error, please report it with the command: The search returned a plan "
        "in which unit 7 is lost.\n"
    )


def test_ctrl_c_keeps_the_best_plan_found(tmp_path: Path, environment: dict[str, str]) -> None:
    # Standard error is a terminal here, so that the live line shows when a plan is there.
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "partition", "solve", "--time-limit", "300", "--gap", "0"],
        cwd=tmp_path,
        env={**environment, "TERM": "xterm-256color"},
        stdout=subprocess.PIPE,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        shown, deadline = b"", time.monotonic() + 120
        while b"found" not in shown and time.monotonic() < deadline:
            shown += os.read(ours, 4096)
        process.send_signal(signal.SIGINT)
        sent = time.monotonic()
        try:
            while os.read(ours, 4096):  # the live line must never block on a full terminal
                pass
        except OSError:
            pass  # how Linux says that the other end has closed
        assert process.stdout is not None
        stdout = process.stdout.read().decode()
        process.wait(60)
        took = time.monotonic() - sent
    os.close(ours)
    live = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", shown).decode()
    assert re.search(r"\d+\.\d of 300 s  .*found \d\d\.\d{3} %  \([\d,]+ votes\)", live)
    assert process.returncode == 0, stdout
    assert "Interrupted: this is the best plan found until then" in stdout
    document = json.loads((tmp_path / "runs" / "counties-2016" / "run.json").read_text())
    assert document["status"] == "INTERRUPTED"
    assert document["metrics"]["whole"]["both"]["self_determined"] == document["objective"]
    assert took < 20


def test_without_a_terminal_a_plain_line_comes_every_five_seconds(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    def search(problem: Problem, _limits: Limits, **options: object) -> Result:
        plan = Plan(problem.gains.argmax(axis=1))
        objective = problem.objective(plan.assignment)
        watch = options["on_progress"]
        if callable(watch):
            for tick in range(81):  # 16 seconds, five reports a second
                watch(Progress(tick / 5, "searching", objective, objective + 1))
        return Result(plan, Status.TIME_LIMIT, objective, objective + 1, 16.0, 0)

    monkeypatch.setattr("solvers.solve.solve", search)
    code, _, stderr = invoke("solve", "archipelago")
    assert code == 0
    lines = stderr.splitlines()
    assert len(lines) == 3
    assert all("searching" in line and "bound" in line and "gap" in line for line in lines)
    assert invoke("solve", "archipelago", "--quiet", "--force")[2] == ""


def test_a_full_disk_after_the_search_loses_no_plan(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = bundle.WRITERS[PLAN]

    def full(run: Run, path: Path) -> None:
        if tmp_path / "runs" in path.parents:
            raise OSError(28, "No space left on device")
        write(run, path)

    monkeypatch.setattr("partition.runs.bundle.WRITERS", {**bundle.WRITERS, PLAN: full})
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "elsewhere"))
    (tmp_path / "elsewhere").mkdir()
    code, stdout, stderr = invoke("solve", "archipelago")
    assert (code, stdout) == (2, "")
    assert "No space left on device" in stderr
    saved = Path(re.findall(r"The run is in (\S+)\.\n", stderr)[0])
    assert sorted(file.name for file in saved.iterdir()) == sorted((*FILES, CERTIFICATE))
    assert list((tmp_path / "runs").iterdir()) == []


def test_without_a_command_the_help_is_shown(invoke: Invoke) -> None:
    code, stdout, stderr = invoke()
    assert (code, stdout) == (2, "")
    assert re.search(r"^  solve +Find the best plan", stderr, re.MULTILINE)


def test_scenarios_are_listed_with_a_sentence_each(invoke: Invoke) -> None:
    code, stdout, _ = invoke("scenarios")
    assert code == 0
    lines = stdout.splitlines()
    assert tuple(line.split()[0] for line in lines) == shipped_names()
    assert all(line.endswith(".") for line in lines)


def test_the_data_card_describes_every_column_and_pins_every_file(invoke: Invoke) -> None:
    code, stdout, stderr = invoke("data")
    assert code == 0, stderr
    folder = Path(shapefiles.__file__).parent / "data"
    for path in folder.glob("*.parquet"):
        assert path.name in stdout
        assert hashlib.sha256(path.read_bytes()).hexdigest() in stdout
        for column in pq.read_schema(path).names:
            assert f"\n  {column}: " in stdout
    assert "Census Bureau" in stdout


def test_help_and_version_load_nothing_heavy(environment: dict[str, str], tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from partition.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit as done:\n"
        "    heavy = {'numpy', 'pandas', 'geopandas', 'shapely', 'numba', 'ortools', 'folium'}\n"
        "    print('loaded:', sorted(heavy & set(sys.modules)), done.code)\n"
    )
    for option in ("--help", "--version"):
        done = subprocess.run(
            [sys.executable, "-c", script, option],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        assert done.stdout.endswith("loaded: [] 0\n")
        assert "partition" in done.stdout.lower()
