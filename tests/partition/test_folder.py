"""A folder appears whole or not at all, whatever happens in between."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

import pytest

from partition.errors import BundleError
from partition.runs import folder, locks
from partition.runs.folder import check_target, whole_folder
from partition.runs.workshop import RUN, sweep_leftovers, workshop

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
    monkeypatch.setattr("partition.runs.folder._exchange", lambda _one, _other: False)
    write(tmp_path / "run", "old")
    write(tmp_path / "run", "new", force=True)
    assert content(tmp_path / "run") == {"new"}
    assert [one.name for one in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("force", [False, True])
def test_a_folder_with_files_of_somebody_else_and_no_run_is_never_replaced(
    tmp_path: Path, force: bool
) -> None:
    (tmp_path / "run").mkdir()
    for name, text in (("thesis.doc", "precious"), ("plan.csv", "mine")):
        (tmp_path / "run" / name).write_text(text)
        with pytest.raises(BundleError, match=r"holds '[a-z.]+', which no run wrote"):
            write(tmp_path / "run", "new", force=force)
    assert content(tmp_path / "run") == {"mine", "precious"}


@pytest.mark.parametrize("can_swap", [False, True])
@pytest.mark.parametrize("can_link", [False, True])
def test_what_somebody_puts_beside_a_run_stays_as_it_is_while_the_run_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_swap: bool, can_link: bool
) -> None:
    target = tmp_path / "run"
    write(target, "old")
    (target / ".DS_Store").write_text("precious")
    (target / "notes" / "deep").mkdir(parents=True)
    (target / "notes" / "deep" / "thesis.doc").write_text("precious")
    (target / "link").symlink_to("nowhere")
    if not can_swap:
        monkeypatch.setattr("partition.runs.folder._exchange", lambda _one, _other: False)
    if not can_link:

        def refuse(*_: object, **__: object) -> None:
            raise OSError(errno.EPERM, "Operation not permitted")

        monkeypatch.setattr("partition.runs.folder.os.link", refuse)
    with pytest.raises(BundleError, match="already holds a run"):
        write(target, "new")
    for text in ("new", "newer"):
        write(target, text, force=True)
        assert {(target / one).read_text() for one in OWNED} == {text}
        assert (target / ".DS_Store").read_text() == "precious"
        assert (target / "notes" / "deep" / "thesis.doc").read_text() == "precious"
        assert (target / "link").readlink() == Path("nowhere")
        assert len(list(target.iterdir())) == len(OWNED) + 3
    assert [one.name for one in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("force", [False, True])
def test_a_folder_of_somebody_else_that_is_called_as_a_file_of_a_run_is_never_replaced(
    tmp_path: Path, force: bool
) -> None:
    thesis = tmp_path / "run" / "plan.csv" / "thesis.doc"
    thesis.parent.mkdir(parents=True)
    thesis.write_text("precious")
    with pytest.raises(BundleError, match=r"holds the folder 'plan.csv', which no run wrote"):
        write(tmp_path / "run", "new", force=force)
    assert thesis.read_text() == "precious"


@pytest.mark.parametrize("can_swap", [False, True])
def test_a_file_that_somebody_puts_there_at_the_last_moment_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_swap: bool
) -> None:
    write(tmp_path / "run", "old")
    swap = folder._exchange

    def put(one: Path, other: Path) -> bool:
        if not (one / "thesis.doc").exists():
            (other / "thesis.doc").write_text("precious")
        return can_swap and swap(one, other)

    monkeypatch.setattr("partition.runs.folder._exchange", put)
    write(tmp_path / "run", "new", force=True)
    assert content(tmp_path / "run") == {"new", "precious"}
    assert [one.name for one in tmp_path.iterdir()] == ["run"]


def test_a_name_may_be_as_long_as_the_file_system_allows(tmp_path: Path) -> None:
    for name in ("x" * 255, "é" * 127):
        write(tmp_path / name, "old")
        write(tmp_path / name, "new", force=True)
        assert content(tmp_path / name) == {"new"}
        with locks.claim(tmp_path / name) as is_alone:
            assert is_alone
    assert len(list(tmp_path.iterdir())) == 2


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
from partition.runs.folder import whole_folder
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
    # The next one that writes into the same folder, whatever it is called, sweeps up.
    write(tmp_path / "other", "again")
    assert {one.name for one in tmp_path.iterdir()} == {"other"} | ({"run"} if was_there else set())
    write(target, "again", force=was_there)
    assert content(target) == {"again"}


@contextmanager
def left_behind(target: Path) -> Iterator[Path]:
    """Leave a workshop as a process leaves it that is killed while it writes."""
    with workshop(target) as place:
        (place / RUN / "plan.csv").write_text("half")
        copied = target.with_name(place.name[:-8] + "0" * 8)
        shutil.copytree(place, copied)
        yield copied


def test_what_a_living_process_writes_is_not_swept_up(tmp_path: Path) -> None:
    with workshop(tmp_path / "run") as place, locks.claim(tmp_path / "run"):
        held = {one.name for one in tmp_path.iterdir()}
        write(tmp_path / "other", "new")
        assert {one.name for one in tmp_path.iterdir()} == held | {"other"}
        assert (place / RUN).is_dir()
    assert [one.name for one in tmp_path.iterdir()] == ["other"]


def test_only_what_a_dead_process_left_is_swept_up(tmp_path: Path) -> None:
    with left_behind(tmp_path / "run") as ours, left_behind(tmp_path / "run2") as with_thesis:
        pass
    (with_thesis / RUN / "thesis.doc").write_text("precious")
    (tmp_path / ".run.0a1b2c3d.claim").touch()
    (tmp_path / ".partition-abcd0123").mkdir()
    theirs = [".run.0a1b2c3d.claims", ".run.partial", ".partition-of-1921", "partial", ".hidden"]
    for name in theirs:
        (tmp_path / name).mkdir()
    full = [".x.0a1b2c3d.claim", ".partition-abcd0124"]
    (tmp_path / full[0]).write_text("precious")
    (tmp_path / full[1] / "plan.csv").mkdir(parents=True)
    assert ours.is_dir()
    sweep_leftovers(tmp_path, OWNED)
    assert {one.name for one in tmp_path.iterdir()} == {*theirs, *full, with_thesis.name}
    sweep_leftovers(tmp_path / "not there", OWNED)


def test_what_another_machine_left_is_swept_up_a_day_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.node", lambda: "elsewhere")
    with left_behind(tmp_path / "run") as place:
        pass
    monkeypatch.setattr("platform.node", lambda: "here")
    sweep_leftovers(tmp_path, OWNED)
    assert place.is_dir()
    yesterday = time.time() - 90_000
    for path in (place, *place.rglob("*")):
        os.utime(path, (yesterday, yesterday))
    sweep_leftovers(tmp_path, OWNED)
    assert not place.exists()


def test_an_owner_whose_workshop_is_swept_up_fails_and_writes_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if it had been suspended for days on a machine whose locks nobody sees.
    monkeypatch.setattr("partition.runs.workshop.ABANDONED", -1.0)

    def sweep_while_writing() -> None:
        with whole_folder(tmp_path / "run", OWNED, force=True) as filling:
            (filling / "plan.csv").write_text("new")
            monkeypatch.setattr("platform.node", lambda: "elsewhere")
            sweep_leftovers(tmp_path, OWNED)

    with pytest.raises(FileNotFoundError):
        sweep_while_writing()
    assert list(tmp_path.iterdir()) == []


def test_without_locks_a_run_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("partition.runs.locks._lock", refuse)
    with locks.claim(tmp_path / "run") as is_alone:
        assert not is_alone
        with workshop(tmp_path / "run"):
            write(tmp_path / "other", "new")
            assert sum(".partial-00000000-" in one.name for one in tmp_path.iterdir()) == 1
    write(tmp_path / "other", "newer", force=True)
    assert content(tmp_path / "other") == {"newer"}


BETWEEN = """
import os, sys
from pathlib import Path
from partition.runs import folder
with_what = {"plan.csv", "run.json"}
folder._exchange = lambda one, other: False
folder._replaces = lambda *_: os._exit(9)
with folder.whole_folder(Path(sys.argv[1]), frozenset(with_what), force=True) as filling:
    for name in with_what:
        (filling / name).write_text("new")
"""


def test_a_run_that_stood_aside_when_its_writer_was_killed_comes_back(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    write(tmp_path / "run", "old")
    command = [sys.executable, "-c", BETWEEN, str(tmp_path / "run")]
    assert subprocess.run(command, env=environment, check=False).returncode == 9
    assert not (tmp_path / "run").exists()
    write(tmp_path / "other", "new")
    assert content(tmp_path / "run") == {"old"}
    assert {one.name for one in tmp_path.iterdir()} == {"run", "other"}


def test_what_lay_beside_a_run_that_stood_aside_comes_back_with_it(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    write(tmp_path / "run", "old")
    (tmp_path / "run" / "thesis.doc").write_text("precious")
    command = [sys.executable, "-c", BETWEEN, str(tmp_path / "run")]
    assert subprocess.run(command, env=environment, check=False).returncode == 9
    assert not (tmp_path / "run").exists()
    for _ in range(2):
        sweep_leftovers(tmp_path, OWNED)
        assert content(tmp_path / "run") == {"old", "precious"}


@pytest.mark.parametrize("name", ["../../elsewhere", "/tmp/elsewhere", "other", "", "..", "run\0"])
def test_what_was_left_behind_comes_back_nowhere_but_in_its_place(
    tmp_path: Path, name: str
) -> None:
    parent = tmp_path / "a" / "b"
    parent.mkdir(parents=True)
    with left_behind(parent / "run") as place:
        (place / RUN).rename(place / "replaced")
        (place / "lock").write_text(name)
    before = {one for one in tmp_path.rglob("*") if place not in (one, *one.parents)}
    sweep_leftovers(parent, OWNED)
    assert set(tmp_path.rglob("*")) == before
    assert not Path("/tmp/elsewhere").exists()


@pytest.mark.parametrize("can_swap", [False, True])
def test_many_who_write_one_folder_and_sweep_up_lose_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_swap: bool
) -> None:
    if not can_swap:
        monkeypatch.setattr("partition.runs.folder._exchange", lambda _one, _other: False)
    elif sys.platform != "linux":
        pytest.skip("only Linux swaps two folders in one step")
    target = tmp_path / "run"
    write(target, "first")
    n_writers, n_turns = 4, 12
    done = threading.Event()

    def look() -> None:
        while can_swap and not done.is_set():
            for name in OWNED:
                assert (target / name).read_text()

    def turn(writer: int) -> None:
        for number in range(n_turns):
            write(target, f"{writer} {number}", force=True)
            sweep_leftovers(tmp_path, OWNED)

    with ThreadPoolExecutor(n_writers + 1) as pool:
        reader = pool.submit(look)
        writers = [pool.submit(turn, writer) for writer in range(n_writers)]
        wait(writers)
        done.set()
    assert [one.exception() for one in (*writers, reader)] == [None] * (n_writers + 1)
    (last,) = content(target)  # of one writer, and whole
    assert last.endswith(f" {n_turns - 1}")
    assert {one.name for one in target.iterdir()} == OWNED
    assert [one.name for one in tmp_path.iterdir()] == ["run"]


def test_who_waits_for_a_claim_gets_it_when_it_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partition.runs.locks.SILENCE", 0.0)
    waiting = threading.Event()

    def second() -> bool:
        with locks.claim(tmp_path / "run", on_wait=waiting.set) as is_alone:
            return is_alone

    with ThreadPoolExecutor(1) as pool:
        with locks.claim(tmp_path / "run") as is_alone:
            late = pool.submit(second)
            assert waiting.wait(10)
            assert is_alone
            assert not late.done()
        assert late.result(10)
    assert list(tmp_path.iterdir()) == []


def test_a_claim_dies_with_its_process(tmp_path: Path, environment: dict[str, str]) -> None:
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom partition.runs.locks import claim\n"
        "with claim(Path(sys.argv[1])):\n    print('claimed', flush=True)\n    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "run")],
        stdout=subprocess.PIPE,
        env=environment,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"claimed\n"
        with locks.claim(tmp_path / "run", patience=0.0) as is_alone:
            assert not is_alone
        process.kill()
    with locks.claim(tmp_path / "run", patience=0.0) as is_alone:
        assert is_alone
    assert list(tmp_path.iterdir()) == []
