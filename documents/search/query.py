"""What a person typed, as terms. Nothing typed reaches the index raw: FTS5 has a syntax of its own that fails."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MAX_CHARACTERS, MAX_TERMS = 200, 10
MIN_PREFIX = 3  # a one-letter prefix took 1.8 s on a million pages
CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_PART = re.compile(r'"([^"]*)"?|(\S+)')
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")  # some letters keep their accents beside them: i̇


@dataclass(frozen=True)
class Term:
    """One word or phrase to find: its words in small letters; `is_prefix` when anything may follow the last one."""

    words: tuple[str, ...]
    is_prefix: bool = False
    is_excluded: bool = False


@dataclass(frozen=True)
class Query:
    """The terms, all of which a page must hold (or not hold), and a hint when something was left out."""

    terms: tuple[Term, ...]
    hint: str = ""

    def __bool__(self) -> bool:
        return any(not term.is_excluded for term in self.terms)


def plain(text: str) -> str:
    """Return the text as the index holds it: ligatures and wide letters as plain ones, ß as ss, accents composed.

    Case and accents are left to the index, which knows only some of them: stripped here alone, й, が or 한 would never
    be found.
    """
    return unicodedata.normalize("NFKC", text.replace("ß", "ss").replace("ẞ", "SS"))


def fold(text: str) -> str:
    """Return the text for comparing outside the index: plain, and without case and accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words_of(text: str) -> list[str]:
    """Return the folded words of a text, in order."""
    return _WORD.findall(fold(text))


def bigrams(text: str) -> str:
    """Return the overlapping pairs of every Chinese or Japanese run, space-separated: 東京都 -> 東京 京都.

    The index takes such a run for one word; pairs make words of two characters and more findable.
    """
    pairs: list[str] = []
    for run in CJK.findall(text):
        pairs += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
    return " ".join(pairs)


def parse(typed: str) -> Query:
    """Return the query for what was typed: words, "phrases", pre*, -without. Never raises."""
    text = typed.replace("\x00", " ").strip()
    shortened = len(text) > MAX_CHARACTERS
    terms, hints = [], []
    for phrase, word in _PART.findall(text[:MAX_CHARACTERS]):
        term = _term(phrase or word, is_phrase=bool(phrase))
        if term and term not in terms:
            terms.append(term)
    if shortened or len(terms) > MAX_TERMS:
        hints.append("long")
    if terms and all(term.is_excluded for term in terms):
        hints.append("only_excluded")
    return Query(tuple(terms[:MAX_TERMS]), hints[0] if hints else "")


def _term(typed: str, *, is_phrase: bool) -> Term | None:
    is_excluded = not is_phrase and typed.startswith("-") and len(typed) > 1
    words = tuple(_WORD.findall(plain(typed.casefold())))
    if not words:
        return None
    is_prefix = not is_phrase and typed.endswith("*") and len(words[-1]) >= MIN_PREFIX
    return Term(words, is_prefix, is_excluded)
