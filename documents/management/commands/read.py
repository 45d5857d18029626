"""`manage.py read FILE...`: the same pipeline without a browser, a queue or a database."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from documents.correction.base import Correction, CorrectionError
from documents.correction.lexicon import guess_language
from documents.languages import LANGUAGES
from documents.models import ReadingMode
from documents.models.validators import validate_aspose_filters, validate_preparation
from documents.ocr.aspose_options import AREA_MODES, LANGUAGE_LEVELS
from documents.ocr.base import OcrError, Reading
from documents.ocr.engines import ENGINES
from documents.pipeline import correcting, engines, files, intake
from documents.pipeline.options import ReadingOptions
from documents.pipeline.pictures import PageProblem, Unreadable, sniff
from documents.pipeline.probe import probe
from documents.pipeline.readers import read_drawing
from documents.pipeline.rendering import RenderingFailed, draw_page
from documents.pipeline.texts import stored_line


class Failed(Exception):
    """A file could not be read; the message says why."""


@dataclass(frozen=True)
class ReadPage:
    """One page's result; `notes` are sentences about what went wrong or was left out."""

    number: int
    language: str
    reading: Reading | None
    correction: Correction | None
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        if self.correction:
            return "\n".join(self.correction.lines)
        return self.reading.text if self.reading else ""

    def to_json(self) -> dict[str, Any]:
        return {
            "page": self.number, "language": self.language, "raw": self.reading.text if self.reading else None,
            "text": self.text, "notes": list(self.notes),
            "lines": self.reading.to_json()["lines"] if self.reading else [],
            "changes": [asdict(change) for change in self.correction.changes] if self.correction else [],
            "engine": f"{self.reading.engine} {self.reading.version}" if self.reading else None,
            "preparation": list(self.reading.preparation) if self.reading else [],
            "model": self.correction.model if self.correction else None,
        }  # fmt: skip


class Command(BaseCommand):
    help = "Read pictures and PDFs and print their raw and corrected text. Exit code 1 when any file or page failed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--handwritten", action="store_true", help="the writing is by hand")
        parser.add_argument("--language", default="", metavar="CODE", help="en, es, de, ...; automatic when not given")
        parser.add_argument("--engine", default="", choices=["", *ENGINES], help="ask this OCR engine first")
        parser.add_argument("--mode", default="", choices=["", *ReadingMode.values], help="fast, balanced or best")
        parser.add_argument("--picture", action="store_true", help="read the picture even if the PDF brings its text")
        parser.add_argument("--preparation", default="", metavar="STEPS", help="none, or steps between commas")
        parser.add_argument("--aspose-area-mode", default="", choices=["", *AREA_MODES])
        parser.add_argument("--aspose-language-level", default="", choices=["", *LANGUAGE_LEVELS])
        parser.add_argument("--aspose-filters", default="", metavar="NAMES", help="Aspose.OCR's, between commas")
        parser.add_argument("--no-correct", action="store_true", help="leave the raw reading as it is")
        parser.add_argument("--json", action="store_true", help="one JSON object per file, with boxes and changes")
        parser.add_argument("--output", type=Path, metavar="DIR", help="write one .txt (or .json) per file into DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["language"] and options["language"] not in LANGUAGES:
            raise CommandError(f"--language {options['language']} is not known; use one of {', '.join(LANGUAGES)}.")
        try:
            validate_preparation(options["preparation"])
            validate_aspose_filters(options["aspose_filters"])
        except ValidationError as exc:
            raise CommandError(exc.message) from exc
        if options["output"]:
            options["output"].mkdir(parents=True, exist_ok=True)
        failures = 0
        for path in options["files"]:
            try:
                pages = self._read_file(path, options)
            except Failed as exc:
                self.stderr.write(f"{path}: {exc}")
                failures += 1
                continue
            failures += self._report_notes(path, pages)
            self._deliver(path, pages, options)
        if failures:
            sys.exit(1)

    def _read_file(self, path: Path, options: dict[str, Any]) -> list[ReadPage]:
        kind, count = _contents(path)
        bar = tqdm(range(1, count + 1), desc=path.name, unit="page", file=self.stderr._out, disable=None)
        return [_read_page(path, kind, number, options) for number in bar]

    def _report_notes(self, path: Path, pages: list[ReadPage]) -> int:
        """Name every problem on stderr. Return how many pages have no reading."""
        for page in pages:
            for note in page.notes:
                self.stderr.write(f"{path}, page {page.number}: {note}")
        return sum(page.reading is None for page in pages)

    def _deliver(self, path: Path, pages: list[ReadPage], options: dict[str, Any]) -> None:
        if options["json"]:
            result = json.dumps({"file": str(path), "pages": [p.to_json() for p in pages]}, ensure_ascii=False)
        else:
            result = "\n\f\n".join(page.text for page in pages)
        if options["output"]:
            target = _free_name(options["output"], path.stem, ".json" if options["json"] else ".txt")
            target.write_text(result + "\n", encoding="utf-8")
        elif options["json"]:
            self.stdout.write(result)
        else:
            self._print(path, pages)

    def _print(self, path: Path, pages: list[ReadPage]) -> None:
        for page in pages:
            self.stdout.write(f"=== {path}, page {page.number}: raw text")
            self.stdout.write(page.reading.text if page.reading else "")
            if page.correction:
                self.stdout.write(f"=== {path}, page {page.number}: corrected text")
                self.stdout.write(page.text)


def _free_name(folder: Path, stem: str, suffix: str) -> Path:
    """Return a path in `folder` that is not taken: two inputs may have the same name."""
    target, number = folder / f"{stem}{suffix}", 2
    while target.exists():
        target, number = folder / f"{stem}-{number}{suffix}", number + 1
    return target


def _contents(path: Path) -> tuple[str, int]:
    """Return the file's kind and number of pages. Raises Failed."""
    try:
        with path.open("rb") as stream:
            head = stream.read(1024)
    except OSError as exc:
        raise Failed(f"This file cannot be opened: {exc.strerror}.") from exc
    kind = sniff(head)
    if kind is None:
        raise Failed("This file is empty." if not head else "This is not a PDF, TIFF, JPEG, PNG or WebP file.")
    try:
        return kind, probe(path, kind, intake.limits()).pages
    except Unreadable as exc:
        raise Failed(str(exc)) from exc


def _read_page(path: Path, kind: str, number: int, options: dict[str, Any]) -> ReadPage:
    wanted = ReadingOptions(
        engine=options["engine"], mode=options["mode"], language=options["language"],
        handwritten=options["handwritten"], read_picture=options["picture"], preparation=options["preparation"],
        **{name: options[name] for name in ("aspose_area_mode", "aspose_language_level", "aspose_filters")},
    )  # fmt: skip
    try:
        with files.work_folder() as folder:
            drawing = draw_page(path, kind, number, folder, with_text=not wanted.read_picture)
            result = read_drawing(drawing, wanted)
    except (PageProblem, RenderingFailed, OcrError) as exc:
        return ReadPage(number, "", None, None, (str(exc),))
    language = wanted.language or guess_language(result.text)
    if options["no_correct"] or not settings.CORRECTION or not result.text.strip():
        return ReadPage(number, language, result, None, result.warnings)
    try:
        lines = [stored_line(line) for line in result.lines]
        correction = correcting.correct_text(lines, language=language, model=engines.settings_model())
    except CorrectionError as exc:
        return ReadPage(number, language, result, None, (*result.warnings, f"Not corrected: {exc}"))
    return ReadPage(number, language, result, correction, result.warnings)
