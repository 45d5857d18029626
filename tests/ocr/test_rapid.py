from __future__ import annotations

from pathlib import Path

import pytest

from documents.ocr.base import EngineUnavailable, Line, OcrError, Reading
from documents.ocr.rapid import RapidEngine, sure_lines

from .pictures import draw_text


@pytest.fixture(scope="module")
def engine() -> RapidEngine:
    return RapidEngine()


@pytest.fixture(scope="module")
def reading(engine: RapidEngine, tmp_path_factory: pytest.TempPathFactory) -> Reading:
    pieces = [(30, 30, "Invoice number 4711"), (30, 110, "Total amount"), (650, 110, "128.50"), (30, 190, "Thank you")]
    picture = draw_text(tmp_path_factory.mktemp("rapid") / "page.png", pieces)
    return engine.read(picture, language="en", handwritten=False)


def test_it_reads_rows_in_order(reading):
    assert reading.text == "Invoice number 4711\nTotal amount 128.50\nThank you"
    assert reading.engine == "rapidocr" and reading.version
    assert reading.warnings == ()


def test_its_words_lie_where_they_are_printed(reading):
    total = reading.lines[1]
    assert [word.text for word in total.words] == ["Total", "amount", "128.50"]
    price = total.words[2]
    assert 630 < price.box[0] < 670 and 100 < price.box[1] < price.box[3] < 170
    assert all(0.8 < word.confidence <= 1 for word in total.words)


def test_its_reading_survives_the_pipe(reading):
    assert Reading.from_json(reading.to_json()) == reading


def test_an_empty_page_has_no_lines(engine, tmp_path):
    picture = draw_text(tmp_path / "empty.png", [])
    assert engine.read(picture, language="", handwritten=False).lines == ()


def test_a_broken_picture_is_an_error_that_names_it(engine, tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    with pytest.raises(OcrError, match="broken.png could not be opened"):
        engine.read(broken, language="en", handwritten=False)


def test_it_warns_about_letters_it_does_not_know_and_about_handwriting(engine, tmp_path):
    picture = draw_text(tmp_path / "empty.png", [])
    letters, hand = engine.read(picture, language="ru", handwritten=True).warnings
    assert "does not know the letters" in letters
    assert "handwriting" in hand


def test_a_missing_model_is_never_downloaded(monkeypatch):
    monkeypatch.setattr("documents.ocr.rapid.RECOGNITION", Path("/nowhere/rec.onnx"))
    with pytest.raises(EngineUnavailable, match="rec.onnx is missing"):
        RapidEngine()


def guesses(*confidences: float) -> list[Line]:
    return [Line(f"line {number}", (0, 0, 9, 9), sure) for number, sure in enumerate(confidences)]


def test_a_stain_on_a_legible_page_is_left_out():
    assert len(sure_lines(guesses(0.97, 0.4, 0.99))) == 2


def test_guesses_on_a_page_by_hand_are_kept():
    assert len(sure_lines(guesses(0.6, 0.4, 0.5, 0.1))) == 3


def test_lines_without_text_are_none():
    assert sure_lines([Line("", (0, 0, 9, 9), 0.9)]) == []
