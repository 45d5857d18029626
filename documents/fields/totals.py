"""The total and the tax: the amounts for which most speaks, labels and arithmetic together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise, product

from documents.fields.labels import CHANGE, COUNT, DISCOUNT, ITEM, NET, PAID, ROUNDING, SERVICE, TAX, TOTAL
from documents.fields.money import Money

CENT = Decimal("0.01")
HIGHEST_TAX_SHARE = Decimal("0.27")
"""No country's rate on goods is higher (Hungary, 27 %), so no tax is a larger part of what was paid."""

AS_TOTAL = {TOTAL: 1.0, PAID: 0.35, NET: 0.3, ITEM: 0.0, TAX: 0.0, COUNT: 0.0}
"""How much a role speaks for an amount being the total. Amounts of other roles never are."""

NEEDS_CASH = {TAX, COUNT}
"""Their words also stand beside totals ("total includes GST", "total quantity"): what was paid decides."""

FROM_CASH, ROUNDED, FROM_PARTS, AGAIN, LARGEST, LAST, IN_SUMMARY = 0.3, 0.4, 0.25, 0.05, 0.1, 0.06, -0.6
"""What else speaks for (or against) an amount: cash less change gives it; another total and the rounding give it; net
and tax give it; it stands there more
than once; none is larger; no other total comes after it; it stands in a table of taxes."""


@dataclass(frozen=True)
class Best:
    """An amount that was chosen, and how much spoke for it: from 0 to about 2."""

    money: Money
    score: float
    rule: str


def best_total(found: Sequence[Money]) -> Best | None:
    """Return the total of the page; None where no amount could be it."""
    possible = [one for one in found if one.role in AS_TOTAL and one.value > 0]
    possible = [one for one in possible if one.role not in NEEDS_CASH or gives_cash(found, one.value)]
    scored = [Best(one, *_score(one, found)) for one in possible]
    return max(scored, key=lambda best: best.score, default=None)


def _score(one: Money, found: Sequence[Money]) -> tuple[float, str]:
    score, rule = AS_TOTAL[one.role] * (one.weight or 1.0), one.role
    if one.role == PAID and any(abs(back.value) > 0 for back in _with_role(found, CHANGE)):
        score = 0.0  # more was given than was asked for
    if gives_cash(found, one.value):
        score, rule = score + FROM_CASH, f"{rule}+cash"
    if one.role == TOTAL and _is_rounded(one, found):
        score, rule = score + ROUNDED, f"{rule}+rounded"
    if one.role != NET and parts_of(found, one.value):
        score, rule = score + FROM_PARTS, f"{rule}+sum"
    same = sum(other.value == one.value for other in found)
    score += AGAIN * (min(same, 4) - 1)
    if one.value >= max((o.value for o in found if o.role in (TOTAL, NET, ITEM)), default=one.value):
        score += LARGEST
    if one.role == TOTAL and not any(o.role == TOTAL and o.row > one.row and not o.in_summary for o in found):
        score += LAST
    return score + IN_SUMMARY * one.in_summary, rule


def _is_rounded(one: Money, found: Sequence[Money]) -> bool:
    """Return whether a total above and the rounding give this one: then it is what was paid."""
    steps = {other.value for other in _with_role(found, ROUNDING) if other.value}
    above = {other.value for other in found if other.role in (TOTAL, NET) and other.row < one.row}
    return any(one.value - step in above for step in steps)


def gives_cash(found: Sequence[Money], total: Decimal) -> tuple[Money, Money] | None:
    """Return what was paid and the change, where their difference is the total."""
    paid, change = _with_role(found, PAID), _with_role(found, CHANGE)
    for given, back in product(paid, change):
        if given.value - abs(back.value) == total:
            return given, back
    return None


def parts_of(found: Sequence[Money], total: Decimal) -> tuple[Money, Money] | None:
    """Return a net amount and a tax that make the total, with the rounding, the service and the discount or without."""
    aside = _differences(found)
    nets, taxes = _with_role(found, NET, TOTAL), _with_role(found, TAX)
    pairs = [*product(nets, [one for one in taxes if not one.in_summary]), *_rows_of_summary(found)]
    for net, tax in pairs:
        if net.value < total and tax.value > 0 and total - net.value - tax.value in aside:
            return net, tax
    return None


def _rows_of_summary(found: Sequence[Money]) -> list[tuple[Money, Money]]:
    """Return what stands side by side in a table of taxes: a net amount and its tax."""
    inside = [one for one in found if one.in_summary]
    return [(net, tax) for net, tax in pairwise(inside) if net.row == tax.row and net.value > tax.value]


def _differences(found: Sequence[Money]) -> set[Decimal]:
    """Return all sums of some of: the rounding, the service, the discount; always 0."""
    sums = {Decimal(0)}
    for role in (ROUNDING, SERVICE, DISCOUNT):
        values = {one.value for one in _with_role(found, role) if not one.in_summary}
        signed = values if role != DISCOUNT else {-abs(value) for value in values}
        sums |= {have + value for have in sums for value in signed}
        if len(sums) > 64:
            break  # a page full of discounts: nothing could be shown by one of so many sums
    return sums


def _with_role(found: Sequence[Money], *roles: str) -> list[Money]:
    """Return the amounts of these roles, those of equal value once."""
    return list({(one.role, one.value): one for one in reversed(found) if one.role in roles}.values())[::-1]


def best_tax(found: Sequence[Money], total: Decimal | None) -> Best | None:
    """Return the tax of the page; with the total known, one that fits to it."""
    taxes = [one for one in found if one.role == TAX and one.value > 0]
    if total:
        taxes = [one for one in taxes if one.value < total * HIGHEST_TAX_SHARE]
        if parts := parts_of(found, total):
            return Best(parts[1], 1.4, "tax+sum")
    plain = [one for one in taxes if not one.in_summary]
    if plain:
        return Best(max(plain, key=lambda one: one.value), 1.0, "tax")
    if not total:
        return None
    pairs = (pair for pair in _rows_of_summary(found) if abs(sum(one.value for one in pair) - total) <= 5 * CENT)
    beside = next((tax for _net, tax in pairs if tax.value > 0), None)
    return Best(beside, 0.9, "tax+table") if beside else None
