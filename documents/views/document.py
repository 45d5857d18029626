"""One document: its facts, its pages, how far they are, and what can be done with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from documents import states
from documents.forms import DocumentForm, OptionsForm
from documents.models import Document, PageStatus, Role
from documents.pipeline import dispatching, titles
from documents.pipeline.items import Item
from documents.pipeline.options import options_of_document, set_for_document
from documents.pipeline.progress import progress
from documents.views import export
from documents.views.access import get_document, may

PAGES_PER_SCREEN = 60
MIME = {
    "pdf": "application/pdf", "tiff": "image/tiff", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp",
}  # fmt: skip


@require_GET
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a document with its pages."""
    found = get_document(request.user, pk)
    return render(request, "documents/document.html", _context(request, found))


def _context(request: HttpRequest, found: Document, form: DocumentForm | None = None) -> dict[str, Any]:
    pages = found.pages.order_by("number").defer("crash_reason")
    to_review = pages.filter(current__isnull=False, approved_at=None).first() or pages.first()
    return {
        "document": found,
        "form": form or DocumentForm(instance=found, user=request.user),
        "options_form": OptionsForm.showing(options_of_document(found)),
        "can_change": may(request.user, found, Role.REVIEWER),
        "can_manage": may(request.user, found, Role.MANAGER),
        "progress": progress(found),
        "page_obj": Paginator(pages, PAGES_PER_SCREEN).get_page(request.GET.get("page")),
        "review_url": to_review.get_absolute_url() if to_review else None,
    }


@require_GET
def document_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the progress alone; once all is done the browser is told to load the whole screen again."""
    found = get_document(request.user, pk)
    response = render(request, "documents/_progress.html", _context(request, found))
    if found.is_finished:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def document_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Save title and tags."""
    found = get_document(request.user, pk, Role.MANAGER)
    form = DocumentForm(request.POST, instance=found, user=request.user)
    if not form.is_valid():
        return render(request, "documents/document.html", _context(request, found, form), status=422)
    titles.save_details(form)
    messages.success(request, _("Saved."))
    return redirect(found)


@require_POST
def document_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Read or correct the pages again: all of them, or those that failed."""
    found = get_document(request.user, pk, Role.REVIEWER)
    what = request.POST.get("what", "failed")
    pages = found.pages.all()
    if what == "read" and not _take_options(request, found):
        messages.error(request, _("These settings cannot be used; choose them from the lists."))
        return redirect(found)
    if what == "failed":
        pages = pages.filter(status__in=(PageStatus.QUARANTINED, PageStatus.CANCELLED))
    count = states.again(pages, states.CORRECTING if what == "correct" else states.READING)
    dispatching.dispatch()
    messages.success(request, ngettext("%d page is in line again.", "%d pages are in line again.", count) % count)
    return redirect(found)


def _take_options(request: HttpRequest, found: Document) -> bool:
    """Set the options that were posted along, if any. Return whether they were valid."""
    if "engine" not in request.POST:
        return True
    form = OptionsForm(request.POST)
    if form.is_valid():
        set_for_document(found, form.options())
    return form.is_valid()


@require_POST
def document_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop the work that is left; what has been read stays."""
    found = get_document(request.user, pk, Role.REVIEWER)
    count = states.cancel(found)
    messages.success(request, ngettext("%d page was stopped.", "%d pages were stopped.", count) % count)
    return redirect(found)


@require_GET
def document_original(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the file as it came, always as a download: it is somebody else's content, not a page of ours."""
    found = get_document(request.user, pk)
    try:
        stream = default_storage.open(found.original)
    except FileNotFoundError as exc:
        raise Http404(_("The original file is missing from the storage.")) from exc
    response = FileResponse(stream, as_attachment=True, filename=found.original_name, content_type=MIME[found.kind])
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@require_GET
def document_text(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the current text of all pages as a .txt file."""
    found = get_document(request.user, pk)
    return export.sent(request.user, [Item(found.pk)], ["txt"])
