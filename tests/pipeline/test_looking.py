"""Looking: pages are drawn at once, and nothing depends on it."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage

from documents.models import Page
from documents.pipeline import files, intake, looking, rendering
from documents.pipeline.pictures import PageProblem
from tests.samples import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(alice):
    return intake.take([make.pdf(3)], "three.pdf", alice, intake.Wishes()).document


def drawing_of(document):
    """Return a drawing of the first page, its files kept for the test."""
    folder = Path(tempfile.mkdtemp(dir=settings.FILE_UPLOAD_TEMP_DIR))
    with files.local_copy(document.original) as original:
        return rendering.draw_page(original, document.kind, 1, folder)


def drawn(document) -> list[bool]:
    return [bool(page.picture and page.thumbnail) for page in document.pages.order_by("number")]


def test_all_pages_are_drawn_and_nothing_else_changes(document):
    assert looking.look_at(document.pk) is False
    assert drawn(document) == [True, True, True]
    assert set(document.pages.values_list("status", "attempts")) == {("pending", 0)}
    assert looking.unseen_documents(5) == []


def test_what_is_left_after_a_turn_is_done_later(document, monkeypatch):
    monkeypatch.setattr(looking, "TURN_SECONDS", -1)
    assert looking.look_at(document.pk) is True
    assert looking.unseen_documents(5) == [document.pk]


def test_a_page_that_cannot_be_drawn_does_not_keep_the_others_from_it(document, monkeypatch):
    draw = looking.draw_page

    def draw_but_the_second(original, kind, number, folder):
        if number == 2:
            raise PageProblem("Page 2 of the PDF is damaged.", "damaged")
        return draw(original, kind, number, folder)

    monkeypatch.setattr(looking, "draw_page", draw_but_the_second)
    looking.look_at(document.pk)
    assert drawn(document) == [True, False, True]
    assert Page.objects.get(document=document, number=2).problem == ""


def test_the_coach_speaks_of_a_blank_page(alice):
    document = intake.take([make.blank_pdf()], "blank.pdf", alice, intake.Wishes()).document
    looking.look_at(document.pk)
    assert document.pages.get().coach == ["blank"]


def test_the_pictures_of_an_earlier_revision_do_not_stay_behind(document):
    looking.look_at(document.pk)
    first = document.pages.get(number=1)
    Page.objects.filter(pk=first.pk).update(revision=1)
    looking.keep_pictures(Page.objects.get(pk=first.pk), drawing_of(document))
    second = Page.objects.get(pk=first.pk)
    assert [default_storage.exists(page.picture) for page in (first, second)] == [False, True]
