"""Words as the index holds them: small letters without accents, ligatures taken apart, the same for both databases.

Texts and questions go through the same functions; that is what makes one find the other.
"""

from __future__ import annotations

import re
import unicodedata

CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")  # some letters keep their accents beside them: i̇
_ASCII_WORD = re.compile("[a-z0-9]+")  # the same of small ASCII letters, in half the time
_HYPHENATED = re.compile(r"([^\W\d_]+)[-\u00ad\u2010¬]\s*\n\s*([^\W\d_]+)")
_CUT = re.compile(r"[-\u00ad\u2010¬]\s*\n")  # what is looked for first: most texts have none, and this is quick
_ACCENTS = re.compile(r"[\u0300-\u036f]+")  # not those of Japanese kana, which make another letter: か, が
_LIGATURES = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})  # what NFKD leaves whole
_SIGNS = str.maketrans({chr(n): " " for n in range(128) if not chr(n).isalnum()})


def fold(text: str) -> str:
    """Return the text for comparing: without case, accents, ligatures and wide letters; ß is ss, ſ is s."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold()).casefold()
    return unicodedata.normalize("NFC", _ACCENTS.sub("", decomposed)).translate(_LIGATURES)


def words_of(text: str) -> list[str]:
    """Return the folded words of a text, in order."""
    return WORD.findall(fold(text))


def plain(text: str) -> str:
    """Return the folded words of a text with a space between them: what the index is given."""
    if text.isascii():  # most pages are, and a page must take well below a millisecond
        return " ".join(text.lower().translate(_SIGNS).split())
    return " ".join(words_of(text))


def placed_words(text: str) -> list[tuple[str, int, int]]:
    """Return the words of a text, folded, with the places in `text` where each begins and ends.

    A word that folds into several (½ is 1⁄2) is there as often, with the same places.
    """
    if text.isascii():  # folding leaves every letter in its place
        return [(match.group(), *match.span()) for match in _ASCII_WORD.finditer(text.lower())]
    return [(folded, *match.span()) for match in WORD.finditer(text) for folded in words_of(match.group())]


def bigrams(text: str) -> str:
    """Return the overlapping pairs of every Chinese or Japanese run, space-separated: 東京都 -> 東京 京都.

    An index takes such a run for one word; pairs make words of two characters and more findable.
    """
    pairs: list[str] = []
    for run in CJK.findall(text):
        pairs += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
    return " ".join(pairs)


def joined(text: str) -> tuple[str, str]:
    """Return the text with words cut at a line's end put together, and their halves: ("Wirtschaft", "Wirt schaft")."""
    if not _CUT.search(text):
        return text, ""
    halves = " ".join(f"{first} {second}" for first, second in _HYPHENATED.findall(text))
    return (_HYPHENATED.sub(r"\1\2", text), halves) if halves else (text, "")
