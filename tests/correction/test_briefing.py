from __future__ import annotations

import math

from documents.correction.base import RawLine, RawWord
from documents.correction.briefing import brief_of
from documents.correction.lexicon import lexicon_for

ENGLISH = lexicon_for("en")


def frozen(line: RawLine) -> list[str]:
    (held,) = brief_of([line], [0], ENGLISH, "prose").held
    return [line.text[one.start : one.end] for one in held if one.nats == math.inf]


def test_known_words_among_known_words_are_frozen_and_those_beside_a_doubtful_one_are_not():
    assert frozen(RawLine("we could hear the rain and tbe old dog in the house")) == [
        "we could hear the rain",
        "dog in the house",
    ]


def test_a_word_with_a_sign_stays_open_for_the_sign():
    assert frozen(RawLine("the house, the rain")) == ["the", "the rain"]


def test_an_unknown_word_that_the_engines_are_sure_of_is_taken_for_a_name():
    line = RawLine("the house of Tebrau was old", None, (RawWord(13, 19, 0.97),))
    assert frozen(line) == ["the house of Tebrau was old"]
    assert frozen(RawLine(line.text, None, (RawWord(13, 19, 0.7),))) == ["the house", "old"]
