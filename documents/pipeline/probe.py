"""Opens uploaded files in a child process with little memory and time, so that a bomb or a crash harms nobody.

The child is `python -m documents.pipeline.probe PATH KIND LIMITS_JSON`; it prints one line of JSON.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from documents.pipeline.pictures import Contents, Limits, ToolMissing, Unreadable, inspect

PROJECT = Path(__file__).resolve().parents[2]
"""The folder that `documents` lies in: where `python -m` finds it."""

MEMORY_BYTES = 2 << 30
"""Address space: the largest picture allowed takes 0.6 GB decoded, Python and its libraries 0.2 GB."""

CPU_SECONDS = 20
"""The largest picture allowed takes 2 s to decode."""

FILE_BYTES = 1 << 20
"""Looking writes nothing but Python's own compiled files."""

TOOL_MISSING = os.EX_UNAVAILABLE
"""Exit status of a child that could not look for a reason of ours, not of the file's."""

KEPT_VARIABLES = ("PATH", "LANG", "LD_LIBRARY_PATH")
"""All that the child needs to start; the site's secrets are not for a process that opens strangers' files."""


def probe(path: Path, kind: str, limits: Limits, *, seconds: float = 30) -> Contents:
    """Return what the file at `path` holds, looked up by a child process within `seconds`.

    Raises Unreadable, also when the child crashed or had to be killed; ToolMissing; FileNotFoundError.
    """
    path.stat()  # a missing file is our fault and must not look like a broken one
    command = [sys.executable, "-m", "documents.pipeline.probe", str(path.resolve()), kind, json.dumps(asdict(limits))]
    status, answer, complaint = _run(command, seconds)
    if status == TOOL_MISSING:
        raise ToolMissing(complaint.strip())
    if status != 0:
        message = "This file could not be opened safely; save or scan it anew and upload that."
        raise Unreadable(message, "damaged")
    found = json.loads(answer)
    if "reason" in found:
        raise Unreadable(found["message"], found["reason"])
    return Contents(**found)


def _run(command: list[str], seconds: float) -> tuple[int, str, str]:
    """Return exit status, output and errors; a command that takes too long is killed, with all that it started."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    child = subprocess.Popen(
        command, cwd=PROJECT, env=kept, start_new_session=True, text=True, errors="replace",
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    with child:
        try:
            answer, complaint = child.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            answer = complaint = ""
        finally:
            # Also when the child is gone: a pdfinfo of its own may live on.
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
    return child.returncode, answer, complaint


def _limit_myself() -> None:
    """Take away what a malicious file would use; pdfinfo inherits it."""
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def main(path: str, kind: str, limits: str) -> int:
    """Print what the file holds, or what is wrong with it, as one line of JSON; return the exit status."""
    _limit_myself()
    try:
        answer = asdict(inspect(Path(path), kind, Limits(**json.loads(limits))))
    except Unreadable as exc:
        answer = {"message": exc.message, "reason": exc.reason}
    except ToolMissing as exc:
        print(exc, file=sys.stderr)
        return TOOL_MISSING
    print(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
