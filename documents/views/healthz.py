"""/healthz: an answer from the database, for supervisors and monitoring."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from documents.pipeline import health


@never_cache
@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 while the web server and the database work; "status" says whether background work is alive too."""
    state = health.state()
    status = "ok" if state["sweeper_alive"] and not state["problems"] else "degraded"
    return JsonResponse({"status": status, "sweeper_alive": state["sweeper_alive"], "problems": len(state["problems"])})
