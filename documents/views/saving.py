"""Saving on the review page: a version, an approval, a draft; and taking them back."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from documents.models import Page, PageText, Role
from documents.pipeline import reviewing
from documents.pipeline.merging import CONFLICT, Row
from documents.views import queue
from documents.views.access import get_page
from documents.views.comparing import marked_words
from documents.views.writing import based_on, decisions, written


@require_POST
def page_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the edited lines as a new version."""
    found = get_page(request.user, pk, Role.REVIEWER)
    try:
        saved = _save(request, found)
    except reviewing.Conflict as conflict:
        return _conflict(request, found, conflict.theirs)
    if saved and found.current:
        request.session["saved_page"] = [found.pk, found.current.version]
    messages.success(request, _("Saved.") if saved or decisions(request) else _("Nothing was changed."))
    return redirect(found)


@require_POST
def page_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Save what was edited, mark the page as right, and go on to the next one that needs somebody."""
    found = get_page(request.user, pk, Role.REVIEWER)
    if found.current is None:
        messages.error(request, _("This page has no text yet, so there is nothing to approve."))
        return redirect(found)
    try:
        if "line" in request.POST:
            _save(request, found)
    except reviewing.Conflict as conflict:
        return _conflict(request, found, conflict.theirs)
    was_reserved = queue.is_reserved(request.user, found)
    if not reviewing.approve(found, by=request.user):
        messages.info(request, _("Somebody else will look at that page too before it is approved."))
    request.session["approved_page"] = found.pk
    if was_reserved:
        return queue.go_on(request, after=found)
    following = reviewing.next_to_review(found)
    if following is None:
        messages.success(request, _("All pages of this document are approved."))
        return redirect(found.document)
    return redirect(following)


@require_POST
def page_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the approval back and show the page again."""
    found = get_page(request.user, pk, Role.REVIEWER)
    reviewing.withdraw(found)
    messages.success(request, _("The approval is taken back."))
    return redirect(found)


@require_POST
def page_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what was typed and not saved yet; without lines, throw it away.

    Answers {"kept": true or false, "is_newest": whether nobody has saved the page since it was opened}.
    """
    found = get_page(request.user, pk, Role.REVIEWER)
    lines = written(request)
    if not lines:
        reviewing.drop_draft(found, user=request.user)
        return JsonResponse({"kept": False})
    try:
        reviewing.keep_draft(found, lines, based_on=based_on(request), user=request.user, decisions=decisions(request))
    except reviewing.Conflict:
        return JsonResponse({"kept": False}, status=409)
    return JsonResponse({"kept": True, "is_newest": found.current_id == based_on(request)})


@require_POST
def page_restore(request: HttpRequest, pk: int, version: int) -> HttpResponse:
    """Bring an older version back, as a new one."""
    found = get_page(request.user, pk, Role.REVIEWER)
    try:
        reviewing.restore(found, version, author=request.user)
    except PageText.DoesNotExist as exc:
        raise Http404 from exc
    messages.success(request, _("Version %(version)d is back.") % {"version": version})
    return redirect(found)


def _save(request: HttpRequest, found: Page) -> PageText | None:
    return reviewing.save_text(
        found, written(request), based_on=based_on(request), author=request.user, decisions=decisions(request)
    )


def _wordings(row: Row) -> dict[str, list[str]]:
    """Return what stands there in each text, for the eye: words that only one side has are marked."""
    return {side: marked_words(row.words("base"), row.words(side)) for side in ("base", "mine", "theirs")}


def _conflict(request: HttpRequest, found: Page, theirs: PageText) -> HttpResponse:
    """Show what both changed, and what comes of it; nothing was saved and nothing is lost."""
    rows = reviewing.compared(found, written(request), based_on=based_on(request), theirs=theirs)
    merged = [(row, reviewing.carried_over(row, new=theirs)) for row in rows]
    context = {
        "page": found,
        "theirs": theirs,
        "rows": [{"kind": row.kind, "lines": lines, **_wordings(row)} for row, lines in merged],
        "marks": json.dumps({
            "settled": [sorted(line.settled) for _row, lines in merged for line in lines],
            "decisions": decisions(request),
        }),
        "conflict_count": sum(row.kind == CONFLICT for row in rows),
    }  # fmt: skip
    return render(request, "documents/conflict.html", context, status=409)
