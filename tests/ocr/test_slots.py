from __future__ import annotations

from documents.ocr.base import Word
from documents.ocr.slots import slots_of, text_of


def words(text: str) -> list[Word]:
    return [Word(word, (0, 0, 10, 10), 0.9) for word in text.split()]


def pairs(ours: str, theirs: str) -> list[tuple[str, str]]:
    return [(text_of(slot.ours), text_of(slot.theirs)) for slot in slots_of(words(ours), words(theirs))]


def test_words_stand_beside_their_like():
    assert pairs("the hovse is old", "the house is 0ld") == [
        ("the", "the"), ("hovse", "house"), ("is", "is"), ("old", "0ld"),
    ]  # fmt: skip


def test_a_lost_blank_puts_several_words_into_one_place():
    assert pairs("Widget alpha3 $100.00", "Widget alpha 3 $100.00") == [
        ("Widget", "Widget"), ("alpha3", "alpha 3"), ("$100.00", "$100.00"),
    ]  # fmt: skip


def test_what_only_one_side_has_stands_alone():
    assert ("", "new") in pairs("one two", "one new two")
    assert ("old", "") in pairs("one old two", "one two")


def test_together_the_places_hold_every_word_of_both_sides():
    ours, theirs = words("a b cd e"), words("ab c de f")
    slots = slots_of(ours, theirs)
    assert [word for slot in slots for word in slot.ours] == ours
    assert [word for slot in slots for word in slot.theirs] == theirs


def test_beside_nothing_each_word_has_a_place_of_its_own():
    assert pairs("one two", "") == [("one", ""), ("two", "")]
    assert pairs("", "one") == [("", "one")]
