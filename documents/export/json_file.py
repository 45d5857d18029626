"""JSON with everything that is known about a document, written page by page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from documents.export.base import ExportDocument, ExportLine, ExportPage

VERSION = 1
"""Of the shape of the file; it is raised when a reader of the old one would misunderstand the new one."""


def write_json(document: ExportDocument, target: Path, *, pages: int) -> tuple[str, ...]:
    """Write {"version", "title", "language", ..., "pages": [...]}; boxes are pixels of the page's picture."""
    head = {"version": VERSION, "title": document.title, "language": document.language, **document.facts}
    with target.open("w", encoding="utf-8") as out:
        out.write(_dumped(head)[:-1] + ', "pages": [')
        for number, page in enumerate(document.pages):
            out.write(",\n" * (number > 0) + _dumped(_page(page)))
        out.write("]}\n")
    return ()


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _page(page: ExportPage) -> dict[str, Any]:
    return {
        "number": page.number, "width": page.width, "height": page.height, "dpi": page.dpi,
        "language": page.language, "text": page.text, "note": page.note,
        "lines": [_line(line) for line in page.lines], **page.facts,
    }  # fmt: skip


def _line(line: ExportLine) -> dict[str, Any]:
    words = [
        {"text": word.text, "box": word.box, "confidence": word.confidence, "glued": word.is_glued}
        for word in line.words
    ]
    return {
        "text": line.text, "box": line.box, "confidence": line.confidence, "block": line.block, "kind": line.kind,
        "cells": line.cells, "language": line.language, "words": words,
    }  # fmt: skip
