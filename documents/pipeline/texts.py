"""Adding a layer of text to a page: the one place where texts are written and the current one is chosen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from documents.models import Layer, Page, PageText, next_version
from documents.ocr.base import Line
from documents.search import index_page

FORBIDDEN = dict.fromkeys([*range(0x20), 0x7F, *range(0xD800, 0xE000)])
"""Control characters and lone surrogates: no database, browser or search index has a use for them."""

BREAKS = re.compile(r"[\t\n\v\f\r]+")


def clean(text: str) -> str:
    """Return one line of text without control characters and lone surrogates; tabs and line breaks become a space."""
    return BREAKS.sub(" ", text).translate(FORBIDDEN)


def stored_line(line: Line, language: str = "") -> dict[str, Any]:
    """Return the shape in which a line is kept with a page's text; `language` where it is not the page's."""
    data = asdict(line) | ({"language": language} if language else {})
    data["text"] = clean(line.text)
    for word in data["words"]:
        word["text"] = clean(word["text"])
        if not word["alternatives"]:
            del word["alternatives"]  # most words have none, and a page has hundreds of words
    return data


def add_text(page: Page, layer: str, lines: Sequence[dict[str, Any]], **facts: Any) -> PageText:
    """Add a layer to `page`, make it the current one when its turn has come, and let search know.

    `lines` are dicts as described at PageText; `facts` are other fields of the row. Call it inside the transaction
    that ends the work. A person's text stays the current one, whatever the machines bring later.
    """
    confidences = [line["confidence"] for line in lines if line.get("confidence") is not None]
    text = PageText.objects.create(
        page=page,
        version=next_version(page),
        layer=layer,
        text="\n".join(line["text"] for line in lines),
        lines=list(lines),
        confidence=sum(confidences) / len(confidences) if confidences else None,
        **facts,
    )
    current = Page.objects.select_related("current").get(pk=page.pk).current
    if layer == Layer.HUMAN or current is None or current.layer != Layer.HUMAN:
        Page.objects.filter(pk=page.pk).update(current=text)
        page.current = current = text
    index_page(page, raw=latest_reading_text(page), current=current.text)
    return text


def latest_reading(page: Page) -> PageText | None:
    """Return the newest OCR layer of the page, if it has been read."""
    return page.texts.filter(layer=Layer.OCR).order_by("-version").first()


def latest_reading_text(page: Page) -> str:
    """Return the raw text as search holds it; "" when the page has not been read."""
    reading = latest_reading(page)
    return reading.text if reading else ""
