"""How far a document is, and how long the rest will take."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Avg, Count, F, Q
from django.utils.timezone import now
from django.utils.translation import ngettext

from documents.models import OPEN, UNREAD, Attempt, Document, DocumentStatus, Lane, Page, PageStatus

RECENT = timedelta(minutes=30)


def progress(document: Document) -> dict[str, Any]:
    """Return counts of pages (pages, read, settled, failed, pending_correction), percent of the work, and eta text.

    Reading and correcting count as one half each; "eta" is "" when the document is finished or nothing is known yet.
    """
    counts = document.pages.aggregate(
        read=Count("pk", filter=~Q(status__in=UNREAD)),
        settled=Count("pk", filter=~Q(status__in=OPEN)),
        failed=Count("pk", filter=Q(status=PageStatus.QUARANTINED)),
        pending_correction=Count("pk", filter=Q(status=PageStatus.CORRECTION_PENDING)),
        approved=Count("pk", filter=Q(approved_at__isnull=False)),
    )
    total = document.page_count
    percent = round(100 * (counts["read"] + counts["settled"]) / (2 * total)) if total else 100
    eta = eta_text(_seconds_left(document)) if document.status == DocumentStatus.PROCESSING else ""
    return {"pages": total, "percent": percent, "eta": eta, **counts}


def _seconds_left(document: Document) -> float | None:
    """Return an estimate from how long recent pages took and how many stand in line before and in the document."""
    recent = Attempt.objects.filter(outcome=Attempt.Outcome.DONE, started_at__gt=now() - RECENT)
    per_page = {
        row["step"]: row["seconds"].total_seconds()
        for row in recent.values("step").annotate(seconds=Avg(F("ended_at") - F("started_at")))
    }
    if "read" not in per_page:
        return None
    lanes = [Lane.INTERACTIVE] if document.lane == Lane.INTERACTIVE else list(Lane)
    ahead = Page.objects.filter(document__lane__in=lanes, document_id__lte=document.pk)
    reading = ahead.filter(status__in=UNREAD).count() * per_page["read"]
    correcting = ahead.filter(status__in=OPEN).count() * per_page.get("correct", 0.0)
    return max(reading, correcting)  # the two run side by side


def eta_text(seconds: float | None) -> str:
    """Return "about 3 minutes left" for people; "" when nothing is known."""
    if seconds is None:
        return ""
    if seconds < 60:
        count = max(5, round(seconds / 5) * 5)
        return ngettext("about %(count)d second left", "about %(count)d seconds left", count) % {"count": count}
    if seconds < 5400:
        count = round(seconds / 60)
        return ngettext("about %(count)d minute left", "about %(count)d minutes left", count) % {"count": count}
    count = round(seconds / 3600)
    return ngettext("about %(count)d hour left", "about %(count)d hours left", count) % {"count": count}
