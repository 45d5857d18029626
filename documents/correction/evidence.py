"""How probable it is that a doubtful word was another: evidence for each candidate and the reading, and its weights.

A conditional logit (McFadden, 1973): the probability of each candidate, and of the reading being right or beyond the
candidates, is proportional to the exponential of a weighted sum of figures.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from documents.correction import confusions
from documents.correction.channel import LEAST_READ, Page, Suggestion, fit, is_in_capitals
from documents.correction.doubts import Doubt
from documents.correction.kinds import Kind
from documents.correction.lexicon import KNOWN_ZIPF, Lexicon

OF_A_CANDIDATE = (
    "frequency", "misreading", "left", "right", "read by the other engine", "on the page", "accent alone",
    "accents on the page", "parted", "first", "misread so elsewhere", "opinion", "signs undone",
    "held possible",
)  # fmt: skip
OF_THE_READING = (
    "bias", "confidence", "no figure", "listed", "name", "capitals", "short", "repeated", "engines agree", "figures",
    "length", "compound", "edge", "unknown words",
)  # fmt: skip
FEWEST = -3.0  # logarithm of how much rarer a page may have a letter than its language
MOST_OPINION = 12.0  # nats
SHORT, LONG = 3, 12  # letters
LEAST_SHARE = 1e-9  # of a probability, so that its logarithm is a number


def log_odds(
    doubt: Doubt,
    some: Sequence[Suggestion],
    opinions: Sequence[float | None],
    *,
    lexicon: Lexicon,
    page: Page,
    kind: Kind,
) -> list[float]:
    """Return the log-odds (nats) of each suggestion being right, against the reading and the other suggestions.

    `some` are all that come into question; `opinions` are the model's in nats, None where it has none.
    """
    column = 2 * lexicon.knows(doubt.word) + any(opinion is not None for opinion in opinions)
    scores = [_sum(_FOR_READING, column, of_the_reading(doubt, lexicon, page, kind))]
    first = max(some, key=lambda one: one.worth)
    for one, opinion in zip(some, opinions, strict=True):
        figures = of_a_candidate(one, doubt, lexicon, page, is_first=one is first, opinion=opinion)
        scores.append(_sum(_FOR_CANDIDATE, column, figures))
    most = max(scores)
    shares = [math.exp(score - most) for score in scores]
    whole = sum(shares)
    return [math.log(max(share, LEAST_SHARE)) - math.log(max(whole - share, LEAST_SHARE)) for share in shares[1:]]


def _sum(weights: Sequence[Sequence[float]], column: int, figures: Sequence[float]) -> float:
    return sum(row[column] * figure for row, figure in zip(weights, figures, strict=True))


def probability(odds: float) -> float:
    """Return the probability of that log-odds."""
    return 1 / (1 + math.exp(-odds))


def of_a_candidate(
    one: Suggestion, doubt: Doubt, lexicon: Lexicon, page: Page, *, is_first: bool, opinion: float | None
) -> tuple[float, ...]:
    """Return the figures for a candidate, in the order of OF_A_CANDIDATE. `opinion` is the model's, in nats.

    Where the reading is a known word, frequency and neighbours are compared with its own.
    """
    prior, left, right = fit(doubt.word, doubt, lexicon) if lexicon.knows(doubt.word) else (0.0, 0.0, 0.0)
    changes = confusions.misreadings(doubt.text, one.text)
    accents = _accents(changes)
    return (
        (one.prior - prior) / 4,
        -one.cost / 4,
        (one.left - left) / 2,
        (one.right - right) / 2,
        float(one.read > 0),
        float(min(one.seen, 2)),
        float(bool(accents) and len(accents) == len(changes)),
        min((_use_of(letter, lexicon, page) for letter in accents), default=0.0),
        float(" " in one.text),
        float(is_first),
        sum(math.log1p(page.misread_so(change, doubt.word)) for change in changes),
        0.0 if opinion is None else min(max(opinion, -MOST_OPINION), MOST_OPINION) / 4,
        float(_are_signs_undone(doubt.text, changes)),
        math.log(one.read / LEAST_READ) / 4 if one.read else 0.0,
    )


def of_the_reading(doubt: Doubt, lexicon: Lexicon, page: Page, kind: Kind) -> tuple[float, ...]:
    """Return the figures for leaving the word as it was read, in the order of OF_THE_READING."""
    capitals = is_in_capitals(doubt.text)
    return (
        1.0,
        0.0 if doubt.confidence is None else _logit(doubt.confidence),
        float(doubt.confidence is None),
        _listed(doubt.word, lexicon),
        float((doubt.head or doubt.text)[0].isupper() and not capitals),
        float(capitals),
        float(len(doubt.word) <= SHORT),
        float(min(page.words.get(doubt.word, 1) - 1, 2)),
        float(doubt.confidence is not None and not doubt.others),
        float(kind == "receipt"),
        min(len(doubt.word), LONG) / LONG,
        float(lexicon.parts_of(doubt.word) is not None),
        float(doubt.is_cut),
        _logit(page.unknown) - _logit(lexicon.usual_unknown),
    )


def _listed(word: str, lexicon: Lexicon) -> float:
    """Return the frequency of `word`, Zipf's; 0.0 for frequent misreadings, which the lists hold as words (`tho`)."""
    zipf = lexicon.zipf(word)
    return 0.0 if zipf >= KNOWN_ZIPF and not lexicon.knows(word) else zipf


def is_accent_alone(read: str, true: str) -> bool:
    """Tell whether the two words differ in nothing but accents."""
    bare = ["".join(map(confusions.bare, word.casefold())) for word in (read, true)]
    return bare[0] == bare[1] and read.casefold() != true.casefold()


def _accents(changes: Sequence[tuple[str, str]]) -> list[str]:
    """Return the letters with an accent among those that were read without it."""
    return [true for read, true in changes if len(read) == len(true) == 1 and confusions.bare(true) == read]


def _are_signs_undone(read: str, changes: Sequence[tuple[str, str]]) -> bool:
    """Tell whether digits or signs were read for letters (Inv0ice, Tot@l; in capitals, T0TAL, they may stand so)."""
    signs = [len(sign) == len(true) and true.isalpha() and not any(map(str.isalpha, sign)) for sign, true in changes]
    return bool(signs) and all(signs) and not is_in_capitals(read)


def _use_of(letter: str, lexicon: Lexicon, page: Page) -> float:
    """Return how much rarer the page has a letter than the language, a logarithm from FEWEST to 0.

    Many typewriters had no accents, and old spelling had fewer of them: then a word without one is no misreading.
    """
    wanted = lexicon.letter_shares.get(letter, 0.0) * sum(page.letters.values())
    return max(FEWEST, min(0.0, math.log((page.letters.get(letter, 0) + 0.5) / (wanted + 0.5))))


def _logit(share: float) -> float:
    inside = min(max(share, 0.02), 0.98)
    return math.log(inside / (1 - inside))


# What each figure counts for, the most probable weights under a normal prior. The columns: words that no lexicon has,
# without and with the model's opinion; known words, without and with it. Fitted on the words of real scans
# (typescripts in five languages, old books, receipts; these count half) and of two sets of text pairs (newspapers
# half, French receipts a quarter), those with an opinion on the English ones; drawn lines made them no better. Out of
# sample, by pages: bench/README.md. "signs undone" is set by hand: such words are too few to fit it, and no word that
# a lexicon lacks has a digit or a sign inside.
_FOR_CANDIDATE = (
    (1.05, 1.06, 0.77, 0.99),  # frequency
    (1.12, 1.10, 1.74, 2.10),  # misreading
    (0.49, 0.51, 0.79, 0.89),  # left
    (0.60, 0.65, 0.83, 1.10),  # right
    (-0.43, -0.47, 0.87, 0.70),  # read by the other engine
    (0.79, 0.48, 0.43, 0.28),  # on the page
    (0.08, 0.07, -0.33, -0.33),  # accent alone
    (0.82, 0.82, -0.26, -0.26),  # accents on the page
    (0.51, 0.34, 0.00, 0.00),  # parted
    (1.50, 1.22, 0.69, 0.48),  # first
    (1.18, 1.14, 0.60, 0.72),  # misread so elsewhere
    (0.00, 0.61, 0.00, 0.74),  # opinion
    (3.00, 3.00, 0.00, 0.00),  # signs undone
    (0.96, 0.79, 1.36, 1.20),  # held possible
)
_FOR_READING = (
    (-1.39, -1.36, 0.83, 0.91),  # bias
    (0.46, 0.13, 0.27, 0.81),  # confidence
    (-1.10, -1.26, -0.90, -0.71),  # no figure
    (1.10, 1.15, 0.33, 0.09),  # listed
    (0.14, -0.19, 0.19, 0.25),  # name
    (0.57, -0.04, 0.73, 0.86),  # capitals
    (-0.02, 0.01, -0.03, 0.09),  # short
    (0.62, 0.84, 0.10, 0.42),  # repeated
    (0.49, 0.61, 0.68, 0.74),  # engines agree
    (1.21, 0.74, 0.00, 0.00),  # figures
    (-1.98, -3.16, 0.26, 0.19),  # length
    (0.19, 0.19, -0.27, -0.27),  # compound
    (-0.16, 0.08, 0.21, 0.36),  # edge
    (-0.32, -0.25, 0.23, 0.03),  # unknown words
)
