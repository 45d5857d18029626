"""Pages of an original PDF that can stay as they are, with our text in place of what was hidden behind them."""

from __future__ import annotations

import pikepdf
from pikepdf import Name, Pdf
from pikepdf.pdfa import check, prepare

from documents.export.base import ExportPage
from documents.export.pdf_text import ToPage

SHOWING = {"Tj", "TJ", "'", '"'}
INVISIBLE = 3
"""The mode in which text is written behind a scan."""
KEPT = {"/Type", "/Resources", "/Contents", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit"}
"""What makes a page's looks; links, scripts, annotations and private data stay behind."""
DEPTH = 8
"""Drawings within drawings, beyond which a page is taken for broken."""
SAME_SHAPE = 0.02  # how far the picture's sides may be off, by rounding to pixels

BROKEN = (pikepdf.PdfError, LookupError, TypeError, ValueError, AttributeError, NotImplementedError, RecursionError)
"""What pikepdf raises on pages that are not as they should be."""


def kept_page(source: Pdf, page: ExportPage) -> tuple[pikepdf.Page, ToPage] | None:
    """Return the original's page without invisible text, and how pixels of its picture become its points.

    None when the picture must stand for the page: text can be seen on it that is not ours (it would be found twice),
    it holds something that PDF/A does not allow, or it is broken.
    """
    try:
        kept = source.pages[page.number - 1]
        for key in set(kept.obj.keys()) - KEPT:
            del kept.obj[key]
        if not page.has_own_text and _shows_text(source, kept.obj, 0):
            return None
        matrix = _matrix(kept, page)
        return (kept, matrix) if matrix and _is_archivable(kept) else None
    except BROKEN:
        return None


def _shows_text(source: Pdf, drawing: pikepdf.Object, depth: int) -> bool:
    """Take the invisible text out of a page, or of a form on it, and return whether there is text to be seen."""
    if depth > DEPTH:
        raise ValueError("too many forms within forms")
    objects = drawing.get("/Resources", {}).get("/XObject", {}).values()
    forms = [one for one in objects if one.get("/Subtype") == "/Form"]
    instructions, has_hidden, has_visible = _without_hidden_text(drawing)
    if has_hidden:
        data = pikepdf.unparse_content_stream(instructions)
        if depth:
            drawing.write(data)
        else:
            drawing[Name.Contents] = source.make_stream(data)
    return has_visible or any(_shows_text(source, form, depth + 1) for form in forms)


def _without_hidden_text(drawing: pikepdf.Object) -> tuple[list, bool, bool]:
    """Return the instructions but those that write invisibly, whether there were such, and such that show text."""
    kept: list = []
    mode, before, hidden, visible = 0, [], False, False
    for instruction in pikepdf.parse_content_stream(drawing):
        operator = str(instruction.operator)
        if operator == "q":
            before.append(mode)
        elif operator == "Q" and before:
            mode = before.pop()
        elif operator == "Tr":
            mode = int(instruction.operands[0])
        is_hidden = operator in SHOWING and mode == INVISIBLE
        hidden, visible = hidden or is_hidden, visible or (operator in SHOWING and not is_hidden)
        if not is_hidden:
            kept.append(instruction)
    return kept, hidden, visible


def _matrix(kept: pikepdf.Page, page: ExportPage) -> ToPage | None:
    """Return how pixels become the page's points, None when the picture has another shape than the page."""
    x0, y0, x1, y1 = _visible(kept)
    turned = int(kept.obj.get("/Rotate", 0)) % 360
    across, down = (y1 - y0, x1 - x0) if turned in (90, 270) else (x1 - x0, y1 - y0)
    if min(across, down) <= 0:
        return None
    if not page.lines:
        return ToPage(1.0, 1.0)  # there is nothing to place
    if abs(across * page.height / (down * page.width) - 1) > SAME_SHAPE:
        return None
    turn = {
        0: (1.0, 0.0, 0.0, 1.0, x0, y0), 90: (0.0, 1.0, -1.0, 0.0, x1, y0),
        180: (-1.0, 0.0, 0.0, -1.0, x1, y1), 270: (0.0, -1.0, 1.0, 0.0, x0, y1),
    }.get(turned)  # fmt: skip
    return ToPage(across / page.width, down / page.height, turn) if turn else None


def _visible(kept: pikepdf.Page) -> tuple[float, float, float, float]:
    """Return the part of the page that is shown: its crop box, as far as it lies within the media box."""
    (a, b, c, d), (e, f, g, h) = (_upright(box) for box in (kept.mediabox, kept.cropbox))
    return max(a, e), max(b, f), min(c, g), min(d, h)


def _upright(box: pikepdf.Object) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = (float(value) for value in box)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _is_archivable(kept: pikepdf.Page) -> bool:
    """Whether a PDF of this page alone passes as PDF/A-2b."""
    single = Pdf.new()
    single.pages.append(kept)
    prepare(single, "2b")
    return check(single, "2b").passed
