"""Signs of life: what each part of the system last said of itself, kept in the database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.timezone import now

from documents.correction.base import ModelUnavailable
from documents.models import Heartbeat
from documents.pipeline import engines

SWEEPER, CORRECTOR, WATCHER = "sweeper", "corrector", "watcher"
SILENT_AFTER = timedelta(seconds=60)
MODEL_RETRY = timedelta(seconds=60)


def beat(name: str, *, problem: str = "", retry_at: Any = None, **details: Any) -> None:
    """Record that the part `name` is alive, what is wrong with it, and when it is to be tried again."""
    Heartbeat.objects.update_or_create(
        name=name, defaults={"beat_at": now(), "problem": problem, "retry_at": retry_at, "details": details}
    )


def details(name: str) -> dict[str, Any]:
    """Return what the part `name` last said of itself; {} when it has not been heard of."""
    return Heartbeat.objects.filter(name=name).values_list("details", flat=True).first() or {}


def problem_of(name: str) -> str:
    """Return what the part `name` last said is wrong with it; "" when all is well."""
    return Heartbeat.objects.filter(name=name).values_list("problem", flat=True).first() or ""


def model_broke(problem: str) -> None:
    """Remember that the model could not be loaded: it is left alone for a minute, then tried again."""
    beat(CORRECTOR, problem=problem, retry_at=now() + MODEL_RETRY)


def model_works(**details: Any) -> None:
    """Remember that the model answered, where and how fast; written when that is news, else once a minute."""
    known = Heartbeat.objects.filter(name=CORRECTOR).first()
    old = known.details if known else {}
    is_news = any(old.get(name) != details.get(name) for name in ("model", "device", "gpu_layers"))
    if known is None or known.problem or is_news or known.beat_at < now() - SILENT_AFTER:
        beat(CORRECTOR, **details)


def model_changed() -> None:
    """Forget what was wrong with the model before: another one was chosen."""
    Heartbeat.objects.filter(name=CORRECTOR).update(problem="", retry_at=None)


def model_problem() -> str:
    """Return why nothing can be corrected now, as a sentence for staff; "" when the model is usable."""
    if not settings.CORRECTION:
        return ""
    known = Heartbeat.objects.filter(name=CORRECTOR, retry_at__gt=now()).exclude(problem="").first()
    if known:
        return known.problem
    try:
        engines.choose_model()
    except ModelUnavailable as exc:
        return str(exc)
    return ""


def model_state() -> dict[str, Any]:
    """Return what the engines screen shows of the language model.

    {"is_on", "problem", "name", "away": the server's machine when text leaves this one, "running": where it ran when it
    was last heard of ({} when it was not), "seen": when that was}.
    """
    problem = model_problem()
    choice = None if problem or not settings.CORRECTION else engines.choose_model()
    heard = Heartbeat.objects.filter(name=CORRECTOR).first()
    is_its = choice is not None and heard is not None and heard.details.get("model") == choice.name
    is_its = is_its and "device" in heard.details  # a server does not tell
    return {
        "is_on": settings.CORRECTION,
        "problem": problem,
        "name": choice.name if choice else "",
        "away": urlsplit(choice.server.url).netloc if choice and choice.server and not choice.server.is_local else "",
        "running": heard.details if is_its else {},
        "seen": heard.beat_at if is_its else None,
    }


def state() -> dict[str, Any]:
    """Return what the banner and /healthz show: {"sweeper_alive", "sweeper_seen", "problems": [sentences]}."""
    sweeper = Heartbeat.objects.filter(name=SWEEPER).first()
    alive = bool(sweeper and sweeper.beat_at > now() - SILENT_AFTER)
    problems = list(sweeper.details.get("problems", [])) if sweeper and alive else []
    return {"sweeper_alive": alive, "sweeper_seen": sweeper.beat_at if sweeper else None, "problems": problems}
