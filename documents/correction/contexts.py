"""How well a word fits between its neighbours: which words follow which, counted in running text, per language.

The files in word_pairs/ are made by the training package (`python -m training contexts`) from its texts: novels of the
19th and early 20th centuries (English: public domain; French, German, Spanish and Czech: ELTeC, CC BY 4.0) and Debian's
documentation in Danish. They hold hashes and rounded logarithms of shares, no text.
"""

from __future__ import annotations

import re
import zlib
from functools import lru_cache
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent / "word_pairs"
STEP = 0.1
"""Nats per unit of the stored bytes."""

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|[.!?;:,]")


class Contexts:
    """Which words follow which in one language."""

    def __init__(self, path: Path) -> None:
        """Load the statistics that training/contexts.py wrote."""
        with np.load(path) as stored:
            self._pairs, self._gains = stored["pairs"], stored["gains"]
            self._words, self._rests = stored["words"], stored["rests"]

    def gain(self, first: str, second: str) -> float:
        """Return by how many nats `second` is likelier behind `first` than anywhere else; both are tokens.

        Negative where `first` was seen often and `second` never behind it; 0.0 where too little is known.
        """
        found = _find(self._pairs, key_of(f"{first} {second}"))
        if found is not None:
            return STEP * float(self._gains[found])
        found = _find(self._words, key_of(first))
        return STEP * float(self._rests[found]) if found is not None else 0.0


def _find(keys: np.ndarray, key: int) -> int | None:
    at = int(np.searchsorted(keys, np.uint32(key)))
    return at if at < len(keys) and keys[at] == key else None


def key_of(text: str) -> int:
    """Return the number, 32 bits, under which a word or a pair of words is stored."""
    return zlib.crc32(text.encode())


def tokens(text: str) -> list[str]:
    """Return words in lower case and signs; what ends a sentence or a clause is "." """
    return ["." if token in ".!?;:" else token.replace("’", "'").casefold() for token in _TOKEN.findall(text)]


@lru_cache(maxsize=8)
def contexts_for(language: str) -> Contexts | None:
    """Return the statistics of a language ("en"), None where there are none."""
    path = FOLDER / f"{language}.npz"
    return Contexts(path) if path.is_file() else None
