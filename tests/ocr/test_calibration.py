from __future__ import annotations

import math
from itertools import pairwise

import pytest

from documents.ocr.calibration import AGREED, DISPUTED, WORDS, along, kind_of, probability

CURVES = [AGREED, DISPUTED, *(curve for kinds in WORDS.values() for curve in kinds.values())]


@pytest.mark.parametrize(
    ("word", "kind"),
    [("house,", "known"), ("hovse", "unknown"), ("3rd", "number"), ("--", "sign"), ("hoUse", "unknown")],
)
def test_a_word_is_of_the_kind_that_its_characters_and_the_lexicon_say(word, kind):
    assert kind_of(word, lambda word: word.strip(",").lower() == "house") == kind


@pytest.mark.parametrize("curve", CURVES)
def test_more_confidence_never_means_less_probability(curve):
    assert all(x0 < x1 and y0 <= y1 for (x0, y0), (x1, y1) in pairwise(curve))
    assert all(0 <= y <= 1 for _x, y in curve)


def test_between_two_points_it_interpolates_and_beyond_the_ends_it_stays_level():
    curve = ((0.2, 0.1), (0.6, 0.5))
    assert [along(curve, figure) for figure in (0.0, 0.2, 0.4, 0.6, 1.0)] == [0.1, 0.1, 0.3, 0.5, 0.5]


def test_a_known_word_is_worth_more_than_an_unknown_one_at_the_same_confidence():
    assert probability(0.95, "rapidocr", "known") > probability(0.95, "rapidocr", "unknown")


@pytest.mark.parametrize(("confidence", "kept"), [(0.4, 0.4), (7.0, 1.0), (-1.0, 0.0), (math.nan, 0.0)])
def test_an_engine_that_was_never_measured_is_taken_at_its_word(confidence, kept):
    assert probability(confidence, "aspose", "known") == kept
