"""What people send, checked."""

from __future__ import annotations

import pytest

from documents.forms import DocumentForm, LibraryForm, TagNames, UploadForm, language_choices
from documents.models import Document
from documents.pipeline.intake import Wishes
from tests.scenes import make_document

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "names"), [("", []), (" , ,", []), ("a", ["a"]), (" a b ,c,", ["a b", "c"]), (None, [])]
)
def test_it_finds_tags_between_commas(typed, names):
    assert TagNames().clean(typed) == names


def test_it_offers_languages_by_name_with_automatic_first():
    names = [str(name) for _code, name in language_choices()]
    assert names[0] == "Automatic"
    assert names[1:] == sorted(names[1:])


def test_it_takes_an_upload_without_wishes():
    form = UploadForm({})
    assert form.is_valid()
    assert form.wishes() == Wishes()


def test_it_takes_all_wishes():
    asked = {"language": "fr", "handwritten": "on", "engine": "rapidocr", "mode": "best", "read_picture": "on"}
    form = UploadForm({"title": " T ", "tags": "a, b", "private": "on"} | asked)
    assert form.is_valid()
    assert form.wishes() == Wishes("T", True, ["a", "b"], "rapidocr", "best", "fr", True, True)


@pytest.mark.parametrize(
    "wish", [{"title": "x" * 201}, {"title": "a\0b"}, {"language": "xx"}, {"handwritten": "maybe"}, {"tags": "x" * 401}]
)
def test_it_refuses_wishes_that_cannot_be_kept(wish):
    assert not UploadForm(wish).is_valid()


def test_it_shows_a_documents_tags_as_people_type_them(alice):
    document = make_document(alice)
    for name in ("b", "a"):
        document.tags.create(name=name)
    assert DocumentForm(instance=document).initial["tags"] == "a, b"


def test_it_takes_tags_away_that_were_deleted_from_the_line(alice):
    document = make_document(alice)
    document.tags.create(name="old")
    form = DocumentForm({"title": "T", "tags": "new"}, instance=document)
    assert form.is_valid()
    assert [tag.name for tag in form.save().tags.all()] == ["new"]


def test_it_cleans_and_shortens_tags(alice):
    form = DocumentForm({"title": "T", "tags": "a\u202eb, " + "x" * 100}, instance=make_document(alice))
    assert form.is_valid()
    assert {tag.name for tag in form.save().tags.all()} == {"ab", "x" * 60}


@pytest.mark.parametrize("asked", [{}, {"status": "x", "tag": "x", "uploader": "x", "q": "\0", "sort": "x"}])
def test_it_lets_all_documents_through_without_a_sensible_filter(alice, asked):
    document = make_document(alice)
    assert list(LibraryForm(asked).filtered(Document.objects.all())) == [document]


def test_it_offers_no_people_who_have_left(alice, bob):
    bob.is_active = False
    bob.save()
    assert list(LibraryForm({}).fields["uploader"].queryset) == [alice]
