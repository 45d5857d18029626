from __future__ import annotations

import pytest
from django.urls import reverse

from documents.models import Collection, Document
from tests.pipeline.test_page_order import ids, leaves, make_book

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(alice):
    return make_book(alice)


def arrange(client, document, action: str, **values):
    return client.post(reverse("document-arrange", args=[document.pk]), {"action": action, **values}, follow=True)


def test_it_shows_all_pages_to_those_who_may_see_them(as_bob, book):
    shown = as_bob.get(reverse("document-pages", args=[book.pk])).content.decode()
    assert "Page 4" in shown


def test_those_who_may_only_read_get_no_tools(as_bob, book, alice, bob):
    collection = Collection.objects.create(name="Kept", owner=alice)
    collection.roles.create(user=bob, role="reader")
    Document.objects.filter(pk=book.pk).update(collection=collection)
    shown = as_bob.get(reverse("document-pages", args=[book.pk])).content.decode()
    assert 'value="remove"' not in shown


def test_ticked_pages_are_moved(as_alice, book):
    arrange(as_alice, book, "move", page=ids(book, 4), before="1")
    assert leaves(book)[0] == "leaf4"


def test_a_dragged_order_is_saved(as_alice, book):
    arrange(as_alice, book, "order", order=",".join(map(str, reversed(ids(book, 1, 2, 3, 4)))))
    assert leaves(book) == ["leaf4", "leaf3", "leaf2", "leaf1"]


def test_pages_are_split_off_under_a_title(as_alice, book):
    answer = arrange(as_alice, book, "split", page=ids(book, 2), title="Letters")
    assert "The pages are now the document “Letters”" in answer.content.decode()
    assert leaves(Document.objects.get(title="Letters")) == ["leaf2"]


def test_another_document_is_put_behind(as_alice, book, alice):
    other = make_book(alice, pages=1, title="Appendix")
    answer = arrange(as_alice, book, "merge", other=other.pk)
    assert "The pages of “Appendix” stand behind these now" in answer.content.decode()


def test_a_document_that_somebody_may_not_see_cannot_be_merged(as_bob, alice, bob):
    mine, hidden = make_book(bob, pages=1), make_book(alice, pages=1, scope=str(alice.pk))
    assert arrange(as_bob, mine, "merge", other=hidden.pk).status_code == 404
    assert leaves(hidden) == ["leaf1"]


def test_removed_pages_are_in_the_bin_and_come_back(as_alice, book):
    (page,) = ids(book, 2)
    answer = arrange(as_alice, book, "remove", page=page)
    assert "leaf2 of" in answer.content.decode()
    arrange(as_alice, book, "bring-back", removed=page)
    assert leaves(book) == ["leaf1", "leaf2", "leaf3", "leaf4"]


def test_a_page_in_the_bin_is_not_found(as_alice, book):
    (page,) = ids(book, 2)
    arrange(as_alice, book, "remove", page=page)
    assert as_alice.get(reverse("page", args=[page])).status_code == 404


@pytest.mark.parametrize(
    ("action", "said"),
    [("remove", "Leave at least one page"), ("split", "Leave at least one page"), ("move", "Write the number")],
)
def test_it_says_what_is_missing(as_alice, book, action, said):
    assert said in arrange(as_alice, book, action, page=ids(book, 1, 2, 3, 4)).content.decode()


@pytest.mark.parametrize("action", ["remove", "odd", ""])
def test_without_ticked_pages_nothing_happens(as_alice, book, action):
    assert "Tick the pages first" in arrange(as_alice, book, action).content.decode()


def test_a_page_without_a_picture_is_not_turned(as_alice, book):
    assert "0 pages are turned" in arrange(as_alice, book, "left", page=ids(book, 1)).content.decode()
