"""`manage.py serve`: run the whole site - Redis, web server, workers, sweeper - until Ctrl-C."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from documents import serving
from documents.supervising import Supervisor

TICK_SECONDS = 0.3
PATIENCE_SECONDS = 60
"""A start takes about 5 seconds; a program that is not up after a minute is worth a look at its log."""


class Command(BaseCommand):
    help = "Run the whole site and stay in the foreground; Ctrl-C stops all of it."

    def handle(self, *args: Any, **options: Any) -> None:
        stop_on_signals()
        os.umask(0o027)
        try:
            self.serve()
        except serving.CannotServe as exc:
            raise CommandError(str(exc)) from exc
        except KeyboardInterrupt as exc:
            self.say(f"The site has stopped ({exc}).")

    def serve(self) -> None:
        """Start the site, and return or raise only when none of its processes is left."""
        places = serving.prepare_places()
        with serving.take_lock(places) as lock:
            serving.check_port(settings.HOST, settings.PORT)
            redis = serving.redis_program() if settings.OWN_REDIS else None
            call_command("bootstrap", stdout=self.stdout)
            connections.close_all()
            places.config.write_text(serving.config_text(places, serving.site_programs(places), redis))
            supervisor = Supervisor(places, lock)
            try:
                self.watch(supervisor, places)
            finally:
                self.stop(supervisor)

    def watch(self, supervisor: Supervisor, places: serving.Places) -> None:
        """Tell when the site is up, or what is not after a minute. Raises CannotServe when supervisord ends."""
        told, deadline = False, time.monotonic() + PATIENCE_SECONDS
        while supervisor.is_running():
            if not told and supervisor.everything_is_up():
                told = True
                self.tell_address(places)
            elif not told and time.monotonic() > deadline:
                told = True
                self.tell_trouble(supervisor, places)
            time.sleep(TICK_SECONDS)
        log = places.log("supervisord")
        raise serving.CannotServe(f"supervisord ended by itself; the end of {log}:\n{serving.last_lines(log)}")

    def tell_address(self, places: serving.Places) -> None:
        """Print where the site is to be found, and its logs."""
        host = serving.local_host(settings.HOST)
        self.say(f"The site is ready: http://{serving.address(host, settings.PORT)}/")
        if host != settings.HOST:
            self.say(
                "From other machines, use this machine's name or address in place of "
                f"{host}; it must be listed in ALLOWED_HOSTS."
            )
        self.say(f"Logs: {places.logs}")
        self.say("Press Ctrl-C to stop.")

    def tell_trouble(self, supervisor: Supervisor, places: serving.Places) -> None:
        """Print which programs are not up and the end of their logs; supervisord goes on trying."""
        for name in supervisor.programs_not_up():
            log = places.log(name)
            self.say(f"{name} is not up after {PATIENCE_SECONDS} seconds and is tried again; the end of {log}:")
            self.say(serving.last_lines(log))

    def stop(self, supervisor: Supervisor) -> None:
        """Stop all processes; from here on, a second Ctrl-C changes nothing."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        self.say("Stopping; pages being read may finish, which can take half a minute.")
        supervisor.stop()

    def say(self, text: str) -> None:
        """Print `text` at once. The terminal may have been closed, and stopping must go on all the same."""
        with contextlib.suppress(OSError):
            self.stdout.write(text)
            self.stdout.flush()


def stop_on_signals() -> None:
    """Make SIGINT, SIGTERM and SIGHUP raise KeyboardInterrupt, except a SIGHUP that nohup has switched off."""

    def interrupt(number: int, frame: Any) -> None:
        raise KeyboardInterrupt(signal.Signals(number).name)

    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, interrupt)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, interrupt)
