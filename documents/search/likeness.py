"""Words that OCR or a person may have written for one another: the same key, or one or two letters apart.

`key` makes letters that OCR takes for one another the same, so that such a mistake costs nothing; what is left is
counted in edits (Levenshtein, 1966).
"""

from __future__ import annotations

import re

from rapidfuzz.distance import Levenshtein

_ALIKE = str.maketrans("0lj15829qeuf6h", "oiiisszggcntbb")
"""0 o, 1 l j i, 5 8 s, 2 z, 9 q g, e c, u n, f t, 6 h b: the confusions that OCR evaluations list first (Rice, Nagy and
Nartker, Optical Character Recognition, 1999)."""

# Of letters that are the same already: ci is cl and el too.
_PAIRS = {"rn": "m", "vv": "w", "ci": "d", "ri": "n", "ii": "b"}
_PAIR = re.compile("|".join(_PAIRS))
SHORTEST = 4  # of three letters, every other word is one edit from another one
MOST_EDITS = 3  # two places read rn for m are four edits apart, but of one key; one such place is two


def key(word: str) -> str:
    """Return the word with letters that look alike made the same: modern, modem -> one key."""
    return _PAIR.sub(lambda pair: _PAIRS[pair.group()], word.translate(_ALIKE))


def distance(one: str, other: str) -> tuple[int, int] | None:
    """Return how far two folded words are apart, (edits between their keys, edits), or None when too far.

    Up to five letters one edit between keys is near, from six on two; words with digits must have one key, since
    another number is another thing.
    """
    between_keys = Levenshtein.distance(key(one), key(other), score_cutoff=2)
    if between_keys > allowed_edits(one) or (between_keys and other.isdigit()):
        return None
    edits = Levenshtein.distance(one, other, score_cutoff=MOST_EDITS)
    return None if edits > MOST_EDITS else (between_keys, edits)


def allowed_edits(word: str) -> int:
    """Return how many edits between the keys are near for this word."""
    if len(word) < SHORTEST or _has_digit(word):
        return 0
    return 1 if len(word) < 6 else 2


def _has_digit(word: str) -> bool:
    return any(letter.isdigit() for letter in word)
