"""Which words of a text a question meant: for snippets, and for the light on the scan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from documents.search.likeness import distance
from documents.search.query import Query, Term


@dataclass(frozen=True)
class Matches:
    """The words of a text that were meant, by their numbers; `is_near` when only words like them are there."""

    words: frozenset[int]
    is_near: bool = False

    def __bool__(self) -> bool:
        return bool(self.words)


def meant_words(query: Query, words: Sequence[str]) -> Matches:
    """Return which of the folded `words` of a text the query is about: the very words, else those like them."""
    places = {term: _places(term, words) for term in query.terms}
    exact = {number for found in places.values() for number in found}
    missing = [term.words[0] for term, found in places.items() if not found and _may_be_near(term)]
    near = {number for wanted in missing for number, word in enumerate(words) if distance(wanted, word)}
    return Matches(frozenset(exact | near), is_near=bool(near) and not exact)


def _places(term: Term, words: Sequence[str]) -> list[int]:
    """Return the numbers of the words that belong to the term: all of a phrase, where its words follow one another."""
    if term.is_cjk:
        return [number for number, word in enumerate(words) if any(wanted in word for wanted in term.words)]
    count = len(term.words)
    found: list[int] = []
    for start in _starts(term, words):
        if all(_is(term, place, words[start + place]) for place in range(count)):
            found += range(start, start + count)
    return found


def _starts(term: Term, words: Sequence[str]) -> Iterable[int]:
    """Return where the first word of the term stands, or may stand."""
    if term.is_prefix and len(term.words) == 1:
        return range(len(words))
    return [place for place, word in enumerate(words[: len(words) - len(term.words) + 1]) if word == term.words[0]]


def _is(term: Term, place: int, word: str) -> bool:
    wanted = term.words[place]
    return word == wanted or (term.is_prefix and place == len(term.words) - 1 and word.startswith(wanted))


def _may_be_near(term: Term) -> bool:
    return not (term.is_exact or term.is_prefix or term.is_cjk or len(term.words) > 1)
