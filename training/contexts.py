"""Which words follow which, counted in the texts: the files that documents/correction/contexts.py reads.

Absolute discounting (Ney, Essen and Kneser, 1994): a pair seen c times counts as c - DISCOUNT, and what is taken off is
shared by all that was not seen behind the first word.
"""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np

from documents.correction.contexts import FOLDER, STEP, key_of, tokens
from training.places import LANGUAGES
from training.text import text_of

DISCOUNT = 0.6
FEWEST_PAIRS = 2
"""Pairs that were seen once are left out: they are three in four, and half of the file's worth of noise."""

FEWEST_WORDS = 8
"""Times that a word has to be seen before what never followed it tells anything."""

MOST, LEAST = 8.0, -4.0  # nats


def make_contexts(folder: Path = FOLDER) -> list[Path]:
    """Write a file for each language into `folder`; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for language in LANGUAGES:
        made.append(folder / f"{language}.npz")
        np.savez_compressed(made[-1], **counted(text_of(language, held_out=False)))
    return made


def counted(text: str) -> dict[str, np.ndarray]:
    """Return keys and gains of pairs (`pairs`, `gains`), keys of words and what is left for others (`words`, `rests`).

    Keys are sorted, uint32, the rest int8 in steps of STEP nats.
    """
    found = tokens(text)
    words, pairs = Counter(found), Counter(pairwise(found))
    kept = {pair: count for pair, count in pairs.items() if count >= FEWEST_PAIRS}
    taken: Counter[str] = Counter()
    gains = {}
    for (first, second), count in kept.items():
        taken[first] += count - DISCOUNT
        gain = math.log((count - DISCOUNT) * len(found) / (words[first] * words[second]))
        gains[key_of(f"{first} {second}")] = gain
    rests = {
        key_of(word): math.log(max(math.exp(LEAST), 1 - taken[word] / count))
        for word, count in words.items()
        if count >= FEWEST_WORDS
    }
    return {**_table("pairs", "gains", gains), **_table("words", "rests", rests)}


def _table(keys: str, values: str, table: dict[int, float]) -> dict[str, np.ndarray]:
    ordered = sorted(table)
    steps = [round(min(MOST, max(LEAST, table[key])) / STEP) for key in ordered]
    return {keys: np.array(ordered, np.uint32), values: np.array(steps, np.int8)}
