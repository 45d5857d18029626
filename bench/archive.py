"""A big archive to measure on: documents, pages, texts, edits, tries and the index; made up, but lifelike in size."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.timezone import now
from tqdm import tqdm
from wordfreq import top_n_list

from documents.models import (
    Attempt,
    Document,
    DocumentStatus,
    Edit,
    EditState,
    Lane,
    Layer,
    Page,
    PageStatus,
    PageText,
    Tag,
)  # fmt: skip
from documents.search import index_page

LINES, WORDS_PER_LINE, VOCABULARY = 40, 8, 20_000
LINES_PER_PLACE = 400
"""Different lines for each place on a page: 16,000 in all, which hold most of the vocabulary."""

CHUNK = 100  # documents written in one transaction
YEARS = timedelta(days=730)
OWNERS, TAGS = ("alice", "bob", "carol", "dave"), 20


@dataclass(frozen=True)
class Draft:
    """The layers of a page that is not stored yet, as stored lines, and what was corrected: (line, before, after)."""

    raw: list[dict[str, Any]]
    corrected: list[dict[str, Any]]
    edits: list[tuple[int, str, str]]


class Archive:
    """Writes documents that differ; the same seed writes the same ones."""

    def __init__(self, seed: int = 1) -> None:
        """Make the owners, the tags and the lines to choose from."""
        self._random = random.Random(seed)
        self._words = top_n_list("en", VOCABULARY)
        # Zipf's law (1949): the word of rank r is 1/r as frequent as the first.
        self._weights = list(accumulate(1 / rank for rank in range(1, len(self._words) + 1)))
        self._lines = [[self._line(place) for _ in range(LINES_PER_PLACE)] for place in range(LINES)]
        users = get_user_model().objects
        self._owners = [users.get_or_create(username=name)[0] for name in OWNERS]
        self._tags = [Tag.objects.get_or_create(name=f"Box {number}")[0] for number in range(TAGS)]

    def fill(self, count: int, pages: int) -> None:
        """Add documents with that many pages each until there are `count` of them."""
        have = Document.objects.count()
        for start in tqdm(range(have, count, CHUNK), desc="documents", unit=f"{CHUNK}", disable=None):
            with transaction.atomic():
                self._write(range(start, min(start + CHUNK, count)), pages)

    def add_pending(self, count: int, pages: int) -> list[int]:
        """Add that many documents whose pages wait to be read. Return the documents' ids."""
        documents = [self._document(-number, pages, DocumentStatus.PROCESSING) for number in range(1, count + 1)]
        Document.objects.bulk_create(documents)
        Page.objects.bulk_create(Page(document=d, number=n) for d in documents for n in range(1, pages + 1))
        return [document.pk for document in documents]

    def words(self, first: int, last: int, count: int) -> list[str]:
        """Return `count` random words whose rank lies between `first` and `last`, counted from 1."""
        return self._random.choices(self._words[first - 1 : last], k=count)

    def _write(self, numbers: range, pages: int) -> None:
        documents = [self._document(number, pages, DocumentStatus.DONE) for number in numbers]
        wanted = [document.created_at for document in documents]
        Document.objects.bulk_create(documents)
        for document, moment in zip(documents, wanted, strict=True):
            document.created_at = moment  # auto_now_add has put another one in its place
        Document.objects.bulk_update(documents, ["created_at"])
        for document in documents:
            document.tags.add(*self._random.sample(self._tags, k=self._random.choice((0, 1, 1, 2))))
        stored = Page.objects.bulk_create(self._page(d, n) for d in documents for n in range(1, pages + 1))
        self._write_texts(stored)
        self._write_tries(stored)

    def _document(self, number: int, pages: int, status: str) -> Document:
        owner = self._random.choice(self._owners)
        name = " ".join(self._pick(3)).capitalize()
        return Document(
            owner=owner, title=f"{name} {number}", original_name=f"scan{number}.pdf",
            original=f"originals/none/{number}", kind="pdf", sha256=f"{number % 2**64:064x}", size=1,
            page_count=pages, status=status, lane=Lane.BULK,
            scope=str(owner.pk) if self._random.random() < 0.05 else "",
            created_at=now() - self._random.random() * YEARS,
        )  # fmt: skip

    def _page(self, document: Document, number: int) -> Page:
        return Page(
            document=document, number=number, status=PageStatus.DONE, picture="none.jpg", thumbnail="none-small.jpg",
            width=1240, height=1754, dpi=150, language="en" if self._random.random() < 0.8 else "de",
        )  # fmt: skip

    def _write_texts(self, pages: list[Page]) -> None:
        drafts = [self._draft(page) for page in pages]
        texts = [self._text(page, 1, Layer.OCR, draft.raw) for page, draft in zip(pages, drafts, strict=True)]
        better = [self._text(page, 2, Layer.LLM, draft.corrected) for page, draft in zip(pages, drafts, strict=True)]
        PageText.objects.bulk_create(texts + better)
        Edit.objects.bulk_create(
            Edit(text=text, line=line, start=0, end=len(before), before=before, after=after, margin=4.0,
                 rule="word", state=EditState.APPLIED)
            for text, draft in zip(better, drafts, strict=True) for line, before, after in draft.edits
        )  # fmt: skip
        newest = PageText.objects.filter(page=OuterRef("pk"), version=2).values("pk")
        Page.objects.filter(pk__in=[page.pk for page in pages]).update(current=Subquery(newest))
        for page, raw, current in zip(pages, texts, better, strict=True):
            index_page(page, raw=raw.text, current=current.text)

    def _text(self, page: Page, version: int, layer: str, lines: list[dict[str, Any]]) -> PageText:
        text = "\n".join(line["text"] for line in lines)
        return PageText(
            page=page, version=version, layer=layer, text=text, lines=lines, made_by="bench", confidence=0.97, seconds=3
        )

    def _write_tries(self, pages: list[Page]) -> None:
        steps = ("read", "correct")
        tries = [
            Attempt(page=p, step=step, token=f"{p.pk}-{step}", number=1, outcome=Attempt.Outcome.DONE)
            for p in pages for step in steps
        ]  # fmt: skip
        Attempt.objects.bulk_create(tries)
        moment = Page.objects.filter(pk=OuterRef("page_id")).values("document__created_at")
        Attempt.objects.filter(page__in=pages).update(started_at=Subquery(moment), ended_at=Subquery(moment))

    def _draft(self, page: Page) -> Draft:
        """Return a page's layers: a word of its own on the first line, and two words that were misread."""
        right = [self._random.choice(lines) for lines in self._lines]
        own = own_word(page)
        right[0] = right[0] | {"text": f"{right[0]['text']} {own}"}
        raw, edits = list(right), []
        for place in self._random.sample(range(1, LINES), k=2):
            first, _, rest = right[place]["text"].partition(" ")
            raw[place] = right[place] | {"text": f"{first}c {rest}"}
            edits.append((place, f"{first}c", first))
        plain = [{"text": line["text"], "box": line["box"], "confidence": line["confidence"]} for line in right]
        return Draft(raw, plain, edits)

    def _line(self, place: int) -> dict[str, Any]:
        """Return a stored line at that place from the top, with its words and their boxes."""
        words, left, top = [], 90, 60 + 40 * place
        for text in self._pick(WORDS_PER_LINE):
            right = left + 14 * len(text)
            words.append({"text": text, "box": [left, top, right, top + 28], "confidence": 0.97})
            left = right + 14
        text = " ".join(word["text"] for word in words)
        return {"text": text, "box": [90, top, left, top + 28], "confidence": 0.97, "words": words}

    def _pick(self, count: int) -> list[str]:
        return self._random.choices(self._words, cum_weights=self._weights, k=count)


def own_word(page: Page) -> str:
    """Return a word that stands on this page alone."""
    return f"ref{page.document_id}x{page.number}"
