"""Exports that are made in the background."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ExportJob(models.Model):
    """Documents that somebody takes away. `items` are pairs of a document's id and its page numbers (null: all).

    `token` belongs to the run that is at work: one that finds another's there stops. The file goes at `expires_at`.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("In work")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports", verbose_name=_("for whom")
    )
    title = models.CharField(_("what"), max_length=200)
    items = models.JSONField(default=list)
    formats = models.JSONField(_("formats"), default=list)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    token = models.CharField(max_length=32, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    pages_total = models.PositiveIntegerField(_("pages"), default=0, help_text=_("In all formats together."))
    pages_done = models.PositiveIntegerField(_("pages done"), default=0)
    file = models.CharField(_("stored file"), max_length=200, blank=True)
    file_name = models.CharField(_("file name"), max_length=200, blank=True)
    mime = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    notes = models.JSONField(_("notes"), default=list)
    problem = models.TextField(_("problem"), blank=True)
    created_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    expires_at = models.DateTimeField(_("kept until"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name, verbose_name_plural = _("export"), _("exports")
        indexes = [models.Index(fields=["state"], name="export_state")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether it is still being made, or waits for it."""
        return self.state in (self.State.WAITING, self.State.RUNNING)

    @property
    def percent(self) -> int:
        """How much of the work is done."""
        return min(99, 100 * self.pages_done // max(1, self.pages_total))
