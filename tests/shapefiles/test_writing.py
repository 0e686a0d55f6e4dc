"""A file appears whole or not at all, whoever else writes it, whatever it is called."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shapefiles.writing import is_draft, whole_file


def write(path: Path, text: str) -> None:
    with whole_file(path) as draft:
        assert is_draft(draft.name)
        draft.write_text(text)


def test_a_name_may_be_as_long_as_the_file_system_allows(tmp_path: Path) -> None:
    for name in ("x" * 255, "é" * 127, "a." + "b" * 253, "x"):
        write(tmp_path / name, "old")
        write(tmp_path / name, "new")
        assert (tmp_path / name).read_text() == "new"
    assert len(list(tmp_path.iterdir())) == 4


def test_many_who_write_one_file_never_collide(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"

    def turn(writer: int) -> None:
        for _ in range(25):
            write(path, f"{writer}" * 10_000)
            text = path.read_text()
            assert len(text) == 10_000
            assert len(set(text)) == 1

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(turn, range(4)))
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_the_old_file_and_no_part(tmp_path: Path) -> None:
    write(tmp_path / "file", "old")

    def fail() -> None:
        with whole_file(tmp_path / "file") as draft:
            draft.write_text("half")
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        fail()
    assert (tmp_path / "file").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1
    with pytest.raises(OSError, match="no file but a folder"):
        write(tmp_path, "new")
    with pytest.raises(FileNotFoundError):
        write(tmp_path / "nowhere" / "file", "new")


def test_the_file_reaches_the_disk_before_its_name_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    flush: Callable[[int], None] = os.fsync
    move = Path.replace

    def fsync(descriptor: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        flush(descriptor)

    def replace(path: Path, target: Path) -> Path:
        done.append("name")
        return move(path, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    write(tmp_path / "file", "new")
    assert done == ["file", "name", "folder"]
