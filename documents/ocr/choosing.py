"""Which of several readings of one place is right: each is scored by what speaks for it, and the best one stays.

A reading is scored against the first engine's by a sum of weighted features (a conditional logit model). The weights
were found by making the expected edit distance to the transcription least (minimum risk training, Och 2003, with L2)
on 68 real pages: typescripts in five languages, old books and receipts. Fitted on one half of them, the same way of
choosing takes a quarter (24 %) of the wrong characters in doubtful words away on the other half, and breaks one word
where it repairs nine. A third view, of a blurred line, was tried and added nothing.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from rapidfuzz.distance import Levenshtein

from .base import Word
from .calibration import Kind, kind_of, probability
from .slots import text_of


class Vocabulary(Protocol):
    """What is known of a language, such as Lexicon."""

    def knows(self, word: str) -> bool:
        """Whether the language has the word; signs around it do not matter."""
        ...

    def zipf(self, word: str) -> float:
        """Return log10 of the word's occurrences per thousand million words; 0.0 for an unknown one."""
        ...


WEAKEST_FIRST: tuple[Kind, ...] = ("number", "unknown", "known", "sign")

FAINTEST = -12.0
"""Nats; what is less probable by the first engine's network, or not among its readings, counts as this."""

LIKELIEST = 4
"""So many of the network's readings are scored, and beyond them those that are known words."""

LOOKALIKES = str.maketrans("lI|O", "1110")
"""Letters that stand for digits: typewriters of the time had no 1, and OCR mixes them up."""

WEIGHTS = {
    "ink": 0.539, "elsewhere": 0.181, "heard": 1.306, "heard surely": 1.232, "nearer": 1.39, "known": 0.449,
    "common": 0.878, "number": 0.115, "number or not": -0.172, "first sure": -0.917, "becomes known": 0.738,
    "stays unknown": -0.467, "accents": 0.183, "short": -0.816, "first heard twice": -0.906, "change": -0.97,
}  # fmt: skip


@dataclass(frozen=True)
class Option:
    """A reading that may stand in a place. `nats` is how much more probable than the first engine's reading its
    network holds it (below 0, mostly), None when it is not among the network's readings. `was_read` tells an engine's
    first choice from what it held possible."""

    words: tuple[Word, ...]
    engine: str
    nats: float | None
    was_read: bool = True

    @property
    def text(self) -> str:
        """The words joined by blanks."""
        return text_of(self.words)


@dataclass(frozen=True)
class Place:
    """One place of a line: the first engine's reading, the second one's (perhaps without words), and how probable it
    is that each is right."""

    first: tuple[Word, ...]
    second: tuple[Word, ...]
    first_chance: float
    second_chance: float
    vocabulary: Vocabulary

    @cached_property
    def read(self) -> str:
        """What the first engine read."""
        return text_of(self.first)

    @cached_property
    def heard(self) -> str:
        """What the second engine read."""
        return text_of(self.second)

    @cached_property
    def kind(self) -> Kind:
        """The kind of what the first engine read."""
        return kind_of_all(self.first, self.vocabulary)

    @cached_property
    def commonness(self) -> float:
        """How common what the first engine read is."""
        return _commonness(self.read, self.vocabulary)


def place_of(
    first: tuple[Word, ...], second: tuple[Word, ...], engines: tuple[str, str], vocabulary: Vocabulary
) -> Place:
    """Return the place of two engines' words, with their calibrated probabilities."""
    one, other = (chance_of(words, engine, vocabulary) for words, engine in zip((first, second), engines, strict=True))
    return Place(first, second, one, other, vocabulary)


def chance_of(words: Sequence[Word], engine: str, vocabulary: Vocabulary) -> float:
    """Return the probability that all these words are right, 0.5 where there are none."""
    if not words:
        return 0.5
    return math.prod(probability(word.confidence, engine, kind_of(word.text, vocabulary.knows)) for word in words)


def options_of(place: Place, engines: tuple[str, str]) -> list[Option]:
    """Return the different readings of a place: the first engine's, the second one's, the network's others."""
    beams = _network_readings(place.first)
    found = [Option(place.first, engines[0], 0.0)]
    texts = {place.read}
    if place.second and place.heard not in texts:
        found.append(Option(place.second, engines[1], beams.get(place.heard)))
        texts.add(place.heard)
    for rank, (text, nats) in enumerate(sorted(beams.items(), key=lambda beam: -beam[1])):
        if text not in texts and (rank < LIKELIEST or place.vocabulary.knows(text)):
            word = Word(text, place.first[0].box, place.first[0].confidence)
            found.append(Option((word,), engines[0], nats, was_read=False))
    return [found[0], *(option for option in found[1:] if not _loses_digits(place.read, option.text))]


def scores_of(place: Place, options: Sequence[Option]) -> list[float]:
    """Return each option's score; the first one, the first engine's reading, has 0.0. The highest is the best."""
    return [0.0, *(score(features(place, option)) for option in options[1:])]


def score(values: dict[str, float]) -> float:
    """Return the weighted sum of features."""
    return sum(WEIGHTS[name] * value for name, value in values.items())


def features(place: Place, option: Option) -> dict[str, float]:
    """Return what speaks for and against an option, by the names of WEIGHTS."""
    old, new, heard = place.read, option.text, place.heard
    was, becomes = place.kind, kind_of_all(option.words, place.vocabulary)
    is_heard = bool(heard) and new == heard
    return {
        "ink": FAINTEST if option.nats is None else max(FAINTEST, option.nats),
        "elsewhere": float(option.nats is None),
        "heard": float(is_heard),
        "heard surely": _logit(place.second_chance) if is_heard else 0.0,
        "nearer": float(_nearer(old, new, heard)) if heard and not is_heard else 0.0,
        "known": float(becomes == "known") - float(was == "known"),
        "common": _commonness(new, place.vocabulary) - place.commonness,
        "number": float(becomes == "number"),
        "number or not": float((becomes == "number") != (was == "number")),
        "first sure": _logit(place.first_chance),
        "becomes known": float(was == "unknown" and becomes == "known"),
        "stays unknown": float(was == becomes == "unknown"),
        "accents": float(_plain(old) == _plain(new)),
        "short": float(len(old) < 4),
        "first heard twice": float(heard == old),
        "change": 1.0,
    }


def kind_of_all(words: Sequence[Word], vocabulary: Vocabulary) -> Kind:
    """Return the kind of the weakest of the words; that of a sign where there are none."""
    kinds = {kind_of(word.text, vocabulary.knows) for word in words}
    return next((kind for kind in WEAKEST_FIRST if kind in kinds), "sign")


def _loses_digits(old: str, new: str) -> bool:
    """Whether `new` has no digits where `old` had some that were not just letters which look like them."""
    had, has = (any(map(str.isdigit, text)) for text in (old, new))
    return had and not has and old.translate(LOOKALIKES) != new.translate(LOOKALIKES)


def _network_readings(words: tuple[Word, ...]) -> dict[str, float]:
    """Return the network's other readings of a single word with their nats against it; none for several words."""
    if len(words) != 1:
        return {}
    return {other.text: _logit(other.confidence, 1e-9) for other in words[0].alternatives}


def _nearer(old: str, new: str, heard: str) -> int:
    """Return by how many edits `new` is nearer than `old` to what the second engine read, at most 3 either way."""
    return max(-3, min(3, Levenshtein.distance(old, heard) - Levenshtein.distance(new, heard)))


def _commonness(text: str, vocabulary: Vocabulary) -> float:
    """Return the Zipf figure of the rarest word in the text; signs around and hyphens between words do not count."""
    parts = [part.strip("".join(EDGES)) for part in text.replace("-", " ").split()]
    return min((vocabulary.zipf(part) for part in parts if part), default=0.0)


EDGES = tuple(".,;:!?()[]{}\"'“”„‘’«»*_/\\|=+~^<>·…")


def _plain(text: str) -> str:
    """Return the text without accents."""
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


def _logit(chance: float, least: float = 0.005) -> float:
    """Return the log-odds of a probability, which is first kept away from 0 and 1 by `least`."""
    chance = min(1 - least, max(least, chance))
    return math.log(chance / (1 - chance))
