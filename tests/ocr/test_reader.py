from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PIL import Image

from documents.ocr.base import Box, EngineCrashed, EngineUnavailable, Line, OcrError, Reading, Word
from documents.ocr.reader import read_page, share_right

SIZE = (500, 700)
LETTER = ["we thank you for your letter of last week and", "the invoice was paid to the office in full"]
HURT = ["we thank you for your lettcr of last week and", "the invoice was paid to the office in full"]
SURE, DOUBTFUL = 0.999, 0.9


def line(text: str, number: int, confidence: float) -> Line:
    box = (10, 40 * number + 10, 490, 40 * number + 40)
    words = tuple(Word(word, box, confidence) for word in text.split())
    return Line(text, box, confidence, words)


def reading_of(texts: Sequence[str], engine: str, confidence: float = SURE) -> Reading:
    return Reading(tuple(line(text, n, confidence) for n, text in enumerate(texts)), engine, "1", 1.0)


@dataclass
class FakeEngine:
    """Reads what it is given to read; `again` answers for single lines."""

    name: str
    page: Callable[[Path], Reading]
    again: Callable[[Sequence[Box]], Reading] | None = None
    asked: list[tuple[str, int]] = field(default_factory=list)

    def read(self, image: Path, *, language: str, handwritten: bool, seconds: float) -> Reading:
        return self.page(image)

    def read_lines(self, image: Path, boxes: Sequence[Box], *, language: str, slope: float, seconds: float) -> Reading:
        self.asked.append((language, len(boxes)))
        return self.again(boxes)


def rapid(texts: Sequence[str] = HURT, confidence: float = SURE) -> FakeEngine:
    return FakeEngine("rapidocr", lambda image: reading_of(texts, "rapidocr", confidence))


def tesseract(again: Callable[[Sequence[Box]], Reading]) -> FakeEngine:
    return FakeEngine("tesseract", lambda image: reading_of(LETTER, "tesseract"), again)


def raising(error: Exception) -> Callable[..., Reading]:
    def raise_it(*_given: object) -> Reading:
        raise error

    return raise_it


def right(boxes: Sequence[Box]) -> Reading:
    """Read each line as it is printed."""
    texts = [LETTER[(box[1] - 10) // 40] for box in boxes]
    lines = tuple(replace(line(text, 0, 0.96), box=tuple(box)) for text, box in zip(texts, boxes, strict=True))
    return Reading(lines, "tesseract", "5", 0.5)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    Image.new("L", SIZE, 255).save(tmp_path / "page.png")
    return tmp_path / "page.png"


def read(page: Path, *engines: FakeEngine, **options) -> Reading:
    return read_page(page, engines={engine.name: engine for engine in engines}, seconds=90, **options)


def test_doubted_lines_are_looked_at_again_in_the_language_that_they_are_in(page):
    second = tesseract(right)
    reading = read(page, rapid(), second)
    assert reading.text.splitlines() == LETTER
    assert reading.engine == "rapidocr+tesseract"
    assert second.asked == [("en", 1)]


def test_the_stated_language_goes_before_what_the_text_looks_like(page):
    second = tesseract(right)
    read(page, rapid(), second, language="da")
    assert {language for language, _count in second.asked} == {"da"}


def test_best_looks_at_every_line_again(page):
    second = tesseract(right)
    read(page, rapid(), second, mode="best")
    assert second.asked == [("en", 2)]


@pytest.mark.parametrize("options", [{"mode": "fast"}, {"handwritten": True}])
def test_no_second_look_where_it_is_not_wanted_or_of_no_use(page, options):
    second = tesseract(right)
    assert read(page, rapid(), second, **options).text.splitlines() == HURT
    assert second.asked == []


def test_a_sure_page_costs_nothing_more(page):
    second = tesseract(right)
    assert read(page, rapid(LETTER), second).engine == "rapidocr"
    assert second.asked == []


@pytest.mark.parametrize(
    ("again", "warning"),
    [
        (raising(EngineCrashed("It stopped in the middle.")), "It stopped in the middle."),
        (raising(EngineUnavailable("The pack is missing.")), "The pack is missing."),
        (lambda boxes: Reading((), "tesseract", "5", 0.1), "mixed up the lines"),
    ],
)
def test_nothing_in_a_second_look_loses_the_first_reading(page, again, warning):
    reading = read(page, rapid(), tesseract(again))
    assert reading.text.splitlines() == HURT
    assert reading.engine == "rapidocr"
    assert warning in " ".join(reading.warnings)


def test_a_second_engine_that_sees_nothing_changes_nothing(page):
    def blank(boxes):
        return Reading(tuple(Line("", tuple(box), 0.0) for box in boxes), "tesseract", "5", 0.1)

    assert read(page, rapid(), tesseract(blank)).text.splitlines() == HURT


def test_the_next_engine_reads_when_the_first_cannot(page):
    first = FakeEngine("rapidocr", raising(EngineUnavailable("No model.")))
    reading = read(page, first, tesseract(right))
    assert reading.engine == "tesseract"
    assert reading.warnings == ("No model.",)


def test_an_engine_that_dies_with_the_page_is_blamed(page):
    with pytest.raises(EngineCrashed):
        read(page, FakeEngine("rapidocr", raising(EngineCrashed("It stopped."))), tesseract(right))


def test_it_says_why_nobody_could_read(page):
    with pytest.raises(EngineUnavailable, match="No model"):
        read(page, FakeEngine("rapidocr", raising(EngineUnavailable("No model."))))
    with pytest.raises(OcrError, match="No OCR engine"):
        read(page)


def test_a_page_on_its_head_is_turned_and_its_boxes_lie_on_the_page(page):
    def look(image: Path) -> Reading:
        return reading_of(LETTER, "rapidocr") if "turned180" in image.name else reading_of(["ʇǝl ɹǝʇ"], "rapidocr", 0.6)

    reading = read(page, FakeEngine("rapidocr", look))
    assert reading.text.splitlines() == LETTER
    assert reading.lines[0].box == (10, 660, 490, 690)
    assert reading.warnings == ("The page was turned by 180 degrees to read it.",)
    assert reading.preparation == ("turn-180",)


def test_a_page_on_its_side_is_turned_although_its_lines_can_be_read(page):
    def look(image: Path) -> Reading:
        if "turned270" in image.name:
            return reading_of(LETTER, "rapidocr")
        lines = [
            replace(line(text, n, SURE), box=(40 * n, 10, 40 * n + 30, 490)) for n, text in enumerate(LETTER[::-1])
        ]
        return Reading(tuple(lines), "rapidocr", "1", 1.0)

    reading = read(page, FakeEngine("rapidocr", look), tesseract(right))
    assert reading.text.splitlines() == LETTER
    assert "turned by 270 degrees" in reading.warnings[0]
    assert reading.seconds == 3.0


def test_the_second_look_at_a_turned_page_comes_back_to_the_page_too(page):
    def look(image: Path) -> Reading:
        return reading_of(HURT, "rapidocr") if "turned180" in image.name else reading_of(["ʇǝl ɹǝʇ"], "rapidocr", 0.6)

    reading = read(page, FakeEngine("rapidocr", look), tesseract(right))
    assert reading.text.splitlines() == LETTER
    assert reading.lines[0].box == (10, 660, 490, 690)


def test_a_page_that_nobody_can_read_stays_as_it_was_read(page):
    reading = read(page, rapid(["xq zzt qrx"], 0.6), tesseract(right))
    assert reading.text == "xq zzt qrx"
    assert share_right(reading) < 0.35


def test_stray_marks_are_left_out_of_a_page_that_can_be_read(page):
    texts = [*LETTER, "HO2MOA"]

    def look(image: Path) -> Reading:
        whole = reading_of(texts, "rapidocr")
        return replace(whole, lines=(*whole.lines[:2], line("HO2MOA", 2, 0.5)))

    def nothing(boxes):
        return Reading(tuple(Line("", tuple(box), 0.0) for box in boxes), "tesseract", "5", 0.1)

    assert read(page, FakeEngine("rapidocr", look), tesseract(nothing)).text.splitlines() == LETTER


def test_an_engine_that_was_never_measured_is_not_argued_with(page):
    second = tesseract(right)
    aspose = FakeEngine("aspose", lambda image: reading_of(HURT, "aspose", 0.5))
    assert read(page, aspose, second).text.splitlines() == HURT
    assert second.asked == []
