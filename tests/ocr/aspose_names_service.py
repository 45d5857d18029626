"""Looks up each of our names in the package itself; in a child, as its runtime is not to be loaded into the tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from documents.ocr import aspose_options
from documents.ocr.aspose import load
from documents.ocr.base import EngineUnavailable


def open_service(options: dict[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    ocr = load(Path(options["cache"]))

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        wanted = [
            (ocr.Language, (*aspose_options.LANGUAGES.values(), "EXT_LATIN", "AUTO")),
            (ocr.DetectAreasMode, [name.upper() for name in aspose_options.AREA_MODES]),
            (ocr.LanguageDetectionLevel, [name.upper() for name in aspose_options.LANGUAGE_LEVELS]),
            (ocr.models.preprocessingfilters.PreprocessingFilter, aspose_options.FILTERS),
        ]
        strange = [name for kind, names in wanted for name in names if not hasattr(kind, name)]
        raise EngineUnavailable(f"Unknown: {', '.join(strange)}." if strange else "Every name is known.")

    return answer
