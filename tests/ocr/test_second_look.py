from __future__ import annotations

import pytest

from documents.ocr.base import Line, Reading, Word
from documents.ocr.second_look import doubted_lines, languages_of, lexicons_of, slope_of

CZECH = "Dne sedmého března byl převeden celý transport do tábora, kde dostali balíčky a příkaz."
ENGLISH = "The invoice was paid to the office in full and we thank you for the letter of last week."


def line(text: str, number: int = 0, fall: int = 0, confidence: float = 0.999) -> Line:
    words = tuple(
        Word(word, (60 * n, 50 * number + fall * n, 60 * n + 50, 50 * number + fall * n + 30), confidence)
        for n, word in enumerate(text.split())
    )
    return Line(text, (0, 50 * number, 600, 50 * number + 40), confidence, words)


def reading_of(*lines: Line) -> Reading:
    return Reading(lines, "rapidocr", "1", 1.0)


def test_the_stated_language_is_each_lines():
    assert languages_of(reading_of(line(ENGLISH), line(CZECH)), "da") == ["da", "da"]


def test_a_block_may_be_in_another_language_than_its_page():
    lines = [line(ENGLISH, n) for n in range(10)] + [line(CZECH, n) for n in range(10, 15)]
    assert languages_of(reading_of(*lines), "") == ["en"] * 10 + ["cs"] * 5


def test_a_page_too_short_to_tell_is_taken_for_english():
    assert languages_of(reading_of(line("4711")), "") == ["en"]


def test_a_language_without_a_list_has_no_known_words():
    (vocabulary,) = lexicons_of(["xx"])
    assert not vocabulary.knows("house") and not vocabulary.zipf("house")


@pytest.mark.parametrize(
    ("doubtful", "numbers"),
    [(line("the lettcr"), [0]), (line("the letter", confidence=0.6), [0]), (line("the letter"), [])],
)
def test_lines_with_a_word_that_may_be_wrong_are_doubted(doubtful, numbers):
    assert doubted_lines(reading_of(doubtful), lexicons_of(["en"])) == numbers


def test_a_page_is_as_tilted_as_its_long_lines():
    lines = [line("one two three four five", n, fall=6) for n in range(3)]
    assert slope_of(reading_of(*lines)) == pytest.approx(0.1)


def test_a_few_words_tell_no_tilt():
    assert slope_of(reading_of(line("one two", fall=9))) == 0.0
