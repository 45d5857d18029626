"""One document's screen, and what can be done from it."""

from __future__ import annotations

from email.message import Message

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from documents.models import Document, DocumentStatus, Page, PageStatus, Tag
from documents.pipeline.options import ReadingOptions, options_of
from documents.states import settle_document
from tests.scenes import make_document, make_read_page

pytestmark = pytest.mark.django_db

HOSTILE_NAMES = [
    'a";filename="evil.html.png', "a\\b.png", "ünïcode – 東京.png", "<script>.png", "x" * 200, "a%0d%0ab;.png",
]  # fmt: skip


def url(name: str, document: Document) -> str:
    return reverse(name, args=[document.pk])


def store_original(document: Document, content: bytes = b"content") -> None:
    default_storage.delete(document.original)
    default_storage.save(document.original, ContentFile(content))


def test_it_shows_the_pages_and_leads_to_the_first_one_to_review(as_alice, alice):
    document = make_read_page(alice, "Hello").document
    answer = as_alice.get(document.get_absolute_url())
    page = document.pages.get()
    assert list(answer.context["page_obj"]) == [page]
    assert answer.context["review_url"] == page.get_absolute_url()


def test_it_splits_long_documents_into_screens(as_alice, alice):
    document = make_document(alice, pages=61)
    answer = as_alice.get(document.get_absolute_url(), {"page": "2"})
    assert [page.number for page in answer.context["page_obj"]] == [61]


@pytest.mark.parametrize("asked", ["0", "-1", "x", "9" * 5000])
def test_it_shows_some_screen_whatever_page_is_asked_for(as_alice, alice, asked):
    document = make_document(alice)
    assert as_alice.get(document.get_absolute_url(), {"page": asked}).status_code == 200


def test_it_shows_how_far_the_work_is(as_alice, alice):
    document = make_document(alice, pages=2)
    document.pages.filter(number=1).update(status=PageStatus.DONE)
    answer = as_alice.get(url("document-progress", document))
    assert answer.context["progress"]["percent"] == 50
    assert "HX-Refresh" not in answer


def test_it_has_the_browser_load_the_screen_anew_when_all_is_done(as_alice, alice):
    document = make_read_page(alice, "Hello").document
    settle_document(document.pk)
    assert as_alice.get(url("document-progress", document))["HX-Refresh"] == "true"


def test_it_saves_title_and_tags(as_alice, alice):
    document = make_document(alice)
    answer = as_alice.post(url("document-edit", document), {"title": "New", "tags": "one, two,, one"})
    document.refresh_from_db()
    assert answer["Location"] == document.get_absolute_url()
    assert document.title == "New"
    assert [tag.name for tag in document.tags.all()] == ["one", "two"]


def test_it_takes_a_tag_that_differs_in_case_for_the_same(as_alice, alice):
    known = Tag.objects.create(name="Letters")
    document = make_document(alice)
    as_alice.post(url("document-edit", document), {"title": "New", "tags": "LETTERS"})
    assert list(document.tags.all()) == [known]
    assert Tag.objects.count() == 1


@pytest.mark.parametrize("form", [{"title": ""}, {"title": "x" * 201}])
def test_it_saves_nothing_of_a_form_with_a_mistake(as_alice, alice, form):
    document = make_document(alice, title="Old")
    assert as_alice.post(url("document-edit", document), form).status_code == 422
    document.refresh_from_db()
    assert document.title == "Old"


def test_it_puts_failed_pages_alone_in_line_again(as_alice, alice):
    document = make_document(alice, pages=3, status=DocumentStatus.DONE_WITH_PROBLEMS)
    document.pages.filter(number=1).update(status=PageStatus.DONE)
    document.pages.filter(number__gt=1).update(status=PageStatus.QUARANTINED, problem="Broken.")
    as_alice.post(url("document-retry", document))
    document.refresh_from_db()
    assert list(document.pages.values_list("status", "problem")) == [("done", ""), ("pending", ""), ("pending", "")]
    assert document.status == DocumentStatus.PROCESSING


def test_it_reads_all_pages_again_when_asked_to(as_alice, alice):
    document = make_read_page(alice, "Hello").document
    as_alice.post(url("document-retry", document), {"what": "read"})
    assert document.pages.get().status == PageStatus.PENDING


def test_it_corrects_only_what_has_been_read(as_alice, alice, settings):
    settings.CORRECTION = False  # no model is looked for
    document = make_read_page(alice, "Hello", page_count=2).document
    document.pages.create(number=2)
    as_alice.post(url("document-retry", document), {"what": "correct"})
    assert list(document.pages.values_list("status", flat=True)) == ["read", "pending"]


def test_it_keeps_what_has_been_read_when_work_is_cancelled(as_alice, alice):
    document = make_read_page(alice, "Hello", status=PageStatus.READ, page_count=2).document
    document.pages.create(number=2)
    as_alice.post(url("document-cancel", document))
    first, second = document.pages.order_by("number")
    document.refresh_from_db()
    assert (first.status, first.current.text) == (PageStatus.DONE, "Hello")
    assert second.status == PageStatus.CANCELLED
    assert document.status == DocumentStatus.CANCELLED


@pytest.mark.parametrize("name", ["scan.png", *HOSTILE_NAMES])
def test_it_sends_the_original_as_a_download_that_no_browser_opens(as_alice, alice, name):
    document = make_document(alice, original_name=name)
    store_original(document)
    answer = as_alice.get(url("document-original", document))
    assert b"".join(answer.streaming_content) == b"content"
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    header = Message()
    header["Content-Disposition"] = answer["Content-Disposition"]
    assert header.get_content_disposition() == "attachment"
    assert header.get_filename() == name


def test_it_does_not_find_an_original_that_has_gone_from_the_storage(as_alice, alice):
    document = make_document(alice, original="originals/gone")
    assert as_alice.get(url("document-original", document)).status_code == 404


def test_it_sends_the_text_of_all_pages_with_form_feeds_between(as_alice, alice):
    document = make_read_page(alice, "Hello", "<script>", title="Ärger / 1914", page_count=2).document
    document.pages.create(number=2)
    answer = as_alice.get(url("document-text", document))
    assert answer.getvalue().decode() == "Hello\n<script>\n\f\n[Waiting to be read]"
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="arger-1914.txt"'


def test_it_names_a_text_file_whose_title_has_no_latin_letters(as_alice, alice):
    document = make_document(alice, title='東京"\r\n')
    assert 'filename="document.txt"' in as_alice.get(url("document-text", document))["Content-Disposition"]


def test_it_shows_hostile_titles_and_tags_as_text(as_alice, alice):
    document = make_document(alice, title="<script>alert(1)</script>{{7*7}}", original_name="<img src=x>.png")
    document.tags.create(name="<b>tag</b>")
    answer = as_alice.get(document.get_absolute_url())
    for hostile in ("<script>alert", "<img src=x>", "<b>tag"):
        assert hostile not in answer.text
    assert "{{7*7}}" in answer.text


OPTIONS = {"engine": "rapidocr", "mode": "best", "language": "de", "handwritten": "on", "read_picture": "on"}


def test_it_reads_again_with_other_options(as_alice, alice):
    document = make_document(alice)
    document.pages.update(options={"language": "fr"}, status=PageStatus.DONE)
    as_alice.post(url("document-retry", document), {"what": "read"} | OPTIONS)
    page = Page.objects.get()
    assert options_of(page) == ReadingOptions("rapidocr", "best", "de", True, True)
    assert (page.status, page.revision) == (PageStatus.PENDING, 1)


def test_it_takes_no_options_that_there_are_not(as_alice, alice):
    document = make_document(alice)
    as_alice.post(url("document-retry", document), {"what": "read"} | OPTIONS | {"engine": "magic"})
    document.refresh_from_db()
    assert (document.engine, document.pages.get().revision) == ("", 0)
