"""Running text, by language. The last part of every file is held out: a file holds whole books one after the other."""

from __future__ import annotations

import lzma
import random
import re
from functools import lru_cache
from pathlib import Path

from training.places import TEXT

HELD_OUT = 0.05
"""The part at the end of a language's text that no pair for training is made of: 0.4 MB of 8 MB, one novel or two."""

_BLANKS = re.compile(r"\s+")
_LOOSE = re.compile(r" (?=[.,)])")  # no language has a blank there; where a text has, its own OCR put it


@lru_cache(maxsize=12)
def text_of(language: str, *, held_out: bool, folder: Path = TEXT) -> str:
    """Return the text for training or the held-out text, paragraphs joined by blanks.

    Raises FileNotFoundError with a sentence when the language's file is missing.
    """
    path = folder / f"{language}.txt.xz"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing. training/README.md says where the text comes from.")
    whole = _LOOSE.sub("", _BLANKS.sub(" ", lzma.decompress(path.read_bytes()).decode()))
    cut = whole.index(" ", int(len(whole) * (1 - HELD_OUT)))
    return whole[cut:] if held_out else whole[:cut]


def passage(text: str, length: int, chance: random.Random) -> str:
    """Return about `length` characters of `text` as a printed line would hold them.

    It starts with a word or with the rest of a word that the line above broke off, and ends with a whole word or,
    one time in eight, with a hyphen: a corrector must not complete what the next line holds.
    """
    start = text.index(" ", chance.randrange(len(text) - 4 * length)) + 1
    if chance.random() < 0.08:
        start += min(3, max(0, text.index(" ", start) - start - 2))
    end = start + length
    if chance.random() < 0.12 and text[end - 2 : end + 2].isalpha():
        return text[start:end].strip() + "-"
    end = text.rfind(" ", start + 1, end + 1)
    return text[start:end].strip() if end > start else text[start : start + length].strip()
