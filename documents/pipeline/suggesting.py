"""What the doubtful words of a page may have been: what a reviewer can take with one key, or find with two letters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from documents.correction.lexicon import lexicon_for
from documents.correction.rewordings import Doubtful, rewordings
from documents.models import Document, Page, VocabularyTerm

MOST_WORDS = 200
"""A word takes some ten milliseconds, and whoever has more doubtful words on a page should have it read again."""

MOST_PAGES = 50
"""Pages of the document whose words are known as its own."""

SHORTEST = 3  # letters of a word that is worth knowing

_WORD = re.compile(r"[^\W\d_][\w'’-]*[^\W_]")


def suggestions(asked: Mapping[str, Doubtful], page: Page) -> dict[str, list[str]]:
    """Return for each of the words what it may have been, the likeliest first, by the names they are asked by.

    Empty for languages without a dictionary.
    """
    lexicon = lexicon_for(page.language)
    if lexicon is None:
        return {}
    lexicon = lexicon.with_house(VocabularyTerm.objects.for_document(page.document).values_list("term", flat=True))
    own = words_of(page.document, besides={word.text for word in asked.values()})
    some = list(asked.items())[:MOST_WORDS]
    return {name: found for name, word in some if (found := rewordings(word, lexicon, own))}


def words_of(document: Document, *, besides: set[str]) -> Counter[str]:
    """Return the words of a document's current texts with how often they stand there, without the doubtful ones."""
    texts = document.pages.filter(current__isnull=False).order_by("number").values_list("current__text", flat=True)
    words = Counter(word for text in texts[:MOST_PAGES] for word in _WORD.findall(text) if len(word) >= SHORTEST)
    for doubtful in besides:
        for word in _WORD.findall(doubtful):
            words[word] -= 1
    return +words
