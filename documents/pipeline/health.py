"""Signs of life: what each part of the system last said of itself, kept in the database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils.timezone import now

from documents.correction.base import ModelUnavailable
from documents.models import Heartbeat
from documents.pipeline import engines

SWEEPER, CORRECTOR = "sweeper", "corrector"
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


def model_broke(problem: str) -> None:
    """Remember that the model could not be loaded: it is left alone for a minute, then tried again."""
    beat(CORRECTOR, problem=problem, retry_at=now() + MODEL_RETRY)


def model_works(**details: Any) -> None:
    """Remember that the model answered; written only when that is news."""
    known = Heartbeat.objects.filter(name=CORRECTOR).first()
    if known is None or known.problem or known.details != details:
        beat(CORRECTOR, **details)


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
    """Return {"name", "problem", "is_on"} of the language model, as the engines screen shows it."""
    problem = model_problem()
    name = "" if problem or not settings.CORRECTION else engines.choose_model().name
    return {"name": name, "problem": problem, "is_on": settings.CORRECTION}


def state() -> dict[str, Any]:
    """Return what the banner and /healthz show: {"sweeper_alive", "sweeper_seen", "problems": [sentences]}."""
    sweeper = Heartbeat.objects.filter(name=SWEEPER).first()
    alive = bool(sweeper and sweeper.beat_at > now() - SILENT_AFTER)
    problems = list(sweeper.details.get("problems", [])) if sweeper and alive else []
    return {"sweeper_alive": alive, "sweeper_seen": sweeper.beat_at if sweeper else None, "problems": problems}
