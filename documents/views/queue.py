"""The review queue: the next page for me, and what waits for whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from documents.models import Collection, Document, Page, QueuedPage, ReviewState, Role
from documents.pipeline import review_queue, reviewing
from documents.views.access import get_page, visible_batches, visible_documents
from documents.views.writing import number

PER_SCREEN = 40
NARROWED = ("collection", "batch")


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Show what waits, best first; `state`, `collection` and `batch` narrow it."""
    state, narrowed = request.GET.get("state", ""), _narrowed(request.GET)
    documents = _documents(request.user, narrowed)
    listed = review_queue.in_state(review_queue.waiting(documents), state)
    listed = review_queue.with_comments(listed.select_related("page__document", "holder", "looked_by"))
    counts = review_queue.counts(documents)
    waiting = sum(counts.values()) - counts[ReviewState.APPROVED]
    paginator = Paginator(listed, PER_SCREEN)
    paginator.count = counts.get(state, waiting)  # known already: counting takes as long as the rest of the screen
    context = {
        "page_obj": paginator.get_page(request.GET.get("page")),
        "states": [(one, counts[one.value]) for one in ReviewState],
        "state": state,
        "narrowed": narrowed,
        "batch": visible_batches(request.user).filter(pk=narrowed.get("batch")).first(),
        "collections": Collection.objects.for_role(request.user, Role.REVIEWER),
        "is_something_free": review_queue.free_for(request.user, documents).exists(),
        "waiting_count": waiting,
        "mine": _mine(request.user).first(),
    }
    return render(request, "documents/queue.html", context)


def _narrowed(asked: Mapping[str, str]) -> dict[str, int]:
    """Return to what the queue is narrowed, {"collection" or "batch": id}; what makes no sense is left out."""
    return {name: pk for name in NARROWED if (pk := number(asked.get(name, ""))) is not None}


def _documents(user: Any, narrowed: Mapping[str, int] | None = None) -> QuerySet[Document]:
    return visible_documents(user, Role.REVIEWER).filter(**narrowed or {})


def _mine(user: Any):
    held = review_queue.waiting(_documents(user)).filter(holder=user).select_related("page__document")
    return review_queue.in_state(held, ReviewState.IN_REVIEW)


@require_POST
def queue_next(request: HttpRequest) -> HttpResponse:
    """Reserve the best page for the person and open it."""
    return go_on(request)


def go_on(request: HttpRequest, after: Page | None = None) -> HttpResponse:
    """Open the next page for the person, in what the queue was narrowed to; else the queue."""
    if any(name in request.POST for name in NARROWED):
        request.session["queue_narrowed"] = _narrowed(request.POST)
    documents = _documents(request.user, request.session.get("queue_narrowed"))
    found = review_queue.take_next(request.user, documents, after)
    if found is None:
        messages.info(request, _("There is no page for you now: all are approved, or others have them."))
        return redirect("queue")
    return redirect(found)


def is_reserved(user: Any, page: Page) -> bool:
    """Return whether the user has the page from the queue."""
    return _mine(user).filter(page=page).exists()


@require_POST
def page_reserve(request: HttpRequest, pk: int) -> HttpResponse:
    """Take this very page out of the queue."""
    found = get_page(request.user, pk, Role.REVIEWER)
    QueuedPage.objects.get_or_create(page=found)
    if not review_queue.hold(found.pk, request.user):
        messages.warning(request, _("Somebody else has reserved this page in the meantime."))
    return redirect(found)


@require_POST
def page_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a reserved page back; from the desk one stays there."""
    found = get_page(request.user, pk, Role.REVIEWER)
    if review_queue.release(found.pk, request.user):
        messages.success(request, _("The page is back in the queue."))
    return redirect(found if "stay" in request.POST else "queue")


@require_POST
def page_second_look(request: HttpRequest, pk: int) -> HttpResponse:
    """Let another person look at the page too; its approval waits for that."""
    found = get_page(request.user, pk, Role.REVIEWER)
    reviewing.withdraw(found)
    review_queue.ask_for_second_look(found, by=request.user)
    messages.success(request, _("Somebody else will look at this page."))
    return redirect(found)
