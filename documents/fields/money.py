"""Every amount on a page with what it is for: the total, a tax, what was paid, an item."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from documents.fields.amounts import Amount, amounts_in
from documents.fields.base import Box
from documents.fields.labels import ITEM, ROUNDING, SUMMARY, SURE, TOTAL, label_of, role_of
from documents.fields.rows import Row

SUMMARY_ROWS = 6
"""A table of taxes is never longer in the rows below its head."""

HIGHEST_ROUNDING = 5
"""In units of the currency: nobody rounds by more than half of the smallest note."""

LONGEST_LABEL = 3
"""Words of a label that stands above its amount and not beside it."""

_LETTERS = re.compile(r"[a-z]{2,}")


@dataclass(frozen=True)
class Money:
    """An amount with its `role` (of documents.fields.labels), how strongly its label speaks (0 to 1), and its place.

    `in_summary` when it stands in a table of taxes; `row` counts the rows of the page from 0; `label` is the text
    beside it in plain letters.
    """

    amount: Amount
    role: str
    weight: float
    row: int
    label: str
    text: str
    box: Box | None
    confidence: float
    in_summary: bool = False

    @property
    def value(self) -> Decimal:
        """The amount itself."""
        return self.amount.value


def money_on(rows: Sequence[Row], language: str = "") -> list[Money]:
    """Return the amounts of the page from top to bottom and left to right."""
    found, above, left = [], "", 0
    for number, row in enumerate(rows):
        label = label_of(row.text)
        if SUMMARY.search(label) and not _says_total(label):
            left = SUMMARY_ROWS
        amounts = list(amounts_in(row.text, language))
        if left and amounts and _says_total(label):
            left = 0
        found += _of_row(number, row, label, amounts, above, in_summary=left > 0)
        left -= left > 0
        above = label if not amounts and len(label.split()) <= LONGEST_LABEL else ""
    return found


def _says_total(label: str) -> bool:
    return role_of(label) == (TOTAL, SURE)


def _of_row(
    number: int, row: Row, label: str, amounts: Sequence[Amount], above: str, *, in_summary: bool
) -> Iterator[Money]:
    """Yield a row's amounts. Each goes by the words before it; without any, by those of the amount to the left, and
    one alone in its row by the label above."""
    at, role, weight, words = 0, ITEM, 0.0, ""
    for amount in amounts:
        before = label[at : amount.start]
        if _LETTERS.search(_without_signs(before)):
            words, (role, weight) = before, role_of(before)
        elif above and len(amounts) == 1 and not _LETTERS.search(_without_signs(label)):
            words, (role, weight) = above, role_of(above)
        at = amount.end
        if role == ROUNDING and abs(amount.value) > HIGHEST_ROUNDING:
            role, weight = TOTAL, SURE  # the total after rounding
        yield Money(
            amount, role, weight, number, words.strip(), row.text[amount.start : amount.end].strip(),
            row.box_of(amount.start, amount.end), row.confidence_of(amount.start, amount.end), in_summary,
        )  # fmt: skip


def _without_signs(text: str) -> str:
    return re.sub(r"\b(rm|myr|eur|usd|gbp|kc|czk|dkk|kr|chf|sr|zrl)\b", "", text)
