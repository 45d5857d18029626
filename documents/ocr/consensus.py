"""One reading out of two: word by word the better one is kept, and the other stays as its alternative.

The rules and their figures were chosen on half of 68 real pages (typescripts in five languages, old books, receipts)
and tried on the other half.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .base import Alternative, Box, Line, Reading, Word
from .calibration import Kind, Knows, after_agreement, after_dispute, kind_of, probability
from .slots import slots_of, text_of

LEAD = 1.25
"""How much more probable the second reading has to be. Of 67 changes from word to word at 1 to 1.25, 44 did harm."""

LEAD_OF_A_WORD = 0.6
"""The same where the first engine's reading is no word and the second's is one of WORD_LETTERS letters or more."""

NEVER = float("inf")

WORD_LETTERS = 4
"""Shorter ones are words by chance too often."""

LEAD_OF_ACCENTS = 1.0
"""The same where only letters beyond A to Z differ: the first engine loses accents more often than the second adds
them."""

LOOKALIKES = str.maketrans("lI|O", "1110")
"""Letters that stand for digits: typewriters of the time had no 1, and OCR mixes them up."""

SURE_INSERTION = 0.9
"""A known word that only the second engine saw is put in from this probability on."""

RUNAWAY = 3
"""A second reading longer than this many times the first, and 20 characters more, is not of the same line."""


WEAKEST_FIRST: tuple[Kind, ...] = ("number", "unknown", "known", "sign")


@dataclass(frozen=True)
class Candidate:
    """What one engine read in one place; its kind and probability are those of its weakest word."""

    words: tuple[Word, ...]
    engine: str
    kind: Kind
    probability: float

    @property
    def text(self) -> str:
        """The words joined by blanks."""
        return text_of(self.words)


def consensus(first: Reading, second: Reading, lexicons: Sequence[Knows]) -> Reading:
    """Return the better of two readings for every word, with calibrated confidences and alternatives.

    `second` has a line for each line of `first`, in the same order, without text where it was not read again.
    `lexicons` tells for each line which words its language has. Raises ValueError when the numbers of lines differ.
    """
    lines = tuple(
        merge_line(ours, theirs, engines=(first.engine, second.engine), knows=knows)
        for ours, theirs, knows in zip(first.lines, second.lines, lexicons, strict=True)
    )
    return Reading(
        lines,
        f"{first.engine}+{second.engine}",
        f"{first.version}+{second.version}",
        first.seconds + second.seconds,
        (*first.warnings, *second.warnings),
    )


def calibrated(reading: Reading, lexicons: Sequence[Knows]) -> Reading:
    """Return the reading with each word's confidence as the probability that the word is right."""
    lines = tuple(_alone(line, reading.engine, knows) for line, knows in zip(reading.lines, lexicons, strict=True))
    return replace(reading, lines=lines)


def merge_line(ours: Line, theirs: Line, *, engines: tuple[str, str], knows: Knows) -> Line:
    """Return the line of the better words; `ours`, calibrated, where the other says nothing usable."""
    if not ours.words or not theirs.words or len(theirs.text) > RUNAWAY * len(ours.text) + 20:
        return _alone(ours, engines[0], knows)
    words: list[Word] = []
    for slot in slots_of(ours.words, [_inside(word, ours.box) for word in theirs.words]):
        one = _candidate(slot.ours, engines[0], knows)
        words += _settled(one, _candidate(slot.theirs, engines[1], knows))
    return _line(tuple(words), ours)


def is_better(new: Candidate, old: Candidate) -> bool:
    """Whether the second engine's `new` is to replace `old`; in doubt it is not.

    Digits are the first engine's: where it read some, only other digits, or what looks like them, may replace them.
    Of two readings that are no words the first is kept, as Tesseract is too sure of those: of 177 that it was surer
    of, 49 were better and 79 worse.
    """
    if not new.words:
        return False
    if not old.words:
        return new.kind == "known" and new.probability > SURE_INSERTION
    return new.probability > old.probability * _lead(new, old)


def _lead(new: Candidate, old: Candidate) -> float:
    """Return how much more probable `new` has to be than `old`."""
    if old.text.translate(LOOKALIKES) == new.text.translate(LOOKALIKES):
        if not _is_one_thing(new):
            return NEVER
        return LEAD if _is_one_thing(old) else LEAD_OF_A_WORD
    if old.kind == "number" and new.kind != "number":
        return NEVER
    if _adds_accents(old.text, new.text):
        return LEAD_OF_ACCENTS
    if old.kind == "unknown" and new.kind == "known":
        return LEAD_OF_A_WORD if sum(map(str.isalpha, new.text)) >= WORD_LETTERS else LEAD
    if old.kind == new.kind == "unknown" and not _differ_in_blanks(old, new):
        return NEVER
    return LEAD


def _is_one_thing(candidate: Candidate) -> bool:
    """Whether it is a word that is known, or a number without letters."""
    return candidate.kind == "known" or (candidate.kind == "number" and not any(map(str.isalpha, candidate.text)))


def _adds_accents(old: str, new: str) -> bool:
    """Whether `new` is `old` but for letters beyond A to Z, which engines take for their like (ř, ø, ß)."""
    if len(old) != len(new):
        return False
    return all(a == b or (b.isalpha() and not b.isascii()) for a, b in zip(old, new, strict=True))


def _differ_in_blanks(one: Candidate, other: Candidate) -> bool:
    """Whether both have the same characters, cut into words in two ways."""
    return one.text.replace(" ", "") == other.text.replace(" ", "")


def _candidate(words: tuple[Word, ...], engine: str, knows: Knows) -> Candidate:
    kinds = [kind_of(word.text, knows) for word in words]
    chances = [probability(word.confidence, engine, kind) for word, kind in zip(words, kinds, strict=True)]
    kind = next((kind for kind in WEAKEST_FIRST if kind in kinds), "sign")
    return Candidate(words, engine, kind, min(chances, default=0.0))


def _settled(old: Candidate, new: Candidate) -> list[Word]:
    """Return the words that stand in this place now, with what they are worth after both engines were heard."""
    if old.text == new.text:
        worth = after_agreement(max(old.probability, new.probability))
        return [replace(word, confidence=worth) for word in old.words]
    won, lost = (new, old) if is_better(new, old) else (old, new)
    return _with_alternative(won, lost) if won.words else []


def _with_alternative(won: Candidate, lost: Candidate) -> list[Word]:
    """Return the words that won; the first of them carries what lost."""
    worth = after_dispute(won.probability)
    words = [replace(word, confidence=worth) for word in won.words]
    if lost.words:
        other = Alternative(lost.text, lost.engine, round(min(lost.probability, 1 - worth), 3), len(words))
        words[0] = replace(words[0], alternatives=(other,))
    return words


def _alone(line: Line, engine: str, knows: Knows) -> Line:
    """Return a line that only one engine read, its words calibrated."""
    if not line.words:
        return replace(line, confidence=probability(line.confidence, engine, "unknown"))
    words = (
        replace(word, confidence=probability(word.confidence, engine, kind_of(word.text, knows))) for word in line.words
    )
    return _line(tuple(words), line)


def _line(words: tuple[Word, ...], line: Line) -> Line:
    """Return `line` with other words; its confidence is theirs, weighted by their number of characters."""
    characters = sum(len(word.text) for word in words) or 1
    confidence = sum(word.confidence * len(word.text) for word in words) / characters
    return Line(text_of(words), line.box, round(confidence, 3), words)


def _inside(word: Word, box: Box) -> Word:
    """Return the word with its box cut to the line's; the line's whole box when it lies outside."""
    left, top = max(word.box[0], box[0]), max(word.box[1], box[1])
    right, bottom = min(word.box[2], box[2]), min(word.box[3], box[3])
    return replace(word, box=(left, top, right, bottom) if left < right and top < bottom else box)
