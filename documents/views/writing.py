"""What the review desk sends: lines, what a person settled in them, and what he decided about the model's edits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from documents.models import EditState
from documents.pipeline.reviewing import WrittenLine

DECISIONS = {EditState.ACCEPTED, EditState.REJECTED}


def based_on(request: HttpRequest) -> int | None:
    """Return the id of the text that the person had before him, None when there was none."""
    return number(request.POST.get("based_on", ""))


def number(value: str) -> int | None:
    """Return the posted number, or None when it is none. Python refuses to read thousands of digits."""
    return int(value) if value.isdecimal() and len(value) < 19 else None


def written(request: HttpRequest) -> list[WrittenLine]:
    """Return the posted lines, each with the number of the line it was made from and its settled words."""
    lines, sources = request.POST.getlist("line"), request.POST.getlist("source")
    settled = _marks(request).get("settled")
    settled = settled if isinstance(settled, list) else []
    sources += [""] * (len(lines) - len(sources))
    settled += [[]] * (len(lines) - len(settled))
    return [
        WrittenLine(text, number(source), _numbers(words))
        for text, source, words in zip(lines, sources, settled, strict=False)
    ]


def decisions(request: HttpRequest) -> dict[int, str]:
    """Return what was decided about edits, {id: accepted or rejected}; what makes no sense is left out."""
    posted = _marks(request).get("decisions")
    found = posted.items() if isinstance(posted, dict) else ()
    return {pk: state for key, state in found if (pk := number(key)) is not None and state in DECISIONS}


def _marks(request: HttpRequest) -> Mapping[str, Any]:
    """Return what scripts send beside the form's fields; a browser without them sends nothing."""
    try:
        marks = json.loads(request.POST.get("marks") or "{}")
    except (ValueError, RecursionError):
        return {}
    return marks if isinstance(marks, dict) else {}


def _numbers(values: Any) -> frozenset[int]:
    return frozenset(v for v in values if isinstance(v, int)) if isinstance(values, list) else frozenset()
