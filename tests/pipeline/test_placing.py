"""Where words and changes stand once a line has been worded anew."""

from __future__ import annotations

import pytest

from documents.models import Edit, EditState
from documents.pipeline.placing import place_edits, place_words, worded

RAW = "the qnick brovvn fox"


def known(*texts: str) -> list[dict]:
    """Return stored words, each 10 px per character wide, a gap of 10 px between."""
    words, left = [], 0
    for text in texts:
        words.append({"text": text, "box": [left, 0, left + 10 * len(text), 20], "confidence": 0.5})
        left += 10 * len(text) + 10
    return words


def boxes(text: str, *texts: str) -> list[list[int] | None]:
    return [word.box for word in place_words(text, known(*texts))]


def edit(start: int, end: int, after: str, state: str = EditState.APPLIED, raw: str = RAW) -> Edit:
    return Edit(start=start, end=end, before=raw[start:end], after=after, state=state)


def seen(text: str, *edits: Edit) -> list[str]:
    return [text[change.start : change.end] for change in place_edits(text, RAW, list(edits))]


def test_each_word_keeps_its_place():
    assert boxes("the fox", "the", "fox") == [[0, 0, 30, 20], [40, 0, 70, 20]]


def test_a_word_that_was_reworded_keeps_its_place_and_is_not_the_same_any_more():
    words = place_words("the box", known("the", "fox"))
    assert [(word.box[0], word.is_same) for word in words] == [(0, True), (40, False)]


def test_words_that_were_run_together_share_their_place_by_length():
    assert boxes("carried out now", "carriedout", "now") == [[0, 0, 70, 20], [70, 0, 100, 20], [110, 0, 140, 20]]


def test_a_joined_word_takes_the_place_of_both_halves():
    assert boxes("restaurant", "rest", "aurant") == [[0, 0, 110, 20]]


def test_a_word_that_was_put_in_has_no_place():
    assert boxes("the old fox", "the", "fox")[1] is None


def test_what_is_not_known_has_no_place():
    assert boxes(
        "all new",
    ) == [None, None]


def test_other_readings_go_with_their_word():
    words = known("tbe", "fox")
    words[0]["alternatives"] = [{"text": "the", "engine": "tesseract", "confidence": 0.8, "words": 1}]
    assert [len(word.alternatives) for word in place_words("tbe fox", words)] == [1, 0]


def test_a_line_that_a_person_left_settles_what_he_wrote_and_what_he_vouched_for():
    words = worded("the box runs", {"text": "the fox runs", "box": [0, 0, 99, 20]}, known("the", "fox", "runs"), {2})
    assert [word.get("settled", False) for word in words] == [False, True, True]


def test_what_was_settled_stays_settled():
    first = worded("the fox", {"text": "the fox"}, known("the", "fox"), {0})
    again = worded("the fox!", {"text": "the fox", "words": first}, first, set())
    assert [word.get("settled", False) for word in again] == [True, True]


def test_a_word_that_was_put_in_gets_the_place_of_its_line():
    words = worded("the old fox", {"text": "the fox", "box": [0, 0, 70, 20]}, known("the", "fox"), ())
    assert words[1]["box"] == [0, 0, 70, 20]


def test_it_finds_what_the_model_changed():
    assert seen("the quick brovvn fox", edit(4, 9, "quick")) == ["quick"]


def test_it_finds_several_changes_in_the_order_of_the_line():
    assert seen("the quick brown fox", edit(10, 16, "brown"), edit(4, 9, "quick")) == ["quick", "brown"]


@pytest.mark.parametrize("state", [EditState.PROPOSED, EditState.REJECTED])
def test_a_change_that_was_not_made_stands_at_the_raw_words(state):
    assert seen(RAW, edit(4, 9, "quick", state)) == ["qnick"]


def test_it_finds_the_place_where_something_was_taken_away():
    assert seen("the brovvn fox", edit(3, 9, "")) == [""]


def test_it_finds_a_change_beside_what_a_person_worded_anew():
    assert seen("A quick brown fox ran", edit(4, 9, "quick")) == ["quick"]


def test_it_leaves_out_what_a_person_has_worded_over():
    assert seen("the quiet brovvn fox", edit(4, 9, "quick")) == []


def test_it_takes_the_first_of_two_changes_that_overlap():
    assert seen("the quick brovvn fox", edit(4, 9, "quick"), edit(6, 12, "nothing")) == ["quick"]


MISFITS = [edit(90, 99, "far away"), edit(4, 99, "quick"), edit(4, 9, "x", raw="not this line")]


@pytest.mark.parametrize("misfit", MISFITS)
def test_it_leaves_out_changes_that_are_not_of_this_line(misfit):
    assert seen(RAW, misfit) == []
