"""Good and nasty upload files, made by code so that the repository holds no binaries.

Every function returns the bytes of one whole file; nothing here needs Django, poppler or a network.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont, TiffImagePlugin

A4 = (595, 842)
"""Width and height of an A4 page in points (1/72 inch)."""

ORIENTATION_TAG = 0x0112
"""The EXIF tag that says how the camera was held; 6 means "turn a quarter clockwise to view"."""


# Pictures


def text_picture(text: str = "Hello archive", size: tuple[int, int] = (600, 200)) -> Image.Image:
    """Return an RGB picture of `size` pixels with black `text` on white, in letters 40 pixels high."""
    picture = Image.new("RGB", size, "white")
    ImageDraw.Draw(picture).text((20, 20), text, fill="black", font=ImageFont.load_default(40))
    return picture


def picture_bytes(picture: Image.Image, kind: str, **options) -> bytes:
    """Return `picture` saved by Pillow as `kind` ("png", "jpeg", "webp", "tiff"); `options` go to its writer."""
    buffer = BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def png(text: str = "Hello archive") -> bytes:
    """Return a good PNG, 600 x 200 pixels, 150 dpi."""
    return picture_bytes(text_picture(text), "png", dpi=(150, 150))


def jpeg(text: str = "Hello archive") -> bytes:
    """Return a good JPEG, 600 x 200 pixels, 300 dpi."""
    return picture_bytes(text_picture(text), "jpeg", quality=90, dpi=(300, 300))


def webp(text: str = "Hello archive") -> bytes:
    """Return a good lossless WebP, 600 x 200 pixels."""
    return picture_bytes(text_picture(text), "webp", lossless=True)


def sideways_jpeg() -> bytes:
    """Return a JPEG stored 600 x 200 with EXIF orientation 6: viewers show it 200 x 600."""
    exif = Image.Exif()
    exif[ORIENTATION_TAG] = 6
    return picture_bytes(text_picture(), "jpeg", exif=exif)


def tiff(pages: int = 3) -> bytes:
    """Return a good TIFF of `pages` frames, 600 x 200 pixels, each with its number on it, 200 dpi."""
    frames = [text_picture(f"Page {number}") for number in range(1, pages + 1)]
    options = {"save_all": True, "append_images": frames[1:], "dpi": (200, 200), "compression": "tiff_lzw"}
    return picture_bytes(frames[0], "tiff", **options)


def fax() -> bytes:
    """Return a 1-bit TIFF as a fax machine writes it: 864 x 500 pixels at 204 x 98 dpi, so not square."""
    page = text_picture("Fax", (864, 500)).convert("1")
    return picture_bytes(page, "tiff", dpi=(204, 98), compression="group4")


def huge_png(side: int = 50_000) -> bytes:
    """Return a 1-bit PNG of `side` x `side` pixels, all black: 50,000 make 1.4 MB that unpack to 312 MB."""
    row = bytes(1 + (side + 7) // 8)
    packer = zlib.compressobj(1)
    data = b"".join(packer.compress(row * 1000) for _ in range(side // 1000)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = (_png_chunk(b"IHDR", header), _png_chunk(b"IDAT", data), _png_chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def many_frames_tiff(frames: int = 5_000, *, loop: bool = False) -> bytes:
    """Return a TIFF of `frames` frames of 4 megapixels that all share one small strip (126 bytes a frame).

    With `loop` the last frame points back to the first, so that a naive reader walks for ever.
    """
    strip = zlib.compress(bytes(2000 * 250))
    first = 8 + len(strip) + len(strip) % 2
    directory = _tiff_directory(2000, 2000, strip_at=8, strip_length=len(strip))
    step = len(directory) + 4
    starts = [first + step * index for index in range(1, frames)] + [first if loop else 0]
    body = b"".join(directory + struct.pack("<I", following) for following in starts)
    return b"II*\0" + struct.pack("<I", first) + strip.ljust(first - 8, b"\0") + body


def _tiff_directory(width: int, height: int, *, strip_at: int, strip_length: int) -> bytes:
    """Return one image directory without the link to the next: 1 bit a pixel, white is 0, deflate, one strip."""
    tags = {
        TiffImagePlugin.IMAGEWIDTH: width,
        TiffImagePlugin.IMAGELENGTH: height,
        TiffImagePlugin.BITSPERSAMPLE: 1,
        TiffImagePlugin.COMPRESSION: 8,
        TiffImagePlugin.PHOTOMETRIC_INTERPRETATION: 0,
        TiffImagePlugin.STRIPOFFSETS: strip_at,
        TiffImagePlugin.SAMPLESPERPIXEL: 1,
        TiffImagePlugin.ROWSPERSTRIP: height,
        TiffImagePlugin.STRIPBYTECOUNTS: strip_length,
    }
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in sorted(tags.items()))
    return struct.pack("<H", len(tags)) + entries


# PDF


def pdf(pages: int = 1, *, size: tuple[float, float] = A4, rotate: int = 0) -> bytes:
    """Return a good PDF whose pages of `size` points say "Page 1", "Page 2", ... in 48-point Helvetica.

    `rotate` is the /Rotate of every page, in degrees clockwise.
    """
    contents = [_says(f"Page {number}") for number in range(1, pages + 1)]
    return build_pdf(contents, page_extra=b"/Rotate %d" % rotate, size=size)


def blank_pdf() -> bytes:
    """Return a PDF of one truly empty page, with nothing wrong in it."""
    return build_pdf([b""])


def encrypted_pdf() -> bytes:
    """Return a PDF that wants a password which nobody knows (standard handler, 40 bit, made-up digests)."""
    secret = b"/Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s>" % (b"ab" * 32, b"cd" * 32)
    trailer = b"/Encrypt << %s >> /ID [<%s> <%s>]" % (secret, b"00" * 16, b"00" * 16)
    return build_pdf([_says("Page 1")], trailer_extra=trailer)


def lying_pdf(count: int = 9) -> bytes:
    """Return a PDF of one page whose page tree says /Count `count`."""
    return build_pdf([_says("Page 1")], count=count)


def pdf_with_broken_page(pages: int = 3, broken: int = 2) -> bytes:
    """Return a PDF of `pages` pages, of which number `broken` holds noise that claims to be deflated."""
    contents = [_says(f"Page {number}") for number in range(1, pages + 1)]
    contents[broken - 1] = (b"/Filter /FlateDecode", b"\x99noise, not deflate\x00" * 20)
    return build_pdf(contents)


def noise_pdf() -> bytes:
    """Return the first bytes of a PDF and noise after them."""
    return b"%PDF-1.7\n" + bytes(range(256)) * 40


def html() -> bytes:
    """Return a web page, which people save as report.pdf."""
    return b"<!DOCTYPE html><html><body><h1>Report</h1><script>alert(1)</script></body></html>"


def cut(data: bytes, share: float = 0.6) -> bytes:
    """Return the first `share` of the file, as an upload or copy that broke off leaves it."""
    return data[: int(len(data) * share)]


def build_pdf(
    contents: Sequence[bytes | tuple[bytes, bytes]],
    *,
    size: tuple[float, float] = A4,
    count: int | None = None,
    page_extra: bytes = b"",
    trailer_extra: bytes = b"",
) -> bytes:
    """Return a PDF with a page for each of `contents`: a content stream, or (extra stream keys, raw stream).

    `size` is in points; `count` overrides /Count; the extras are put into every page and into the trailer as is.
    """
    kids = b" ".join(b"%d 0 R" % (4 + 2 * index) for index in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(contents) if count is None else count),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for content in contents:
        keys, stream = content if isinstance(content, tuple) else (b"", content)
        objects.append(_page(size, page_extra, contents_at=len(objects) + 2))
        objects.append(b"<< /Length %d %s >> stream\n%s\nendstream" % (len(stream), keys, stream))
    return _file_of(objects, trailer_extra)


def _says(text: str) -> bytes:
    return b"BT /F1 48 Tf 72 600 Td (%s) Tj ET" % text.encode("ascii")


def _page(size: tuple[float, float], extra: bytes, *, contents_at: int) -> bytes:
    box = b"[0 0 %g %g]" % size
    parts = (b"/Type /Page /Parent 2 0 R /MediaBox", box, b"/Resources << /Font << /F1 3 0 R >> >>", extra)
    return b"<< %s /Contents %d 0 R >>" % (b" ".join(parts), contents_at)


def _file_of(objects: Sequence[bytes], trailer_extra: bytes) -> bytes:
    """Return header, numbered objects, cross-reference table and trailer; the first object is the catalogue."""
    body = b"%PDF-1.4\n"
    table = b"0000000000 65535 f \n"
    for number, content in enumerate(objects, start=1):
        table += b"%010d 00000 n \n" % len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, trailer_extra)
    xref = b"xref\n0 %d\n" % (len(objects) + 1)
    return body + xref + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(body)
