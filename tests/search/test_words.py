"""Words as the index holds them."""

from __future__ import annotations

import pytest

from documents.search.words import bigrams, fold, joined, placed_words, plain, words_of


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("CAFÉ", "cafe"), ("Straße", "strasse"), ("ﬁn", "fin"), ("ＡＢＣ", "abc"), ("İ", "i"), ("ſ", "s"), ("Œuvre", "oeuvre"),
        ("Ægir", "aegir"), ("Łódź", "lodz"), ("ёлка", "елка"), ("がく", "がく"), ("한국", "한국"),
    ],
)  # fmt: skip
def test_it_compares_without_case_and_accents(text, folded):
    assert fold(text) == folded


def test_it_finds_words_between_signs():
    assert words_of("Hello, world! (1914-18) a_b") == ["hello", "world", "1914", "18", "a", "b"]


@pytest.mark.parametrize("text", ["Hello, world! (1914-18) a_b", "Ça va: «bien», n'est-ce pas?"])
def test_the_index_is_given_the_words_alone(text):
    assert plain(text) == " ".join(words_of(text))


@pytest.mark.parametrize(
    ("text", "pairs"), [("東京都", "東京 京都"), ("京", "京"), ("a 東京 b 大阪", "東京 大阪"), ("abc", "")]
)
def test_it_pairs_characters_of_scripts_without_spaces(text, pairs):
    assert bigrams(text) == pairs


@pytest.mark.parametrize(
    ("text", "whole", "halves"),
    [
        ("die Wirt-\nschaft ist", "die Wirtschaft ist", "Wirt schaft"),
        ("a soft\u00ad\n  hyphen", "a softhyphen", "soft hyphen"),
        ("well-known", "well-known", ""),
        ("pages 12-\n14", "pages 12-\n14", ""),
    ],
)
def test_it_joins_words_cut_at_a_lines_end(text, whole, halves):
    assert joined(text) == (whole, halves)


def test_it_knows_where_words_stand():
    assert list(placed_words("Ein ½ Fuß")) == [("ein", 0, 3), ("1", 4, 5), ("2", 4, 5), ("fuss", 6, 9)]
