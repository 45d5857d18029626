"""The scan coach: what is wrong with a scan is said, what is right is not complained about."""

from __future__ import annotations

import pytest
from PIL import Image, ImageFilter

from documents.ocr.base import Line
from documents.pipeline import coach
from tests.samples.scans import scan_of

LINES = ("Dear Sir, we thank you for the letter of last week", "and for the kind words about the harbour office.") * 4


@pytest.fixture
def look(tmp_path):
    def look(picture: Image.Image) -> list[str]:
        picture.save(tmp_path / "page.bmp")
        return coach.look_at(tmp_path / "page.bmp")

    return look


def test_a_good_scan_is_not_complained_about(look):
    assert look(scan_of(*LINES)) == []


def test_a_blurred_scan_is_named(look):
    assert look(scan_of(*LINES).filter(ImageFilter.GaussianBlur(4))) == [coach.BLURRED]


def test_a_page_with_a_single_line_is_not_called_blurred(look):
    assert look(scan_of("Page 1", size=(2480, 3508)).point(lambda grey: 255 if grey > 150 else grey)) == []


def test_an_empty_page_is_blank_and_nothing_else(look):
    assert look(Image.new("L", (1240, 1754), 240)) == [coach.BLANK]


def test_a_picture_with_too_few_pixels_is_named(look):
    assert coach.SMALL in look(scan_of(*LINES).resize((413, 300)))


def line(text: str, left: int, right: int, height: int = 30) -> Line:
    return Line(text, (left, 0, right, height), 0.9)


def test_text_that_runs_out_of_the_picture_is_named():
    cut = [line("and so the line goes on", 200, 1000)] * 3
    assert coach.judge_lines(cut, 1000) == [coach.CUT]
    assert coach.judge_lines(cut[:2] + [line("inside the margins", 200, 900)] * 5, 1000) == []


def test_letters_that_are_too_small_are_named():
    assert coach.judge_lines([line("small print", 10, 90, height=8)] * 3, 1000) == [coach.TINY]


def test_a_sheet_scanned_twice_is_named_and_a_form_is_not():
    text = "Received from Mr. Brown of Harbour Street the sum of twelve pounds for the repair of the roof. " * 2
    again = text.replace("Brown", "Brovvn")
    other = "The committee met on Tuesday and heard the report of the treasurer about the building fund. " * 2
    assert coach.is_repeated(text, [other, again])
    assert not coach.is_repeated(text, [other])
    assert not coach.is_repeated("Page 1", ["Page 1"])
