"""One wording in the place of another, on a page, in a document or in a batch: found, done and undone as one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import now

from documents.models import Document, Edit, EditState, Page, PageText, Replacement, latest_reading
from documents.pipeline.merging import CONFLICT, merge, result_of
from documents.pipeline.placing import PlacedWord, place_words
from documents.pipeline.reviewing import WrittenLine, add_human, stored_lines

RULE = "replaced"
"""The rule named in the edits that a replacement makes."""

MOST_PLACES = 200
"""More cannot be looked at in one go; what is left is found by asking again."""

MOST_PAGES = 500
AROUND = 40
"""Characters of the line shown on either side of a place."""


@dataclass(frozen=True)
class Wanted:
    """What is looked for: `text` in the current wording, as whole words or anywhere, with or without regard to case."""

    text: str
    whole_words: bool = True
    match_case: bool = True

    def matches(self, line: str) -> Iterator[re.Match[str]]:
        """Yield the places in a line of text."""
        pattern = re.escape(self.text)
        if self.whole_words:
            pattern = rf"(?<!\w){pattern}(?!\w)"
        return re.finditer(pattern, line, 0 if self.match_case else re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """A place where the wanted words stand: text[start:end] of a line of the page's current text. `box` is in pixels
    of the page picture, or None; `is_settled` when a person has written or vouched for it."""

    page: Page
    line: int
    start: int
    end: int
    text: str
    box: list[int] | None
    is_settled: bool

    @property
    def key(self) -> str:
        """Return what a form sends to name this place in the version of the text that was looked at."""
        return f"{self.page.pk}:{self.page.current_id}:{self.line}:{self.start}:{self.end}"

    @property
    def words(self) -> tuple[str, str, str]:
        """Return what stands before it in its line, itself, and what stands after it."""
        before, after = self.text[: self.start], self.text[self.end :]
        return before[-AROUND:], self.text[self.start : self.end], after[:AROUND]


def batch_of(document: Document, documents: QuerySet[Document]) -> QuerySet[Document]:
    """Return those of `documents` that belong together with `document`: in its collection, with one of its tags, or
    uploaded together with it."""
    beside = Q(batch=document.batch_id) if document.batch_id else Q()
    collection = Q(collection=document.collection_id) if document.collection_id else Q()
    tagged = Q(pk__in=Document.tags.through.objects.filter(tag__in=document.tags.all()).values("document"))
    return documents.filter(Q(pk=document.pk) | beside | tagged | collection)


def find_places(pages: QuerySet[Page], wanted: Wanted) -> list[Place]:
    """Return the places in the current texts of `pages`, in reading order, at most MOST_PLACES."""
    if not wanted.text.strip():
        return []
    holding = pages.filter(current__text__icontains=wanted.text).select_related("current", "document")
    places: list[Place] = []
    for page in holding.order_by("document", "number")[:MOST_PAGES]:
        places += _places_of(page, wanted)
        if len(places) >= MOST_PLACES:
            break
    return places[:MOST_PLACES]


def _places_of(page: Page, wanted: Wanted) -> Iterator[Place]:
    reading = latest_reading(page)
    read = {tuple(line["box"]): line for line in reading.lines if line["box"]} if reading else {}
    for number, line in enumerate(page.current.lines):
        for found in wanted.matches(line["text"]):
            known = line.get("words") or read.get(tuple(line["box"] or ()), {}).get("words", [])
            under = [w for w in place_words(line["text"], known) if w.start < found.end() and found.start() < w.end]
            settled = bool(under) and all(word.settled for word in under)
            box = _box_of(under) or line["box"]
            yield Place(page, number, found.start(), found.end(), line["text"], box, settled)


def _box_of(words: Sequence[PlacedWord]) -> list[int] | None:
    boxes = [word.box for word in words if word.box]
    if not boxes:
        return None
    left, top, right, bottom = zip(*boxes, strict=True)
    return [min(left), min(top), max(right), max(bottom)]


def replace(places: Sequence[Place], before: str, after: str, *, author: Any) -> Replacement:
    """Put `after` into these places, one new version for each page, and return the record of it.

    A page that has got another text since it was looked at is left as it is.
    """
    by_page: dict[int, list[Place]] = {}
    for place in places:
        by_page.setdefault(place.page.pk, []).append(place)
    with transaction.atomic():
        done = Replacement.objects.create(author=author, before=before, after=after)
        texts = [_replace_on(found, after, author) for found in by_page.values()]
        done.texts.set([text for text in texts if text is not None])
    return done


def _replace_on(places: Sequence[Place], after: str, author: Any) -> PageText | None:
    page = Page.objects.select_related("current").get(pk=places[0].page.pk)
    current = page.current
    if current is None or current.pk != places[0].page.current_id:
        return None
    wording = [line["text"] for line in current.lines]
    for place in sorted(places, key=lambda place: place.start, reverse=True):
        line = wording[place.line]
        wording[place.line] = line[: place.start] + after + line[place.end :]
    written = [WrittenLine(line, number) for number, line in enumerate(wording)]
    text = add_human(page, stored_lines(page, written, current), current, author, "")
    Edit.objects.bulk_create(_edit(text, place, after) for place in places)
    return text


def _edit(text: PageText, place: Place, after: str) -> Edit:
    return Edit(
        text=text, line=place.line, start=place.start, end=place.end, before=place.text[place.start : place.end],
        after=after, rule=RULE, state=EditState.ACCEPTED,
    )  # fmt: skip


def undo(done: Replacement, *, by: Any) -> list[Page]:
    """Take a replacement back on all its pages. Return the pages where something of it stays, because the same words
    were edited again since. Undoing twice does nothing."""
    kept = []
    with transaction.atomic():
        if not Replacement.objects.filter(pk=done.pk, undone_at=None).update(undone_at=now()):
            return []
        for text in done.texts.select_related("based_on", "page__current").order_by("page"):
            if not _take_back(text, by):
                kept.append(text.page)
    return kept


def _take_back(text: PageText, by: Any) -> bool:
    """Undo what `text` changed, as a new version. Return whether all of it could be undone."""
    page, before = text.page, text.based_on
    if page.current is None or before is None:
        return False
    if page.current_id == text.pk:
        add_human(page, before.lines, page.current, by, "")
        return True
    rows = merge(text.lines, page.current.lines, before.lines)
    lines = [dict(line) for line in result_of(rows)]
    if lines != page.current.lines:
        add_human(page, lines, page.current, by, "")
    return not any(row.kind == CONFLICT for row in rows)
