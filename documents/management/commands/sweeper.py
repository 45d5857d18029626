"""`manage.py sweeper`: put back what died, for ever."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from documents.pipeline import sweeping


class Command(BaseCommand):
    help = "Give back pages whose worker died, find lost messages, call the next jobs. Run one of it, always."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sweeping.run_for_ever()
        except KeyboardInterrupt:
            pass
