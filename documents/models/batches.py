"""What was uploaded together."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Batch(models.Model):
    """The documents that one person uploaded in one go. `key` names it while it comes in: the upload page has one each
    time it is opened, and what comes without (the watched folder, programs) belongs to the day."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=gettext_lazy("uploaded by")
    )
    key = models.CharField(max_length=40)
    created_at = models.DateTimeField(gettext_lazy("begun"), auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name, verbose_name_plural = gettext_lazy("batch"), gettext_lazy("batches")
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="one_batch_per_key")]

    def __str__(self) -> str:
        return _("Batch of %(when)s") % {"when": date_format(localtime(self.created_at), "j M Y, H:i")}

    def get_absolute_url(self) -> str:
        return f"{reverse('library')}?batch={self.pk}"
