"""Papers for tests: lines of words with places, and what is found on them."""

from __future__ import annotations

from datetime import date

from documents.fields.base import Piece
from documents.fields.find import KeyFields, find_fields

TODAY = date(2026, 1, 15)


def line(text: str, *, top: int, left: int = 0, confidence: float = 0.99) -> list[Piece]:
    """Return a line 20 px high whose characters are 10 px wide; a bar in the text is a gap between columns."""
    pieces = []
    for word in text.split(" "):
        if word == "|":
            left += 200
            continue
        pieces.append(Piece(word, (left, top, left + 10 * len(word), top + 20), confidence))
        left += 10 * (len(word) + 1)
    return pieces


def paper(*texts: str) -> list[list[Piece]]:
    """Return lines one below the other."""
    return [line(text, top=30 * number) for number, text in enumerate(texts)]


def found_on(*texts: str, language: str = "") -> KeyFields:
    """Return what is found on a paper with these lines."""
    return find_fields(paper(*texts), today=TODAY, language=language)


def values_on(*texts: str, language: str = "") -> dict[str, str]:
    """Return the values of the fields found on a paper with these lines."""
    return {name: one.value for name, one in found_on(*texts, language=language).fields.items()}
