"""`manage.py watch`: take in what scanners put into WATCH_DIR, for ever."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from documents.pipeline import watching


class Command(BaseCommand):
    help = "Take in the files that scanners put into WATCH_DIR. Run one of it; `serve` does when WATCH_DIR is set."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            watching.run_for_ever()
        except watching.CannotWatch as exc:
            raise CommandError(str(exc)) from exc
        except KeyboardInterrupt:
            pass
