"""Changing many documents from the search screen."""

from __future__ import annotations

import pytest
from django.urls import reverse

from documents.models import Document
from documents.pipeline import changing
from tests.scenes import make_document, make_read_page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_bell(monkeypatch):
    monkeypatch.setattr("documents.queues.ring_change", lambda change_id: None)


def start(client, **posted):
    return client.post(reverse("change-start"), posted)


def test_it_changes_the_ticked_documents_and_comes_back(as_alice, alice):
    ticked, other = make_document(alice), make_document(alice)
    answer = start(as_alice, document=[ticked.pk], action="add-tag", argument="maps", back="/search/?q=ship")
    assert answer["Location"] == "/search/?q=ship"
    assert list(Document.objects.filter(tags__name="maps")) == [ticked]
    assert other.tags.count() == 0


def test_it_changes_all_that_a_search_finds(as_alice, alice):
    for text in ("ship", "ship", "boat"):
        make_read_page(alice, text)
    start(as_alice, all="on", q="ship", action="type", argument="Letter")
    assert Document.objects.filter(document_type__name="Letter").count() == 2


def test_what_a_person_may_not_see_is_not_changed(as_bob, alice):
    hidden = make_read_page(alice, "ship", scope=str(alice.pk)).document
    start(as_bob, all="on", q="ship", action="add-tag", argument="maps")
    start(as_bob, document=[hidden.pk], action="add-tag", argument="maps")
    assert hidden.tags.count() == 0


def test_deleting_is_asked_for_twice(as_alice, alice):
    document = make_document(alice)
    asked = start(as_alice, document=[document.pk], action="delete")
    assert "cannot be undone" in asked.text
    assert Document.objects.exists()
    start(as_alice, document=[document.pk], action="delete", sure="yes")
    assert not Document.objects.exists()


@pytest.mark.parametrize("posted", [{}, {"action": "burn"}, {"action": "add-tag", "document": ["x", "9" * 30]}])
def test_what_makes_no_sense_changes_nothing(as_alice, alice, posted):
    make_document(alice)
    assert start(as_alice, **posted).status_code == 302


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/\\evil.example", ""])
def test_it_comes_back_to_this_site_only(as_alice, alice, back):
    answer = start(as_alice, document=[make_document(alice).pk], action="read", back=back)
    assert answer["Location"] == reverse("search")


def test_a_large_change_shows_how_far_it_is(as_alice, as_bob, alice, client, monkeypatch):
    monkeypatch.setattr(changing, "AT_ONCE", 0)
    client.force_login(alice)
    answer = start(client, document=[make_document(alice).pk], action="add-tag", argument="maps")
    change = alice.bulk_changes.get()
    assert answer["Location"] == reverse("change", args=[change.pk])
    assert "0 of 1" in client.get(answer["Location"]).text
    assert "<html" not in client.get(answer["Location"], headers={"HX-Request": "true"}).text
    client.post(reverse("change-stop", args=[change.pk]))
    assert "Stopped" in client.get(answer["Location"]).text


@pytest.mark.parametrize("name", ["change", "change-stop"])
def test_nobody_sees_or_stops_the_changes_of_others(as_bob, alice, name):
    change = alice.bulk_changes.create(action="read", total=1)
    answer = as_bob.get if name == "change" else as_bob.post
    assert answer(reverse(name, args=[change.pk])).status_code == 404
