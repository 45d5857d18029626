"""What is suggested for doubtful words, and words that go into the vocabulary."""

from __future__ import annotations

import pytest
from django.urls import reverse

from documents.correction.rewordings import Doubtful
from documents.models import Layer, Page, VocabularyTerm
from documents.ocr.base import Alternative, Line, Word
from documents.pipeline.suggesting import suggestions
from documents.pipeline.texts import add_text, stored_line
from tests.scenes import make_read_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(alice):
    page = make_read_page(alice, "the ohanged oamp")
    Page.objects.update(language="en")
    page.refresh_from_db()
    return page


def suggested(page, text: str, **more) -> list[str]:
    return suggestions({"a": Doubtful(text, **more)}, page).get("a", [])


def test_the_likeliest_word_comes_first(page):
    assert [suggested(page, word)[0] for word in ("ohanged", "oamp")] == ["changed", "camp"]


def test_nothing_is_suggested_without_a_dictionary(page):
    page.language = ""
    assert suggested(page, "ohanged") == []


def test_a_word_of_the_documents_vocabulary_is_suggested(page):
    VocabularyTerm.objects.create(term="Lakenbach", document=page.document)
    assert suggested(page, "Lakenbaoh")[0] == "Lakenbach"


def test_a_word_of_the_document_is_suggested_but_not_the_misreading_itself(alice):
    page = make_read_page(alice, "Rajka lies in Hungary; Rajka and Raika")
    Page.objects.update(language="en")
    page.refresh_from_db()
    assert suggested(page, "Raika")[0] == "Rajka"


def test_the_desk_asks_for_all_doubtful_words_at_once(as_alice, page):
    read = [
        Word("the", (0, 0, 9, 9), 0.99),
        Word("ohanged", (10, 0, 19, 9), 0.4, (Alternative("ohanqed", "tesseract", 0.3),)),
        Word("oamp", (20, 0, 29, 9), 0.7),
    ]
    line = Line("the ohanged oamp", (0, 0, 29, 9), 0.8, tuple(read))
    add_text(page, Layer.OCR, [stored_line(line)], made_by="fake")
    answer = as_alice.get(reverse("page-suggestions", args=[page.pk]), {"below": "60"}).json()
    assert list(answer) == ["0:4"]
    assert answer["0:4"][0] == "changed"
    assert "ohanqed" not in answer["0:4"]  # the desk has it already


@pytest.mark.parametrize("below", ["", "x", "9" * 30, "-3"])
def test_whatever_threshold_is_asked_for_there_is_an_answer(as_alice, page, below):
    assert as_alice.get(reverse("page-suggestions", args=[page.pk]), {"below": below}).json() == {}


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
