"""Which language models may correct here, as superusers list them; without a chosen one, the settings decide."""

from __future__ import annotations

import re
from pathlib import PurePath
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")


class LanguageModel(models.Model):
    """One model and where it comes from; of the fields below `source`, those of that source count."""

    class Source(models.TextChoices):
        EMBEDDED = "embedded", _("the small one that is part of the program")
        REPOSITORY = "repository", _("a repository of Hugging Face")
        FILE = "file", _("a file on this machine")
        SERVER = "server", _("a server that speaks OpenAI's protocol")

    source = models.CharField(_("source"), max_length=10, choices=Source.choices, default=Source.REPOSITORY)
    repository = models.CharField(
        _("repository"), max_length=200, blank=True, help_text=_("Such as Qwen/Qwen2.5-3B-Instruct-GGUF.")
    )
    quantization = models.CharField(
        _("quantization"), max_length=40, blank=True, default="int8",
        help_text=_("int8, int4, fp16, or the name as it is in the file."),
    )  # fmt: skip
    path = models.CharField(
        _("file"), max_length=500, blank=True, help_text=_("Full path of a GGUF file on the machine of the workers.")
    )
    url = models.CharField(
        _("address"), max_length=300, blank=True, help_text=_("Such as http://127.0.0.1:8080/v1 for llama-server.")
    )
    server_model = models.CharField(
        _("model's name there"), max_length=200, blank=True, help_text=_("Empty where the server has only one.")
    )
    is_active = models.BooleanField(_("in use"), default=False, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        ordering = ["created_at"]
        verbose_name, verbose_name_plural = _("language model"), _("language models")
        constraints = [
            models.UniqueConstraint(fields=["is_active"], condition=models.Q(is_active=True), name="one_model_in_use")
        ]

    def __str__(self) -> str:
        return {
            self.Source.EMBEDDED: str(self.Source.EMBEDDED.label),
            self.Source.REPOSITORY: f"{self.repository} ({self.quantization})",
            self.Source.FILE: PurePath(self.path).name,
            self.Source.SERVER: f"{self.server_model or _('model')} · {urlsplit(self.url).netloc}",
        }.get(self.source, self.source)

    def clean(self) -> None:
        """Refuse what lacks the fields of its source."""
        if self.source == self.Source.REPOSITORY and not _REPOSITORY.fullmatch(self.repository):
            raise ValidationError({"repository": _("Give the repository as owner/name.")})
        if self.source == self.Source.REPOSITORY and not self.quantization:
            raise ValidationError({"quantization": _("Say which of the repository's files to take, such as int8.")})
        if self.source == self.Source.FILE and not PurePath(self.path).is_absolute():
            raise ValidationError({"path": _("Give the full path of a GGUF file, from / on.")})
        if self.source == self.Source.SERVER and not _is_web_address(self.url):
            raise ValidationError({"url": _("Give the address as http://machine:8080/v1.")})


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:
        return False
