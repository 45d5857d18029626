"""Words keep their places, whoever words the line anew."""

from __future__ import annotations

import pytest

from documents.export.places import placed_line, spread, with_boxes
from tests.export.scenes import TEXTS, stored_line


def boxes(line):
    return {word.text: word.box for word in line.words}


@pytest.mark.parametrize("language", TEXTS)
def test_it_leaves_words_where_they_were_read(language):
    for text in TEXTS[language]:
        stored = stored_line(text)
        line = placed_line(stored, None)
        assert line.text == text
        assert [word.box for word in line.words] == [tuple(word["box"]) for word in stored["words"]]
        assert {word.confidence for word in line.words} == {0.9}


def test_it_finds_the_place_of_words_in_a_line_that_a_person_wrote():
    read = stored_line("Tbe quick brovvn fox")
    line = placed_line({"text": "The quick brown fox", "box": read["box"], "confidence": None}, read)
    assert list(boxes(line).values()) == [tuple(word["box"]) for word in read["words"]]
    assert [word.confidence for word in line.words] == [None, 0.9, None, 0.9]


def test_it_shares_the_place_of_words_that_were_parted():
    read = stored_line("thequick fox")
    line = placed_line({"text": "the quick fox", "box": read["box"]}, read)
    the, quick, fox = (word.box for word in line.words)
    assert the[0] == read["words"][0]["box"][0]
    assert the[2] <= quick[0] + 1
    assert quick[2] == read["words"][0]["box"][2]
    assert fox == tuple(read["words"][1]["box"])


def test_it_joins_the_places_of_words_that_were_joined():
    read = stored_line("the qu ick")
    line = placed_line({"text": "the quick", "box": read["box"]}, read)
    assert boxes(line)["quick"][0] == read["words"][1]["box"][0]
    assert boxes(line)["quick"][2] == read["words"][2]["box"][2]


def test_it_puts_a_word_that_was_not_read_into_the_gap():
    read = stored_line("the fox")
    line = placed_line({"text": "the brown fox", "box": read["box"]}, read)
    brown = boxes(line)["brown"]
    assert boxes(line)["the"][2] <= brown[0]
    assert brown[2] <= boxes(line)["fox"][0]


@pytest.mark.parametrize("text", ["Entirely other words of a person", "x", "東京 abc"])
def test_it_writes_every_letter_whatever_was_read(text):
    line = placed_line({"text": text, "box": [100, 100, 500, 140]}, stored_line("12345 67890"))
    assert line.text == text
    assert all(left <= right and top <= bottom for left, top, right, bottom in (word.box for word in line.words))


def test_it_spreads_words_over_a_line_of_which_nothing_is_known():
    line = placed_line({"text": "aa bb", "box": [0, 0, 500, 20]}, None)
    assert [word.box for word in line.words] == [(0, 0, 200, 20), (300, 0, 500, 20)]


def read_word(text, left, right):
    return {"text": text, "box": [left, 0, right, 30], "confidence": 0.8}


def test_it_keeps_the_words_of_a_chinese_line_apart_without_blanks():
    words = [read_word("东京都", 0, 90), read_word("港区", 95, 155)]
    line = placed_line({"text": "东京都港区", "box": [0, 0, 155, 30], "words": words}, None)
    assert [(word.text, word.is_glued) for word in line.words] == [("东京都", False), ("港区", True)]
    assert line.text == "东京都港区"
    assert line.words[1].box == (95, 0, 155, 30)


def test_it_counts_the_cells_of_a_row_in_its_own_words():
    words = [read_word("东京", 0, 60), read_word("港区", 60, 120), read_word("12", 200, 220)]
    stored = {"text": "东京港区 12", "box": [0, 0, 220, 30], "words": words, "cells": [[0, 0], [1, 1]]}
    assert placed_line(stored, None).cells == ((0, 0), (2, 1))


def test_it_runs_down_a_tall_line():
    assert spread("東京", (0, 0, 20, 200)) == [(0, 0, 20, 100), (0, 100, 20, 200)]
    assert spread("abcd", (0, 0, 20, 200))[3] == (0, 150, 20, 200)
    assert spread("ab", (0, 0, 20, 200)) == [(0, 0, 10, 200), (10, 0, 20, 200)]  # a large initial


def test_it_gives_a_line_that_a_person_added_a_strip_below_the_one_above():
    first, added = with_boxes([{"text": "a", "box": [10, 10, 90, 50]}, {"text": "b", "box": None}], 100, 200)
    assert first["box"] == (10, 10, 90, 50)
    assert added["box"] == (10, 52, 90, 72)


def test_it_keeps_every_box_on_the_page():
    boxes = [[-5, -5, 500, 500], None, [300, 300, 310, 310]]
    lines = with_boxes([{"text": "a", "box": box} for box in boxes], 100, 200)
    assert all(0 <= left < right <= 100 for left, _top, right, _bottom in (line["box"] for line in lines))
    assert all(0 <= top < bottom <= 200 for _left, top, _right, bottom in (line["box"] for line in lines))


def test_it_replaces_what_xml_cannot_hold():
    assert placed_line({"text": "a\x02b\ufffe", "box": [0, 0, 9, 9]}, None).text == "a\ufffdb\ufffd"
