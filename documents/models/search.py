"""What search keeps besides its index: the words, questions people come back to, changes to many documents."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class IndexWord(models.Model):
    """A word that stands on some page, as the index holds it. Written by `documents.search.vocabulary` alone.

    `key` is the word with the letters that OCR takes for one another made the same; `backwards` is the key from its
    end. Words that stand on no page any more do no harm and go when the index is written anew.
    """

    word = models.CharField(max_length=40, primary_key=True)
    key = models.CharField(max_length=40)
    backwards = models.CharField(max_length=40)
    length = models.PositiveSmallIntegerField(help_text=_("Of the key."))

    class Meta:
        verbose_name, verbose_name_plural = _("indexed word"), _("indexed words")
        indexes = [
            models.Index(fields=["length", "key"], name="word_begins"),
            models.Index(fields=["length", "backwards"], name="word_ends"),
        ]

    def __str__(self) -> str:
        return self.word


class IndexState(models.Model):
    """One row: with which rules the search index was written, and when it was last found to be whole."""

    version = models.PositiveIntegerField(default=0)
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("state of the index"), _("state of the index")

    def __str__(self) -> str:
        return str(self.version)


class SavedSearch(models.Model):
    """A question that somebody comes back to. It holds no results: these are found for whoever asks."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches")
    name = models.CharField(_("name"), max_length=100)
    typed = models.CharField(_("search"), max_length=400)
    sort = models.CharField(_("sort"), max_length=12, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name, verbose_name_plural = _("saved search"), _("saved searches")
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="one_saved_search_per_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('search')}?{urlencode({'q': self.typed, 'sort': self.sort})}"


class BulkChange(models.Model):
    """One change to many documents, done a few at a time by jobs; `done` of the `document_ids` are behind it."""

    class State(models.TextChoices):
        RUNNING = "running", _("In work")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="bulk_changes")
    action = models.CharField(_("what"), max_length=20)
    argument = models.CharField(_("with what"), max_length=200, blank=True)
    document_ids = models.JSONField(default=list)
    total = models.PositiveIntegerField(_("documents"))
    done = models.PositiveIntegerField(_("done"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.RUNNING)
    created_at = models.DateTimeField(_("asked for"), auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name, verbose_name_plural = _("bulk change"), _("bulk changes")

    def __str__(self) -> str:
        return f"{self.action} {self.argument}".strip()
