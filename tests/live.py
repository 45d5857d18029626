"""The real site, started as a user starts it: `with running_site(tmp_path) as site: ... site.url`."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 90
STOP_SECONDS = 45


@dataclass(frozen=True)
class RunningSite:
    """A site that answers, and how to get in."""

    url: str
    data_dir: Path
    process: subprocess.Popen[bytes]
    username: str
    password: str

    def processes(self) -> list[psutil.Process]:
        """Return all live processes of the site: those that were started with its DATA_DIR."""
        return [process for process in psutil.process_iter() if belongs_to(process, self.data_dir)]

    def program(self, words: str) -> psutil.Process:
        """Return the oldest process whose command line holds `words`. Raises LookupError when there is none."""
        found = [process for process in self.processes() if words in " ".join(process.cmdline())]
        if not found:
            raise LookupError(f"No process of the site has {words!r} in its command line.")
        return min(found, key=lambda process: process.create_time())


@contextmanager
def running_site(tmp_path: Path, **env: str) -> Iterator[RunningSite]:
    """Yield the site on a free port with a DATA_DIR below `tmp_path`; stop it as Ctrl-C does.

    `env` adds to its environment. Fails when it does not come up, or leaves a process behind.
    """
    port, output = free_port(), tmp_path / "serve.txt"
    data_dir = tmp_path / "data"
    account = {"ADMIN_USERNAME": "admin", "ADMIN_PASSWORD": "a-password-for-tests"}
    own = {"DATA_DIR": str(data_dir), "PORT": str(port), "HOST": "127.0.0.1", "SWEEP_SECONDS": "1"}
    with output.open("wb") as stream:
        process = subprocess.Popen(
            # setpriv: when the tests themselves are killed, the site goes too.
            ["setpriv", "--pdeathsig", "TERM", sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=os.environ | own | account | env,
            stdout=stream,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    site = RunningSite(f"http://127.0.0.1:{port}", data_dir, process, *account.values())
    try:
        wait_until_up(site, output)
        yield site
    finally:
        stop(site, output)


def wait_until_up(site: RunningSite, output: Path) -> None:
    """Return when `serve` says that the site is ready and /healthz is answered."""
    deadline = time.monotonic() + START_SECONDS
    while not ("The site is ready" in output.read_text() and answers(site.url + "/healthz")):
        assert site.process.poll() is None, f"serve ended:\n{output.read_text()}"
        assert time.monotonic() < deadline, f"The site did not come up:\n{output.read_text()}\n{logs(site)}"
        time.sleep(0.2)


def stop(site: RunningSite, output: Path) -> None:
    """Stop `serve` as Ctrl-C does, and fail when that takes too long or leaves a process behind."""
    if site.process.poll() is None:
        site.process.send_signal(signal.SIGINT)
    try:
        site.process.wait(STOP_SECONDS)
        time.sleep(0.2)
        left = [" ".join(process.cmdline()) for process in site.processes()]
        assert not left, f"The site left processes behind: {left}\n{output.read_text()}"
    finally:
        for process in site.processes():
            process.kill()


def answers(url: str) -> bool:
    """Return whether `url` is answered with status 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def belongs_to(process: psutil.Process, data_dir: Path) -> bool:
    """Return whether a live process was started with DATA_DIR set to `data_dir`."""
    try:
        return process.environ().get("DATA_DIR") == str(data_dir) and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def logs(site: RunningSite) -> str:
    """Return the end of every log of the site."""
    found = sorted((site.data_dir / "logs").glob("*.log"))
    return "\n".join(f"--- {log.name}\n{log.read_text(errors='replace')[-2000:]}" for log in found)
