"""Trying a language model on a sample, as a superuser does before choosing it: speed, place, and what it makes of it.

The trial runs where pages are corrected, in the worker that holds the model: two big models would not fit.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import redis
from django.conf import settings
from django.utils.timezone import now
from django.utils.translation import gettext as _

from documents import queues
from documents.correction.base import CorrectionError
from documents.correction.correct import correct_lines
from documents.correction.guards import LARGE, SMALL
from documents.correction.models import ModelChoice
from documents.models import Heartbeat, LanguageModel
from documents.pipeline import engines, health, model_choice

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
LOST_AFTER = timedelta(minutes=15)  # as long as RQ lets a job run

SAMPLE = (
    "Inv0ice No: 12345",
    "Date: 2023/07/15",
    "Dear Sir, we thank you for tbe letter of the third of May",
    "and for the kind words about our work in the past year.",
    "The goods were sent on Monday by rail and sh0uld arrive",
    "within two days; the carriage has been paid to tne station.",
    "Payrnent is due within thirty days of receipt, as agreed",
    "between our two houses, and may be made by cheque or draft.",
    "If any piece shou1d be found broken, we ask you to tell us",
    "at once, so that anotber one can be sent without delay.",
    "Total Am0unt: $1,200.00",
    "We remain, with great respect, your obedient servants",
)


def begin(model: LanguageModel | None) -> None:
    """Have the model tried; without one, what the settings name. Raises redis.RedisError when no job can be sent."""
    health.beat(_name(model), state=WAITING)
    try:
        queues.ring_test(model.pk if model else 0)
    except redis.RedisError:
        health.beat(_name(model), problem=_("The job queue did not answer."), state=FAILED)
        raise


def outcome(model: LanguageModel | None) -> dict[str, Any]:
    """Return {"state", "problem", "at"} of the last trial, with run()'s result once it is done; {} without one."""
    beat = Heartbeat.objects.filter(name=_name(model)).first()
    if beat is None:
        return {}
    found = {**beat.details, "problem": beat.problem, "at": beat.beat_at}
    if found["state"] in (WAITING, RUNNING) and beat.beat_at < now() - LOST_AFTER:
        return {**found, "state": FAILED, "problem": _("The trial was not heard of again. Is the worker running?")}
    return found


def summary(model: LanguageModel) -> str:
    """Return the outcome of the last trial in a few words, "" without one."""
    found = outcome(model)
    if not found:
        return ""
    if found["state"] == FAILED:
        return found["problem"]
    if found["state"] != DONE:
        return _("is being tried")
    words = _("%(speed)d characters a second, %(changed)d lines of the sample changed")
    return words % {"speed": found["characters_per_second"], "changed": len(found["changed"])}


def run(model_id: int) -> None:
    """Try the model with that number (0: what the settings name) and write down what came of it."""
    model = LanguageModel.objects.filter(pk=model_id).first()
    if model_id and model is None:
        return  # it was deleted meanwhile
    health.beat(_name(model), state=RUNNING)
    try:
        result = _measured(model_choice.choose(model))
    except CorrectionError as exc:
        health.beat(_name(model), problem=str(exc), state=FAILED)
    except BaseException:  # a job's time limit too: else the screen would show the trial as running for ever
        health.beat(_name(model), problem=_("The trial broke off."), state=FAILED)
        raise
    else:
        health.beat(_name(model), state=DONE, **result)


def _name(model: LanguageModel | None) -> str:
    return f"model-test-{model.pk if model else 'settings'}"


def _measured(choice: ModelChoice) -> dict[str, Any]:
    """Return the name, the seconds until it answered first, characters a second, changed lines, and where it ran."""
    corrector = engines.corrector(choice)
    started = time.monotonic()
    corrector.propose(SAMPLE[:1], language="en")
    loaded = time.monotonic()
    corrector.propose(SAMPLE, language="en")
    seconds = time.monotonic() - loaded
    correction = correct_lines(
        corrector, SAMPLE, language="en", languages=choice.languages, trust=SMALL if choice.is_small else LARGE
    )
    changed = [[before, after] for before, after in zip(SAMPLE, correction.lines, strict=True) if before != after]
    return {
        "model": choice.name,
        "load_seconds": round(loaded - started, 1),
        "characters_per_second": round(sum(map(len, SAMPLE)) / seconds),
        "changed": changed,
        "threads": settings.LLM_THREADS if choice.path else 0,
        **engines.model_facts(),
    }
