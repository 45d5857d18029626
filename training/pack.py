"""Makes the pack that a training run takes (see material.py) from the texts and the shards of pairs."""

from __future__ import annotations

import shutil

from rapidfuzz.distance import Levenshtein

from training.lines import LineMaker
from training.material import write
from training.noise import READABLE, fitted, save
from training.pairs import Pair, read_pairs
from training.places import LANGUAGES, PACK, TEXT
from training.windows import Window, agreed, pieces

COPIED = frozenset({"code", "invented"})
"""Kinds of line that nobody can put right without the picture: there the reading itself is the right answer."""

LINES = 300_000
HELD_OUT = 4_000  # windows: measuring takes half a minute


def make_pack(window: int, lines: int = LINES) -> dict[str, int]:
    """Write the pack for windows of that many bytes; return how many of each thing it holds.

    Raises ValueError when there are no pairs yet.
    """
    PACK.mkdir(parents=True, exist_ok=True)
    pairs = [pair for pair in read_pairs(held_out=False) if is_readable(pair)]
    noises = {language: fitted((p.raw, p.truth) for p in pairs if p.language == language) for language in LANGUAGES}
    save(noises, PACK / "noise.json")
    real = windows_of(pairs, window)
    wrong = [one for one in real if one.raw != one.truth]
    kept = windows_of([pair for pair in read_pairs(held_out=True) if is_readable(pair)], window)
    write(PACK, "real", [[one.raw, one.truth] for one in wrong])
    write(PACK, "held-out", [[one.raw, one.truth] for one in kept[:HELD_OUT]])
    if not (PACK / "lines.json.xz").is_file():
        write(PACK, "lines", other_lines(lines))
    shutil.copytree(TEXT, PACK / "text", dirs_exist_ok=True)
    return {"pairs": len(pairs), "windows": len(real), "with mistakes": len(wrong), "held out": len(kept)}


def is_readable(pair: Pair) -> bool:
    """Tell whether enough was read right for the rest to be guessed."""
    return Levenshtein.distance(pair.raw, pair.truth) <= READABLE * len(pair.truth)


def windows_of(pairs: list[Pair], window: int) -> list[Window]:
    """Return the windows of all pairs, each with the answer that can be known from what was read."""
    found = []
    for pair in pairs:
        truth = pair.raw if pair.kind in COPIED else agreed(pair.raw, pair.truth)
        found += pieces(pair.raw, truth, window)
    return found


def other_lines(count: int) -> dict[str, list[str]]:
    """Return `count` true lines that are not prose, by language."""
    maker, found = LineMaker(7), {language: [] for language in LANGUAGES}
    for _ in range(count):
        line = maker.line()
        while line.kind == "prose":
            line = maker.line()
        found[line.language].append(line.text)
    return found
