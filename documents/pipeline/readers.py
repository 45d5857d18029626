"""Reading one drawn page with the engines that its options and this machine allow. No database."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from django.conf import settings
from PIL import Image

from documents.ocr.base import Reading
from documents.ocr.blocks import with_blocks
from documents.ocr.hosted import HostedEngine
from documents.ocr.lines import within
from documents.ocr.preparing_options import NONE, Prepared
from documents.ocr.reader import read_page
from documents.pipeline import engines
from documents.pipeline.options import ReadingOptions
from documents.pipeline.pictures import Picture
from documents.pipeline.rendering import Drawing, RenderingFailed, prepare_picture

SHRINK = {1: 1.0, 2: 2 / 3, 3: 1 / 2}
"""How far a page is scaled down at each attempt: a page that broke an engine gets an easier picture."""


def read_drawing(drawing: Drawing, options: ReadingOptions, *, attempt: int = 1) -> Reading:
    """Return what stands on the drawn page: the PDF's own text when it is real and wanted, else what the engines read.

    `attempt` counts from 1: later ones turn the engines' order and shrink the picture. Raises OcrError when no engine
    could read it, EngineCrashed as soon as one dies, so that the blame is exact.
    """
    if drawing.text and not options.read_picture:
        return with_blocks(replace(drawing.text, warnings=drawing.picture.warnings))
    prepared, problem = _prepared(drawing.picture.path, options)
    factor = SHRINK[min(attempt, len(SHRINK))]
    reading = _read_picture(_shrunk(prepared.path, factor), _order(options.engine, attempt), options)
    notes = [note for note in (drawing.note, problem) if note]
    return replace(
        _on_page(_scaled(reading, 1 / factor), prepared, drawing.picture),
        warnings=(*drawing.picture.warnings, *notes, *reading.warnings),
        preparation=(*prepared.steps, *reading.preparation),
    )


def _prepared(picture: Path, options: ReadingOptions) -> tuple[Prepared, str]:
    """Return the picture as it is to be read, and what went wrong with preparing it, if anything.

    Handwriting is prepared only where a person asked for it: the detectors know print.
    """
    wanted = options.preparation or (NONE if options.handwritten else "")
    if wanted == NONE:
        return Prepared(picture), ""
    try:
        return prepare_picture(picture, picture.parent, wanted), ""
    except RenderingFailed as exc:
        return Prepared(picture), str(exc)


def _on_page(reading: Reading, prepared: Prepared, page: Picture) -> Reading:
    """Return the reading with its boxes in pixels of the page, and inside it."""
    if not prepared.steps:
        return reading
    return reading.with_boxes(lambda box: within(prepared.on_page(box), page.width, page.height))


def _order(engine: str, attempt: int) -> list[str]:
    """Return the engines to ask: after a crash the next one goes first."""
    order = engines.reading_order(engine)
    turn = (attempt - 1) % len(order)
    return order[turn:] + order[:turn]


def _read_picture(picture: Path, order: list[str], options: ReadingOptions) -> Reading:
    return read_page(
        picture,
        engines={name: _engine(name, options) for name in engines.worth_asking(order, options.engine)},
        mode=options.used_mode,
        language=options.language,
        handwritten=options.handwritten,
        seconds=settings.PAGE_SECONDS,
    )


def _engine(name: str, options: ReadingOptions) -> HostedEngine:
    """Return the engine; Aspose.OCR takes wishes for single pages, which go before its settings."""
    engine, wishes = engines.ocr_engine(name), options.aspose_wishes
    return engine.wishing(wishes) if name == "aspose" and wishes else engine


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
    return reading.with_boxes(lambda box: tuple(round(side * factor) for side in box))
