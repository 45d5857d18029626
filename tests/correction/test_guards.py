from __future__ import annotations

import pytest

from documents.correction.base import Candidate, Change
from documents.correction.guards import LARGE, SMALL, is_misread_number, is_proposal, is_prose, judge
from documents.correction.lexicon import lexicon_for

ENGLISH = lexicon_for("en")
FRAME = "we could hear the rain and {} in the old house"


def judged(raw: str, candidate: str, *, margin: float | None = 6.0, trust=SMALL, numbers="prose"):
    return judge(0, raw, Candidate(candidate, margin), lexicon=ENGLISH, trust=trust, numbers=numbers)


def in_a_line(before: str, after: str, **options) -> list[Change]:
    """Return the changes of a line of prose in which `before` was worded as `after`."""
    return judged(FRAME.format(before), FRAME.format(after), **options)[1]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Payrnent", "Payment"),
        ("qu1et", "quiet"),
        ("Inv0ice", "Invoice"),
        ("tbe", "the"),
        ("tlie", "the"),
        ("|", "I"),
        ("Adjus tment", "Adjustment"),
        ("ofwhich", "of which"),
        ("M~argate.", "Margate."),
    ],
)
def test_it_applies_a_repair_of_a_misreading(before: str, after: str):
    (change,) = in_a_line(before, after)
    assert (change.before, change.after, change.rule, change.applied) == (before, after, "repair", True)


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ("fox", "for", "known-word"),
        ("hut", "but", "known-word"),
        ("wrold", "worldl", "not-a-word"),
        ("GEDUNG", "GEDING", "not-a-word"),
        ("ISNT", "ISN'T", "capitals"),
        ("wrold", "word old", "too-far"),
        ("Tebrau", "February", "too-far"),
        ("n", "in", "too-short"),
        ("12345", "12346", "number"),
        ("1,200.00", "1.200,00", "number"),
        ("A1", "Al", "number"),
        ("1st", "1st of", "added"),
        ("rain", "", "removed"),
        ("naive", "naïve", "new-character"),
        ("5.00@", "5.00$", "symbol"),
        ("house", "house $", "added"),
    ],
)
def test_it_refuses_what_is_no_repair(before: str, after: str, rule: str):
    changes = in_a_line(before, after)
    assert [change.rule for change in changes] == [rule]
    assert not changes[0].applied


def test_it_keeps_the_line_when_all_changes_are_refused():
    assert judged("Bonjour le monde", "Bonjour le monder")[0] == "Bonjour le monde"
    assert judged("GEDUNG MAJU SDN BHD", "GEDING MAJU SDN BHD")[0] == "GEDUNG MAJU SDN BHD"


def test_it_applies_the_good_changes_of_a_line_and_refuses_the_bad_ones():
    raw = "tbe quick brown fox jumps over tlie lazy dog"
    text, changes = judged(raw, "the quick brown for jumps over the lazy dog")
    assert text == "the quick brown fox jumps over the lazy dog"
    assert [(change.before, change.applied) for change in changes] == [("tbe", True), ("fox", False), ("tlie", True)]


def test_it_offers_a_number_with_misread_letters_but_does_not_apply_it():
    (change,) = in_a_line("$1,23O.00", "$1,230.00")
    assert (change.rule, change.applied, is_proposal(change)) == ("misread-number", False, True)


def test_it_does_not_offer_another_number():
    (change,) = in_a_line("$1,230.00", "$1,280.00")
    assert not is_proposal(change)


def test_it_leaves_every_word_with_a_digit_alone_on_a_form():
    (change,) = in_a_line("qu1et", "quiet", numbers="frozen")
    assert not change.applied


@pytest.mark.parametrize(
    ("before", "after", "margin", "applied"),
    [
        ("tbe", "the", 3.0, False),
        ("tbe", "the", 3.8, True),
        ("Payrnent", "Payment", 3.8, False),
        ("Payrnent", "Payment", 4.5, True),
        ("house.'", "house.", 3.0, False),
        ("house.'", "house.", 5.0, True),
        ("house,", "house.", 9.0, False),
        ("tbe", "the", None, True),
        ("house'", "house.", None, False),
    ],
)
def test_it_wants_the_model_to_be_surer_of_names_and_of_punctuation(before, after, margin, applied):
    (change,) = in_a_line(before, after, margin=margin)
    assert change.applied is applied


@pytest.mark.parametrize("trust", [SMALL, LARGE])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("rain.", "rain"),
        ("was.", "was"),
        ("rain),", "rain,"),
        ("tbe.", "the,"),
        ("inst.", "inst"),
        ("PETRO.", "PETRO"),
        ("Petro-Chem", "PetroChem"),
        ("lettcr,", "lettcr"),
    ],
)
def test_it_takes_no_mark_from_the_end_of_a_word_nor_any_sign_from_an_unknown_one(before, after, trust):
    raw, wording = f"we could hear it {before} Then it rained", f"we could hear it {after} Then it rained"
    text, (change,) = judged(raw, wording, margin=50.0, trust=trust)
    assert (text, change.rule, is_proposal(change)) == (raw, "punctuation", True)


@pytest.mark.parametrize(("before", "after"), [("the.", "the"), ("were'.", "were"), ("a,", "a"), ("rain..", "rain.")])
def test_a_stain_behind_a_little_word_and_a_doubled_mark_are_taken_away(before, after):
    assert [change.applied for change in in_a_line(before, after, margin=50.0)] == [True]


def test_it_lets_a_large_model_go_further():
    assert [change.applied for change in in_a_line("cwmmorae", "commerce", trust=SMALL)] == [False]
    assert [change.applied for change in in_a_line("cwmmorae", "commerce", trust=LARGE)] == [True]


@pytest.mark.parametrize(
    ("raw", "candidate", "rule"),
    [
        ("the rain", "Here is the corrected text: the rain", "line-length"),
        ("the rain in the house", "the rain in the house the rain in the house", "line-length"),
        ("we could hear the rain", "an old dog saw a tiger", "line-distance"),
        ("we could hear the rain", "we could hear<|im_end|>", "markup"),
        ("we could hear the rain", "we could hear\nthe rain", "markup"),
        ("we could hear the rain", "```could hear the rain", "markup"),
    ],
)
def test_it_refuses_a_whole_line_that_ran_away(raw: str, candidate: str, rule: str):
    text, (change,) = judged(raw, candidate)
    assert text == raw
    assert (change.rule, change.applied, is_proposal(change)) == (rule, False, False)


@pytest.mark.parametrize(
    ("line", "prose"),
    [
        ("Payrnent is due within thirty days of receipt.", True),
        ("GEDUNG MAJU SDN BHD", False),
        ("Bonjour le monde", False),
        ("Total 1,230.00 12.5 998 10-11", False),
        ("for the 12 34 56 78 90 11 12", False),
        ("", False),
    ],
)
def test_it_takes_only_running_text_of_the_language_for_prose(line: str, prose: bool):
    assert is_prose(line, ENGLISH) is prose


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [("1,23O.00", "1,230.00", True), ("l2.5O", "12.50", True), ("1.20", "1.30", False), ("lO", "10", False)],
)
def test_it_knows_which_letters_look_like_digits(before: str, after: str, same: bool):
    assert is_misread_number(before, after) is same
