"""Reviewing: versions, conflicts, approval."""

from __future__ import annotations

import pytest

from documents.models import Document, Layer, PageText
from documents.pipeline import reviewing
from documents.pipeline.reviewing import Conflict, WrittenLine
from documents.search import find, parse
from tests.scenes import make_read_page

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
    hits = {word: find(parse(word), Document.objects.all(), pages={}).items for word in ("paragraph", "tbe")}
    assert [hit.layer for hit in hits["paragraph"]] == ["current"]
    assert [hit.layer for hit in hits["tbe"]] == ["raw"]


def test_the_next_page_to_review_comes_round_past_the_end(alice):
    page = make_read_page(alice, "text", pages=1)
    assert reviewing.next_to_review(page) is None


def test_after_a_conflict_each_line_keeps_its_place_on_the_scan(page, alice):
    old = page.current
    new = save(page, alice, WrittenLine("put before", None), WrittenLine("the first line", 0))
    mine = [WrittenLine("my first line", 0), WrittenLine("my second", 1), WrittenLine("all mine", None)]
    assert [line.source for line in reviewing.carried_over(mine, old=old, new=new)] == [1, None, None]
