from __future__ import annotations

import pytest

from bench.reachable import mended_by_oracle, nearest_piece, pieces_of
from documents.correction.base import RawLine

TRUTH = "The letter came in the evening. We could hear the rain on the roof of Tebrauhaus, No. 17."


def mended(line: str) -> str:
    (found,) = mended_by_oracle([RawLine(line)], ["en"], TRUTH)
    return found


@pytest.mark.parametrize(
    ("line", "piece"),
    [("Wc could hcar the rain", "We could hear the rain"), ("in tbe evening", "in the evening"), ("roof", "roof"),
     ("hear the raim", "hear the rain"), ("xould hear the rain", "could hear the rain")],
)  # fmt: skip
def test_a_line_is_compared_with_the_piece_that_is_most_like_it(line, piece):
    assert nearest_piece(line, TRUTH) == piece


def test_each_word_has_its_own_piece_of_the_truth():
    line = "ofthe rnodern house"
    assert pieces_of(line, "of the modern house", [(0, 5), (6, 13), (14, 19)]) == ["of the", "modern", "house"]


@pytest.mark.parametrize(
    ("read", "best"),
    [
        ("We could hcar tho rain on", "We could hear the rain on"),
        ("We could bear the rain on", "We could hear the rain on"),  # a known word, but another one
        ("the roof of Tebrauhans, No. 17", "the roof of Tebrauhans, No. 17"),  # no list has that name
        ("the roof of Tebrauhaus, No. 71", "the roof of Tebrauhaus, No. 71"),  # nobody can tell a number
        ("xq zzrt pllkw mnbvc qwrtz", "xq zzrt pllkw mnbvc qwrtz"),  # beyond recognition
    ],
)
def test_the_oracle_puts_misread_words_right_that_the_lexicon_has_and_nothing_else(read, best):
    assert mended(read) == best


def test_a_line_in_a_language_without_a_lexicon_stays():
    assert mended_by_oracle([RawLine("Wc could hcar")], ["xx"], TRUTH) == ["Wc could hcar"]
