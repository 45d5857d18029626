"""The upload portal: every file is answered for on its own."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from documents.forms import UploadForm
from documents.pipeline import intake


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Show the portal, or take the posted files: JSON for one file when the browser asks for it, else a page."""
    if request.method == "GET":
        return _portal(request, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    files, oversized = request.FILES.getlist("files"), getattr(request, "oversized", [])
    wants_json = request.accepts("application/json") and not request.accepts("text/html")
    if not form.is_valid() or not (files or oversized):
        return _nothing_taken(request, form, wants_json)
    answers = [take_file(file, form.wishes(), request.user) for file in files]
    answers += [answer_too_large(name) for name in oversized]
    if wants_json:
        answer, status = answers[0]
        return JsonResponse(answer, status=status)
    results = [answer for answer, _status in answers]
    batch_url = next((answer["batch"] for answer in results if answer["status"] == "stored"), None)
    return _portal(request, UploadForm(), results=results, batch_url=batch_url)


def _portal(request: HttpRequest, form: UploadForm, *, status: int = 200, **context: Any) -> HttpResponse:
    limits = {
        "max_mb": settings.MAX_UPLOAD_BYTES // 1024 // 1024,
        "kinds": _("PDF, TIFF (also with many pages), JPEG, PNG or WebP"),
    }
    return render(request, "documents/upload.html", {"form": form, "limits": limits} | context, status=status)


def _nothing_taken(request: HttpRequest, form: UploadForm, wants_json: bool) -> HttpResponse:
    if not form.errors:
        form.add_error("files", _("Choose at least one file."))
    message = " ".join(error for errors in form.errors.values() for error in errors)
    if wants_json:
        return JsonResponse(_answer("rejected", "", message), status=422)
    return _portal(request, form, status=422)


def take_file(file: UploadedFile, wishes: intake.Wishes, user: Any) -> tuple[dict[str, Any], int]:
    """Take one file. Return the answer for the browser and its HTTP status."""
    name = intake.display_name(file.name or "")
    try:
        arrival = intake.take(file.chunks(), name, user, wishes, expected_size=file.size)
    except intake.Refused as exc:
        return _answer("rejected", name, str(exc)), exc.status
    document = arrival.document
    url = document.get_absolute_url()
    facts = {"id": document.pk, "url": url, "title": document.title, "pages": document.page_count}
    facts["batch"] = document.batch.get_absolute_url() if document.batch else None
    if arrival.is_new:
        return _answer("stored", name, _("Stored.")) | facts, 201
    return _answer("duplicate", name, _("Already here.")) | facts, 200


def answer_too_large(name: str) -> tuple[dict[str, Any], int]:
    """Return the answer for a file that was stopped while it arrived, and its HTTP status."""
    return _answer("rejected", intake.display_name(name), intake.too_large()), 413


def _answer(status: str, name: str, message: str) -> dict[str, Any]:
    return {
        "status": status,
        "name": name,
        "message": message,
        "id": None,
        "url": None,
        "title": "",
        "pages": None,
        "batch": None,
    }
