"""The Django admin: its screens open, its actions set work going, and RQ's pages are for superusers alone."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.contrib import admin as django_admin
from django.contrib.auth.models import Permission
from django.urls import reverse
from django_rq.models import Dashboard

from documents.models import Attempt, Document, Edit, EditState, ExportJob, Page, PageStatus, Tag
from documents.pipeline import export_jobs, health
from tests.scenes import make_document, make_read_page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("full_window")]

SCREENS = ["document", "page", "pagetext", "edit", "attempt", "heartbeat", "tag"]
READ_ONLY = ["pagetext", "edit", "attempt", "heartbeat"]


@pytest.fixture
def archive(alice) -> dict[str, object]:
    """One row of everything, by the name of its screen."""
    page = make_read_page(alice, "Hello", title="<b>Diary</b>")
    change = Edit.objects.create(
        text=page.current, line=0, start=0, end=1, before="H", after="h", rule="case", state=EditState.APPLIED
    )
    attempt = Attempt.objects.create(page=page, step="read", token="token", number=1)
    health.beat(health.SWEEPER)
    return {
        "document": page.document, "page": page, "pagetext": page.current, "edit": change, "attempt": attempt,
        "heartbeat": health.Heartbeat.objects.get(), "tag": Tag.objects.create(name="war"),
    }  # fmt: skip


def run(client, model: str, action: str, *rows):
    url = reverse(f"admin:documents_{model}_changelist")
    return client.post(url, {"action": action, "_selected_action": [row.pk for row in rows]}, follow=True)


@pytest.mark.parametrize("model", SCREENS)
def test_it_lists_and_shows_everything(as_admin, archive, model):
    listed = as_admin.get(reverse(f"admin:documents_{model}_changelist"), {"q": "war"})
    shown = as_admin.get(reverse(f"admin:documents_{model}_change", args=[archive[model].pk]))
    assert (listed.status_code, shown.status_code) == (200, 200)
    assert "<b>Diary" not in shown.text


@pytest.mark.parametrize("model", READ_ONLY)
def test_it_lets_nobody_write_what_the_pipeline_writes(as_admin, archive, model):
    assert as_admin.get(reverse(f"admin:documents_{model}_add")).status_code == 403
    change = reverse(f"admin:documents_{model}_change", args=[archive[model].pk])
    assert as_admin.post(change, {"state": "accepted"}).status_code == 403


@pytest.mark.parametrize("model", ["document", "page"])
def test_it_takes_documents_only_by_uploading(as_admin, model):
    assert as_admin.get(reverse(f"admin:documents_{model}_add")).status_code == 403


@pytest.mark.parametrize("model", ["document", "page"])
def test_it_reads_again(as_admin, archive, model):
    answer = run(as_admin, model, "read_again", archive[model])
    assert Page.objects.get().status == PageStatus.PENDING
    assert "1 page is in line again." in answer.text


def test_it_corrects_again(as_admin, archive, settings):
    settings.CORRECTION = False  # no model is looked for
    run(as_admin, "page", "correct_again", archive["page"])
    assert Page.objects.get().status == PageStatus.READ


def test_it_warns_when_there_was_nothing_to_correct(as_admin, alice):
    page = make_document(alice).pages.get()
    assert "0 pages are in line again." in run(as_admin, "page", "correct_again", page).text


def test_it_exports_texts_under_names_that_do_not_meet(as_admin, alice):
    documents = [make_read_page(alice, text, title="Diary").document for text in ("one", "two")]
    run(as_admin, "document", "export", *documents)
    export_jobs.run(ExportJob.objects.get().pk)
    answer = as_admin.get(reverse("export-download", args=[ExportJob.objects.get().pk]))
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert texts == {f"{documents[0].pk}-diary.txt": "one", f"{documents[1].pk}-diary.txt": "two"}


def test_it_deletes_a_document_with_its_pages(as_admin, archive):
    document = archive["document"]
    as_admin.post(reverse("admin:documents_document_delete", args=[document.pk]), {"post": "yes"})
    assert not Document.objects.exists()
    assert not Page.objects.exists()


def test_it_deletes_no_lone_page(as_admin, archive):
    page = archive["page"]
    url = reverse("admin:documents_page_delete", args=[page.pk])
    assert as_admin.post(url, {"post": "yes"}).status_code == 403
    run(as_admin, "page", "delete_selected", page)
    assert Page.objects.exists()


def test_it_is_closed_to_people_who_are_not_staff(client, alice):
    client.force_login(alice)
    answer = client.get(reverse("admin:index"))
    assert answer.status_code == 302
    assert "login" in answer["Location"]


def test_it_offers_staff_who_may_only_look_no_actions_that_change(client, bob, archive):
    _make_staff(bob, "view_document")
    client.force_login(bob)
    run(client, "document", "read_again", archive["document"])
    assert Page.objects.get().status == PageStatus.DONE


QUEUE_PAGES = {
    pattern.name: [0] * len(pattern.pattern.converters)
    for pattern in django_admin.site._registry[Dashboard].get_urls()
    if pattern.name
}
"""Every address of RQ's own pages, with a number for each of its parameters."""


@pytest.mark.parametrize("name", QUEUE_PAGES)
def test_it_keeps_the_queues_from_staff_whatever_their_permissions(client, bob, name):
    _make_staff(bob, *Permission.objects.values_list("codename", flat=True))
    client.force_login(bob)
    assert client.get(_queue_url(name)).status_code == 403
    assert client.post(_queue_url(name)).status_code == 403


@pytest.mark.parametrize("name", QUEUE_PAGES)
def test_it_keeps_the_queues_from_strangers(client, name):
    assert client.get(_queue_url(name)).status_code in (302, 403)


def test_it_does_not_show_staff_that_there_are_queues(client, bob):
    _make_staff(bob, *Permission.objects.values_list("codename", flat=True))
    client.force_login(bob)
    assert "django_rq" not in client.get(reverse("admin:index")).text


def test_it_shows_superusers_the_way_to_the_queues(as_admin):
    assert "django_rq" in as_admin.get(reverse("admin:index")).text


def _queue_url(name: str) -> str:
    return reverse(f"admin:{name}", args=QUEUE_PAGES[name])


def _make_staff(user, *codenames: str) -> None:
    user.is_staff = True
    user.save()
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))


def test_staff_do_not_see_other_peoples_private_documents_in_the_admin(client, alice, bob):
    bob.is_staff = True
    bob.save()
    bob.user_permissions.set(Permission.objects.filter(content_type__app_label="documents"))
    make_read_page(alice, "her secret words", scope=str(alice.pk), title="Her secret")
    client.force_login(bob)
    for name in ("document", "page", "pagetext"):
        listed = client.get(reverse(f"admin:documents_{name}_changelist")).content.decode()
        assert "Her secret" not in listed
