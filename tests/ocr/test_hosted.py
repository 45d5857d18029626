from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from documents.ocr.base import EngineCrashed, EngineUnavailable, Line, OcrError, Word
from documents.ocr.hosted import HostedEngine

from .pictures import draw_text


@pytest.fixture
def engine() -> Iterator[HostedEngine]:
    engine = HostedEngine("rapidocr", {}, service="tests.ocr.fake_service")
    yield engine
    engine.close()


def read(engine: HostedEngine, name: str, seconds: float = 30):
    return engine.read(Path(f"{name}.png"), language="en", handwritten=False, seconds=seconds)


def test_it_gives_back_the_reading_and_stays_warm(engine):
    reading = read(engine, "good")
    word = Word("en", (1, 2, 30, 40), 0.9)
    assert reading.lines == (Line("en", word.box, 0.9, (word,)),)
    assert reading.warnings == ("Look closely.",)
    pid = engine.pid
    read(engine, "good")
    assert engine.pid == pid


@pytest.mark.parametrize(
    ("page", "kind", "message"),
    [
        ("unavailable", EngineUnavailable, "There is no licence."),
        ("unreadable", OcrError, "This is no picture."),
        ("surprise", OcrError, "The rapidocr engine could not read this page (ZeroDivisionError: division by zero)."),
        ("crash", EngineCrashed, "The rapidocr engine stopped in the middle of this page (killed by SIGABRT)."),
    ],
)
def test_it_raises_what_happened_in_the_child(engine, page, kind, message):
    with pytest.raises(OcrError) as caught:
        read(engine, page)
    assert type(caught.value) is kind
    assert str(caught.value) == message


def test_a_page_that_hangs_is_given_up_at_its_deadline_and_the_next_is_read(engine):
    read(engine, "good")
    with pytest.raises(EngineCrashed, match="no answer within 0.2 seconds"):
        read(engine, "hang", seconds=0.2)
    assert engine.pid is None
    assert read(engine, "good").text == "en"


@pytest.mark.parametrize("page", ["empty", "garbage", "boxless", "noise"])
def test_what_is_no_reading_is_told_in_a_sentence_and_the_next_page_is_read(engine, page):
    with pytest.raises(OcrError, match="The rapidocr engine gave an answer that cannot be understood"):
        read(engine, page)
    assert read(engine, "good").text == "en"


def test_boxes_beside_the_picture_and_odd_confidences_are_brought_inside(engine, tmp_path):
    picture = draw_text(tmp_path / "beside.png", [], size=(100, 50))
    line = engine.read(picture, language="en", handwritten=False).lines[0]
    assert (line.box, line.confidence) == ((10, 20, 80, 50), 0.0)
    assert (line.words[0].box, line.words[0].confidence) == ((0, 0, 100, 50), 1.0)
    assert (line.block, line.kind) == (0, "")


def test_an_unknown_engine_is_refused_at_once():
    with pytest.raises(ValueError, match="abbyy"):
        HostedEngine("abbyy", {})


def test_it_reads_a_page_with_the_real_engine(tmp_path):
    picture = draw_text(tmp_path / "page.png", [(30, 30, "Read in another process")])
    engine = HostedEngine("rapidocr", {"threads": 1})
    try:
        assert engine.read(picture, language="en", handwritten=False).text == "Read in another process"
    finally:
        engine.close()


def test_it_asks_for_single_lines_by_their_boxes():
    engine = HostedEngine("tesseract", {}, service="tests.ocr.line_service")
    boxes = [(0, 0, 10, 10), (0, 20, 10, 30)]
    try:
        lines = engine.read_lines(Path("page.png"), boxes, language="da").lines
    finally:
        engine.close()
    assert [(line.text, line.box) for line in lines] == [("da", box) for box in boxes]
