"""The piece of text that is shown of a page."""

from __future__ import annotations

import pytest

from documents.search.query import parse
from documents.search.snippets import snippet


def cut(typed: str, current: str, raw: str = "", title: str = ""):
    return snippet(parse(typed), current=current, raw=raw or current, title=title)


def test_it_marks_the_words_as_they_are_written():
    assert cut("STRASSE", "Die Straße war leer").text == "Die <mark>Straße</mark> war leer"


def test_it_says_from_which_text_it_is():
    assert cut("qnick", "the quick fox", "the qnick fox").layer == "raw"
    assert cut("quick", "the quick fox", "the qnick fox").layer == "current"


def test_it_shows_words_like_those_asked_for_and_says_so():
    found = cut("modern", "a modem")
    assert (found.text, found.is_near) == ("a <mark>modem</mark>", True)


def test_it_marks_every_word_of_a_phrase_and_nothing_else():
    assert cut('"a b"', "b a b c a").text == "b <mark>a</mark> <mark>b</mark> c a"


def test_it_marks_characters_where_words_are_not_set_apart():
    assert cut("京都", "私は東京都に住む").text == "私は東<mark>京都</mark>に住む"


def test_it_puts_words_cut_at_a_lines_end_together():
    assert "<mark>Wirtschaft</mark>" in cut("wirtschaft", "die Wirt-\nschaft").text


def test_it_cuts_a_long_text_around_the_words():
    text = cut("ship", "one " * 500 + "a ship came " + "two " * 500).text
    assert "<mark>ship</mark>" in text
    assert text.startswith("…")
    assert text.endswith("…")
    assert len(text) < 300


def test_it_cuts_a_long_text_without_gaps_too():
    text = cut("京都", "山" * 2000 + "京都" + "川" * 2000).text
    assert "<mark>京都</mark>" in text
    assert len(text) < 400


def test_it_shows_the_title_when_only_that_holds_the_word():
    assert cut("diary", "Hello", title="War diary").text == "War <mark>diary</mark> — Hello"


def test_it_shows_the_beginning_when_nothing_was_asked_for():
    assert cut("tag:x", "Hello world").text == "Hello world"


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "</mark><img src=x>", "&lt;b&gt; \x02\x03"])
def test_it_shows_hostile_text_as_text(hostile):
    text = cut("ship", f"ship {hostile} ahoy").text
    assert text.startswith("<mark>ship</mark> ")
    assert text.count("<") == 2
    assert cut("ship", "x", title=f"ship {hostile}").text.count("<") == 2


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("word " * 60, f"{'word ' * 37}word…"), ("a line that ends in emi-\ngrants", "a line that ends in emigrants"),
        ("東" * 300, f"{'東' * 192}…"), ("<b>", "&lt;b&gt;"),
    ],
)  # fmt: skip
def test_the_beginning_ends_with_a_whole_word(text, shown):
    found = cut("tag:maps -moon", text)
    assert (found.text, found.layer) == (shown, "")
