from __future__ import annotations

import pytest

from documents.correction.alignment import Edit, apply_edits, edits_between

PAIRS = [
    ("tbe rain", "the rain"),
    ("the Adjus tment of it", "the Adjustment of it"),
    ("ofthe house", "of the house"),
    ("The house was qu1et and |  could hear tbe rain.", "The house was quiet and I could hear the rain."),
    ("one two three", "two three"),
    ("two three", "one two three"),
    ("one three", "one two three"),
    ("one two", "one two three"),
    ("a b c", "x y z w"),
    ("", "all new"),
    ("all gone", ""),
    ("  indented  tbe  line ", "indented the line"),
    ("same", "same"),
]


@pytest.mark.parametrize(("raw", "candidate"), PAIRS)
def test_it_gives_offsets_from_which_the_candidate_can_be_made(raw: str, candidate: str):
    edits = edits_between(raw, candidate)
    assert all(raw[edit.start : edit.end] == edit.before for edit in edits)
    assert all(left.end <= right.start for left, right in zip(edits, edits[1:]))
    assert apply_edits(raw, edits).split() == candidate.split()


def test_it_gives_one_edit_per_misread_word():
    assert edits_between("tbe qu1et rain", "the quiet rain") == [
        Edit(0, 3, "tbe", "the"),
        Edit(4, 9, "qu1et", "quiet"),
    ]


def test_it_keeps_words_together_that_were_torn_apart():
    assert edits_between("the Adjus tment of", "the Adjustment of") == [Edit(4, 15, "Adjus tment", "Adjustment")]


def test_it_finds_nothing_in_other_spacing():
    assert edits_between("one  two ", "one two") == []
