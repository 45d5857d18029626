"""Reading one page: render it, let the engines look at it, keep what they saw."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from documents import states
from documents.correction.lexicon import guess_language
from documents.models import Layer, Page, PageStatus
from documents.ocr.base import Box, EngineCrashed, EngineUnavailable, Line, OcrError, Reading, Word
from documents.pipeline import engines, files
from documents.pipeline.pictures import PageProblem
from documents.pipeline.rendering import Drawing, RenderingFailed, budget_seconds, draw_page
from documents.pipeline.texts import add_text, stored_line

log = logging.getLogger(__name__)

SHRINK = {1: 1.0, 2: 2 / 3, 3: 1 / 2}
"""How far a page is scaled down at each attempt: a page that broke an engine gets an easier picture."""


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
    """Return how long a page may be out: its hard budget in every engine, rendering, and a margin."""
    per_engine = settings.PAGE_SECONDS * len(engines.reading_order())
    return per_engine + budget_seconds() + settings.LEASE_MARGIN_SECONDS


def _read(lease: states.Lease) -> Reading:
    page = lease.page
    with files.local_copy(page.document.original) as original, files.work_folder() as folder:
        drawing = draw_page(original, page.document.kind, page.number, folder)
        _keep_pictures(page, drawing)
        reading = read_picture(
            drawing.picture.path,
            order=_order(lease.attempt),
            language=page.document.language,
            handwritten=page.document.handwritten,
            shrink=SHRINK[min(lease.attempt, len(SHRINK))],
        )
    return replace(reading, warnings=(*drawing.picture.warnings, *reading.warnings))


def _order(attempt: int) -> list[str]:
    """Return the engines to ask: after a crash the next one goes first."""
    order = engines.reading_order()
    turn = (attempt - 1) % len(order)
    return order[turn:] + order[:turn]


def _keep_pictures(page: Page, drawing: Drawing) -> None:
    """Store what the browser shows, at once: people see the page while it is being read."""
    big, small = files.picture_names(page.document_id, page.number, page.revision)
    Page.objects.filter(pk=page.pk, revision=page.revision).update(
        picture=files.save_picture(big, drawing.display),
        thumbnail=files.save_picture(small, drawing.small),
        width=drawing.picture.width, height=drawing.picture.height, dpi=drawing.picture.dpi,
    )  # fmt: skip


def read_picture(
    path: Path, *, order: list[str], language: str, handwritten: bool, shrink: float = 1.0
) -> Reading:
    """Read one page picture with the first engine in `order` that can.

    An engine that is not available, or says that it cannot, is passed over and its sentence kept as a warning.
    Raises OcrError when none could; EngineCrashed as soon as one dies, so that the blame is exact.
    """
    warnings: list[str] = []
    picture = _shrunk(path, shrink)
    for name in order:
        try:
            reading = engines.ocr_engine(name).read(
                picture, language=language, handwritten=handwritten, seconds=settings.PAGE_SECONDS
            )
        except EngineCrashed:
            raise
        except OcrError as exc:
            warnings.append(str(exc))
            continue
        return replace(_scaled(reading, 1 / shrink), warnings=(*warnings, *reading.warnings))
    raise (EngineUnavailable if warnings else OcrError)(" ".join(warnings) or _("No OCR engine is set up."))


def _shrunk(path: Path, factor: float) -> Path:
    if factor == 1.0:
        return path
    small = path.with_name("shrunk.bmp")
    with Image.open(path) as image:
        image.resize((max(1, round(image.width * factor)), max(1, round(image.height * factor)))).save(small)
    return small


def _scaled(reading: Reading, factor: float) -> Reading:
    """Return the reading with its boxes multiplied by `factor`, back in pixels of the page picture."""
    if factor == 1.0:
        return reading

    def box(old: Box) -> Box:
        return tuple(round(side * factor) for side in old)

    def word(old: Word) -> Word:
        return replace(old, box=box(old.box))

    def line(old: Line) -> Line:
        return replace(old, box=box(old.box), words=tuple(map(word, old.words)))

    return replace(reading, lines=tuple(map(line, reading.lines)))


def _record(lease: states.Lease, reading: Reading) -> bool:
    """Keep the reading and end the lease in one transaction. Return False when the lease was no longer ours."""
    page = lease.page
    wanted = settings.CORRECTION and bool(reading.text.strip())
    language = page.document.language or guess_language(reading.text)
    with transaction.atomic():
        if not states.finish(lease, PageStatus.READ if wanted else PageStatus.DONE, language=language):
            log.info("page %s: a late result was thrown away", page.pk)
            return False
        page.language = language
        add_text(
            page,
            Layer.OCR,
            [stored_line(line) for line in reading.lines],
            made_by=f"{reading.engine} {reading.version}",
            note=" ".join(reading.warnings),
            seconds=reading.seconds,
        )
    return True
