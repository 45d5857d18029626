from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest
from PIL import Image

from documents.ocr.base import EngineUnavailable, OcrError
from documents.ocr.tesseract import TesseractEngine

from .pictures import draw_text

TEXTS = ["Invoice number 4711", "Thank you"]
BOXES = [(20, 25, 420, 75), (20, 105, 260, 160)]
HEADING = "level page_num block_num par_num line_num word_num left top width height conf text"

needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed.")


@pytest.fixture
def page(tmp_path: Path) -> Path:
    return draw_text(tmp_path / "page.png", [(30, 30, TEXTS[0]), (30, 110, TEXTS[1])], (600, 200))


def stand_in(folder: Path, says: str) -> str:
    """Write a program that answers like Tesseract: with packs, a version, and else what the shell script `says`."""
    program = folder / "tesseract"
    program.write_text(
        "#!/bin/sh\n"
        'case "$1" in\n'
        "--list-langs) printf 'List:\\neng\\ndeu\\nosd\\n';;\n"
        "--version) echo 'tesseract 5.9.1';;\n"
        f"*) {says};;\n"
        "esac\n"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return str(program)


def row(*columns: object) -> str:
    return "\\t".join(str(column) for column in columns)


@needs_tesseract
def test_it_reads_a_page(page):
    reading = TesseractEngine().read(page, language="en", handwritten=False)
    assert [line.text for line in reading.lines] == TEXTS
    assert (reading.engine, reading.warnings) == ("tesseract", ())
    left, top, right, bottom = reading.lines[0].words[2].box
    assert 280 < left < right < 420
    assert 25 < top < bottom < 75


@needs_tesseract
def test_it_reads_single_lines_in_the_order_of_their_boxes(page):
    reading = TesseractEngine().read_lines(page, BOXES[::-1], language="en")
    assert [line.text for line in reading.lines] == TEXTS[::-1]
    assert [line.box for line in reading.lines] == BOXES[::-1]
    left, top, right, bottom = reading.lines[1].words[2].box
    assert 280 < left < right < 420
    assert 20 < top < bottom < 80


@needs_tesseract
def test_an_empty_line_has_no_text_and_keeps_its_place(page):
    reading = TesseractEngine().read_lines(page, [(300, 150, 590, 190), BOXES[0]], language="en")
    assert [line.text for line in reading.lines] == ["", TEXTS[0]]


@needs_tesseract
def test_a_box_beside_the_page_harms_no_other_line(page):
    reading = TesseractEngine().read_lines(page, [(5000, 5000, 5100, 5020), BOXES[0]], language="en")
    assert reading.lines[1].text == TEXTS[0]


@needs_tesseract
def test_a_line_that_falls_is_set_level_and_its_words_lie_where_they_are_printed(tmp_path):
    level = draw_text(tmp_path / "level.png", [(30, 60, "Invoice number 4711"), (30, 110, "Thank you")], (600, 200))
    with Image.open(level) as picture:
        size, fall = picture.size, (1, 0, 0, -0.1, 1, 30)  # each output pixel's place in the input
        picture.transform(size, Image.Transform.AFFINE, fall, fillcolor="white").save(tmp_path / "page.png")
    box = (20, 25, 420, 110)
    (line,) = TesseractEngine().read_lines(tmp_path / "page.png", [box], language="en", slope=0.1).lines
    assert line.text == "Invoice number 4711"
    first, last = line.words[0].box, line.words[-1].box
    assert 20 < (last[1] - first[1]) < 40


def test_no_lines_need_no_program_run(page, tmp_path):
    engine = TesseractEngine(program=stand_in(tmp_path, "exit 1"))
    assert engine.read_lines(page, [], language="en").lines == ()


def test_lines_are_read_one_by_one_when_the_list_loses_one(page, tmp_path):
    one = f"printf '{HEADING}\\n{row(1, 1, 0, 0, 0, 0, 0, 0, 9, 9, -1, '')}\\n"
    word = row(5, 1, 1, 1, 1, 1, 0, 0, 9, 9, 90, "word")
    engine = TesseractEngine(program=stand_in(tmp_path, f"{one}{word}\\n'"))
    assert [line.text for line in engine.read_lines(page, BOXES, language="en").lines] == ["word", "word"]


def test_a_missing_program_is_named_with_the_way_to_install_it():
    with pytest.raises(EngineUnavailable, match="apt-get install tesseract-ocr"):
        TesseractEngine(program="/nowhere/tesseract")


def test_a_missing_pack_is_named_with_the_way_to_install_it(page, tmp_path):
    engine = TesseractEngine(program=stand_in(tmp_path, "exit 1"))
    with pytest.raises(EngineUnavailable, match="apt-get install tesseract-ocr-chi-sim"):
        engine.read(page, language="zh", handwritten=False)


def test_a_page_that_it_cannot_read_is_an_error_with_its_last_words(page, tmp_path):
    engine = TesseractEngine(program=stand_in(tmp_path, "echo 'Image too large' >&2; exit 1"))
    with pytest.raises(OcrError, match=r"could not read this page\. Image too large"):
        engine.read(page, language="en", handwritten=False)


def test_a_program_that_hangs_is_ended(page, tmp_path):
    engine = TesseractEngine(program=stand_in(tmp_path, "exec sleep 60"), seconds=0.2)
    with pytest.raises(OcrError, match=r"did not finish within 0\.2 seconds"):
        engine.read(page, language="en", handwritten=False)


def test_it_warns_about_handwriting(page, tmp_path):
    engine = TesseractEngine(program=stand_in(tmp_path, f"echo {HEADING}"))
    (warning,) = engine.read(page, language="", handwritten=True).warnings
    assert "handwriting" in warning
