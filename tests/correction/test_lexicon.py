from __future__ import annotations

import pytest

from documents.correction.lexicon import guess_language, lexicon_for


@pytest.mark.parametrize("word", ["house", "House,", "“HOUSE”", "don’t", "Thomas's", "well-known", "I", "a"])
def test_it_knows_a_word_whatever_stands_around_it(word: str):
    assert lexicon_for("en").knows(word)


@pytest.mark.parametrize("word", ["tbe", "tlie", "tho", "ofthe", "Payrnent", "wrold", "n", "12", "--", "", "x-house"])
def test_it_does_not_know_misreadings_numbers_and_lone_letters(word: str):
    assert not lexicon_for("en").knows(word)


def test_it_knows_the_one_letter_words_of_each_language():
    assert lexicon_for("fr").knows("à") and lexicon_for("es").knows("y")
    assert not lexicon_for("en").knows("à")


def test_it_has_no_lexicon_for_a_language_that_nobody_listed():
    assert lexicon_for("xx") is None
    assert lexicon_for("") is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The prisoner was brought before the court on Monday morning.", "en"),
        ("Le conseil a décidé de remettre la séance à une date ultérieure.", "fr"),
        ("Der Ausschuss hat in seiner letzten Sitzung beschlossen, das Haus zu verkaufen.", "de"),
        ("Total 12.50", ""),
        ("", ""),
    ],
)
def test_it_guesses_the_language_of_a_passage_and_of_nothing_shorter(text: str, language: str):
    assert guess_language(text) == language
