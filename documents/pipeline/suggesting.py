"""Words of the dictionary that a doubtful word may have been: what a reviewer can take with one key."""

from __future__ import annotations

import re
from collections.abc import Iterable

from documents.correction.lexicon import Lexicon, lexicon_for
from documents.correction.spelling import spellings
from documents.models import Document, VocabularyTerm

MOST_WORDS = 200
"""A word takes milliseconds, and whoever has more doubtful words on a page should have it read again."""

SHOWN = 4
FREQUENT = 1.0
"""What one unit of Zipf frequency (ten times as frequent) is worth against the cost of a misreading (design figure)."""

_EDGES = re.compile(r"^([\W_]*)(.*?)([\W_]*)$", re.DOTALL)


def suggestions(words: Iterable[str], language: str, document: Document) -> dict[str, list[str]]:
    """Return for each of the words that is no word what it may have been, the likeliest first, at most SHOWN.

    Signs around a word and its capitals are kept. Empty for languages without a dictionary.
    """
    lexicon = lexicon_for(language)
    if lexicon is None:
        return {}
    lexicon = lexicon.with_house(VocabularyTerm.objects.for_document(document).values_list("term", flat=True))
    asked = list(dict.fromkeys(words))[:MOST_WORDS]
    return {word: found for word in asked if (found := _suggested(word, lexicon))}


def _suggested(word: str, lexicon: Lexicon) -> list[str]:
    before, core, after = _EDGES.match(word).groups()
    if not core or lexicon.knows(core):
        return []
    costs = spellings(core, lexicon)
    ranked = sorted(costs, key=lambda true: (costs[true] - FREQUENT * lexicon.zipf(true), true))
    return [f"{before}{_like(core, true)}{after}" for true in ranked[:SHOWN]]


def _like(read: str, true: str) -> str:
    """Return `true` with the capitals of what was read."""
    if len(read) > 1 and read.isupper():
        return true.upper()
    return true[:1].upper() + true[1:] if read[:1].isupper() else true
