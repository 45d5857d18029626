"""`manage.py reindex`: write the search index anew; `--check` only looks whether that is needed."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from documents.models import Page
from documents.search import rebuilding


class Command(BaseCommand):
    help = "Write the search index anew from the pages' texts. Needed only when something outside damaged it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only say whether the index is whole")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            if wrong := rebuilding.problem():
                raise CommandError(f"The index is damaged: {wrong} Type `manage.py reindex`.")
            self.stdout.write("The index is whole.")
            return
        pages = Page.objects.filter(current__isnull=False).count()
        with tqdm(total=pages, unit=" pages", file=sys.stderr, disable=None) as bar:
            try:
                count = rebuilding.rebuild(lambda done: bar.update(done - bar.n))
            except rebuilding.AlreadyBuilding as exc:
                raise CommandError("Another process is writing the index anew. Wait until it is done.") from exc
        self.stdout.write(f"{count} pages are in the index.")
