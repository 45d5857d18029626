"""Where pages came from, once people have put them in another order or into another document."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .documents import Document, Page


class PageOrigin(models.Model):
    """The file and the place in it that a page was taken from, and how it is turned.

    A page without this row is page `number` of its document's file, upright. `source` and `number` never change, so
    they name the page's pictures in the storage.
    """

    page = models.OneToOneField(Page, models.CASCADE, primary_key=True, related_name="origin", verbose_name=_("page"))
    original = models.CharField(_("stored file"), max_length=200, db_index=True)
    kind = models.CharField(_("type"), max_length=10)
    source = models.PositiveBigIntegerField(_("document that it came with"))
    number = models.PositiveIntegerField(_("page of the file"))
    turn = models.PositiveSmallIntegerField(_("turned clockwise by degrees"), default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("origin of a page"), _("origins of pages")

    def __str__(self) -> str:
        return f"{self.original} {self.number}"


class RemovedPage(models.Model):
    """A page in its document's bin: where it stood, who put it there and when."""

    page = models.OneToOneField(Page, models.CASCADE, primary_key=True, related_name="removed", verbose_name=_("page"))
    document = models.ForeignKey(Document, models.CASCADE, related_name="removed_pages", verbose_name=_("document"))
    number = models.PositiveIntegerField(_("page number"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("removed by")
    )
    at = models.DateTimeField(_("removed"), auto_now_add=True)

    class Meta:
        ordering = ["number", "pk"]
        verbose_name, verbose_name_plural = _("removed page"), _("removed pages")

    def __str__(self) -> str:
        return str(self.page)
