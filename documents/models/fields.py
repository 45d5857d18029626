"""Key fields of invoices and receipts as people saved them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .documents import Page


class FieldName(models.TextChoices):
    """The key fields, in the order in which they are shown; the names are those of documents.fields.base."""

    NUMBER = "number", _("Number")
    DATE = "date", _("Date")
    SELLER = "seller", _("Seller")
    TOTAL = "total", _("Total")
    TAX = "tax", _("Tax")
    CURRENCY = "currency", _("Currency")


class FieldValue(models.Model):
    """What somebody saved as one field of a page. Rows are added and never changed: the newest of a field holds.

    `value` has the shapes of documents.fields.base.Found; "" says that the page has no such field.
    """

    page = models.ForeignKey(Page, models.CASCADE, related_name="field_values", verbose_name=_("page"))
    name = models.CharField(_("field"), max_length=10, choices=FieldName.choices)
    value = models.CharField(_("value"), max_length=200, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("saved by")
    )
    saved_at = models.DateTimeField(_("saved"), auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name, verbose_name_plural = _("key field"), _("key fields")
        indexes = [models.Index(fields=["page", "name"], name="field_of_page")]

    def __str__(self) -> str:
        return f"{self.page_id} {self.name}: {self.value}"
