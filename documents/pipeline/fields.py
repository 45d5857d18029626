"""Key fields of a page: found in its current text each time anew, unless somebody saved them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from documents.fields.amounts import amounts_in, currency_of
from documents.fields.base import CURRENCY, DATE, TAX, TOTAL, Found, Piece
from documents.fields.checks import Check, check
from documents.fields.dates import dates_in
from documents.fields.find import find_fields
from documents.models import FieldName, FieldValue, Page, PageText, latest_reading
from documents.pipeline.items import Item
from documents.pipeline.placing import place_words
from documents.pipeline.texts import clean

HEADINGS = ("document", "file", "page", *FieldName.values, "confidence", "saved by", "saved at")
"""The columns of the CSV file; they stay English, so that programs find them."""


@dataclass(frozen=True)
class ShownField:
    """A field as people see it: its value, what was found (None: nothing), what was saved (None: not yet)."""

    name: str
    label: str
    value: str
    found: Found | None
    saved: FieldValue | None

    @property
    def is_found(self) -> bool:
        """Whether the value is the one that was found on the page."""
        return self.found is not None and self.found.value == self.value


@dataclass(frozen=True)
class PageFields:
    """The fields of a page in their order, and what was checked of them."""

    fields: tuple[ShownField, ...]
    checks: tuple[Check, ...]

    @property
    def values(self) -> dict[str, str]:
        """The values by name."""
        return {field.name: field.value for field in self.fields}


def fields_of(page: Page) -> PageFields:
    """Return the key fields of the page: what people saved, else what is found in its current text."""
    today, current, saved = localdate(), page.current, newest(page.field_values.select_related("author"))
    lines = lines_of(current, latest_reading(page)) if current else []
    found = find_fields(lines, today=today, language=page.language)
    shown = tuple(_shown(name, found.fields.get(name), saved.get(name)) for name in FieldName)
    texts = [line["text"] for line in current.lines] if current else []
    values = {field.name: field.value for field in shown}
    return PageFields(shown, tuple(check(values, found.money, texts=texts, today=today)))


def newest(values: Iterable[FieldValue]) -> dict[str, FieldValue]:
    """Return the newest value of each field; `values` are of one page, the newest first."""
    found: dict[str, FieldValue] = {}
    for value in values:
        found.setdefault(value.name, value)
    return found


def _shown(name: FieldName, found: Found | None, saved: FieldValue | None) -> ShownField:
    value = saved.value if saved else found.value if found else ""
    return ShownField(name.value, str(name.label), value, found, saved)


def lines_of(current: PageText, reading: PageText | None) -> list[list[Piece]]:
    """Return the words of a text with their places; those of `reading` where the text's own lines have none."""
    read = {tuple(line["box"]): line.get("words", []) for line in reading.lines if line["box"]} if reading else {}
    return [_pieces(line, read.get(tuple(line["box"] or ()), [])) for line in current.lines]


def _pieces(line: Mapping[str, Any], read: list[dict[str, Any]]) -> list[Piece]:
    words = place_words(line["text"], line.get("words") or read)
    return [
        Piece(word.text, tuple(word.box) if word.box else None, None if word.settled else word.confidence)
        for word in words
    ]


def save_fields(page: Page, values: Mapping[str, str], *, author: Any) -> int:
    """Keep what somebody saved as the fields of the page, {name: typed value}. Return how many are new.

    What was found and left as it is counts as looked at, so it is kept too. Raises InvalidField.
    """
    kept = {name: normalised(name, values.get(name, "")) for name in FieldName.values}
    with transaction.atomic():
        saved = newest(page.field_values.select_for_update())
        new = [name for name, value in kept.items() if name not in saved or saved[name].value != value]
        FieldValue.objects.bulk_create(FieldValue(page=page, name=n, value=kept[n], author=author) for n in new)
    return len(new)


class InvalidField(ValueError):
    """A typed value is not what its field holds; the message is a sentence for the person, `name` the field."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(problem)
        self.name = name


def normalised(name: str, typed: str) -> str:
    """Return the shape in which a typed value is kept. Raises InvalidField."""
    typed = clean(typed).strip()[:200]
    if not typed:
        return ""
    if name == DATE:
        return _date(typed)
    if name in (TOTAL, TAX):
        return _amount(name, typed)
    if name == CURRENCY:
        return _currency(typed)
    return typed


def _date(typed: str) -> str:
    written = next(dates_in(typed, today=localdate(), compact=True), None)
    if written is None:
        raise InvalidField(DATE, _("This is not a date. Write it like 2018-03-27 or 27.3.2018."))
    return written.value.isoformat()


def _amount(name: str, typed: str) -> str:
    found = list(amounts_in(typed))
    try:
        value = found[0].value if found else Decimal(typed)
    except InvalidOperation as exc:
        raise InvalidField(name, _("This is not an amount. Write it like 1230.50.")) from exc
    if not value.is_finite() or abs(value) >= Decimal("1e12"):
        raise InvalidField(name, _("This is not an amount. Write it like 1230.50."))
    return f"{value:.2f}"


def _currency(typed: str) -> str:
    code = currency_of(typed) or typed.upper()
    if len(code) != 3 or not code.isascii() or not code.isalpha():
        raise InvalidField(CURRENCY, _("Write the three letters of the currency, like EUR."))
    return code


class _Echo:
    """A file that hands back what is written to it, so that rows can be sent one by one."""

    def write(self, text: str) -> str:
        return text


def csv_of(items: Iterable[Item], *, page_done: Callable[[], None] = bool) -> Iterator[str]:
    """Yield the CSV file of the items' pages, row by row: pages with saved fields, and those that look like
    an invoice or receipt (a total was found, and a date or a number). `page_done` is called after every page."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(HEADINGS)  # without the mark, spreadsheets take it for their own old encoding
    for item in items:
        for page in item.pages.select_related("document", "current").iterator(chunk_size=100):
            if is_paper(fields := fields_of(page)):
                yield writer.writerow(_row(page, fields))
            page_done()


def is_paper(fields: PageFields) -> bool:
    """Return whether the page is an invoice or receipt, for all we know."""
    values = fields.values
    return any(one.saved for one in fields.fields) or bool(values[TOTAL] and (values[DATE] or values["number"]))


def _row(page: Page, fields: PageFields) -> list[str]:
    saved = [one.saved for one in fields.fields if one.saved]
    last = max(saved, key=lambda value: value.pk, default=None)
    sure = [one.found.confidence for one in fields.fields if one.is_found and not one.saved]
    return [
        _cell(page.document.title), _cell(page.document.original_name), str(page.number),
        *(_cell(one.value) if one.name in ("number", "seller") else one.value for one in fields.fields),
        f"{min(sure):.2f}" if sure else "",
        _cell(str(last.author)) if last and last.author else "", last.saved_at.isoformat() if last else "",
    ]  # fmt: skip


def _cell(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: it came from a scan, anybody may have written it."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
