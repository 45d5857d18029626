"""The parent's side of a host: start a service in a child process, ask it, kill it when it hangs.

Native engines abort instead of raising and cannot be interrupted, so they never run in the worker itself.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, Any

import psutil

from documents.hosts.child import LEFT_IDLE

ROOT = Path(__file__).resolve().parents[2]
"""The folder that the child imports `documents` from."""

STDERR_TAIL_BYTES = 2000
"""As much of what the child printed last goes with an error: a traceback's end, but short enough for a row."""

STDERR_LIMIT_BYTES = 1_000_000
"""A warm child's stderr file is emptied between requests when it is larger than this."""

EXIT_SECONDS = 2.0
"""How long an idle child gets to leave by itself when it is closed, before it is killed."""


class HostError(Exception):
    """A host gave no result."""


class HostDied(HostError):
    """The child process ended, or was killed, before it answered.

    `reason` is short ("killed by SIGKILL", "exit status 3"); `stderr` is the end of what the child printed.
    """

    def __init__(self, reason: str, stderr: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.stderr = stderr


class _HostIdle(HostDied):
    """The child left because there had been nothing to do, just as it was asked; the next one will answer."""


class HostTimeout(HostDied):
    """The child did not answer within its time, so it was killed."""


class HostAnswer(HostError):
    """The service itself raised: `kind` is the name of its exception's class, `message` the exception's text."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind
        self.message = message


class Host:
    """One child process that holds an open service. It starts with the first request and stays warm.

    For one thread of one process: `ask` must not be called from two places at once, nor after a fork, and the child
    dies with the thread that started it. Paths in options and requests are absolute: the child runs in another folder.
    """

    def __init__(
        self,
        module: str,
        options: dict[str, Any],
        *,
        name: str,
        start_seconds: float,
        recycle_after: int = 200,
        max_rss_mb: float | None = None,
        idle_seconds: float = 0.0,
    ) -> None:
        """Remember what to start; nothing runs yet.

        `module` has `open_service(options)`, see `documents.hosts.child`. The child has `start_seconds` to open it.
        It is replaced between requests: after `recycle_after` of them, or when it holds more than `max_rss_mb` MiB.
        After `idle_seconds` without a request it ends by itself (0: never); the next request starts another.
        """
        self.module = module
        self.options = options
        self.name = name
        self.start_seconds = start_seconds
        self.recycle_after = recycle_after
        self.max_rss_mb = max_rss_mb
        self.idle_seconds = idle_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._stderr: IO[bytes] | None = None
        self._unread = b""
        self._answered = 0

    @property
    def is_running(self) -> bool:
        """True while there is a living child."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """The process id of the living child, or None."""
        return self._process.pid if self._process and self.is_running else None

    @property
    def rss_mb(self) -> float:
        """The resident memory of the child in MiB; 0.0 when there is none."""
        try:
            return psutil.Process(self.pid).memory_info().rss / 2**20 if self.pid else 0.0
        except psutil.NoSuchProcess:
            return 0.0

    def ask(self, request: dict[str, Any], *, seconds: float) -> dict[str, Any]:
        """Return the service's answer to `request`, after starting the child where none is running.

        Starting has its own time (`start_seconds`); `seconds` is for the request alone. Raises HostAnswer when the
        service raised, HostTimeout when the time was over, HostDied when the child ended. The next call then works
        with a new child.
        """
        try:
            answer = self._asked(request, seconds)
        except BaseException:
            # A job's time limit or Ctrl-C may strike between question and answer. A child that still owes
            # an answer would give it to the next request.
            self.kill()
            raise
        self._answered += 1
        self._recycle_if_worn()
        return _result(answer)

    def _asked(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        self._ensure_started()
        try:
            return self._exchange(request, seconds)
        except _HostIdle:  # it had not read the request, so nothing is done twice
            self._ensure_started()
            return self._exchange(request, seconds)

    def close(self) -> None:
        """End the child, gently when it is idle. Safe to call at any time, and more than once."""
        try:
            if self._process:
                self._process.stdin.close()
                self._process.wait(EXIT_SECONDS)
        except (OSError, subprocess.TimeoutExpired):
            pass  # killed below
        finally:
            self.kill()

    def kill(self) -> None:
        """Kill the child and every process that it started, and wait until the child is gone."""
        process, self._process = self._process, None
        if process is None:
            return
        try:
            os.killpg(process.pid, signal.SIGKILL)  # the child leads its own group, so this takes its children too
        except ProcessLookupError:
            pass
        process.wait()
        for stream in (process.stdin, process.stdout, self._stderr):
            _close_quietly(stream)

    def _ensure_started(self) -> None:
        if self.is_running:
            return
        self.kill()  # what is left of a child that ended by itself
        self._start()
        answer = self._exchange(self.options, self.start_seconds)
        if "error" in answer:
            _result(answer)

    def _start(self) -> None:
        self._unread = b""
        self._answered = 0
        self._stderr = tempfile.TemporaryFile()
        command = [sys.executable, "-m", "documents.hosts.child", self.module, str(os.getpid()), str(self.idle_seconds)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": self._stderr}
        try:
            self._process = subprocess.Popen(command, cwd=ROOT, start_new_session=True, **pipes)
        except OSError as error:
            raise HostDied(f"it could not be started: {error}") from error
        os.set_blocking(self._process.stdin.fileno(), False)  # so that no write can outlast the deadline

    def _exchange(self, message: dict[str, Any], seconds: float) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        self._send(json.dumps(message).encode() + b"\n", deadline, seconds)
        line = self._receive(deadline, seconds)
        try:
            return json.loads(line)
        except ValueError as error:
            raise HostDied(f"unreadable answer {line[:80]!r}", self._stderr_tail()) from error

    def _send(self, data: bytes, deadline: float, seconds: float) -> None:
        stdin = self._process.stdin.fileno()
        while data:
            self._wait_for(stdin, select.POLLOUT, deadline, seconds)
            try:
                data = data[os.write(stdin, data):]
            except BrokenPipeError:
                raise self._died() from None

    def _receive(self, deadline: float, seconds: float) -> bytes:
        stdout = self._process.stdout.fileno()
        while b"\n" not in self._unread:
            self._wait_for(stdout, select.POLLIN, deadline, seconds)
            chunk = os.read(stdout, 1 << 16)
            if not chunk:
                raise self._died()
            self._unread += chunk
        line, _, self._unread = self._unread.partition(b"\n")
        return line

    def _wait_for(self, descriptor: int, event: int, deadline: float, seconds: float) -> None:
        poll = select.poll()
        poll.register(descriptor, event)
        left = deadline - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise HostTimeout(f"no answer within {seconds:g} seconds", self._stderr_tail())

    def _died(self) -> HostDied:
        """Return the error for a child that closed its pipes, naming the signal or status that ended it."""
        try:
            status = self._process.wait(EXIT_SECONDS)
        except subprocess.TimeoutExpired:
            return HostDied("closed its pipes", self._stderr_tail())
        kind = _HostIdle if status == LEFT_IDLE else HostDied
        return kind(exit_reason(status), self._stderr_tail())

    def _stderr_tail(self) -> str:
        size = self._stderr.seek(0, os.SEEK_END)
        tail = os.pread(self._stderr.fileno(), STDERR_TAIL_BYTES, max(0, size - STDERR_TAIL_BYTES))
        return tail.decode("utf-8", "replace").strip()

    def _recycle_if_worn(self) -> None:
        is_fat = self.max_rss_mb is not None and self.rss_mb > self.max_rss_mb
        if self._answered >= self.recycle_after or is_fat:
            self.close()
        elif os.fstat(self._stderr.fileno()).st_size > STDERR_LIMIT_BYTES:
            # The child shares this file's position, so that it writes on at the start.
            self._stderr.truncate(0)
            self._stderr.seek(0)


def exit_reason(status: int) -> str:
    """Return "killed by SIGSEGV" or "exit status 3" for a `Popen.returncode`."""
    if status >= 0:
        return f"exit status {status}"
    try:
        return f"killed by {signal.Signals(-status).name}"
    except ValueError:
        return f"killed by signal {-status}"  # real-time signals have no name


def _result(answer: dict[str, Any]) -> dict[str, Any]:
    if "error" in answer:
        raise HostAnswer(answer["error"]["kind"], answer["error"]["message"])
    return answer["result"]


def _close_quietly(stream: IO[bytes] | None) -> None:
    try:
        if stream:
            stream.close()
    except OSError:
        pass  # a pipe whose other end is gone
