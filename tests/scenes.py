"""Documents, pages and engines for tests to begin with."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from documents.correction.base import NO_BRIEF, Brief, Candidate
from documents.models import Document, Layer, Page, PageStatus
from documents.ocr.base import Line, OcrError, Reading, Word
from documents.pipeline.texts import add_text, stored_line

_numbers = itertools.count(1)


def make_document(owner: Any, *, pages: int = 1, **fields: Any) -> Document:
    """Return a document with that many waiting pages, as intake leaves it (without a file)."""
    number = next(_numbers)
    values = {
        "title": f"Scan {number}", "original_name": f"scan{number}.png", "original": f"originals/none/{number}",
        "kind": "png", "sha256": f"{number:064x}", "size": 1, "page_count": pages,
    }  # fmt: skip
    document = Document.objects.create(owner=owner, **(values | fields))
    Page.objects.bulk_create(Page(document=document, number=n) for n in range(1, pages + 1))
    return document


def make_line(text: str, *, top: int = 0, confidence: float = 0.99) -> Line:
    """Return a line 20 px high at `top`, each character 10 px wide, with its words."""
    words, left = [], 0
    for word in text.split():
        words.append(Word(word, (left, top, left + 10 * len(word), top + 20), confidence))
        left += 10 * (len(word) + 1)
    return Line(text, (0, top, 10 * len(text), top + 20), confidence, tuple(words))


def make_reading(*texts: str, confidence: float = 0.99) -> Reading:
    """Return a reading of these lines, one below the other."""
    lines = tuple(make_line(text, top=30 * n, confidence=confidence) for n, text in enumerate(texts))
    return Reading(lines, "fake", "1.0", 0.5)


def make_read_page(owner: Any, *texts: str, status: str = PageStatus.DONE, **fields: Any) -> Page:
    """Return the page of a new document that has been read as `texts`, not so surely that no model would be asked."""
    page = make_document(owner, **fields).pages.get()
    Page.objects.filter(pk=page.pk).update(status=status, width=1000, height=1400)
    page.refresh_from_db()
    add_text(
        page, Layer.OCR, [stored_line(line) for line in make_reading(*texts, confidence=0.89).lines], made_by="fake 1.0"
    )
    page.refresh_from_db()
    return page


class FakeEngine:
    """An engine that says what it is told to, or fails as it is told to; `asked` counts the pages."""

    name = "fake"

    def __init__(self, *outcomes: Reading | OcrError) -> None:
        self.outcomes = list(outcomes)
        self.asked = 0

    def read(self, image: Path, *, language: str, handwritten: bool, seconds: float = 1) -> Reading:
        outcome = self.outcomes[min(self.asked, len(self.outcomes) - 1)]
        self.asked += 1
        if isinstance(outcome, OcrError):
            raise outcome
        return outcome


class FakeCorrector:
    """A corrector that replaces words from a table, sure of itself."""

    name = "fake-model"

    def __init__(self, **table: str) -> None:
        self.table = table

    def propose(self, lines: Sequence[str], *, language: str, brief: Brief = NO_BRIEF) -> list[Candidate]:
        return [Candidate(" ".join(self.table.get(word, word) for word in line.split(" ")), 9.0) for line in lines]
