"""Pages for browser tests of the review desk: read, corrected, with a picture, but without any worker."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw

from documents.models import Document, Edit, EditState, Layer, Page, PageStatus
from documents.ocr.base import Alternative, Line, Word
from documents.pipeline.texts import add_text, stored_line
from tests.scenes import make_document

SIZE = (1000, 1400)
LETTER = ("tbe letter of last week", "was read by tbe office", "and the qnick reply is clear")


def make_desk(owner: Any, *pages: Sequence[Line]) -> Document:
    """Return a document of read pages with drawn pictures."""
    document = make_document(owner, pages=len(pages), status="done")
    for page, lines in zip(document.pages.order_by("number"), pages, strict=True):
        name = default_storage.save(f"desk/{document.pk}-{page.number}.jpg", ContentFile(picture(lines)))
        Page.objects.filter(pk=page.pk).update(
            status=PageStatus.DONE, picture=name, thumbnail=name, width=SIZE[0], height=SIZE[1]
        )
        page.refresh_from_db()
        add_text(page, Layer.OCR, [stored_line(line) for line in lines], made_by="fake 1.0")
    return document


def letter() -> list[Line]:
    """Return the lines of a letter: `tbe` twice, doubtful, with another reading; `qnick`, which the model mends."""
    return [line(text, 40 + 40 * n, doubtful={"tbe": "the"}) for n, text in enumerate(LETTER)]


def line(text: str, top: int, *, doubtful: dict[str, str], sure: float = 0.4) -> Line:
    """Return a line; `doubtful` words get a low probability and what another engine read there ("" for nothing)."""
    words, left = [], 40
    for word in text.split():
        other = doubtful.get(word)
        others = (Alternative(other, "tesseract", 0.6),) if other else ()
        box = (left, top, left + 12 * len(word), top + 24)
        words.append(Word(word, box, sure if word in doubtful else 0.98, others))
        left += 12 * len(word) + 14
    return Line(text, (40, top, left, top + 24), 0.9, tuple(words))


def correct(page: Page, number: int, before: str, after: str, *, state: str = EditState.APPLIED) -> Edit:
    """Add a layer of the model in which one word of one line is changed, or proposed to be."""
    page = Page.objects.select_related("current").get(pk=page.pk)
    lines = [{name: value for name, value in old.items() if name != "words"} for old in page.current.lines]
    start = lines[number]["text"].index(before)
    if state == EditState.APPLIED:
        lines[number] = lines[number] | {"text": lines[number]["text"].replace(before, after, 1)}
    text = add_text(page, Layer.LLM, lines, made_by="fake-model")
    return Edit.objects.create(
        text=text, line=number, start=start, end=start + len(before), before=before, after=after, margin=2.4,
        rule="repair" if state == EditState.APPLIED else "unsure", state=state,
    )  # fmt: skip


def picture(lines: Sequence[Line]) -> bytes:
    """Return a JPEG with the words drawn where their boxes are."""
    paper = Image.new("L", SIZE, 250)
    pen = ImageDraw.Draw(paper)
    for one in lines:
        for word in one.words:
            pen.text((word.box[0], word.box[1]), word.text, fill=20, font_size=20)
    buffer = io.BytesIO()
    paper.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


def sign_in(tab: Any, site: str, user: Any) -> None:
    """Give the tab a session of the user, without going through the sign-in page."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    tab.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": site}])
