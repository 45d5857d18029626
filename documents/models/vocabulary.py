"""Words that this house knows: correcting leaves them alone, and puts them where they were misread."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .documents import Document, Tag


class VocabularyTermQuerySet(models.QuerySet):
    def for_document(self, document: Document) -> VocabularyTermQuerySet:
        """Return the terms of the house, of the document's tags and of the document itself."""
        whole_house = models.Q(document=None, tag=None)
        return self.filter(whole_house | models.Q(document=document) | models.Q(tag__in=document.tags.all()))


class VocabularyTerm(models.Model):
    """One term, a word or several. Without a document and a tag it holds for the whole house."""

    term = models.CharField(_("term"), max_length=100)
    language = models.CharField(_("language"), max_length=8, blank=True, help_text=_("Empty: in every language."))
    document = models.ForeignKey(
        Document, models.CASCADE, null=True, blank=True, related_name="vocabulary", verbose_name=_("document")
    )
    tag = models.ForeignKey(
        Tag, models.CASCADE, null=True, blank=True, related_name="vocabulary", verbose_name=_("tag"),
        help_text=_("For the documents with this tag alone."),
    )  # fmt: skip

    objects = VocabularyTermQuerySet.as_manager()

    class Meta:
        ordering = ["term"]
        verbose_name, verbose_name_plural = _("vocabulary term"), _("vocabulary")

    def __str__(self) -> str:
        return self.term
