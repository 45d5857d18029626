"""Word: headings, paragraphs and tables, line by line as on the page, one page of the scan to a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from docx import Document as new_docx
from docx.document import Document as Docx
from docx.enum.text import WD_BREAK
from docx.oxml.ns import qn

from documents.export.base import HEADING, PROGRAM, TABLE, ExportDocument, ExportLine, ExportPage, blocks, rows


def write_docx(document: ExportDocument, target: Path, *, pages: int) -> tuple[str, ...]:
    """Write the document as .docx; a page without text says why."""
    out = new_docx()
    properties = out.core_properties
    properties.title, properties.author, properties.comments = document.title[:255], PROGRAM, ""
    properties.language = document.language
    _use_language(out, document.language)
    for number, page in enumerate(document.pages):
        if number:
            out.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        _add_page(out, page)
    out.save(target)
    return ()


def _use_language(out: Docx, language: str) -> None:
    """Tell Word in which language to check the spelling."""
    if language:
        fonts = out.styles["Normal"].element.get_or_add_rPr()
        fonts.append(fonts.makeelement(qn("w:lang"), {qn("w:val"): language, qn("w:eastAsia"): language}))


def _add_page(out: Docx, page: ExportPage) -> None:
    if not page.lines and page.note:
        out.add_paragraph().add_run(f"[{page.note}]").italic = True
    for kind, lines in blocks(page):
        if kind == TABLE:
            _add_table(out, lines)
        elif kind == HEADING:
            out.add_heading(" ".join(line.text for line in lines), level=1)
        else:
            _add_paragraph(out, lines)


def _add_paragraph(out: Docx, lines: Sequence[ExportLine]) -> None:
    paragraph = out.add_paragraph()
    for number, line in enumerate(lines):
        if number:
            paragraph.add_run().add_break()
        paragraph.add_run(line.text)


def _add_table(out: Docx, lines: Sequence[ExportLine]) -> None:
    cells = rows(lines)
    table = out.add_table(len(cells), len(cells[0]), style="Table Grid")
    for row, texts in zip(table.rows, cells, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
