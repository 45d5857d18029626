"""Pictures in the PDF: the bytes that came, as long as a PDF can hold them."""

from __future__ import annotations

import pypdfium2
import pytest
from pikepdf import Pdf
from pikepdf.pdfa import validate_written
from PIL import Image, ImageDraw

from documents.export.pdf import write_pdf
from tests.export.scenes import SIZE, TEXTS, make_document, make_jpeg, make_page

TURNED = {1: None, 3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270,
          2: Image.Transpose.FLIP_LEFT_RIGHT, 4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
          7: Image.Transpose.TRANSVERSE}  # fmt: skip


@pytest.fixture
def shown(tmp_path):
    """The JPEG that the browser shows."""
    return make_jpeg(tmp_path / "shown.jpg")


def write(tmp_path, original, kind, picture, *, pages=1, width=SIZE[0], height=SIZE[1]):
    """Write a PDF of a document with this original, and return it opened."""
    made = [make_page(TEXTS["en"], picture, number=n + 1, width=width, height=height) for n in range(pages)]
    target = tmp_path / "out.pdf"
    assert write_pdf(make_document(*made, original=original, kind=kind), target, pages=pages) == ()
    assert validate_written(target, "2b").passed
    return target


def picture_of(pdf, page=0):
    return pdf.pages[page].Resources.XObject.Picture


def is_upright(target):
    """Whether the dark corner is drawn at the upper left."""
    with pypdfium2.PdfDocument(target) as pdf:
        drawn = pdf[0].render(scale=0.5).to_pil().convert("L")
    width, height = drawn.size
    corners = [drawn.getpixel((x * width // 8, y * height // 8)) for x, y in ((1, 1), (7, 1), (1, 7), (7, 7))]
    return [value < 60 for value in corners] == [True, False, False, False]


def test_a_jpeg_stays_byte_by_byte(tmp_path, shown):
    original = make_jpeg(tmp_path / "scan.jpg", SIZE, dpi=(150, 150))
    target = write(tmp_path, original, "jpeg", shown)
    with Pdf.open(target) as pdf:
        assert picture_of(pdf).read_raw_bytes() == original.read_bytes()
    assert target.stat().st_size < original.stat().st_size + 10_000
    assert is_upright(target)


@pytest.mark.parametrize("orientation", TURNED)
def test_a_jpeg_that_a_camera_turned_stands_upright(tmp_path, shown, orientation):
    upright = Image.new("L", (400, 600), 230)
    upright.paste(0, (0, 0, 100, 150))
    image = upright.transpose(TURNED[orientation]) if TURNED[orientation] is not None else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    image.save(tmp_path / "scan.jpg", quality=85, exif=exif)
    target = write(tmp_path, tmp_path / "scan.jpg", "jpeg", shown, width=400, height=600)
    with Pdf.open(target) as pdf:
        assert picture_of(pdf).read_raw_bytes() == (tmp_path / "scan.jpg").read_bytes()
    assert is_upright(target)


def test_a_black_and_white_fax_stays_small(tmp_path, shown):
    frames = [Image.new("1", SIZE, 1) for _ in range(3)]
    for number, frame in enumerate(frames):
        ImageDraw.Draw(frame).rectangle((0, 0, SIZE[0] // 4, SIZE[1] // 4 - number), fill=0)
    original = tmp_path / "fax.tif"
    frames[0].save(original, "TIFF", compression="group4", save_all=True, append_images=frames[1:])
    target = write(tmp_path, original, "tiff", shown, pages=3)
    with Pdf.open(target) as pdf:
        assert all(list(picture_of(pdf, n).Filter) == ["/CCITTFaxDecode"] for n in range(3))
    assert is_upright(target)


def test_a_png_loses_nothing(tmp_path, shown):
    image = Image.effect_noise(SIZE, 40).convert("L")
    image.save(tmp_path / "scan.png")
    target = write(tmp_path, tmp_path / "scan.png", "png", shown)
    with Pdf.open(target) as pdf:
        assert picture_of(pdf).Filter == "/FlateDecode"
    assert target.stat().st_size < 1.1 * (tmp_path / "scan.png").stat().st_size + 10_000


@pytest.mark.parametrize("mode", ["I;16"])
def test_colours_that_a_pdf_should_not_have_are_shown_as_the_browser_does(tmp_path, shown, mode):
    Image.new(mode, SIZE).save(tmp_path / "scan.png")
    with Pdf.open(write(tmp_path, tmp_path / "scan.png", "png", shown)) as pdf:
        assert picture_of(pdf).Filter == "/DCTDecode"


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_a_png_that_can_be_seen_through_stands_on_white(tmp_path, shown, mode):
    image = Image.new("RGBA", SIZE, (255, 255, 255, 0))
    image.paste((0, 0, 0, 255), (0, 0, SIZE[0] // 4, SIZE[1] // 4))
    image.convert(mode).save(tmp_path / "scan.png")
    target = write(tmp_path, tmp_path / "scan.png", "png", shown)
    with Pdf.open(target) as pdf:
        assert picture_of(pdf).Filter == "/FlateDecode"
        assert "/SMask" not in picture_of(pdf)
    assert is_upright(target)


def test_colours_of_the_printing_press_are_shown_as_the_browser_does(tmp_path, shown):
    Image.new("CMYK", SIZE).save(tmp_path / "scan.jpg")
    with Pdf.open(write(tmp_path, tmp_path / "scan.jpg", "jpeg", shown)) as pdf:
        assert picture_of(pdf).ColorSpace != "/DeviceCMYK"


def test_a_picture_that_would_grow_much_is_shown_as_the_browser_does(tmp_path, shown):
    noise = Image.effect_noise(SIZE, 60).convert("RGB")
    noise.save(tmp_path / "scan.tif", compression="jpeg", quality=20)
    with Pdf.open(write(tmp_path, tmp_path / "scan.tif", "tiff", shown)) as pdf:
        assert picture_of(pdf).Filter == "/DCTDecode"


def test_a_webp_is_shown_as_the_browser_does(tmp_path, shown):
    Image.new("RGB", SIZE).save(tmp_path / "scan.webp")
    with Pdf.open(write(tmp_path, tmp_path / "scan.webp", "webp", shown)) as pdf:
        assert picture_of(pdf).Filter == "/DCTDecode"


def test_a_picture_of_another_shape_than_the_page_is_not_taken(tmp_path, shown):
    original = make_jpeg(tmp_path / "scan.jpg", (600, 400))
    with Pdf.open(write(tmp_path, original, "jpeg", shown)) as pdf:
        assert picture_of(pdf).Width == SIZE[0]
