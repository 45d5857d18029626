"""The words in their place: a piece of a page's text around what was looked for."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from documents.search.matching import meant_words
from documents.search.query import Query
from documents.search.words import CJK, joined, placed_words

WORDS_AROUND, LETTERS_AROUND = 12, 30  # letters where words are not set apart


@dataclass(frozen=True)
class Snippet:
    """`text` is safe HTML with <mark>; `layer` says which text holds the words: current or raw, "" when none were
    looked for; `is_near` when it holds only words like them."""

    text: SafeString
    layer: str
    is_near: bool = False


def snippet(query: Query, *, current: str, raw: str, title: str = "") -> Snippet:
    """Return the piece of the page's text that shows best what was found.

    The current text comes first, then the raw one; the title, where only it holds the words; words that are only like
    them come last.
    """
    near = None
    for text, layer in ((current, "current"), (raw, "raw")):
        found = _try(query, text, layer)
        if found and not found.is_near:
            return found
        near = near or found
    if title and (found := _try(query, title, "current")) and not found.is_near:
        return Snippet(mark_safe(f"{found.text} — {_marked(current[: 8 * WORDS_AROUND], [])}"), "current")
    return near or Snippet(_beginning(current), "")


def _try(query: Query, text: str, layer: str) -> Snippet | None:
    text = joined(text)[0]
    words = placed_words(text)
    meant = meant_words(query, [word for word, _start, _end in words])
    if not meant:
        return None
    lit = sorted(meant.words)
    first, last = _window(lit, len(words))
    marks = [_mark(query, text, *words[number][1:]) for number in lit if first <= number <= last]
    start, end = _cut(text, words, first, last, marks)
    inside = [(a - start, b - start) for a, b in dict.fromkeys(marks) if start <= a and b <= end]
    piece = _marked(text[start:end], inside)
    return Snippet(mark_safe(f"{'…' if start else ''}{piece}{'…' if end < len(text) else ''}"), layer, meant.is_near)


def _window(lit: list[int], count: int) -> tuple[int, int]:
    """Return the first and last word of the piece: the one with most of the lit words."""
    size = 2 * WORDS_AROUND
    best = max(lit, key=lambda start: (sum(start <= other < start + size - 4 for other in lit), -start))
    first = max(0, best - 4)
    return first, min(count - 1, first + size)


def _mark(query: Query, text: str, start: int, end: int) -> tuple[int, int]:
    """Return what to mark of a word: all of it, or where it is written without gaps, the characters looked for."""
    for term in query.terms:
        for wanted in term.words if term.is_cjk else ():
            if (place := text.find(wanted, start, end)) >= 0:
                return place, place + len(wanted)
    return start, end


def _cut(text: str, words: list, first: int, last: int, marks: list[tuple[int, int]]) -> tuple[int, int]:
    start, end = words[first][1] if first else 0, words[last][2] if last < len(words) - 1 else len(text)
    if CJK.search(text, start, end) or end - start > 40 * WORDS_AROUND:
        start = max(start, min(a for a, _b in marks) - LETTERS_AROUND)
        end = min(end, start + 8 * LETTERS_AROUND)
    return start, end


def _beginning(text: str) -> SafeString:
    whole, size = joined(text)[0], 16 * WORDS_AROUND
    if len(whole) <= size:
        return _marked(whole, [])
    words, blank, _part_of_one = whole[:size].rpartition(" ")
    return mark_safe(f"{_marked(words if blank else whole[:size], [])}…")


def _marked(text: str, marks: list[tuple[int, int]]) -> SafeString:
    """Return the text as safe HTML with the marks in it, each piece escaped on its own."""
    pieces, place = [], 0
    for start, end in sorted(marks):
        pieces += [escape(text[place:start]), mark_safe("<mark>"), escape(text[start:end]), mark_safe("</mark>")]
        place = end
    return mark_safe("".join([*pieces, escape(text[place:])]).replace("\n", " "))
