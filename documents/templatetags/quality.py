"""The measured quality of a document or collection, wherever one is shown."""

from __future__ import annotations

from typing import Any

from django import template

from documents.pipeline.quality import latest

register = template.Library()


@register.inclusion_tag("documents/_measured.html")
def measured(of: Any) -> dict[str, Any]:
    """Show the newest finished measurement of `of`, with its interval; nothing without one."""
    found = latest(of)
    return {"check": found[0], "share": found[1]} if found else {}
