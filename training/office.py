"""Lines of invoices, receipts, tables, forms and letters, put together from lists of phrases and invented figures."""

from __future__ import annotations

import random
import tomllib
from functools import lru_cache
from pathlib import Path

from training.names import Names
from training.words import Words

_PHRASES = Path(__file__).parent / "phrases"
_CURRENCIES = {
    "en": ["$", "$", "£", "RM", "RM ", "USD ", "GBP ", "", "", ""],
    "es": [" €", " €", " EUR", " ptas.", "", "$"],
    "fr": [" €", " €", " EUR", " F", "", " fr."],
    "de": [" €", " €", " EUR", " DM", " RM", "", " S"],
    "cs": [" Kč", " Kčs", " CZK", "", ",-", " K"],
    "da": [" kr.", " kr", " DKK", "", "", " Kr."],
}
# Between thousands, and before the decimals.
_POINTS = {"en": ",.", "es": ".,", "fr": " ,", "de": ".,", "cs": " ,", "da": ".,"}


@lru_cache(maxsize=8)
def phrases_of(language: str) -> dict[str, list[str]]:
    """Return the language's lists: months, labels, references, dates, contacts, people, items, phrases."""
    return tomllib.loads((_PHRASES / f"{language}.toml").read_text(encoding="utf-8"))


class Office:
    """Makes office lines in one language."""

    def __init__(self, language: str, chance: random.Random, names: Names, words: Words) -> None:
        """`chance` decides everything; `names` and `words` are the same language's."""
        self._language, self._chance, self._names, self._words = language, chance, names, words
        self._lists = phrases_of(language)

    def line(self) -> str:
        """Return one line of one kind or other."""
        make = self._chance.choice([
            self._sum, self._sum, self._row, self._row, self._row, self._reference, self._reference, self._date,
            self._phrase, self._phrase, self._phrase, self._person, self._contact, self._columns, self._sentence,
            self._names.firm,
        ])  # fmt: skip
        return make()

    def amount(self) -> str:
        """Return an amount of money as the language writes it, with or without a currency."""
        chance = self._chance
        value = chance.choice([chance.uniform(0.1, 20), chance.uniform(1, 300), chance.uniform(100, 90_000)])
        group, point = _POINTS[self._language]
        figure = f"{value:,.2f}" if chance.random() < 0.7 else f"{value:.2f}"
        figure = figure.replace(",", "\0").replace(".", point).replace("\0", group)
        sign = chance.choice(_CURRENCIES[self._language])
        return f"{sign}{figure}" if self._language == "en" else f"{figure}{sign}"

    def date(self) -> str:
        """Return a date between 1890 and 2030 in one of many notations."""
        chance = self._chance
        day, month, year = chance.randint(1, 28), chance.randint(1, 12), chance.randint(1890, 2030)
        name = self._lists["months"][month - 1]
        return chance.choice([
            f"{day:02}/{month:02}/{year}", f"{day:02}-{month:02}-{year}", f"{day}.{month}.{year}",
            f"{day}. {name} {year}", f"{day} {name} {year}", f"{name} {day}, {year}", f"{year}-{month:02}-{day:02}",
            f"{day:02}.{month:02}.{year % 100:02}", f"{day:02}/{month:02}/{year % 100:02}",
            f"{year}/{month:02}/{day:02}",
        ])  # fmt: skip

    def _one(self, name: str) -> str:
        return self._chance.choice(self._lists[name])

    def _colon(self) -> str:
        return self._chance.choice([": ", ": ", " : ", " ", " ", ":", ". . . . ", " .......... "])

    def _item(self) -> str:
        """Return an article: from the list, or of words at random, as no list holds all articles."""
        if self._chance.random() < 0.5:
            return self._one("items")
        return self._words.several(self._chance.randint(1, 3)).replace(",", "").capitalize()

    def _sum(self) -> str:
        return f"{self._one('labels')}{self._colon()}{self.amount()}"

    def _row(self) -> str:
        chance = self._chance
        tail = chance.choice(["", "", " S", " SR", " ZR", " T", " A", " *"])
        return chance.choice([
            f"{self._item()} {chance.randint(1, 40)} x {self.amount()} {self.amount()}",
            f"{chance.randint(1, 12)} {self._item()} {self.amount()}{tail}",
            f"{self._names.code()} {self._item()} {self.amount()}{tail}",
            f"{self._item()} {self.amount()}{tail}",
            f"{chance.randint(1, 40)} {self._item()} @ {self.amount()} {self.amount()}",
        ])  # fmt: skip

    def _reference(self) -> str:
        figure = self._chance.choice([self._names.code, self._names.digits])()
        return f"{self._one('references')}{self._colon()}{figure}"

    def _date(self) -> str:
        chance = self._chance
        hour = chance.choice(["", "", f" {chance.randint(0, 23):02}:{chance.randint(0, 59):02}"])
        return f"{self._one('dates')}{self._colon()}{self.date()}{hour}"

    def _phrase(self) -> str:
        several = self._chance.random() < 0.3
        return f"{self._one('phrases')} {self._one('phrases')}" if several else self._one("phrases")

    def _person(self) -> str:
        return f"{self._one('people')}{self._chance.choice([' ', ': ', ' '])}{self._names.person()}"

    def _contact(self) -> str:
        return f"{self._one('contacts')}{self._chance.choice([': ', ' ', '. ', ' : '])}{self._names.phone()}"

    def _columns(self) -> str:
        """Return a row or the head of a table."""
        if self._chance.random() < 0.4:
            return " ".join(self._chance.sample(self._lists["labels"], 3))
        return " ".join([self._item(), *(self.amount() for _ in range(self._chance.randint(2, 4)))])

    def _sentence(self) -> str:
        """Return a sentence's beginning or end as business letters have it, with a date, a name or an amount."""
        fact = self._chance.choice([self.amount, self.date, self._names.person, self._names.firm, self._names.town])()
        return f"{self._words.several(self._chance.randint(1, 4))} {self._one('phrases')[:40]} {fact}"
