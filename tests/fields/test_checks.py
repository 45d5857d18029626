from __future__ import annotations

from documents.fields.checks import CASH, FUTURE, ITEMS, RATE, SUM, TAX_SHARE, UNKNOWN_CURRENCY, check
from tests.fields.scenes import TODAY, found_on

RECEIPT = (
    "Rope 12.00", "Lamp 30.00", "Subtotal 42.00", "VAT 20% 8.40", "Total 50.40", "Cash 60.00", "Change 9.60",
)  # fmt: skip


def checked(lines=RECEIPT, **values: str) -> dict[str, bool]:
    money = found_on(*lines).money
    return {one.name: one.holds for one in check(values, money, texts=lines, today=TODAY)}


def test_it_adds_up_what_belongs_to_the_total():
    assert checked(total="50.40", tax="8.40") == {SUM: True, CASH: True, ITEMS: True, RATE: True}


def test_it_says_when_the_money_given_does_not_fit():
    assert checked(total="50.00")[CASH] is False


def test_it_says_when_a_tax_is_larger_than_any_rate():
    assert checked(total="50.40", tax="42.00")[TAX_SHARE] is False


def test_it_says_when_a_date_has_not_come_yet():
    assert checked(date="2031-01-01") == {FUTURE: False}


def test_it_says_when_a_currency_is_unknown():
    assert checked(currency="QQQ") == {UNKNOWN_CURRENCY: False}


def test_what_does_not_hold_comes_first():
    money = found_on(*RECEIPT).money
    found = check({"total": "50.40", "date": "2031-01-01"}, money, today=TODAY)
    assert [one.holds for one in found] == sorted(one.holds for one in found)


def test_a_page_without_amounts_has_nothing_to_check():
    assert checked((), total="", date="") == {}
