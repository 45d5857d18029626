"""What people do to a page's text: save, approve, bring back. Nothing they wrote is ever overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from documents.models import Layer, Page, PageText
from documents.pipeline.texts import add_text, clean


class Conflict(Exception):
    """Somebody else saved this page in the meantime; `theirs` is the text that is there now."""

    def __init__(self, theirs: PageText) -> None:
        super().__init__("Somebody else has saved this page since you opened it.")
        self.theirs = theirs


@dataclass(frozen=True)
class WrittenLine:
    """A line as a person left it; `source` is the number of the line it was made from, or None for a new one."""

    text: str
    source: int | None


def save_text(page: Page, written: Sequence[WrittenLine], *, based_on: int | None, author: Any) -> PageText | None:
    """Save a person's wording as a new version. Return it, or None when nothing was changed.

    `based_on` is the id of the text the person had before him (None: the page had none). Raises Conflict when that
    is no longer the current one; nothing is saved then.
    """
    with transaction.atomic():
        page = Page.objects.select_related("current").get(pk=page.pk)
        current = page.current
        if current is not None and current.pk != based_on:
            raise Conflict(current)
        lines = [_line(line, current) for line in written if line.text.strip()]
        if current is not None and [line["text"] for line in lines] == [line["text"] for line in current.lines]:
            return None
        return _add_human(page, lines, current, author, "")


def carried_over(written: Sequence[WrittenLine], *, old: PageText | None, new: PageText) -> list[WrittenLine]:
    """Return the lines with their sources counted in `new` instead of `old`: a line is known by its box."""
    places = {tuple(line["box"]): number for number, line in enumerate(new.lines) if line["box"]}

    def source(line: WrittenLine) -> int | None:
        box = old.lines[line.source]["box"] if old and _has(old, line.source) else None
        return places.get(tuple(box)) if box else None

    return [WrittenLine(line.text, source(line)) for line in written]


def _line(written: WrittenLine, current: PageText | None) -> dict[str, Any]:
    """Return the stored shape of a written line: it keeps the place on the scan of the line it was made from."""
    text = clean(written.text).strip()
    source = current.lines[written.source] if current and _has(current, written.source) else {}
    if source.get("text") == text:
        return source
    return {"text": text, "box": source.get("box"), "confidence": None}


def _has(text: PageText, number: int | None) -> bool:
    return number is not None and 0 <= number < len(text.lines)


def _add_human(page: Page, lines: list[dict[str, Any]], based_on: PageText | None, author: Any, note: str) -> PageText:
    # A changed text is no longer the one that was approved.
    Page.objects.filter(pk=page.pk).update(approved_by=None, approved_at=None, changed_at=now())
    return add_text(
        page, Layer.HUMAN, lines, based_on=based_on, made_by=author.get_username(), author=author, note=note
    )


def approve(page: Page, *, by: Any) -> None:
    """Mark the page's current text as right."""
    Page.objects.filter(pk=page.pk).update(approved_by=by, approved_at=now(), changed_at=now())


def restore(page: Page, version: int, *, author: Any) -> PageText:
    """Bring an older version back, as a new version. Raises PageText.DoesNotExist for a version that is not there."""
    with transaction.atomic():
        page = Page.objects.select_related("current").get(pk=page.pk)
        old = page.texts.get(version=version)
        note = f"Version {version} brought back."
        return _add_human(page, old.lines, page.current, author, note)


def next_to_review(page: Page) -> Page | None:
    """Return the next page of the document that has a text and is not approved, going round past the end."""
    waiting = page.document.pages.filter(approved_at=None, current__isnull=False).exclude(pk=page.pk)
    return waiting.filter(number__gt=page.number).order_by("number").first() or waiting.order_by("number").first()
