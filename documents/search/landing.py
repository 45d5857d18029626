"""Where on the scan a searched word stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from documents.search.query import CJK, Query, fold, words_of


def hit_boxes(query: Query, raw: Sequence[dict[str, Any]], current: Sequence[dict[str, Any]]) -> list[list[int]]:
    """Return the boxes of the searched words, in pixels of the page picture, top down.

    `raw` and `current` are stored lines. A word that only the corrected text holds has no box of its own there: its
    line is lit instead.
    """
    wanted = [(fold(word), term.is_prefix) for term in query.terms if not term.is_excluded for word in term.words]
    boxes = [word["box"] for line in raw for word in line.get("words", ()) if _holds(word["text"], wanted)]
    lit = {tuple(line["box"]) for line in raw if any(_holds(w["text"], wanted) for w in line.get("words", ()))}
    for line in current:
        if line.get("box") and tuple(line["box"]) not in lit and _holds(line["text"], wanted):
            boxes.append(line["box"])
    return sorted(boxes, key=lambda box: (box[1], box[0]))


def _holds(text: str, wanted: list[tuple[str, bool]]) -> bool:
    have = words_of(text)
    return any(_matches(have_word, word, is_prefix) for word, is_prefix in wanted for have_word in have)


def _matches(have: str, word: str, is_prefix: bool) -> bool:
    if CJK.search(word):
        return word in have
    return have.startswith(word) if is_prefix else have == word
