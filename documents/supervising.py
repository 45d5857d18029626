"""The supervisord that `manage.py serve` runs, and every process below it."""

from __future__ import annotations

import contextlib
import ctypes
import http.client
import os
import subprocess
import sys
import time
from typing import IO
from xmlrpc.client import Error as RpcError
from xmlrpc.client import ServerProxy

import psutil
from django.conf import settings
from supervisor.states import ProcessStates
from supervisor.xmlrpc import SupervisorTransport

from documents.serving import STOP_SECONDS, Places, die_with_parent, local_host

PR_SET_CHILD_SUBREAPER = 36  # from linux/prctl.h
STOP_LIMIT_SECONDS = STOP_SECONDS + 6
"""supervisord stops the site's programs, then Redis; each step costs it up to a second of its own."""
KILL_LIMIT_SECONDS = 3


class Supervisor:
    """A running supervisord. Whatever happens to it, `stop` leaves no process behind."""

    def __init__(self, places: Places, lock: IO[str]) -> None:
        """Start supervisord with the configuration in `places`; `lock` stays held until it ends, too."""
        self._places = places
        adopt_orphans()
        command = die_with_parent((sys.executable, "-m", "supervisor.supervisord", "-c", str(places.config)))
        # As its stdin, the lock outlives a killed `serve`: a second site cannot start while this one is stopping.
        # In its own session, Ctrl-C in the terminal reaches `serve` alone, which decides.
        environment = os.environ | {"DATA_DIR": str(settings.DATA_DIR), "PYTHONUNBUFFERED": "1"}
        self._process = subprocess.Popen(
            command, stdin=lock, stdout=subprocess.DEVNULL, env=environment, start_new_session=True
        )

    def is_running(self) -> bool:
        """Return whether supervisord lives."""
        self._bury()
        return self._process.returncode is None

    def _bury(self) -> None:
        """Take the exit status of every child that has died; orphans come to us and would stay as zombies."""
        with contextlib.suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                if found[0] == self._process.pid:
                    self._process.returncode = os.waitstatus_to_exitcode(found[1])

    def everything_is_up(self) -> bool:
        """Return whether all programs run and the web server answers."""
        states = self._states()
        return bool(states) and set(states.values()) == {ProcessStates.RUNNING} and self._web_answers()

    def programs_not_up(self) -> list[str]:
        """Return the names of the programs that do not run, and "web" also when it runs but does not answer."""
        missing = [name for name, state in self._states().items() if state != ProcessStates.RUNNING]
        if "web" not in missing and not self._web_answers():
            missing.append("web")
        return missing

    def _states(self) -> dict[str, int]:
        """Return the state of each program by name; {} while supervisord does not answer."""
        transport = SupervisorTransport(serverurl=f"unix://{self._places.socket}")
        try:
            with ServerProxy("http://127.0.0.1", transport=transport) as server:
                return {info["name"]: info["state"] for info in server.supervisor.getAllProcessInfo()}
        except (OSError, http.client.HTTPException, RpcError):
            return {}

    def _web_answers(self) -> bool:
        """Return whether /healthz is answered; what it says about the rest of the site does not matter here."""
        connection = http.client.HTTPConnection(local_host(settings.HOST), settings.PORT, timeout=5)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        return True

    def stop(self) -> None:
        """Ask supervisord to stop the site; kill what is left of it after STOP_LIMIT_SECONDS."""
        if self.is_running():
            self._process.terminate()
        # Had supervisord been killed, its programs would be our children now, asked to stop by the kernel.
        for process in self._wait_for_all(STOP_LIMIT_SECONDS):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self._wait_for_all(KILL_LIMIT_SECONDS)

    def _wait_for_all(self, seconds: float) -> list[psutil.Process]:
        """Wait until no process is left below this one, at most `seconds`. Return those that are."""
        deadline = time.monotonic() + seconds
        while True:
            self._bury()
            left = psutil.Process().children(recursive=True)
            if not left or time.monotonic() > deadline:
                return left
            time.sleep(0.1)


def adopt_orphans() -> None:
    """Have the kernel give us the children of every process below us that dies, so that `stop` finds them."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
