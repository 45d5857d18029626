"""hOCR 1.2: XHTML whose classes and titles tell what is where."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lxml import etree
from lxml.builder import ElementMaker

from documents.export.base import HEADING, PROGRAM, TABLE, Box, ExportDocument, ExportLine, ExportPage, around, blocks

NAMESPACE = "http://www.w3.org/1999/xhtml"
_E = ElementMaker(namespace=NAMESPACE, nsmap={None: NAMESPACE})
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
CAPABILITIES = "ocr_page ocr_carea ocr_par ocr_header ocr_table ocr_line ocrx_word ocrp_wconf ocrp_lang"


def write_hocr(document: ExportDocument, target: Path, *, pages: int) -> tuple[str, ...]:
    """Write the document as one hOCR file, an ocr_page for each page."""
    with etree.xmlfile(str(target), encoding="UTF-8") as out:
        out.write_declaration()
        out.write_doctype(
            '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
            '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">'
        )
        with out.element(f"{{{NAMESPACE}}}html", nsmap={None: NAMESPACE}):
            out.write(_head(document))
            with out.element(f"{{{NAMESPACE}}}body"):
                for page in document.pages:
                    out.write("\n", _page(page))
    return ()


def _head(document: ExportDocument) -> etree._Element:
    def meta(name: str, content: str) -> etree._Element:
        return _E.meta(name=name, content=content)

    return _E.head(
        _E.title(document.title),
        meta("ocr-system", PROGRAM), meta("ocr-capabilities", CAPABILITIES), meta("ocr-langs", document.language),
    )  # fmt: skip


def _page(page: ExportPage) -> etree._Element:
    title = [_box((0, 0, page.width, page.height)), f"ppageno {page.number - 1}"]
    if page.picture_name:
        title.insert(0, f'image "{page.picture_name}"')
    if page.dpi:
        title.append(f"scan_res {page.dpi} {page.dpi}")
    element = _E.div({"class": "ocr_page", "id": f"page_{page.number}", "title": "; ".join(title)})
    if page.language:
        element.set(_LANG, page.language)
    for number, (kind, lines) in enumerate(blocks(page)):
        element.append(_area(page, number, kind, lines))
    return element


def _area(page: ExportPage, number: int, kind: str, lines: Sequence[ExportLine]) -> etree._Element:
    place, name = _box(around(line.box for line in lines)), f"{page.number}_{number}"
    paragraph = _E.p({"class": "ocr_par", "id": f"par_{name}", "title": place})
    for at, line in enumerate(lines):
        paragraph.append(_line(page, line, kind, f"{name}_{at}"))
    area = "ocr_table" if kind == TABLE else "ocr_carea"
    return _E.div({"class": area, "id": f"block_{name}", "title": place}, paragraph)


def _line(page: ExportPage, line: ExportLine, kind: str, name: str) -> etree._Element:
    element = _E.span(
        {"class": "ocr_header" if kind == HEADING else "ocr_line", "id": f"line_{name}", "title": _box(line.box)}
    )
    if line.language and line.language != page.language:
        element.set(_LANG, line.language)
    for at, word in enumerate(line.words):
        title = _box(word.box) + (f"; x_wconf {round(100 * word.confidence)}" if word.confidence is not None else "")
        shown = _E.span({"class": "ocrx_word", "id": f"word_{name}_{at}", "title": title}, word.text)
        if at + 1 < len(line.words) and not line.words[at + 1].is_glued:
            shown.tail = " "
        element.append(shown)
    element.tail = "\n"
    return element


def _box(box: Box) -> str:
    return "bbox {} {} {} {}".format(*box)
