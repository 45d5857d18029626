"""Adding a layer of text to a page: the one place where texts are written and the current one is chosen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from documents.models import Layer, Page, PageText, latest_reading, next_version
from documents.ocr.base import Line
from documents.ocr.tables import moved_cells
from documents.pipeline.merging import Row, conflicts_of, merge, result_of
from documents.pipeline.review_queue import put_in_order
from documents.search import index_page

FORBIDDEN = dict.fromkeys([*range(0x20), 0x7F, *range(0xD800, 0xE000)])
"""Control characters and lone surrogates: no database, browser or search index has a use for them."""

PLACE = ("block", "kind", "cells")
"""What a stored line says about the block that it belongs to, through all layers; left out where there is nothing."""

MERGED = "The new reading was put in around what people wrote."
BREAKS = re.compile(r"[\t\n\v\f\r]+")


def clean(text: str) -> str:
    """Return one line of text without control characters and lone surrogates; tabs and line breaks become a space."""
    return BREAKS.sub(" ", text).translate(FORBIDDEN)


def stored_line(line: Line, language: str = "") -> dict[str, Any]:
    """Return the shape in which a line is kept with a page's text; `language` where it is not the page's."""
    data = asdict(line) | ({"language": language} if language else {})
    data |= {"text": clean(line.text), "cells": [list(cell) for cell in line.cells]}
    for name in PLACE:
        if not data[name]:
            del data[name]  # most pages have one column of running text
    for word in data["words"]:
        word["text"] = clean(word["text"])
        if not word["alternatives"]:
            del word["alternatives"]  # most words have none, and a page has hundreds of words
    return data


def kept_place(line: dict[str, Any], text: str) -> dict[str, Any]:
    """Return what a stored line keeps of its block when it is worded anew as `text`."""
    place = {name: line[name] for name in PLACE if name in line}
    if "cells" in place:
        place["cells"] = moved_cells(place["cells"], line["text"], text)
    return {name: value for name, value in place.items() if value}


def add_text(page: Page, layer: str, lines: Sequence[dict[str, Any]], **facts: Any) -> PageText:
    """Add a layer to `page`, make it the current one when its turn has come, and let search and the queue know.

    `lines` are dicts as described at PageText; `facts` are other fields of the row. Call it inside the transaction
    that ends the work. What a person wrote stays, whatever the machines bring later: their new layer is merged in
    around it, and what does not go together is listed in its `details` as "conflicts" (see `merging.conflicts_of`).
    """
    here = Page.objects.select_related("current").get(pk=page.pk)
    rows = _around_people(here.current, lines) if layer != Layer.HUMAN else []
    if conflicts := conflicts_of(rows):
        facts["details"] = {**facts.get("details", {}), "conflicts": conflicts}
    text = _create(page, layer, lines, **facts)
    current = here.current
    if layer == Layer.HUMAN or current is None or current.layer != Layer.HUMAN:
        current = text
    elif rows and here.approved_at is None and _texts(result_of(rows)) != _texts(current.lines):
        current = _create(page, Layer.HUMAN, result_of(rows), based_on=text, made_by=text.made_by, note=MERGED)
    Page.objects.filter(pk=page.pk).update(current=current)
    page.current = current
    reading = text if layer == Layer.OCR else latest_reading(page)
    index_page(page, raw=reading.text if reading else "", current=current.text)
    put_in_order(page, current, reading)
    return text


def _create(page: Page, layer: str, lines: Sequence[Mapping[str, Any]], **facts: Any) -> PageText:
    confidences = [line["confidence"] for line in lines if line.get("confidence") is not None]
    return PageText.objects.create(
        page=page,
        version=next_version(page),
        layer=layer,
        text="\n".join(_texts(lines)),
        lines=list(lines),
        confidence=sum(confidences) / len(confidences) if confidences else None,
        **facts,
    )


def _texts(lines: Sequence[Mapping[str, Any]]) -> list[str]:
    return [line["text"] for line in lines]


def _around_people(current: PageText | None, lines: Sequence[dict[str, Any]]) -> list[Row]:
    """Return the merge of a machine's new lines with the current text, [] unless a person edited a machine's text."""
    base = current if current is not None and current.layer == Layer.HUMAN else None
    while base is not None and base.layer == Layer.HUMAN:
        base = base.based_on
    return merge(base.lines, current.lines, lines) if base is not None else []


def latest_reading_text(page: Page) -> str:
    """Return the raw text as search holds it; "" when the page has not been read."""
    reading = latest_reading(page)
    return reading.text if reading else ""
