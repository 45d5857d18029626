"""ALTO 4.3, the format of libraries for text with places; all measures are pixels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from lxml import etree
from lxml.builder import ElementMaker

from documents.export.base import (
    HEADING,
    PROGRAM,
    TABLE,
    Box,
    ExportDocument,
    ExportLine,
    ExportPage,
    ExportWord,
    around,
    blocks,
)

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
SCHEMA = "http://www.loc.gov/standards/alto/v4/alto-4-3.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_E = ElementMaker(namespace=NAMESPACE, nsmap={None: NAMESPACE, "xsi": _XSI})


def write_alto(document: ExportDocument, target: Path, *, pages: int) -> tuple[str, ...]:
    """Write the document's one page. The file names the picture that lies beside it, else the file that was uploaded.

    Raises ValueError when there are more pages: each has a file of its own.
    """
    (page,) = document.pages
    layout = _E.Layout(_page(page))
    tags = _E.Tags(*(_E.LayoutTag({"ID": kind, "LABEL": kind}) for kind in (HEADING, TABLE)))
    root = _E.alto({f"{{{_XSI}}}schemaLocation": f"{NAMESPACE} {SCHEMA}"}, _description(document, page), tags, layout)
    etree.ElementTree(root).write(target, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return ()


def _description(document: ExportDocument, page: ExportPage) -> etree._Element:
    uploaded = document.original_name or document.title
    source = _E.sourceImageInformation(_E.fileName(page.picture_name or uploaded))
    if page.picture_name:
        source.append(_E.documentIdentifier(uploaded))
    software = _E.processingSoftware(_E.softwareName(PROGRAM))
    processing = _E.Processing({"ID": "processing"}, _E.processingCategory("contentGeneration"), software)
    return _E.Description(_E.MeasurementUnit("pixel"), source, processing)


def _page(page: ExportPage) -> etree._Element:
    size = {"WIDTH": str(page.width), "HEIGHT": str(page.height)}
    element = _E.Page({"ID": f"page_{page.number}", "PHYSICAL_IMG_NR": str(page.number), **size})
    space = _E.PrintSpace({"ID": f"space_{page.number}", "HPOS": "0", "VPOS": "0", **size})
    for number, (kind, lines) in enumerate(blocks(page)):
        space.append(_block(page, f"{page.number}_{number}", kind, lines))
    element.append(space)
    return element


def _block(page: ExportPage, name: str, kind: str, lines: Sequence[ExportLine]) -> etree._Element:
    given = {"ID": f"block_{name}", **_place(around(line.box for line in lines)), **_language(page.language)}
    block = _E.TextBlock(given)
    if kind:
        block.set("TAGREFS", kind)
    for at, line in enumerate(lines):
        block.append(_line(page, f"{name}_{at}", line))
    return block


def _line(page: ExportPage, name: str, line: ExportLine) -> etree._Element:
    own = _language(line.language) if line.language != page.language else {}
    element = _E.TextLine({"ID": f"line_{name}", **_place(line.box), **own})
    if not line.words:
        element.append(_E.String({"ID": f"string_{name}", "CONTENT": "", **_place(line.box)}))
    for part in _strings(name, line.words):
        element.append(part)
    return element


def _strings(name: str, words: Sequence[ExportWord]) -> Iterator[etree._Element]:
    for at, (word, following) in enumerate(pairwise([*words, None])):
        sure = {} if word.confidence is None else {"WC": f"{word.confidence:.3f}"}
        yield _E.String({"ID": f"string_{name}_{at}", "CONTENT": word.text, **_place(word.box), **sure})
        if following is not None and not following.is_glued:
            left, right = word.box[2], max(following.box[0], word.box[2])
            yield _E.SP({"HPOS": str(left), "VPOS": str(word.box[1]), "WIDTH": str(right - left)})


def _language(code: str) -> dict[str, str]:
    return {"LANG": code} if code else {}


def _place(box: Box) -> dict[str, str]:
    left, top, right, bottom = box
    return {"HPOS": str(left), "VPOS": str(top), "WIDTH": str(right - left), "HEIGHT": str(bottom - top)}
