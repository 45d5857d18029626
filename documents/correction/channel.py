"""Choosing instead of writing: a doubtful word is replaced by the word that it most probably was.

A noisy channel (Shannon, 1948; Kernighan, Church and Gale, 1990, for spelling): a candidate is worth how frequent it is
times how likely it is misread so, and it has to beat its rivals and the reading itself. Nothing can be invented: each
candidate is a word of the lexicon, of the house's vocabulary, of the same page, or the other engine's reading.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from documents.correction import confusions
from documents.correction.base import Other
from documents.correction.contexts import contexts_for
from documents.correction.doubts import Doubt
from documents.correction.lexicon import Lexicon
from documents.correction.spelling import MOST_COST, NATS, most_cost, other_words, spellings

FLOOR_ZIPF = 1.0  # of a word that no list has
PAGE_WORD_DISTANCE = 2  # edits between a doubtful word and one that the page has elsewhere
SEEN_ENOUGH = 2  # times that a word has to stand on a page before it counts as one of its words
KEPT = 6  # candidates per word that are weighed, beside what engines read
LEAST_READ = 0.0005  # of a reading that an engine holds possible, before rounding
# What a nat of frequency, of a neighbour's wish and of a misreading's cost are worth to each other, for the first
# sorting; evidence.py weighs exactly.
WISH = 0.5


@dataclass(frozen=True)
class Page:
    """What a page tells about itself: how often it has each word and each letter, in lower case, which part of its
    words no lexicon has, and which words were misread how, as far as is known yet: {(read, true): {word: share}}.
    """

    words: Mapping[str, int]
    letters: Mapping[str, int] = field(default_factory=Counter)
    unknown: float = 0.1
    misreadings: Mapping[tuple[str, str], Mapping[str, float]] = field(default_factory=dict)

    def misread_so(self, change: tuple[str, str], word: str) -> float:
        """Return in how many words other than `word` that change has to be made, as expected."""
        return sum(share for other, share in self.misreadings.get(change, {}).items() if other != word)


@dataclass(frozen=True)
class Suggestion:
    """A word that a doubtful one may have been. `cost` is that of the misreading, `prior` the logarithm of the word's
    frequency, `left` and `right` how much its neighbours like it, all in nats; `read` is how probable another
    engine holds it (0.0 where none does), `seen` how often the page has it elsewhere."""

    text: str
    cost: float
    prior: float
    left: float
    right: float
    read: float
    seen: int

    @property
    def worth(self) -> float:
        """A first estimate of the logarithm of its probability."""
        return self.prior - self.cost + WISH * (self.left + self.right) + 2.0 * bool(self.read) + min(self.seen, 2)


def suggest(doubt: Doubt, lexicon: Lexicon, page: Page) -> list[Suggestion]:
    """Return up to KEPT words that `doubt` may have been and what engines read, the most probable one first; none when
    nothing is near."""
    read = doubt.word
    costs = {word: cost for word, cost in _costs(read, lexicon, page).items() if _leaves_the_other_part(word, doubt)}
    others = _read_by_engines(doubt, lexicon)
    distances = {other: confusions.misreading_cost(read, other) for other in others}
    most = most_cost(read) if any(map(str.isdigit, read)) else math.inf
    costs |= {other: min(cost, MOST_COST) for other, cost in distances.items() if cost <= most}
    found = [
        Suggestion(
            others[text].text if text in others and not lexicon.zipf(text) else _spelt(doubt, text, lexicon),
            cost,
            *fit(text, doubt, lexicon),
            others[text].confidence if text in others else 0.0,
            page.words.get(text, 0),
        )
        for text, cost in costs.items()
    ]
    found.sort(key=lambda one: one.worth, reverse=True)
    return [one for rank, one in enumerate(found) if rank < KEPT or one.read]


def _read_by_engines(doubt: Doubt, lexicon: Lexicon) -> dict[str, Other]:
    """Return what engines read for the word besides, by the whole word in lower case; words of letters alone, whether
    a list has them or not, as every list lacks some."""
    found: dict[str, Other] = {}
    for other in doubt.others:
        word = f"{doubt.head}{other.text}{doubt.tail}".casefold().replace("’", "'")
        if word != doubt.word and _is_spelt_as_a_word(word, lexicon):
            before = found[word].confidence if word in found else 0.0
            found[word] = replace(other, confidence=max(before + other.confidence, LEAST_READ))
    return found


def _leaves_the_other_part(word: str, doubt: Doubt) -> bool:
    """Tell whether `word`, in lower case, differs from a word that is cut in two in no part but the doubt's own."""
    head, tail = doubt.head.casefold(), doubt.tail.casefold()
    is_one_word = " " not in word or not (head or tail)
    return is_one_word and len(word) > len(head + tail) and word.startswith(head) and word.endswith(tail)


def _is_spelt_as_a_word(text: str, lexicon: Lexicon) -> bool:
    """Tell whether `text`, in lower case, has letters alone and two of them at least, or is elided: `l'amour`."""
    return (len(text) > 1 and text.isalpha()) or lexicon.is_elided(text)


def _costs(read: str, lexicon: Lexicon, page: Page) -> dict[str, float]:
    """Return the words that may have been read as `read`, in lower case, with the costs of the misreadings."""
    if lexicon.knows(read):
        return other_words(read, lexicon)
    return spellings(read, lexicon, rare=True) | _words_of_the_page(read, page.words)


def _words_of_the_page(read: str, words: Mapping[str, int]) -> dict[str, float]:
    """Return the page's own words, names mostly, that are as near to `read` as a misreading is, with their costs."""
    if any(map(str.isdigit, read)) or len(read) <= 2 * PAGE_WORD_DISTANCE:
        return {}
    own = [word for word, count in words.items() if count >= SEEN_ENOUGH and word.isalpha() and word != read]
    near = process.extract(
        read, own, scorer=Levenshtein.distance, processor=None, score_cutoff=PAGE_WORD_DISTANCE, limit=KEPT
    )
    costs = {word: confusions.misreading_cost(read, word) for word, _distance, _index in near}
    return {word: cost for word, cost in costs.items() if cost <= MOST_COST}


def fit(text: str, doubt: Doubt, lexicon: Lexicon) -> tuple[float, float, float]:
    """Return the logarithm of how frequent `text`, words in lower case, is, and how much the doubt's neighbours like
    it, the left one and the right one."""
    words = text.split()
    prior = sum(NATS * (max(lexicon.zipf(word.rpartition("'")[2]), FLOOR_ZIPF) - 9) for word in words)
    contexts = contexts_for(lexicon.language)
    if contexts is None:
        return prior, 0.0, 0.0
    prior += sum(map(contexts.gain, words, words[1:]))
    left = contexts.gain(doubt.left, words[0]) if doubt.left else 0.0
    return prior, left, contexts.gain(words[-1], doubt.right) if doubt.right else 0.0


def _spelt(doubt: Doubt, word: str, lexicon: Lexicon) -> str:
    """Return the doubt's own part of `word` as the house spells it, else with the capitals that were read."""
    read = doubt.text
    word = word[len(doubt.head.casefold()) : len(word) - len(doubt.tail.casefold())]
    return in_its_case(read, word) if is_in_capitals(read) else lexicon.house.get(word) or in_its_case(read, word)


def in_its_case(read: str, word: str) -> str:
    """Return `word`, in lower case, with the capitals that `read` has where a capital may stand."""
    letters = [letter for letter in read if letter.isalpha()]
    if is_in_capitals(read) or (len(letters) > _TOO_SHORT and sum(map(str.isupper, letters)) > len(letters) / 2):
        return word.upper()
    if word[0] == "i" and read[0] in _CAPITAL_I:
        return "I" + word[1:]
    if word[0] == "o" and read[0] == "0" and len(word) > _TOO_SHORT:
        return "O" + word[1:]
    capitals = {
        op.dest_start + number
        for op in Levenshtein.opcodes(read.lower() if len(read.lower()) == len(read) else read, word)
        if op.tag in ("equal", "replace")
        for number in range(min(op.src_end - op.src_start, op.dest_end - op.dest_start))
        if read[op.src_start + number].isupper()
    }
    return "".join(
        letter.upper() if at in capitals and (not at or word[:at].endswith(_BEFORE_CAPITALS)) else letter
        for at, letter in enumerate(word)
    )


_TOO_SHORT = 3  # letters, to be in capitals but for some: `THe`
_CAPITAL_I = "lI|1!"  # what looks like one at the beginning of a word: lt, lhnen
_BEFORE_CAPITALS = (" ", "mc", "mac", "'")


def is_in_capitals(word: str) -> bool:
    """Tell whether `word` has several letters and all of them are capitals."""
    letters = [letter for letter in word if letter.isalpha()]
    return len(letters) > 1 and all(map(str.isupper, letters))
