"""Whether the fields of a page agree with each other and with its amounts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from documents.fields.amounts import CURRENCIES
from documents.fields.base import CURRENCY, DATE, TAX, TOTAL
from documents.fields.labels import CHANGE, ITEM, NET, PAID
from documents.fields.labels import TOTAL as AS_TOTAL
from documents.fields.money import Money
from documents.fields.totals import CENT, HIGHEST_TAX_SHARE, gives_cash, parts_of

SUM, CASH, ITEMS, RATE, TAX_SHARE, FUTURE, UNKNOWN_CURRENCY = (
    "sum", "cash", "items", "rate", "tax_share", "future", "unknown_currency"
)  # fmt: skip


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: does it hold? `parts` are the values that go into its sentence."""

    name: str
    holds: bool
    parts: Mapping[str, str] = field(default_factory=dict)


def check(values: Mapping[str, str], money: Sequence[Money], *, texts: Sequence[str] = (), today: date) -> list[Check]:
    """Return what can be checked of the fields' `values` (in the shapes of base.Found): those that do not hold first.

    `money` are the page's amounts, `texts` its lines (for the rates of tax that they name).
    """
    found = [*_of_total(values, money), *_of_tax(values, texts), *_plausible(values, today)]
    return sorted(found, key=lambda one: one.holds)


def _of_total(values: Mapping[str, str], money: Sequence[Money]) -> Iterator[Check]:
    if not values.get(TOTAL):
        return
    total = Decimal(values[TOTAL])
    if parts := parts_of(money, total):
        yield Check(SUM, True, {"net": _said(parts[0].value), "tax": _said(parts[1].value), "total": _said(total)})
    if cash := gives_cash(money, total):
        yield Check(CASH, True, {"paid": _said(cash[0].value), "change": _said(cash[1].value), "total": _said(total)})
    elif {PAID, CHANGE} <= {one.role for one in money}:
        yield Check(CASH, False, {"total": _said(total)})
    if items := _items(money, total):
        yield Check(ITEMS, True, {"count": str(items), "total": _said(total)})


def _items(money: Sequence[Money], total: Decimal) -> int:
    """Return how many items above the total make it, or make the net amount that it says; 0 when they do not."""
    end = min((one.row for one in money if one.role in (NET, AS_TOTAL)), default=0)
    prices = list({one.row: one.value for one in money if one.role == ITEM and one.row < end}.values())
    goals = {total} | {one.value for one in money if one.role in (NET, AS_TOTAL)}
    return len(prices) if len(prices) > 1 and sum(prices) in goals else 0


def _of_tax(values: Mapping[str, str], texts: Sequence[str]) -> Iterator[Check]:
    if not values.get(TOTAL) or not values.get(TAX):
        return
    total, tax = Decimal(values[TOTAL]), Decimal(values[TAX])
    if total > tax > total * HIGHEST_TAX_SHARE or tax >= total:
        yield Check(TAX_SHARE, False, {"tax": _said(tax), "total": _said(total)})
        return
    for rate in sorted({Decimal(text.replace(",", ".")) for text in _rates(texts)}):
        if rate and abs(total * rate / (100 + rate) - tax) <= CENT:
            yield Check(RATE, True, {"rate": f"{rate.normalize():f}", "tax": _said(tax)})


def _rates(texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        yield from re.findall(r"(?<![\d.,])\d{1,2}(?:[.,]\d{1,2})?(?=\s?%)", text)


def _plausible(values: Mapping[str, str], today: date) -> Iterator[Check]:
    if values.get(DATE) and date.fromisoformat(values[DATE]) > today:
        yield Check(FUTURE, False, {"date": values[DATE]})
    if values.get(CURRENCY) and values[CURRENCY] not in CURRENCIES:
        yield Check(UNKNOWN_CURRENCY, False, {"currency": values[CURRENCY]})


def _said(value: Decimal) -> str:
    return f"{value:.2f}"
