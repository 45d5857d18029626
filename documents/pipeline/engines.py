"""The engines and the model as the settings name them, each kept warm in a child of this process."""

from __future__ import annotations

import atexit
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from documents.correction import models
from documents.correction.base import ModelUnavailable
from documents.correction.hosted import HostedCorrector
from documents.correction.models import ModelChoice, ModelOptions
from documents.ocr.engines import engine_order
from documents.ocr.health import engine_problem
from documents.ocr.hosted import HostedEngine


def reading_order(preferred: str) -> list[str]:
    """Return the names of the OCR engines to ask, best first; `preferred` "" leaves the choice to the settings."""
    licensed = settings.ASPOSE_OCR_LICENSE or settings.ASPOSE_OCR_METERED_PUBLIC_KEY
    return engine_order(preferred or settings.OCR_ENGINE, aspose_license=licensed)


@cache
def ocr_engine(name: str) -> HostedEngine:
    """Return this process's engine of that name; its child starts with the first page."""
    engine = HostedEngine(name, ocr_options(name))
    atexit.register(engine.close)
    return engine


def worth_asking(order: list[str], preferred: str) -> list[str]:
    """Return the engines of `order` without those that only help and cannot here (Tesseract not installed, say).

    The first one and the preferred one stay, so that the page says what is wrong with them.
    """
    return [name for name in order if name in (order[0], preferred) or not _problem(name)]


@cache
def _problem(name: str) -> str:
    return engine_problem(name, ocr_options(name))


def ocr_options(name: str) -> dict[str, Any]:
    """Return the keyword arguments of that engine's class, from the settings."""
    options: dict[str, dict[str, Any]] = {
        "rapidocr": {"threads": settings.OCR_THREADS},
        "aspose": {
            "cache": str(settings.ENGINE_CACHE_DIR),
            "threads": settings.OCR_THREADS,
            "license": settings.ASPOSE_OCR_LICENSE,
            "metered_public_key": settings.ASPOSE_OCR_METERED_PUBLIC_KEY,
            "metered_private_key": settings.ASPOSE_OCR_METERED_PRIVATE_KEY,
            "resources": settings.ASPOSE_OCR_RESOURCES,
            "allow_downloads": settings.ASPOSE_OCR_DOWNLOADS,
            "area_mode": settings.ASPOSE_OCR_AREA_MODE,
            "language_level": settings.ASPOSE_OCR_LANGUAGE_LEVEL,
            "filters": settings.ASPOSE_OCR_FILTERS,
            "gpu": settings.ASPOSE_OCR_GPU,
        },
        "aspose-cloud": {
            "client_id": settings.ASPOSE_CLOUD_CLIENT_ID,
            "client_secret": settings.ASPOSE_CLOUD_CLIENT_SECRET,
            "base_url": settings.ASPOSE_CLOUD_URL,
            # Sending takes up to three tries of `timeout`; what is left of the page's time is for the answer.
            "seconds": max(10, settings.PAGE_SECONDS - 50),
        },
    }
    return options.get(name, {})


def model_options() -> ModelOptions:
    """Return what the settings say about the model."""
    return ModelOptions(
        directory=settings.DIRECTORY_MODEL_PATH,
        path=Path(settings.CORRECTION_MODEL) if settings.CORRECTION_MODEL else None,
        repository=settings.HUGGING_FACE_REPO_ID,
        quantization=settings.HUGGING_FACE_QUANTIZATION,
    )


def choose_model() -> ModelChoice:
    """Return the model that the settings name, without fetching anything.

    Raises ModelUnavailable with the reason: a missing or broken file, or a download that is not done yet.
    """
    options = model_options()
    choice = models.choose_model(options)
    if settings.ALLOW_AUTO_DOWNLOAD and not options.path and choice == models.EMBEDDED_CHOICE:
        fraction = models.download_fraction(options)
        state = _("%(percent)d %% are here") % {"percent": round(100 * fraction)} if fraction else _("not begun yet")
        raise ModelUnavailable(_("The language model is being downloaded (%(state)s).") % {"state": state})
    return choice


_correctors: dict[ModelChoice, HostedCorrector] = {}


def corrector(choice: ModelChoice) -> HostedCorrector:
    """Return this process's corrector for the chosen model; its child starts with the first page.

    Another model's child is ended first: two big models do not fit.
    """
    if choice not in _correctors:
        for other in list(_correctors):
            _correctors.pop(other).close()
        _correctors[choice] = _new_corrector(choice)
    return _correctors[choice]


def _new_corrector(choice: ModelChoice) -> HostedCorrector:
    hosted = HostedCorrector(
        choice.path, name=choice.name, threads=settings.LLM_THREADS, context_size=settings.CONTEXT_SIZE,
        gpu_layers=settings.GPU_LAYERS, seconds=settings.CORRECTION_SECONDS,
    )  # fmt: skip
    atexit.register(hosted.close)
    return hosted
