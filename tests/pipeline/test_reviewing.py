"""Reviewing: versions, conflicts, approval."""

from __future__ import annotations

import pytest

from documents.models import Document, Edit, EditState, Layer, PageText
from documents.pipeline import reviewing
from documents.pipeline.reviewing import Conflict, WrittenLine
from documents.pipeline.texts import add_text, stored_line
from documents.search import find, parse
from tests.scenes import make_document, make_read_page, make_reading

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(alice):
    return make_read_page(alice, "tbe first line", "the second line")


def save(page, author, *lines: WrittenLine, based_on: int | None = None):
    return reviewing.save_text(page, lines, based_on=based_on or page.current_id, author=author)


def test_saving_adds_a_version_with_its_author_and_keeps_the_boxes(page, alice):
    text = save(page, alice, WrittenLine("the first line", 0), WrittenLine("the second line", 1))
    assert (text.version, text.layer, text.author, text.made_by) == (2, Layer.HUMAN, alice, "alice")
    assert text.lines[0]["box"] == page.texts.get(version=1).lines[0]["box"]
    assert text.lines[1]["words"]  # an untouched line keeps all that was known of it


def test_a_line_may_be_added_and_one_emptied_away(page, alice):
    lines = (WrittenLine("the first line", 0), WrittenLine("put in between", None), WrittenLine("  ", 1))
    text = save(page, alice, *lines)
    assert text.text == "the first line\nput in between"
    assert text.lines[1]["box"] is None


def test_saving_without_a_change_makes_no_version(page, alice):
    assert save(page, alice, WrittenLine("tbe first line", 0), WrittenLine("the second line", 1)) is None
    assert page.texts.count() == 1


def test_two_people_on_one_page_are_told_and_nothing_is_overwritten(page, alice, bob):
    before = page.current_id
    save(page, alice, WrittenLine("hers", 0))
    with pytest.raises(Conflict) as conflict:
        save(page, bob, WrittenLine("his", 0), based_on=before)
    assert conflict.value.theirs.text == "hers"
    assert page.texts.filter(layer=Layer.HUMAN).count() == 1


def test_an_edit_takes_an_approval_back(page, alice, bob):
    reviewing.approve(page, by=bob)
    save(page, alice, WrittenLine("other", 0))
    page.refresh_from_db()
    assert page.approved_at is None


def test_an_older_version_comes_back_as_a_new_one(page, alice):
    save(page, alice, WrittenLine("spoilt", 0))
    text = reviewing.restore(page, 1, author=alice)
    assert (text.version, text.text) == (3, "tbe first line\nthe second line")
    assert page.texts.get(version=2).text == "spoilt"
    with pytest.raises(PageText.DoesNotExist):
        reviewing.restore(page, 99, author=alice)


def test_search_finds_the_new_words_and_still_the_raw_ones(page, alice):
    save(page, alice, WrittenLine("the first paragraph", 0))
    found = {word: find(parse(word), Document.objects.all()).page_ids for word in ("paragraph", "tbe")}
    assert found == {"paragraph": (page.pk,), "tbe": (page.pk,)}


def test_the_next_page_to_review_comes_round_past_the_end(alice):
    page = make_read_page(alice, "text", pages=1)
    assert reviewing.next_to_review(page) is None


def test_after_a_conflict_each_line_keeps_its_place_on_the_scan(page, alice):
    old = page.current
    new = save(page, alice, WrittenLine("put before", None), WrittenLine("the first line", 0))
    mine = [WrittenLine("my first line", 0), WrittenLine("the second line", 1), WrittenLine("all mine", None)]
    rows = reviewing.compared(page, mine, based_on=old.pk, theirs=new)
    lines = [line for row in rows for line in reviewing.carried_over(row, new=new)]
    assert [(line.text, line.source) for line in lines] == [
        ("put before", None), ("my first line", 1), ("all mine", None),
    ]  # fmt: skip


def test_words_that_a_person_vouched_for_are_kept_as_settled(page, alice):
    lines = (WrittenLine("tbe first line", 0, frozenset({0})), WrittenLine("the second line", 1))
    text = save(page, alice, *lines)
    assert [word.get("settled", False) for word in text.lines[0]["words"]] == [True, False, False]
    assert text.text == "tbe first line\nthe second line"


def test_saving_the_same_marks_again_makes_no_version(page, alice):
    lines = (WrittenLine("tbe first line", 0, frozenset({0})), WrittenLine("the second line", 1))
    save(page, alice, *lines)
    page.refresh_from_db()
    assert save(page, alice, *lines) is None


def test_a_reworded_line_keeps_the_places_of_its_words(page, alice):
    text = save(page, alice, WrittenLine("the first line", 0), WrittenLine("the second line", 1))
    before = page.texts.get(version=1).lines[0]["words"]
    assert [word["box"] for word in text.lines[0]["words"]] == [word["box"] for word in before]


def test_decisions_about_edits_are_kept_and_those_of_other_pages_left_alone(page, alice):
    other = make_read_page(alice, "another page")
    mine, theirs = (make_edit(one) for one in (page, other))
    decisions = {mine.pk: EditState.REJECTED, theirs.pk: EditState.REJECTED}
    reviewing.save_text(page, [], based_on=page.current_id, author=alice, decisions=decisions)
    assert [Edit.objects.get(pk=edit.pk).state for edit in (mine, theirs)] == [EditState.REJECTED, EditState.APPLIED]


def make_edit(page) -> Edit:
    return Edit.objects.create(
        text=page.current, line=0, start=0, end=3, before="tbe", after="the", rule="repair", state=EditState.APPLIED
    )


def test_a_draft_is_kept_in_place_of_the_one_before_and_goes_with_saving(page, alice):
    keep = {"based_on": page.current_id, "user": alice, "decisions": {}}
    reviewing.keep_draft(page, [WrittenLine("th", 0)], **keep)
    reviewing.keep_draft(page, [WrittenLine("the", 0, frozenset({0}))], **keep)
    assert page.drafts.get().lines == [{"text": "the", "source": 0, "settled": [0]}]
    save(page, alice, WrittenLine("the", 0))
    assert not page.drafts.exists()


def test_a_draft_that_arrived_after_the_same_was_saved_is_thrown_away(page, alice):
    before = page.current_id
    save(page, alice, WrittenLine("the first line", 0))
    reviewing.keep_draft(page, [WrittenLine("the first line", 0)], based_on=before, user=alice, decisions={})
    page.refresh_from_db()
    assert reviewing.find_draft(page, user=alice) is None
    reviewing.keep_draft(page, [WrittenLine("something else", 0)], based_on=before, user=alice, decisions={})
    assert reviewing.find_draft(page, user=alice) is not None


def test_everybody_has_a_draft_of_his_own(page, alice, bob):
    for user in (alice, bob):
        reviewing.keep_draft(page, [WrittenLine("x", 0)], based_on=page.current_id, user=user, decisions={})
    reviewing.drop_draft(page, user=bob)
    assert page.drafts.get().user == alice


def test_an_approval_can_be_taken_back(page, alice):
    reviewing.approve(page, by=alice)
    reviewing.withdraw(page)
    page.refresh_from_db()
    assert (page.approved_by, page.approved_at) == (None, None)


def read_again(page, *texts: str):
    return add_text(page, Layer.OCR, [stored_line(line) for line in make_reading(*texts).lines], made_by="fake 2.0")


def test_a_new_reading_is_put_in_around_what_people_wrote(page, alice):
    save(page, alice, WrittenLine("the first line", 0), WrittenLine("the second line", 1))
    read_again(page, "tbe first line", "the 2nd line")
    page.refresh_from_db()
    assert page.current.text == "the first line\nthe 2nd line"
    assert (page.current.layer, page.current.author) == (Layer.HUMAN, None)


def test_what_does_not_go_together_is_listed_and_the_persons_words_stay(page, alice):
    save(page, alice, WrittenLine("the first line", 0), WrittenLine("the second line", 1))
    reading = read_again(page, "tho first line", "the second line")
    page.refresh_from_db()
    assert page.current.text == "the first line\nthe second line"
    assert reading.details["conflicts"] == [
        {"base": "tbe first line", "mine": "the first line", "theirs": "tho first line"}
    ]


def test_an_approved_text_is_not_touched_by_a_new_reading(page, alice):
    save(page, alice, WrittenLine("the first line", 0), WrittenLine("the second line", 1))
    reviewing.approve(page, by=alice)
    read_again(page, "tbe first line", "the 2nd line")
    page.refresh_from_db()
    assert page.current.text == "the first line\nthe second line"


def test_text_that_was_typed_on_an_unread_page_is_left_alone_by_a_reading(alice):
    page = make_document(alice).pages.get()
    reviewing.save_text(page, [WrittenLine("typed by hand", None)], based_on=None, author=alice)
    read_again(page, "something else")
    page.refresh_from_db()
    assert page.current.text == "typed by hand"
