"""Amounts of money in a row of text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from documents.fields.characters import mended

SIGNS = {
    "RM": "MYR", "MYR": "MYR", "€": "EUR", "EUR": "EUR", "EURO": "EUR", "£": "GBP", "GBP": "GBP", "US$": "USD",
    "$": "USD", "USD": "USD", "S$": "SGD", "SGD": "SGD", "A$": "AUD", "AUD": "AUD", "CAD": "CAD", "KČ": "CZK",
    "KC": "CZK", "CZK": "CZK", "DKK": "DKK", "SEK": "SEK", "NOK": "NOK", "CHF": "CHF", "SFR": "CHF", "ZŁ": "PLN",
    "PLN": "PLN", "FT": "HUF", "HUF": "HUF", "¥": "JPY", "JPY": "JPY", "CNY": "CNY", "DM": "DEM", "DEM": "DEM",
    "KR": "", "FF": "FRF", "PTAS": "ESP",
}  # fmt: skip
"""What stands beside amounts, by its ISO 4217 code; "" where it depends on the language."""

KRONER = {"da": "DKK", "sv": "SEK", "nb": "NOK", "no": "NOK"}
CURRENCIES = tuple(sorted({code for code in SIGNS.values() if code} | {"SEK", "NOK"}))

_SIGN = (
    r"US\$|S\$|A\$|[€£¥$]|(?<![^\W\d])(?:RM|MYR|EURO?|GBP|USD|SGD|AUD|CAD|K[čcČC]|CZK|DKK|SEK|NOK|CHF|SFr|z[łl]|PLN|"
    r"HUF|Ft|JPY|CNY|DE?M|[kK]r|FF|PTAS)(?![^\W\d])"
)
_WITH_CENTS = r"\d{1,3}(?:[.,' ]\d{3})+[.,] ?\d{2}|\d+ ?[.,] ?\d{2}|(?<=\s)[.,]\d{2}"
_WHOLE = r"\d{1,3}(?:[.,' ]\d{3})+|\d+"
_UNIT = r"%|(?:[kK]g|m[lL]|[cm]m|[gLl])\b"
_AMOUNT = re.compile(
    rf"(?<![\d.,:/\\#])(?P<minus>[-–(]\s?)?(?P<sign>{_SIGN})?\.?\s?(?P<minus2>[-–])?"
    rf"(?:(?P<cents>{_WITH_CENTS})(?![.,:/-]?\d|\s?(?:{_UNIT}))|(?P<round>{_WHOLE})(?P<dash>[.,][-–—]{{1,2}})?(?![.,:/-]?\d|\s?(?:{_UNIT})))"
    rf"(?P<after>\s?(?:{_SIGN})(?!\s?\d))?(?P<minus3>-(?!\d))?"
)
_SIGN_ALONE = re.compile(_SIGN)


@dataclass(frozen=True)
class Amount:
    """An amount at text[start:end] of its row; `currency` is "" where nothing beside it names one."""

    value: Decimal
    start: int
    end: int
    currency: str


def amounts_in(text: str, language: str = "") -> Iterator[Amount]:
    """Yield the amounts of money from left to right: figures with cents, and whole ones beside a currency."""
    for match in _AMOUNT.finditer(_dollars(mended(text))):
        sign = match["sign"] or (match["after"] or "").strip()
        figure = match["cents"] or match["round"]
        if match["cents"] is None and not (sign or match["dash"]):
            continue
        value = Decimal(_digits(figure, has_cents=match["cents"] is not None))
        is_negative = match["minus"] or match["minus2"] or match["minus3"]
        yield Amount(-value if is_negative else value, match.start(), match.end(), currency_of(sign, language))


def _dollars(text: str) -> str:
    """Return the text with an S before an amount made the dollar that it was."""
    return re.sub(r"(?<![\w$])[Ss](?=\d+\.\d\d(?!\d))", "$", text)


def _digits(figure: str, *, has_cents: bool) -> str:
    digits = re.sub(r"\D", "", figure)
    return f"{digits[:-2] or 0}.{digits[-2:]}" if has_cents else f"{digits}.00"


def currency_of(sign: str, language: str = "") -> str:
    """Return the ISO 4217 code of what stands beside an amount; "" where it says nothing."""
    name = sign.strip().upper()
    return SIGNS.get(name, "") or (KRONER.get(language, "DKK") if name == "KR" else "")


def currencies_in(text: str, language: str = "") -> list[str]:
    """Return the currencies that the text names, beside an amount or alone, in their order."""
    named = (currency_of(match.group(), language) for match in _SIGN_ALONE.finditer(text))
    return [code for code in named if code]
