"""The only code that changes a status.

The database is the truth. Every move is a conditional UPDATE whose row count tells whether it happened; a worker
holds a page by a lease, and what it brings back is taken only while its token is still on the row. That makes
double deliveries, orphaned workers and clock jumps harmless.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psutil
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.timezone import now
from django.utils.translation import gettext as _

from documents.models import OPEN, UNREAD, Attempt, Document, DocumentStatus, Page, PageStatus

S = PageStatus

MOVES: dict[str, frozenset[str]] = {
    S.PENDING: frozenset({S.QUEUED, S.READING, S.QUARANTINED, S.CANCELLED}),
    S.QUEUED: frozenset({S.PENDING, S.READING, S.QUARANTINED, S.CANCELLED}),
    S.READING: frozenset({S.PENDING, S.READ, S.DONE, S.QUARANTINED, S.CANCELLED}),
    S.READ: frozenset({S.PENDING, S.CORRECTION_QUEUED, S.CORRECTING, S.CORRECTION_PENDING, S.DONE, S.CANCELLED}),
    S.CORRECTION_QUEUED: frozenset({S.PENDING, S.READ, S.CORRECTING, S.CORRECTION_PENDING, S.CANCELLED}),
    S.CORRECTING: frozenset({S.PENDING, S.READ, S.DONE, S.CORRECTION_PENDING, S.CANCELLED}),
    S.DONE: frozenset({S.PENDING, S.READ}),
    S.CORRECTION_PENDING: frozenset({S.PENDING, S.READ}),
    S.QUARANTINED: frozenset({S.PENDING}),
    S.CANCELLED: frozenset({S.PENDING, S.READ}),
}
"""From each status to those it may become. PENDING and READ are where "again" starts."""


@dataclass(frozen=True)
class Step:
    """One piece of work on a page: the statuses it passes, and where a page goes when every try has failed."""

    name: str
    waiting: str
    queued: str
    running: str
    given_up: str


READING = Step("read", S.PENDING, S.QUEUED, S.READING, S.QUARANTINED)
CORRECTING = Step("correct", S.READ, S.CORRECTION_QUEUED, S.CORRECTING, S.CORRECTION_PENDING)
STEPS = (READING, CORRECTING)
CORRECTION_RETRY = timedelta(hours=1)


@dataclass(frozen=True)
class Lease:
    """The right to do `step` on `page` until `page.lease_until`; `attempt` counts from 1."""

    page: Page
    step: Step
    token: str
    attempt: int


def may(old: str, new: str) -> bool:
    """Return whether a page in status `old` may become `new`."""
    return new in MOVES[old]


def _sources(new: str) -> list[str]:
    return [old for old in MOVES if may(old, new)]


def mark_queued(page_ids: Iterable[int], step: Step) -> list[Page]:
    """Move waiting pages to queued, counting the dispatch. Return those that moved."""
    moved = []
    for page_id in page_ids:
        mine = Page.objects.filter(pk=page_id, status=step.waiting)
        if mine.update(status=step.queued, dispatches=F("dispatches") + 1, queued_at=now()):
            moved.append(Page.objects.only("pk", "revision", "dispatches").get(pk=page_id))
    return moved


def claim(page_id: int, revision: int, step: Step, *, seconds: float) -> Lease | None:
    """Take the page for `step` for `seconds`; None means that there is nothing for us to do.

    The attempt is committed before the file is touched, so that a page which kills the machine is counted too.
    """
    token = secrets.token_hex(16)
    with transaction.atomic():
        moved = Page.objects.filter(
            pk=page_id, revision=revision, status__in=(step.waiting, step.queued), attempts__lt=settings.MAX_ATTEMPTS
        ).update(
            status=step.running,
            attempts=F("attempts") + 1,
            lease_token=token,
            lease_until=now() + timedelta(seconds=seconds),
            lease_holder=this_process(),
            next_try_at=None,
            changed_at=now(),
        )
        if not moved:
            return None
        page = Page.objects.select_related("document", "current").get(pk=page_id)
        Attempt.objects.create(page=page, step=step.name, token=token, number=page.attempts)
    return Lease(page, step, token, page.attempts)


def finish(lease: Lease, to: str, **changes: Any) -> bool:
    """End the lease with status `to` and `changes` on the page; False means that the lease was taken from us.

    Call it inside the transaction that writes the result, and write nothing when it returns False.
    """
    assert may(lease.step.running, to), f"{lease.step.running} cannot become {to}"
    values = {"attempts": 0, "problem": "", "crash_reason": "", "next_try_at": None} | changes
    done = _held(lease).update(status=to, lease_token="", lease_until=None, changed_at=now(), **values)
    _end_attempt(lease.token, Attempt.Outcome.DONE if done else Attempt.Outcome.FENCED)
    if done:
        settle_document(lease.page.document_id)
    return bool(done)


def _held(lease: Lease):
    """Return the page's row, if the lease is still ours."""
    page = lease.page
    return Page.objects.filter(
        pk=page.pk, revision=page.revision, status=lease.step.running, lease_token=lease.token
    )


def fail(lease: Lease, problem: str, *, crash_reason: str = "", final: bool = False) -> None:
    """End the lease without a result: the page waits for its next try, or is given up after the last one.

    `problem` is the sentence that staff will read; `final` means that another try would end the same way.
    """
    with transaction.atomic():
        _end_attempt(lease.token, Attempt.Outcome.FAILED, crash_reason or problem)
        _give_back(_held(lease), lease.page, lease.step, problem, crash_reason, final=final)


def postpone(lease: Lease, problem: str) -> None:
    """End a correcting lease because no model is there: not the page's fault, so no attempt is counted."""
    with transaction.atomic():
        _end_attempt(lease.token, Attempt.Outcome.FAILED, problem)
        _held(lease).update(
            status=S.CORRECTION_PENDING, attempts=0, problem=problem, lease_token="", lease_until=None,
            next_try_at=now(), changed_at=now(),
        )  # fmt: skip
        settle_document(lease.page.document_id)


def _give_back(held, page: Page, step: Step, problem: str, crash_reason: str, *, final: bool = False) -> None:
    """Put a page that failed back in line, or give it up when that was its last try."""
    given_up = final or page.attempts >= settings.MAX_ATTEMPTS
    moved = held.update(
        status=step.given_up if given_up else step.waiting,
        attempts=0 if given_up and step is CORRECTING else page.attempts,
        problem=problem,
        crash_reason=crash_reason,
        lease_token="",
        lease_until=None,
        next_try_at=_next_try(page.attempts, step, given_up),
        changed_at=now(),
    )
    if moved and given_up:
        settle_document(page.document_id)


def _next_try(attempts: int, step: Step, given_up: bool) -> datetime | None:
    if given_up:  # a page's text is usable without correction, which is tried again later by itself
        return now() + CORRECTION_RETRY if step is CORRECTING else None
    waits = settings.RETRY_SECONDS
    return now() + timedelta(seconds=waits[min(attempts, len(waits)) - 1])


def _end_attempt(token: str, outcome: str, reason: str = "") -> None:
    Attempt.objects.filter(token=token).update(outcome=outcome, ended_at=now(), reason=reason)


def expire_leases() -> int:
    """Give back every page whose worker is dead: its lease has run out, or its process on this machine is gone.

    Return how many.
    """
    running = Page.objects.filter(status__in=[step.running for step in STEPS])
    count = 0
    for page in running:
        if page.lease_until < now() or is_gone(page.lease_holder):
            count += _expire(page)
    return count


def _expire(page: Page) -> bool:
    step = READING if page.status == READING.running else CORRECTING
    reason = "The worker that had this page was not heard of again."
    with transaction.atomic():
        held = Page.objects.filter(pk=page.pk, lease_token=page.lease_token, status=step.running)
        if not held.exists():
            return False  # it came back after all
        _end_attempt(page.lease_token, Attempt.Outcome.EXPIRED, reason)
        _give_back(held, page, step, _("Work on this page broke off."), reason)
    return True


def this_process() -> str:
    """Return what a lease says of its holder: the machine, the process id and when that process began."""
    return f"{socket.gethostname()} {os.getpid()} {psutil.Process().create_time()}"


def is_gone(holder: str) -> bool:
    """Return whether a lease's holder ran on this machine and does not any more; False where that cannot be known."""
    try:
        machine, process, began = holder.split(" ")
        if machine != socket.gethostname():
            return False
        return psutil.Process(int(process)).create_time() != float(began)
    except psutil.NoSuchProcess:
        return True
    except (ValueError, psutil.AccessDenied):
        return False


def requeue_lost(page_ids: Iterable[int], step: Step) -> int:
    """Put queued pages whose message is lost back to waiting; no attempt is counted. Return how many."""
    return Page.objects.filter(pk__in=list(page_ids), status=step.queued).update(status=step.waiting)


def park_uncorrected(problem: str) -> int:
    """While there is no model: settle the pages that wait for it, with the reason. Return how many."""
    waiting = Page.objects.filter(status__in=(S.READ, S.CORRECTION_QUEUED))
    documents = list(waiting.values_list("document_id", flat=True).distinct())
    count = waiting.update(status=S.CORRECTION_PENDING, problem=problem, next_try_at=now())
    for document_id in documents:
        settle_document(document_id)
    return count


def unpark_uncorrected() -> int:
    """The model is there (again): let the pages whose time has come wait for it. Return how many."""
    due = Page.objects.filter(status=S.CORRECTION_PENDING, next_try_at__lte=now())
    documents = list(due.values_list("document_id", flat=True).distinct())
    if not documents:
        return 0  # the usual case, asked after every job: it must not take the write lock
    count = due.update(status=S.READ, problem="", attempts=0)
    _reopen(documents)
    return count


def again(pages: Any, step: Step) -> int:
    """Do `step` once more on the given pages (a queryset), with fresh attempts. Return how many.

    Raising the revision fences off whatever is still running on them.
    """
    pages = pages.filter(status__in=[*_sources(step.waiting), step.waiting])
    if step is CORRECTING:  # only a page that has been read can be corrected
        pages = pages.filter(current__isnull=False).exclude(status__in=UNREAD)
    with transaction.atomic():
        documents = list(pages.values_list("document_id", flat=True).distinct())
        count = pages.update(
            status=step.waiting, revision=F("revision") + 1, attempts=0, problem="", crash_reason="",
            lease_token="", lease_until=None, next_try_at=None, changed_at=now(),
        )  # fmt: skip
        _reopen(documents)
    return count


def cancel(document: Document) -> int:
    """Stop all work on the document; what is read stays. Return how many pages were stopped."""
    with transaction.atomic():
        open_pages = document.pages.filter(status__in=OPEN)
        # A page that has its text is not lost by cancelling: only its correction is.
        count = open_pages.filter(Q(status__in=UNREAD)).update(**_stopped(S.CANCELLED))
        count += open_pages.update(**_stopped(S.DONE))
        settle_document(document.pk)
    return count


def _stopped(status: str) -> dict[str, Any]:
    return {
        "status": status, "revision": F("revision") + 1, "lease_token": "", "lease_until": None, "changed_at": now(),
    }  # fmt: skip


def _reopen(document_ids: Iterable[int]) -> None:
    Document.objects.filter(pk__in=list(document_ids)).update(status=DocumentStatus.PROCESSING, finished_at=None)


def settle_document(document_id: int) -> bool:
    """Derive the document's status when no page of it has work left. Return whether it is finished."""
    statuses = set(Page.objects.filter(document_id=document_id).values_list("status", flat=True).distinct())
    if statuses & set(OPEN):
        return False
    if S.CANCELLED in statuses:
        status = DocumentStatus.CANCELLED
    elif S.QUARANTINED in statuses:
        status = DocumentStatus.DONE_WITH_PROBLEMS
    else:
        status = DocumentStatus.DONE
    Document.objects.filter(pk=document_id).exclude(status=status).update(status=status, finished_at=now())
    return True
