"""Which page is next: chosen in the database, a few at a time, so that order and fairness are exact."""

from __future__ import annotations

import logging

import redis
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber
from django.utils.timezone import now

from documents import queues
from documents.models import Lane, Page
from documents.pipeline import health
from documents.states import CORRECTING, READING, Step, mark_queued, park_uncorrected, requeue_lost, unpark_uncorrected

log = logging.getLogger(__name__)


def dispatch() -> None:
    """Fill the small windows in Redis. Called after every upload and job and by the sweeper; never raises for Redis."""
    try:
        _fill(queues.INTERACTIVE, READING, Lane.INTERACTIVE)
        _fill(queues.BULK, READING, Lane.BULK)
        # What is left of the interactive lane goes to an idle bulk worker; never the other way round.
        _fill(queues.BULK, READING, Lane.INTERACTIVE)
        if _model_is_usable():
            _fill(queues.CORRECT, CORRECTING)
    except redis.RedisError as exc:
        log.warning("Redis does not take jobs (%s); the sweeper will try again.", exc)


def call_for_look(document_id: int) -> None:
    """Ask for a first look at the document; never raises for Redis."""
    try:
        queues.ring_look(document_id)
    except redis.RedisError as exc:
        log.warning("Redis does not take jobs (%s); the sweeper will try again.", exc)


def call_for_change(change_id: int) -> None:
    """Ask for the next batches of a change to many documents; never raises for Redis."""
    try:
        queues.ring_change(change_id)
    except redis.RedisError as exc:
        log.warning("Redis does not take jobs (%s); the sweeper will try again.", exc)


def _model_is_usable() -> bool:
    """Return whether there is a model to correct with; if not, settle the waiting pages with the reason."""
    if problem := health.model_problem():
        park_uncorrected(problem)
        return False
    unpark_uncorrected()
    return True


def _fill(queue: str, step: Step, lane: str | None = None) -> None:
    """Send the next waiting pages to `queue`, as far as its window has room."""
    room = queues.room(queue)
    if not room:
        return
    for page in mark_queued(_next_pages(step, lane, room), step):
        try:
            queues.ring(queue, step.name, page.pk, page.revision, page.dispatches)
        except redis.RedisError:
            requeue_lost([page.pk], step)
            raise


def _next_pages(step: Step, lane: str | None, count: int) -> list[int]:
    """Return the ids of the next pages: people take turns, each one's documents in order of arrival."""
    waiting = Page.objects.filter(Q(next_try_at=None) | Q(next_try_at__lte=now()), status=step.waiting)
    if lane:
        waiting = waiting.filter(document__lane=lane)
    turn = Window(RowNumber(), partition_by=F("document__owner_id"), order_by=[F("document_id"), F("number")])
    return list(waiting.annotate(turn=turn).order_by("turn", "document_id").values_list("pk", flat=True)[:count])
