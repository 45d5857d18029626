"""The window that the model sees: one piece of a line as read, and the same piece as it should be.

<s>, the raw bytes padded to `size` positions, <sep>, the true bytes, </s>. The fixed place of the answer makes copying
one fixed distance, which a small model learns first (see documents/correction/byte_window.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import Levenshtein

from documents.correction.byte_window import (
    END,
    PADDING,
    SEPARATOR,
    SPARE_BYTES,
    START,
    chunk_bytes,
    positions,
)

RAW, TRUTH = 1, 2  # what the mask says of a position: to be predicted as raw text or as the answer; 0 is neither

# Marks that no engine can tell apart and no reader misses; a corrector has no business with them.
SAME_MARKS = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-",
                            "−": "-"})  # fmt: skip
_WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class Window:
    """One example, both sides at most as long as the window allows."""

    raw: str
    truth: str


def agreed(raw: str, truth: str) -> str:
    """Return the truth as far as it can be known from `raw`.

    One mark for another of the same looks stays as read, and so do digits that are wrong, missing or too many: no model
    can see which digit stood there, and one that is taught to guess will guess in amounts.
    """
    found = []
    for op in Levenshtein.opcodes(truth, raw):
        ours, theirs = truth[op.src_start : op.src_end], raw[op.dest_start : op.dest_end]
        if (ours + theirs).isdigit():
            found.append(theirs)
        elif op.tag == "replace" and len(ours) == len(theirs):
            found += map(_known, theirs, ours)
        else:
            found.append(ours)
    return "".join(found)


def _known(read: str, true: str) -> str:
    unknowable = (read.isdigit() and true.isdigit()) or read.translate(SAME_MARKS) == true.translate(SAME_MARKS)
    return read if unknowable else true


def pieces(raw: str, truth: str, size: int) -> Iterator[Window]:
    """Yield the windows of one line, cut at blanks of the raw line as at work, the truth cut at the same places.

    Places where raw and true words do not part alike cannot be cut; what is then too long is left out.
    """
    cuts = _common_blanks(raw, truth)
    start = (0, 0)
    for word in _WORD.finditer(raw):
        if len(raw[start[0] : word.end()].encode()) <= chunk_bytes(size):
            continue
        ends = [cut for cut in cuts if start < cut <= (word.start() - 1, len(truth))]
        if not ends:
            return
        yield from _window(raw[start[0] : ends[-1][0]], truth[start[1] : ends[-1][1]], size)
        start = (ends[-1][0] + 1, ends[-1][1] + 1)
    yield from _window(raw[start[0] :], truth[start[1] :], size)


def _common_blanks(raw: str, truth: str) -> list[tuple[int, int]]:
    """Return the places (in raw, in truth) of the blanks that both have."""
    return [
        (block.b + i, block.a + i)
        for block in Levenshtein.opcodes(truth, raw).as_matching_blocks()
        for i in range(block.size)
        if truth[block.a + i] == " "
    ]


def _window(raw: str, truth: str, size: int) -> Iterator[Window]:
    if raw.strip() and truth.strip() and len(raw.encode()) <= size and len(truth.encode()) <= size + SPARE_BYTES:
        yield Window(raw, truth)


def encoded(window: Window, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the token ids and the mask (RAW, TRUTH or 0), each int16 and `positions(size)` long.

    mask[i] says what ids[i] is; the model predicts it from the ids before.
    """
    ids, mask = np.full(positions(size), PADDING, np.int16), np.zeros(positions(size), np.int16)
    raw, truth = window.raw.encode(), [*window.truth.encode(), END]
    ids[0], ids[size + 1] = START, SEPARATOR
    ids[1 : 1 + len(raw)], mask[1 : 1 + len(raw)] = list(raw), RAW
    ids[size + 2 : size + 2 + len(truth)], mask[size + 2 : size + 2 + len(truth)] = truth, TRUTH
    return ids, mask
