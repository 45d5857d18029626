"""The picture of a page for a PDF: as it came where a PDF can hold it, else the JPEG that the browser shows."""

from __future__ import annotations

import io
import logging

import img2pdf
import pikepdf
from pikepdf import Name, Pdf
from PIL import Image, ImageOps

from documents.export.base import ExportDocument, ExportPage

LARGER = 1.1
"""What a picture may have grown, in a file of its own size: a TIFF packed as JPEG is unpacked by us."""

ORIENTATION = 0x0112  # the EXIF tag
PLACEMENTS = {
    1: (1, 0, 0, 1, 0, 0), 2: (-1, 0, 0, 1, 1, 0), 3: (-1, 0, 0, -1, 1, 1), 4: (1, 0, 0, -1, 0, 1),
    5: (0, -1, -1, 0, 1, 1), 6: (0, -1, 1, 0, 0, 1), 7: (0, 1, 1, 0, 0, 0), 8: (0, 1, -1, 0, 1, 0),
}  # fmt: skip
"""By EXIF orientation: the matrix that sets the unit square upright."""

PLAIN, SEE_THROUGH = ("1", "L", "P", "RGB"), ("LA", "PA", "RGBA")
"""Pillow's names of the colours that a PDF can show as they are, and of those that stand on white first."""

Placement = tuple[int, int, int, int, int, int]
SAME_SHAPE = 0.01  # how far the sides' ratio may be off, by rounding

logging.getLogger("img2pdf").setLevel(logging.ERROR)  # its warnings are about pictures that we then leave to others


def picture(pdf: Pdf, document: ExportDocument, page: ExportPage, pages: int) -> tuple[pikepdf.Object, Placement]:
    """Return the page's picture as an object of `pdf`, and the matrix that sets it upright into the unit square.

    `pages` says how many pages share the original's bytes. Raises FileNotFoundError when the picture's file is gone.
    """
    found = _as_it_came(pdf, document, page, pages)
    if found:
        return found
    assert page.picture is not None, "a page without a picture is left out"
    return _embedded(pdf, page.picture.read_bytes()), PLACEMENTS[1]


def _as_it_came(
    pdf: Pdf, document: ExportDocument, page: ExportPage, pages: int
) -> tuple[pikepdf.Object, Placement] | None:
    """Return the original's picture with the bytes that it has, None where that is not possible or would be larger."""
    if document.original is None or document.kind not in ("jpeg", "png", "tiff"):
        return None
    try:
        data, placement = _frame(document, page)
        found = _embedded(pdf, data)
    except (img2pdf.ImageOpenError, img2pdf.AlphaChannelError, OSError, ValueError, NotImplementedError):
        return None
    size, share = len(found.read_raw_bytes()), document.original.stat().st_size / max(1, pages)
    has_grown = size > LARGER * share and page.picture is not None and size > page.picture.stat().st_size
    return None if has_grown or not _has_shape(found, placement, page) else (found, placement)


def _frame(document: ExportDocument, page: ExportPage) -> tuple[bytes, Placement]:
    """Return the bytes of the page's picture and how it lies. Raises ValueError where they are not for screens."""
    with Image.open(document.original) as image:
        if document.kind == "tiff":
            image.seek(page.number - 1)
        elif image.mode in PLAIN and not image.has_transparency_data:
            return document.original.read_bytes(), PLACEMENTS[image.getexif().get(ORIENTATION, 1)]
        if image.mode not in (*PLAIN, *SEE_THROUGH):
            raise ValueError(f"{image.mode} has other colours than a screen, or more of them")
        return _repacked(ImageOps.exif_transpose(image)), PLACEMENTS[1]


def _repacked(image: Image.Image) -> bytes:
    """Return the picture without loss, as packed as a PDF allows; on white where it can be seen through."""
    out = io.BytesIO()
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        image = Image.new("RGB", image.size, "white")
        image.paste(layer, mask=layer.getchannel("A"))
    if image.mode == "1":
        image.save(out, "TIFF", compression="group4")
    else:
        image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _embedded(pdf: Pdf, data: bytes) -> pikepdf.Object:
    made = img2pdf.convert(data, rotation=img2pdf.Rotation.none, layout_fun=img2pdf.get_fixed_dpi_layout_fun((72, 72)))
    with pikepdf.open(io.BytesIO(made)) as one:
        found = one.pages[0].Resources.XObject
        return pdf.copy_foreign(found[next(iter(found.keys()))])


def _has_shape(found: pikepdf.Object, placement: Placement, page: ExportPage) -> bool:
    """Whether the picture is as high and wide as the page is: words would stand beside their places otherwise."""
    width, height = int(found[Name.Width]), int(found[Name.Height])
    if placement[0] == 0:
        width, height = height, width
    return abs(width * page.height / (height * page.width) - 1) < SAME_SHAPE
