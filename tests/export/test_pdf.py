"""The searchable PDF: its text is ours letter by letter, in our places, and it is PDF/A."""

from __future__ import annotations

from statistics import median

import pytest
from pikepdf import Pdf
from pikepdf.pdfa import validate_written
from PIL import Image

from documents.export.base import NothingToWrite
from documents.export.pdf import write_pdf
from documents.ocr.pdf_text import read_text_layer
from tests.export.scenes import (
    SIZE,
    TEXTS,
    boxes_by_poppler,
    make_document,
    make_jpeg,
    make_page,
    overlap,
    page_of,
    stored_line,
    text_by_pdfium,
    text_by_poppler,
)


@pytest.fixture
def picture(tmp_path):
    return make_jpeg(tmp_path / "page.jpg")


def write(tmp_path, *pages, **more):
    """Write a PDF of these pages and return its path."""
    target = tmp_path / "out.pdf"
    assert write_pdf(make_document(*pages, **more), target, pages=len(pages)) == ()
    return target


@pytest.mark.parametrize("language", TEXTS)
def test_other_programs_read_the_very_text(tmp_path, picture, language):
    pdf = write(tmp_path, make_page(TEXTS[language], picture, language=language))
    assert text_by_poppler(pdf) == "\n".join(TEXTS[language])
    assert text_by_pdfium(pdf) == "\n".join(TEXTS[language])


def test_other_programs_read_lines_of_single_letters_and_lines_without_a_place(tmp_path, picture):
    stored = [stored_line("a b c"), {"text": "written by hand", "box": None}, stored_line("I", top=200)]
    pdf = write(tmp_path, page_of(stored, picture))
    assert text_by_poppler(pdf) == "a b c\nwritten by hand\nI"
    assert text_by_pdfium(pdf) == "a b c\nwritten by hand\nI"


def test_a_hyphen_at_the_end_of_a_line_stays(tmp_path, picture):
    pdf = write(tmp_path, make_page(["a well-", "known hyphen"], picture))
    assert text_by_poppler(pdf) == "a well-\nknown hyphen"
    assert text_by_pdfium(pdf) == "a well-\nknown hyphen"


def test_a_line_from_top_to_bottom_is_read_in_its_order(tmp_path, picture):
    down = {"text": "東京都港区", "box": [600, 100, 640, 300], "confidence": 0.9}
    pdf = write(tmp_path, page_of([down], picture))
    assert text_by_pdfium(pdf) == "東京都港区"


def test_words_keep_their_boxes(tmp_path, picture):
    page = make_page([text for texts in (TEXTS["en"], TEXTS["es"]) for text in texts], picture)
    words = [word for line in page.lines for word in line.words]
    found = boxes_by_poppler(write(tmp_path, page), 150)
    assert [text for text, _box in found] == [word.text for word in words]
    shares = [overlap(box, word.box) for (_text, box), word in zip(found, words, strict=True)]
    assert median(shares) > 0.95
    assert min(shares) > 0.9


@pytest.mark.parametrize("language", TEXTS)
def test_it_is_pdf_a_2b(tmp_path, picture, language):
    pdf = write(tmp_path, make_page(TEXTS[language], picture), make_page((), picture, number=2))
    assert validate_written(pdf, "2b").passed


def test_it_says_what_it_is(tmp_path, picture):
    with Pdf.open(write(tmp_path, make_page(["x"], picture), title="Tïtel \x02")) as pdf:
        assert pdf.Root.Lang == "en"
        with pdf.open_metadata() as metadata:
            assert metadata["dc:title"].startswith("Tïtel")


def test_pages_have_the_size_of_the_paper(tmp_path, picture):
    with Pdf.open(write(tmp_path, make_page(["x"], picture))) as pdf:
        assert [round(float(side)) for side in pdf.pages[0].mediabox] == [0, 0, 595, 842]


def test_huge_pictures_make_pages_that_a_pdf_may_have(tmp_path):
    picture = make_jpeg(tmp_path / "long.jpg", (50, 12_000))
    page = make_page((), picture, width=50, height=12_000, dpi=50)
    pdf = write(tmp_path, page)
    assert validate_written(pdf, "2b").passed


def test_what_it_writes_is_known_as_somebodys_ocr_when_it_is_uploaded_again(tmp_path, picture):
    Image.new("L", SIZE, 255).save(tmp_path / "drawn.bmp")
    pdf = write(tmp_path, make_page(["The quick brown fox jumps over the lazy dog"], picture))
    layer = read_text_layer(pdf, 1, tmp_path / "drawn.bmp")
    assert layer.reading is None
    assert layer.why


def test_a_page_without_a_picture_is_left_out_and_named(tmp_path, picture):
    target = tmp_path / "out.pdf"
    document = make_document(make_page(["x"], picture), make_page((), None, number=2))
    (note,) = write_pdf(document, target, pages=2)
    assert "2" in note
    with Pdf.open(target) as pdf:
        assert len(pdf.pages) == 1


def test_it_says_when_there_is_nothing_to_show(tmp_path):
    with pytest.raises(NothingToWrite, match="picture"):
        write_pdf(make_document(make_page((), None)), tmp_path / "out.pdf", pages=1)


def overlapping(texts):
    """Return lines whose boxes overlap, as those of engines do in tight print."""
    return [stored_line(text, top=100 + 26 * number) for number, text in enumerate(texts)]


def abreast(texts):
    """Return lines of two columns, each beside the other, read across."""
    return [stored_line(t, top=100 + 60 * (n // 2), left=100 + 500 * (n % 2), letter=18) for n, t in enumerate(texts)]


def slanting(texts):
    """Return lines that sink by their own height from the first word to the last."""
    lines = [stored_line(text, top=100 + 60 * number) for number, text in enumerate(texts)]
    for line in lines:
        for number, word in enumerate(line["words"]):
            left, top, right, bottom = word["box"]
            word["box"] = [left, top + 8 * number, right, bottom + 8 * number]
    return lines


def touching(texts):
    """Return lines whose words' boxes leave no gaps."""
    lines = overlapping(texts)
    for line in lines:
        for word in line["words"]:
            word["box"][2] += 24
    return lines


@pytest.mark.parametrize("arranged", [overlapping, abreast, slanting, touching])
def test_lines_and_words_are_told_apart_however_their_boxes_lie(tmp_path, picture, arranged):
    texts = ["the quick brown fox jumps", "over a lazy dog and I", "saw it go: 3.50 a piece", "in the end."]
    pdf = write(tmp_path, page_of(arranged(texts), picture))
    assert text_by_poppler(pdf) == "\n".join(texts)
    assert text_by_pdfium(pdf) == "\n".join(texts)


def test_a_long_document_is_joined_from_parts(tmp_path, picture, monkeypatch):
    monkeypatch.setattr("documents.export.pdf.PART", 2)
    pages = [make_page([f"page {number} 東京"], picture, number=number) for number in range(1, 6)]
    pdf = write(tmp_path, *pages, title="Lang")
    assert validate_written(pdf, "2b").passed
    assert [text_by_pdfium(pdf, number) for number in range(5)] == [page.text for page in pages]
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".jpg"] == ["out.pdf"]


def test_it_says_that_writing_from_right_to_left_is_told_in_reverse(tmp_path, picture):
    pages = [make_page(["left"], picture), make_page(["שלום"], picture, number=2)]
    (note,) = write_pdf(make_document(*pages), tmp_path / "x.pdf", pages=2)
    assert note.endswith("pages 2.")
    assert write_pdf(make_document(pages[0]), tmp_path / "x.pdf", pages=1) == ()
