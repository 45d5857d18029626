"""Find and replace: what is found, what is changed, and how it is taken back."""

from __future__ import annotations

import pytest

from documents.models import Batch, Document, Edit, Layer, Page, Tag
from documents.pipeline import reviewing
from documents.pipeline.replacing import Wanted, batch_of, find_places, replace, undo
from documents.pipeline.reviewing import WrittenLine
from documents.pipeline.texts import add_text, stored_line
from tests.scenes import make_document, make_read_page, make_reading

pytestmark = pytest.mark.django_db


def add_reading(page, *texts: str):
    add_text(page, Layer.OCR, [stored_line(line) for line in make_reading(*texts).lines], made_by="fake 1.0")
    page.refresh_from_db()
    return page


@pytest.fixture
def document(alice):
    """A document of three pages on which `tbe` stands four times."""
    document = make_document(alice, pages=3)
    texts = [("tbe fox and tbe dog", "tbebes"), ("Tbe end",), ("of tbe (tbe) book",)]
    for page, lines in zip(document.pages.order_by("number"), texts, strict=True):
        add_reading(page, *lines)
    return document


def found(document, text: str = "tbe", **wanted):
    return find_places(document.pages.all(), Wanted(text, **wanted))


def texts(document) -> list[str]:
    return [page.current.text for page in document.pages.select_related("current").order_by("number")]


def test_it_finds_whole_words_with_their_place_on_the_scan(document):
    places = found(document)
    assert [(p.page.number, p.line, p.start) for p in places] == [(1, 0, 0), (1, 0, 12), (3, 0, 3), (3, 0, 8)]
    assert places[1].box == [120, 0, 150, 20]
    assert places[2].words == ("of ", "tbe", " (tbe) book")


def test_it_finds_parts_of_words_and_other_capitals_when_asked_to(document):
    assert len(found(document, whole_words=False)) == 5
    assert len(found(document, match_case=False)) == 5


@pytest.mark.parametrize("text", ["", "  ", "nowhere", "(.*)"])
def test_it_finds_nothing_where_nothing_is(document, text):
    assert found(document, text) == []


def test_it_says_which_places_a_person_has_settled(document, alice):
    page = document.pages.get(number=1)
    lines = [WrittenLine("tbe fox and tbe dog", 0, frozenset({0})), WrittenLine("tbebes", 1)]
    reviewing.save_text(page, lines, based_on=page.current_id, author=alice)
    assert [place.is_settled for place in found(document)] == [True, False, False, False]


def test_it_replaces_the_chosen_places_with_one_version_and_an_edit_each(document, alice):
    places = found(document)
    done = replace([places[0], places[1], places[3]], "tbe", "the", author=alice)
    assert texts(document) == ["the fox and the dog\ntbebes", "Tbe end", "of tbe (the) book"]
    assert done.texts.count() == 2
    edits = Edit.objects.filter(text__replacements=done).order_by("text", "start")
    assert [(e.line, e.start, e.end, e.before, e.after) for e in edits] == [
        (0, 0, 3, "tbe", "the"), (0, 12, 15, "tbe", "the"), (0, 8, 11, "tbe", "the"),
    ]  # fmt: skip


def test_it_takes_an_approval_back(document, alice):
    reviewing.approve(document.pages.get(number=3), by=alice)
    replace(found(document), "tbe", "the", author=alice)
    assert document.pages.get(number=3).approved_at is None


def test_a_page_that_was_edited_since_it_was_looked_at_is_left_alone(document, alice):
    places, page = found(document), document.pages.get(number=3)
    reviewing.save_text(page, [WrittenLine("of the book", 0)], based_on=page.current_id, author=alice)
    replace(places, "tbe", "the", author=alice)
    assert texts(document)[2] == "of the book"


def test_it_is_undone_as_one(document, alice):
    before = texts(document)
    done = replace(found(document), "tbe", "the", author=alice)
    assert undo(done, by=alice) == []
    assert texts(document) == before
    assert undo(done, by=alice) == []  # a second time does nothing
    assert texts(document) == before


def test_undoing_leaves_what_was_written_since(document, alice):
    done = replace(found(document), "tbe", "the", author=alice)
    page = document.pages.select_related("current").get(number=1)
    lines = [WrittenLine("the fox and the cat", 0), WrittenLine("the bees", 1)]
    reviewing.save_text(page, lines, based_on=page.current_id, author=alice)
    assert undo(done, by=alice) == []
    assert texts(document)[0] == "tbe fox and tbe cat\nthe bees"


def test_undoing_tells_where_the_same_words_were_written_anew(document, alice):
    done = replace(found(document), "tbe", "the", author=alice)
    page = document.pages.select_related("current").get(number=3)
    reviewing.save_text(page, [WrittenLine("of them (the) book", 0)], based_on=page.current_id, author=alice)
    assert undo(done, by=alice) == [page]
    assert "them" in texts(document)[2]


def test_a_batch_is_what_was_uploaded_together_or_shares_a_tag(alice, bob):
    one, another = (Batch.objects.create(owner=alice, key=key) for key in "ab")
    here, together = (make_read_page(alice, "x", batch=one).document for _ in range(2))
    other = make_read_page(alice, "x", batch=another).document
    tagged, hers = (make_read_page(bob, "x").document for _ in range(2))
    tag = Tag.objects.create(name="letters")
    here.tags.add(tag)
    tagged.tags.add(tag)
    assert set(batch_of(here, Document.objects.all())) == {here, together, tagged}
    assert not {hers, other} & set(batch_of(here, Document.objects.all()))
    assert set(batch_of(here, Document.objects.filter(pk=here.pk))) == {here}
    assert Page.objects.filter(document__in=batch_of(here, Document.objects.all())).count() == 3
