"""Removing: nothing of a document stays behind, and nothing of another one goes."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage

from documents.models import Document, Page, PageText
from documents.pipeline import intake, looking
from documents.pipeline.removing import remove_documents
from documents.search import find, parse
from tests.samples import make
from tests.scenes import make_read_page

pytestmark = pytest.mark.django_db


def test_rows_pictures_original_and_index_are_gone(alice, django_capture_on_commit_callbacks):
    document = intake.take([make.png("gone")], "gone.png", alice, intake.Wishes()).document
    looking.look_at(document.pk)
    page = document.pages.get()
    with django_capture_on_commit_callbacks(execute=True):
        assert remove_documents(Document.objects.filter(pk=document.pk)) == 1
    assert not Page.objects.exists()
    assert not any(default_storage.exists(name) for name in (document.original, page.picture, page.thumbnail))


def test_a_file_that_another_document_has_too_stays(alice, bob, django_capture_on_commit_callbacks):
    mine, his = (
        intake.take([make.png("both")], "both.png", owner, intake.Wishes(private=True)).document
        for owner in (alice, bob)
    )
    assert mine.original == his.original
    with django_capture_on_commit_callbacks(execute=True):
        remove_documents(Document.objects.filter(pk=mine.pk))
    assert default_storage.exists(his.original)


def test_files_stay_when_the_rows_could_not_be_deleted(alice, monkeypatch):
    document = intake.take([make.png("stays")], "stays.png", alice, intake.Wishes()).document

    def fail(page_ids):
        raise RuntimeError("the database broke")

    monkeypatch.setattr("documents.search.remove_pages", fail)
    with pytest.raises(RuntimeError):
        remove_documents(Document.objects.filter(pk=document.pk))
    assert default_storage.exists(document.original)


def test_search_does_not_find_it_any_more(alice):
    page = make_read_page(alice, "a rare lighthouse")
    remove_documents(Document.objects.filter(pk=page.document_id))
    assert find(parse("lighthouse"), Document.objects.all()).total == 0
    assert not PageText.objects.exists()
