"""What people type, taken apart."""

from __future__ import annotations

import random

import pytest

from documents.search.query import MAX_PARTS, All, Any, Filter, Not, Query, Term, parse, with_field, without_field

LISTED = [
    "", " ", '"', '""', "it's", "C++", "1.1", "foo:bar", "-x", "-", "--", "%", "(", ")", "AND", "OR", "NOT",
    "NEAR(a b)", "*", "a*", '"*', "^a", "{a b}:c", "current:x", "a\0b", "\0", "\ud800", "\x02",
    "'; DROP TABLE page_fts; --", "\\", "''", '"open', '-"not this"', "½", "😀", "\u202e", "ﷺ",
    "a OR", "OR a", "a AND OR b", "NOT NOT a", "NOT (", "((((a", "a))))", "-(a", "a OR NOT b", "(a OR b) -(c d)",
    "tag:", "tag:\"", "date:x", "date:..", "date:9999", "date:0000", "date:2024-13", "lang:xx", "status:odd", "doc:x",
    "doc:" + "9" * 30, "title:+", "tag:a OR b", "(tag:a b) OR c", "-tag:a", "NOT (tag:a OR lang:en)", "'a' | 'b' & !'c'",
    "NOT " * 99, "-" * 99 + "a", "(" * 400, "a" * 100_000, "x " * 50_000, '"' * 999,
]  # fmt: skip
"""Inputs that break a query of FTS5 or PostgreSQL when they reach it as they are, or that have broken others' searches."""

_LETTERS = "aAéßñйが한京ﬁ½\u0301 \t\n\"'*-+:^(){}[]%_\\/.,;0\0\x02\x7f\u202e\ud800😀"
_WORDS = ["AND", "OR", "NOT", "(", ")", "a", "bc", '"d e"', "tag:x", "-f", "lang:en", "gh*", "date:2024", "京都", "-("]


def random_queries(count: int = 300) -> list[str]:
    """Return that many pseudo-random inputs, the same every time: letters thrown together, and words of the language."""
    dice = random.Random(1914)
    letters = ["".join(dice.choices(_LETTERS, k=dice.randrange(40))) for _ in range(count // 2)]
    return letters + [" ".join(dice.choices(_WORDS, k=dice.randrange(12))) for _ in range(count // 2)]


def term(*words: str, **how: bool) -> Term:
    return Term(words, **how)


A, B, C = term("a"), term("b"), term("c")


@pytest.mark.parametrize("typed", LISTED, ids=range(len(LISTED)))
def test_it_takes_whatever_people_type(typed):
    assert len(parse(typed).terms) <= MAX_PARTS


def test_it_takes_any_random_input():
    for typed in random_queries():
        assert all(word for term in parse(typed).terms for word in term.words)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("Hello", term("hello")),
        ("Hello world", All((term("hello"), term("world")))),
        ('"hello world"', term("hello", "world", is_exact=True)),
        ('"hello world', term("hello", "world", is_exact=True)),
        ("arch*", term("arch", is_prefix=True)),
        ("ar*", term("ar")),
        ('"arch*"', term("arch", is_exact=True)),
        ("a -b", All((A,), (B,))),
        ("a NOT b", All((A,), (B,))),
        ("a AND b", All((A, B))),
        ("a OR b", Any((A, B))),
        ("a b OR c", Any((All((A, B)), C))),
        ("a (b OR c)", All((A, Any((B, C))))),
        ("a -(b OR c)", All((A,), (Any((B, C)),))),
        ("a NOT (b c)", All((A,), (All((B, C)),))),
        ("NOT NOT a", A),
        ('"-b"', term("b", is_exact=True)),
        ("it's", term("it", "s")),
        ("1.234,50", term("1", "234", "50")),
        ("a a A", A),
        ("a\0b", All((A, B))),
        ("Straße STRASSE", term("strasse")),
        ("and", term("and")),
        ('"AND"', term("and", is_exact=True)),
        ("ﬁnal", term("final")),
        ("foo:bar", term("foo", "bar")),
        ("+ - * :", None),
    ],
)  # fmt: skip
def test_it_finds_out_what_the_page_must_hold(typed, text):
    assert parse(typed).text == text


@pytest.mark.parametrize(
    ("typed", "filters"),
    [
        ("tag:maps", (Filter("tag", "maps"),)),
        ('Tag:"old maps" ship', (Filter("tag", "old maps"),)),
        ("-tag:maps", (Not(Filter("tag", "maps")),)),
        ("tag:a lang:en", (Filter("tag", "a"), Filter("lang", "en"))),
        ("tag:a OR lang:en", (Any((Filter("tag", "a"), Filter("lang", "en"))),)),
        ("date:2024..2025", (Filter("date", "2024..2025"),)),
        ("tag:maps -a -b", (Filter("tag", "maps"), Not(A), Not(B))),
        ("-(a b)", (Not(All((A, B))),)),
        ("ship", ()),
    ],
)
def test_it_finds_out_what_the_document_must_be(typed, filters):
    assert parse(typed).filters == filters


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("x " * 30, "first 20 words"), ("+", "letters or digits"),
        ("a OR NOT b", "wanted word at its side"), ("(a b", "not closed"), ("a)", "never opened"), ("a OR", "stand between"),
        ("colour:red", "no field called colour"), ("ship OR tag:a", "narrow down"),
    ],
)  # fmt: skip
def test_it_hints_at_what_it_did_not_understand(typed, hint):
    assert any(hint in sentence for sentence in parse(typed).hints)


@pytest.mark.parametrize("typed", ["a", "", "a b", "a OR b", "tag:a", '"a b" -c', "-a -b", "-a OR -b", "http://example.org/x"])
def test_it_hints_at_nothing_when_all_is_clear(typed):
    assert parse(typed).hints == ()


@pytest.mark.parametrize(("typed", "asks"), [("a", True), ("a -b", True), ("tag:x", True), ("-b", True), ("+", False)])
def test_it_asks_for_something_only_when_something_is_wanted(typed, asks):
    assert bool(parse(typed)) is asks


def test_words_and_fields_that_are_alternatives_are_both_kept():
    query = parse("ship OR tag:a")
    assert (query.text, query.filters) == (term("ship"), (Filter("tag", "a"),))


def test_it_knows_the_wanted_terms_in_order():
    assert parse("b (a OR c) -d").terms == (B, A, C)
    assert Query().terms == ()


@pytest.mark.parametrize(
    ("typed", "name", "value", "longer"),
    [
        ("ship", "tag", "maps", "ship tag:maps"),
        ("", "tag", "old maps", 'tag:"old maps"'),
        ("a", "date", "2024", "a date:2024"),
    ],
)
def test_a_field_can_be_added_and_taken_away(typed, name, value, longer):
    assert with_field(typed, name, value) == longer
    assert without_field(longer, name, value) == typed
