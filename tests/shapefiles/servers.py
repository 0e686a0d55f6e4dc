"""A local HTTP server that behaves in every way that servers do."""

from __future__ import annotations

import gzip
import hashlib
import io
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr("a.csv", "id,blue,red\n01,1,2\n" * 500)
    return buffer.getvalue()


CONTENT = archive()
CORRUPT = CONTENT[:500] + b"\0" + CONTENT[501:]
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Handler(BaseHTTPRequestHandler):
    """Serves, truncates, corrupts, redirects, hangs, refuses, or talks nonsense, by path."""

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        getattr(self, f"serve_{self.path.strip('/').split('?')[0]}", self.serve_missing)()

    def log_message(self, *_args) -> None:
        """Keep quiet."""

    def answer(self, content, *, length=None, code=200, headers=()) -> None:
        self.send_response(code)
        self.send_header("Content-Length", str(len(content) if length is None else length))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def serve_missing(self) -> None:
        self.answer(b"no such file", code=404)

    def serve_good(self) -> None:
        self.answer(self.server.content)

    def serve_truncated(self) -> None:
        self.answer(CONTENT[:1000], length=len(CONTENT))

    def serve_silently_truncated(self) -> None:
        self.send_response(200)  # no length: the end of the connection is the end of the file
        self.end_headers()
        self.wfile.write(CONTENT[:1000])

    def serve_corrupt(self) -> None:
        self.answer(CORRUPT)

    def serve_page(self) -> None:
        self.answer(b"<!DOCTYPE html><title>Sign in</title>")

    def serve_json(self) -> None:
        self.answer(b'{"status":"ERROR","message":"Guestbook response required"}')

    def serve_nothing(self) -> None:
        self.answer(b"")

    def serve_broken(self) -> None:
        self.answer(b"sorry", code=500)

    def serve_redirect(self) -> None:
        self.answer(b"", code=302, headers=[("Location", "/good")])

    def serve_circle(self) -> None:
        self.answer(b"", code=302, headers=[("Location", "/circle")])

    def serve_zipped_twice(self) -> None:
        self.answer(gzip.compress(CONTENT), headers=[("Content-Encoding", "gzip")])

    def serve_hang(self) -> None:
        self.server.release.wait(20)

    def serve_hang_midway(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT[:1000])
        self.wfile.flush()
        self.server.release.wait(20)

    def serve_hang_up(self) -> None:
        self.close_connection = True


@contextmanager
def serving() -> Iterator[ThreadingHTTPServer]:
    """Serve from a free port; ``content`` is what /good has, ``paths`` what was asked for."""
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
