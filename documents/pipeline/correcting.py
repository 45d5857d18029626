"""Correcting one page's text: the model words it anew, the guards decide, every change is kept as an Edit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from documents import states
from documents.correction.base import Change, Correction, CorrectionError, CorrectorCrashed, ModelUnavailable
from documents.correction.correct import correct_lines
from documents.correction.guards import LARGE, SMALL, is_proposal
from documents.models import Edit, EditState, Layer, PageStatus, PageText
from documents.pipeline import engines, health
from documents.pipeline.texts import add_text, clean, latest_reading


def correct_page(page_id: int, revision: int) -> bool:
    """Correct the page, if it is waiting for that. Return whether a corrected text came of it.

    Whatever goes wrong, the OCR text stays and is served; the page says why its correction is pending.
    """
    seconds = settings.CORRECTION_SECONDS + settings.LEASE_MARGIN_SECONDS
    lease = states.claim(page_id, revision, states.CORRECTING, seconds=seconds)
    if lease is None:
        return False
    source = latest_reading(lease.page)
    assert source is not None, "only a page that has been read waits for correction"
    try:
        correction = correct_text(source.lines, language=lease.page.language)
    except ModelUnavailable as exc:
        health.model_broke(str(exc))
        states.postpone(lease, str(exc))
    except CorrectorCrashed as exc:
        states.fail(lease, _("The language model broke off on this page."), crash_reason=str(exc))
    except CorrectionError as exc:
        states.fail(lease, str(exc))
    else:
        health.model_works(model=correction.model)
        return _record(lease, source, correction)
    return False


def correct_text(lines: Sequence[dict[str, Any]], *, language: str) -> Correction:
    """Return the guarded correction of stored lines (dicts as described at PageText). Raises CorrectionError."""
    model = engines.choose_model()
    spoken = [line.get("language") or language for line in lines]
    parts = [
        correct_lines(
            engines.corrector(model),
            # Lines of another language are left blank here: the gate passes them over, and the numbers stay.
            [line["text"] if own == part else "" for line, own in zip(lines, spoken, strict=True)],
            confidences=[line["confidence"] for line in lines],
            language=part,
            languages=model.languages,
            trust=SMALL if model.is_small else LARGE,
        )
        for part in dict.fromkeys(spoken)
    ]
    return _joined(lines, spoken, parts, engines.corrector(model).name)


def _joined(
    lines: Sequence[dict[str, Any]], spoken: Sequence[str], parts: Sequence[Correction], model: str
) -> Correction:
    """Return the corrections of one page's languages as one: each line from the part of its language."""
    by_language = dict(zip(dict.fromkeys(spoken), parts, strict=True))
    return Correction(
        tuple(by_language[own].lines[number] for number, own in enumerate(spoken)),
        tuple(sorted((change for part in parts for change in part.changes), key=lambda c: (c.line, c.start))),
        model,
        sent=sum(part.sent for part in parts),
        seconds=sum(part.seconds for part in parts),
    )


def _record(lease: states.Lease, source: PageText, correction: Correction) -> bool:
    """Keep the corrected layer with its edits and end the lease, all at once."""
    lines = [
        {"text": clean(text), "box": line["box"], "confidence": line["confidence"]}
        for text, line in zip(correction.lines, source.lines, strict=True)
    ]
    with transaction.atomic():
        if not states.finish(lease, PageStatus.DONE):
            return False
        text = add_text(
            lease.page, Layer.LLM, lines, based_on=source, made_by=correction.model, seconds=correction.seconds
        )
        # What a guard refused for good is not worth a person's time; what it was unsure of is offered.
        worth_showing = (change for change in correction.changes if change.applied or is_proposal(change))
        Edit.objects.bulk_create(_edit(text, change) for change in worth_showing)
    return True


def _edit(text: PageText, change: Change) -> Edit:
    return Edit(
        text=text, line=change.line, start=change.start, end=change.end, before=change.before, after=change.after,
        margin=change.margin, rule=change.rule, state=EditState.APPLIED if change.applied else EditState.PROPOSED,
    )  # fmt: skip
