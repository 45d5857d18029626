from __future__ import annotations

import numpy as np
import pytest

from documents.correction.contexts import Contexts, contexts_for, tokens
from training.contexts import counted

TEXT = "the cat sat on the mat. the cat ran. a dog ran on the road. " * 20


@pytest.fixture
def contexts(tmp_path):
    np.savez_compressed(tmp_path / "xx.npz", **counted(TEXT))
    return Contexts(tmp_path / "xx.npz")


def test_a_word_gains_behind_one_that_it_often_follows(contexts):
    assert contexts.gain("the", "cat") > 1
    assert contexts.gain("cat", "sat") > contexts.gain("on", "the") > 0


def test_it_loses_behind_a_frequent_one_that_it_never_follows(contexts):
    assert contexts.gain("the", "ran") < 0


def test_nothing_is_told_of_unknown_words(contexts):
    assert contexts.gain("elephant", "cat") == 0


def test_tokens_are_words_in_lower_case_and_signs():
    assert tokens("The cat’s mat, 12 dogs; we ran!") == ["the", "cat's", "mat", ",", "dogs", ".", "we", "ran", "."]


@pytest.mark.parametrize(
    ("language", "first", "likely", "unlikely"),
    [("en", "of", "the", "he"), ("de", "in", "der", "wer"), ("fr", "de", "la", "le"), ("es", "de", "la", "lo"),
     ("cs", "se", "na", "ne"), ("da", "til", "at", "af")],
)  # fmt: skip
def test_every_language_of_the_model_has_its_statistics(language, first, likely, unlikely):
    found = contexts_for(language)
    assert found is not None and found.gain(first, likely) > found.gain(first, unlikely)


def test_a_language_without_statistics_has_none():
    assert contexts_for("xx") is None
