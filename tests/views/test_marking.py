"""The lines of a page as the review desk needs them: words with places, changes of the model."""

from __future__ import annotations

import pytest

from documents.correction.rewordings import Doubtful
from documents.models import Edit, EditState, Layer, latest_reading
from documents.pipeline.texts import add_text
from documents.views.marking import doubtful_words, shown_lines
from tests.scenes import make_document, make_read_page

pytestmark = pytest.mark.django_db
RAW = "the qnick brovvn fox"


def shown(page):
    return shown_lines(page, latest_reading(page))


def corrected_page(owner):
    """Return a page of two lines of which the model has corrected the first."""
    page = make_read_page(owner, RAW, "lazy dog")
    words = ["the quick brovvn fox", "lazy dog"]
    lines = [line | {"text": text} for line, text in zip(page.current.lines, words, strict=True)]
    for line in lines:
        del line["words"]  # as the corrector stores them
    text = add_text(page, Layer.LLM, lines, made_by="fake-model")
    Edit.objects.create(
        text=text, line=0, start=4, end=9, before="qnick", after="quick", margin=3.5, rule="repair",
        state=EditState.APPLIED,
    )  # fmt: skip
    return page


def test_it_has_no_lines_of_a_page_that_has_not_been_read(alice):
    assert shown(make_document(alice).pages.get()) == []


def test_it_gives_every_word_its_place_and_its_probability(alice):
    (line,) = shown(make_read_page(alice, "Hello world"))
    assert line["words"] == [[0, 5, [0, 0, 50, 20], 0.89, 0], [6, 11, [60, 0, 110, 20], 0.89, 0]]


def test_it_gives_the_model_s_changes_with_their_reasons(alice):
    first, second = shown(corrected_page(alice))
    (change,) = first["edits"]
    assert (change["start"], change["end"], change["before"], change["after"]) == (4, 9, "qnick", "quick")
    assert (change["margin"], change["rule"], change["state"]) == (3.5, "repair", "applied")
    assert first["raw"] == RAW
    assert second["edits"] == []


def test_a_corrected_word_keeps_the_place_of_the_word_that_was_read(alice):
    first = shown(corrected_page(alice))[0]
    assert first["words"][1][:3] == [4, 9, [40, 0, 90, 20]]


def test_a_change_is_still_seen_when_a_person_worded_another_part_of_the_line(alice):
    page = corrected_page(alice)
    lines = [page.current.lines[0] | {"text": "the quick brown fox"}, page.current.lines[1]]
    add_text(page, Layer.HUMAN, lines, made_by="alice", author=alice)
    assert len(shown(page)[0]["edits"]) == 1


def test_other_readings_come_with_their_word(alice):
    page = make_read_page(alice, "tbe letter")
    reading = latest_reading(page)
    other = {"text": "the", "engine": "tesseract", "confidence": 0.8, "words": 1}
    reading.lines[0]["words"][0]["alternatives"] = [other]
    assert shown_lines(page, reading)[0]["words"][0][5:] == []  # the current text is its own row
    page.current = reading
    assert shown_lines(page, reading)[0]["words"][0][5:] == [["the", "tesseract", 0.8, 1]]


def test_it_shows_a_line_that_a_person_added(alice):
    page = make_read_page(alice, "Hello")
    add_text(page, Layer.HUMAN, [{"text": "New", "box": None, "confidence": None}], made_by="alice", author=alice)
    (line,) = shown(page)
    assert (line["text"], line["raw"], line["words"]) == ("New", "", [[0, 3, None, None, 0]])


def test_the_desk_asks_about_doubtful_words_and_about_changes_as_they_were_read():
    word = [0, 3, [0, 0, 9, 9], 0.4, 0, ["tie", "tesseract", 0.3, 1], ["t be", "rapidocr", 0.1, 2]]
    cut = [4, 9, None, 0.5, 0]
    settled = [10, 13, None, 0.1, 1]
    change = {
        "id": 7,
        "start": 0,
        "end": 3,
        "before": "tbe",
        "after": "the",
        "state": "applied",
        "others": [["toe", "x"]],
    }
    lines = [
        {"number": 0, "text": "tbe Stras xyz", "words": [word, [*cut], settled], "edits": []},
        {"number": 1, "text": "the Stras", "words": [word, cut], "edits": [change]},
        {"number": 2, "text": "se", "words": [], "edits": []},
    ]
    assert doubtful_words(lines, 0.8) == {
        "0:0": Doubtful("tbe", ("tie",)),
        "0:4": Doubtful("Stras"),
        "edit:7": Doubtful("tbe", ("the", "toe")),
        "1:4": Doubtful("Stras", (), is_cut=True),
    }
