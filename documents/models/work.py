"""What the jobs did, and which parts of the system are alive."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .documents import Page


class Attempt(models.Model):
    """One try at one step of a page: written when the lease is taken, completed when it ends."""

    class Outcome(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        EXPIRED = "expired", _("Not heard of again")
        FENCED = "fenced", _("Too late, thrown away")

    page = models.ForeignKey(Page, models.CASCADE, related_name="tries", verbose_name=_("page"))
    step = models.CharField(_("step"), max_length=10)
    token = models.CharField(max_length=32, unique=True)
    number = models.PositiveSmallIntegerField(_("attempt"))
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices, default=Outcome.RUNNING)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        ordering = ["-started_at"]
        verbose_name, verbose_name_plural = _("job"), _("jobs")
        indexes = [models.Index(fields=["step", "-started_at"], name="attempt_newest")]

    def __str__(self) -> str:
        return f"{self.step} {self.page_id} #{self.number}"


class Heartbeat(models.Model):
    """The last sign of life of one part of the system, and what is wrong with it, if anything."""

    name = models.CharField(_("part"), max_length=40, primary_key=True)
    beat_at = models.DateTimeField(_("last seen"))
    problem = models.TextField(_("problem"), blank=True)
    retry_at = models.DateTimeField(_("next try"), null=True, blank=True)
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("heartbeat"), _("heartbeats")

    def __str__(self) -> str:
        return self.name
