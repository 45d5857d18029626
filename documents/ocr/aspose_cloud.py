"""Aspose.OCR Cloud: the vendor reads the page on its own machines. Asked only where it is chosen by name."""

from __future__ import annotations

import io
import time
from importlib.metadata import version
from pathlib import Path

from PIL import Image

from .aspose_cloud_client import PACKAGE, CloudClient, cloud_problem
from .base import EngineUnavailable, Line, OcrError, Reading
from .hocr import hocr_lines, is_hocr
from .lines import picture_size, spread_words, with_confidence

SENT = "This page was sent to Aspose.OCR Cloud."

LANGUAGES = {
    "af": "Afrikaans", "ar": "Arabic", "az": "Azerbaijani", "be": "Belorussian", "bg": "Bulgarian", "bn": "Bengali",
    "bo": "Tibetan", "bs": "Bosnian", "ca": "Catalan", "ce": "Chechen", "cs": "Czech", "da": "Danish", "de": "German",
    "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish",
    "fr": "French", "gl": "Galician", "ha": "Hausa", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian",
    "hu": "Hungarian", "id": "Indonesian", "it": "Italian", "ja": "Japanese", "jv": "Javanese", "ka": "Georgian",
    "kg": "Kikongo", "kk": "Kazah", "kn": "Kannada", "ko": "Korean", "kr": "Kanuri", "ku": "Kurdish", "la": "Latin",
    "lt": "Lithuanian", "lv": "Latvian", "mg": "Malagasy", "mk": "Macedonian", "mr": "Marathi", "ms": "Malay",
    "nb": "Norwegian", "ne": "Nepali", "nl": "Dutch", "nn": "Norwegian", "no": "Norwegian", "nr": "Ndebele",
    "ny": "Chichewa", "oc": "Occitan", "om": "Oromo", "pl": "Polish", "pt": "Portuguese", "qu": "Quechua",
    "ro": "Romanian", "ru": "Russian", "rw": "Rwanda", "sh": "Serbo_Croatian", "sk": "Slovak", "sl": "Slovene",
    "sn": "Shona", "so": "Somali", "sq": "Albanian", "sr": "Serbian", "sr-latn": "Serbo_Croatian", "ss": "Swati",
    "st": "Sotho_Southern", "su": "Sundanese", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu",
    "th": "Thai", "tk": "Turkmen", "tl": "Tagalog", "tn": "Tswana", "tr": "Turkish", "ts": "Tsonga", "ug": "Uyghur",
    "uk": "Ukrainan", "ur": "Urdu", "uz": "Uzbek", "vi": "Vietnamese", "xh": "Xhosa", "yo": "Yoruba", "za": "Zhuang",
    "zh": "Chinese", "zu": "Zulu",
}  # fmt: skip
"""ISO 639-1, with a script where it matters, to the service's names (`models.Language` of its package, as spelt)."""

NO_LANGUAGE = "English"
"""For a page of no stated language: the service's documented default, as it finds no language by itself."""

HANDWRITTEN = "HWT_ENG"
"""Handwriting is a language to the service, and there is English only."""

MAX_BYTES = 20 * 2**20
"""Larger pictures are not sent. The service documents no limit; a page of A4 at 300 dpi has 1 to 10 MB."""


class AsposeCloudEngine:
    """Sends the page's picture to the vendor and maps what comes back: lines, with boxes where it gives them."""

    name = "aspose-cloud"

    def __init__(
        self,
        *,
        client_id: str = "",
        client_secret: str = "",
        base_url: str = "",
        timeout: float = 15.0,
        seconds: float = 75.0,
        tries: int = 3,
        pause: float = 1.0,
    ) -> None:
        """Open the engine; nothing is sent yet. Raises EngineUnavailable when it is not installed or not configured.

        `client_id` and `client_secret` are of an application in the vendor's dashboard, `base_url` is "" for the
        vendor's own. Each call has `timeout` seconds and so many `tries`, the result `seconds` to be ready. `pause`
        is the time in seconds between two looks at the result; between the tries of a call it doubles each time.
        """
        problem = cloud_problem(client_id, client_secret, base_url)
        if problem:
            raise EngineUnavailable(problem)
        self._client = CloudClient(
            client_id, client_secret, base_url, timeout=timeout, seconds=seconds, tries=tries, pause=pause
        )

    def read(self, image: Path, *, language: str, handwritten: bool) -> Reading:
        """Return the lines in the service's order. Raises EngineUnavailable or OcrError with what went wrong."""
        width, height = picture_size(image)
        name = language_name(language, handwritten)
        picture = sendable(image)
        started = time.monotonic()
        results, said = self._client.recognize(picture, name)
        seconds = time.monotonic() - started
        lines, placed = mapped(results, width, height)
        warnings = (SENT, *said, *own_warnings(lines, placed, handwritten and name != HANDWRITTEN))
        return Reading(tuple(with_confidence(line) for line in lines), self.name, version(PACKAGE), seconds, warnings)


def language_name(code: str, handwritten: bool) -> str:
    """Return the service's language for an ISO 639-1 code. Raises EngineUnavailable when there is none."""
    tag = code.lower().replace("_", "-")
    main = tag.partition("-")[0]
    if handwritten and main in ("", "en"):
        return HANDWRITTEN
    name = NO_LANGUAGE if not tag else LANGUAGES.get(tag) or LANGUAGES.get(main)
    if name is None:
        raise EngineUnavailable(f"Aspose.OCR Cloud does not read this page's language ({code}).")
    return name


def sendable(image: Path) -> bytes:
    """Return the picture as it is sent, PNG unless it is a JPEG. Raises OcrError when it is larger than MAX_BYTES."""
    with Image.open(image) as picture:
        if picture.format in ("PNG", "JPEG"):
            data = image.read_bytes()
        else:
            stream = io.BytesIO()
            picture.save(stream, "PNG")
            data = stream.getvalue()
    if len(data) > MAX_BYTES:
        raise OcrError(f"The picture has {len(data) >> 20} MB, too much to send to Aspose.OCR Cloud.")
    return data


def mapped(results: list[str], width: int, height: int) -> tuple[list[Line], bool]:
    """Return the lines of a picture of `width` and `height` pixels, and whether the service said where they stand."""
    for text in results:
        if is_hocr(text):
            return hocr_lines(text, width, height), True
    return placed_evenly(results[0] if results else "", width, height), False


def placed_evenly(text: str, width: int, height: int) -> list[Line]:
    """Return the lines of plain text, one below the other over the whole picture."""
    texts = [line.strip() for line in text.splitlines() if line.strip()]
    lines = []
    for number, line in enumerate(texts):
        box = (0, height * number // len(texts), width, height * (number + 1) // len(texts))
        lines.append(Line(line, box, 0.0, spread_words(line, box, 0.0)))
    return lines


def own_warnings(lines: list[Line], placed: bool, is_hand_read_as_print: bool) -> list[str]:
    """Return sentences about what the service does not do, or did not say."""
    found = []
    if lines and not placed:
        found.append("Aspose.OCR Cloud did not say where the lines stand, so marks do not lie on the words.")
    if any(line.confidence == 0 for line in lines):
        found.append("Aspose.OCR Cloud did not say how sure it is of this page. Compare the text with the picture.")
    if is_hand_read_as_print:
        found.append("Aspose.OCR Cloud reads handwriting in English only. Compare the text with the picture closely.")
    return found
