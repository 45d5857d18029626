"""Which words of a line may be misread: those that the lexicon does not know and that are no numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from documents.correction.base import Alternative, RawLine
from documents.correction.lexicon import Lexicon

# A word with the signs that stand in it for a letter (`Tot@l`, `wi||`); all other signs part words.
_PIECE = re.compile(r"[^\s\-–—‐­¬/()\[\]{}\"“”„«»'’‘`.,;:?¿¡…+&%<>=]+")
_LEADING, _TRAILING = "#*_~^\\@$€£§°¢¦", "#*_~^\\@$€£§°¢¦!"  # at a word's edge they are signs, not letters
_HYPHENS = "-¬‐­="  # behind one of these a word goes on after a blank or in the next line
_ADDRESS = re.compile(r"://|www\.|[^\W\d_]@[^\W\d_]+\.|\.(?:com|org|net|eu|fr|de|cz|dk|es|uk|it)\b", re.IGNORECASE)
SHORTEST = 2  # letters
SHORTEST_WITH_DIGITS = 4  # shorter ones are misread numbers as often: `d0th` for `50th`
# A word with more digits than this is a code or a number with letters, and none of a lexicon's business.
MOST_DIGITS = 1 / 3


@dataclass(frozen=True)
class Doubt:
    """raw[start:end] == text is a word that may be misread. `confidence` is the probability that it is right, None
    where no engine gave one; `others` is what other engines read in its place. `left` and `right` are the tokens beside
    it, "" where there are none; `is_cut` tells that it may be a part of a word that the page does not hold whole."""

    start: int
    end: int
    text: str
    confidence: float | None
    others: tuple[Alternative, ...] = ()
    left: str = ""
    right: str = ""
    is_cut: bool = False


def all_words(line: RawLine, lexicon: Lexicon, *, continued: bool = False) -> Iterator[Doubt]:
    """Yield the words of `line` that are no numbers, addresses or parts of cut words, known or not."""
    for token in whole_tokens(line.text, continued):
        if _is_number(token.group()) or is_address(token.group()):
            continue
        for start, end in pieces(token):
            word = line.text[start:end]
            if _is_a_word(word):
                yield Doubt(start, end, word, _confidence(line, start, end), _others(line, start, end))


def doubtful_words(line: RawLine, lexicon: Lexicon, *, continued: bool = False) -> list[Doubt]:
    """Return the words of `line` that may be misread, from left to right.

    `continued` says that the line before ends within a word. Parts of words at a hyphen are left out.
    """
    found = []
    for token in whole_tokens(line.text, continued):
        if lexicon.knows(token.group()) or _is_number(token.group()) or is_address(token.group()):
            continue
        for start, end in pieces(token):
            word = line.text[start:end]
            if _is_a_word(word) and not lexicon.knows(word):
                found.append(Doubt(start, end, word, _confidence(line, start, end), _others(line, start, end)))
    return found


def whole_tokens(text: str, continued: bool) -> Iterator[re.Match[str]]:
    """Yield what stands between blanks, without the two parts of a word that is cut by a hyphen."""
    for token in re.finditer(r"\S+", text):
        ends_within = len(token.group()) > 1 and token.group()[-1] in _HYPHENS
        if not (continued or ends_within):
            yield token
        continued = ends_within


def ends_within_a_word(text: str) -> bool:
    """Tell whether the line's last word goes on in the next line."""
    last = text.rstrip()[-2:]
    return len(last) == 2 and last[1] in _HYPHENS and last[0].isalpha()


def pieces(token: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield the places of the words in a token, as offsets in its line."""
    for piece in _PIECE.finditer(token.group()):
        word = piece.group().rstrip(_TRAILING)
        bare = word.lstrip(_LEADING)
        start = token.start() + piece.start() + len(word) - len(bare)
        yield start, start + len(bare)


def is_address(text: str) -> bool:
    """Tell whether `text` holds a web address or one of a mailbox."""
    return bool(_ADDRESS.search(text))


def known_share(text: str, lexicon: Lexicon) -> float:
    """Return which part of the words of `text` the lexicon knows, 1.0 where there are none; numbers are no words."""
    words = [text[start:end] for token in re.finditer(r"\S+", text) for start, end in pieces(token)]
    words = [word for word in words if any(map(str.isalpha, word))]
    return sum(map(lexicon.knows, words)) / len(words) if words else 1.0


def _is_a_word(word: str) -> bool:
    digits, letters = sum(map(str.isdigit, word)), sum(map(str.isalpha, word))
    if word in ("N0", "n0"):
        return True  # for `No`: in front of numbers, and no other digit is so often a letter
    return letters >= (SHORTEST_WITH_DIGITS if digits else SHORTEST) and digits <= MOST_DIGITS * len(word)


def _is_number(token: str) -> bool:
    return sum(map(str.isdigit, token)) > sum(map(str.isalpha, token))


def _confidence(line: RawLine, start: int, end: int) -> float | None:
    """Return the least confidence of the engine's words at [start, end), the line's where they could not be found."""
    there = [word.confidence for word in line.words if word.start < end and start < word.end]
    return min(there) if there else line.confidence


def _others(line: RawLine, start: int, end: int) -> tuple[Alternative, ...]:
    """Return what other engines read for this word, or for the words that it is part of, cut to this word."""
    found = []
    for other in line.others:
        if other.start <= start and end <= other.end:
            text = other.text.removeprefix(line.text[other.start : start])
            text = text.removesuffix(line.text[end : other.end])
            if text and text != line.text[start:end]:
                found.append(Alternative(text, other.engine))
    return tuple(found)
