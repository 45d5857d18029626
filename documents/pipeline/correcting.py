"""Correcting one page's text: the model words it anew, the guards decide, every change is kept as an Edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from documents import states
from documents.correction.base import Change, Correction, CorrectionError, CorrectorCrashed, ModelUnavailable
from documents.correction.correct import correct_lines
from documents.correction.guards import LARGE, SMALL, is_proposal
from documents.correction.kinds import kind_of_page
from documents.correction.models import ModelChoice
from documents.correction.prompts import PROMPT_VERSION
from documents.models import Edit, EditState, Layer, Page, PageStatus, PageText, VocabularyTerm, latest_reading
from documents.pipeline import engines, health
from documents.pipeline.raw_lines import NOTHING, raw_line
from documents.pipeline.texts import add_text, clean, kept_place


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
        model = engines.choose_model()
        terms = terms_of(lease.page)
        correction = correct_text(source.lines, language=lease.page.language, model=model, terms=terms)
        details = details_of(correction, model, source.lines)
    except ModelUnavailable as exc:
        health.model_broke(str(exc))
        states.postpone(lease, str(exc))
    except CorrectorCrashed as exc:
        states.fail(lease, _("The language model broke off on this page."), crash_reason=str(exc))
    except CorrectionError as exc:
        states.fail(lease, str(exc))
    else:
        health.model_works(model=correction.model, **engines.model_facts())
        return _record(lease, source, correction, details)
    return False


def terms_of(page: Page) -> list[VocabularyTerm]:
    """Return the vocabulary that holds for the page."""
    return list(VocabularyTerm.objects.for_document(page.document))


def correct_text(
    lines: Sequence[dict[str, Any]],
    *,
    language: str,
    model: ModelChoice | None = None,
    terms: Sequence[VocabularyTerm] = (),
) -> Correction:
    """Return the guarded correction of stored lines (dicts as described at PageText), by `model` or the one in use.

    `terms` are the vocabulary; those of another language than a line's do not count for it. Raises CorrectionError.
    """
    model = model or engines.choose_model()
    kind = kind_of_page([line["text"] for line in lines])
    spoken = [line.get("language") or language for line in lines]
    parts = [
        correct_lines(
            engines.corrector(model),
            # Lines of another language are left blank here: the gate passes them over, and the numbers stay.
            [raw_line(line) if own == part else NOTHING for line, own in zip(lines, spoken, strict=True)],
            language=part,
            languages=model.languages,
            kind=kind,
            trust=SMALL if model.is_small else LARGE,
            terms=[term.term for term in terms if term.language in ("", part)],
        )
        for part in dict.fromkeys(spoken)
    ]
    return _joined(spoken, parts, engines.corrector(model).name)


def _joined(spoken: Sequence[str], parts: Sequence[Correction], model: str) -> Correction:
    """Return the corrections of one page's languages as one: each line from the part of its language."""
    by_language = dict(zip(dict.fromkeys(spoken), parts, strict=True))
    return Correction(
        tuple(by_language[own].lines[number] for number, own in enumerate(spoken)),
        tuple(sorted((change for part in parts for change in part.changes), key=lambda c: (c.line, c.start))),
        model,
        sent=sum(part.sent for part in parts),
        seconds=sum(part.seconds for part in parts),
        clean=sum(part.clean for part in parts),
        broken=tuple(sorted(number for part in parts for number in part.broken)),
    )


def details_of(correction: Correction, model: ModelChoice, lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return what made a corrected text: the model, the wording of the prompt, the settings, and what was sent."""
    return {
        "model": {"name": model.name, "sha256": engines.model_checksum(model)},
        "prompt": PROMPT_VERSION,
        "trust": "small" if model.is_small else "large",
        "settings": engines.model_settings(model),
        "kind": kind_of_page([line["text"] for line in lines]),
        "lines": {
            "all": len(lines), "sent": correction.sent, "clean": correction.clean, "broken": list(correction.broken)
        },
    }  # fmt: skip


def _record(lease: states.Lease, source: PageText, correction: Correction, details: dict[str, Any]) -> bool:
    """Keep the corrected layer with its edits and end the lease, all at once."""
    lines = [
        {"text": clean(text), "box": line["box"], "confidence": line["confidence"], **kept_place(line, clean(text))}
        for text, line in zip(correction.lines, source.lines, strict=True)
    ]
    with transaction.atomic():
        if not states.finish(lease, PageStatus.DONE):
            return False
        text = add_text(
            lease.page, Layer.LLM, lines, based_on=source, made_by=correction.model, seconds=correction.seconds,
            details=details,
        )  # fmt: skip
        # What a guard refused for good is not worth a person's time; what it was unsure of is offered.
        worth_showing = (change for change in correction.changes if change.applied or is_proposal(change))
        Edit.objects.bulk_create(_edit(text, change) for change in worth_showing)
    return True


def _edit(text: PageText, change: Change) -> Edit:
    return Edit(
        text=text, line=change.line, start=change.start, end=change.end, before=change.before, after=change.after,
        margin=change.margin, rule=change.rule, state=EditState.APPLIED if change.applied else EditState.PROPOSED,
        alternatives=[asdict(one) for one in change.alternatives] or None,
    )  # fmt: skip
