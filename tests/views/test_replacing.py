"""The grid of places, and what happens with the ticked ones."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from documents.models import Batch, Replacement
from documents.pipeline import reviewing
from tests.scenes import make_read_page

pytestmark = pytest.mark.django_db
ASKED = {"find": "tbe", "put": "the", "scope": "document", "whole_words": "on", "match_case": "on"}


@pytest.fixture
def page(alice):
    return make_read_page(alice, "tbe fox and tbe dog")


def look(client, page, **asked: Any):
    return client.get(reverse("page-places", args=[page.pk]), ASKED | asked)


def apply(client, page, places, **asked: Any):
    data = ASKED | asked | {"place": [place.key for place in places]}
    return client.post(reverse("page-replace", args=[page.pk]), data, follow=True)


def current(page) -> str:
    page.refresh_from_db()
    return page.current.text


def test_it_shows_the_places_to_tick(as_alice, page):
    answer = look(as_alice, page)
    assert [place.start for place in answer.context["places"]] == [0, 12]
    assert 'data-count="2"' in answer.text


@pytest.mark.parametrize("asked", [{"find": ""}, {"find": "x" * 500}, {"scope": "world"}, {"find": "\x00"}])
def test_it_asks_again_when_the_question_makes_no_sense(as_alice, page, asked):
    answer = look(as_alice, page, **asked)
    assert (answer.status_code, answer.context["places"]) == (200, [])


def test_it_replaces_what_was_ticked_and_offers_to_take_it_back(as_alice, page):
    answer = apply(as_alice, page, look(as_alice, page).context["places"][:1])
    assert current(page) == "the fox and tbe dog"
    done = Replacement.objects.get()
    assert reverse("replacement-undo", args=[done.pk]) in answer.text
    as_alice.post(reverse("replacement-undo", args=[done.pk]), {"page": page.pk})
    assert current(page) == "tbe fox and tbe dog"


def test_it_says_when_nothing_was_ticked(as_alice, page):
    assert "Nothing was replaced" in apply(as_alice, page, []).text
    assert not Replacement.objects.exists()


def test_it_takes_line_breaks_out_of_the_new_wording(as_alice, page):
    apply(as_alice, page, look(as_alice, page).context["places"], put="t\nhe")
    assert current(page) == "t he fox and t he dog"


def test_the_batch_holds_no_page_that_the_person_may_not_see(as_bob, alice, bob):
    batch = Batch.objects.create(owner=bob, key="a")
    page = make_read_page(bob, "tbe fox", batch=batch)
    secret = make_read_page(alice, "tbe secret", scope=str(alice.pk), batch=batch)
    shared = make_read_page(bob, "tbe other", batch=batch)
    places = look(as_bob, page, scope="batch").context["places"]
    assert {place.page for place in places} == {page, shared}
    assert secret not in {place.page for place in places}


def test_places_that_were_approved_or_looked_at_are_not_ticked_beforehand(as_alice, alice, page):
    reviewing.approve(page, by=alice)
    assert "checked" not in look(as_alice, page).text


def test_nobody_takes_back_what_another_person_replaced(as_alice, bob, page):
    apply(as_alice, page, look(as_alice, page).context["places"])
    as_alice.force_login(bob)
    undo = reverse("replacement-undo", args=[Replacement.objects.get().pk])
    assert as_alice.post(undo, {"page": page.pk}).status_code == 404
    assert current(page) == "the fox and the dog"


def test_hostile_text_is_shown_as_text(as_alice, alice):
    page = make_read_page(alice, "<b>tbe</b> <script>")
    assert "<script>" not in look(as_alice, page).text.replace("&lt;script&gt;", "")
