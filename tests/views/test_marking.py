"""A line cut into pieces: what the model changed, and what it would like to."""

from __future__ import annotations

import pytest

from documents.models import Edit, EditState, Layer
from documents.pipeline.texts import add_text, stored_line
from documents.views import marking
from documents.views.marking import parts_of, shown_lines
from tests.scenes import make_document, make_line, make_read_page, make_reading

RAW = "the qnick brovvn fox"


def edit(start: int, end: int, after: str, state: str = EditState.APPLIED, **fields) -> Edit:
    return Edit(start=start, end=end, before=RAW[start:end], after=after, state=state, **fields)


def pieces(text: str, *edits: Edit) -> list[tuple[str, bool]]:
    return [(part.text, part.edit is not None) for part in parts_of(RAW, text, list(edits))]


def test_it_marks_what_the_model_changed():
    marked = pieces("the quick brovvn fox", edit(4, 9, "quick"))
    assert marked == [("the ", False), ("quick", True), (" brovvn fox", False)]


def test_it_marks_edits_in_the_order_of_the_line():
    marked = pieces("the quick brown fox", edit(10, 16, "brown"), edit(4, 9, "quick"))
    assert marked == [("the ", False), ("quick", True), (" ", False), ("brown", True), (" fox", False)]


@pytest.mark.parametrize("state", [EditState.PROPOSED, EditState.REJECTED])
def test_it_leaves_the_raw_words_where_an_edit_was_not_applied(state):
    assert ("qnick", True) in pieces(RAW, edit(4, 9, "quick", state))


def test_it_marks_what_a_person_accepted():
    assert ("quick", True) in pieces("the quick brovvn fox", edit(4, 9, "quick", EditState.ACCEPTED))


def test_it_marks_the_place_where_something_was_taken_away():
    assert pieces("the brovvn fox", edit(4, 10, "")) == [("the ", False), ("", True), ("brovvn fox", False)]


def test_it_takes_the_first_of_two_edits_that_overlap():
    marked = pieces("the quick brovvn fox", edit(4, 9, "quick"), edit(6, 12, "nothing"))
    assert marked == [("the ", False), ("quick", True), (" brovvn fox", False)]


@pytest.mark.parametrize("misfit", [edit(4, 9, "slow"), edit(90, 99, "far away"), edit(4, 99, "quick")])
def test_it_leaves_a_line_in_one_piece_when_its_edits_do_not_fit(misfit):
    assert pieces("the quick brovvn fox", misfit) == [("the quick brovvn fox", False)]


def test_it_has_no_lines_of_a_page_that_has_not_been_read(db, alice):
    assert shown_lines(make_document(alice).pages.get()) == []


def test_it_marks_lines_that_the_engine_was_not_sure_of(db, alice):
    page = make_document(alice).pages.get()
    lines = [*make_reading("clear").lines, make_line("blurred", top=30, confidence=0.5)]
    add_text(page, Layer.OCR, [stored_line(line) for line in lines], made_by="fake 1.0")
    assert [line["doubtful"] for line in shown_lines(page)] == [False, True]


def corrected_page(owner):
    """Return a page of two lines of which the model has corrected the first."""
    page = make_read_page(owner, RAW, "lazy dog")
    words = ["the quick brovvn fox", "lazy dog"]
    lines = [line | {"text": text} for line, text in zip(page.current.lines, words, strict=True)]
    text = add_text(page, Layer.LLM, lines, made_by="fake-model")
    change = edit(4, 9, "quick", text=text, line=0)
    change.save()
    return page


def test_it_shows_the_models_changes_in_their_line(db, alice):
    first, second = shown_lines(corrected_page(alice))
    assert [part.text for part in first["parts"]] == ["the ", "quick", " brovvn fox"]
    assert first["raw"] == RAW
    assert [(part.text, part.edit) for part in second["parts"]] == [("lazy dog", None)]


def test_it_marks_nothing_in_a_line_that_a_person_has_worded_anew(db, alice):
    page = corrected_page(alice)
    lines = [page.current.lines[0] | {"text": "the quick brown fox"}, page.current.lines[1]]
    add_text(page, Layer.HUMAN, lines, made_by="alice", author=alice)
    first = shown_lines(page)[0]
    assert [(part.text, part.edit) for part in first["parts"]] == [("the quick brown fox", None)]
    assert first["raw"] == RAW


def test_it_shows_a_line_that_a_person_added(db, alice):
    page = make_read_page(alice, "Hello")
    add_text(page, Layer.HUMAN, [{"text": "New", "box": None, "confidence": None}], made_by="alice", author=alice)
    (line,) = shown_lines(page)
    assert (line["text"], line["raw"], line["doubtful"]) == ("New", "", False)


def test_what_other_engines_read_is_told_place_by_place():
    other = {"text": "the", "engine": "tesseract", "confidence": 0.8, "words": 1}
    words = [{"text": "tbe", "alternatives": [other]}, {"text": "letter"}]
    assert marking.other_readings({"words": words}) == "tbe / the (tesseract)"
    assert marking.other_readings({"words": words[1:]}) == ""
