"""The review page: the scan beside its text."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.db.models import Count, Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from documents import search, states
from documents.forms import OptionsForm, PreferencesForm, ReplaceForm
from documents.models import Layer, Page, PageText, QueuedPage, ReviewPreference, Role, latest_reading
from documents.pipeline import dispatching, reviewing
from documents.pipeline.options import options_of, set_for_page
from documents.search.landing import hit_boxes
from documents.views.access import get_page, may
from documents.views.hits import neighbours
from documents.views.marking import shown_lines
from documents.views.rules import RULES

UNRELIABLE = 0.5
"""Mean confidence of a page's lines below which every second word may be wrong: handwriting, mostly."""


@require_GET
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a page for review; `q` lights the searched words on the scan."""
    return render(request, "documents/page.html", _context(request, get_page(request.user, pk)))


def _context(request: HttpRequest, found: Page) -> dict[str, Any]:
    is_read = found.current is not None and found.current.layer == Layer.OCR
    reading = found.current if is_read else latest_reading(found)
    siblings = found.document.pages
    preferences = ReviewPreference.objects.filter(pk=request.user.pk).first() or ReviewPreference(user=request.user)
    lines = shown_lines(found, reading)
    return {
        "page": found,
        "document": found.document,
        "text": found.current,
        "lines": lines,
        "reading": reading,
        "is_unreliable": reading is not None and reading.confidence is not None and reading.confidence < UNRELIABLE,
        "desk": _desk(request, found, reading, lines),
        "query": request.GET.get("q", ""),
        "hit_links": neighbours(found, request.GET.get("q", "")),
        "preferences": preferences,
        "preferences_form": PreferencesForm(instance=preferences),
        "replace_form": ReplaceForm(),
        "previous_page": siblings.filter(number=found.number - 1).only("pk").first(),
        "next_page": siblings.filter(number=found.number + 1).only("pk").first(),
        "next_to_review": reviewing.next_to_review(found),
        "undo_last": _undo_last(request.session, found),
        "conflicts": _conflicts(found),
        "versions": found.texts.select_related("author").defer("lines", "text"),
        "queued": QueuedPage.objects.select_related("holder", "looked_by").filter(page=found).first(),
        "counts": {
            "pages": found.document.page_count,
            "position": found.number,
            **siblings.aggregate(approved=Count("pk", filter=Q(approved_at__isnull=False))),
        },
        "can_change": may(request.user, found.document, Role.REVIEWER),
        "options_form": OptionsForm.showing(options_of(found)),
    }


def _desk(request: HttpRequest, found: Page, reading: PageText | None, lines: list[dict]) -> dict[str, Any]:
    """Return what the scripts of the desk work with."""
    typed = request.GET.get("q", "")
    raw, current = reading.lines if reading else [], found.current.lines if found.current else []
    draft = reviewing.find_draft(found, user=request.user)
    return {
        "lines": lines,
        "size": [found.width, found.height],
        "hits": hit_boxes(search.parse(typed), raw, current) if typed else [],
        "rules": {name: str(sentence) for name, sentence in RULES.items()},
        "approved": found.approved_at is not None,
        "draft": draft
        and {
            "based_on": draft.based_on_id, "lines": draft.lines, "decisions": draft.decisions,
            "saved_at": draft.saved_at,
        },
    }  # fmt: skip


def _undo_last(session: Any, here: Page) -> dict[str, str] | None:
    """Return how what was done on the way here is taken back, {"url", "words"}; told once."""
    replaced, approved, saved = (session.pop(name, None) for name in ("replacement", "approved_page", "saved_page"))
    if replaced:
        return {"url": reverse("replacement-undo", args=[replaced]), "words": _("Take the replacement back")}
    if approved and approved != here.pk:
        url = reverse("page-withdraw", args=[approved])
        return {"url": url, "words": _("Take the approval of the page before back")}
    if saved and saved[0] == here.pk:
        return {"url": reverse("page-restore", args=saved), "words": _("Bring back the text from before you saved")}
    return None


def _conflicts(found: Page) -> list[dict[str, str]]:
    """Return what the newest machine's layer says otherwise than people, as long as nobody has saved since."""
    newest = found.texts.exclude(layer=Layer.HUMAN, author=None).only("layer", "details").order_by("-version").first()
    return newest.details.get("conflicts", []) if newest and newest.layer != Layer.HUMAN else []


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
def page_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Read or correct this page once more."""
    found = get_page(request.user, pk, Role.REVIEWER)
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
