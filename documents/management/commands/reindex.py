"""`manage.py reindex`: write the search index anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from documents import search


class Command(BaseCommand):
    help = "Write the search index anew from the pages' texts. Needed only when something outside damaged it."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            count = search.rebuild()
        self.stdout.write(f"{count} pages are in the index.")
