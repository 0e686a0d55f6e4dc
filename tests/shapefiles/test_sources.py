from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from shapefiles import SourceError
from shapefiles.files import sources
from shapefiles.files.sources import Source, census_boundaries, fetch
from tests.shapefiles.servers import CONTENT, CORRUPT, SHA256, serving


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    with serving() as http:
        yield http


def source(server: ThreadingHTTPServer, path: str, **options: str) -> Source:
    return Source(
        title="votes, of nowhere",
        url=f"http://127.0.0.1:{server.server_port}/{path}",
        file="votes.zip",
        page="https://example.org/votes",
        **options,
    )


def kept(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir()) if folder.exists() else []


def memory(folder: Path) -> dict[str, dict[str, str]]:
    return json.loads((folder / "checksums.json").read_text())


@pytest.mark.parametrize("path", ["good", "redirect", "zipped_twice"])
def test_file_is_fetched_once_and_its_digest_remembered(server, tmp_path: Path, path) -> None:
    votes = source(server, path)
    for _ in range(2):
        assert fetch(votes, folder=tmp_path).read_bytes() == CONTENT
    assert server.paths.count(f"/{path}") == 1
    assert kept(tmp_path) == ["checksums.json", "votes.zip"]
    assert memory(tmp_path)[votes.url]["sha256"] == SHA256


def test_pinned_file_is_kept_only_with_its_digest(server, tmp_path: Path) -> None:
    assert fetch(source(server, "good", sha256=SHA256), folder=tmp_path).is_file()
    (tmp_path / "votes.zip").unlink()
    with pytest.raises(SourceError, match="changed or was damaged") as caught:
        fetch(source(server, "corrupt", sha256=SHA256), folder=tmp_path)
    text = str(caught.value)
    found = hashlib.sha256(CORRUPT).hexdigest()
    assert f"it has SHA-256 {found}, expected {SHA256} (pinned)" in text
    assert "by hand from https://example.org/votes and save it as" in text
    assert str(tmp_path / "votes.zip") in text
    assert "refresh" not in text  # which can never help with a pin
    assert kept(tmp_path) == []


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("truncated", "the connection broke before the file was whole"),
        ("silently_truncated", "no whole zip archive"),
        ("page", "is a web page"),
        ("json", "starts with .*Guestbook|starts with "),
        ("nothing", "is empty"),
        ("missing", "404"),
        ("broken", "500"),
        ("circle", "sends on in a circle"),
        ("hang", "went silent"),
        ("hang_midway", "went silent"),
        ("hang_up", "the connection|there is no connection"),
    ],
)
def test_what_a_bad_server_sends_is_not_kept_and_the_manual_way_is_told(
    server, tmp_path: Path, path, message
) -> None:
    with pytest.raises(SourceError, match=message) as caught:
        fetch(source(server, path), folder=tmp_path, timeout=0.5)
    text = str(caught.value)
    assert "\n" not in text
    assert "by hand from https://example.org/votes and save it as" in text
    assert str(tmp_path / "votes.zip") in text
    assert kept(tmp_path) == []


def test_no_network_is_said_in_words(tmp_path: Path, server) -> None:
    nowhere = Source("votes", "http://127.0.0.1:1/x.zip", "votes.zip", "https://example.org")
    with pytest.raises(SourceError, match=r"there is no connection. Download it by hand"):
        fetch(nowhere, folder=tmp_path)


def test_changed_file_is_refused_until_it_is_asked_for(server, tmp_path: Path) -> None:
    votes = source(server, "good")
    fetch(votes, folder=tmp_path)
    (tmp_path / "votes.zip").unlink()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr("new.csv", "new")
    server.content = buffer.getvalue()
    with pytest.raises(SourceError, match=r"changed .* fetch it with refresh, or") as caught:
        fetch(votes, folder=tmp_path)
    new = hashlib.sha256(server.content).hexdigest()
    assert f"SHA-256 {new}, expected {SHA256} (remembered since 2" in str(caught.value)
    assert "by hand from https://example.org/votes and save it as" in str(caught.value)
    assert kept(tmp_path) == ["checksums.json"]
    assert fetch(votes, folder=tmp_path, refresh=True).read_bytes() == server.content
    assert memory(tmp_path)[votes.url]["sha256"] == hashlib.sha256(server.content).hexdigest()


def test_refresh_does_not_loosen_a_pin(server, tmp_path: Path) -> None:
    pinned = source(server, "corrupt", sha256=SHA256)
    with pytest.raises(SourceError, match=r"was not kept: .* \(pinned\)\. Try again"):
        fetch(pinned, folder=tmp_path, refresh=True)


def test_file_damaged_on_this_disk_is_noticed(server, tmp_path: Path) -> None:
    votes = source(server, "good")
    path = fetch(votes, folder=tmp_path)
    path.write_bytes(CONTENT[:-1] + b"\1")
    with pytest.raises(SourceError, match=r"has SHA-256 .*, expected .* \(remembered since 2"):
        fetch(votes, folder=tmp_path)
    assert server.paths == ["/good"]


def test_file_saved_by_hand_is_taken_without_a_server(tmp_path: Path) -> None:
    (tmp_path / "votes.zip").write_bytes(CONTENT)
    by_hand = Source("votes", "http://127.0.0.1:1/x.zip", "votes.zip", "https://example.org")
    assert fetch(by_hand, folder=tmp_path).read_bytes() == CONTENT
    (tmp_path / "votes.zip").write_text("<html>")
    with pytest.raises(SourceError, match="web page"):
        fetch(by_hand, folder=tmp_path)


def test_file_without_end_is_cut_off(
    server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "MAX_BYTES", 1000)
    with pytest.raises(SourceError, match="larger than 1,000 bytes"):
        fetch(source(server, "good"), folder=tmp_path)
    monkeypatch.setattr(sources, "MAX_BYTES", 10**9)
    monkeypatch.setattr(sources, "MAX_SECONDS", -1.0)
    with pytest.raises(SourceError, match="not done after"):
        fetch(source(server, "good"), folder=tmp_path)
    assert kept(tmp_path) == []


def test_redirect_to_a_plain_address_is_refused() -> None:
    class Answer:
        is_redirect, url = True, "https://example.org/a"
        headers = {"location": "http://example.org/a"}  # noqa: RUF012

    with pytest.raises(SourceError, match="not encrypted"):
        sources._refuse_downgrade(Answer())


def test_damaged_list_of_checksums_is_named(server, tmp_path: Path) -> None:
    (tmp_path / "checksums.json").write_text("[1")
    with pytest.raises(SourceError, match="the list of checksums, cannot be read"):
        fetch(source(server, "good"), folder=tmp_path)


def test_folder_may_be_named_by_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(sources.FOLDER_VARIABLE, str(tmp_path))
    assert sources.cache_folder() == tmp_path
    monkeypatch.delenv(sources.FOLDER_VARIABLE)
    assert "two-nations" in str(sources.cache_folder())


@pytest.mark.parametrize(
    "options", [{"year": 2013}, {"year": 2020, "level": "../x"}, {"year": 2020, "resolution": "1m"}]
)
def test_boundary_file_that_is_not_there_is_refused(options) -> None:
    with pytest.raises(SourceError, match="choose a year"):
        census_boundaries(**options)


def test_pins_are_digests() -> None:
    assert all(len(bytes.fromhex(one)) == 32 for one in sources._PINNED.values())
