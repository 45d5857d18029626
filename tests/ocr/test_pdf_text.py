"""A PDF's own text: taken when it is what the page shows, left alone with a reason when it is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from documents.ocr import pdf_text
from documents.ocr.pdf_text import read_text_layer
from documents.pipeline.pictures import Limits, render_page
from tests.samples import make
from tests.samples.scans import save_scans, scan_of


@pytest.fixture
def born(tmp_path) -> tuple[Path, Path]:
    """Return a PDF with real text and the picture of its first page."""
    path = tmp_path / "born.pdf"
    path.write_bytes(make.pdf(2))
    return path, render_page(path, "pdf", 1, tmp_path / "page.bmp", dpi=150, limits=Limits()).path


def test_a_page_born_digital_brings_its_words_and_their_places(born):
    reading = read_text_layer(*born[:1], 1, born[1]).reading
    assert reading.text == "Page 1"
    assert reading.engine == "pdf-text"
    with Image.open(born[1]) as picture:
        left, top, right, bottom = reading.lines[0].words[0].box
        assert 0 < left < right < picture.width
        assert picture.convert("L").crop((left, top, right, bottom)).getextrema()[0] < 100  # there is ink


def test_a_scan_has_none(tmp_path):
    path = save_scans(tmp_path / "scan.pdf", scan_of("Dear Sir"))
    picture = render_page(path, "pdf", 1, tmp_path / "page.bmp", dpi=100, limits=Limits()).path
    assert read_text_layer(path, 1, picture) == pdf_text.TextLayer(None)


def test_text_that_the_page_does_not_show_is_left_alone(born, tmp_path):
    Image.new("L", (1240, 1754), 255).save(tmp_path / "white.bmp")
    layer = read_text_layer(born[0], 1, tmp_path / "white.bmp")
    assert layer.reading is None
    assert "not what the page shows" in layer.why


def test_a_scan_with_a_text_behind_it_is_read_from_its_picture(born, monkeypatch):
    monkeypatch.setattr(pdf_text, "_picture_share", lambda *args: 0.98)
    assert "is a scan" in read_text_layer(*born[:1], 1, born[1]).why


def test_the_text_of_an_earlier_ocr_is_left_alone(born, monkeypatch):
    run = pdf_text._run
    monkeypatch.setattr(pdf_text, "_run", lambda *c: "GlyphLessFont" if c[0] == "pdffonts" else run(*c))
    assert "earlier OCR" in read_text_layer(*born[:1], 1, born[1]).why


@pytest.mark.parametrize("text", ["\ue012\ue013\ue014 word", "xq zzkt " * 30])
def test_letters_without_sense_are_junk(text, monkeypatch):
    monkeypatch.setattr(pdf_text, "guess_language", lambda text: "en")
    assert pdf_text._is_junk(text)


def test_sense_is_not_junk():
    assert not pdf_text._is_junk("The quick brown fox jumps over the lazy dog and goes home. " * 5)


def test_a_broken_pdf_has_no_text_and_breaks_nothing(tmp_path, born):
    (tmp_path / "noise.pdf").write_bytes(make.noise_pdf())
    assert read_text_layer(tmp_path / "noise.pdf", 1, born[1]).reading is None
