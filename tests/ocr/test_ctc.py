from __future__ import annotations

import numpy as np
import pytest

from documents.ocr.ctc import other_readings, read_words

CHARACTERS = ["", "a", "b", "c", " "]
SURE, NONE = 0.997, ""


def columns(*path: str | dict[str, float]) -> np.ndarray:
    """Return the recogniser's output; each column is the one character it is sure of, or the chances of several."""
    rows = np.zeros((len(path), len(CHARACTERS)))
    for row, chances in zip(rows, path, strict=True):
        for character, chance in ({chances: SURE} if isinstance(chances, str) else chances).items():
            row[CHARACTERS.index(character)] = chance
    return rows


def test_runs_are_one_character_and_blanks_part_two():
    words = read_words(columns("a", "a", NONE, "a", "b"), CHARACTERS)
    assert [(word.text, word.first, word.last) for word in words] == [("aab", 0, 4)]


def test_spaces_part_words():
    words = read_words(columns("a", " ", "b", NONE), CHARACTERS)
    assert [(word.text, word.first, word.last) for word in words] == [("a", 0, 0), ("b", 2, 2)]
    assert words[0].confidence == pytest.approx(SURE)


def test_an_empty_line_has_no_words():
    assert read_words(columns(NONE, " ", NONE), CHARACTERS) == []


def test_a_sure_word_has_no_other_readings():
    assert read_words(columns("a", "b"), CHARACTERS)[0].others == ()


def test_a_doubtful_word_keeps_what_else_it_may_have_been():
    (word,) = read_words(columns("a", {"b": 0.6, "c": 0.4}), CHARACTERS)
    assert word.text == "ab"
    text, nats = word.others[0]
    assert text == "ac" and nats == pytest.approx(np.log(0.4 / 0.6), abs=0.01)


def test_the_paths_of_one_reading_are_added_up():
    chances = dict(other_readings(columns({"a": 0.5, "": 0.5}, {"a": 0.5, "": 0.5}), CHARACTERS))
    assert chances["a"] == pytest.approx(np.log(0.75), abs=0.01)  # aa, a-, -a
    assert chances[""] == pytest.approx(np.log(0.25), abs=0.01)


def test_a_double_letter_needs_a_blank_between():
    chances = dict(other_readings(columns({"a": 0.9, "b": 0.1}, {"a": 0.9, "b": 0.1}), CHARACTERS))
    assert chances["a"] == pytest.approx(np.log(0.81), abs=0.01)
    assert "aa" not in chances
