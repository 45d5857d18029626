"""A PostgreSQL server of the tests' own, from Debian's package: `with postgres_server(folder) as url`."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)
MISSING = "PostgreSQL is not installed; type `apt-get install postgresql` to test with it."
QUICK = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"


@contextmanager
def postgres_server(folder: Path, options: str = QUICK) -> Iterator[str]:
    """Yield the address of an empty database on a server that listens in `folder` alone; it stops afterwards.

    The folder must be one that every user may enter; a database that is in it already is used as it is. `options` are
    the server's; by default it is quick and forgets everything in a power cut.
    """
    data, sockets = folder / "data", folder / "run"
    is_new = not data.exists()
    for place in (data, sockets):
        place.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(place, "postgres", "postgres")
    if is_new:
        _run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync")
    listening = f"-c listen_addresses= -c unix_socket_directories={sockets} -c max_connections=40"
    _run("pg_ctl", "-D", data, "-w", "-l", data / "log", "-o", f"{listening} {options}", "start")
    try:
        yield f"postgres://postgres@{str(sockets).replace('/', '%2F')}/postgres"
    finally:
        _run("pg_ctl", "-D", data, "-m", "immediate", "stop")


def _run(program: str, *arguments: str | Path) -> None:
    as_postgres = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    command = [*as_postgres, str(PROGRAMS / program), *map(str, arguments)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")
