"""The review page: the scan beside its text."""

from __future__ import annotations

import difflib
from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.db.models import Count, Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from documents import search, states
from documents.forms import OptionsForm
from documents.models import Page, PageText
from documents.pipeline import dispatching, reviewing
from documents.pipeline.options import options_of, set_for_page
from documents.pipeline.texts import latest_reading
from documents.search.landing import hit_boxes
from documents.views.access import get_page
from documents.views.marking import shown_lines

UNRELIABLE = 0.5
"""Mean confidence of a page's lines below which every second word may be wrong: handwriting, mostly."""


@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a page for review; `q` lights the searched words on the scan."""
    return render(request, "documents/page.html", _context(request, get_page(request.user, pk)))


def _context(request: HttpRequest, found: Page) -> dict[str, Any]:
    reading = latest_reading(found)
    raw = reading.lines if reading else []
    typed = request.GET.get("q", "")
    current = found.current.lines if found.current else []
    siblings = found.document.pages
    return {
        "page": found,
        "document": found.document,
        "text": found.current,
        "lines": shown_lines(found),
        "reading": reading,
        "is_unreliable": reading is not None and reading.confidence is not None and reading.confidence < UNRELIABLE,
        "raw_lines": raw,
        "hit_boxes": hit_boxes(search.parse(typed), raw, current) if typed else [],
        "query": typed,
        "previous_page": siblings.filter(number=found.number - 1).only("pk").first(),
        "next_page": siblings.filter(number=found.number + 1).only("pk").first(),
        "next_to_review": reviewing.next_to_review(found),
        "versions": found.texts.select_related("author").defer("lines", "text"),
        "counts": {
            "pages": found.document.page_count,
            "position": found.number,
            **siblings.aggregate(approved=Count("pk", filter=Q(approved_at__isnull=False))),
        },
        "can_change": True,
        "options_form": OptionsForm.showing(options_of(found)),
    }


@require_GET
def page_status(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer 204 while the page's status is still `known`; then tell the browser to load it again."""
    found = get_page(request.user, pk)
    response = HttpResponse(status=204)
    if found.status != request.GET.get("known"):
        response = HttpResponse(status=200)
        response["HX-Refresh"] = "true"
    return response


@require_POST
def page_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the edited lines as a new version."""
    found = get_page(request.user, pk)
    try:
        saved = reviewing.save_text(found, _written(request), based_on=_based_on(request), author=request.user)
    except reviewing.Conflict as conflict:
        return _conflict(request, found, conflict.theirs)
    messages.success(request, _("Saved.") if saved else _("Nothing was changed."))
    return redirect(found)


@require_POST
def page_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Save what was edited, mark the page as right, and go on to the next one that needs somebody."""
    found = get_page(request.user, pk)
    if found.current is None:
        messages.error(request, _("This page has no text yet, so there is nothing to approve."))
        return redirect(found)
    try:
        if "line" in request.POST:
            reviewing.save_text(found, _written(request), based_on=_based_on(request), author=request.user)
    except reviewing.Conflict as conflict:
        return _conflict(request, found, conflict.theirs)
    reviewing.approve(found, by=request.user)
    following = reviewing.next_to_review(found)
    if following is None:
        messages.success(request, _("All pages of this document are approved."))
        return redirect(found.document)
    return redirect(following)


@require_POST
def page_restore(request: HttpRequest, pk: int, version: int) -> HttpResponse:
    """Bring an older version back, as a new one."""
    found = get_page(request.user, pk)
    try:
        reviewing.restore(found, version, author=request.user)
    except PageText.DoesNotExist as exc:
        raise Http404 from exc
    messages.success(request, _("Version %(version)d is back.") % {"version": version})
    return redirect(found)


@require_POST
def page_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Read or correct this page once more."""
    found = get_page(request.user, pk)
    step = states.CORRECTING if request.POST.get("step") == "correct" else states.READING
    form = OptionsForm(request.POST)
    if step is states.READING and "engine" in request.POST and form.is_valid():
        set_for_page(found, form.options())
    if states.again(Page.objects.filter(pk=found.pk), step):
        dispatching.dispatch()
        messages.success(request, _("The page is in line again. Text edited by people stays as it is."))
    else:
        messages.error(request, _("This page has not been read yet, so it cannot be corrected."))
    return redirect(found)


@require_GET
@cache_control(private=True, max_age=86400)
def page_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the picture of the page."""
    return _picture(get_page(request.user, pk).picture)


@require_GET
@cache_control(private=True, max_age=86400)
def thumbnail(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the small picture of the page."""
    return _picture(get_page(request.user, pk).thumbnail)


def _picture(name: str) -> HttpResponse:
    if not name:
        raise Http404
    try:
        return FileResponse(default_storage.open(name), content_type="image/jpeg")
    except FileNotFoundError as exc:
        raise Http404 from exc


def _based_on(request: HttpRequest) -> int | None:
    return _number(request.POST.get("based_on", ""))


def _number(value: str) -> int | None:
    """Return the posted number, or None when it is none. Python refuses to read thousands of digits."""
    return int(value) if value.isdecimal() and len(value) < 19 else None


def _written(request: HttpRequest) -> list[reviewing.WrittenLine]:
    """Return the posted lines, each with the number of the line it was made from."""
    lines, sources = request.POST.getlist("line"), request.POST.getlist("source")
    sources += [""] * (len(lines) - len(sources))
    return [
        reviewing.WrittenLine(text, _number(source))
        for text, source in zip(lines, sources, strict=False)
    ]


def _conflict(request: HttpRequest, found: Page, theirs: PageText) -> HttpResponse:
    """Show both texts side by side; nothing was saved and nothing is lost."""
    written = _written(request)
    mine = [line.text for line in written if line.text.strip()]
    old = found.texts.filter(pk=_based_on(request)).first()
    context = {
        "page": found,
        "theirs": theirs,
        "mine_lines": reviewing.carried_over(written, old=old, new=theirs),
        "diff_rows": _side_by_side(mine, [line["text"] for line in theirs.lines]),
        "based_on": theirs.pk,
    }
    return render(request, "documents/conflict.html", context, status=409)


def _side_by_side(mine: list[str], theirs: list[str]) -> list[dict[str, Any]]:
    """Return rows {"mine", "theirs", "same"} of two texts, line by line."""
    rows: list[dict[str, Any]] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        left, right = mine[a:b], theirs[c:d]
        length = max(len(left), len(right))
        left, right = left + [""] * (length - len(left)), right + [""] * (length - len(right))
        rows += [{"mine": m, "theirs": t, "same": tag == "equal"} for m, t in zip(left, right, strict=True)]
    return rows
