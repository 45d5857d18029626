"""The engines there are, and in which order to ask them."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .base import OcrEngine


@dataclass(frozen=True)
class Facts:
    """What staff are told of an engine before they choose it.

    `place` is "module:class", imported on first use: an engine that nobody asks for costs nothing. `leaves` tells
    whether pages leave this machine to be read.
    """

    title: str
    about: str
    place: str
    leaves: bool = False


ENGINES = {
    "aspose": Facts(
        "Aspose.OCR",
        "Reads print, and with resource files handwriting, tables and many scripts. It needs a licence.",
        "documents.ocr.aspose:AsposeEngine",
    ),
    "aspose-cloud": Facts(
        "Aspose.OCR Cloud",
        "Pages leave this machine: the vendor reads them on its own. It is asked only where it is chosen by name.",
        "documents.ocr.aspose_cloud:AsposeCloudEngine",
        leaves=True,
    ),
    "rapidocr": Facts(
        "RapidOCR",
        "Reads print and typescript in Latin and Greek letters, Chinese and Japanese. It needs nothing.",
        "documents.ocr.rapid:RapidEngine",
    ),
    "tesseract": Facts(
        "Tesseract",
        "Looks again at doubtful lines, in the languages whose packs are installed.",
        "documents.ocr.tesseract:TesseractEngine",
    ),
}


UNREAD_BY_RAPIDOCR = frozenset({
    "ar", "be", "bg", "bn", "fa", "he", "hi", "ka", "kk", "ko", "mk", "mn", "mr", "ru", "sr", "ta", "te", "th", "uk",
    "ur",
})  # fmt: skip
"""Languages in scripts that are not among the 18,708 characters of its recognition model (ISO 639-1)."""


def open_engine(name: str, options: dict[str, Any]) -> OcrEngine:
    """Return the engine called `name`, made with `options` as keyword arguments.

    Raises ValueError for an unknown name, EngineUnavailable when the engine cannot run here.
    """
    module, _, engine = ENGINES[known(name)].place.partition(":")
    return getattr(importlib.import_module(module), engine)(**options)


def engine_order(preferred: str, *, aspose_license: str) -> list[str]:
    """Return the engines to ask for a page, best first.

    `preferred` is an engine's name, or "" or "auto" for the best that can run. Aspose.OCR is the best on most pages
    but reads only with a licence, so without one it is asked only when it is preferred by name, and then says so.
    Raises ValueError for an unknown name.
    """
    able = ["aspose", "rapidocr", "tesseract"] if aspose_license else ["rapidocr", "tesseract"]
    if preferred in ("", "auto"):
        return able
    return [known(preferred)] + [name for name in able if name != preferred]


def suited_first(names: Iterable[str], language: str) -> list[str]:
    """Return the names in their order, RapidOCR last when it does not know the letters of `language`."""
    return sorted(names, key=lambda name: name == "rapidocr" and language in UNREAD_BY_RAPIDOCR)


def known(name: str) -> str:
    """Return `name` when there is such an engine. Raises ValueError otherwise."""
    if name not in ENGINES:
        raise ValueError(f"There is no OCR engine called {name!r}. Choose one of: {', '.join(sorted(ENGINES))}.")
    return name
