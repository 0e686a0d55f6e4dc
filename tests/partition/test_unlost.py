"""A finished search is never lost, whatever goes wrong while its files are drawn and written."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

import partition
from partition.cli import main
from partition.errors import IncompleteError, InputError
from partition.runs import bundle
from partition.runs.bundle import ALL_FILES, DOCUMENT, KNOWLEDGE, PLAN
from partition.runs.run import Run
from partition.runs.spared import STUDIES
from shapefiles.units import Units
from solvers.result import Status

Invoke = Callable[..., tuple[int, str, str]]
Environment = dict[str, str]

FINISHED = ALL_FILES - {KNOWLEDGE}
"""What a run has whose plan is proven to be the best."""
OTHERS = sorted(set(bundle.WRITERS) - {PLAN})

FAULTS = {
    "a full disk": (lambda: OSError(errno.ENOSPC, "No space left on device"), "No space left"),
    "a failing library": (
        lambda: RuntimeError("boom\nat line 2"),
        "(RuntimeError: boom at line 2)",
    ),
    "no memory": (MemoryError, "(MemoryError: MemoryError)"),
    "a wrong value": (lambda: ValueError("not a polygon"), "(ValueError: not a polygon)"),
}


def break_writing(
    monkeypatch: pytest.MonkeyPatch, name: str, fault: Callable[[], BaseException]
) -> None:
    """Have the writer of one file fail in the middle of it."""

    def write(_run: Run, path: Path) -> None:
        path.write_text("half a fi", encoding="utf-8")
        raise fault()

    monkeypatch.setattr("partition.runs.bundle.WRITERS", {**bundle.WRITERS, name: write})


@pytest.fixture
def run(squares: Units) -> Run:
    """A run with every file there is: one with a proof, and not called finished."""
    run = partition.solve("archipelago", data=squares)
    return replace(run, result=replace(run.result, status=Status.GAP_REACHED))


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_that_cannot_be_written_costs_no_other(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, fault: str
) -> None:
    whole = run.write(tmp_path / "whole")
    raised, said = FAULTS[fault]
    with monkeypatch.context() as broken:
        break_writing(broken, name, raised)
        with pytest.raises(IncompleteError) as caught:
            run.write(tmp_path / "run")
    assert said in str(caught.value)
    assert str(caught.value).count("\n") == 0
    assert (caught.value.exit_code, caught.value.missing) == (1, (tmp_path / "run" / name,))
    assert {one.name for one in (tmp_path / "run").iterdir()} == ALL_FILES - {name}
    assert partition.read(tmp_path / "run", run.dataset).plan == run.plan
    for one in caught.value.written:
        if one.name != DOCUMENT:
            assert one.read_bytes() == (whole / one.name).read_bytes()
    assert [one.name for one in sorted(tmp_path.iterdir())] == ["run", "whole"]


def test_the_command_says_in_one_line_what_is_missing_and_export_makes_it(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        break_writing(broken, "map.html", lambda: RuntimeError("boom"))
        code, stdout, stderr = invoke("solve", "archipelago", "--out", "my run", "--quiet")
    assert (code, stdout) == (1, "my run\n")
    assert stderr == (
        "partition: The run is in my run, but without map.html (RuntimeError: boom). "
        "partition export 'my run' writes what is missing.\n"
    )
    for name in ("report.md", "report.json", "nations.geojson"):
        (tmp_path / "my run" / name).rename(tmp_path / name)
    assert invoke("export", "my run")[0] == 0
    assert {one.name for one in (tmp_path / "my run").iterdir()} == FINISHED
    for name in ("report.md", "report.json", "nations.geojson"):
        assert (tmp_path / "my run" / name).read_bytes() == (tmp_path / name).read_bytes()
    lacks_nothing = "my run lacks nothing that export writes; name a file, such as map.png\n"
    assert invoke("export", "my run") == (0, lacks_nothing, "")
    assert invoke("export", "my run", "map.png")[0] == 0
    assert (tmp_path / "map.png").is_file()


def test_json_of_an_incomplete_run_is_one_document(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_writing(monkeypatch, "nations.geojson", lambda: OSError(errno.EIO, "Input/output error"))
    code, stdout, _ = invoke("solve", "archipelago", "--json", "--quiet")
    document = json.loads(stdout)
    assert (code, document["exit_code"]) == (1, 1)
    assert "without nations.geojson (Input/output error)" in document["error"]
    assert sorted(Path(one).name for one in document["files"]) == sorted(
        FINISHED - {"nations.geojson"}
    )
    assert all((tmp_path / one).is_file() for one in document["files"])


def test_ctrl_c_while_the_map_is_drawn_keeps_the_plan(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_writing(monkeypatch, "map.html", KeyboardInterrupt)
    code, _, stderr = invoke("solve", "archipelago")
    assert code == 1
    assert "without nations.geojson, map.html (interrupted)" in stderr.splitlines()[-1]
    found = {one.name for one in (tmp_path / "runs" / "archipelago-2016").iterdir()}
    assert found == FINISHED - {"nations.geojson", "map.html"}


def test_a_folder_or_a_link_with_the_name_of_a_file_of_a_run_is_never_removed(
    run: Run, tmp_path: Path
) -> None:
    for make in (Path.mkdir, lambda place: place.symlink_to(tmp_path)):
        folder = run.write(tmp_path / "run", force=True)
        (folder / "map.html").unlink()
        make(folder / "map.html")
        with pytest.raises(
            partition.errors.BundleError, match=r"holds the \w+ 'map.html', which no run"
        ):
            run.write(folder, force=True)
        assert not (folder / "map.html").is_file()
        (folder / "map.html").rmdir() if make is Path.mkdir else (folder / "map.html").unlink()


KILLED = """
import json, os, signal, sys
from pathlib import Path
import maps, partition
from partition.land.dataset import Dataset
from tests.partition.conftest import build_grid

units = build_grid(3, 2, blue=[90, 60, 20, 80, 30, 10], red=[10, 40, 80, 20, 70, 90])
run = partition.solve("archipelago", data=units)
maps.draw  # loaded before the first fork
run.write(Path(sys.argv[1]) / "warm")
names = ("open", "fsync", "rename", "replace", "mkdir", "link", "unlink", "rmdir", "renameat2")

def kill_at(number):
    count = 0
    def look(frame, event, argument):
        nonlocal count
        if event == "c_call" and getattr(argument, "__name__", "") in names:
            count += 1
            if count == number:
                os.kill(os.getpid(), signal.SIGKILL)
    return look

for was_there in (False, True):
    for number in range(1, 10_000, int(sys.argv[2])):
        folder = Path(sys.argv[1]) / f"{was_there}-{number}" / "run"
        if was_there:
            run.write(folder)
        child = os.fork()
        if not child:
            sys.setprofile(kill_at(number))
            run.write(folder, force=True)
            os._exit(0)
        if os.waitpid(child, 0)[1] == 0:
            break
        found = sorted(one.name for one in folder.iterdir()) if folder.exists() else None
        print(json.dumps([was_there, number, found]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs fork, and kill -9")
def test_a_kill_at_any_step_leaves_the_old_the_new_or_the_minimal_bundle(
    tmp_path: Path, environment: Environment
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path), "17"],  # every step with 1: 590 of them
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    minimal = sorted(FINISHED - {"map.html", "nations.geojson"})
    endings = [json.loads(line) for line in done.stdout.splitlines()]
    for was_there in (False, True):
        found = [names for one, _, names in endings if one is was_there]
        assert len(found) > 10
        allowed = [sorted(FINISHED) if was_there else None, minimal, sorted(FINISHED)]
        assert all(names in allowed for names in found)
        assert minimal in found


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("options", [["--json"], ["--json", "--quiet"], [], ["--quiet"]])
def test_standard_output_on_a_full_disk_costs_a_line_and_not_the_run(
    environment: Environment, tmp_path: Path, scenarios: list[str], options: list[str]
) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "partition", "solve", scenarios[0], *options],
            cwd=tmp_path,
            env=environment,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "partition: The run is in runs/s0-votes. Standard output cannot be written to: "
        "No space left on device."
    )
    assert "Traceback" not in done.stderr
    assert {one.name for one in (tmp_path / "runs/s0-votes").iterdir()} == ALL_FILES


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("arguments", [["scenarios"], ["data"], ["--version"]])
def test_every_command_says_that_standard_output_is_full(
    environment: Environment, arguments: list[str]
) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "partition", *arguments],
            env=environment,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            check=False,
        )
    said = "partition: Standard output cannot be written to: No space left on device.\n"
    assert (done.returncode, done.stderr) == (1, said)


def as_a_process(
    arguments: list[str], encoding: str, folder: Path, environment: Environment
) -> tuple[int, bytes, bytes]:
    """Run ``partition`` as a terminal of an encoding does: exit code, output, errors."""
    done = subprocess.run(
        [sys.executable, "-m", "partition", *arguments],
        cwd=folder,
        env={**environment, "PYTHONIOENCODING": encoding},
        capture_output=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def in_this_process(
    arguments: list[str], encoding: str, folder: Path, environment: Environment
) -> tuple[int, bytes, bytes]:
    """Do so with streams as that process would have them, in a fifth of the time."""
    streams = {
        "stdout": io.TextIOWrapper(io.BytesIO(), encoding),
        "stderr": io.TextIOWrapper(io.BytesIO(), encoding, "backslashreplace"),
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("COLUMNS", environment["COLUMNS"])
        patch.setattr(sys, "argv", ["partition", *arguments])
        for name, stream in streams.items():
            patch.setattr(sys, name, stream)
        with pytest.raises(SystemExit) as caught:
            main()
    for stream in streams.values():
        stream.flush()
    stdout, stderr = (stream.buffer.getvalue() for stream in streams.values())
    return int(caught.value.code or 0), stdout, stderr


@pytest.mark.parametrize(
    ("encoding", "run_command"),
    [
        ("ascii", as_a_process),
        ("cp932", in_this_process),
        ("latin-1", in_this_process),
        ("utf-8", in_this_process),
    ],
)
def test_any_encoding_of_the_terminal_shows_the_figures(
    environment: Environment,
    tmp_path: Path,
    scenarios: list[str],
    encoding: str,
    run_command: Callable[[list[str], str, Path, Environment], tuple[int, bytes, bytes]],
) -> None:
    folder = tmp_path / "Łódź 東"
    code, stdout, stderr = run_command(
        ["solve", scenarios[0], "--out", str(folder)], encoding, tmp_path, environment
    )
    assert (code, stderr) == (0, b"")
    shown = stdout.decode(encoding)
    assert f"Land area (km{'²' if encoding in ('utf-8', 'latin-1') else '2'})" in shown
    ending = f"{os.sep}map.html"
    wrote = next(line for line in shown.splitlines() if line.endswith(ending))
    name = wrote.removeprefix(f"wrote {tmp_path}{os.sep}").removesuffix(ending)
    escaped = {one: one.encode("ascii", "backslashreplace").decode() for one in "Łóź東"}
    expected = "".join(_in(one, encoding, escaped) for one in "Łódź 東")
    assert name == expected


def _in(sign: str, encoding: str, escaped: dict[str, str]) -> str:
    try:
        sign.encode(encoding)
    except UnicodeEncodeError:
        return escaped[sign]
    return sign


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
def test_streams_that_are_closed_are_no_reason_to_fail(
    environment: Environment, tmp_path: Path, scenarios: list[str]
) -> None:
    command = f"'{sys.executable}' -m partition solve {scenarios[0]} --quiet --force"
    for closed in (">&-", "2>&-", ">&- 2>&-"):
        done = subprocess.run(
            f"{command} {closed}", shell=True, cwd=tmp_path, env=environment, check=False
        )
        assert done.returncode == 0
        (tmp_path / "runs" / "s0-votes" / "run.json").unlink()


def test_a_study_keeps_a_plan_whose_map_cannot_be_drawn_and_says_so(
    invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        break_writing(broken, "map.html", lambda: RuntimeError("boom"))
        code, stdout, stderr = invoke("compare", "archipelago", "--jobs", "1", "--quiet")
    (folder,) = (tmp_path / "runs").glob("archipelago-*")
    lacks = f"without map.html (RuntimeError: boom). partition export {folder} writes what is"
    assert code == 1
    assert stderr.count("\n") == 1
    assert "archipelago: The run is in" in stderr
    assert lacks in stderr
    assert len(stdout.splitlines()) == 4
    assert (
        "64.78" in (tmp_path / "studies" / "compare-archipelago-2016" / "comparison.md").read_text()
    )
    assert invoke("export", str(folder))[0] == 0
    assert (folder / "map.html").is_file()
    assert invoke("compare", "archipelago", "--quiet")[0] == 0


@pytest.mark.parametrize(
    ("command", "broken", "missing", "kept"),
    [
        (
            ["compare", "s0.toml"],
            "partition.studies.comparing.comparison.page_bytes",
            "comparison.html",
            {"comparison.csv", "comparison.json", "comparison.md"},
        ),
        (
            ["sweep", "s0.toml", "--weight", "border=0:20:3"],
            "partition.studies.sweeping.sweep.picture_bytes",
            "sweep.png, sweep.svg, sweep.pdf",
            {"sweep.csv", "sweep.json", "sweep.md", "sweep.html"},
        ),
    ],
)
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.usefixtures("scenarios")
def test_a_study_keeps_its_tables_where_its_page_cannot_be_drawn(
    invoke: Invoke,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
    broken: str,
    missing: str,
    kept: set[str],
    fault: str,
) -> None:
    raised, said = FAULTS[fault]

    def fail(*_given: object, **_named: object) -> None:
        raise raised()

    monkeypatch.setattr(broken, fail)
    code, stdout, stderr = invoke(*command, "--out", "study", "--quiet")
    assert code == 1
    assert stderr.startswith(f"partition: The study is in study, but without {missing} (")
    assert said.strip("()") in stderr
    assert stderr.count("\n") == 1
    assert {one.name for one in (tmp_path / "study").iterdir()} == kept
    assert {Path(one).name for one in stdout.splitlines()} == kept


OWN = """
title = "Own"
description = "A map and a table of somebody."
election = "test"

[data]
units = "land.gpkg"
votes = "units.csv"
links = "links.csv"
id = "id"
blue = ["b"]
red = ["r"]

[limits]
time_limit = 5
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with a scenario of somebody's own, a map, and tables called as those of studies."""
    squares = [shapely.box(k % 3, k // 3, k % 3 + 1, k // 3 + 1) for k in range(6)]
    ids = [f"u{k}" for k in range(6)]
    folder = tmp_path / "work"
    folder.mkdir()
    land = gpd.GeoDataFrame({"id": ids}, geometry=squares, crs="EPSG:4326")
    land.to_file(folder / "land.gpkg")
    votes = [f"{name},{10 * k},{100 - 15 * k}" for k, name in enumerate(ids, start=1)]
    (folder / "units.csv").write_text("\n".join(["id,b,r", *votes, ""]))
    (folder / "links.csv").write_text("id_a,id_b,kind\nu0,u5,ferry\n")
    (folder / "own.toml").write_text(OWN)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir() if one.is_file()}


def test_no_export_takes_the_place_of_what_was_read_or_of_a_run_or_a_study(
    invoke: Invoke, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(own)
    assert invoke("solve", "own.toml", "--out", "a/first")[0] == 0
    assert invoke("export", "a/first", "begin.csv")[0] == 0
    assert invoke("solve", "own.toml", "--start", "begin.csv", "--out", "run")[0] == 0
    assert invoke("compare", "own.toml", "--out", "study")[0] == 0
    (own / "link.gpkg").symlink_to("land.gpkg")
    (own / "hard.gpkg").hardlink_to("land.gpkg")
    (own / "there").symlink_to(own)
    read = ["land.gpkg", "units.csv", "links.csv", "begin.csv", "link.gpkg", "hard.gpkg"]
    before = [contents(own / one) for one in (".", "run", "study")]
    for file, said in (
        *((one, "is what the run was made from") for one in (*read, "there/land.gpkg")),
        *(
            (f"{folder}/{one}", "is a file of the run")
            for folder in ("run", "a/first")
            for one in ("run.json", "plan.csv", "map.html")
        ),
        ("study/comparison.csv", "is a file of the study"),
        ("study/comparison.json", "is a file of the study"),
    ):
        code, stdout, stderr = invoke("export", "run", file)
        assert (code, stdout, stderr.count("\n")) == (2, "", 1), file
        assert stderr.startswith(f"partition: {file} {said}")
        assert stderr.endswith("choose another name.\n")
    assert [contents(own / one) for one in (".", "run", "study")] == before
    # Whatever was exported before is exported again, and the remedy works.
    for name in ("map.png", "map.png", "other.gpkg", "other.gpkg", "run/map.csv", "run/map.csv"):
        assert invoke("export", "run", name)[0] == 0
    assert invoke("verify", "run")[0] == 0


def test_a_study_takes_the_place_of_nothing_that_is_called_like_its_files(
    invoke: Invoke, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(own)
    before = contents(own)
    for _ in range(2):  # its own files are written again
        code, stdout, stderr = invoke("swing", "own.toml", "--points", "0,1", "--out", ".", "-q")
        assert (code, stderr) == (0, "")
        assert f"{own.parent}/work-2/units.csv" in stdout.split()
    assert contents(own) == before
    moves = own / "out" / "moves.csv"
    moves.parent.mkdir()
    moves.symlink_to("nowhere")  # a link is somebody's, wherever it leads
    code, stdout, stderr = invoke("cascade", "own.toml", "--from", "u0", "--out", "out", "-q")
    assert (code, stdout.split()[0]) == (0, "out-2/cascade.csv"), stderr
    assert moves.is_symlink()


def test_a_study_goes_beside_another_one_in_a_folder_without_a_name(
    invoke: Invoke, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = own / "inner"
    inner.mkdir()
    monkeypatch.chdir(inner)
    for out, beside in ((".", own / "inner-2"), ("..", own.parent / "work-2")):
        assert invoke("compare", "../own.toml", "--out", out)[0] == 0
        axis = ("--weight", "border=0,5")
        code, stdout, stderr = invoke("sweep", "../own.toml", *axis, "--out", out, "-q")
        assert (code, stderr) == (0, "")
        assert stdout.startswith(f"{beside}/sweep.csv\n")
    assert not [one for one in own.iterdir() if one.name.startswith("..")]


def test_an_empty_name_and_the_folder_of_a_run_are_refused_before_any_search(
    invoke: Invoke, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(own)
    before = contents(own)
    for command in ("solve", "compare"):
        code, stdout, stderr = invoke(command, "own.toml", "--out", "")
        assert (code, stdout, stderr.count("\n")) == (2, "", 1)
        assert "'--out': '' names no folder; give its name, or leave the option out." in stderr
    assert contents(own) == before
    assert invoke("solve", "own.toml", "--out", "run")[0] == 0
    code, stdout, stderr = invoke("compare", "own.toml", "--out", "run")
    said = "partition: run holds a run: choose another folder for the study (--out).\n"
    assert (code, stdout, stderr) == (2, "", said)
    assert not (own / "runs").exists()
    with pytest.raises(InputError, match="holds a run"):
        partition.compare(["own.toml"]).write("run")


def test_a_run_answers_and_is_replaced_with_other_files_beside_it(
    invoke: Invoke, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(own)
    solve = ("solve", "own.toml", "--out", "run", "-q")
    assert invoke(*solve)[0] == 0
    assert invoke("export", "run", "run/map.png", "run/units.gpkg")[0] == 0
    (own / "run" / ".DS_Store").write_text("of the system")
    (own / "run" / "notes").mkdir()
    (own / "run" / "notes" / "thesis.doc").write_text("precious")
    others = {one: (own / "run" / one).read_bytes() for one in ("map.png", "units.gpkg")}
    others |= {one: (own / "run" / one).read_bytes() for one in (".DS_Store", "notes/thesis.doc")}
    (own / "run" / "map.html").unlink()
    for command in (
        solve,
        ("export", "run"),  # which writes map.html again
        ("stable", "run", "--in-report", "-q", "--search-time", "1"),
        (*solve, "--fresh", "--force"),
        ("verify", "run"),
    ):
        code, _, stderr = invoke(*command)
        assert code == 0, (command, stderr)
        assert {one: (own / "run" / one).read_bytes() for one in others} == others
    assert (own / "run" / "map.html").is_file()


def test_a_run_does_not_replace_the_map_that_it_is_made_from(
    invoke: Invoke, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(own)
    assert invoke("solve", "own.toml", "--out", "run", "-q")[0] == 0
    land = gpd.read_file("land.gpkg")
    land.to_file("run/nations.geojson", driver="GeoJSON")
    before = (own / "run" / "nations.geojson").read_bytes()
    (own / "own.toml").write_text(OWN.replace("land.gpkg", "run/nations.geojson"))
    code, _, stderr = invoke("solve", "own.toml", "--out", "run", "-q", "--force")
    assert (code, stderr.count("\n")) == (2, 1)
    assert "run/nations.geojson is what the run was made from" in stderr
    assert (own / "run" / "nations.geojson").read_bytes() == before


def test_files_of_every_kind_of_study_are_known(
    invoke: Invoke, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(own)
    for command, document, *options in (
        ("compare", "comparison.json"),
        ("sweep", "sweep.json", "--weight", "border=0,5"),
        ("robust", "robust.json"),
        ("stable", "stable.json"),
        ("alternatives", "alternatives.json", "--apart", "20"),
        ("swing", "swing.json", "--points", "0,1"),
        ("cascade", "cascade.json", "--from", "u0"),
    ):
        code, stdout, stderr = invoke(command, "own.toml", *options, "--out", command, "-q")
        assert code == 0, stderr
        names = {Path(one).name for one in stdout.split()}
        assert names <= {document, *STUDIES[document]}
        assert document in names
