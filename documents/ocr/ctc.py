"""From a CTC recogniser's output to words: what it read, where, how surely, and what else it may have been.

A recogniser of the CTC kind (Graves et al., 2006) gives, for each narrow column of a line's picture, a probability to
every character and to "none". The likeliest path is its reading; the other paths through the columns of one word, which
it throws away, are worth keeping where it was in doubt: nine in ten of the Czech words that it misread are among them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

BLANK = 0
"""The class that stands for "no character in this column"."""

WIDTH = 24
"""So many readings of a word are followed at a time, as many as are given back."""

LEAST = 2e-4
"""Characters less probable than this in a column are left out of account there."""

DOUBT = 0.995
"""A word is looked at for other readings when one of its columns is less sure than this."""

NEVER = -1e9


@dataclass(frozen=True)
class CtcWord:
    """One word of a line: its text, its first and last column (whole numbers, both inclusive), the mean probability of
    its characters, and other readings of its columns with their log probability less that of `text` (nats, mostly
    below 0), the likeliest first."""

    text: str
    first: int
    last: int
    confidence: float
    others: tuple[tuple[str, float], ...] = ()


def read_words(columns: np.ndarray, characters: Sequence[str]) -> list[CtcWord]:
    """Return the words of the likeliest path; `columns` is (columns of the picture, classes), rows adding up to 1.

    `characters` has the text of each class; the blank's is never used, that of the space is " ".
    """
    classes, chances = columns.argmax(axis=1), columns.max(axis=1)
    space = _class_of_space(characters)
    words, begin, run = [], 0, []
    for column, (kind, chance) in enumerate(zip(classes.tolist(), chances.tolist(), strict=True)):
        if kind == BLANK or (column and kind == classes[column - 1]):
            continue
        if kind != space:
            run.append((column, characters[kind], chance))
            continue
        words += _word(run, columns, begin, column, characters)
        begin, run = column, []
    return words + _word(run, columns, begin, len(columns), characters)


def other_readings(columns: np.ndarray, characters: Sequence[str]) -> list[tuple[str, float]]:
    """Return readings of the columns of one word with their log probabilities (nats), the likeliest first.

    Prefix beam search (Hannun et al., 2014) of WIDTH beams; spaces at the word's edges count as blank.
    """
    space = _class_of_space(characters)
    beams: dict[tuple[int, ...], tuple[float, float]] = {(): (0.0, NEVER)}
    for row in columns:
        classes = np.flatnonzero(row > LEAST)
        logs = {int(one): math.log(row[one]) for one in classes}
        nothing = _logsum(logs.pop(BLANK, NEVER), logs.pop(space, NEVER))
        beams = _best(_extended(beams, logs, nothing))
    return [("".join(characters[one] for one in beam), _logsum(*chance)) for beam, chance in beams.items()]


def _word(
    run: list[tuple[int, str, float]], columns: np.ndarray, begin: int, end: int, characters: Sequence[str]
) -> list[CtcWord]:
    """Return the word of these (column, character, chance) as a list of one; none of an empty run."""
    if not run:
        return []
    text = "".join(character for _, character, _ in run)
    confidence = sum(chance for *_, chance in run) / len(run)
    others: tuple[tuple[str, float], ...] = ()
    if columns[begin:end].max(axis=1).min() < DOUBT:
        others = _compared(text, other_readings(columns[begin:end], characters))
    return [CtcWord(text, run[0][0], run[-1][0], confidence, others)]


def _compared(text: str, readings: list[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    """Return the readings other than `text` with what they are more probable than it, in nats."""
    chances = dict(readings)
    own = chances.pop(text, None)
    if own is None:
        own = max(chances.values(), default=0.0)
    return tuple((other, round(chance - own, 2)) for other, chance in chances.items() if other)


def _extended(
    beams: dict[tuple[int, ...], tuple[float, float]], logs: dict[int, float], nothing: float
) -> dict[tuple[int, ...], tuple[float, float]]:
    """Return all beams one column later; a beam has the log chance of ending in a blank, and in its last character."""
    found: dict[tuple[int, ...], tuple[float, float]] = {}

    def add(beam: tuple[int, ...], blank: float, character: float) -> None:
        old = found.get(beam, (NEVER, NEVER))
        found[beam] = (_logsum(old[0], blank), _logsum(old[1], character))

    for beam, (blank, character) in beams.items():
        both = _logsum(blank, character)
        if nothing > NEVER / 2:
            add(beam, both + nothing, NEVER)
        for one, log in logs.items():
            if beam and beam[-1] == one:
                add(beam, NEVER, character + log)
                add((*beam, one), NEVER, blank + log)
            else:
                add((*beam, one), NEVER, both + log)
    return found


def _best(beams: dict[tuple[int, ...], tuple[float, float]]) -> dict[tuple[int, ...], tuple[float, float]]:
    possible = (item for item in beams.items() if _logsum(*item[1]) > NEVER / 2)
    return dict(sorted(possible, key=lambda item: -_logsum(*item[1]))[:WIDTH])


def _logsum(one: float, other: float) -> float:
    """Return log(exp(one) + exp(other)); NEVER stands for the log of 0."""
    high, low = (one, other) if one > other else (other, one)
    return high if low <= NEVER / 2 else high + math.log1p(math.exp(low - high))


def _class_of_space(characters: Sequence[str]) -> int:
    return len(characters) - 1 if characters[-1] == " " else characters.index(" ")
