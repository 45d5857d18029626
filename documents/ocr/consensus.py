"""One reading out of two: in each place the best of all readings stands, and the others stay as its alternatives."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from .base import Alternative, Box, Line, Reading, Word
from .calibration import after_agreement, after_dispute, kind_of, probability
from .choosing import Option, Place, Vocabulary, kind_of_all, options_of, place_of, scores_of
from .slots import slots_of, text_of

SURE_INSERTION = 0.9
"""A known word that only the second engine saw is put in from this probability on."""

RUNAWAY = 3
"""A second reading longer than this many times the first, and 20 characters more, is not of the same line."""

KEPT = 3
"""So many other readings of a word are kept for reviewers and the corrector, the likeliest."""

LIKELY = 0.005
"""Less probable readings are not worth keeping, unless they were an engine's first choice."""


def consensus(first: Reading, second: Reading, vocabularies: Sequence[Vocabulary]) -> Reading:
    """Return the best of two readings for every word, with calibrated confidences and alternatives.

    `second` has a line for each line of `first`, in the same order, without text where it was not read again.
    `vocabularies` has each line's language. Raises ValueError when the numbers of lines differ.
    """
    lines = tuple(
        merge_line(ours, theirs, engines=(first.engine, second.engine), vocabulary=vocabulary)
        for ours, theirs, vocabulary in zip(first.lines, second.lines, vocabularies, strict=True)
    )
    return replace(
        first,
        lines=lines,
        engine=f"{first.engine}+{second.engine}",
        version=f"{first.version}+{second.version}",
        seconds=first.seconds + second.seconds,
        warnings=(*first.warnings, *second.warnings),
    )


def calibrated(reading: Reading, vocabularies: Sequence[Vocabulary]) -> Reading:
    """Return the reading with each word's confidence as the probability that the word is right."""
    pairs = zip(reading.lines, vocabularies, strict=True)
    return replace(reading, lines=tuple(_alone(line, reading.engine, vocabulary) for line, vocabulary in pairs))


def merge_line(ours: Line, theirs: Line, *, engines: tuple[str, str], vocabulary: Vocabulary) -> Line:
    """Return the line of the best words; `ours`, calibrated, where the other says nothing usable."""
    if not ours.words or not theirs.words or len(theirs.text) > RUNAWAY * len(ours.text) + 20:
        return _alone(ours, engines[0], vocabulary)
    words: list[Word] = []
    for slot in slots_of(ours.words, [_inside(word, ours.box) for word in theirs.words]):
        place = place_of(slot.ours, slot.theirs, engines, vocabulary)
        words += settled(place, engines) if place.first else _inserted(place)
    return _line(tuple(words), ours)


def settled(place: Place, engines: tuple[str, str]) -> list[Word]:
    """Return the words that stand in this place now, with what they are worth after all was heard."""
    options = options_of(place, engines)
    shares = _shares(scores_of(place, options))
    best = max(range(len(options)), key=shares.__getitem__)
    if place.heard == options[best].text:
        worth = after_agreement(max(place.first_chance, place.second_chance))
    else:
        worth = after_dispute(shares[best])
    return _worded(options, shares, best, worth)


def _shares(scores: list[float]) -> list[float]:
    """Return the probabilities that the scores stand for (softmax)."""
    highest = max(scores)
    parts = [math.exp(score - highest) for score in scores]
    return [part / sum(parts) for part in parts]


def _worded(options: list[Option], shares: list[float], best: int, worth: float) -> list[Word]:
    """Return the winner's words; the first of them carries the likeliest of the others."""
    words = [replace(word, confidence=worth, alternatives=()) for word in options[best].words]
    others = sorted(
        (
            Alternative(option.text, option.engine, round(min(share, 1 - worth), 3), len(words))
            for number, (option, share) in enumerate(zip(options, shares, strict=True))
            if number != best and (share >= LIKELY or option.was_read)
        ),
        key=lambda other: -other.confidence,
    )
    return [replace(words[0], alternatives=tuple(others[:KEPT])), *words[1:]]


def _inserted(place: Place) -> list[Word]:
    """Return what only the second engine saw, when it is sure of known words; else nothing."""
    known = kind_of_all(place.second, place.vocabulary) == "known"
    if not known or place.second_chance <= SURE_INSERTION:
        return []
    return [replace(word, confidence=after_dispute(place.second_chance)) for word in place.second]


def _alone(line: Line, engine: str, vocabulary: Vocabulary) -> Line:
    """Return a line that only one engine read, its words calibrated."""
    if not line.words:
        return replace(line, confidence=probability(line.confidence, engine, "unknown"))
    words = tuple(_worth(word, engine, vocabulary) for word in line.words)
    return _line(words, line)


def _worth(word: Word, engine: str, vocabulary: Vocabulary) -> Word:
    """Return the word with its probability of being right and its likeliest alternatives."""
    others = sorted(word.alternatives, key=lambda other: -other.confidence)[:KEPT]
    worth = probability(word.confidence, engine, kind_of(word.text, vocabulary.knows))
    kept = tuple(replace(other, confidence=round(min(other.confidence, 1 - worth), 3)) for other in others)
    return replace(word, confidence=worth, alternatives=tuple(other for other in kept if other.confidence >= LIKELY))


def _line(words: tuple[Word, ...], line: Line) -> Line:
    """Return `line` with other words; its confidence is theirs, weighted by their number of characters."""
    characters = sum(len(word.text) for word in words) or 1
    confidence = sum(word.confidence * len(word.text) for word in words) / characters
    return replace(line, text=text_of(words), confidence=round(confidence, 3), words=words)


def _inside(word: Word, box: Box) -> Word:
    """Return the word with its box cut to the line's; the line's whole box when it lies outside."""
    left, top = max(word.box[0], box[0]), max(word.box[1], box[1])
    right, bottom = min(word.box[2], box[2]), min(word.box[3], box[3])
    return replace(word, box=(left, top, right, bottom) if left < right and top < bottom else box)
