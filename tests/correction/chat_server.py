"""A stand-in for an OpenAI-compatible server, on a local port: answers what it is told to, and remembers requests."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[str], str]


class ChatServer(ThreadingHTTPServer):
    """Answers each text with `word(text)` after `seconds`. `troubles` are statuses that come first, one a request."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, word: Answer = lambda text: text, *, seconds: float = 0.0) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.word = word
        self.seconds = seconds
        self.troubles: list[int] = []
        self.hang_ups = 0
        self.retry_after = ""
        self.key = ""
        self.refuses_odds = self.refuses_system = False
        self.choice: dict[str, Any] = {}
        self.requests: list[dict[str, Any]] = []
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        """Return the address up to `/v1`."""
        return f"http://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet: some tests hang up before the answer."""

    def stop(self) -> None:
        """End it."""
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: ChatServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""

    def do_POST(self) -> None:
        server = self.server
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with server.lock:
            server.requests.append(request)
            trouble = server.troubles.pop(0) if server.troubles else 0
            server.at_once += 1
            server.most_at_once = max(server.most_at_once, server.at_once)
            if server.hang_ups:
                server.hang_ups -= 1
                server.at_once -= 1
                self.close_connection = True
                return
        time.sleep(server.seconds)
        self._send(*self._answer(request, trouble))
        with server.lock:
            server.at_once -= 1

    def _answer(self, request: dict[str, Any], trouble: int) -> tuple[int, Any]:
        server = self.server
        if server.key and self.headers.get("Authorization") != f"Bearer {server.key}":
            return 401, {"error": "no key"}
        if self.path != "/v1/chat/completions":
            return 404, {"error": "nothing here"}
        if trouble:
            return trouble, {"error": "not now"}
        if server.refuses_odds and "logprobs" in request:
            return 400, {"error": {"message": "logprobs is not supported"}}
        if server.refuses_system and request["messages"][0]["role"] == "system":
            return 500, {"error": {"message": "Jinja Exception: System role not supported"}}
        message = {"role": "assistant", "content": server.word(request["messages"][-1]["content"])}
        return 200, {"choices": [{"index": 0, "finish_reason": "stop", "message": message, **server.choice}]}

    def _send(self, status: int, body: Any) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        if self.server.retry_after:
            self.send_header("Retry-After", self.server.retry_after)
        self.end_headers()
        self.wfile.write(data)
