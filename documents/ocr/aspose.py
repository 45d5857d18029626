"""Aspose.OCR on this machine, with a licence. Without one it is a trial, and a trial's text is never a reading.

Runs in a host's child only: its .NET runtime aborts the process where an exception would do.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from .base import Box, EngineUnavailable, Line, OcrError, Reading, Word
from .openssl import ensure_openssl11

PACKAGE = "aspose-ocr-python-net"

TRIAL_TEXT = re.compile(r"\*{5,}\s*Trial Licenses\s*\*{5,}")
"""What ends the text of every page read without a licence; a page about trial licences lacks the asterisks."""

TRIAL_WARNING = "Trial Licenses"

LANGUAGES = {
    "af": "AFR", "ar": "ARA", "be": "BEL", "bg": "BUL", "bs": "BOS", "ca": "CAT", "cs": "CES", "da": "DAN",
    "de": "DEU", "en": "ENG", "es": "SPA", "et": "EST", "fa": "PES", "fi": "FIN", "fr": "FRA", "gl": "GLG",
    "hi": "HIN", "hr": "HRV", "hu": "HUN", "id": "IND", "it": "ITA", "ja": "JPN", "kk": "KAZ", "kn": "KAN",
    "ko": "KOR", "lt": "LIT", "lv": "LAV", "mr": "MAR", "nb": "NOR", "ne": "NEP", "nl": "NLD", "nn": "NOR",
    "no": "NOR", "pl": "POL", "pt": "POR", "ro": "RON", "ru": "RUS", "sk": "SLK", "sl": "SLV", "sr": "SRP",
    "sv": "SWE", "ta": "TAM", "te": "TEL", "tr": "TUR", "uk": "UKR", "ur": "URD", "vi": "VIE", "zh": "CHINESE",
}  # fmt: skip
"""ISO 639-1 to names of `aspose.ocr.Language`."""

ANY_LANGUAGE = "EXT_LATIN"
"""For other languages and for none: its model is in the wheel. AUTO needs a resource file to choose a language."""

MISSING_RESOURCE = re.compile(r"[\w.-]+\.ocr\b")


class AsposeEngine:
    """Reads print with the models in the wheel; handwriting and other scripts with resource files."""

    name = "aspose"

    def __init__(
        self, *, license: str, cache: str, resources: str = "", allow_downloads: bool = False, threads: int = 1
    ) -> None:
        """Open the engine. Raises EngineUnavailable when it is not installed, not licensed or cannot start.

        `license` is the licence file's path or its text, `cache` a folder for the compiled OpenSSL shim, `resources`
        the folder with the vendor's `*.ocr` files. With `allow_downloads` missing ones are fetched from the vendor.
        """
        if not license:
            raise EngineUnavailable("Aspose.OCR has no licence. Set its licence in the settings, or use RapidOCR.")
        self._ocr = load(Path(cache))
        self._threads = threads
        take_license(self._ocr, license)
        self._ocr.Resources.allow_automatic_downloads(allow_downloads)
        if resources:
            self._ocr.Resources.set_local_path(resources)

    def read(self, image: Path, *, language: str, handwritten: bool) -> Reading:
        """Return the lines in the engine's order. Raises OcrError, or EngineUnavailable when it fell into trial."""
        if not image.is_file():
            raise OcrError(f"The picture {image.name} could not be opened. Upload the document again.")
        started = time.monotonic()
        try:
            result = self._recognize(image, language, handwritten)
        except RuntimeError as error:  # the one kind that the .NET side raises
            raise explained(error) from error
        seconds = time.monotonic() - started
        warnings = tuple(str(warning) for warning in result.warnings or ())
        refuse_trial(result.recognition_text, warnings)
        lines = tuple(as_line(line) for line in result.recognition_lines_result if line.text_in_line.strip())
        return Reading(lines, self.name, version(PACKAGE), seconds, warnings)

    def _recognize(self, image: Path, language: str, handwritten: bool) -> Any:
        ocr = self._ocr
        settings = ocr.RecognitionSettings()
        settings.language = getattr(ocr.Language, LANGUAGES.get(language, ANY_LANGUAGE))
        settings.threads_count = self._threads
        pages = ocr.OcrInput(ocr.InputType.SINGLE_IMAGE)
        pages.add(str(image))
        engine = ocr.AsposeOcr()
        results = engine.recognize_handwritten_text(pages) if handwritten else engine.recognize(pages, settings)
        return results[0]


def load(cache: Path) -> Any:
    """Return the module `aspose.ocr`, able to start. Raises EngineUnavailable when it is not installed."""
    # Its runtime aborts the process without ICU, which it needs for sorting in other languages only.
    os.environ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1"
    if sys.platform == "linux":
        ensure_openssl11(cache)
    try:
        import aspose.ocr
    except ImportError as error:
        raise EngineUnavailable(f"Aspose.OCR is not installed. Install the package {PACKAGE}.") from error
    aspose.ocr.Logging.set_file_system(False)  # or it leaves a log in whatever folder it runs in
    return aspose.ocr


def take_license(ocr: Any, license: str) -> None:
    """Hand the licence over. Raises EngineUnavailable when the engine does not accept it."""
    holder = ocr.License()
    try:
        with license_file(license) as path:
            holder.set_license(str(path))
    except RuntimeError as error:
        raise EngineUnavailable(f"Aspose.OCR did not accept the licence. Check the setting. {detail(error)}") from error
    if not holder.is_licensed:
        raise EngineUnavailable("Aspose.OCR did not accept the licence, perhaps because it has run out. Renew it.")


@contextmanager
def license_file(license: str) -> Iterator[Path]:
    """Give the licence as a file: the one at that path, or one that only we can read and that goes afterwards."""
    if not license.lstrip().startswith("<"):
        yield Path(license)
        return
    with tempfile.NamedTemporaryFile("w", suffix=".lic", encoding="utf-8") as file:  # made with mode 0600
        file.write(license)
        file.flush()
        yield Path(file.name)


def refuse_trial(text: str, warnings: tuple[str, ...]) -> None:
    """Raise EngineUnavailable when a page was read in trial mode, which cuts the text off."""
    if TRIAL_TEXT.search(text) or any(TRIAL_WARNING in warning for warning in warnings):
        raise EngineUnavailable("Aspose.OCR is running as a trial, which cuts pages short. Set a valid licence.")


def explained(error: RuntimeError) -> OcrError:
    """Return the engine's error as a sentence; a missing resource file is named."""
    missing = MISSING_RESOURCE.search(str(error))
    if missing is None:
        return OcrError(f"Aspose.OCR could not read this page. {detail(error)}")
    return EngineUnavailable(
        f"Aspose.OCR needs the file {missing.group()} for this page. Put it into the folder for Aspose's resources, "
        "or allow downloads in the settings."
    )


def detail(error: RuntimeError) -> str:
    """Return what the .NET side said, without the bridge's prefixes."""
    return re.sub(r"Proxy error\([^)]*\):\s*", "", str(error)).strip()


def as_line(found: Any) -> Line:
    """Return a Line of the engine's line; it gives no boxes for words, so these share the line's by length."""
    text, confidence = found.text_in_line.strip(), float(found.confidence)
    box = (found.line.left, found.line.top, found.line.right, found.line.bottom)
    return Line(text, box, confidence, spread_words(text, box, confidence))


def spread_words(text: str, box: Box, confidence: float) -> tuple[Word, ...]:
    """Return the words of `text` with parts of `box` in proportion to where their characters are in the line."""
    left, top, right, bottom = box
    step = (right - left) / max(1, len(text))
    words = []
    for found in re.finditer(r"\S+", text):
        part = (left + round(found.start() * step), top, left + round(found.end() * step), bottom)
        words.append(Word(found.group(), part, confidence))
    return tuple(words)
