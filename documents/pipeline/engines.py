"""The engines and the model as the settings name them, each kept warm in a child of this process."""

from __future__ import annotations

import atexit
import hashlib
from dataclasses import asdict
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from documents.correction.hosted import HostedCorrector
from documents.correction.models import ModelChoice, Server
from documents.correction.server import ServerCorrector
from documents.ocr.engines import engine_order
from documents.ocr.health import engine_problem
from documents.ocr.hosted import HostedEngine
from documents.pipeline import model_choice


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


def choose_model() -> ModelChoice:
    """Return the model that is to correct now, without fetching anything.

    Raises ModelUnavailable with the reason: a missing or broken file, or a download that is not done yet.
    """
    return model_choice.choose(model_choice.chosen())


def settings_model() -> ModelChoice:
    """Return the model that the settings name, whatever the admin chose: for commands, which need no database."""
    return model_choice.choose(None)


_correctors: dict[ModelChoice, HostedCorrector | ServerCorrector] = {}


def corrector(choice: ModelChoice) -> HostedCorrector | ServerCorrector:
    """Return this process's corrector for the chosen model; its child starts with the first page.

    Another model's child is ended first: two big models do not fit.
    """
    if choice not in _correctors:
        for other in list(_correctors):
            _correctors.pop(other).close()
        _correctors[choice] = _new_corrector(choice)
    return _correctors[choice]


def model_checksum(choice: ModelChoice) -> str:
    """Return the SHA-256 of the model's file, "" for a server's model."""
    if choice.path is None or not choice.path.is_file():
        return ""
    facts = choice.path.stat()
    return _checksum(choice.path, facts.st_size, facts.st_mtime_ns)


def model_settings(choice: ModelChoice) -> dict[str, Any]:
    """Return what beside the model's file decides how it words a text on this machine; {} for a server's model."""
    if choice.path is None:
        return {}
    return {
        "context_size": settings.CONTEXT_SIZE, "gpu_layers": settings.GPU_LAYERS, "threads": settings.LLM_THREADS,
        "llama_cpp": version("llama-cpp-python"),
    }  # fmt: skip


@lru_cache(maxsize=4)
def _checksum(path: Path, size: int, changed: int) -> str:
    """Hash a file as it is now, once: a big model's takes seconds."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def model_facts() -> dict[str, Any]:
    """Return where this process's model runs and how fast (see RunningModel); {} before its first answer."""
    running = next((corrector.running for corrector in _correctors.values()), None)
    return asdict(running) if running else {}


def _new_corrector(choice: ModelChoice) -> HostedCorrector | ServerCorrector:
    made = _for_server(choice.server) if choice.server else _for_file(choice)
    atexit.register(made.close)
    return made


def _for_file(choice: ModelChoice) -> HostedCorrector:
    assert choice.path is not None, "what is no server is a file"
    return HostedCorrector(
        choice.path, name=choice.name, threads=settings.LLM_THREADS, context_size=settings.CONTEXT_SIZE,
        gpu_layers=settings.GPU_LAYERS, seconds=settings.CORRECTION_SECONDS,
        idle_seconds=settings.CORRECTION_IDLE_SECONDS,
    )  # fmt: skip


def _for_server(server: Server) -> ServerCorrector:
    """Return a corrector; the key goes to the server that it was given for, not to one chosen in the admin."""
    is_known = urlsplit(server.url).netloc == urlsplit(settings.CORRECTION_SERVER_URL).netloc
    return ServerCorrector(
        server,
        key=settings.CORRECTION_SERVER_KEY if is_known else "",
        parallel=settings.CORRECTION_SERVER_PARALLEL,
        seconds=settings.CORRECTION_SECONDS,
    )
