"""Aspose.OCR on this machine, with a licence. Without one it is a trial, and a trial's text is never a reading.

Runs in a host's child only: its .NET runtime aborts the process where an exception would do.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from .aspose_options import (
    DEFAULT_AREA_MODE,
    MOVING_FILTERS,
    is_license_text,
    language_name,
    license_problem,
    option_problem,
)
from .base import HEADING, TABLE, EngineUnavailable, Line, OcrError, Reading
from .lines import picture_size, spread_words, with_confidence, within
from .openssl import ensure_openssl11

PACKAGE = "aspose-ocr-python-net"

TRIAL_TEXT = re.compile(r"\*{5,}\s*Trial Licenses\s*\*{5,}")
"""What ends the text of every page read without a licence; a page about trial licences lacks the asterisks."""

TRIAL_WARNING = "Trial Licenses"

MISSING_RESOURCE = re.compile(r"[\w.-]+\.ocr\b")


KINDS = {"TABLE": TABLE, "TITLE": HEADING, "HEADER": HEADING}
"""Names in `aspose.ocr.RegionTypes` to kinds of blocks; other regions are running text."""

SINGLE_LINE = "LINE"
"""Regions of this type say nothing about blocks: the modes that look for no layout give one for every line."""


@dataclass(frozen=True)
class How:
    """With what one page is read; the names are those of `aspose_options`."""

    language: str
    handwritten: bool
    area_mode: str
    language_level: str
    filters: tuple[str, ...]


class AsposeEngine:
    """Reads print with the models in the package; handwriting, tables and other scripts with resource files."""

    name = "aspose"

    def __init__(
        self,
        *,
        license: str = "",
        metered_public_key: str = "",
        metered_private_key: str = "",
        cache: str = "",
        resources: str = "",
        allow_downloads: bool = False,
        area_mode: str = "",
        language_level: str = "",
        filters: Sequence[str] = (),
        gpu: bool = False,
        threads: int = 1,
    ) -> None:
        """Open the engine. Raises EngineUnavailable when it is not installed, not licensed, asked for what it has not.

        `license` is the licence file's path or its text; metered keys take its place. `cache` is a folder for the
        compiled OpenSSL shim, `resources` the one with the vendor's `*.ocr` files; with `allow_downloads` missing
        ones are fetched from the vendor. `area_mode`, `language_level` and `filters` are named in `aspose_options`;
        "" has the engine look for text anywhere, and take a page without a language for Latin letters.
        """
        problem = license_problem(license, metered_public_key, metered_private_key)
        problem = problem or option_problem(area_mode, language_level, filters, gpu)
        if problem:
            raise EngineUnavailable(problem)
        folder = Path(cache) if cache else Path.home() / ".cache" / "aspose-ocr"
        self._ocr = load(folder)
        if license:
            take_license(self._ocr, license)
        else:
            take_metered_keys(self._ocr, metered_public_key, metered_private_key)
        # Without a folder of its own it makes one in whatever folder it runs in.
        take_resources(self._ocr, resources or str(folder / "resources"), allow_downloads)
        self._area_mode = area_mode or DEFAULT_AREA_MODE
        self._language_level = language_level
        self._filters = tuple(filters)
        self._threads = threads

    def read(
        self,
        image: Path,
        *,
        language: str,
        handwritten: bool,
        area_mode: str = "",
        language_level: str = "",
        filters: Sequence[str] = (),
    ) -> Reading:
        """Return the lines in the engine's order. Raises OcrError, or EngineUnavailable when it fell into trial.

        `area_mode`, `language_level` and `filters` are for this page, and go before those that the engine was opened
        with. Raises OcrError for names that the engine has not.
        """
        if problem := option_problem(area_mode, language_level, filters, gpu=False):
            raise OcrError(problem)
        how = How(
            language, handwritten, area_mode or self._area_mode, language_level or self._language_level,
            tuple(filters) or self._filters,
        )  # fmt: skip
        width, height = picture_size(image)
        started = time.monotonic()
        try:
            result = self._recognize(image, how)
        except RuntimeError as error:  # the one kind that the .NET side raises
            raise explained(error) from error
        seconds = time.monotonic() - started
        said = tuple(str(warning) for warning in result.warnings or ())
        refuse_trial(result.recognition_text, said)
        found = [as_line(line, width, height) for line in result.recognition_lines_result if line.text_in_line.strip()]
        found = in_regions(found, result.recognition_regions_result or ())
        warnings = said + own_warnings(found, how.filters)
        return Reading(tuple(with_confidence(line) for line in found), self.name, version(PACKAGE), seconds, warnings)

    def _recognize(self, image: Path, how: How) -> Any:
        ocr = self._ocr
        pages = ocr.OcrInput(ocr.InputType.SINGLE_IMAGE, chain(ocr, how.filters))
        pages.add(str(image))
        engine = ocr.AsposeOcr()
        if how.handwritten:  # takes no settings: it finds the areas by itself and reads Latin letters
            return engine.recognize_handwritten_text(pages)[0]
        return engine.recognize(pages, self._settings(how))[0]

    def _settings(self, how: How) -> Any:
        """Return the runtime's settings for a printed page."""
        ocr, level = self._ocr, how.language_level
        settings = ocr.RecognitionSettings()
        settings.language = getattr(ocr.Language, language_name(how.language, detect=bool(level)))
        settings.detect_areas_mode = getattr(ocr.DetectAreasMode, how.area_mode.upper())
        if level:
            settings.language_detection_level = getattr(ocr.LanguageDetectionLevel, level.upper())
        settings.threads_count = self._threads
        return settings


def own_warnings(lines: list[Line], filters: Sequence[str]) -> tuple[str, ...]:
    """Return sentences about marks that are beside the words, and about confidences that were not given."""
    found = []
    if not MOVING_FILTERS.isdisjoint(filters):
        found.append("Aspose.OCR straightened this page before reading, so marks may lie beside the words.")
    if any(line.confidence == 0 for line in lines):  # 26.10.0 at least without a licence, for faultless lines too
        found.append("Aspose.OCR did not say how sure it is of this page. Compare the text with the picture.")
    return tuple(found)


def chain(ocr: Any, filters: Sequence[str]) -> Any:
    """Return the runtime's own list of filters; names are those in `aspose_options.FILTERS`."""
    kinds = ocr.models.preprocessingfilters.PreprocessingFilter
    together = kinds()
    for text in filters:
        name, _, level = text.partition(":")
        together.add(getattr(kinds, name)(int(level)) if level else getattr(kinds, name)())
    return together


def load(cache: Path) -> Any:
    """Return the module `aspose.ocr`, able to start. Raises EngineUnavailable when it is not installed."""
    # Its runtime aborts the process without ICU, which it needs for sorting in other languages only.
    os.environ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1"
    if sys.platform == "linux":
        ensure_openssl11(cache)
    try:
        import aspose.ocr
        import aspose.ocr.models.preprocessingfilters  # or the attribute is missing
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


def take_metered_keys(ocr: Any, public_key: str, private_key: str) -> None:
    """Hand the metered keys over; the vendor's server checks them. Raises EngineUnavailable when it refuses."""
    meter = ocr.Metered()
    try:
        meter.set_metered_key(public_key, private_key)
    except RuntimeError as error:
        raise EngineUnavailable(
            "Aspose.OCR did not accept the metered keys. Check both, and that this machine reaches the vendor's "
            f"server. {detail(error)}"
        ) from error
    if not meter.is_metered_licensed():
        raise EngineUnavailable("Aspose.OCR did not accept the metered keys. Check your account with the vendor.")


def take_resources(ocr: Any, folder: str, allow_downloads: bool) -> None:
    """Say where resource files are, and whether to fetch missing ones. Raises EngineUnavailable without the folder."""
    ocr.Resources.allow_automatic_downloads(allow_downloads)
    try:
        ocr.Resources.set_local_path(folder)  # makes it where it is missing
    except RuntimeError as error:
        raise EngineUnavailable(
            f"Aspose.OCR cannot use the folder {folder} for its resources. Make it, or change the setting. "
            f"{detail(error)}"
        ) from error


@contextmanager
def license_file(license: str) -> Iterator[Path]:
    """Give the licence as a file: the one at that path, or one that only we can read and that goes afterwards."""
    if not is_license_text(license):
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


def as_line(found: Any, width: int, height: int) -> Line:
    """Return a Line of the engine's line, within the picture.

    The engine gives no boxes for words, so these share the line's by length.
    """
    text, confidence = found.text_in_line.strip(), float(found.confidence)
    box = within((found.line.left, found.line.top, found.line.right, found.line.bottom), width, height)
    return Line(text, box, confidence, spread_words(text, box, confidence))


def in_regions(lines: Sequence[Line], regions: Iterable[Any]) -> list[Line]:
    """Return the lines with the engine's regions as their blocks, numbered as the lines meet them.

    A line outside all regions stays with the one above it.
    """
    regions = [region for region in regions if region.region_type.name != SINGLE_LINE]
    numbers: dict[int, int] = {}
    found: list[Line] = []
    for line in lines:
        place = next((place for place, region in enumerate(regions) if _holds(region.region, line)), None)
        if place is None:
            above = found[-1] if found else line
            found.append(replace(line, block=above.block, kind=above.kind))
        else:
            number = numbers.setdefault(place, len(numbers))
            found.append(replace(line, block=number, kind=KINDS.get(regions[place].region_type.name, "")))
    return found


def _holds(region: Any, line: Line) -> bool:
    """Whether the middle of the line lies in the region's rectangle."""
    across, down = (line.box[0] + line.box[2]) / 2, (line.box[1] + line.box[3]) / 2
    return region.left <= across <= region.right and region.top <= down <= region.bottom
