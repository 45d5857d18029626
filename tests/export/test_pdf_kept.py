"""Pages of an original PDF stay as they are where they can."""

from __future__ import annotations

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf
from pikepdf.pdfa import validate_written
from PIL import Image

from documents.export.pdf import write_pdf
from documents.export.pdf_font import InklessFont
from tests.export.scenes import TEXTS, boxes_by_poppler, make_document, make_jpeg, make_page, text_by_poppler

WIDTH, HEIGHT = 595, 842  # in points


def make_pdf(path, content=b"", *, form=b"", scan=True, **page_entries):
    """Write a PDF whose page shows a scan (a dark corner), then `content`, in which /F is a font and /Form a form."""
    pdf = Pdf.new()
    font = InklessFont(pdf)
    content, form = (part.replace(b"TEXT", font.encode("hidden words")) for part in (content, form))
    font.finish()
    image = Image.new("L", (100, 140), 230)
    image.paste(0, (0, 0, 25, 35))
    picture = pdf.make_stream(
        image.tobytes(), Type=Name.XObject, Subtype=Name.Image, Width=100, Height=140, ColorSpace=Name.DeviceGray,
        BitsPerComponent=8,
    )  # fmt: skip
    fonts = Dictionary(F=font.reference)
    drawn = pdf.make_stream(
        form, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, WIDTH, HEIGHT]), Resources=Dictionary(Font=fonts)
    )
    shown = b"q %d 0 0 %d 0 0 cm /Scan Do Q\n" % (WIDTH, HEIGHT) if scan else b""
    entries = {
        "Type": Name.Page, "MediaBox": Array([0, 0, WIDTH, HEIGHT]), "Contents": pdf.make_stream(shown + content),
        "Resources": Dictionary(XObject=Dictionary(Scan=picture, Form=drawn), Font=fonts),
    }  # fmt: skip
    pdf.pages.append(pikepdf.Page(Dictionary(**(entries | page_entries))))
    pdf.save(path)
    return path


def export(tmp_path, original, **page):
    """Export a page with this original and return the PDF's path."""
    picture = make_jpeg(tmp_path / "shown.jpg")
    target = tmp_path / "out.pdf"
    document = make_document(make_page(TEXTS["en"], picture, **page), original=original, kind="pdf")
    assert write_pdf(document, target, pages=1) == ()
    assert validate_written(target, "2b").passed
    return target


def is_kept(target):
    with Pdf.open(target) as pdf:
        return "/Scan" in pdf.pages[0].Resources.XObject


HIDDEN = b"q BT 3 Tr /F 10 Tf 50 50 Td TEXT Tj ET Q\n"
SHOWN = b"q BT 0 Tr /F 10 Tf 50 50 Td TEXT Tj ET Q\n"


@pytest.mark.parametrize(
    ("content", "form"), [(b"", b""), (HIDDEN, b""), (b"/Form Do", HIDDEN), (b"2 0 0 2 10 10 cm", b"")]
)
def test_a_scan_keeps_its_page_and_gets_our_text_alone(tmp_path, content, form):
    target = export(tmp_path, make_pdf(tmp_path / "scan.pdf", content, form=form))
    assert is_kept(target)
    assert text_by_poppler(target) == "\n".join(TEXTS["en"])


@pytest.mark.parametrize(("content", "form"), [(SHOWN, b""), (b"/Form Do", SHOWN)])
def test_a_page_whose_text_was_corrected_is_shown_as_its_picture(tmp_path, content, form):
    target = export(tmp_path, make_pdf(tmp_path / "born.pdf", content, form=form))
    assert not is_kept(target)
    assert text_by_poppler(target) == "\n".join(TEXTS["en"])


def test_a_page_that_holds_our_text_already_is_left_alone(tmp_path):
    target = export(tmp_path, make_pdf(tmp_path / "born.pdf", SHOWN), has_own_text=True)
    assert is_kept(target)
    assert text_by_poppler(target) == "hidden words"


def test_what_pdf_a_forbids_is_shown_as_its_picture(tmp_path):
    gray = Dictionary(GS=Dictionary(Type=Name.ExtGState, TR=Name.Identity))
    original = make_pdf(tmp_path / "scan.pdf", b"/GS gs")
    with Pdf.open(original, allow_overwriting_input=True) as pdf:
        pdf.pages[0].Resources.ExtGState = gray
        pdf.save(original)
    assert not is_kept(export(tmp_path, original))


def test_links_and_scripts_stay_behind(tmp_path):
    action = Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    target = export(tmp_path, make_pdf(tmp_path / "scan.pdf", AA=Dictionary(O=action)))
    assert is_kept(target)
    assert b"JavaScript" not in target.read_bytes()


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_our_text_lies_on_a_turned_page_as_one_sees_it(tmp_path, turned):
    sideways = turned in (90, 270)
    original = make_pdf(tmp_path / "scan.pdf", Rotate=turned, CropBox=Array([0, 0, WIDTH, HEIGHT]))
    size = {"width": 1754, "height": 1240} if sideways else {}
    target = export(tmp_path, original, **size)
    assert is_kept(target)
    assert text_by_poppler(target) == "\n".join(TEXTS["en"])
    words = boxes_by_poppler(target, 150)
    assert words[0][0] == "The"
    assert words[0][1] == pytest.approx((100, 100, 166, 140), abs=3)


def test_a_broken_original_is_shown_as_its_pictures(tmp_path):
    original = tmp_path / "broken.pdf"
    original.write_bytes(b"%PDF-1.4\nnothing\n%%EOF")
    assert text_by_poppler(export(tmp_path, original)) == "\n".join(TEXTS["en"])
