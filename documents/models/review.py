"""What people set and leave on the review desk: how it looks, what they have not saved, what they replaced at once."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .documents import Page
from .texts import PageText


class ReviewPreference(models.Model):
    """How one person likes the review desk. Without a row the defaults hold."""

    class Layout(models.TextChoices):
        BESIDE = "beside", _("Scan beside the text")
        ABOVE = "above", _("Scan above the text")
        TEXT = "text", _("Text only")

    class Boxes(models.TextChoices):
        WORD = "word", _("Words")
        LINE = "line", _("Lines")
        BLOCK = "block", _("Blocks")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    layout = models.CharField(_("layout"), max_length=6, choices=Layout.choices, default=Layout.BESIDE)
    boxes = models.CharField(_("lit on the scan"), max_length=5, choices=Boxes.choices, default=Boxes.WORD)
    doubtful_below = models.PositiveSmallIntegerField(
        _("doubtful below (%)"), default=80, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    poor_below = models.PositiveSmallIntegerField(
        _("very doubtful below (%)"), default=50, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )

    class Meta:
        verbose_name, verbose_name_plural = _("review preference"), _("review preferences")

    def __str__(self) -> str:
        return str(self.user)


class Draft(models.Model):
    """What somebody has changed on a page and not saved yet: it survives a closed browser.

    `lines` is a list of {"text", "source", "settled": [number of a word...]}, `decisions` of edits {id: state}.
    """

    page = models.ForeignKey(Page, models.CASCADE, related_name="drafts", verbose_name=_("page"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person"))
    based_on = models.ForeignKey(PageText, models.CASCADE, null=True, blank=True, related_name="+")
    lines = models.JSONField(default=list)
    decisions = models.JSONField(default=dict, blank=True)
    saved_at = models.DateTimeField(_("kept"), auto_now=True)

    class Meta:
        verbose_name, verbose_name_plural = _("draft"), _("drafts")
        constraints = [models.UniqueConstraint(fields=["page", "user"], name="one_draft_per_person")]

    def __str__(self) -> str:
        return f"{self.user}, {self.page_id}"


class Replacement(models.Model):
    """One wording put in the place of another on many pages at once; `texts` are the versions that it made."""

    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("author"))
    before = models.TextField(_("before"))
    after = models.TextField(_("after"), blank=True)
    texts = models.ManyToManyField(PageText, related_name="replacements", verbose_name=_("texts"))
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name, verbose_name_plural = _("replacement"), _("replacements")

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
