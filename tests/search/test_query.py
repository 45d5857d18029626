"""What people type, taken apart."""

from __future__ import annotations

import random

import pytest

from documents.search.query import MAX_TERMS, Term, bigrams, fold, parse, words_of

LISTED = [
    "", " ", '"', '""', "it's", "C++", "1.1", "foo:bar", "-x", "-", "--", "%", "(", ")", "AND", "OR", "NOT",
    "NEAR(a b)", "*", "a*", '"*', "^a", "{a b}:c", "current:x", "a\0b", "\0", "\ud800", "\x02",
    "'; DROP TABLE page_fts; --", "\\", "''", '"open', '-"not this"', "½", "😀", "\u202e", "ﷺ",
    "a" * 100_000, "x " * 50_000, '"' * 999,
]  # fmt: skip
"""Inputs that break an FTS5 query when they reach it as they are, or that have broken others' searches."""

_LETTERS = "aAéßñйが한京ﬁ½\u0301 \t\n\"'*-+:^(){}[]%_\\/.,;0\0\x02\x7f\u202e\ud800😀"


def random_queries(count: int = 300) -> list[str]:
    """Return that many pseudo-random inputs, the same every time."""
    dice = random.Random(1914)
    return ["".join(dice.choices(_LETTERS, k=dice.randrange(40))) for _ in range(count)]


@pytest.mark.parametrize("typed", LISTED, ids=range(len(LISTED)))
def test_it_takes_whatever_people_type(typed):
    assert len(parse(typed).terms) <= MAX_TERMS


def test_it_takes_any_random_input():
    for typed in random_queries():
        assert all(word for term in parse(typed).terms for word in term.words)


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("Hello world", [Term(("hello",)), Term(("world",))]),
        ('"hello world"', [Term(("hello", "world"))]),
        ('"hello world', [Term(("hello", "world"))]),
        ("arch*", [Term(("arch",), is_prefix=True)]),
        ("ar*", [Term(("ar",))]),
        ('"arch*"', [Term(("arch",))]),
        ("a -b", [Term(("a",)), Term(("b",), is_excluded=True)]),
        ('"-b"', [Term(("b",))]),
        ("it's", [Term(("it", "s"))]),
        ("1.234,50", [Term(("1", "234", "50"))]),
        ("a a A", [Term(("a",))]),
        ("a\0b", [Term(("a",)), Term(("b",))]),
        ("Straße STRASSE", [Term(("strasse",))]),
        ("AND", [Term(("and",))]),
        ("ﬁnal", [Term(("final",))]),
        ("+ - * :", []),
    ],
)  # fmt: skip
def test_it_finds_the_terms(typed, terms):
    assert list(parse(typed).terms) == terms


@pytest.mark.parametrize(
    ("typed", "hint"),
    [("a", ""), ("a b c d e f g h i j k", "long"), ("a" * 201, "long"), ("-a -b", "only_excluded"), ("", "")],
)
def test_it_hints_at_what_was_left_out(typed, hint):
    assert parse(typed).hint == hint


@pytest.mark.parametrize(("typed", "asks"), [("a", True), ("a -b", True), ("-b", False), ("", False), ("+", False)])
def test_it_asks_for_something_only_when_a_word_is_wanted(typed, asks):
    assert bool(parse(typed)) is asks


@pytest.mark.parametrize(
    ("text", "folded"), [("CAFÉ", "cafe"), ("Straße", "strasse"), ("ﬁn", "fin"), ("ＡＢＣ", "abc"), ("İ", "i")]
)
def test_it_compares_without_case_and_accents(text, folded):
    assert fold(text) == folded


def test_it_finds_words_between_signs():
    assert words_of("Hello, world! (1914-18) a_b") == ["hello", "world", "1914", "18", "a", "b"]


@pytest.mark.parametrize(("text", "pairs"), [("東京都", "東京 京都"), ("京", "京"), ("a 東京 b 大阪", "東京 大阪"), ("abc", "")])
def test_it_pairs_characters_of_scripts_without_spaces(text, pairs):
    assert bigrams(text) == pairs
