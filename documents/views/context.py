"""What every screen shows: whether the background work is alive."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from documents.pipeline import health


def system_state(request: HttpRequest) -> dict[str, Any]:
    """Return {"system": health.state()} for signed-in people, nothing for others."""
    user = getattr(request, "user", None)
    return {"system": health.state()} if user is not None and user.is_authenticated else {}
