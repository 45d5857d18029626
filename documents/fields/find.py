"""From the lines of a page to its key fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from documents.fields.amounts import currencies_in
from documents.fields.base import CURRENCY, TAX, TOTAL, Found, Piece
from documents.fields.money import Money, money_on
from documents.fields.papers import find_date, find_number, find_seller
from documents.fields.rows import Row, rows_of
from documents.fields.totals import Best, best_tax, best_total


@dataclass(frozen=True)
class KeyFields:
    """What was found on a page: the fields by name (those that were found), and all its amounts for the checks."""

    fields: dict[str, Found]
    money: tuple[Money, ...]


def find_fields(lines: Sequence[Sequence[Piece]], *, today: date, language: str = "") -> KeyFields:
    """Return the key fields of a page whose lines are given as their words.

    `language` is an ISO 639-1 code or "": it decides what "kr" means, nothing else. `today` bounds plausible dates.
    """
    rows = rows_of(lines)
    money = money_on(rows, language)
    total = best_total(money)
    tax = best_tax(money, total.money.value if total else None)
    found = (
        find_number(rows), find_date(rows, today), find_seller(rows[: _end_of_head(money)]),
        _amount(TOTAL, total), _amount(TAX, tax), _currency(rows, money, total, language),
    )  # fmt: skip
    return KeyFields({one.name: one for one in found if one}, tuple(money))


def _end_of_head(money: Sequence[Money]) -> int | None:
    """Return the row of the first amount; above the third row there is nothing but stamps."""
    return min((one.row for one in money if one.row > 2), default=None)


def _amount(name: str, best: Best | None) -> Found | None:
    if best is None:
        return None
    one = best.money
    confidence = min(0.98, 0.25 + 0.55 * best.score) * one.confidence
    return Found(name, f"{one.value:.2f}", one.text, one.box, confidence, best.rule)


def _currency(rows: Sequence[Row], money: Sequence[Money], total: Best | None, language: str) -> Found | None:
    """Return the currency of the total; where nothing beside it names one, the one that the page names most."""
    if total and total.money.amount.currency:
        one = total.money
        return Found(CURRENCY, one.amount.currency, one.text, one.box, 0.95 * one.confidence, "currency+total")
    named = Counter(code for row in rows for code in currencies_in(row.text, language))
    if not named:
        return None
    ((code, _count),) = named.most_common(1)
    beside = next((one for one in money if one.amount.currency == code), None)
    share = 0.8 if len(named) == 1 else 0.5
    return Found(
        CURRENCY, code, beside.text if beside else code, beside.box if beside else None, share, "currency+page"
    )
