"""How an answer follows its source: where it may depart, where it did, and where it goes on. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rapidfuzz.distance import Levenshtein

# After a departure the place in the source is found again by the last bytes written (design figure: 24 are enough
# to be unique, and a departure moves the text by a few bytes at most).
TAIL_BYTES = 24
DRIFT_BYTES = 8


def open_places(biases: np.ndarray, most: int) -> list[int]:
    """Return where in a draft the model may depart, the first `most` of them; frozen tokens it is not asked about."""
    return np.flatnonzero(np.isfinite(biases))[:most].tolist() if len(biases) else [0]


def first_departure(
    rows: np.ndarray, draft: Sequence[int], places: Sequence[int], biases: np.ndarray
) -> tuple[int, int | None, float | None]:
    """Return how many tokens of `draft` are copied, the token written instead of the next one, and its log-odds.

    `rows` are the model's logits at the `places` of the draft.
    """
    best = rows.argmax(axis=1)
    if not draft:
        return 0, int(best[0]), None
    each = np.arange(len(places))
    odds = rows[each, best] - rows[each, np.asarray(draft)[places]]
    departures = np.flatnonzero(odds > biases[places])
    if not len(departures):
        return len(draft), None, None
    first = int(departures[0])
    return places[first], int(best[first]), float(odds[first])


def place_after(source: bytes, written: bytes, expected: int, departed: int | None) -> int:
    """Return the position in `source` that goes on from what is `written`; `expected` when nothing departed."""
    if departed is None:
        return expected
    tail = written[-TAIL_BYTES:]

    def distance(at: int) -> tuple[int, int]:
        # Where the tail begins in the source is free: what was put in or left out has moved it.
        starts = {max(0, at - len(tail) + moved) for moved in range(-DRIFT_BYTES, DRIFT_BYTES + 1)}
        return min(Levenshtein.distance(tail, source[start:at]) for start in starts), abs(at - expected)

    places = range(max(0, expected - DRIFT_BYTES), min(len(source), expected + DRIFT_BYTES) + 1)
    at = min(places, key=distance, default=len(source))
    while at < len(source) and source[at] & 0xC0 == 0x80:  # never start inside a UTF-8 character
        at += 1
    return at
