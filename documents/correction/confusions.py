"""Which characters OCR takes for which, and how unlikely each mistake is.

Costs are in nats: minus the natural logarithm of how often the true characters are read so. They are levels, not fine
figures: counted in 1,900 mistakes on the even pages of real scans (typescripts in five languages, old books, receipts),
in French receipts, and in 8,300 mistakes of both engines on drawn lines in six languages (training/pairs.py), the
mistakes of one pair lie within one nat of their level.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

# What is read (key) for what stands there (values, between blanks): two shapes that differ by a stroke or a blot.
_LIKELY = {
    "0": "o", "1": "l i t", "5": "s", "6": "b g", "8": "b g", "9": "g q", "3": "e", "4": "a", "7": "t", "2": "z",
    "|": "i l t", "!": "i l", "[": "l", "]": "l", "@": "a", "€": "e c", "$": "s", "£": "e l", "(": "c", "¢": "c",
    "rn": "m", "ni": "m", "in": "m", "nn": "m", "rri": "m", "iii": "m", "li": "h", "lh": "h", "ii": "n u", "il": "u n",
    "cl": "d", "ci": "a d", "vv": "w", "ri": "n", "ln": "m", "lt": "k h", "tl": "h", "fi": "h", "ij": "y",
    "b": "h", "h": "b", "c": "e o t g", "e": "c o a s æ", "o": "e c a", "u": "n a", "n": "u r h m", "i": "l t j",
    "l": "i t f", "f": "t", "t": "f l i s", "q": "g", "g": "q", "v": "y u", "y": "v", "s": "a e z", "a": "s o e d",
    "m": "rn in n", "d": "cl", "rm": "nn", "k": "h", "z": "x s", "j": "i", "r": "n t f", "p": "n f", "w": "vv",
    "ae": "æ",
}  # fmt: skip
LIKELY = 4.5
PLAUSIBLE = 6.0  # one letter of the same kind for another: `x` for `n`
ACCENT = 2.5  # an accent lost: `r` for `ř`
OTHER_ACCENT, ACCENT_ADDED = 4.0, 5.5  # `ü` for `ů`; `á` for `a`
BLOT = 4.0  # a sign inside a word that is none: `M~argate`
DOUBLED = 5.5  # a letter written twice, or one of two lost: `Helllo`
SWAPPED = 6.0  # two letters that changed places: `wrold`; a typist's mistake, not an engine's
ADDED, LOST = 6.5, 7.0
SPACE_ADDED, SPACE_LOST = 5.5, 4.5
UNLIKELY = 12.0  # a digit that looks like none of the letters

_KEYS_OF_TWO = 3  # characters of the longest key


@lru_cache(maxsize=4096)
def bare(character: str) -> str:
    """Return the character without its accents: `r` for `ř`; `ø`, `ß` and their like by the letter they look like."""
    alike = {"ø": "o", "ł": "l", "đ": "d", "ß": "b", "æ": "a", "œ": "o", "ı": "i", "þ": "b", "ð": "d"}
    return alike.get(character) or unicodedata.normalize("NFD", character)[0]


def lookalikes(text: str) -> list[tuple[int, int, str, float]]:
    """Return (start, end, true characters, cost) for everything in `text`, lower case, that is often misread."""
    found = []
    for start in range(len(text)):
        for end in range(start + 1, min(start + _KEYS_OF_TWO, len(text)) + 1):
            found += [(start, end, true, LIKELY) for true in _LIKELY.get(text[start:end], "").split()]
    return found


def substitution_cost(read: str, true: str) -> float:
    """Return the cost of reading one character as another, both in lower case."""
    if true in _LIKELY.get(read, "").split():
        return LIKELY
    if bare(read) == bare(true):
        return ACCENT if read.isascii() else ACCENT_ADDED if true.isascii() else OTHER_ACCENT
    if read.isalpha() and true.isalpha():
        return PLAUSIBLE
    return UNLIKELY if read.isdigit() or true.isdigit() else PLAUSIBLE


def misreading_cost(read: str, true: str) -> float:
    """Return the least cost of reading `true` as `read`; 0.0 when they are the same but for case.

    A weighted edit distance (Wagner and Fischer, 1974) whose operations may take up to three characters at once.
    """
    read, true = read.casefold(), true.casefold()
    best = [[0.0] * (len(true) + 1) for _ in range(len(read) + 1)]
    for i in range(len(read) + 1):
        for j in range(len(true) + 1):
            if i or j:
                best[i][j] = min(best[a][b] + cost for a, b, cost in _steps(read, true, i, j))
    return best[-1][-1]


def _steps(read: str, true: str, i: int, j: int) -> list[tuple[int, int, float]]:
    """Return from which cells the cell (i, j) is reached, at what cost."""
    found: list[tuple[int, int, float]] = []
    if i:
        found.append((i - 1, j, added_cost(read, i - 1)))
    if j:
        found.append((i, j - 1, lost_cost(true, j - 1)))
    if i and j:
        same = read[i - 1] == true[j - 1]
        found.append((i - 1, j - 1, 0.0 if same else substitution_cost(read[i - 1], true[j - 1])))
    if i > 1 and j > 1 and read[i - 1] == true[j - 2] and read[i - 2] == true[j - 1]:
        found.append((i - 2, j - 2, SWAPPED))
    for back in range(1, min(i, _KEYS_OF_TWO) + 1):
        for glyphs in _LIKELY.get(read[i - back : i], "").split():
            if true[:j].endswith(glyphs):
                found.append((i - back, j - len(glyphs), LIKELY))
    return found


def added_cost(read: str, at: int) -> float:
    """Return the cost of the character at `at` in `read` standing where nothing is."""
    if read[at] == " ":
        return SPACE_ADDED
    if read[at].isdigit():
        return UNLIKELY
    if not read[at].isalnum():
        return BLOT
    return DOUBLED if read[at] in (read[at - 1 : at], read[at + 1 : at + 2]) else ADDED


def lost_cost(true: str, at: int) -> float:
    """Return the cost of the character at `at` in `true` not being read."""
    if true[at] == " ":
        return SPACE_LOST
    return DOUBLED if true[at] in (true[at - 1 : at], true[at + 1 : at + 2]) else LOST


def misreadings(read: str, true: str) -> list[tuple[str, str]]:
    """Return what was read for what in a word, (read, true) of each place where they differ, in lower case."""
    read, true = read.casefold(), true.casefold()
    return [
        (read[op.src_start : op.src_end], true[op.dest_start : op.dest_end])
        for op in Levenshtein.opcodes(read, true)
        if op.tag != "equal"
    ]
