"""A font without ink: its letters are as wide as they must be, and say which characters they stand for."""

from __future__ import annotations

import io
from functools import lru_cache

import pikepdf
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._g_l_y_f import Glyph
from pikepdf import Array, Dictionary, Name, Pdf, String

from documents.export.places import advance

NAME = "GlyphLessFont"
"""As Tesseract calls its own: readers of PDFs, ours too, know by it that the text is somebody's OCR."""

NARROW, WIDE = 500, 1000
"""Widths of a letter in thousandths of its size, as `advance` has them."""

MADE = 3_786_912_000  # the beginning of 2024, in seconds from 1904 as fonts count

DESCENT = -1
"""In thousandths: all of a letter stands on its line. Poppler takes 0 for "not known" and would guess -350."""

_RANGES_PER_BLOCK = 100  # the most that a CMap may have in one block


@lru_cache(maxsize=1)
def font_file() -> bytes:
    """Return a TrueType font of three glyphs without ink: none, a narrow and a wide one."""
    widths = {".notdef": NARROW, "narrow": NARROW, "wide": WIDE}
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(list(widths))
    builder.setupCharacterMap({})
    builder.setupGlyf({name: _diagonal(width) for name, width in widths.items()})
    builder.setupHorizontalMetrics({name: (width, 0) for name, width in widths.items()})
    builder.setupHorizontalHeader(ascent=1000, descent=0)
    builder.setupNameTable({"familyName": NAME, "styleName": "Regular", "psName": NAME})
    builder.setupOS2(sTypoAscender=1000, sTypoDescender=0, usWinAscent=1000, usWinDescent=0)
    builder.setupPost()
    # fontTools writes the time of making; fonts that are equal should be equal byte by byte.
    builder.font["head"].created = builder.font["head"].modified = MADE
    builder.font.recalcTimestamp = False
    stream = io.BytesIO()
    builder.save(stream)
    return stream.getvalue()


def _diagonal(width: int) -> Glyph:
    """Return a line without breadth from corner to corner: no ink, but a size. PDFium passes over letters without."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((width, 1000))
    pen.closePath()
    return pen.glyph()


class InklessFont:
    """Collects the characters that are used, so that every one of Unicode's can be told exactly."""

    def __init__(self, pdf: Pdf) -> None:
        """Start an empty font in `pdf`; `finish` completes it once all text is written."""
        self.reference = pdf.make_indirect(Dictionary(Type=Name.Font))
        self._pdf = pdf
        self._numbers: dict[str, int] = {}

    def encode(self, text: str) -> bytes:
        """Return the text as the hexadecimal string that shows it."""
        numbers = (self._numbers.setdefault(letter, len(self._numbers) + 1) for letter in text)
        return b"<" + b"".join(b"%04X" % number for number in numbers) + b">"

    def finish(self) -> None:
        """Write the font: the widths, glyphs and meanings of the characters that were used."""
        widths = [round(1000 * advance(letter)) for letter in self._numbers]
        glyphs = b"\0\0" + b"".join((b"\0\2" if width == WIDE else b"\0\1") for width in widths)
        descendant = Dictionary(
            Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name(f"/{NAME}"), DW=NARROW,
            W=Array([1, Array(widths)]), FontDescriptor=self._descriptor(),
            CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
            CIDToGIDMap=self._pdf.make_stream(glyphs),
        )  # fmt: skip
        self.reference.update(
            {
                "/Subtype": Name.Type0, "/BaseFont": Name(f"/{NAME}"), "/Encoding": Name("/Identity-H"),
                "/DescendantFonts": Array([self._pdf.make_indirect(descendant)]),
                "/ToUnicode": self._pdf.make_stream(self._meanings()),
            }
        )  # fmt: skip

    def _descriptor(self) -> pikepdf.Object:
        data = font_file()
        return self._pdf.make_indirect(
            Dictionary(
                Type=Name.FontDescriptor, FontName=Name(f"/{NAME}"), Flags=4, FontBBox=Array([0, 0, 1000, 1000]),
                ItalicAngle=0, Ascent=1000, Descent=DESCENT, CapHeight=1000, StemV=80,
                FontFile2=self._pdf.make_stream(data, Length1=len(data)),
            )
        )  # fmt: skip

    def _meanings(self) -> bytes:
        """Return the CMap from our numbers to Unicode, beyond the first plane as pairs of surrogates."""
        lines = [b"<%04X> <%s>" % (n, letter.encode("utf-16-be").hex().encode()) for letter, n in self._numbers.items()]
        parts = [lines[at : at + _RANGES_PER_BLOCK] for at in range(0, len(lines), _RANGES_PER_BLOCK)]
        body = b"".join(b"%d beginbfchar\n%s\nendbfchar\n" % (len(part), b"\n".join(part)) for part in parts)
        return (
            b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            b"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
            b"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n" + body +
            b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
        )  # fmt: skip
