"""Exports in the background: one file comes of it, or a sentence; nothing is left behind."""

from __future__ import annotations

from datetime import timedelta

import pytest
import redis
from django.core.files.storage import default_storage
from django.utils.timezone import now

from documents import jobs, queues
from documents.models import ExportJob
from documents.pipeline import export_jobs, exporting, sweeping
from documents.pipeline.items import Item
from tests.scenes import make_read_page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rung(monkeypatch):
    """The exports that a worker was called for."""
    calls: list[int] = []
    monkeypatch.setattr(queues, "ring_export", calls.append)
    return calls


@pytest.fixture
def job(alice):
    """An export of one document, asked for by alice."""
    document = make_read_page(alice, "Hello", title="Diary").document
    return export_jobs.start(alice, "Diary", [Item(document.pk)], ["txt"])


def stored_files() -> list[str]:
    return default_storage.listdir("exports")[1] if default_storage.exists("exports") else []


@pytest.fixture(autouse=True)
def no_old_files():
    """Begin without stored exports."""
    for name in stored_files():
        default_storage.delete(f"exports/{name}")


def test_it_calls_a_worker(job, rung):
    assert rung == [job.pk]
    assert (job.state, job.pages_total) == ("waiting", 1)


def test_it_keeps_the_file_for_a_week(job, settings, monkeypatch):
    monkeypatch.setattr(jobs, "close_old_connections", lambda: None)  # the test's own is one of them
    settings.EXPORT_DAYS = 7
    jobs.export_documents(job.pk)
    job.refresh_from_db()
    assert (job.state, job.file_name, job.pages_done) == ("done", "diary.txt", 1)
    with export_jobs.open_file(job) as stream:
        assert stream.read() == b"Hello"
    assert timedelta(days=6.9) < job.expires_at - now() < timedelta(days=7)


def test_it_is_made_once(job, monkeypatch):
    export_jobs.run(job.pk)
    monkeypatch.setattr(exporting, "export", None)  # would fail
    export_jobs.run(job.pk)


def test_it_says_why_nothing_could_be_made(job):
    ExportJob.objects.update(items=[])
    export_jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "documents" in job.problem


def test_it_says_that_the_disk_is_full(job, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("documents.pipeline.files.save_picture", full)
    export_jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "disk" in job.problem


def test_it_holds_only_what_its_owner_may_see_by_then(job, alice, bob):
    ExportJob.objects.update(owner=bob)
    document = exporting.Document.objects.get()
    document.scope = str(alice.pk)
    document.save()
    export_jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"


def test_a_run_that_was_overtaken_stops_and_leaves_nothing(job, monkeypatch):
    monkeypatch.setattr(export_jobs, "TELL_SECONDS", 0)
    real = exporting.export

    def overtaken(*args, **how):
        ExportJob.objects.update(token="another's")
        return real(*args, **how)

    monkeypatch.setattr(exporting, "export", overtaken)
    export_jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.token) == ("running", "another's")
    assert stored_files() == []


def test_a_run_that_was_overtaken_at_the_end_leaves_nothing(job, monkeypatch):
    real = exporting.export

    def overtaken(*args, **how):
        made = real(*args, **how)
        ExportJob.objects.update(token="another's")
        return made

    monkeypatch.setattr(exporting, "export", overtaken)
    export_jobs.run(job.pk)
    assert stored_files() == []


def test_one_that_kills_its_workers_is_given_up(job, settings):
    ExportJob.objects.update(state="running", attempts=settings.MAX_ATTEMPTS)
    export_jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "fewer documents" in job.problem


def test_redis_may_be_away(alice, job, monkeypatch):
    def away(job_id):
        raise redis.ConnectionError

    monkeypatch.setattr(queues, "ring_export", away)
    export_jobs.call(job.pk)
    assert export_jobs.unfinished() == [job.pk]


def test_the_sweeper_calls_for_lost_ones_again(job, rung, monkeypatch):
    monkeypatch.setattr(queues, "known_job_ids", set)
    sweeping._put_back_lost_messages()
    assert rung == [job.pk, job.pk]
    monkeypatch.setattr(queues, "known_job_ids", lambda: {f"export-{job.pk}"})
    sweeping._put_back_lost_messages()
    assert rung == [job.pk, job.pk]


def test_old_ones_go_with_their_files(job):
    export_jobs.run(job.pk)
    assert export_jobs.remove_expired() == 0
    ExportJob.objects.update(expires_at=now() - timedelta(seconds=1))
    assert export_jobs.remove_expired() == 1
    assert not ExportJob.objects.exists()
    assert stored_files() == []


def test_failed_ones_go_as_late(job, settings):
    late = now() - timedelta(days=settings.EXPORT_DAYS + 1)
    ExportJob.objects.update(state="failed", finished_at=late)
    assert export_jobs.remove_expired() == 1
