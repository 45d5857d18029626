"""What can be asked of Aspose.OCR: languages, area modes, filters, and which files these need. No runtime is loaded.

Names were taken from `aspose-ocr-python-net` 26.10.0, and each was handed to its runtime once; the needed files are
those that the runtime asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

LANGUAGES = {
    "af": "AFR", "ar": "ARA", "az-arab": "AZB", "be": "BEL", "bg": "BUL", "bs": "BOS", "ca": "CAT", "ce": "CHE",
    "cs": "CES", "da": "DAN", "de": "DEU", "en": "ENG", "es": "SPA", "et": "EST", "fa": "PES", "fi": "FIN",
    "fr": "FRA", "gl": "GLG", "ha": "HAU", "hi": "HIN", "hr": "HRV", "hu": "HUN", "id": "IND", "it": "ITA",
    "ja": "JPN", "kg": "KON", "kk": "KAZ", "kn": "KAN", "ko": "KOR", "kr": "KNC", "ku": "KMR", "la": "LATIN",
    "lt": "LIT", "lv": "LAV", "mg": "BHR", "mn": "MON", "mr": "MAR", "ms": "MLY", "nb": "NOR", "ne": "NEP",
    "nl": "NLD", "nn": "NOR", "no": "NOR", "nr": "NBL", "ny": "NYA", "oc": "LNC", "om": "GAX", "pl": "POL",
    "pt": "POR", "qu": "QXA", "ro": "RON", "ru": "RUS", "rw": "KIN", "sh": "HBS", "sk": "SLK", "sl": "SLV",
    "sn": "SNA", "so": "SOM", "sq": "ALN", "sr": "SRP", "sr-latn": "HBS", "ss": "SSW", "st": "SOT", "su": "SUN",
    "sv": "SWE", "sw": "SWH", "ta": "TAM", "te": "TEL", "tk": "TUK", "tl": "TGL", "tn": "TSN", "tr": "TUR",
    "ts": "TSO", "ug": "UIG", "uk": "UKR", "ur": "URD", "vi": "VIE", "xh": "XHO", "yo": "YOR", "za": "CCX",
    "zh": "CHINESE", "zu": "ZUL",
}  # fmt: skip
"""ISO 639-1, with a script where it matters, to names of `aspose.ocr.Language`; `zh-hans` and `zh-hant` are `zh`."""

ANY_LANGUAGE = "EXT_LATIN"
"""For other languages and for none: its model is in the package."""

DETECTED_LANGUAGE = "AUTO"
"""Has the engine find the language; wants a resource file to do so."""

LANGUAGE_LEVELS = ("by_page", "by_paragraph", "by_word")
"""How finely the engine looks for the language of a page that has none stated (`aspose.ocr.LanguageDetectionLevel`)."""

AREA_MODES = ("universal", "lean", "multicolumn", "document_layout", "table", "curved_text", "formula")
"""How the engine finds the text (`aspose.ocr.DetectAreasMode`); only the first two work without further files."""

DEFAULT_AREA_MODE = "universal"
"""The runtime's own default as well."""

FILTERS = (
    "auto_skew", "auto_denoising", "auto_dewarping", "binarize", "contrast_correction_filter", "dilate", "invert",
    "median", "threshold", "to_grayscale",
)  # fmt: skip
"""What may be done to a picture before it is read, in the order given: `aspose.ocr...PreprocessingFilter`.

Its rotate, scale and resize are left out: the boxes then fit the changed picture, not the one on the screen (measured:
twice as far to the right after a scaling by two).
"""

MOVING_FILTERS = frozenset({"auto_skew", "auto_dewarping"})
"""Filters after which boxes no longer lie exactly on the words: a page tilted by 6 degrees was read as if straight."""


def language_name(code: str, *, detect: bool) -> str:
    """Return the name in `aspose.ocr.Language` for an ISO 639-1 code such as "de", "sr-Latn" or "zh_CN".

    For no code it is the name for Latin scripts, or with `detect` the one that has the engine find the language.
    """
    tag = code.lower().replace("_", "-")
    if not tag:
        return DETECTED_LANGUAGE if detect else ANY_LANGUAGE
    return LANGUAGES.get(tag) or LANGUAGES.get(tag.partition("-")[0], ANY_LANGUAGE)


def option_problem(area_mode: str, language_level: str, filters: Sequence[str], gpu: bool) -> str:
    """Return what is wrong with these options as a sentence that names the known ones; "" when nothing is."""
    if area_mode and area_mode not in AREA_MODES:
        return unknown("area mode", area_mode, AREA_MODES)
    if language_level and language_level not in LANGUAGE_LEVELS:
        return unknown("language level", language_level, LANGUAGE_LEVELS)
    for text in filters:
        problem = filter_problem(text)
        if problem:
            return problem
    if gpu:  # the package has no switch for it, and its ONNX Runtime no library for CUDA
        return "The Aspose.OCR package for Python reads on the processor only. Turn its graphics card setting off."
    return ""


def filter_problem(text: str) -> str:
    """Return what is wrong with one filter: a name, for `threshold` with a grey level as in "threshold:128"."""
    name, _, level = text.partition(":")
    if name not in FILTERS:
        return unknown("filter", name, FILTERS)
    if name == "threshold":
        fits = level.isdecimal() and int(level) <= 255
        return "" if fits else f"Aspose.OCR's filter threshold wants a grey level, as in threshold:128, not {text!r}."
    return f"Aspose.OCR's filter {name} takes no value. Write {name} instead of {text!r}." if level else ""


def unknown(kind: str, name: str, names: Sequence[str]) -> str:
    """Return the sentence for a name that is none of `names`."""
    return f"Aspose.OCR has no {kind} called {name!r}. Choose one of: {', '.join(names)}."


def license_problem(license: str, public_key: str, private_key: str) -> str:
    """Return why there is nothing to license the engine with; "" when there is. Whether it is valid shows later."""
    if bool(public_key) != bool(private_key):
        return "Aspose.OCR needs both metered keys, the public and the private one. Set the other one too."
    if not license and not public_key:
        return "Aspose.OCR has no licence. Set its licence in the settings, or use RapidOCR."
    if license and not is_license_text(license) and not Path(license).is_file():
        return f"Aspose.OCR did not accept the licence: there is no file {license}. Check the setting."
    return ""


def is_license_text(license: str) -> bool:
    """Return whether this is a licence itself (XML) and not the path of one."""
    return license.lstrip().startswith("<")
