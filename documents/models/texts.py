"""The layers of text on a page, and every change a model wanted to make."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .choices import EditState, Layer
from .documents import Page


class PageText(models.Model):
    """One layer of text on a page. Rows are added and never changed; `version` counts up per page.

    `lines` is a list of {"text", "box": [left, top, right, bottom] in pixels of the page picture or null,
    "confidence": 0 to 1 or null, "words": [{"text", "box", "confidence", "alternatives"}], "language": only where it is
    not the page's; "block": number of its block in reading order where not 0, "kind": "heading" or "table", "cells":
    [[first word, column]...] of a table's row}; `text` is the lines joined by newlines.
    """

    page = models.ForeignKey(Page, models.CASCADE, related_name="texts", verbose_name=_("page"))
    version = models.PositiveIntegerField(_("version"))
    layer = models.CharField(_("layer"), max_length=6, choices=Layer.choices)
    text = models.TextField(_("text"), blank=True)
    lines = models.JSONField(default=list)
    based_on = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    made_by = models.CharField(_("made by"), max_length=200, help_text=_("Engine and version, model, or user."))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("author")
    )
    note = models.TextField(_("note"), blank=True)
    details = models.JSONField(
        _("how it was made"), default=dict, blank=True, help_text=_("Mode, engines, preparation, text layer.")
    )
    confidence = models.FloatField(_("mean confidence"), null=True, blank=True)
    seconds = models.FloatField(_("seconds"), default=0)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        ordering = ["page", "-version"]
        verbose_name, verbose_name_plural = _("text"), _("texts")
        constraints = [models.UniqueConstraint(fields=["page", "version"], name="one_text_per_version")]

    def __str__(self) -> str:
        return f"{self.page_id} v{self.version} {self.layer}"


class Edit(models.Model):
    """One change that a model wanted to make to one line of the raw text: `before` stood at [start, end)."""

    text = models.ForeignKey(PageText, models.CASCADE, related_name="edits", verbose_name=_("text"))
    line = models.PositiveIntegerField(_("line"), help_text=_("Counted from 0."))
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    before = models.TextField(_("before"), blank=True)
    after = models.TextField(_("after"), blank=True)
    margin = models.FloatField(_("log-odds in nats"), null=True, blank=True)
    rule = models.CharField(_("rule"), max_length=60)
    alternatives = models.JSONField(
        _("alternatives"), null=True, blank=True, help_text=_("Other wordings of this place: text and source.")
    )
    state = models.CharField(_("state"), max_length=10, choices=EditState.choices)

    class Meta:
        ordering = ["text", "line", "start"]
        verbose_name, verbose_name_plural = _("edit"), _("edits")

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


def latest_reading(page: Page) -> PageText | None:
    """Return the newest OCR layer of the page, if it has been read."""
    return page.texts.filter(layer=Layer.OCR).order_by("-version").first()


def next_version(page: Page) -> int:
    """Return the version number for a new text of `page`. Call it inside the transaction that writes the text."""
    last = PageText.objects.filter(page=page).aggregate(last=models.Max("version"))["last"]
    return (last or 0) + 1
