"""What `manage.py serve` runs, as a configuration for supervisord, and what must hold before it may start."""

from __future__ import annotations

import configparser
import fcntl
import io
import os
import shlex
import shutil
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings

from documents import queues
from ocrsite.sockets import private_folder, socket_path

STOP_SECONDS = 25
"""How long a program may take to finish what it is doing. A page usually takes less; one that is cut off is read
again. With Redis stopping last and supervisord's own pauses, the site is down within 35 seconds."""

START_RETRIES = 100_000
"""Never give up: supervisord waits one second more before each try, so that a fault of an hour costs 85 tries."""

LOG_BYTES, LOG_BACKUPS = "10MB", 5


class CannotServe(Exception):
    """The site cannot be started; the text is a sentence that says what to do."""


@dataclass(frozen=True)
class Program:
    """One process that is kept running. Its name is also the name of its log."""

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Places:
    """Where supervisord keeps its things; all below DATA_DIR but a socket whose path would be too long."""

    run: Path
    logs: Path
    socket: Path

    @property
    def config(self) -> Path:
        """Return the path of the configuration that `serve` writes at each start."""
        return self.run / "supervisord.conf"

    def log(self, program: str) -> Path:
        """Return the path of the log of the program with that name."""
        return self.logs / f"{program}.log"


def prepare_places() -> Places:
    """Return the folders, made and closed to other users. Raises CannotServe when one belongs to somebody else."""
    run = settings.DATA_DIR / "run"
    places = Places(run, settings.DATA_DIR / "logs", socket_path(run / "supervisor.sock"))
    try:
        for folder in (run, places.logs, places.socket.parent, settings.DATA_DIR / "redis"):
            private_folder(folder)
        if settings.OWN_REDIS:
            private_folder(settings.REDIS_SOCKET.parent)
    except OSError as exc:
        raise CannotServe(f"The site's folders cannot be made: {exc}") from exc
    return places


def redis_program() -> Program:
    """Return our own Redis: no network port, every write on disk within a second, no key ever dropped.

    Raises CannotServe when redis-server is not installed.
    """
    server = shutil.which("redis-server")
    if server is None:
        raise CannotServe("redis-server is not installed; type `apt-get install redis-server`, or set REDIS_URL.")
    options = {
        "port": "0",
        "unixsocket": str(settings.REDIS_SOCKET),
        "unixsocketperm": "700",
        "dir": str(settings.DATA_DIR / "redis"),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "set-proc-title": "no",  # it would overwrite what `ps` shows of the command and its environment
    }
    return Program("redis", (server, *(part for name, value in options.items() for part in (f"--{name}", value))))


def site_programs(places: Places) -> list[Program]:
    """Return the web server, the workers (one queue each: only then RQ cannot lose a job) and the sweeper."""
    bulk = [f"worker-bulk-{n}" for n in range(1, settings.BULK_WORKERS + 1)] if settings.BULK_WORKERS > 1 else []
    return [
        _web(places),
        _worker("worker-look", queues.LOOK),
        _worker("worker-interactive", queues.INTERACTIVE),
        *(_worker(name, queues.BULK) for name in bulk or ["worker-bulk"]),
        _worker("worker-correct", queues.CORRECT),
        _worker("worker-export", queues.EXPORT),
        Program("sweeper", _manage("sweeper")),
        *([Program("watcher", _manage("watch"))] if settings.WATCH_DIR else []),
    ]


def _manage(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments)


def _web(places: Places) -> Program:
    # The timeout is for a worker that hangs as a whole: with threads, a slow upload does not count.
    options = {
        "bind": address(settings.HOST, settings.PORT),
        "worker-class": "gthread",
        "workers": settings.WEB_WORKERS,
        "threads": settings.WEB_THREADS,
        "timeout": 120,
        "graceful-timeout": STOP_SECONDS - 5,
        "keep-alive": 5,
        "worker-tmp-dir": places.run,
    }
    flags = [f"--{name}={value}" for name, value in options.items()]
    command = (sys.executable, "-m", "gunicorn", "ocrsite.wsgi", "--no-control-socket", *flags)
    return Program("web", command)


def _worker(name: str, queue: str) -> Program:
    classes = {
        "worker-class": "documents.queues.PageWorker",
        "job-class": "documents.queues.PageJob",
        "serializer": "rq.serializers.JSONSerializer",
    }
    return Program(name, _manage("rqworker", queue, *(f"--{key}={value}" for key, value in classes.items())))


def config_text(places: Places, programs: list[Program], redis: Program | None) -> str:
    """Return supervisord's configuration for `programs`, and for our own Redis when there is one."""
    config = configparser.RawConfigParser()
    config.read_dict(_supervisor_sections(places))
    if redis:
        config[f"program:{redis.name}"] = _program_section(redis, places, priority=10)
    for program in programs:
        config[f"program:{program.name}"] = _program_section(program, places, priority=20)
    # supervisord stops one group after the other: one group makes the programs stop together, and Redis last.
    config["group:site"] = {"programs": ",".join(program.name for program in programs), "priority": 20}
    text = io.StringIO()
    config.write(text)
    return text.getvalue()


def _supervisor_sections(places: Places) -> dict[str, dict[str, str]]:
    url = f"unix://{places.socket}"
    main = {
        "nodaemon": "true",
        "silent": "true",
        "logfile": _plain(places.log("supervisord")),
        "logfile_maxbytes": LOG_BYTES,
        "logfile_backups": str(LOG_BACKUPS),
        "pidfile": _plain(places.run / "supervisord.pid"),
        "childlogdir": _plain(places.logs),
        "directory": _plain(settings.BASE_DIR),
        "umask": "027",
    }
    if os.geteuid() == 0:
        main["user"] = "root"  # said aloud, or supervisord warns at every start
    return {
        "supervisord": main,
        "unix_http_server": {"file": _plain(places.socket), "chmod": "0700"},
        "rpcinterface:supervisor": {
            "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
        },
        "supervisorctl": {"serverurl": _plain(url)},
    }


def _program_section(program: Program, places: Places, *, priority: int) -> dict[str, str | int]:
    return {
        "command": _plain(shlex.join(die_with_parent(program.command))),
        "directory": _plain(settings.BASE_DIR),
        "priority": priority,
        "autorestart": "true",
        "startsecs": 2,
        "startretries": START_RETRIES,
        "stopsignal": "TERM",
        "stopwaitsecs": STOP_SECONDS,
        # Asking goes to the program alone, so that the child that draws a page for it can finish; killing takes all.
        "stopasgroup": "false",
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": _plain(places.log(program.name)),
        "stdout_logfile_maxbytes": LOG_BYTES,
        "stdout_logfile_backups": LOG_BACKUPS,
    }


def _plain(value: Path | str) -> str:
    """Return `value` so that supervisord, which expands %(...)s, takes it as it is."""
    return str(value).replace("%", "%%")


def die_with_parent(command: tuple[str, ...]) -> tuple[str, ...]:
    """Return `command` so that the kernel asks it to stop when its parent dies, however that dies."""
    return ("setpriv", "--pdeathsig", "TERM", *command) if shutil.which("setpriv") else command


def address(host: str, port: int) -> str:
    """Return "host:port", with an IPv6 host in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def local_host(host: str) -> str:
    """Return the host under which this machine reaches a server bound to `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def take_lock(places: Places) -> IO[str]:
    """Return the open lock of this DATA_DIR, held until it is closed here and in every process that got it.

    Raises CannotServe when another site holds it.
    """
    lock = (places.run / "serve.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise CannotServe(
            f"The site is already running on {settings.DATA_DIR}, or still stopping; "
            "stop it first, or give this one a DATA_DIR of its own."
        ) from None
    return lock


def check_port(host: str, port: int) -> None:
    """Raise CannotServe when the web server could not listen on `host` and `port`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn does: TIME_WAIT is no hindrance
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as exc:
            raise CannotServe(
                f"The site cannot listen on {address(host, port)} ({exc.strerror}); "
                f"stop what uses that port, or choose another one with PORT={port + 1}."
            ) from exc


def last_lines(log: Path, count: int = 15) -> str:
    """Return the last `count` lines of `log`; "" when there is none yet."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
    except FileNotFoundError:
        return ""
