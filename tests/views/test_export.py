"""Taking documents away on the web."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.urls import reverse

from documents.models import ExportJob
from documents.pipeline import export_jobs
from documents.pipeline.items import Item
from tests.scenes import make_document, make_read_page

pytestmark = pytest.mark.django_db

CHOOSE, START, LIST = reverse("export-choose"), reverse("export-start"), reverse("exports")


@pytest.fixture(autouse=True)
def no_worker(monkeypatch):
    """Let no worker be called."""
    monkeypatch.setattr("documents.queues.ring_export", lambda job_id: None)


@pytest.fixture
def job(alice):
    """A finished export of alice's."""
    found = export_jobs.start(alice, "Diary", [Item(make_read_page(alice, "Hello").document_id)], ["txt"])
    export_jobs.run(found.pk)
    found.refresh_from_db()
    return found


def test_a_document_offers_its_export(as_alice, alice):
    document = make_document(alice)
    assert f"{CHOOSE}?document={document.pk}" in as_alice.get(document.get_absolute_url()).text


def test_it_asks_for_the_formats(as_alice, alice):
    document = make_document(alice, title="<b>Diary", pages=3)
    answer = as_alice.get(CHOOSE, {"document": document.pk})
    assert "&lt;b&gt;Diary" in answer.text
    assert "3 pages" in answer.text
    assert f'name="document" value="{document.pk}"' in answer.text
    assert "Searchable PDF" in answer.text


@pytest.mark.parametrize("asked", [{}, {"document": "x"}, {"document": "9" * 30}, {"document": "1"}])
def test_it_says_that_nothing_was_chosen(as_alice, asked):
    answer = as_alice.get(CHOOSE, asked, follow=True)
    assert "Tick the documents first" in answer.text


def test_a_small_export_is_sent_at_once(as_alice, alice):
    document = make_read_page(alice, "Hello", title="Diary").document
    answer = as_alice.post(START, {"document": document.pk, "formats": "txt"})
    assert answer.getvalue() == b"Hello"
    assert answer["Content-Disposition"] == 'attachment; filename="diary.txt"'
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_one_page_can_be_sent(as_alice, alice):
    page = make_read_page(alice, "Hello", page_count=2)
    page.document.pages.create(number=2)
    assert "page 1" in as_alice.get(CHOOSE, {"page": page.pk}).text
    assert as_alice.post(START, {"page": page.pk, "formats": "txt"}).getvalue() == b"Hello"


def test_ticked_documents_come_as_a_zip(as_alice, alice):
    keys = [make_read_page(alice, text).document_id for text in ("one", "two")]
    assert "2 documents" in as_alice.post(CHOOSE, {"document": keys}).text
    answer = as_alice.post(START, {"document": keys, "formats": ["txt", "json"]})
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        assert len(archive.namelist()) == 4


def test_what_a_search_found_can_be_sent(as_alice, alice):
    found = make_read_page(alice, "wombat", title="Found")
    make_read_page(alice, "other", title="Other")
    answer = as_alice.post(CHOOSE, {"q": "wombat", "all": "on", "document": ""})
    assert "Search: wombat" in answer.text
    assert as_alice.post(START, {"q": "wombat", "all": "on", "formats": "txt"}).getvalue() == b"wombat"
    other = found.document.pages.create(number=2)
    assert other.pk
    sent = as_alice.post(START, {"q": "wombat", "all": "on", "only_pages": "on", "formats": "txt"}).getvalue()
    assert sent == b"wombat"


def test_a_large_export_is_made_in_the_background(as_alice, alice):
    document = make_document(alice, pages=30, title="Ledger")
    answer = as_alice.post(START, {"document": document.pk, "formats": "txt"})
    assert answer["Location"] == LIST
    job = ExportJob.objects.get()
    assert (job.owner, job.title, job.items, job.pages_total) == (alice, "Ledger", [[document.pk, None]], 30)
    shown = as_alice.get(LIST).text
    assert 'hx-trigger="every 2s"' in shown
    assert "Waiting for a worker" in shown


@pytest.mark.parametrize("formats", [[], ["exe"]])
def test_it_says_that_a_format_is_missing(as_alice, alice, formats):
    answer = as_alice.post(START, {"document": make_document(alice).pk, "formats": formats})
    assert answer.status_code == 422


def test_it_says_why_nothing_can_be_sent(as_alice, alice):
    answer = as_alice.post(START, {"document": make_document(alice, kind="jpeg").pk, "formats": "pdf"})
    assert answer.status_code == 422
    assert "has a picture yet" in answer.text


def test_what_another_person_keeps_for_herself_cannot_be_sent(as_bob, alice):
    page = make_read_page(alice, "secret", scope=str(alice.pk))
    for asked in ({"document": page.document_id}, {"page": page.pk}, {"q": "secret", "all": "on"}):
        answer = as_bob.post(START, asked | {"formats": "txt"}, follow=True)
        assert b"secret" not in b"".join(answer)


def test_the_list_offers_the_file_until_its_day(as_alice, job):
    shown = as_alice.get(LIST).text
    assert reverse("export-download", args=[job.pk]) in shown
    assert "kept until" in shown
    assert "every 2s" not in shown
    answer = as_alice.get(reverse("export-download", args=[job.pk]))
    assert answer.getvalue() == b"Hello"


def test_the_list_shows_what_went_wrong(as_alice, job):
    ExportJob.objects.update(state="failed", problem="The disk is <full>.", notes=["A note."])
    shown = as_alice.get(LIST).text
    assert "The disk is &lt;full&gt;." in shown
    assert "A note." in shown


def test_an_empty_list_says_how_to_begin(as_alice):
    assert "Nothing exported yet" in as_alice.get(LIST).text


@pytest.mark.parametrize(("name", "method"), [("export-download", "get"), ("export-delete", "post")])
def test_nobody_reaches_another_persons_exports(client, as_bob, job, admin, name, method):
    address = reverse(name, args=[job.pk])
    assert getattr(as_bob, method)(address).status_code == 404
    client.force_login(admin)
    assert getattr(client, method)(address).status_code == 404
    client.logout()
    assert getattr(client, method)(address)["Location"].startswith(reverse("login"))
    assert ExportJob.objects.filter(pk=job.pk).exists()
    assert job.title not in as_bob.get(LIST).text


def test_a_file_that_has_gone_is_not_found(as_alice, job):
    ExportJob.objects.update(file="exports/gone")
    assert as_alice.get(reverse("export-download", args=[job.pk])).status_code == 404


def test_an_export_can_be_deleted(as_alice, job):
    as_alice.post(reverse("export-delete", args=[job.pk]))
    assert not ExportJob.objects.exists()


def test_documents_can_be_ticked_in_the_library(as_alice, alice):
    document = make_document(alice)
    shown = as_alice.get(reverse("library")).text
    assert f'name="document" value="{document.pk}" form="take"' in shown
    assert f'action="{CHOOSE}" id="take"' in shown
