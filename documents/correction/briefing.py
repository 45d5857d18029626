"""What a model is told about a page beside its lines: what to hold on to, and words of the house that may be meant."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from documents.correction.base import Brief, Held, RawLine
from documents.correction.doubts import doubtful_words, pieces, whole_tokens
from documents.correction.gate import is_clear
from documents.correction.kinds import Kind
from documents.correction.lexicon import Lexicon

# Nats that a word is held per nat of log-odds that it is right (design figure; the engines' figures are calibrated).
HOLD = 0.5
MOST_HELD = 2.0
NEAR = 2  # edits between a doubtful word and a word of the house that may be meant
MOST_TERMS = 20


def brief_of(lines: Sequence[RawLine], doubtful: Sequence[int], lexicon: Lexicon, kind: Kind) -> Brief:
    """Return the brief for a page, with what is held in each of its lines."""
    held = tuple(_held(line, lexicon, kind) for line in lines)
    return Brief(kind, _meant([lines[number] for number in doubtful], lexicon), held)


def _held(line: RawLine, lexicon: Lexicon, kind: Kind) -> tuple[Held, ...]:
    """Return what is held: what no guard would let go for good, other words by their confidence."""
    found = [
        Held(word.start, word.end, nats)
        for word in line.words
        if not _is_frozen(line.text[word.start : word.end], lexicon, kind)
        and (nats := min(HOLD * _log_odds(word.confidence), MOST_HELD)) > 0
    ]
    frozen = [
        Held(*token.span(), math.inf)
        for token in whole_tokens(line.text, continued=False)
        if _is_frozen(token.group(), lexicon, kind)
    ]
    return (*found, *frozen, *_clean_stretches(line, lexicon))


def _clean_stretches(line: RawLine, lexicon: Lexicon) -> Iterator[Held]:
    """Yield the stretches of words that are known, or clear to the engines, and have such words around them.

    The guards would let hardly any of these go, so the model need not be asked about them: that is most of a line.
    """
    words = list(re.finditer(r"\S+", line.text))
    known = [True, *(is_clear(line, word.start()) or lexicon.knows(word.group()) for word in words), True]
    clean = [word.group().isalpha() and all(known[n : n + 3]) for n, word in enumerate(words)]
    for is_clean, run in groupby(zip(clean, words, strict=True), key=lambda pair: pair[0]):
        if is_clean:
            stretch = [word for _clean, word in run]
            yield Held(stretch[0].start(), stretch[-1].end(), math.inf)


def _is_frozen(text: str, lexicon: Lexicon, kind: Kind) -> bool:
    digits, letters = sum(map(str.isdigit, text)), sum(map(str.isalpha, text))
    return lexicon.protects(text) or digits > letters or (kind == "receipt" and digits > 0)


def _log_odds(probability: float) -> float:
    inside = min(max(probability, 0.02), 0.98)
    return math.log(inside / (1 - inside))


def _meant(lines: Sequence[RawLine], lexicon: Lexicon) -> tuple[str, ...]:
    """Return the words of the house that stand on the doubtful lines or lie near to a doubtful word there."""
    if not lexicon.house:
        return ()
    found: dict[str, None] = {}
    for line in lines:
        words = [line.text[start:end] for token in whole_tokens(line.text, False) for start, end in pieces(token)]
        found |= dict.fromkeys(word.casefold() for word in words if word.casefold() in lexicon.house)
        for doubt in doubtful_words(line, lexicon):
            near = process.extract(
                doubt.text.casefold(), list(lexicon.house), scorer=Levenshtein.distance, score_cutoff=NEAR, limit=2
            )
            found |= dict.fromkeys(word for word, _distance, _index in near)
    return tuple(lexicon.house[word] for word in list(found)[:MOST_TERMS])
