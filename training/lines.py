"""True lines of every kind that an office scans: prose, letters, invoices, receipts, tables, forms, names, codes.

A third of them holds what no corrector can know (names, codes, amounts): there the right answer is to copy.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from training.names import Names
from training.office import Office
from training.places import LANGUAGE_WEIGHTS, LANGUAGES
from training.text import passage, text_of
from training.words import Words

SHORTEST, USUAL, LONGEST = 18, 62, 84
"""Characters of a line of prose: from a narrow newspaper column to a typewritten page of 30 by 21 cm."""

ASCII_MARKS = 0.6
"""The part of the lines whose quotation marks and dashes are a typewriter's."""

TYPED = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "…": "..."})

WEIGHTS = {"prose": 46, "fragment": 8, "words": 8, "office": 24, "name": 7, "code": 4, "invented": 3}
"""Of 100 lines. "fragment" is a short end of a paragraph, "words" are words in no order, "invented" words that no
language has."""

CAPITALS = {"prose": 0.03, "fragment": 0.1, "words": 0.1, "office": 0.3, "name": 0.25, "code": 0.2, "invented": 0.3}
"""The part of each kind that is written in capitals."""


@dataclass(frozen=True)
class TrueLine:
    """What stands on the paper. `kind` is one of WEIGHTS, `language` an ISO 639-1 code."""

    text: str
    language: str
    kind: str


class LineMaker:
    """Gives true lines without end; the same seed gives the same lines."""

    def __init__(self, seed: int, *, held_out: bool = False) -> None:
        """Open the texts and word lists of all languages. Raises FileNotFoundError when a text is missing."""
        self._chance = random.Random(seed)
        self._texts = {language: text_of(language, held_out=held_out) for language in LANGUAGES}
        self._words = {language: Words(language, self._chance) for language in LANGUAGES}
        self._names = {language: Names(language, self._chance) for language in LANGUAGES}
        self._offices = {
            language: Office(language, self._chance, self._names[language], self._words[language])
            for language in LANGUAGES
        }
        self._kinds: dict[str, Callable[[str], str]] = {
            "prose": self._prose,
            "fragment": self._fragment,
            "words": lambda language: self._words[language].several(self._chance.randint(3, 9)),
            "office": lambda language: self._offices[language].line(),
            "name": lambda language: self._names[language].line(),
            "code": lambda language: self._names[language].codes(),
            "invented": lambda language: self._words[language].invented(self._chance.randint(1, 5)),
        }

    def line(self) -> TrueLine:
        """Return the next line; no two blanks follow each other in it and it is never empty."""
        chance = self._chance
        language = chance.choices(list(LANGUAGE_WEIGHTS), list(LANGUAGE_WEIGHTS.values()))[0]
        kind = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        text = " ".join(self._kinds[kind](language).split())
        if chance.random() < CAPITALS[kind]:
            text = text.upper()
        if chance.random() < ASCII_MARKS:
            text = text.translate(TYPED)
        return TrueLine(text, language, kind) if text else self.line()

    def _prose(self, language: str) -> str:
        return passage(self._texts[language], round(self._chance.triangular(SHORTEST, LONGEST, USUAL)), self._chance)

    def _fragment(self, language: str) -> str:
        text = passage(self._texts[language], self._chance.randint(8, 26), self._chance)
        return text + self._chance.choice([".", ".", "", ":"])
