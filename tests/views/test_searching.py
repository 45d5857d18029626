"""The search screen."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from documents.models import Document, Layer, Page
from documents.pipeline.texts import add_text, stored_line
from documents.search import Found, finding, postgres
from documents.views import searching
from tests.scenes import make_document, make_read_page, make_reading
from tests.search.test_query import LISTED, random_queries

pytestmark = pytest.mark.django_db


def ask(client, typed: str = "ship", **asked):
    answer = client.get(reverse("search"), {"q": typed} | asked)
    assert answer.status_code == 200
    return answer


def found(client, typed: str = "ship", **asked) -> list[str]:
    """Return the titles of the documents found."""
    return [result.document.title for result in ask(client, typed, **asked).context["results"]]


def test_it_shows_the_place_and_leads_to_it(as_alice, alice):
    page = make_read_page(alice, "A ship came by")
    answer = ask(as_alice, "ship")
    (result,) = answer.context["results"]
    assert result.hits[0].url == f"{page.get_absolute_url()}?q=ship"
    assert "A <mark>ship</mark> came by" in answer.text


def test_every_page_is_shown_with_its_own_words(as_alice, alice):
    for word in ("old", "new", "lost"):
        make_read_page(alice, f"a {word} ship", title=word)
    hits = {result.document.title: result.hits[0].snippet.text for result in ask(as_alice).context["results"]}
    assert hits == {word: f"a {word} <mark>ship</mark>" for word in ("old", "new", "lost")}


def test_it_shows_a_form_before_anything_is_asked(as_alice):
    answer = as_alice.get(reverse("search"))
    assert answer.status_code == 200
    assert answer.context["found"].hints == ()


def test_it_says_when_nothing_was_found(as_alice):
    assert "Nothing found" in ask(as_alice).text


@pytest.mark.parametrize("typed", LISTED[:-3], ids=range(len(LISTED[:-3])))
def test_it_answers_whatever_people_type(as_alice, alice, typed):
    make_read_page(alice, "ship")
    ask(as_alice, typed.replace("\ud800", "%ED%A0%80"))
    assert as_alice.get(reverse("search-suggest"), {"q": typed.replace("\ud800", "")}).status_code == 200


def test_it_answers_any_random_question(as_alice, alice):
    make_read_page(alice, "a é ß 京 ½ 0")
    for typed in random_queries(40):
        ask(as_alice, typed.replace("\ud800", ""))


def test_it_answers_bytes_that_are_no_text(as_alice):
    assert as_alice.get(reverse("search") + "?q=%ff%ed%a0%80%00&page=%ff&sort=%00").status_code == 200


@pytest.mark.parametrize("typed", LISTED[-3:], ids=["letters", "words", "quotes"])
def test_it_answers_questions_of_any_length(as_alice, typed):
    assert ask(as_alice, typed).context["results"] == []


def test_it_groups_the_pages_by_document(as_alice, alice):
    document = make_document(alice, pages=5, title="many")
    for page in document.pages.all():
        add_text(page, Layer.OCR, [stored_line(line) for line in make_reading("a ship").lines], made_by="fake")
    make_read_page(alice, "a ship", title="one")
    many = next(result for result in ask(as_alice).context["results"] if result.document.title == "many")
    assert (len(many.hits), many.more) == (searching.PAGES_EACH, 2)
    (alone,) = as_alice.get(many.more_url).context["results"]
    assert (len(alone.hits), alone.more) == (5, 0)


def test_it_says_in_which_text_a_word_was_found(as_alice, alice):
    page = make_read_page(alice, "the qnick fox")
    add_text(page, Layer.LLM, [stored_line(line) for line in make_reading("the quick fox").lines], made_by="model")
    assert "as it was first read" in ask(as_alice, "qnick").text
    assert "as it was first read" not in ask(as_alice, "quick").text


def test_it_turns_pages(as_alice, alice, monkeypatch):
    monkeypatch.setattr(searching, "PER_SCREEN", 2)
    for number in range(3):
        make_read_page(alice, "ship", title=str(number))
    first = ask(as_alice, sort="newest").context["paging"]
    assert (first["has_previous"], first["has_next"]) == (False, True)
    last = as_alice.get(reverse("search") + first["next_url"]).context
    assert (len(last["results"]), last["paging"]["has_next"], last["paging"]["number"]) == (1, False, 2)


@pytest.mark.parametrize("asked", ["0", "-1", "x", "²", "9" * 8, "9" * 5000])
def test_it_turns_to_no_page_that_cannot_be(as_alice, asked):
    assert ask(as_alice, page=asked).context["paging"]["number"] == 1


def test_it_counts_facets_that_lead_on(as_alice, alice, bob):
    make_read_page(alice, "ship", title="hers").document.tags.create(name="old maps")
    make_read_page(bob, "ship", title="his")
    facets = {str(facet["label"]): facet["values"] for facet in ask(as_alice).context["facets"]}
    assert [(value["label"], value["count"]) for value in facets["Tag"]] == [("old maps", 1)]
    assert {(value["label"], value["count"]) for value in facets["Uploaded by"]} == {("alice", 1), ("bob", 1)}
    narrowed = as_alice.get(facets["Tag"][0]["url"])
    assert [result.document.title for result in narrowed.context["results"]] == ["hers"]


def test_a_field_in_use_can_be_taken_away(as_alice, alice):
    make_read_page(alice, "ship")
    (chip,) = ask(as_alice, "ship tag:maps").context["chips"]
    assert chip == {"label": "tag: maps", "url": f"{reverse('search')}?q=ship"}


def test_it_asks_whether_another_word_was_meant(as_alice, alice):
    make_read_page(alice, "the harbour of Genoa")
    assert ask(as_alice, "Harbuor of Genua").context["better"] == "harbour of genoa"
    assert ask(as_alice, "harbour").context["better"] == ""


def test_it_says_when_it_stopped_counting(as_alice, alice, monkeypatch):
    monkeypatch.setattr(finding, "LIMIT", 1)
    for _ in range(2):
        make_read_page(alice, "ship")
    assert "More than 1,000 pages" in ask(as_alice).text


def test_a_search_that_was_stopped_can_be_made_with_patience(as_alice, monkeypatch):
    def stopped(*args, is_patient: bool, **kwargs) -> Found:
        return Found(timed_out=not is_patient, hints=() if is_patient else ("Stopped.",))

    monkeypatch.setattr(searching.index, "find", stopped)
    answer = ask(as_alice, "ship", sort="oldest")
    assert "Stopped." in answer.text
    assert "Look at all pages" in answer.text
    patient = as_alice.get(answer.context["patient_url"])
    assert (patient.context["query"], patient.context["patient_url"]) == ("ship", "")
    assert "Look at all pages" not in patient.text


def test_it_shows_hostile_text_and_questions_as_text(as_alice, alice):
    make_read_page(alice, "ship <script>alert(1)</script> {{7*7}}", title="<script>alert(2)</script>")
    text = ask(as_alice, 'ship "<script>alert"').text
    assert "<script>alert" not in text
    assert "{{7*7}}" in text


def test_it_suggests_words_tags_and_titles(as_alice, alice):
    make_read_page(alice, "the harbour", title="Harbour plans").document.tags.create(name="harbours")
    answer = as_alice.get(reverse("search-suggest"), {"q": "old har"})
    options = [option.replace("&quot;", '"') for option in re.findall(r'value="([^>]*)"', answer.text)]
    assert options == ['old tag:"harbours"', 'old title:"Harbour plans"', "old harbour"]


@pytest.mark.parametrize("typed", ["", "h", "har ", 'har"', "tag:har", "har*"])
def test_it_suggests_nothing_where_nothing_is_begun(as_alice, alice, typed):
    make_read_page(alice, "the harbour")
    assert "option" not in as_alice.get(reverse("search-suggest"), {"q": typed}).text


def test_it_asks_the_database_as_often_for_many_hits_as_for_one(as_alice, alice, django_assert_max_num_queries):
    for _ in range(12):
        make_read_page(alice, "ship").document.tags.create(name=f"tag {_}")
    with django_assert_max_num_queries(25):
        ask(as_alice)


def test_the_boxes_of_the_words_are_a_picture_of_their_own(as_alice, alice):
    page = make_read_page(alice, "A ship came by")
    answer = as_alice.get(reverse("page-hits", args=[page.pk]), {"q": "ship"})
    assert answer["Content-Type"] == "image/svg+xml"
    assert 'viewBox="0 0 1000 1400"' in answer.text
    assert answer.text.count("<path") == 1
    assert "<path" not in as_alice.get(reverse("page-hits", args=[page.pk])).text


def test_a_search_can_be_saved_and_forgotten(as_alice, alice, bob):
    answer = as_alice.post(reverse("search-save"), {"q": "ship tag:sea", "name": "Ships", "sort": "newest"})
    saved = alice.saved_searches.get()
    assert answer["Location"] == saved.get_absolute_url() == f"{reverse('search')}?q=ship+tag%3Asea&sort=newest"
    as_alice.post(reverse("search-save"), {"q": "boat", "name": "Ships", "sort": "odd"})
    saved = alice.saved_searches.get()
    assert (saved.typed, saved.sort) == ("boat", "")
    as_alice.post(reverse("search-forget", args=[saved.pk]))
    assert not alice.saved_searches.exists()


def test_nobody_sees_or_forgets_the_saved_searches_of_others(as_bob, alice):
    saved = alice.saved_searches.create(name="Hers", typed="secret")
    assert "Hers" not in as_bob.get(reverse("search")).text
    assert as_bob.post(reverse("search-forget", args=[saved.pk])).status_code == 404


@pytest.fixture
def secrets(alice, bob) -> Page:
    """A page that bob may not see, with a word, a tag and a title that nothing else has, beside one that he may."""
    hidden = make_read_page(alice, "a ship to Xanadu", title="Zanzibar papers", scope=str(alice.pk))
    hidden.document.tags.create(name="quinine")
    make_read_page(alice, "a ship to Genoa", title="shared")
    return hidden


@pytest.mark.parametrize(
    "typed", ["ship", "xanadu", "xanado", "zanzibar", "tag:quinine", "title:zanzibar", "uploader:alice"]
)
def test_what_a_person_may_not_see_is_in_no_result_count_snippet_or_facet(as_bob, secrets, typed):
    answer = ask(as_bob, typed)
    assert all(result.document.title == "shared" for result in answer.context["results"])
    assert answer.context["found"].total == len(answer.context["results"])
    shown = answer.text.lower()
    assert not any(word in shown for word in ("xanadu", "zanzibar", "quinine") if word not in typed)


@pytest.mark.parametrize("typed", ["xan", "zan", "qui", "ship xana"])
def test_what_a_person_may_not_see_is_not_suggested(as_bob, secrets, typed):
    assert "option" not in as_bob.get(reverse("search-suggest"), {"q": typed}).text


@pytest.mark.parametrize("typed", ["xanado", "zanzibbar"])
def test_what_a_person_may_not_see_was_not_meant(as_bob, secrets, typed):
    assert ask(as_bob, typed).context["better"] == ""


def test_the_boxes_on_a_page_that_a_person_may_not_see_are_not_there(as_bob, secrets):
    assert as_bob.get(reverse("page-hits", args=[secrets.pk]), {"q": "ship"}).status_code == 404


def test_a_page_opened_from_a_search_leads_on_to_the_next_page_with_the_words(as_alice, alice, monkeypatch):
    # However old the document, and however common the words.
    monkeypatch.setattr(postgres, "is_common", lambda text: True)
    monkeypatch.setattr(postgres, "LOOKED_AT", 1)
    document = make_document(alice, pages=4)
    first, without, third, fourth = document.pages.order_by("number")
    for page, text in ((first, "a ship"), (without, "a boat"), (third, "ships and a ship"), (fourth, "the ship")):
        add_text(page, Layer.OCR, [stored_line(line) for line in make_reading(text).lines], made_by="fake")
    make_read_page(alice, "a newer ship")
    links = as_alice.get(third.get_absolute_url(), {"q": "ship"}).context["hit_links"]
    assert links == {
        "previous": f"{first.get_absolute_url()}?q=ship", "next": f"{fourth.get_absolute_url()}?q=ship",
        "results": f"{reverse('search')}?q=ship",
    }  # fmt: skip
    assert as_alice.get(fourth.get_absolute_url(), {"q": "ship"}).context["hit_links"]["next"] == ""
    assert as_alice.get(first.get_absolute_url()).context["hit_links"] == {}


@pytest.mark.parametrize(
    ("moment", "year"),
    [
        (datetime(2025, 12, 31, 14, 59, 59, tzinfo=UTC), "2025"), (datetime(2025, 12, 31, 15, 0, tzinfo=UTC), "2026"),
        (datetime(2026, 1, 1, 23, 0, tzinfo=UTC), "2026"), (datetime(2026, 6, 1, tzinfo=UTC), "2026"),
    ],
)  # fmt: skip
def test_years_are_those_of_the_sites_time_zone(as_alice, alice, settings, moment, year):
    settings.TIME_ZONE = "Asia/Tokyo"
    page, other = make_read_page(alice, "ship"), make_read_page(alice, "ship")
    Document.objects.filter(pk=page.document_id).update(created_at=moment)
    Document.objects.filter(pk=other.document_id).update(created_at=datetime(2001, 6, 1, tzinfo=UTC))
    facets = {str(facet["label"]): facet["values"] for facet in ask(as_alice).context["facets"]}
    assert {value["label"]: value["count"] for value in facets["Year"]} == {int(year): 1, 2001: 1}
