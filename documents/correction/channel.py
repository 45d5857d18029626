"""Choosing instead of writing: a doubtful word is replaced by the word that it most probably was.

A noisy channel (Shannon, 1948; Kernighan, Church and Gale, 1990, for spelling): a candidate is worth how frequent it is
times how likely it is misread so, and it has to beat its rivals and the reading itself. Nothing can be invented: each
candidate is a word of the lexicon, of the house's vocabulary, of the same page, or the other engine's reading.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from documents.correction import confusions
from documents.correction.doubts import Doubt
from documents.correction.lexicon import Lexicon
from documents.correction.spelling import MOST_COST, most_cost, spellings

NATS = math.log(10)  # per unit of Zipf's scale
FLOOR_ZIPF = 1.0  # of a word that no list has
PAGE_WORD_DISTANCE = 2  # edits between a doubtful word and one that the page has elsewhere
SEEN_ENOUGH = 2  # times that a word has to stand on a page before it counts as one of its words
KEPT = 5  # candidates per word that are weighed
LONE_GAP = 6.0  # nats by which a candidate without rivals leads


@dataclass(frozen=True)
class Suggestion:
    """A word that a doubtful one may have been. `cost` is that of the misreading and `prior` the logarithm of the
    word's frequency, both in nats; `lead` is how far it is before the next best suggestion; `read` tells that another
    engine read it, `seen` how often the page has it elsewhere."""

    text: str
    cost: float
    prior: float
    read: bool
    seen: int
    lead: float = LONE_GAP


def suggest(doubt: Doubt, lexicon: Lexicon, words: Mapping[str, int]) -> list[Suggestion]:
    """Return up to KEPT words that `doubt` may have been, the most probable one first; none when nothing is near.

    `words` says how often the page has each word, in lower case.
    """
    read = doubt.text.casefold()
    costs = spellings(read, lexicon) | _words_of_the_page(read, words)
    others = {other.text.casefold() for other in doubt.others if lexicon.knows(other.text)} - {read}
    distances = {other: confusions.misreading_cost(read, other) for other in others}
    most = most_cost(read) if any(map(str.isdigit, read)) else math.inf
    costs |= {other: min(cost, MOST_COST) for other, cost in distances.items() if cost <= most}
    found = [
        Suggestion(_spelt(doubt.text, text, lexicon), cost, _prior(text, lexicon), text in others, words.get(text, 0))
        for text, cost in costs.items()
    ]
    return _with_leads(sorted(found, key=_worth, reverse=True)[:KEPT])


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


def _prior(text: str, lexicon: Lexicon) -> float:
    """Return the logarithm of how often the words of `text` follow one another, were they independent."""
    return sum(NATS * (max(lexicon.zipf(word), FLOOR_ZIPF) - 9) for word in text.split())


def _worth(suggestion: Suggestion) -> float:
    return suggestion.prior - suggestion.cost + 2.0 * suggestion.read + min(suggestion.seen, 2)


def _with_leads(ranked: list[Suggestion]) -> list[Suggestion]:
    worths = [_worth(suggestion) for suggestion in ranked]
    leads = [
        min(LONE_GAP, max(-LONE_GAP, worth - max(worths[:place] + worths[place + 1 :], default=worth - LONE_GAP)))
        for place, worth in enumerate(worths)
    ]
    return [replace(suggestion, lead=lead) for suggestion, lead in zip(ranked, leads, strict=True)]


def _spelt(read: str, word: str, lexicon: Lexicon) -> str:
    """Return `word` as the house spells it, else with the capitals that `read` has."""
    return in_its_case(read, word) if is_in_capitals(read) else lexicon.house.get(word) or in_its_case(read, word)


def in_its_case(read: str, word: str) -> str:
    """Return `word`, in lower case, with the capitals that `read` has."""
    letters = [letter for letter in read if letter.isalpha()]
    if len(letters) > 1 and all(map(str.isupper, letters)):
        return word.upper()
    cased = ""
    for op in Levenshtein.opcodes(read.casefold(), word) if len(read.casefold()) == len(read) else ():
        piece = word[op.dest_start : op.dest_end]
        cased += read[op.src_start : op.src_end] if op.tag == "equal" else piece
    cased = cased or word
    return cased[0].upper() + cased[1:] if read[0].isupper() else cased


EVIDENCE = (
    "bias", "fit", "lead", "doubt", "no figure", "listed", "name", "capitals", "short", "read so", "on the page",
    "repeated", "accent",
)  # fmt: skip


def evidence(doubt: Doubt, suggestion: Suggestion, *, seen: int, zipf: float) -> tuple[float, ...]:
    """Return the figures, in the order of EVIDENCE, whose weighted sum is the log-odds of a suggestion being right.

    `seen` is how often the page has the doubtful word itself, `zipf` how frequent the language's list has it.
    """
    capitals = is_in_capitals(doubt.text)
    accent_alone = suggestion.cost == confusions.ACCENT and doubt.text.isascii()
    return (
        1.0,
        (suggestion.prior - suggestion.cost + 15) / 4,
        suggestion.lead / 3,
        0.0 if doubt.confidence is None else -_log_odds(doubt.confidence),
        float(doubt.confidence is None),
        zipf,
        float(doubt.text[0].isupper() and not capitals),
        float(capitals),
        float(len(doubt.text) <= 3),
        float(suggestion.read),
        float(min(suggestion.seen, 2)),
        float(min(seen - 1, 2)),
        float(accent_alone),
    )


def _log_odds(probability: float) -> float:
    inside = min(max(probability, 0.02), 0.98)
    return math.log(inside / (1 - inside))


def is_in_capitals(word: str) -> bool:
    """Tell whether `word` has several letters and all of them are capitals."""
    letters = [letter for letter in word if letter.isalpha()]
    return len(letters) > 1 and all(map(str.isupper, letters))


# What each figure of EVIDENCE counts for: a logistic regression on the words of every other page of real scans
# (typescripts in five languages, old books, receipts) and of every fourth passage of two sets of text pairs.
# The second column is for words on which a model gave its opinion, the last row the weight of that opinion per nat.
_WEIGHTS = (
    (-0.76, -0.47),
    (0.96, 0.61),
    (0.85, 0.77),
    (0.52, 0.83),
    (0.30, 0.16),
    (-0.67, -0.42),
    (-0.16, -0.10),
    (-1.45, -0.48),
    (-0.39, -0.24),
    (0.96, -0.24),
    (0.58, 0.32),
    (-0.57, -1.18),
    (-0.86, -0.86),
)
OPINION_WEIGHT, MOST_OPINION = 0.16, 12.0
# A digit or a sign among letters is no word that a lexicon lacks: something was misread for certain.
GLYPH = 1.5


def log_odds(doubt: Doubt, suggestion: Suggestion, opinion: float | None, *, seen: int, zipf: float) -> float:
    """Return the log-odds (nats) of `suggestion` being right; `opinion` is the model's, in nats, None without one."""
    figures = evidence(doubt, suggestion, seen=seen, zipf=zipf)
    column = 0 if opinion is None else 1
    total = sum(weights[column] * figure for weights, figure in zip(_WEIGHTS, figures, strict=True))
    if opinion is not None:
        total += OPINION_WEIGHT * min(max(opinion, -MOST_OPINION), MOST_OPINION)
    return total + GLYPH * has_glyph_for_letter(doubt.text)


def has_glyph_for_letter(word: str) -> bool:
    """Tell whether a digit or a sign stands among letters that are not all capitals (Inv0ice, Tot@l; not T0TAL)."""
    return not word.isalpha() and sum(map(str.isalpha, word)) > 2 and not is_in_capitals(word)
