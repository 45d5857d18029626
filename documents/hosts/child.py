"""The child's side of a host: `python -m documents.hosts.child MODULE PARENT_PID IDLE_SECONDS`.

MODULE has `open_service(options: dict) -> Callable[[dict], dict]`. Each line on stdin and on the answer pipe is one
JSON object. The first line in is the options; it is answered with `{"ready": {...}}` once the service is open. Every
later line is a request, answered with `{"result": ...}`. Either may be answered with
`{"error": {"kind": <name of the exception's class>, "message": <its text>}}` instead. A child that hears nothing for
IDLE_SECONDS (0: never) leaves with the status LEFT_IDLE: what it held is free for others.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import resource
import select
import signal
import sys
from collections.abc import Callable
from typing import Any, TextIO

PR_SET_PDEATHSIG = 1  # from linux/prctl.h
LEFT_IDLE = 75  # EX_TEMPFAIL of sysexits.h, which no native library exits with

Service = Callable[[dict[str, Any]], dict[str, Any]]


def main(module: str, parent_pid: int, idle_seconds: float) -> int:
    """Serve `module` until stdin ends. Return the process's exit status: 1 when the service could not be opened."""
    die_with_parent(parent_pid)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the parent, which decides about its children
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a dump of a loaded model would fill the disk
    answers = take_stdout()
    service = open_service(module, sys.stdin.readline(), answers)
    if service is None:
        return 1
    while has_work(idle_seconds):
        if not (line := sys.stdin.readline()):
            return 0
        send(answers, answer(service, line))
    return LEFT_IDLE


def has_work(idle_seconds: float) -> bool:
    """Wait for a line or the end of stdin. Return False when neither came within `idle_seconds`; 0 waits for ever.

    The parent sends the next request only after the answer, so none can be hidden in Python's buffer.
    """
    return bool(select.select([sys.stdin], [], [], idle_seconds or None)[0])


def die_with_parent(parent_pid: int) -> None:
    """Have the kernel kill this process when its parent dies. Linux only; elsewhere the end of stdin ends it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:
        raise SystemExit("The process that started this one has ended.")  # it died before prctl took hold


def take_stdout() -> TextIO:
    """Return a private copy of stdout for the answers, and send everything else printed there to stderr.

    Native libraries print on file descriptor 1 directly, so replacing `sys.stdout` would not be enough.
    """
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


def open_service(module: str, line: str, answers: TextIO) -> Service | None:
    """Return the opened service, after sending that it is ready; None after sending what went wrong."""
    try:
        service = importlib.import_module(module).open_service(json.loads(line))
    except Exception as error:  # process boundary: the parent is to know what happened, whatever it was
        send(answers, {"error": describe(error)})
        return None
    send(answers, {"ready": {"pid": os.getpid()}})
    return service


def answer(service: Service, line: str) -> dict[str, Any]:
    """Return the answer to one request line: a result or an error."""
    try:
        return {"result": service(json.loads(line))}
    except Exception as error:  # process boundary: one bad request must not end a warm service
        return {"error": describe(error)}


def describe(error: Exception) -> dict[str, str]:
    """Return an exception as it travels to the parent."""
    return {"kind": type(error).__name__, "message": str(error)}


def send(answers: TextIO, message: dict[str, Any]) -> None:
    """Write one message as one line, at once."""
    answers.write(json.dumps(message) + "\n")
    answers.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
