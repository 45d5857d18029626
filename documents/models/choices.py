"""Every list of choices that a column holds."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentStatus(models.TextChoices):
    PROCESSING = "processing", _("In work")
    DONE = "done", _("Done")
    DONE_WITH_PROBLEMS = "done_with_problems", _("Done, with problems")
    CANCELLED = "cancelled", _("Cancelled")


class PageStatus(models.TextChoices):
    PENDING = "pending", _("Waiting to be read")
    QUEUED = "queued", _("Next to be read")
    READING = "reading", _("Being read")
    READ = "read", _("Read, waiting to be corrected")
    CORRECTION_QUEUED = "correction_queued", _("Next to be corrected")
    CORRECTING = "correcting", _("Being corrected")
    DONE = "done", _("Done")
    CORRECTION_PENDING = "correction_pending", _("Text ready, correction pending")
    QUARANTINED = "quarantined", _("Could not be read")
    CANCELLED = "cancelled", _("Cancelled")


UNREAD = (PageStatus.PENDING, PageStatus.QUEUED, PageStatus.READING)
UNCORRECTED = (PageStatus.READ, PageStatus.CORRECTION_QUEUED, PageStatus.CORRECTING)
OPEN = UNREAD + UNCORRECTED
"""Statuses of pages that a job still has to do something with now. The others are settled."""


class Lane(models.TextChoices):
    INTERACTIVE = "interactive", _("Somebody is waiting")
    BULK = "bulk", _("Bulk")


class ReadingMode(models.TextChoices):
    FAST = "fast", _("Fast: one engine, one look")
    BALANCED = "balanced", _("Balanced: a second look at doubtful lines")
    BEST = "best", _("Best: every line by every engine")


class Layer(models.TextChoices):
    OCR = "ocr", _("Read by OCR")
    LLM = "llm", _("Corrected by the model")
    HUMAN = "human", _("Edited by a person")


class EditState(models.TextChoices):
    APPLIED = "applied", _("Applied")
    PROPOSED = "proposed", _("Proposed")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Rejected")
