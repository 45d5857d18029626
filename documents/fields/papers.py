"""Date, number and seller: fields that are not amounts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from documents.fields.base import DATE, NUMBER, SELLER, Found
from documents.fields.characters import plain
from documents.fields.dates import WrittenDate, dates_in, puts_month_first
from documents.fields.labels import (
    DATE_WORDS,
    INVOICE_DATE,
    LEGAL_FORM,
    NOT_NUMBER,
    NOT_SELLER,
    NUMBER_WORDS,
    OTHER_DATE,
    TRADE,
    label_of,
)
from documents.fields.rows import Row

EARLIEST = 1900
HEAD_ROWS = 8
"""The seller's name stands in the first rows, above the address."""

_TIME = re.compile(r"\d\d?:\d\d")
_IDENTIFIER = re.compile(r"(?:[A-Z]{1,6}[-/ ]?)?[A-Z0-9]*\d[\w/.-]*(?<![.\-/])", re.IGNORECASE)
_REGISTRATION = re.compile(
    r"\s*\(?\b(?:co\.? ?no\.?:?|reg\.? ?no\.?:?)?\s*\(?[A-Z]{0,3}\d{4,}[- ]?[A-Z]?\)?[\s,.]*$", re.IGNORECASE
)


@dataclass(frozen=True)
class _Scored:
    found: Found
    score: float


def find_date(rows: Sequence[Row], today: date) -> Found | None:
    """Return the date of the paper; None where no row holds one."""
    turned = puts_month_first([row.text for row in rows], today)
    scored = list(_dates(rows, today, turned))
    often = Counter(one.found.value for one in scored)
    return max(scored, key=lambda one: one.score + 0.1 * (often[one.found.value] > 1), default=_Scored(None, 0)).found


def _dates(rows: Sequence[Row], today: date, turned: bool) -> Iterator[_Scored]:
    above = ""
    for row in rows:
        label = label_of(row.text)
        compact = bool(DATE_WORDS.search(label))
        for written in dates_in(row.text, today=today, month_first=turned, compact=compact):
            score, rule = _date_score(written, label, above, today)
            confidence = min(0.99, max(0.05, score)) * row.confidence_of(written.start, written.end)
            text, box = row.text[written.start : written.end], row.box_of(written.start, written.end)
            yield _Scored(Found(DATE, written.value.isoformat(), text, box, confidence, rule), score)
        above = label


def _date_score(written: WrittenDate, label: str, above: str, today: date) -> tuple[float, str]:
    """Return how much speaks for a date, and by which rule; the words right before it count, then those above."""
    before, score, rule = label[max(0, written.start - 30) : written.start], 0.7, "date"
    if INVOICE_DATE.search(before):
        score, rule = 0.97, "date+label"
    elif OTHER_DATE.search(before):
        score, rule = 0.3, "date+other"
    elif DATE_WORDS.search(before) or DATE_WORDS.search(above):
        score, rule = 0.92, "date+label"
    elif _TIME.search(label):
        score, rule = 0.85, "date+time"
    if written.is_ambiguous:
        score -= 0.04
    if written.value.year < EARLIEST or written.value > today + timedelta(days=1):
        score -= 0.5
    return score, rule


def find_number(rows: Sequence[Row]) -> Found | None:
    """Return the number of the invoice or receipt: what stands right of or below its label."""
    for number, row in enumerate(rows):
        label = label_of(row.text)
        for match in NUMBER_WORDS.finditer(label):
            if NOT_NUMBER.search(label[max(0, match.start() - 8) : match.start()]):
                continue
            if found := _identifier(row, match.end(), "number+right"):
                return found
            below = rows[number + 1] if number + 1 < len(rows) and match.end() >= len(label.rstrip()) else None
            if below and (found := _identifier(below, 0, "number+below")):
                return found
    return None


def _identifier(row: Row, start: int, rule: str) -> Found | None:
    match = _IDENTIFIER.match(row.text, start)
    if not match or sum(character.isdigit() for character in match.group()) < 2 or _is_date(match.group()):
        return None
    confidence = (0.9 if rule == "number+right" else 0.7) * row.confidence_of(*match.span())
    return Found(NUMBER, match.group(), match.group(), row.box_of(*match.span()), confidence, rule)


def _is_date(text: str) -> bool:
    return any(True for _found in dates_in(text, today=date.max))


def find_seller(rows: Sequence[Row]) -> Found | None:
    """Return who issued the paper: a name with a legal form in `rows`, the head of the page, else the first name."""
    heads = [row for row in rows if _could_be_name(row)][:HEAD_ROWS]
    for words, weight, rule in ((LEGAL_FORM, 0.9, "seller+form"), (TRADE, 0.8, "seller+trade")):
        for row in heads:
            if words.search(plain(_name(row))):
                return _seller(_with_neighbour(row, rows), weight, rule)
    return _seller([heads[0]], 0.5, "seller+first") if heads else None


def _could_be_name(row: Row) -> bool:
    name = _name(row)
    letters = sum(character.isalpha() for character in name)
    return letters >= 3 and 2 * letters > len(name) and not NOT_SELLER.search(label_of(name))


def _name(row: Row) -> str:
    name = _REGISTRATION.sub("", row.text.split("\t")[0])
    return name.rsplit(": ", 1)[-1].strip(" .,:*-")


def _is_form_alone(row: Row) -> bool:
    return LEGAL_FORM.sub("", plain(_name(row))).strip(" .,()") == ""


def _with_neighbour(row: Row, rows: Sequence[Row]) -> list[Row]:
    """Return the row, with its neighbour where one of both is nothing but a legal form (SDN BHD)."""
    at = rows.index(row)
    if _is_form_alone(row):
        return rows[at - 1 : at + 1] if at and _could_be_name(rows[at - 1]) else [row]
    return rows[at : at + 2] if at + 1 < len(rows) and _name(rows[at + 1]) and _is_form_alone(rows[at + 1]) else [row]


def _seller(rows: Sequence[Row], weight: float, rule: str) -> Found:
    names = [(row, _name(row)) for row in rows]
    pieces = [piece for row, name in names for piece in row.under(row.text.find(name), row.text.find(name) + len(name))]
    name, whole = " ".join(name for _row, name in names), Row(tuple(pieces))
    return Found(SELLER, name, name, whole.box, weight * whole.confidence_of(0, len(whole.text)), rule)
