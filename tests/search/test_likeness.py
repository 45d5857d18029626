"""Words that OCR or people write for one another."""

from __future__ import annotations

import pytest

from documents.search.likeness import distance, key


@pytest.mark.parametrize(
    ("right", "read"),
    [
        ("modern", "modem"), ("hello", "he11o"), ("office", "0ffice"), ("clear", "dear"), ("house", "housc"), ("wave", "vvave"),
        ("minimum", "mimimum"), ("register", "regisler"), ("parish", "parlsh"), ("archive", "archieve"), ("letter", "leter"),
        ("government", "govermnent"), ("1914", "19l4"),
    ],
)  # fmt: skip
def test_these_are_near(right, read):
    assert distance(right, read) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ship", "boat"),
        ("1914", "1915"),
        ("1914", "1941"),
        ("cat", "car"),
        ("house", "mouth"),
        ("register", "minister"),
    ],
)
def test_these_are_not(one, other):
    assert distance(one, other) is None


def test_letters_that_look_alike_have_one_key():
    assert key("modern") == key("modem") == key("m0dern")


def test_what_looks_alike_is_nearer_than_what_is_spelt_alike():
    assert distance("house", "housc") < distance("house", "mouse")
