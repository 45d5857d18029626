"""Reading one page: claim it, draw it, let the engines look at it, keep what they saw."""

from __future__ import annotations

import logging
from collections import Counter

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from documents import states
from documents.correction.lexicon import guess_language
from documents.models import Layer, Page, PageStatus
from documents.ocr.base import EngineCrashed, OcrError, Reading
from documents.ocr.second_look import languages_of
from documents.pipeline import coach, engines, files, looking, origins
from documents.pipeline.options import options_of
from documents.pipeline.pictures import PageProblem
from documents.pipeline.readers import read_drawing
from documents.pipeline.rendering import RenderingFailed, budget_seconds, draw_page
from documents.pipeline.texts import add_text, stored_line

log = logging.getLogger(__name__)

NEIGHBOURS = 2
"""Pages on either side that a page is compared with: a sheet scanned twice lies beside itself."""


def read_page(page_id: int, revision: int) -> bool:
    """Read the page, if it is waiting for that. Return whether a text came of it."""
    lease = states.claim(page_id, revision, states.READING, seconds=lease_seconds())
    if lease is None:
        return False
    try:
        reading = _read(lease)
    except PageProblem as exc:
        states.fail(lease, str(exc), final=True)
    except FileNotFoundError:
        problem = _("The original file is missing from the storage. Tell your administrator.")
        states.fail(lease, problem, final=True)
    except EngineCrashed as exc:
        states.fail(lease, _("The OCR engine broke off on this page."), crash_reason=str(exc))
    except (OcrError, RenderingFailed) as exc:
        states.fail(lease, str(exc))
    except OSError as exc:  # a full disk, a storage that does not answer: worth another try
        log.exception("page %s could not be stored", page_id)
        problem = _("The page could not be stored; the server's disk may be full.")
        states.fail(lease, problem, crash_reason=str(exc))
    else:
        return _record(lease, reading)
    return False


def lease_seconds() -> float:
    """Return how long a page may be out: its hard budget in every engine, rendering, and a margin.

    Three looks more: a page that lies on its side is tried both ways up, and its lines are looked at again.
    """
    looks = len(engines.reading_order("")) + 3
    return settings.PAGE_SECONDS * looks + budget_seconds() + settings.LEASE_MARGIN_SECONDS


def _read(lease: states.Lease) -> Reading:
    page, origin = lease.page, origins.origin_of(lease.page)
    with files.local_copy(origin.original) as original, files.work_folder() as folder:
        options = options_of(page)
        drawing = draw_page(original, origin.kind, origin.number, folder, with_text=not options.read_picture)
        drawing = origins.turned(drawing, origin.turn)
        if not looking.has_pictures(page):
            looking.keep_pictures(page, drawing)
        return read_drawing(drawing, options, attempt=lease.attempt)


def _record(lease: states.Lease, reading: Reading) -> bool:
    """Keep the reading and end the lease in one transaction. Return False when the lease was no longer ours."""
    page, options = lease.page, options_of(lease.page)
    wanted = settings.CORRECTION and bool(reading.text.strip())
    language, by_line = _languages(reading, options.language)
    findings = _findings(page, reading)
    with transaction.atomic():
        to = PageStatus.READ if wanted else PageStatus.DONE
        spoken = f",{','.join(sorted({language, *by_line} - {''}))},"
        if not states.finish(lease, to, language=language, languages=spoken, coach=findings):
            log.info("page %s: a late result was thrown away", page.pk)
            return False
        page.language = language
        add_text(
            page,
            Layer.OCR,
            [stored_line(line, _unlike(language, own)) for line, own in zip(reading.lines, by_line, strict=True)],
            made_by=f"{reading.engine} {reading.version}",
            note=" ".join(reading.warnings),
            seconds=reading.seconds,
            details={
                "mode": options.used_mode,
                "engine": options.engine,
                "handwritten": options.handwritten,
                "preparation": list(reading.preparation),
            },
        )
    return True


def _languages(reading: Reading, stated: str) -> tuple[str, list[str]]:
    """Return the page's language, that of most letters, and each line's; "" where the text does not tell."""
    if not (stated or guess_language(reading.text)):
        return "", [""] * len(reading.lines)
    by_line = languages_of(reading, stated)
    letters: Counter[str] = Counter()
    for line, language in zip(reading.lines, by_line, strict=True):
        letters[language] += len(line.text)
    return stated or letters.most_common(1)[0][0], by_line


def _unlike(page_language: str, line_language: str) -> str:
    return "" if line_language == page_language else line_language


def _findings(page: Page, reading: Reading) -> list[str]:
    """Return the codes of what is wrong with the scan: those of its picture and those that the reading shows."""
    drawn = Page.objects.values_list("coach", "width").get(pk=page.pk)
    found = [*drawn[0], *coach.judge_lines(reading.lines, drawn[1])]
    beside = page.document.pages.filter(
        number__range=(page.number - NEIGHBOURS, page.number + NEIGHBOURS), current__isnull=False
    ).exclude(pk=page.pk)
    if coach.is_repeated(reading.text, list(beside.values_list("current__text", flat=True))):
        found.append(coach.REPEATED)
    return found
