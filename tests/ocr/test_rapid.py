from __future__ import annotations

from pathlib import Path

import pytest

from documents.ocr.base import EngineUnavailable, OcrError, Reading
from documents.ocr.rapid import RapidEngine, whole_words, word_confidences

from .pictures import draw_text

SQUARE = [[0, 0], [10, 0], [10, 20], [0, 20]]
NEXT_SQUARE = [[12, 0], [22, 0], [22, 20], [12, 20]]


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


def test_a_word_is_as_sure_as_its_own_characters():
    assert word_confidences("ab c", ["ab", "c"], [0.8, 0.6, 0.1, 1.0]) == pytest.approx([0.7, 1.0])


def test_pieces_become_the_words_of_the_line():
    words = whole_words("ab c", [("a", 0.5, SQUARE), ("b", 0.7, NEXT_SQUARE), ("c", 0.9, SQUARE)])
    assert [(word.text, word.box, round(word.confidence, 2)) for word in words] == [
        ("ab", (0, 0, 22, 20), 0.6),
        ("c", (0, 0, 10, 20), 0.9),
    ]


def test_pieces_that_do_not_fit_the_line_give_no_words():
    assert whole_words("abc", [("ab", 0.5, SQUARE)]) == ()
