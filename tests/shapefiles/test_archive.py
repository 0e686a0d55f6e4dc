from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from shapefiles import DataError
from shapefiles.screening import archive
from shapefiles.screening.archive import unpack
from shapefiles.screening.door import max_bytes, opened, read_head


def make_zip(
    path: Path, members: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED
) -> Path:
    with zipfile.ZipFile(path, "w", compression) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return path


@pytest.mark.parametrize(
    "name", ["../out.txt", "a/../../out.txt", "/etc/out.txt", "C:/out.txt", "..\\out.txt"]
)
def test_member_that_would_leave_the_folder_is_refused_and_not_written(
    tmp_path: Path, name
) -> None:
    bad = make_zip(tmp_path / "bad.zip", {"fine.txt": "x", name: "x"})
    inner = tmp_path / "deep" / "er"
    inner.mkdir(parents=True)
    with pytest.raises(DataError, match="would leave its folder"):
        unpack(bad, inner, max_bytes())
    assert not list(tmp_path.rglob("out.txt"))


def test_symbolic_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as target:
        target.writestr(link, "/etc/passwd")
    with pytest.raises(DataError, match="would leave its folder"), opened(tmp_path / "bad.zip"):
        pass


def test_bomb_is_stopped_at_the_ratio_however_small_its_header_says_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "FREE_BYTES", 1000)
    bomb = make_zip(tmp_path / "bomb.zip", {"zeros.csv": b"\0" * 5_000_000})
    (tmp_path / "out").mkdir()
    with pytest.raises(DataError, match="unpacks to far more than its size"):
        unpack(bomb, tmp_path / "out", max_bytes())
    # Whatever the directory says of the size, no more than the allowed bytes reach the disk.
    written = sum(one.stat().st_size for one in (tmp_path / "out").rglob("*"))
    assert written <= archive.MAX_RATIO * bomb.stat().st_size


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_MEMBERS", 3)
    many = make_zip(tmp_path / "many.zip", {f"{i}.csv": "x" for i in range(4)})
    with pytest.raises(DataError, match="has 4 members, above 3"), opened(many):
        pass


def test_member_without_a_name_is_refused(tmp_path: Path) -> None:
    content = make_zip(tmp_path / "a.zip", {"a": "x"}).read_bytes()
    start = content.index(b"PK\x01\x02")
    directory = bytearray(content[start:])
    assert directory[28] == 1  # length of the name in the central directory
    directory[28], directory[30] = 0, 1  # the letter becomes an extra field
    (tmp_path / "a.zip").write_bytes(content[:start] + bytes(directory))
    with pytest.raises(DataError), opened(tmp_path / "a.zip"):
        pass


def test_two_members_of_one_name_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "twice.zip", "w") as target:
        target.writestr("a.csv", "1")
        with pytest.warns(UserWarning, match="Duplicate name"):
            target.writestr("a.csv", "2")
    with pytest.raises(DataError, match="Cannot unpack"), opened(tmp_path / "twice.zip"):
        pass


@pytest.mark.parametrize("cut", [30, 60, 200])
def test_truncated_archive_is_refused(tmp_path: Path, cut) -> None:
    whole = make_zip(tmp_path / "whole.zip", {"a.csv": os.urandom(500)}).read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[:cut])
    with pytest.raises(DataError, match="not a readable zip archive"), opened(tmp_path / "cut.zip"):
        pass


def test_corrupted_member_is_refused(tmp_path: Path) -> None:
    content = bytearray(make_zip(tmp_path / "a.zip", {"a.csv": os.urandom(500)}).read_bytes())
    content[100] ^= 0xFF
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(DataError, match="not a readable zip archive"), opened(tmp_path / "a.zip"):
        pass


def test_archive_that_names_a_member_at_length_is_refused_in_one_short_line(tmp_path: Path) -> None:
    """What Python says of it quotes the whole name, every byte as four characters."""
    content = bytearray(make_zip(tmp_path / "a.zip", {"a.csv": os.urandom(5_000)}).read_bytes())
    content[26:28] = (4_000).to_bytes(2, "little")  # the length of the first member's name
    (tmp_path / "a.zip").write_bytes(content)
    refused = pytest.raises(DataError, match="not a readable zip archive: File name in directory")
    with refused as error, opened(tmp_path / "a.zip"):
        pass
    message = str(error.value).replace(str(tmp_path), "")
    assert message.isprintable()
    assert len(message) < 300


def test_temporary_folder_is_gone_afterwards(tmp_path: Path) -> None:
    with opened(make_zip(tmp_path / "a.zip", {"deep/a.csv": "x"})) as folder:
        assert (folder / "deep" / "a.csv").read_text() == "x"
    assert not folder.exists()


@pytest.mark.parametrize(
    "name", ["two\nlines.csv", "a!b.csv", "zip:a?b#c.csv", "it's.csv", "ü.csv"]
)
def test_odd_file_names_are_opened_under_plain_ones(tmp_path: Path, name) -> None:
    (tmp_path / name).write_text("content")
    with opened(tmp_path / name) as plain:
        assert plain.read_text() == "content"
        assert "\n" not in plain.name
        assert "!" not in plain.name
        assert plain.suffix == ".csv"


@pytest.mark.parametrize(
    "content", [b"<!DOCTYPE html><html>", b"\xef\xbb\xbf\n <HTML lang=en>", b"<!doctype HTML>"]
)
def test_web_page_in_place_of_a_file_is_named_as_such(tmp_path: Path, content) -> None:
    page = tmp_path / "counties.shp"
    page.write_bytes(content + b" 404 Not Found")
    with pytest.raises(DataError, match="is a web page, not a data file"), opened(page):
        pass


def test_file_that_may_not_be_read_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.csv").write_text("x")

    def denied(*_args, **_kwargs) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(DataError, match=r"Cannot read '.*a\.csv': Permission denied\."):
        read_head(tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: None, "No such file or directory"),
        (lambda path: path.touch(), "is empty"),
        (os.mkfifo, "is a device or a pipe"),
    ],
)
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, make, message) -> None:
    make(tmp_path / "a")
    with pytest.raises(DataError, match=message):
        read_head(tmp_path / "a")


def test_name_with_a_nul_character_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="Cannot read"):
        read_head(tmp_path / "a\0b")
