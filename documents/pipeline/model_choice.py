"""Which model is to correct: the one that a superuser chose in the admin, else the one that the settings name."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from documents.correction import downloads, models
from documents.correction.base import ModelUnavailable
from documents.correction.models import ModelChoice, ModelOptions, Server
from documents.models import LanguageModel


def chosen() -> LanguageModel | None:
    """Return the model that a superuser chose, None when the settings decide."""
    return LanguageModel.objects.filter(is_active=True).first()


@transaction.atomic
def use(model: LanguageModel | None) -> None:
    """Correct with `model` from the next page on; None leaves it to the settings."""
    LanguageModel.objects.filter(is_active=True).update(is_active=False)
    if model is not None:
        LanguageModel.objects.filter(pk=model.pk).update(is_active=True)


def options_of(model: LanguageModel | None) -> ModelOptions:
    """Return what the row says of the model; without a row, what the settings say."""
    if model is None:
        return _of_settings()
    return ModelOptions(
        directory=settings.DIRECTORY_MODEL_PATH,
        source=model.source,
        path=Path(model.path),
        repository=model.repository,
        quantization=model.quantization,
        server=Server(model.url.rstrip("/"), model.server_model),
    )


def _of_settings() -> ModelOptions:
    source = "repository"
    if settings.CORRECTION_SERVER_URL:
        source = "server"
    elif settings.CORRECTION_MODEL:
        source = "file"
    return ModelOptions(
        directory=settings.DIRECTORY_MODEL_PATH,
        source=source,
        path=Path(settings.CORRECTION_MODEL),
        repository=settings.HUGGING_FACE_REPO_ID,
        quantization=settings.HUGGING_FACE_QUANTIZATION,
        server=Server(settings.CORRECTION_SERVER_URL.rstrip("/"), settings.CORRECTION_SERVER_MODEL),
    )


def choose(model: LanguageModel | None) -> ModelChoice:
    """Return the model to ask, without fetching anything. Raises ModelUnavailable with the reason.

    Where the settings name no model of their own and none may be fetched, the embedded one does the work.
    """
    options = options_of(model)
    choice = models.choose_model(options)
    if choice is not None:
        return choice
    if settings.ALLOW_AUTO_DOWNLOAD:
        raise ModelUnavailable(_being_downloaded(options))
    if model is None:
        return models.EMBEDDED_CHOICE
    raise ModelUnavailable(
        _("%(repository)s is not on this machine, and downloads are not allowed. Put its file into %(folder)s, or set "
          "ALLOW_AUTO_DOWNLOAD=true.")
        % {"repository": options.repository, "folder": models.folder_of(options)}
    )  # fmt: skip


def _being_downloaded(options: ModelOptions) -> str:
    fraction = downloads.download_fraction(options)
    state = _("%(percent)d %% are here") % {"percent": round(100 * fraction)} if fraction else _("not begun yet")
    return _("The language model is being downloaded (%(state)s).") % {"state": state}


def state(model: LanguageModel) -> str:
    """Return in words whether the model could correct now, and if not, why."""
    try:
        choice = choose(model)
    except ModelUnavailable as exc:
        return str(exc)
    return _("asked when a page comes") if choice.server else _("ready")


def missing() -> list[ModelOptions]:
    """Return what is to be fetched: the models in use and in the admin's list whose files are not all here."""
    wanted = [options_of(chosen()), *(options_of(model) for model in LanguageModel.objects.all())]
    return [options for options in dict.fromkeys(wanted) if options.source == "repository" and _is_missing(options)]


def _is_missing(options: ModelOptions) -> bool:
    try:
        return models.choose_model(options) is None
    except ModelUnavailable:
        return False  # a broken file is for a person to look at


def label_of_settings() -> str:
    """Return in words which model the settings name."""
    options = _of_settings()
    if options.source == "server":
        return options.server.name
    if options.source == "file":
        return str(options.path)
    if models.choose_model(options) is None and not settings.ALLOW_AUTO_DOWNLOAD:
        return _("the small one that is part of the program")
    return f"{options.repository} ({options.quantization})"
