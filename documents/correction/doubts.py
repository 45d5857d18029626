"""Which words of a line may be misread: those that the lexicon does not know and that are no numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from documents.correction.base import Other, RawLine
from documents.correction.lexicon import Lexicon

# A word with the signs that stand in it for a letter (`Tot@l`, `wi||`); all other signs part words.
_PIECE = re.compile(r"[^\s\-–—‐­¬/()\[\]{}\"“”„«»'’‘`.,;:?¿¡…+&%<>=]+")
_LEADING, _TRAILING = "#*_~^\\@$€£§°¢¦", "#*_~^\\@$€£§°¢¦!"  # at a word's edge they are signs, not letters
_SIGNS = '.,:;!?"„“”»«()…'  # about a word; engines differ in them more often than in the word
_HYPHENS = "-¬‐­="  # behind one of these a word goes on after a blank or in the next line
_ADDRESS = re.compile(r"://|www\.|[^\W\d_]@[^\W\d_]+\.|\.(?:com|org|net|eu|fr|de|cz|dk|es|uk|it)\b", re.IGNORECASE)
# The two parts of a cut word: `(pro-` and `ducts.`, letters up to the hyphen and from the token's beginning.
_CUT_OFF = re.compile(rf"[^\W\d_]+[{re.escape(_HYPHENS)}]$")
_CUT_ON = re.compile(rf"[^\W\d_]{{2,}}+(?![\w'’]|.*[{re.escape(_HYPHENS)}])")
SHORTEST = 2  # letters
SHORTEST_WITH_DIGITS = 4  # shorter ones are misread numbers as often: `d0th` for `50th`
# A word with more digits than this is a code or a number with letters, and none of a lexicon's business.
MOST_DIGITS = 1 / 3


@dataclass(frozen=True)
class Doubt:
    """raw[start:end] == text is a word that may be misread. `confidence` is the probability that it is right, None
    where no engine gave one; `others` is what other engines read in its place. `left` and `right` are the tokens beside
    it, "" where there are none; `is_cut` tells that it may be a part of a word that the page does not hold whole. Of a
    word that a hyphen cuts in two, `head` or `tail` is the other part."""

    start: int
    end: int
    text: str
    confidence: float | None
    others: tuple[Other, ...] = ()
    left: str = ""
    right: str = ""
    is_cut: bool = False
    head: str = ""
    tail: str = ""

    @property
    def word(self) -> str:
        """The whole word in lower case."""
        return f"{self.head}{self.text}{self.tail}".casefold()


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


def parts_of_cut_words(lines: Sequence[RawLine], lexicon: Lexicon) -> Iterator[tuple[int, Doubt]]:
    """Yield both parts of each word that is cut by a hyphen, and the numbers of their lines.

    Two words that a hyphen joins (`ex-president`) look the same: parts that are words are left out where the whole is
    none.
    """
    head: tuple[int, int, int] | None = None
    for number, line in enumerate(lines):
        head = head if line.text.strip() else None
        for token in re.finditer(r"\S+", line.text):
            tail = _CUT_ON.match(token.group())
            if head and tail:
                yield from _both_parts(lines, (head, (number, token.start(), token.start() + tail.end())), lexicon)
            cut = _CUT_OFF.search(token.group())
            head = (number, token.start() + cut.start(), token.end() - 1) if cut else None


def _both_parts(
    lines: Sequence[RawLine], places: Sequence[tuple[int, int, int]], lexicon: Lexicon
) -> Iterator[tuple[int, Doubt]]:
    head, tail = (lines[number].text[start:end] for number, start, end in places)
    if not lexicon.knows(head + tail) and lexicon.knows(head) and lexicon.knows(tail):
        return
    for (number, start, end), other in zip(places, ({"tail": tail}, {"head": head}), strict=True):
        line = lines[number]
        text = line.text[start:end]
        yield number, Doubt(start, end, text, _confidence(line, start, end), _others(line, start, end), **other)


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


def _others(line: RawLine, start: int, end: int) -> tuple[Other, ...]:
    """Return what other engines read for this word, or for the words that it is part of, cut to this word; what they
    read with different signs about it is one reading."""
    found: dict[str, Other] = {}
    for other in line.others:
        if other.start <= start and end <= other.end:
            text = other.text.removeprefix(line.text[other.start : start])
            text = text.removesuffix(line.text[end : other.end]).strip(_SIGNS)
            if text and text != line.text[start:end]:
                before = found[text].confidence if text in found else 0.0
                found[text] = Other(start, end, text, other.engine, before + other.confidence)
    return tuple(found.values())
