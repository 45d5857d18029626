"""What the index holds of a page, the same in both databases."""

from __future__ import annotations

from typing import NamedTuple

from documents.search.words import bigrams, joined, plain

VERSION = 3
"""Raised when texts are written into the index in another way; the sweeper then writes an older index anew."""


class Row(NamedTuple):
    """The folded words of one page. `title` is its document's, on the first page; `raw` are the lines that differ from
    the current ones; `grams` are pairs of Chinese and Japanese characters, and the halves of words cut at a line's end.
    """

    page_id: int
    document_id: int
    title: str
    current: str
    raw: str
    grams: str

    def words(self) -> set[str]:
        """Return the different words of the row."""
        return {*self.title.split(), *self.current.split(), *self.raw.split(), *self.grams.split()}


def row_of(page_id: int, document_id: int, *, title: str, current: str, raw: str) -> Row:
    """Return the row for a page's title ("" unless it is the first page), current text and raw text."""
    whole, halves = joined(current)
    raw_whole, raw_halves = joined(_differing(raw, current))
    title_words, current_words, raw_words = plain(title), plain(whole), plain(raw_whole)
    pairs = [_pairs(title_words), _pairs(current_words), _pairs(raw_words)]
    grams = " ".join(part for part in (*pairs, plain(halves), plain(raw_halves)) if part)
    return Row(page_id, document_id, f"{title_words} {pairs[0]}".strip(), current_words, raw_words, grams)


def _pairs(words: str) -> str:
    return "" if words.isascii() else bigrams(words)


def _differing(raw: str, current: str) -> str:
    """Return the raw text as far as the current one says something else: line by line, since a line keeps its place."""
    if raw == current:
        return ""
    have = set(current.split("\n"))
    return "\n".join(line for line in raw.split("\n") if line not in have)
