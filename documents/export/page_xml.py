"""PAGE XML 2019-07-15, the format of transcription tools for text with places: one file per page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
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
    page_name,
)

NAMESPACE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_E = ElementMaker(namespace=NAMESPACE, nsmap={None: NAMESPACE, "xsi": _XSI})


def write_page_xml(document: ExportDocument, target: Path, *, pages: int) -> tuple[str, ...]:
    """Write the document's one page. Raises ValueError when there are more: the format has no room for them."""
    (page,) = document.pages
    root = _E.PcGts({f"{{{_XSI}}}schemaLocation": f"{NAMESPACE} {NAMESPACE}/pagecontent.xsd"}, _metadata(), _page(page))
    etree.ElementTree(root).write(target, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return ()


def _metadata() -> etree._Element:
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return _E.Metadata(_E.Creator(PROGRAM), _E.Created(moment), _E.LastChange(moment))


def _page(page: ExportPage) -> etree._Element:
    name = page.picture_name or f"{page_name(page.number)}.jpg"
    element = _E.Page(imageFilename=name, imageWidth=str(page.width), imageHeight=str(page.height))
    regions = [_region(f"r{number}", kind, lines) for number, (kind, lines) in enumerate(blocks(page))]
    if regions:
        order = _E.OrderedGroup(id="order")
        for number, region in enumerate(regions):
            order.append(_E.RegionRefIndexed(index=str(number), regionRef=region.get("id")))
        element.extend([_E.ReadingOrder(order), *regions])
    return element


def _region(name: str, kind: str, lines: Sequence[ExportLine]) -> etree._Element:
    """Return a text region; the rows of a table are one too, told by its `custom` attribute."""
    region = _E.TextRegion(id=name, type="heading" if kind == HEADING else "paragraph")
    if kind == TABLE:
        region.set("type", "other")
        region.set("custom", "structure {type:table;}")
    region.append(_coords(around(line.box for line in lines)))
    for number, line in enumerate(lines):
        region.append(_line(f"{name}l{number}", line))
    region.append(_text("\n".join(line.text for line in lines), None))
    return region


def _line(name: str, line: ExportLine) -> etree._Element:
    words = [_word(f"{name}w{number}", word) for number, word in enumerate(line.words)]
    return _E.TextLine({"id": name}, _coords(line.box), *words, _text(line.text, line.confidence))


def _word(name: str, word: ExportWord) -> etree._Element:
    return _E.Word({"id": name}, _coords(word.box), _text(word.text, word.confidence))


def _coords(box: Box) -> etree._Element:
    left, top, right, bottom = box
    return _E.Coords(points=f"{left},{top} {right},{top} {right},{bottom} {left},{bottom}")


def _text(text: str, confidence: float | None) -> etree._Element:
    element = _E.TextEquiv(_E.Unicode(text))
    if confidence is not None:
        element.set("conf", f"{confidence:.3f}")
    return element
