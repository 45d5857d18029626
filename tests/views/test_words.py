"""What the dictionary suggests for doubtful words, and words that go into the vocabulary."""

from __future__ import annotations

import pytest
from django.urls import reverse

from documents.models import Page, VocabularyTerm
from documents.pipeline.suggesting import suggestions
from tests.scenes import make_read_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(alice):
    page = make_read_page(alice, "the ohanged oamp")
    Page.objects.update(language="en")
    page.refresh_from_db()
    return page


def test_the_likeliest_word_comes_first(page):
    found = suggestions(["ohanged", "oamp"], "en", page.document)
    assert [words[0] for words in found.values()] == ["changed", "camp"]


def test_capitals_and_signs_stay(page):
    found = suggestions(["Ohanged,", "OHANGED"], "en", page.document)
    assert [words[0] for words in found.values()] == ["Changed,", "CHANGED"]


@pytest.mark.parametrize("word", ["house", "", "...", "1952", "x" * 99])
def test_nothing_is_suggested_for_words_and_for_what_is_none(page, word):
    assert suggestions([word], "en", page.document) == {}


def test_nothing_is_suggested_without_a_dictionary(page):
    assert suggestions(["ohanged"], "", page.document) == {}


def test_a_word_of_the_documents_vocabulary_is_suggested(page):
    VocabularyTerm.objects.create(term="Lakenbach", document=page.document)
    assert suggestions(["Lakenbaoh"], "en", page.document)["Lakenbaoh"][0] == "Lakenbach"


def test_the_desk_asks_for_all_doubtful_words_at_once(as_alice, page):
    answer = as_alice.post(reverse("page-suggestions", args=[page.pk]), {"word": ["ohanged", "the"]})
    assert list(answer.json()) == ["ohanged"]


def add_term(client, page, term: str):
    return client.post(reverse("page-vocabulary", args=[page.pk]), {"term": term})


def test_a_word_goes_into_the_vocabulary_of_its_document_once(as_alice, page):
    for _ in range(2):
        answer = add_term(as_alice, page, " Theresienstadt\n")
    assert "Theresienstadt" in answer.json()["said"]
    assert page.document.vocabulary.get().term == "Theresienstadt"


@pytest.mark.parametrize("term", ["", "  ", "x" * 101])
def test_it_says_when_a_word_cannot_go_into_the_vocabulary(as_alice, page, term):
    assert add_term(as_alice, page, term).status_code == 422
