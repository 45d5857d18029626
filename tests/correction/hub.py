"""A stand-in for the Hugging Face hub: the few calls that a download makes, on a local port."""

from __future__ import annotations

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

REPOSITORY = "someone/tiny-GGUF"
COMMIT = "a" * 40


class Hub(ThreadingHTTPServer):
    """Serves `files` of one repository; `sums` are checksums that it states wrongly.

    `cut_after` drops the first connection to a file after so many bytes.
    """

    daemon_threads = True

    def __init__(self, files: dict[str, bytes], *, cut_after: int | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files = files
        self.cut_after = cut_after
        self.sums: dict[str, str] = {}
        self.ranges: list[str] = []
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        """Return what HF_ENDPOINT has to be."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Hub

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def _answer(self, *, with_body: bool) -> None:
        path = self.path.split("?")[0]
        name = path.rpartition("/")[2]
        if path.startswith(f"/api/models/{REPOSITORY}"):
            siblings = [self._facts(name, data) for name, data in self.server.files.items()]
            listing = {"id": REPOSITORY, "sha": COMMIT, "siblings": siblings}
            self._send(200, json.dumps(listing).encode(), with_body)
        elif path.startswith(f"/{REPOSITORY}/resolve/") and name in self.server.files:
            self._send_file(self.server.files[name], with_body)
        else:
            self._send(404, b"{}", with_body)

    def _facts(self, name: str, data: bytes) -> dict:
        if not name.endswith(".gguf"):
            return {"rfilename": name, "size": len(data)}
        checksum = self.server.sums.get(name) or hashlib.sha256(data).hexdigest()
        stored = {"sha256": checksum, "size": len(data), "pointerSize": 134}
        return {"rfilename": name, "size": len(data), "lfs": stored}

    def _send_file(self, data: bytes, with_body: bool) -> None:
        asked = self.headers.get("Range", "")
        start = int(asked.removeprefix("bytes=").split("-")[0]) if asked else 0
        if with_body:
            self.server.ranges.append(asked)
        extra = {"ETag": f'"{hashlib.sha256(data).hexdigest()}"', "X-Repo-Commit": COMMIT, "Accept-Ranges": "bytes"}
        if asked:
            extra["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        self._send(206 if asked else 200, data[start:], with_body, extra)

    def _send(self, status: int, body: bytes, with_body: bool, extra: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(extra or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if with_body and extra and self.server.cut_after is not None:
            body, self.server.cut_after = body[: self.server.cut_after], None
            self.close_connection = True
        if with_body:
            self.wfile.write(body)
