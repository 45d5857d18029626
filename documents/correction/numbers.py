"""The number lock: a number stays as it was read, unless the old one is refuted and the new one proved.

What refutes a number is a letter in it. What proves the new one is that only one digit looks like that letter and the
result is a well-formed amount, a year or a date of the calendar, or that a check digit or the sum of the page fits.
Digit for digit nothing is ever changed: a sum that does not fit may as well lack a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Literal

from stdnum import iban
from stdnum.eu import vat
from stdnum.exceptions import ValidationError

NumberProfile = Literal["prose", "frozen"]

# One digit only looks like these. On receipts an `l` at the end of an amount was a 1 six times and twice a 0.
ALWAYS = {"O": "0", "o": "0"}
IN_PROSE = ALWAYS | {"l": "1", "|": "1", "I": "1"}
# Letters that stand for several digits, or seldom for one: only a sum or a check digit may settle them.
AMBIGUOUS = {"O": "0", "o": "0", "D": "0", "Q": "0", "l": "1", "I": "1", "|": "1", "i": "1", "Z": "2", "S": "5",
             "s": "5", "G": "6", "b": "6", "B": "8", "g": "9", "q": "9"}  # fmt: skip
MOST_LETTERS = 3  # in one number; with more of them it is none

_AMOUNT = re.compile(r"\d{1,3}(?:([., ’'])\d{3})?(?:\1\d{3})*[.,]\d{2}|\d+[.,]\d{2}")
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_DATES = (
    (re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})"), (1, 3, 4)),
    (re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})"), (4, 3, 1)),
)
_TOKEN = re.compile(r"[^\s€$£]+")
SHORTEST_CHECKED = 8  # characters of the shortest VAT number, and of no IBAN
_IN_FOURS = re.compile(r"\b[A-Z]{2}[\dOolISBZ]{2}(?: [A-Z\dol]{4}){2,7}(?: [A-Z\dol]{1,3})?\b")  # an IBAN as printed
_LAST_AMOUNT = re.compile(r"(?:^|[\s€$£:])(\d?[\dOolISBZ.,]*[\dOolISBZ][.,][\dOolISBZ]{2})\s*[€$£A-Z]{0,3}$")
FEWEST_AMOUNTS = 3  # two items and their total
_TRIMMED = ".,;:()[]*=\"'“”‘’"
_TOTAL = re.compile(r"\b(total|totaux|summe|gesamt|betrag|celkem|i alt|montant|importe|suma)\b", re.IGNORECASE)
_SUBTOTAL = re.compile(r"\b(sub|zwischen|sous|medzi|mezi)[- ]?(total|summe|součet)", re.IGNORECASE)


@dataclass(frozen=True)
class NumberRepair:
    """raw[start:end] == before is refuted, `after` proved by `rule`."""

    start: int
    end: int
    before: str
    after: str
    rule: str


def number_repairs(text: str, profile: NumberProfile) -> list[NumberRepair]:
    """Return the numbers of one line that are certain to be misread, with what they are, from left to right."""
    found = []
    for start, end in _tokens_with_letters(text):
        before = text[start:end]
        for rule, repair in (("amount", _amount), ("date", _date), ("year", _year), ("checksum", _checked)):
            after = repair(before, profile)
            if after:
                found.append(NumberRepair(start, end, before, after, rule))
                break
    return [
        repair
        for repair in found
        if not any(other.start < repair.end <= other.end and other != repair for other in found)
    ]


def _tokens_with_letters(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of what holds both digits and letters, IBANs in groups of four first."""
    yield from (match.span() for match in _IN_FOURS.finditer(text))
    for token in _TOKEN.finditer(text):
        word = token.group().rstrip(_TRIMMED)
        start = token.start() + len(word) - len(word.lstrip(_TRIMMED))
        word = text[start : token.start() + len(word)]
        letters = sum(character.isalpha() or character == "|" for character in word)
        if letters and any(map(str.isdigit, word)):
            yield start, start + len(word)


def _read_as_digits(token: str, table: dict[str, str]) -> str:
    """Return `token` with the letters of `table` as digits; "" when other letters are left or too many were there."""
    letters = [character for character in token if character.isalpha() or character == "|"]
    if not 0 < len(letters) <= min(MOST_LETTERS, sum(map(str.isdigit, token))):
        return ""
    return "".join(table.get(character, character) for character in token) if set(letters) <= set(table) else ""


def _amount(token: str, profile: NumberProfile) -> str:
    read = _read_as_digits(token, IN_PROSE if profile == "prose" else ALWAYS)
    return read if _AMOUNT.fullmatch(read) else ""


def _year(token: str, profile: NumberProfile) -> str:
    """Return the year that a typist wrote with an l for the 1 (l943). A capital I may stand on the paper: I9I3."""
    read = _read_as_digits(token, ALWAYS | {"l": "1"}) if profile == "prose" else ""
    return read if _YEAR.fullmatch(read) else ""


def _date(token: str, profile: NumberProfile) -> str:
    read = _read_as_digits(token, IN_PROSE)
    for shape, (year, month, day) in _DATES:
        match = shape.fullmatch(read)
        if match and _is_in_the_calendar(int(match[year]), int(match[month]), int(match[day])):
            return read
    return ""


def _is_in_the_calendar(year: int, month: int, day: int) -> bool:
    try:
        return 1500 <= date(year, month, day).year < 2100
    except ValueError:
        return False


def _checked(token: str, profile: NumberProfile) -> str:
    """Return the IBAN or European VAT number that `token` is but for letters in the place of digits, if only one is."""
    if len(token) < SHORTEST_CHECKED or not token[:2].isalpha() or _is_valid(token):
        return ""
    country, rest = token[:2], token[2:]
    valid = {country + read for read in _readings(rest) if _is_valid(country + read)}
    return valid.pop() if len(valid) == 1 else ""


def _readings(token: str) -> set[str]:
    """Return `token` with its ambiguous letters as digits, in every choice of them; none for too many letters."""
    places = [place for place, character in enumerate(token) if character in AMBIGUOUS]
    if not 0 < len(places) <= MOST_LETTERS:
        return set()
    found = set()
    for digits in product(*((token[place], AMBIGUOUS[token[place]]) for place in places)):
        tried = list(token)
        for place, digit in zip(places, digits, strict=True):
            tried[place] = digit
        found.add("".join(tried))
    return found - {token}


def _is_valid(token: str) -> bool:
    """Tell whether the check digits of an IBAN (ISO 7064 mod 97-10) or of a European VAT number are right."""
    for module in (iban, vat):
        try:
            module.validate(token)
        except ValidationError:
            continue
        return True
    return False


def repairs_by_sum(lines: Sequence[str]) -> list[tuple[int, NumberRepair]]:
    """Return the one amount with letters in it, with its line's number, that the sum of the page's amounts settles.

    The amounts are the last ones of the lines above the first total. Nothing is settled where two amounts have letters,
    or where no reading of the letters makes the sum fit to the cent.
    """
    end = next((n for n, line in enumerate(lines) if _TOTAL.search(line) and not _SUBTOTAL.search(line)), None)
    if end is None:
        return []
    amounts = {n: place for n in range(end + 1) if (place := _last_amount(lines[n])) and not _SUBTOTAL.search(lines[n])}
    torn = [
        n
        for n, (start, stop) in amounts.items()
        if not lines[n][start:stop].replace(",", "").replace(".", "").isdigit()
    ]
    if len(torn) != 1 or end not in amounts or len(amounts) < FEWEST_AMOUNTS:
        return []
    number, (start, stop) = torn[0], amounts[torn[0]]
    known = {n: _value(lines[n][slice(*place)]) for n, place in amounts.items() if n != number}
    items = sum(value for n, value in known.items() if n != end)
    wanted = items if number == end else known[end] - items
    before = lines[number][start:stop]
    fitting = [read for read in _readings(before) if _AMOUNT.fullmatch(read) and _value(read) == wanted]
    return [(number, NumberRepair(start, stop, before, fitting[0], "sum"))] if len(fitting) == 1 else []


def _last_amount(line: str) -> tuple[int, int] | None:
    """Return the place of the line's last amount, letters for digits allowed; None when it does not end with one."""
    match = _LAST_AMOUNT.search(line)
    return match.span(1) if match and any(map(str.isdigit, match[1])) else None


def _value(amount: str) -> Decimal:
    """Return the value of an amount with two decimals, whatever parts its thousands."""
    digits = re.sub(r"\D", "", amount)
    return Decimal(f"{digits[:-2] or 0}.{digits[-2:]}")
