"""Where on the scan the searched words stand."""

from __future__ import annotations

import pytest

from documents.pipeline.texts import stored_line
from documents.search.landing import hit_boxes
from documents.search.query import parse
from tests.scenes import make_reading


def lines(*texts: str) -> list[dict]:
    return [stored_line(line) for line in make_reading(*texts).lines]


@pytest.mark.parametrize(
    ("typed", "boxes"),
    [
        ("world", [(60, 0, 110, 20), (0, 30, 50, 50)]),
        ("WORLD hello", [(0, 0, 50, 20), (60, 0, 110, 20), (0, 30, 50, 50)]),
        ("wor*", [(60, 0, 110, 20), (0, 30, 50, 50)]),
        ("wor", []),
        ("hello -world", [(0, 0, 50, 20)]),
        ('"hello world"', [(0, 0, 50, 20), (60, 0, 110, 20)]),
        ('"world world"', [(60, 0, 110, 20), (0, 30, 50, 50)]),
        ("helo", [(0, 0, 50, 20)]),
        ('"helo"', []),
        ("", []),
    ],
)  # fmt: skip
def test_it_lights_the_searched_words_top_down(typed, boxes):
    raw = lines("Hello world", "World peace")
    assert [tuple(box) for box in hit_boxes(parse(typed), raw, raw)] == boxes


def test_it_lights_the_line_when_only_the_corrected_text_has_the_word():
    raw = lines("the qnick fox", "and more")
    current = [raw[0] | {"text": "the quick fox"}, raw[1]]
    assert hit_boxes(parse("quick"), raw, current) == [list(raw[0]["box"])]


def test_it_lights_no_line_twice():
    raw = lines("ship", "no")
    assert hit_boxes(parse("ship"), raw, raw) == [list(raw[0]["words"][0]["box"])]


def test_it_lights_nothing_for_a_line_without_a_place():
    assert hit_boxes(parse("ship"), [], [{"text": "ship", "box": None}]) == []


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Café,", "cafe"),
        ("cafe", "café"),
        ("Straße", "STRASSE"),
        ("東京都", "京都"),
        ("がくせい", "がく"),
        ("йод", "йод"),
    ],
)
def test_it_lights_words_however_they_are_written(text, typed):
    raw = lines(text)
    assert len(hit_boxes(parse(typed), raw, raw)) == 1


def test_it_lights_both_halves_of_a_word_cut_at_a_lines_end():
    raw = lines("die Wirt-", "schaft")
    assert [tuple(box) for box in hit_boxes(parse("wirtschaft"), raw, raw)] == [(40, 0, 90, 20), (0, 30, 60, 50)]
