"""Trying one engine on a sample page, as an admin does after setting it up."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from PIL import Image, ImageDraw, ImageFont

from documents.ocr.base import OcrError
from documents.ocr.engines import ENGINES, Facts
from documents.ocr.health import engine_problem
from documents.ocr.hosted import HostedEngine
from documents.pipeline import engines, files

SAMPLE = ("Lesesaal reads this page.", "Invoice 4711 of 3 May 1952", "Total 1,230.00")


@dataclass(frozen=True)
class EngineState:
    """One engine as the admin sees it; `problem` is "" when it could read, `is_used` when pages come by themselves."""

    name: str
    facts: Facts
    problem: str
    is_used: bool


def engine_states() -> list[EngineState]:
    """Return all engines there are, with what keeps each from reading."""
    used = engines.reading_order("")
    return [
        EngineState(name, facts, engine_problem(name, engines.ocr_options(name)), name in used)
        for name, facts in ENGINES.items()
    ]


def try_engine(name: str) -> str:
    """Return what the engine reads on the sample page. Raises OcrError with the reason when it cannot."""
    engine = HostedEngine(name, engines.ocr_options(name))
    try:
        with files.work_folder() as folder:
            path = folder / "sample.png"
            _sample().save(path)
            return engine.read(path, language="en", handwritten=False, seconds=settings.PAGE_SECONDS).text
    except ValueError as exc:
        raise OcrError(str(exc)) from exc
    finally:
        engine.close()


def _sample() -> Image.Image:
    page = Image.new("L", (900, 320), 250)
    for number, line in enumerate(SAMPLE):
        ImageDraw.Draw(page).text((60, 50 + 80 * number), line, font=ImageFont.load_default(36), fill=20)
    return page
