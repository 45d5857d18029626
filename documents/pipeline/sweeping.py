"""Putting right what died: the sweeper needs the database only, and two sweepers at once do no harm."""

from __future__ import annotations

import logging
import time
from datetime import timedelta

import redis
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.utils.timezone import now
from django.utils.translation import gettext as _

from documents import queues, search, states
from documents.models import OPEN, Document, DocumentStatus, Page
from documents.pipeline import (
    changing,
    dispatching,
    export_jobs,
    fetching,
    files,
    health,
    intake,
    looking,
    review_queue,
)

log = logging.getLogger(__name__)

HOUSEKEEPING_SECONDS = 60
LOOKS = 5
"""Documents that are called for a look in one round; their own jobs and the uploads call the others."""


def sweep() -> None:
    """Do one round: lost messages, dead leases, unfinished documents, the next jobs, a sign of life."""
    redis_problem = _put_back_lost_messages()
    if expired := states.expire_leases():
        log.warning("%d pages were given back after their worker died", expired)
    _finish_documents()
    dispatching.dispatch()
    idle = [] if redis_problem else _queues_without_worker()
    health.beat(health.SWEEPER, problems=_problems(redis_problem, idle), idle=idle)


def housekeep() -> None:
    """Do what is needed now and then: files without rows, index rows without pages, the models, old exports, RQ."""
    if adopted := intake.adopt_orphans():
        log.warning("%d stored files got the rows they had missed", adopted)
    if wrong := search.repair_when_due():
        log.warning("the search index was written anew: %s", wrong)
    review_queue.catch_up()
    fetching.fetch_missing_models()
    export_jobs.remove_expired()
    try:
        queues.clean_registries()
    except redis.RedisError:
        pass  # said by the next round's sign of life


def run_for_ever() -> None:
    """Sweep every SWEEP_SECONDS until the process is stopped."""
    housekept = 0.0
    while True:
        sweep()
        if time.monotonic() - housekept > HOUSEKEEPING_SECONDS:
            housekeep()
            housekept = time.monotonic()
        time.sleep(settings.SWEEP_SECONDS)


def _put_back_lost_messages() -> str:
    """Put pages back that are queued in the database but not in Redis. Return why Redis cannot be asked, or ""."""
    stale = now() - timedelta(seconds=4 * settings.SWEEP_SECONDS)
    try:
        known = queues.known_job_ids()
    except redis.RedisError as exc:
        return str(exc)
    for step in states.STEPS:
        queued = Page.objects.filter(status=step.queued, queued_at__lt=stale).only("pk", "revision", "dispatches")
        lost = [page.pk for page in queued if queues.job_id(page.pk, page.revision, page.dispatches) not in known]
        if count := states.requeue_lost(lost, step):
            log.warning("%d lost messages were found out", count)
    for document_id in looking.unseen_documents(LOOKS):
        if queues.look_id(document_id) not in known:
            dispatching.call_for_look(document_id)
    for change_id in changing.unfinished():
        if queues.change_job_id(change_id) not in known:
            dispatching.call_for_change(change_id)
    for job_id in export_jobs.unfinished():
        if queues.export_job_id(job_id) not in known:
            export_jobs.call(job_id)
    return ""


def _finish_documents() -> None:
    open_pages = Page.objects.filter(document=OuterRef("pk"), status__in=OPEN)
    for document in Document.objects.filter(~Exists(open_pages), status=DocumentStatus.PROCESSING).only("pk"):
        states.settle_document(document.pk)


def _problems(redis_problem: str, idle: list[str]) -> list[str]:
    """Return what staff should know, as sentences."""
    problems = []
    if redis_problem:
        problems.append(_("The job queue does not answer. Uploads are kept and go on when it is back."))
    # A worker that is being restarted is away for a moment: it is missed when two rounds in a row did not see it.
    if missed := sorted(set(idle) & set(health.details(health.SWEEPER).get("idle", []))):
        problems.append(_("No worker is running for: %(names)s.") % {"names": ", ".join(missed)})
    if settings.WATCH_DIR and (problem := health.problem_of(health.WATCHER)):
        problems.append(problem)
    if files.free_bytes() < settings.MIN_FREE_BYTES:
        problems.append(_("The disk is nearly full. New uploads are refused until there is room."))
    return problems


def _queues_without_worker() -> list[str]:
    try:
        return [name for name, count in queues.workers_per_queue().items() if not count]
    except redis.RedisError:
        return []
