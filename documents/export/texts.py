"""Plain text and Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from documents.export.base import HEADING, TABLE, ExportDocument, ExportLine, ExportPage, blocks, rows

PAGE_BREAK = "\n\f\n"

# What Markdown would take for its own: anywhere, and at the beginning of a line.
_SIGNS = re.compile(r"([\\`*_\[\]<>|~#])")
_START = re.compile(r"^(\s*\d*)(?:(?<=\d)(?=[.)](?:\s|$))|(?<!\d)(?=[-+=]))")


def write_text(document: ExportDocument, target: Path, *, pages: int) -> tuple[str, ...]:
    """Write the pages' text, form feeds between them; a page without text says why."""
    with target.open("w", encoding="utf-8", newline="") as out:
        for number, page in enumerate(document.pages):
            out.write(PAGE_BREAK * (number > 0) + (page.text or _note(page)))
    return ()


def write_markdown(document: ExportDocument, target: Path, *, pages: int) -> tuple[str, ...]:
    """Write headings, paragraphs and tables; pages are parted by a rule."""
    with target.open("w", encoding="utf-8", newline="") as out:
        out.write(f"# {escaped(document.title)}\n")
        for number, page in enumerate(document.pages):
            out.write("\n---\n" * (number > 0))
            for part in _parts(page):
                out.write(f"\n{part}\n")
    return ()


def _note(page: ExportPage) -> str:
    return f"[{page.note}]" if page.note else ""


def _parts(page: ExportPage) -> Iterator[str]:
    if not page.lines:
        yield escaped(_note(page))
    for kind, lines in blocks(page):
        if kind == HEADING:
            yield "## " + " ".join(escaped(line.text) for line in lines)
        elif kind == TABLE:
            yield _table(lines)
        else:
            yield "\n".join(escaped(line.text) for line in lines)


def _table(lines: Sequence[ExportLine]) -> str:
    head, *body = (f"| {' | '.join(escaped(cell) for cell in row)} |" for row in rows(lines))
    rule = "|" + " --- |" * (len(rows(lines)[0]))
    return "\n".join([head, rule, *body])


def escaped(text: str) -> str:
    """Return the line so that Markdown shows it as it is."""
    return _START.sub(r"\1\\", _SIGNS.sub(r"\\\1", text))
