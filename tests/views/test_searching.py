"""The search screen."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from documents.models import Document, DocumentStatus, Page
from documents.search import Hits, sqlite
from documents.views import searching
from tests.scenes import make_read_page
from tests.search.test_query import LISTED, random_queries

pytestmark = pytest.mark.django_db


def ask(client, typed: str = "ship", **asked):
    answer = client.get(reverse("search"), {"q": typed} | asked)
    assert answer.status_code == 200
    return answer


def found(client, typed: str = "ship", **asked) -> list[str]:
    """Return the titles of the documents found."""
    return [result["document"].title for result in ask(client, typed, **asked).context["results"]]


def test_it_shows_the_place_and_leads_to_it(as_alice, alice):
    page = make_read_page(alice, "A ship came by")
    answer = ask(as_alice, "ship")
    (result,) = answer.context["results"]
    assert result["url"] == f"{page.get_absolute_url()}?q=ship"
    assert "A <mark>ship</mark> came by" in answer.text


def test_it_shows_a_form_before_anything_is_asked(as_alice):
    answer = as_alice.get(reverse("search"))
    assert answer.status_code == 200
    assert answer.context["hint"] == ""


def test_it_says_when_nothing_was_found(as_alice):
    assert ask(as_alice).context["total"] == 0


@pytest.mark.parametrize("typed", LISTED[:-3], ids=range(len(LISTED[:-3])))
def test_it_answers_whatever_people_type(as_alice, alice, typed):
    make_read_page(alice, "ship")
    ask(as_alice, typed.replace("\ud800", "%ED%A0%80"))


def test_it_answers_any_random_question(as_alice, alice):
    make_read_page(alice, "a é ß 京 ½ 0")
    for typed in random_queries(40):
        ask(as_alice, typed.replace("\ud800", ""))


def test_it_answers_bytes_that_are_no_text(as_alice):
    assert as_alice.get(reverse("search") + "?q=%ff%ed%a0%80%00&page=%ff&tag=%00").status_code == 200


@pytest.mark.parametrize("typed", LISTED[-3:], ids=["letters", "words", "quotes"])
def test_it_answers_questions_of_any_length(as_alice, typed):
    assert ask(as_alice, typed).context["results"] == []


def test_it_never_finds_what_another_person_keeps_for_herself(as_bob, alice, bob):
    make_read_page(alice, "a ship", title="hers", scope=str(alice.pk))
    make_read_page(bob, "a ship", title="his", scope=str(bob.pk))
    make_read_page(alice, "a ship", title="shared")
    answer = ask(as_bob)
    assert {result["document"].title for result in answer.context["results"]} == {"his", "shared"}
    assert answer.context["total"] == 2


@pytest.fixture
def wanted(alice, bob) -> Document:
    """A document that every filter below finds, beside one that none does."""
    make_read_page(bob, "ship", title="other")
    page = make_read_page(alice, "ship", title="wanted", status=DocumentStatus.DONE)
    page.document.tags.create(name="sea")
    Page.objects.filter(pk=page.pk).update(language="de", languages=",de,")
    Document.objects.filter(pk=page.document_id).update(
        status=DocumentStatus.DONE, created_at=datetime(2020, 5, 5, 23, 30, tzinfo=UTC)
    )
    return page.document


@pytest.mark.parametrize(
    "asked",
    [
        {"status": "done"}, {"language": "de"}, {"date_to": "2020-05-05"},
        {"date_from": "2020-05-05", "date_to": "2020-05-05"},
    ],
)  # fmt: skip
def test_it_narrows_down(as_alice, wanted, asked):
    assert found(as_alice, **asked) == ["wanted"]


def test_it_narrows_down_by_tag_and_uploader(as_alice, alice, wanted):
    assert found(as_alice, tag=wanted.tags.get().pk) == ["wanted"]
    assert found(as_alice, uploader=alice.pk) == ["wanted"]


def test_it_narrows_down_to_nothing(as_alice, wanted):
    assert found(as_alice, status="cancelled") == []
    assert found(as_alice, date_to="2020-05-04") == []


@pytest.mark.parametrize(
    "asked", [{"status": "x"}, {"tag": "9" * 30}, {"uploader": "x"}, {"language": "xx"}, {"date_from": "31.12.1999"}]
)
def test_it_ignores_filters_that_make_no_sense(as_alice, wanted, asked):
    assert set(found(as_alice, **asked)) == {"wanted", "other"}


def test_it_turns_pages(as_alice, alice, monkeypatch):
    monkeypatch.setattr(searching, "PER_PAGE", 2)
    for number in range(3):
        make_read_page(alice, "ship", title=str(number))
    first = ask(as_alice, status="processing").context["paging"]
    assert (first["has_previous"], first["has_next"]) == (False, True)
    last = as_alice.get(reverse("search") + first["next_url"]).context
    assert (len(last["results"]), last["paging"]["has_next"], last["paging"]["number"]) == (1, False, 2)


@pytest.mark.parametrize(
    ("asked", "number"), [("0", 1), ("-1", 1), ("x", 1), ("²", 1), ("9" * 8, searching.LAST_PAGE), ("9" * 5000, 1)]
)
def test_it_turns_to_no_page_that_cannot_be(as_alice, asked, number):
    assert ask(as_alice, page=asked).context["paging"]["number"] == number


def test_it_says_when_it_stopped_counting(as_alice, alice, monkeypatch):
    monkeypatch.setattr(sqlite, "COUNT_LIMIT", 2)
    for _ in range(2):
        make_read_page(alice, "ship")
    context = ask(as_alice).context
    assert (context["total"], context["total_capped"], context["sorted_by"]) == (1, True, "newest")


def test_it_says_when_a_search_was_stopped(as_alice, monkeypatch):
    monkeypatch.setattr(searching.index, "find", lambda *args, **kwargs: Hits(timed_out=True))
    assert "took too long" in ask(as_alice).text


@pytest.mark.parametrize(
    ("typed", "hint"),
    [("a b c d e f g h i j k l", "first ten"), ("-ship", "at least one word"), ("+", "letters or digits")],
)
def test_it_hints_at_what_it_did_not_look_for(as_alice, typed, hint):
    assert hint in ask(as_alice, typed).text


def test_it_shows_hostile_text_and_questions_as_text(as_alice, alice):
    make_read_page(alice, "ship <script>alert(1)</script> {{7*7}}", title="<script>alert(2)</script>")
    text = ask(as_alice, 'ship "<script>alert"').text
    assert "<script>alert" not in text
    assert "{{7*7}}" in text


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "31.12.2025", "x"])
def test_a_day_that_makes_no_sense_is_no_error(as_alice, day):
    assert as_alice.get(reverse("search"), {"q": "word", "date_from": day, "date_to": day}).status_code == 200
