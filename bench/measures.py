"""Figures for texts and times. Texts are compared after `plain`, unless said otherwise.

Error rates are micro averages: errors of all pages over length of all pages, so that a long page counts more.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import Levenshtein

_LINE_END = re.compile(r"(?<=[^\W\d_])[¬-][ \t]*\n\s*(?=[^\W\d_])")


_CYRILLIC = str.maketrans("ӒӓӦӧАаЕеОоРрСсХхІі", "ÄäÖöAaEeOoPpCcXxIi")


def plain(text: str, *, ignore_case: bool = False) -> str:
    """Return the text in NFC on one line: words cut at a line's end by - or ¬ joined, white space made one blank.

    Cyrillic letters that look like Latin ones are taken for these, as Unicode's Technical Standard 39 (confusables)
    has it: a German transcription has `ӓ` for `ä`, which nobody can tell from the paper.
    """
    text = unicodedata.normalize("NFC", text.replace("\r", "")).translate(_CYRILLIC)
    text = " ".join(_LINE_END.sub("", text).split())
    return text.casefold() if ignore_case else text


@dataclass(frozen=True)
class Rate:
    """So many errors in a truth of that length. Rates add up: `sum(rates, Rate())` is the micro average."""

    errors: int = 0
    length: int = 0

    def __add__(self, other: Rate) -> Rate:
        return Rate(self.errors + other.errors, self.length + other.length)

    @property
    def value(self) -> float:
        """Errors divided by length; 0.0 for an empty truth without errors, infinity with some."""
        if not self.length:
            return math.inf if self.errors else 0.0
        return self.errors / self.length


def character_errors(found: str, truth: str) -> Rate:
    """Return the CER: (substitutions + deletions + insertions) / characters of the truth.

    The distance is Levenshtein's (1966), as in every OCR evaluation, ISRI's `accuracy` (Rice and Nartker, 1996) first.
    """
    return Rate(Levenshtein.distance(found, truth), len(truth))


def word_errors(found: str, truth: str) -> Rate:
    """Return the WER: the same with words in place of characters, signs belonging to the word they touch."""
    return Rate(Levenshtein.distance(found.split(), truth.split()), len(truth.split()))


@dataclass(frozen=True)
class WordHits:
    """Words found, in the truth, and in both, counted as bags. They add up like rates."""

    both: int = 0
    found: int = 0
    truth: int = 0

    def __add__(self, other: WordHits) -> WordHits:
        return WordHits(self.both + other.both, self.found + other.found, self.truth + other.truth)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall: 2 * both / (found + truth); 1.0 when both bags are empty."""
        return 2 * self.both / (self.found + self.truth) if self.found + self.truth else 1.0


def word_hits(found: str, truth: str) -> WordHits:
    """Return how many words the two have in common, whatever their order (van Rijsbergen's F is made of that)."""
    ours, theirs = Counter(found.split()), Counter(truth.split())
    return WordHits((ours & theirs).total(), ours.total(), theirs.total())


def errors_in_place(line: str, truth: str) -> int:
    """Return the smallest Levenshtein distance between `line` and any piece of `truth`.

    Approximate matching after Sellers (1980): a line is judged without knowing where on the page it stands.
    """
    if not line or not truth:
        return len(line)
    text = np.frombuffer(truth.encode("utf-32-le"), dtype=np.uint32)
    places = np.arange(len(text) + 1)
    row = np.zeros(len(text) + 1, dtype=np.int64)  # a piece may begin anywhere
    for character in line:
        kept = row[:-1] + (text != ord(character))
        best = np.concatenate([[row[0] + 1], np.minimum(kept, row[1:] + 1)])
        # Leaving out characters of the truth costs one each: the least of best[i] + (j - i) over i <= j.
        row = np.minimum.accumulate(best - places) + places
    return int(row.min())


def digits(text: str) -> list[str]:
    """Return the digits of the text in order."""
    return re.findall(r"\d", text)


@dataclass(frozen=True)
class LineChanges:
    """What correction did to lines. They add up. `spoiled` lines had no error before and have one now."""

    lines: int = 0
    improved: int = 0
    worsened: int = 0
    spoiled: int = 0
    digits: int = 0

    def __add__(self, other: LineChanges) -> LineChanges:
        return LineChanges(
            self.lines + other.lines, self.improved + other.improved, self.worsened + other.worsened,
            self.spoiled + other.spoiled, self.digits + other.digits,
        )  # fmt: skip


def line_changes(raw: Sequence[str], corrected: Sequence[str], truth: str) -> LineChanges:
    """Return how many lines came closer to the truth, went away from it, were free of errors and are not now, and how
    many have other digits than before. `truth` is one line, its line ends blanks and nothing joined."""
    found = LineChanges(lines=len(raw))
    for before, after in zip(raw, corrected, strict=True):
        if before != after:
            found += _line_change(before, after, truth)
    return found


def _line_change(before: str, after: str, truth: str) -> LineChanges:
    old, new = errors_in_place(before, truth), errors_in_place(after, truth)
    return LineChanges(0, int(new < old), int(new > old), int(old == 0 < new), int(digits(before) != digits(after)))


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that `percent` per cent of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]
