"""The engines screen, for staff of the admin: which can read, why not, what corrects and where, and trying them."""

from __future__ import annotations

import redis
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from documents.ocr.base import OcrError
from documents.ocr.engines import ENGINES
from documents.pipeline import engine_tests, health, model_choice, model_tests


@require_http_methods(["GET", "POST"])
def engines(request: HttpRequest) -> HttpResponse:
    """Show the engines and the model; a POST with `engine` tries that one."""
    if not request.user.is_staff:
        raise PermissionDenied
    if request.method == "POST":
        _try(request, request.POST.get("engine", ""))
        return redirect("engines")
    return render(request, "documents/engines.html", {"engines": engine_tests.engine_states(), **_model()})


@require_http_methods(["GET", "POST"])
def engines_model(request: HttpRequest) -> HttpResponse:
    """Answer with the model's part of the screen; a POST of a superuser has the model in use tried."""
    if not request.user.is_staff or (request.method == "POST" and not request.user.is_superuser):
        raise PermissionDenied
    if request.method == "POST":
        _try_model(request)
        return redirect("engines")
    return render(request, "documents/_engines_model.html", _model())


def _model() -> dict[str, object]:
    chosen = model_choice.chosen()
    return {
        "model": health.model_state(),
        "chosen": chosen,
        "of_settings": model_choice.label_of_settings(),
        "trial": model_tests.outcome(chosen),
    }


def _try_model(request: HttpRequest) -> None:
    try:
        model_tests.begin(model_choice.chosen())
    except redis.RedisError:
        messages.error(request, _("The job queue does not answer, so nothing can be tried now. Try again in a minute."))


def _try(request: HttpRequest, name: str) -> None:
    if name not in ENGINES:
        messages.error(request, _("There is no such engine."))
        return
    title = ENGINES[name].title
    try:
        text = engine_tests.try_engine(name)
    except OcrError as exc:
        messages.error(request, f"{title}: {exc}")
    else:
        messages.success(request, _("%(name)s read the sample page: %(text)s") % {"name": title, "text": text})
