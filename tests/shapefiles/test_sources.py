import gzip
import hashlib
import io
import json
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from shapefiles import SourceError, sources
from shapefiles.sources import Source, census_boundaries, fetch


def archive():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr("a.csv", "id,blue,red\n01,1,2\n" * 500)
    return buffer.getvalue()


CONTENT = archive()
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Handler(BaseHTTPRequestHandler):
    """Serves, truncates, corrupts, redirects, hangs, refuses, or talks nonsense, by path."""

    def do_GET(self):
        self.server.paths.append(self.path)
        getattr(self, f"serve_{self.path.strip('/').split('?')[0]}", self.serve_missing)()

    def log_message(self, *_args):
        """Keep quiet."""

    def answer(self, content, *, length=None, code=200, headers=()):
        self.send_response(code)
        self.send_header("Content-Length", str(len(content) if length is None else length))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def serve_missing(self):
        self.answer(b"no such file", code=404)

    def serve_good(self):
        self.answer(self.server.content)

    def serve_truncated(self):
        self.answer(CONTENT[:1000], length=len(CONTENT))

    def serve_silently_truncated(self):
        self.send_response(200)  # no length: the end of the connection is the end of the file
        self.end_headers()
        self.wfile.write(CONTENT[:1000])

    def serve_corrupt(self):
        self.answer(CONTENT[:500] + b"\0" + CONTENT[501:])

    def serve_page(self):
        self.answer(b"<!DOCTYPE html><title>Sign in</title>")

    def serve_json(self):
        self.answer(b'{"status":"ERROR","message":"Guestbook response required"}')

    def serve_nothing(self):
        self.answer(b"")

    def serve_broken(self):
        self.answer(b"sorry", code=500)

    def serve_redirect(self):
        self.answer(b"", code=302, headers=[("Location", "/good")])

    def serve_circle(self):
        self.answer(b"", code=302, headers=[("Location", "/circle")])

    def serve_zipped_twice(self):
        self.answer(gzip.compress(CONTENT), headers=[("Content-Encoding", "gzip")])

    def serve_hang(self):
        self.server.release.wait(20)

    def serve_hang_midway(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT[:1000])
        self.wfile.flush()
        self.server.release.wait(20)

    def serve_hang_up(self):
        self.close_connection = True


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.paths, http.content, http.release = [], CONTENT, threading.Event()
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield http
        finally:
            http.release.set()
            http.shutdown()
            thread.join()


def source(server, path, **options):
    return Source(
        title="votes, of nowhere",
        url=f"http://127.0.0.1:{server.server_port}/{path}",
        file="votes.zip",
        page="https://example.org/votes",
        **options,
    )


def kept(folder):
    return sorted(one.name for one in folder.iterdir()) if folder.exists() else []


def memory(folder):
    return json.loads((folder / "checksums.json").read_text())


@pytest.mark.parametrize("path", ["good", "redirect", "zipped_twice"])
def test_file_is_fetched_once_and_its_digest_remembered(server, tmp_path, path):
    votes = source(server, path)
    for _ in range(2):
        assert fetch(votes, folder=tmp_path).read_bytes() == CONTENT
    assert server.paths.count(f"/{path}") == 1
    assert kept(tmp_path) == ["checksums.json", "votes.zip"]
    assert memory(tmp_path)[votes.url]["sha256"] == SHA256


def test_pinned_file_is_kept_only_with_its_digest(server, tmp_path):
    assert fetch(source(server, "good", sha256=SHA256), folder=tmp_path).is_file()
    (tmp_path / "votes.zip").unlink()
    with pytest.raises(SourceError, match="does not match the known hash") as caught:
        fetch(source(server, "corrupt", sha256=SHA256), folder=tmp_path)
    assert SHA256 in str(caught.value)
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
    server, tmp_path, path, message
):
    with pytest.raises(SourceError, match=message) as caught:
        fetch(source(server, path), folder=tmp_path, timeout=0.5)
    text = str(caught.value)
    assert "\n" not in text
    assert "by hand from https://example.org/votes and save it as" in text
    assert str(tmp_path / "votes.zip") in text
    assert kept(tmp_path) == []


def test_no_network_is_said_in_words(tmp_path, server):
    nowhere = Source("votes", "http://127.0.0.1:1/x.zip", "votes.zip", "https://example.org")
    with pytest.raises(SourceError, match=r"there is no connection. Download it by hand"):
        fetch(nowhere, folder=tmp_path)


def test_changed_file_is_refused_until_it_is_asked_for(server, tmp_path):
    votes = source(server, "good")
    fetch(votes, folder=tmp_path)
    (tmp_path / "votes.zip").unlink()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr("new.csv", "new")
    server.content = buffer.getvalue()
    with pytest.raises(SourceError, match=r"changed or was damaged .* fetch it with refresh"):
        fetch(votes, folder=tmp_path)
    assert kept(tmp_path) == ["checksums.json"]
    assert fetch(votes, folder=tmp_path, refresh=True).read_bytes() == server.content
    assert memory(tmp_path)[votes.url]["sha256"] == hashlib.sha256(server.content).hexdigest()


def test_refresh_does_not_loosen_a_pin(server, tmp_path):
    pinned = source(server, "corrupt", sha256=SHA256)
    with pytest.raises(SourceError, match="does not match the known hash"):
        fetch(pinned, folder=tmp_path, refresh=True)


def test_file_damaged_on_this_disk_is_noticed(server, tmp_path):
    votes = source(server, "good")
    path = fetch(votes, folder=tmp_path)
    path.write_bytes(CONTENT[:-1] + b"\1")
    with pytest.raises(SourceError, match=r"has SHA-256 .*, expected .* \(remembered since 2"):
        fetch(votes, folder=tmp_path)
    assert server.paths == ["/good"]


def test_file_saved_by_hand_is_taken_without_a_server(tmp_path):
    (tmp_path / "votes.zip").write_bytes(CONTENT)
    by_hand = Source("votes", "http://127.0.0.1:1/x.zip", "votes.zip", "https://example.org")
    assert fetch(by_hand, folder=tmp_path).read_bytes() == CONTENT
    (tmp_path / "votes.zip").write_text("<html>")
    with pytest.raises(SourceError, match="web page"):
        fetch(by_hand, folder=tmp_path)


def test_file_without_end_is_cut_off(server, tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MAX_BYTES", 1000)
    with pytest.raises(SourceError, match="larger than 1,000 bytes"):
        fetch(source(server, "good"), folder=tmp_path)
    monkeypatch.setattr(sources, "MAX_BYTES", 10**9)
    monkeypatch.setattr(sources, "MAX_SECONDS", -1.0)
    with pytest.raises(SourceError, match="not done after"):
        fetch(source(server, "good"), folder=tmp_path)
    assert kept(tmp_path) == []


def test_redirect_to_a_plain_address_is_refused():
    class Answer:
        is_redirect, url = True, "https://example.org/a"
        headers = {"location": "http://example.org/a"}  # noqa: RUF012

    with pytest.raises(SourceError, match="not encrypted"):
        sources._refuse_downgrade(Answer())


def test_damaged_list_of_checksums_is_named(server, tmp_path):
    (tmp_path / "checksums.json").write_text("[1")
    with pytest.raises(SourceError, match="the list of checksums, cannot be read"):
        fetch(source(server, "good"), folder=tmp_path)


def test_folder_may_be_named_by_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv(sources.FOLDER_VARIABLE, str(tmp_path))
    assert sources.cache_folder() == tmp_path
    monkeypatch.delenv(sources.FOLDER_VARIABLE)
    assert "two-nations" in str(sources.cache_folder())


@pytest.mark.parametrize(
    "options", [{"year": 2013}, {"year": 2020, "level": "../x"}, {"year": 2020, "resolution": "1m"}]
)
def test_boundary_file_that_is_not_there_is_refused(options):
    with pytest.raises(SourceError, match="choose a year"):
        census_boundaries(**options)


def test_pins_are_digests():
    assert all(len(bytes.fromhex(one)) == 32 for one in sources._PINNED.values())
