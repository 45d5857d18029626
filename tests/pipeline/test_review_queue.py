from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now

from documents.models import Collection, Document, Layer, Page, PageStatus, QueuedPage
from documents.pipeline import review_queue, reviewing, sweeping
from documents.pipeline.review_queue import expected_errors, take_next
from documents.pipeline.texts import add_text, stored_line
from tests.scenes import make_document, make_line, make_read_page

pytestmark = pytest.mark.django_db


def read_with(page: Page, confidence: float, words: int = 10) -> None:
    line = stored_line(make_line(" ".join(["word"] * words), confidence=confidence))
    add_text(page, Layer.OCR, [line], made_by="fake")


@pytest.fixture
def pages(alice):
    """Three read pages of one document: well read, badly read, fairly read."""
    document = make_document(alice, pages=3)
    Page.objects.filter(document=document).update(status="done")
    found = list(document.pages.order_by("number"))
    for page, confidence in zip(found, (0.99, 0.5, 0.9), strict=True):
        read_with(page, confidence)
    return found


def everything():
    return Document.objects.all()


def test_expected_errors_are_what_words_lack_to_certainty():
    line = stored_line(make_line("one two", confidence=0.75))
    assert expected_errors([line]) == (0.5, 2)


def test_words_that_a_person_settled_or_wrote_are_right():
    words = [{"text": "one", "confidence": 0.2, "settled": True}, {"text": "two", "confidence": None}]
    assert expected_errors([{"text": "one two", "words": words}], Layer.HUMAN) == (0.0, 2)


def test_lines_without_words_count_by_their_own_confidence():
    assert expected_errors([{"text": "one two", "confidence": 0.5}]) == (1.0, 2)


def test_the_most_errors_per_minute_come_first(pages):
    well, badly, fairly = pages
    queue = review_queue.waiting(everything())
    assert [one.page for one in queue] == [badly, fairly, well]


def test_a_long_page_does_not_come_first_because_it_is_long(alice):
    short, long = make_read_page(alice, "x"), make_read_page(alice, "x")
    read_with(short, 0.5, words=50)
    read_with(long, 0.9, words=400)
    queued = [QueuedPage.objects.get(page=page) for page in (short, long)]
    assert queued[0].expected_errors < queued[1].expected_errors
    assert queued[0].priority > queued[1].priority


def test_two_people_never_get_the_same_page(pages, alice, bob):
    assert [take_next(alice, everything()), take_next(bob, everything())] == [pages[1], pages[2]]


def test_what_somebody_has_comes_to_him_again_first(pages, alice):
    first = take_next(alice, everything())
    read_with(pages[0], 0.1)
    assert take_next(alice, everything()) == first


def test_a_reservation_ends_by_the_clock(pages, alice, bob):
    take_next(alice, everything())
    QueuedPage.objects.update(held_until=now() - timedelta(seconds=1))
    assert take_next(bob, everything()) == pages[1]


def test_only_who_has_a_page_can_give_it_back(pages, alice, bob):
    page = take_next(alice, everything())
    assert not review_queue.release(page.pk, bob)
    assert review_queue.release(page.pk, alice)


def test_a_page_held_by_another_cannot_be_taken(pages, alice, bob):
    assert review_queue.hold(pages[0].pk, alice)
    assert not review_queue.hold(pages[0].pk, bob)


def test_approved_pages_and_open_ones_wait_for_nobody(pages, alice):
    reviewing.approve(pages[1], by=alice)
    Page.objects.filter(pk=pages[2].pk).update(status="reading")
    assert take_next(alice, everything()) == pages[0]


def test_approving_gives_the_page_back(pages, alice):
    page = take_next(alice, everything())
    reviewing.approve(page, by=alice)
    assert QueuedPage.objects.get(page=page).holder is None


@pytest.fixture
def careful(pages, alice):
    """The pages lie in a collection where two people look at each."""
    collection = Collection.objects.create(name="Kept", owner=alice, needs_second_person=True)
    Document.objects.update(collection=collection)
    return pages


def test_one_person_is_not_enough_where_two_are_wanted(careful, alice):
    assert not reviewing.approve(careful[0], by=alice)
    careful[0].refresh_from_db()
    assert careful[0].approved_at is None


def test_the_second_look_goes_to_another_person(careful, alice, bob):
    reviewing.approve(careful[1], by=alice)
    assert take_next(alice, everything()) == careful[2]
    assert take_next(bob, everything()) == careful[1]


def test_the_same_person_twice_is_still_one(careful, alice):
    assert not reviewing.approve(careful[0], by=alice)
    assert not reviewing.approve(careful[0], by=alice)


def test_a_second_person_completes_the_approval(careful, alice, bob):
    reviewing.approve(careful[0], by=alice)
    assert reviewing.approve(careful[0], by=bob)


def test_a_second_look_can_be_asked_for_anywhere(pages, alice, bob):
    review_queue.ask_for_second_look(pages[0], by=alice)
    assert not reviewing.approve(pages[0], by=alice)
    assert reviewing.approve(pages[0], by=bob)


def test_it_counts_the_pages_by_state(pages, alice):
    take_next(alice, everything())
    reviewing.approve(pages[0], by=alice)
    review_queue.ask_for_second_look(pages[2], by=alice)
    assert review_queue.counts(everything()) == {"new": 0, "in_review": 1, "second_look": 1, "approved": 1}


def test_pages_that_are_read_again_neither_wait_nor_count(pages):
    Page.objects.filter(pk=pages[0].pk).update(status=PageStatus.READING)
    counts = review_queue.counts(everything())
    assert counts["new"] == review_queue.waiting(everything()).count() == 2


def test_pages_from_before_the_queue_are_put_in_order(pages, monkeypatch):
    monkeypatch.setattr(sweeping.intake, "adopt_orphans", lambda: 0)
    QueuedPage.objects.all().delete()
    sweeping.housekeep()
    assert QueuedPage.objects.count() == 3
    assert QueuedPage.objects.first().page == pages[1]
