"""What people do to a page's text: save, approve, bring back. Nothing they wrote is ever overwritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from documents.models import Draft, Edit, EditState, Layer, Page, PageText, latest_reading
from documents.pipeline import review_queue
from documents.pipeline.merging import Row, merge
from documents.pipeline.placing import worded
from documents.pipeline.texts import add_text, clean, kept_place


class Conflict(Exception):
    """Somebody else saved this page in the meantime; `theirs` is the text that is there now."""

    def __init__(self, theirs: PageText) -> None:
        super().__init__("Somebody else has saved this page since you opened it.")
        self.theirs = theirs


@dataclass(frozen=True)
class WrittenLine:
    """A line as a person left it; `source` is the number of the line it was made from, or None for a new one.
    `settled` are the numbers of its words, from 0, that he looked at and vouches for."""

    text: str
    source: int | None
    settled: frozenset[int] = frozenset()


def save_text(
    page: Page,
    written: Sequence[WrittenLine],
    *,
    based_on: int | None,
    author: Any,
    decisions: Mapping[int, str] | None = None,
) -> PageText | None:
    """Save a person's wording as a new version, and what he decided about the model's edits ({id: state}).

    Return the version, or None when no line was changed. `based_on` is the id of the text the person had before him
    (None: the page had none). Raises Conflict when that is no longer the current one; nothing is saved then.
    """
    with transaction.atomic():
        page = Page.objects.select_related("current").get(pk=page.pk)
        current = page.current
        if current is not None and current.pk != based_on:
            raise Conflict(current)
        decide(page, decisions or {})
        Draft.objects.filter(page=page, user=author).delete()
        lines = stored_lines(page, written, current)
        if current is not None and lines == current.lines:
            return None
        return add_human(page, lines, current, author, "")


def decide(page: Page, decisions: Mapping[int, str]) -> None:
    """Keep what somebody decided about edits of this page, {id: accepted or rejected}; ids of others do nothing."""
    for state in (EditState.ACCEPTED, EditState.REJECTED):
        ids = [pk for pk, wanted in decisions.items() if wanted == state]
        Edit.objects.filter(pk__in=ids, text__page=page).update(state=state)


def stored_lines(page: Page, written: Sequence[WrittenLine], current: PageText | None) -> list[dict[str, Any]]:
    """Return the stored shape of written lines, made from those of `current`; empty ones are left out."""
    reading = latest_reading(page)
    read = {tuple(line["box"]): line for line in reading.lines if line["box"]} if reading else {}
    lines: list[dict[str, Any]] = []
    for line in written:
        if line.text.strip():
            lines.append(_line(line, current, read, above=lines[-1] if lines else {}))
    return lines


def keep_draft(
    page: Page, written: Sequence[WrittenLine], *, based_on: int | None, user: Any, decisions: Mapping[int, str]
) -> None:
    """Keep what somebody has not saved yet, in place of what was kept before.

    Raises Conflict when the page has no such text; a draft of an older one is kept.
    """
    if based_on is not None and not page.texts.filter(pk=based_on).exists():
        raise Conflict(page.current)
    lines = [{"text": line.text, "source": line.source, "settled": sorted(line.settled)} for line in written]
    values = {"based_on_id": based_on, "lines": lines, "decisions": {str(pk): state for pk, state in decisions.items()}}
    Draft.objects.update_or_create(page=page, user=user, defaults=values)


def find_draft(page: Page, *, user: Any) -> Draft | None:
    """Return what somebody has not saved, if anything. One that says the same as a newer text is thrown away: it was
    on its way when that was saved."""
    draft = Draft.objects.filter(page=page, user=user).first()
    if draft is None or draft.based_on_id == page.current_id or page.current is None:
        return draft
    if [line["text"] for line in draft.lines] != [line["text"] for line in page.current.lines]:
        return draft
    draft.delete()
    return None


def drop_draft(page: Page, *, user: Any) -> None:
    """Throw away what somebody has not saved."""
    Draft.objects.filter(page=page, user=user).delete()


def compared(page: Page, written: Sequence[WrittenLine], *, based_on: int | None, theirs: PageText) -> list[Row]:
    """Return the three-way merge of a person's unsaved lines with the text that somebody else saved meanwhile."""
    old = page.texts.filter(pk=based_on).first()
    return merge(old.lines if old else [], stored_lines(page, written, old), theirs.lines)


def carried_over(row: Row, *, new: PageText) -> list[WrittenLine]:
    """Return what comes of a merged row, its sources counted in `new`: a line is known by its box."""
    places = {tuple(line["box"]): number for number, line in enumerate(new.lines) if line["box"]}
    return [
        WrittenLine(line["text"], places.get(tuple(line["box"] or ())), frozenset(_settled(line.get("words", []))))
        for line in row.result
    ]


def _line(written: WrittenLine, current: PageText | None, read: dict, *, above: dict[str, Any]) -> dict[str, Any]:
    """Return the stored shape of a written line: it keeps the place on the scan of the line it was made from.

    A new one has no place there, and belongs to the block of the line above it.
    """
    text = clean(written.text).strip()
    block = {name: above[name] for name in ("block", "kind") if name in above}
    source = current.lines[written.source] if current and _has(current, written.source) else block
    known = source.get("words") or read.get(tuple(source.get("box") or ()), {}).get("words", [])
    words = worded(text, source, known, written.settled)
    if source.get("text") == text:
        return source | {"words": words} if _settled(words) != _settled(source.get("words", [])) else source
    line = {"text": text, "box": source.get("box"), "confidence": None, **kept_place(source, text)}
    return line | ({"words": words} if words else {})


def _settled(words: Sequence[dict[str, Any]]) -> list[int]:
    return [number for number, word in enumerate(words) if word.get("settled")]


def _has(text: PageText, number: int | None) -> bool:
    return number is not None and 0 <= number < len(text.lines)


def add_human(
    page: Page, lines: list[dict[str, Any]], based_on: PageText | None, author: Any, note: str
) -> PageText:
    """Add a person's version. A changed text is no longer the one that was approved."""
    Page.objects.filter(pk=page.pk).update(approved_by=None, approved_at=None, changed_at=now())
    return add_text(
        page, Layer.HUMAN, lines, based_on=based_on, made_by=author.get_username(), author=author, note=note
    )


def approve(page: Page, *, by: Any) -> bool:
    """Mark the page's current text as right. Return False when another person has to look at it first."""
    is_enough = review_queue.approved(page, by)
    if is_enough:
        Page.objects.filter(pk=page.pk).update(approved_by=by, approved_at=now(), changed_at=now())
    return is_enough


def withdraw(page: Page) -> None:
    """Take an approval back."""
    Page.objects.filter(pk=page.pk).update(approved_by=None, approved_at=None, changed_at=now())


def restore(page: Page, version: int, *, author: Any) -> PageText:
    """Bring an older version back, as a new version. Raises PageText.DoesNotExist for a version that is not there."""
    with transaction.atomic():
        page = Page.objects.select_related("current").get(pk=page.pk)
        old = page.texts.get(version=version)
        note = f"Version {version} brought back."
        return add_human(page, old.lines, page.current, author, note)


def next_to_review(page: Page) -> Page | None:
    """Return the next page of the document that has a text and is not approved, going round past the end."""
    waiting = page.document.pages.filter(approved_at=None, current__isnull=False).exclude(pk=page.pk)
    return waiting.filter(number__gt=page.number).order_by("number").first() or waiting.order_by("number").first()
