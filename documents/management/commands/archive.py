"""`manage.py archive export|import|check PATH`: the whole archive as a folder or a ZIP."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from documents.pipeline import archiving

ACTIONS = {"export": archiving.export_archive, "import": archiving.import_archive, "check": archiving.check}


class Command(BaseCommand):
    help = (
        "Export all documents with every version of their texts into a folder (or a file whose name ends in .zip), "
        "import them into an empty site, or check by hash whether this site and an archive hold the same."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=list(ACTIONS))
        parser.add_argument("path", type=Path)

    def handle(self, *args: Any, action: str, path: Path, **options: Any) -> None:
        with tqdm(desc=action, unit=" parts", disable=None) as bar:
            try:
                report = ACTIONS[action](path, step=lambda name: bar.update())
            except archiving.ArchiveProblem as exc:
                raise CommandError(str(exc)) from exc
        for problem in report.problems:
            self.stderr.write(problem)
        self.stdout.write(f"{report.rows} rows and {report.files} files.")
        if report.problems:
            raise CommandError(f"{len(report.problems)} problems.")
