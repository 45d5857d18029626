"""The engines screen, for staff of the admin: which can read, why not, and a try on a sample page."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from documents.ocr.base import OcrError
from documents.ocr.engines import ENGINES
from documents.pipeline import engine_tests, health


@require_http_methods(["GET", "POST"])
def engines(request: HttpRequest) -> HttpResponse:
    """Show the engines and the model; a POST with `engine` tries that one."""
    if not request.user.is_staff:
        raise PermissionDenied
    if request.method == "POST":
        _try(request, request.POST.get("engine", ""))
        return redirect("engines")
    context = {"engines": engine_tests.engine_states(), "model": health.model_state()}
    return render(request, "documents/engines.html", context)


def _try(request: HttpRequest, name: str) -> None:
    if name not in ENGINES:
        messages.error(request, _("There is no such engine."))
        return
    try:
        text = engine_tests.try_engine(name)
    except OcrError as exc:
        messages.error(request, f"{name}: {exc}")
    else:
        messages.success(request, _("%(name)s read the sample page: %(text)s") % {"name": name, "text": text})
