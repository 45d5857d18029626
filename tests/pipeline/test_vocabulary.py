"""The house's vocabulary: lists of terms come in, and correcting knows those of the page's document."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from documents.models import Tag, VocabularyTerm
from documents.pipeline import correcting, intake
from documents.pipeline.vocabulary import add_terms, terms_in
from tests.samples import make
from tests.scenes import make_read_page

pytestmark = pytest.mark.django_db


def test_it_takes_one_term_per_line_and_leaves_out_notes_and_double_ones():
    assert terms_in("# places\nTheresienstadt\n  Cohn &  Sons \n\nTheresienstadt\n" + "x" * 101) == [
        "Theresienstadt", "Cohn & Sons",
    ]  # fmt: skip


def test_it_adds_only_what_is_new():
    assert add_terms(["Tebrau", "Jalan"]) == 2
    assert add_terms(["Tebrau", "Kuala"]) == 1
    assert add_terms(["Tebrau"], language="en") == 1


def test_a_page_has_the_terms_of_the_house_of_its_tags_and_of_its_document(alice):
    page, other = make_read_page(alice, "one"), make_read_page(alice, "two")
    tag = Tag.objects.create(name="camps")
    page.document.tags.add(tag)
    add_terms(["house"])
    add_terms(["tagged"], tag=tag)
    add_terms(["own"], document=page.document)
    add_terms(["foreign"], document=other.document)
    assert [term.term for term in correcting.terms_of(page)] == ["house", "own", "tagged"]


def test_the_words_of_an_upload_become_the_documents_vocabulary(alice):
    document = intake.take([make.png("words")], "a.png", alice, intake.Wishes(words=["Tebrau"])).document
    assert [term.term for term in document.vocabulary.all()] == ["Tebrau"]


def test_an_admin_imports_a_list(admin_client):
    file = SimpleUploadedFile("terms.txt", "Tebrau\nKlatovský\n".encode())
    answer = admin_client.post(reverse("admin:documents_vocabularyterm_add"), {"terms": "Jalan", "file": file})
    assert answer.status_code == 302
    assert set(VocabularyTerm.objects.values_list("term", flat=True)) == {"Jalan", "Tebrau", "Klatovský"}


def test_an_admin_is_told_when_a_file_is_no_text(admin_client):
    file = SimpleUploadedFile("terms.txt", b"\xff\xfe\x00")
    answer = admin_client.post(reverse("admin:documents_vocabularyterm_add"), {"terms": "", "file": file})
    assert answer.status_code == 200
    assert "not UTF-8 text" in answer.content.decode()


def test_an_admin_can_change_a_term(admin_client):
    add_terms(["Tebrua"])
    term = VocabularyTerm.objects.get()
    url = reverse("admin:documents_vocabularyterm_change", args=[term.pk])
    assert admin_client.post(url, {"term": "Tebrau", "language": ""}).status_code == 302
    assert VocabularyTerm.objects.get().term == "Tebrau"
