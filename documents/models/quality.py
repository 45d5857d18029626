"""Measuring how right the texts are: lines taken by chance, typed anew from the scan without seeing the text."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .archive import Collection
from .batches import Batch
from .documents import Document
from .texts import PageText


class QualityCheck(models.Model):
    """One measurement, of a document, a collection or a batch. It is finished when all its lines are judged."""

    document = models.ForeignKey(
        Document, models.CASCADE, null=True, blank=True, related_name="checks", verbose_name=_("document")
    )
    collection = models.ForeignKey(
        Collection, models.CASCADE, null=True, blank=True, related_name="checks", verbose_name=_("collection")
    )
    batch = models.ForeignKey(
        Batch, models.CASCADE, null=True, blank=True, related_name="checks", verbose_name=_("batch")
    )
    lines_total = models.PositiveIntegerField(_("lines to choose from"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("started by")
    )
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        verbose_name, verbose_name_plural = _("measurement of quality"), _("measurements of quality")
        constraints = [
            models.CheckConstraint(
                condition=Q(document__isnull=False, collection__isnull=True, batch__isnull=True)
                | Q(document__isnull=True, collection__isnull=False, batch__isnull=True)
                | Q(document__isnull=True, collection__isnull=True, batch__isnull=False),
                name="check_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return str(self.of)

    def get_absolute_url(self) -> str:
        return reverse("quality-check", args=[self.pk])

    @property
    def of(self) -> Document | Collection | Batch:
        """What is measured."""
        return self.document or self.collection or self.batch


class CheckedLine(models.Model):
    """A line of a measurement. `expected` is what our text says; `typed` what somebody read on the scan, blindly.

    `words` and `errors` are counted once the line is judged: words that stand there, and those that our text has
    wrong.
    """

    class Verdict(models.TextChoices):
        OPEN = "", _("Not judged yet")
        SAME = "same", _("Both say the same")
        TEXT = "text", _("Our text is right")
        TYPED = "typed", _("What was typed is right")
        UNREADABLE = "unreadable", _("Cannot be read")

    check_of = models.ForeignKey(QualityCheck, models.CASCADE, related_name="lines", verbose_name=_("measurement"))
    text = models.ForeignKey(PageText, models.CASCADE, related_name="+", verbose_name=_("text"))
    line = models.PositiveIntegerField(_("line"), help_text=_("Counted from 0."))
    expected = models.TextField(_("our text"))
    box = models.JSONField()
    typed = models.TextField(_("typed"), blank=True)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict.choices, blank=True)
    words = models.PositiveIntegerField(_("words"), default=0)
    errors = models.PositiveIntegerField(_("wrong words"), default=0)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("judged by")
    )
    judged_at = models.DateTimeField(_("judged"), null=True, blank=True)

    class Meta:
        ordering = ["check_of", "pk"]
        verbose_name, verbose_name_plural = _("checked line"), _("checked lines")

    def __str__(self) -> str:
        return self.expected
