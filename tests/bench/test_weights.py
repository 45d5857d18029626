"""The weights of evidence: fitted on made-up words whose right answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from bench.correction import Passage
from bench.weights import Word, both, fitted, words_of
from documents.correction.evidence import OF_A_CANDIDATE, OF_THE_READING
from documents.correction.models import EMBEDDED_CHOICE

FREQUENCY, OPINION = OF_A_CANDIDATE.index("frequency"), OF_A_CANDIDATE.index("opinion")
BIAS = len(OF_A_CANDIDATE) + OF_THE_READING.index("bias")


def word(right: int, *, frequency: float = 0.0, opinion: float = 0.0, is_heard: bool = False, passage: int = 0) -> Word:
    candidates = np.zeros((2, len(OF_A_CANDIDATE)))
    candidates[0, FREQUENCY], candidates[0, OPINION] = frequency, opinion
    reading = np.zeros(len(OF_THE_READING))
    reading[0] = 1.0
    return Word("made-up", passage, reading, candidates, right, right > 0, False, is_heard, 1.0)


def test_a_figure_that_tells_the_right_one_weighs_and_others_do_not():
    weights = fitted([word(1, frequency=2.0)] * 30 + [word(0)] * 30, with_opinion=False)
    assert weights[FREQUENCY] > 1
    assert weights[OPINION] == pytest.approx(0, abs=1e-9)


def test_the_readings_own_weight_follows_how_often_it_is_right():
    often, seldom = (fitted([word(0)] * share + [word(1)] * (60 - share), with_opinion=False) for share in (50, 10))
    assert often[BIAS] > 0 > seldom[BIAS]


def test_an_opinion_counts_where_it_was_given_alone():
    heard = [word(1, opinion=2.0, is_heard=True), word(0, opinion=-2.0, is_heard=True)] * 30
    without, with_it = both([*heard, *[word(0)] * 20])
    assert without[OPINION] == pytest.approx(0, abs=1e-9)
    assert with_it[OPINION] > 0.5


def test_nothing_to_fit_on_is_said():
    with pytest.raises(ValueError, match="no words"):
        fitted([], with_opinion=False)


def test_words_of_a_passage_come_with_what_really_stands_there():
    text = "The ship lay in tbe harbour and the master wrote to his owners"
    passage = Passage([{"text": text, "confidence": None, "language": "en"}], text.replace("tbe", "the"))
    found = {one.is_wrong: one for one in words_of(passage, EMBEDDED_CHOICE, "made-up", 0) if not one.is_known}
    assert found[True].right > 0
    assert found[True].candidates.shape[1] == len(OF_A_CANDIDATE)
    assert found[True].reading.shape == (len(OF_THE_READING),)
