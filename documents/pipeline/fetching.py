"""Fetching the model that the settings name, where that is allowed: in a thread of the sweeper, once at a time."""

from __future__ import annotations

import fcntl
import logging
import threading

from django.conf import settings

from documents.correction import models
from documents.correction.base import ModelUnavailable
from documents.pipeline import engines, health

log = logging.getLogger(__name__)

_thread: threading.Thread | None = None


def fetch_model_if_missing() -> None:
    """Start the download when one is allowed, needed and not running yet. Returns at once."""
    global _thread
    options = engines.model_options()
    if not settings.ALLOW_AUTO_DOWNLOAD or options.path or (_thread and _thread.is_alive()):
        return
    try:
        engines.choose_model()
    except ModelUnavailable:
        _thread = threading.Thread(target=_fetch, args=(options,), daemon=True)
        _thread.start()


def _fetch(options: models.ModelOptions) -> None:
    """Download, unless another sweeper on this machine is at it."""
    options.directory.mkdir(parents=True, exist_ok=True)
    with (options.directory / "download.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        try:
            models.download(options)
        except ModelUnavailable as exc:
            log.warning("%s", exc)
            health.model_broke(str(exc))
