"""Dates in a row of text, as they are written in six languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from documents.fields.characters import mended, plain

MONTHS = {
    "january": 1, "jan": 1, "ene": 1, "led": 1, "feb": 2, "fev": 2, "uno": 2, "mar": 3, "brez": 3, "apr": 4, "avr": 4,
    "abr": 4, "dub": 4, "mai": 5, "may": 5, "maj": 5, "kve": 5, "juin": 6, "jun": 6, "cervenec": 7, "cervence": 7,
    "cerven": 6, "cervna": 6, "juil": 7, "jul": 7, "aug": 8, "aou": 8, "ago": 8, "srp": 8, "sep": 9, "set": 9,
    "zari": 9, "okt": 10, "oct": 10, "rij": 10, "nov": 11, "lis": 11, "dez": 12, "dec": 12, "dic": 12, "pros": 12,
}  # fmt: skip
"""How the months begin in en, de, fr, es, cs and da, without accents; the longer beginning goes first."""

_NAME = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")[a-z]{0,8}"
_YEAR = r"(?P<y>(?:19|20)\d\d|\d\d)"
_END = r"(?:(?![\d])|(?=\d\d:\d\d))"
_START = r"(?<![\d.,/-])"
_BAR = r" ?[-/.~] ?"
SHAPES = tuple(
    re.compile(shape)
    for shape in (
        rf"{_START}(?P<y>(?:19|20)\d\d){_BAR}(?P<m>\d\d?){_BAR}(?P<d>\d\d?)(?!\d)",
        rf"(?:{_START}|(?<=\d-)(?=\d\d?/))(?P<a>\d\d?){_BAR}(?P<b>\d\d?){_BAR}{_YEAR}{_END}",
        rf"{_START}(?P<a>\d\d)(?P<b>[01]\d)[-/.](?P<y>(?:19|20)\d\d){_END}",  # a bar that was not read
        rf"{_START}(?P<d>\d\d?)(?:st|nd|rd|th)?[-/. ]{{0,2}}(?:de |of )?(?P<name>{_NAME})"
        rf"[-/., ]{{0,2}}(?:de )?{_YEAR}{_END}",
        rf"(?<![a-z])(?P<name>{_NAME})[-. ]{{0,2}}(?P<d>\d\d?)(?:st|nd|rd|th)?[,. ]{{1,2}}{_YEAR}{_END}",
    )
)
COMPACT = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)(?!\d)")
"""Looked for only where a label says that it is a date: many numbers look like this."""


@dataclass(frozen=True)
class WrittenDate:
    """A date at text[start:end] of its row; `is_ambiguous` when day and month could be the other way round."""

    value: date
    start: int
    end: int
    is_ambiguous: bool = False


def dates_in(text: str, *, today: date, month_first: bool = False, compact: bool = False) -> Iterator[WrittenDate]:
    """Yield the dates, in the order of the shapes that they are written in.

    Days go before months, unless `month_first` or the numbers say otherwise; two digits are the year nearest to
    `today` that is not more than a year after it.
    """
    searched, taken = mended(plain(text)), []
    for shape in (*SHAPES, COMPACT) if compact else SHAPES:
        at = 0
        while match := shape.search(searched, at):
            is_free = not any(match.start() < end and match.end() > start for start, end in taken)
            found = _read(match, today, month_first) if is_free else None
            at = match.end() if found else match.start() + 1
            if found:
                taken.append(match.span())
                yield found


def _read(match: re.Match[str], today: date, month_first: bool) -> WrittenDate | None:
    parts = match.groupdict()
    is_ambiguous = False
    if "a" in parts:
        first, second = int(parts["a"]), int(parts["b"])
        is_ambiguous = first <= 12 and second <= 12 and first != second
        turned = second > 12 or (month_first and is_ambiguous)
        day, month = (second, first) if turned else (first, second)
    else:
        day, month = int(parts["d"]), _month(parts["name"]) if "name" in parts else int(parts["m"])
    try:
        value = date(_year(parts["y"], today), month, day)
    except ValueError:
        return None
    return WrittenDate(value, match.start(), match.end(), is_ambiguous)


def _month(name: str) -> int:
    start = max((start for start in MONTHS if name.startswith(start)), key=len)
    return MONTHS[start]


def _year(written: str, today: date) -> int:
    year = int(written)
    if len(written) == 4:
        return year
    century = today.year - today.year % 100
    return century + year if century + year <= today.year + 1 else century - 100 + year


def puts_month_first(texts: list[str], today: date) -> bool:
    """Return whether the page writes months before days: one of its dates can be read in no other way."""
    for text in texts:
        for match in SHAPES[1].finditer(mended(text)):
            if int(match["b"]) > 12 >= int(match["a"]) and _read(match, today, False):
                return True
    return False
