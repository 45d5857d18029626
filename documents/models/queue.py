"""Which page somebody should read next, who has it, and what people say about it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from .documents import Document, Page


class ReviewState(models.TextChoices):
    NEW = "new", _("New")
    IN_REVIEW = "in_review", _("In review")
    SECOND_LOOK = "second_look", _("Second look")
    APPROVED = "approved", _("Approved")


class QueuedPage(models.Model):
    """A page's place in the review queue, and its reservation.

    `expected_errors` and `minutes` are estimates (see documents.pipeline.review_queue), `priority` is one by the other.
    Somebody has the page while `held_until` is in the future. `second_look` asks for another person than `looked_by`.
    """

    page = models.OneToOneField(Page, models.CASCADE, primary_key=True, related_name="queued", verbose_name=_("page"))
    words = models.PositiveIntegerField(_("words"), default=0)
    expected_errors = models.FloatField(_("expected errors"), default=0)
    minutes = models.FloatField(_("minutes of reading"), default=0)
    priority = models.FloatField(_("expected errors per minute"), default=0)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("held by")
    )
    held_until = models.DateTimeField(_("held until"), null=True, blank=True)
    second_look = models.BooleanField(_("second look"), default=False)
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("looked at by"),
    )  # fmt: skip

    class Meta:
        ordering = ["-priority", "page"]
        verbose_name, verbose_name_plural = _("page in the queue"), _("review queue")
        indexes = [models.Index(fields=["-priority", "page"], name="queue_order")]

    def __str__(self) -> str:
        return str(self.page)

    @property
    def is_held(self) -> bool:
        """Whether somebody has reserved it now."""
        return self.holder_id is not None and self.held_until is not None and self.held_until > now()

    @property
    def state(self) -> str:
        """Where the page stands, one of ReviewState. Asks for the page's row."""
        if self.page.approved_at:
            return ReviewState.APPROVED
        if self.is_held:
            return ReviewState.IN_REVIEW
        return ReviewState.SECOND_LOOK if self.second_look else ReviewState.NEW


class Comment(models.Model):
    """What somebody says about a document, or about one page of it."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="comments", verbose_name=_("document"))
    page = models.ForeignKey(
        Page, models.CASCADE, null=True, blank=True, related_name="comments", verbose_name=_("page")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("author")
    )
    text = models.TextField(_("text"), max_length=2000)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name, verbose_name_plural = _("comment"), _("comments")

    def __str__(self) -> str:
        return self.text[:60]
