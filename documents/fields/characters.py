"""Characters that engines mistake in figures, and letters without their accents; lengths stay, so places stay."""

from __future__ import annotations

import re
import unicodedata

DIGITS = str.maketrans("OoDIl|", "000111")
"""Letters that engines read in the place of digits."""

_NUMERIC = re.compile(r"[\dOoDIl|.,:/\-]*\d[\dOoDIl|.,:/\-]*")


def mended(text: str) -> str:
    """Return the text with letters inside figures made digits where most of the figure is digits; as long as before."""
    return _NUMERIC.sub(_as_digits, text)


def _as_digits(match: re.Match[str]) -> str:
    figure = match.group()
    before = match.string[match.start() - 1 : match.start()]
    after = match.string[match.end() : match.end() + 1]
    if before.isalpha() or after.isalpha() or 2 * sum(c.isdigit() for c in figure) <= sum(c.isalnum() for c in figure):
        return figure
    return figure.translate(DIGITS)


def plain(text: str) -> str:
    """Return the text in small letters without accents; as long as before."""
    return "".join(_plain(character) for character in text)


def _plain(character: str) -> str:
    base = unicodedata.normalize("NFD", character)[0].lower()
    return {"ø": "o", "æ": "a", "ß": "s", "ł": "l", "№": "n"}.get(base, base if len(base) == 1 else character)
