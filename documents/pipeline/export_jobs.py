"""Exports in the background: asked for, made by a worker, kept for a while.

The row is the truth, as everywhere. A run puts its token on it; when the worker dies the sweeper rings again, and the
run that was thought dead stops at its next page, where it finds another's token.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import redis
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.timezone import now
from django.utils.translation import gettext as _

from documents import queues
from documents.models import ExportJob, Page
from documents.pipeline import exporting, files
from documents.pipeline.exporting import Exported, ExportFailed
from documents.pipeline.items import Item

log = logging.getLogger(__name__)

TELL_SECONDS = 1.0
"""How often a run says how far it is."""


class Superseded(Exception):
    """The export was taken from this run: deleted by its owner, or begun anew by another run."""


def start(owner: Any, title: str, items: Sequence[Item], formats: Sequence[str]) -> ExportJob:
    """Keep the wish and call a worker for it. Return the job."""
    job = ExportJob.objects.create(
        owner=owner, title=title[:200], items=[[item.document_id, item.numbers] for item in items],
        formats=list(formats), pages_total=count_pages(items) * len(formats),
    )  # fmt: skip
    call(job.pk)
    return job


def count_pages(items: Sequence[Item]) -> int:
    """Return how many pages the items have."""
    whole = [item.document_id for item in items if item.numbers is None]
    return Page.objects.filter(document__in=whole).count() + sum(len(item.numbers or ()) for item in items)


def call(job_id: int) -> None:
    """Ask for a worker; never raises for Redis, since the sweeper asks again."""
    try:
        queues.ring_export(job_id)
    except redis.RedisError as exc:
        log.warning("Redis does not take jobs (%s); the sweeper will try again.", exc)


def unfinished() -> list[int]:
    """Return the ids of the exports that are not made yet, oldest first."""
    open_states = (ExportJob.State.WAITING, ExportJob.State.RUNNING)
    return list(ExportJob.objects.filter(state__in=open_states).order_by("pk").values_list("pk", flat=True))


def run(job_id: int) -> None:
    """Make the export, if it is still wished for; whatever goes wrong is kept as a sentence for its owner."""
    job = _claim(job_id)
    if job is None:
        return
    try:
        with files.work_folder() as folder:
            made = exporting.export(job.owner, _items(job), job.formats, folder, page_done=_counter(job))
            _keep(job, made)
    except Superseded:
        log.info("export %s was taken from this run", job_id)
    except ExportFailed as exc:
        _end(job, ExportJob.State.FAILED, problem=str(exc))
    except OSError:
        log.exception("export %s could not be stored", job_id)
        _end(job, ExportJob.State.FAILED, problem=_("The file could not be stored; the server's disk may be full."))


def _items(job: ExportJob) -> list[Item]:
    return [Item(document_id, None if numbers is None else tuple(numbers)) for document_id, numbers in job.items]


def _claim(job_id: int) -> ExportJob | None:
    """Take the export for this run; None when it is done, deleted, or has killed too many workers."""
    job = ExportJob.objects.select_related("owner").filter(pk=job_id).first()
    if job is None or not job.is_open:
        return None
    if job.attempts >= settings.MAX_ATTEMPTS:
        _end(
            job, ExportJob.State.FAILED, problem=_("The export broke off several times. Try fewer documents at a time.")
        )
        return None
    token = secrets.token_hex(16)
    mine = ExportJob.objects.filter(pk=job_id, token=job.token)
    if not mine.update(token=token, state=ExportJob.State.RUNNING, attempts=job.attempts + 1, pages_done=0):
        return None
    job.token = token
    return job


def _counter(job: ExportJob):
    """Return what counts a page, tells the row now and then, and raises Superseded when that is not ours any more."""
    told, done = time.monotonic(), 0

    def page_done() -> None:
        nonlocal told, done
        done += 1
        if time.monotonic() - told >= TELL_SECONDS:
            told = time.monotonic()
            if not _held(job).update(pages_done=done):
                raise Superseded

    return page_done


def _held(job: ExportJob):
    return ExportJob.objects.filter(pk=job.pk, token=job.token, state=job.State.RUNNING)


def _keep(job: ExportJob, made: Exported) -> None:
    """Store the file, then end the job; when it is not ours any more, nothing is left behind."""
    name = files.save_picture(f"exports/{job.pk}-{job.token}", made.path)
    kept = _end(
        job, ExportJob.State.DONE, file=name, file_name=made.name, mime=made.mime, notes=list(made.notes),
        size=made.path.stat().st_size, pages_done=job.pages_total,
        expires_at=now() + timedelta(days=settings.EXPORT_DAYS),
    )  # fmt: skip
    if not kept:
        files.remove([name])


def _end(job: ExportJob, state: str, **facts: Any) -> bool:
    mine = ExportJob.objects.filter(pk=job.pk, token=job.token)
    return bool(mine.update(state=state, finished_at=now(), **facts))


def remove(job: ExportJob) -> None:
    """Delete the export: row first, file afterwards. A run that is at work stops by itself."""
    name = ExportJob.objects.filter(pk=job.pk).values_list("file", flat=True).first()
    ExportJob.objects.filter(pk=job.pk).delete()
    files.remove([name or ""])


def remove_expired() -> int:
    """Delete the exports whose time is over, and failed ones as old. Return how many."""
    over = ExportJob.objects.filter(expires_at__lt=now())
    old = ExportJob.objects.filter(
        state=ExportJob.State.FAILED, finished_at__lt=now() - timedelta(days=settings.EXPORT_DAYS)
    )
    jobs = [*over, *old]
    for job in jobs:
        remove(job)
    return len(jobs)


def open_file(job: ExportJob):
    """Return the finished file, opened. Raises FileNotFoundError when it is not there any more."""
    return default_storage.open(job.file)
