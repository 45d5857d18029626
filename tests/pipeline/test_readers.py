"""Readers: what is read of a drawn page, and what is told about it."""

from __future__ import annotations

from pathlib import Path

from documents.pipeline.options import ReadingOptions
from documents.pipeline.pictures import Picture
from documents.pipeline.readers import read_drawing
from documents.pipeline.rendering import Drawing
from tests.scenes import make_reading


def test_a_pdfs_own_text_does_not_hide_that_the_page_is_damaged():
    picture = Picture(Path("page.bmp"), 600, 400, 300, ("Parts may be missing.",))
    drawing = Drawing(picture, Path("a"), Path("b"), text=make_reading("its own text"))
    reading = read_drawing(drawing, ReadingOptions())
    assert (reading.text, reading.warnings) == ("its own text", ("Parts may be missing.",))
