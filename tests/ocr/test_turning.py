from __future__ import annotations

import pytest
from PIL import Image

from documents.ocr.base import Line, Reading, Word
from documents.ocr.turning import TURNS, box_back, lies_sideways, turned_back, turned_picture

SIZE = (300, 200)
BOX = (20, 30, 120, 50)


@pytest.mark.parametrize("degrees", sorted(TURNS))
def test_a_box_of_the_turned_picture_comes_back_to_where_it_is_on_the_page(degrees, tmp_path):
    page = Image.new("L", SIZE, 255)
    page.paste(0, BOX)
    page.save(tmp_path / "page.png")
    turned, size = turned_picture(tmp_path / "page.png", degrees, tmp_path)
    with Image.open(turned) as picture:
        ink = picture.point(lambda level: 255 - level).getbbox()
    assert size == SIZE
    assert box_back(ink, degrees, SIZE) == BOX


def test_lines_and_words_come_back_alike():
    reading = Reading((Line("a", (0, 0, 10, 20), 0.9, (Word("a", (0, 0, 10, 20), 0.9),)),), "fake", "1", 1.0)
    (line,) = turned_back(reading, 180, SIZE).lines
    assert line.box == line.words[0].box == (290, 180, 300, 200)


@pytest.mark.parametrize(("box", "sideways"), [((0, 0, 20, 300), True), ((0, 0, 300, 20), False)])
def test_a_page_lies_sideways_when_its_lines_run_up_and_down(box, sideways):
    assert lies_sideways(Reading((Line("some text", box, 0.9),), "fake", "1", 1.0)) is sideways
