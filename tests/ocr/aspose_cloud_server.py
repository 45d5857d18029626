"""Stands in for Aspose.OCR Cloud: the calls that its package and documentation name, and what may go wrong with them.

Recorded from `aspose-ocr-cloud` 24.11.0: POST and GET /v5.0/ocr/RecognizeImage; from the vendor's documentation:
POST /connect/token. Results are base64; a task is Pending before it is Completed.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

CLIENT_ID, CLIENT_SECRET, TOKEN, TASK = "my-id", "my-secret", "a.b.c", "c4b60313-4f78-45f8-b708-069eb98dc22e"

HOCR = """<?xml version="1.0" encoding="utf-8" standalone="no"?>
<html xmlns="http://www.w3.org/1999/xhtml"><head><meta name="ocr-system" content="Aspose.OCR" /></head><body>
<div class="ocr_page" id="page_1" title="bbox 0 0 900 300"><p class="ocr_par" title="bbox 32 35 538 61">
<span class="ocr_line" id="line_1_1" title="bbox 32 35 538 61; baseline 0 -8">
<span class="ocrx_word" id="word_1_1" title="bbox 32 35 538 61; x_wconf 92">Invoice number 4711</span></span></p>
<p class="ocr_par"><span class="ocr_line" title="bbox 29 105 5000 131">
<span class="ocrx_word" title="bbox 29 105 5000 131; x_wconf 81">Miller &amp; Sons</span></span></p>
</div></body></html>"""


class CloudServer(ThreadingHTTPServer):
    """Keeps what was asked in `calls`; `troubles` are the answers given before all goes well, for each path."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.calls: list[tuple[str, str, object]] = []
        self.troubles: dict[str, list[tuple[int, dict[str, str], str]]] = {}
        self.pending = 1
        self.results = [("Text", "Invoice number 4711\nMiller & Sons"), ("Hocr", HOCR)]
        self.outcome = ("Completed", "Ok", None)
        self.hang = threading.Event()
        self.hang.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: CloudServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        path = urlsplit(self.path).path
        if path == "/connect/token":
            fields = {name: values[0] for name, values in parse_qs(body).items()}
            if self.begin("token", fields):
                self.token(fields)
        elif path == "/v5.0/ocr/RecognizeImage" and self.begin("send", json.loads(body)) and self.is_allowed():
            self.answer(200, TASK, "text/plain; charset=utf-8")

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        is_known = parts.path == "/v5.0/ocr/RecognizeImage"
        if is_known and self.begin("result", parse_qs(parts.query)) and self.is_allowed():
            self.result()

    def begin(self, call: str, asked: object) -> bool:
        """Note the call and give the trouble that is due, if any; return whether to go on."""
        self.server.calls.append((call, self.headers.get("Content-Type", ""), asked))
        self.server.hang.wait(30)
        if not self.server.troubles.get(call):
            return True
        status, headers, text = self.server.troubles[call].pop(0)
        self.answer(status, text, "text/plain", headers)
        return False

    def is_allowed(self) -> bool:
        if self.headers.get("Authorization") == f"Bearer {TOKEN}":
            return True
        self.answer(401, '{"title": "Unauthorized", "status": 401}', "application/problem+json")
        return False

    def token(self, fields: dict[str, str]) -> None:
        right = {"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        if fields != right:
            self.answer(400, '{"error": "invalid_client"}')
        else:
            self.answer(200, json.dumps({"access_token": TOKEN, "expires_in": 86400, "token_type": "Bearer"}))

    def result(self) -> None:
        if self.server.pending:
            self.server.pending -= 1
            self.answer(200, json.dumps({"id": TASK, "taskStatus": "Pending", "responseStatusCode": "NotReady"}))
            return
        state, code, error = self.server.outcome
        results = [
            {"type": kind, "data": base64.b64encode(text.encode()).decode()} for kind, text in self.server.results
        ]
        answer = {"id": TASK, "taskStatus": state, "responseStatusCode": code, "results": results, "error": error}
        self.answer(200, json.dumps(answer))

    def answer(self, status: int, text: str, kind: str = "application/json", headers: dict | None = None) -> None:
        data = text.encode()
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def cloud_server() -> Iterator[CloudServer]:
    """Serve in a thread while the block runs."""
    server = CloudServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.hang.set()
        server.shutdown()
        server.server_close()
