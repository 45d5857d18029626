"""Adding words to the vocabulary, from a list as people have it."""

from __future__ import annotations

from collections.abc import Iterable

from documents.models import Document, Tag, VocabularyTerm
from documents.pipeline.texts import clean

LONGEST = VocabularyTerm._meta.get_field("term").max_length or 0
MOST = 5000
"""Terms in one list: the words near a doubtful one are looked for among all of them."""


def terms_in(text: str) -> list[str]:
    """Return the terms of a list, one per line, without double ones, too long ones and lines that begin with #."""
    lines = (" ".join(clean(line).split()) for line in text.splitlines())
    return list(dict.fromkeys(line for line in lines if line and not line.startswith("#") and len(line) <= LONGEST))[
        :MOST
    ]


def add_terms(
    terms: Iterable[str], *, language: str = "", document: Document | None = None, tag: Tag | None = None
) -> int:
    """Add the terms that are not there yet. Return how many those were."""
    place = {"language": language, "document": document, "tag": tag}
    there = set(VocabularyTerm.objects.filter(**place).values_list("term", flat=True))
    new = [VocabularyTerm(term=term, **place) for term in dict.fromkeys(terms) if term not in there]
    return len(VocabularyTerm.objects.bulk_create(new, batch_size=500))
