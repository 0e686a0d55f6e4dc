"""A folder appears whole or not at all, whatever happens in between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from partition.errors import BundleError
from partition.folder import check_target, whole_folder

OWNED = frozenset({"plan.csv", "run.json"})


def write(target: Path, text: str, *, force: bool = False) -> None:
    with whole_folder(target, OWNED, force=force) as filling:
        for name in sorted(OWNED):
            (filling / name).write_text(text)


def content(target: Path) -> set[str]:
    return {file.read_text() for file in target.iterdir()}


def test_a_folder_is_made_with_the_folders_above_it(tmp_path: Path) -> None:
    write(tmp_path / "a" / "b" / "run", "new")
    assert content(tmp_path / "a" / "b" / "run") == {"new"}


def test_checking_leaves_no_trace(tmp_path: Path) -> None:
    check_target(tmp_path / "a" / "b", OWNED, force=False)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    write(tmp_path / "run", "new")
    assert content(tmp_path / "run") == {"new"}


def test_a_run_is_replaced_by_force_only_and_nothing_else_is_left(tmp_path: Path) -> None:
    write(tmp_path / "run", "old")
    with pytest.raises(BundleError, match="already holds a run"):
        write(tmp_path / "run", "new")
    assert content(tmp_path / "run") == {"old"}
    write(tmp_path / "run", "new", force=True)
    assert content(tmp_path / "run") == {"new"}
    assert [one.name for one in tmp_path.iterdir()] == ["run"]


def test_without_a_system_call_for_swapping_force_still_replaces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partition.folder._exchange", lambda _one, _other: False)
    write(tmp_path / "run", "old")
    write(tmp_path / "run", "new", force=True)
    assert content(tmp_path / "run") == {"new"}
    assert [one.name for one in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("force", [False, True])
def test_a_folder_with_files_of_somebody_else_is_never_replaced(
    tmp_path: Path, force: bool
) -> None:
    write(tmp_path / "run", "old")
    (tmp_path / "run" / "thesis.doc").write_text("precious")
    with pytest.raises(BundleError, match=r"holds 'thesis.doc', which no run wrote"):
        write(tmp_path / "run", "new", force=force)
    assert content(tmp_path / "run") == {"old", "precious"}


def test_files_links_and_impossible_names_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("precious")
    (tmp_path / "link").symlink_to(tmp_path)
    for target, said in (
        (tmp_path / "file", "is a file"),
        (tmp_path / "file" / "run", "Not a directory"),
        (tmp_path / "link", "symbolic link"),
        (tmp_path / ("x" * 300), "name too long"),
        (tmp_path / "a\0b", "NUL"),
    ):
        with pytest.raises(BundleError, match=said):
            check_target(target, OWNED, force=True)
    assert (tmp_path / "file").read_text() == "precious"


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc, where nobody can write")
def test_a_place_where_nobody_can_write_is_refused() -> None:
    with pytest.raises(BundleError, match="Cannot write to /proc/run"):
        check_target(Path("/proc/run"), OWNED, force=False)


@pytest.mark.skipif(sys.platform == "win32", reason="needs the permissions of a POSIX system")
def test_a_read_only_folder_is_refused() -> None:
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o555)
    is_root = os.geteuid() == 0
    try:
        if is_root:
            os.seteuid(65_534)  # root may write anywhere: be nobody for a moment
        with pytest.raises(BundleError, match=r"Cannot write to .*: Permission denied"):
            check_target(folder / "run", OWNED, force=False)
    finally:
        if is_root:
            os.seteuid(0)
        folder.rmdir()


def test_a_failure_half_way_leaves_the_old_run_and_no_remains(tmp_path: Path) -> None:
    write(tmp_path / "run", "old")

    def fail() -> None:
        with whole_folder(tmp_path / "run", OWNED, force=True) as filling:
            (filling / "plan.csv").write_text("new")
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        fail()
    assert content(tmp_path / "run") == {"old"}
    assert [one.name for one in tmp_path.iterdir()] == ["run"]


def test_a_run_that_appears_in_the_meantime_is_kept(tmp_path: Path) -> None:
    def both() -> None:
        with whole_folder(tmp_path / "run", OWNED, force=False) as filling:
            (filling / "plan.csv").write_text("late")
            write(tmp_path / "run", "early")

    with pytest.raises(BundleError, match="already holds a run"):
        both()
    assert content(tmp_path / "run") == {"early"}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux swaps two folders in one step")
def test_a_reader_always_finds_a_whole_run_while_it_is_replaced(tmp_path: Path) -> None:
    target = tmp_path / "run"
    write(target, "0")
    done, missing = threading.Event(), []

    def look() -> None:
        while not done.is_set():
            try:
                (target / "run.json").stat()
            except FileNotFoundError as error:
                missing.append(error)

    reader = threading.Thread(target=look)
    reader.start()
    for turn in range(1, 40):
        write(target, str(turn), force=True)
    done.set()
    reader.join()
    assert missing == []


KILLED = """
import sys, time
from pathlib import Path
from partition.folder import whole_folder
with whole_folder(Path(sys.argv[1]), frozenset({"plan.csv", "run.json"}), force=True) as filling:
    (filling / "plan.csv").write_text("new")
    print("writing", flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a system with kill -9")
@pytest.mark.parametrize("was_there", [False, True])
def test_killing_the_writer_leaves_the_old_run_or_none(
    tmp_path: Path, environment: dict[str, str], was_there: bool
) -> None:
    target = tmp_path / "run"
    if was_there:
        write(target, "old")
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(target)], stdout=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"writing\n"
        process.kill()
    assert target.exists() == was_there
    if was_there:
        assert content(target) == {"old"}
    write(target, "again", force=was_there)
    assert content(target) == {"again"}
