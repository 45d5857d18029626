"""Fetching the models that are wanted, where that is allowed: in a thread of the sweeper, one after the other."""

from __future__ import annotations

import fcntl
import logging
import threading
from collections.abc import Sequence

from django.conf import settings

from documents.correction import downloads
from documents.correction.base import ModelUnavailable
from documents.correction.models import ModelOptions
from documents.pipeline import health, model_choice

log = logging.getLogger(__name__)

_thread: threading.Thread | None = None


def fetch_missing_models() -> None:
    """Start the downloads when they are allowed, needed and not running yet. Returns at once."""
    global _thread
    if not settings.ALLOW_AUTO_DOWNLOAD or (_thread and _thread.is_alive()):
        return
    if missing := model_choice.missing():
        in_use = model_choice.options_of(model_choice.chosen())
        _thread = threading.Thread(target=_fetch, args=(missing, in_use), daemon=True)
        _thread.start()


def _fetch(missing: Sequence[ModelOptions], in_use: ModelOptions) -> None:
    """Download, unless another sweeper on this machine is at it."""
    settings.DIRECTORY_MODEL_PATH.mkdir(parents=True, exist_ok=True)
    with (settings.DIRECTORY_MODEL_PATH / "download.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        for options in missing:
            try:
                downloads.download(options)
            except ModelUnavailable as exc:
                log.warning("%s", exc)
                if options == in_use:
                    health.model_broke(str(exc))
