"""What a doubtful word may have been: the mendings that people make, the likeliest first, for people to choose from.

Other than `channel`, which changes texts by itself, this also offers what is probably wrong: what is not taken costs a
glance. Each wording is made by one kind of mending and ranked by a weighted sum of what speaks for it (a conditional
logit model). The weights were fitted on the 683 misread ones among the doubtful words of real scans (receipts,
typescripts in five languages, old books). Fitted on one half of them, the first six wordings, the engines' readings
counted in, hold the right one for 64 to 71 % of the misread words of the other half; the engines' alone for 47 to 53 %.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from documents.correction import confusions
from documents.correction.lexicon import Lexicon
from documents.correction.spelling import spellings

SHOWN = 24
"""So many are kept: the first have a key of their own, the others are found by typing a letter or two."""

_EDGES = re.compile(r"^([\W_]*)(.*?)([\W_]*)$", re.DOTALL)
_BLANK_LOST = re.compile(r"(?<=[,.;:!?)])(?=[^\W_])|(?<=[^\W_])(?=\()")
_SIGN_FOR_BLANK = re.compile(r"(?<=[^\W_])[-_=.·~*'](?=[^\W\d_])")
_DIGITS = str.maketrans("lI|iOoQDSBZ", "11110000582")
_LIKE_DIGITS = re.compile(r"[lI|iOoQDSBZ]*\d[lI|iOoQDSBZ\d.,]*")  # with a digit among them
_ELIDED = re.compile(r"(?:[ldnscjmt]|qu)$", re.IGNORECASE)  # before an apostrophe: l'amour, d'une, qu'il
_STOPS = ".,:;!?"
ELIDING = ("fr", "it", "ca")
SLIPS, SHORT = 2, 4
"""Edits between a doubtful word and a rare or own word; shorter words are near to everything, SHORT ones one edit."""
NEAR = 15  # words of either kind are weighed, the nearest ones
LONGEST = 30  # characters; what is longer is no word

WEIGHTS = {
    "list": -0.1, "rare": 0.43, "own": 0.77, "blank": 1.8, "sign for blank": 0.42, "two words": 0.6, "bare": 0.01,
    "stop": -1.26, "hyphen": 0.84, "inside": -0.45, "digits": 1.44, "case": -1.51, "accent": 0.22,
    "apostrophe": 0.23, "common": 1.64, "cost": -0.57, "edits": -1.08, "seen": 1.34, "nearer": -1.01,
    "was known": -1.09,
}  # fmt: skip


@dataclass(frozen=True)
class Doubtful:
    """A word that may be misread, as it is written; `heard` is what engines read there besides. `is_cut` tells
    that its line ends with it, and the next one goes on in small letters."""

    text: str
    heard: tuple[str, ...] = ()
    is_cut: bool = False

    @property
    def parts(self) -> tuple[str, str, str]:
        """The signs before it, the word itself, the signs behind it."""
        return _EDGES.match(self.text).groups()


def rewordings(word: Doubtful, lexicon: Lexicon, own: Mapping[str, int]) -> list[str]:
    """Return what the word may have been besides what engines heard, the likeliest first, at most SHOWN.

    `own` are the words of the page and its document, as they are written there, with how often.
    """
    kinds: dict[str, set[str]] = {}
    for wording, kind in _made(word, lexicon, own):
        if wording and wording != word.text and wording not in word.heard:
            kinds.setdefault(wording, set()).add(kind)
    ranked = sorted(kinds, key=lambda one: -score(features(word, one, kinds[one], lexicon, own)))
    return ranked[:SHOWN]


def score(values: Mapping[str, float]) -> float:
    """Return the weighted sum of features."""
    return sum(WEIGHTS[name] * value for name, value in values.items())


def features(
    word: Doubtful, wording: str, kinds: set[str], lexicon: Lexicon, own: Mapping[str, int]
) -> dict[str, float]:
    """Return what speaks for and against a wording, by the names of WEIGHTS; `kinds` are the mendings that made it."""
    core, read = _EDGES.match(wording)[2], word.parts[1]
    cost = confusions.misreading_cost(word.text, wording) if len(word.text) <= LONGEST else confusions.UNLIKELY
    edits = Levenshtein.distance(word.text, wording)
    if kinds & {"digits", "apostrophe"}:  # the table of misreadings is one of letters
        cost, edits = min(cost, confusions.LIKELY), 1
    heard = [Levenshtein.distance(other, wording) for other in word.heard]
    return dict.fromkeys(kinds, 1.0) | {
        "common": min((lexicon.zipf(part) for part in re.split(r"[\s-]+", core) if part), default=0.0) / 5,
        "cost": cost / 5,
        "edits": edits,
        "seen": math.log1p(own.get(core, 0)),
        "nearer": min(heard, default=edits),
        "was known": float(core != read and lexicon.knows(read)),
    }


def _made(word: Doubtful, lexicon: Lexicon, own: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Yield wordings with the kind of mending that makes each."""
    before, core, after = word.parts
    if 0 < len(core) <= LONGEST:
        for true, kind in _other_words(core, lexicon, own):
            yield f"{before}{true}{after}", kind
        for true in _with_apostrophe(core, lexicon):
            yield f"{before}{true}{after}", "apostrophe"
    for text in dict.fromkeys((word.text, *word.heard)):
        yield from _parted(text)
        yield from _in_digits(text)
        for true in _accented(text, lexicon):
            yield true, "accent"
    for text in dict.fromkeys((word.text, *word.heard[:1])):
        yield from _with_other_signs(text, word.is_cut)
    for text in (word.text.upper(), word.text.lower(), word.text[:1].upper() + word.text[1:].lower()):
        yield text, "case"


def _other_words(core: str, lexicon: Lexicon, own: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    for true in spellings(core, lexicon):
        yield like(core, true), "list"
    if len(core) >= SHORT:
        for true in lexicon.near(core, SLIPS, NEAR):
            yield like(core, true), "rare"
        slips = SLIPS if len(core) > SHORT else 1
        for true, _slips, _at in process.extract(
            core, list(own), scorer=Levenshtein.distance, processor=None, score_cutoff=slips, limit=NEAR
        ):
            yield true, "own"
    for at in range(2, len(core) - 1):
        if lexicon.knows(core[:at]) and lexicon.knows(core[at:]):
            yield f"{core[:at]} {core[at:]}", "two words"


def _with_apostrophe(core: str, lexicon: Lexicon) -> Iterator[str]:
    """Yield `l'amour` for `lamour` and `lfamour`, in the languages that elide."""
    for at in (1, 2) if lexicon.language in ELIDING else ():
        if _ELIDED.match(core[:at]) and len(core) > at + 2:
            for rest in (core[at:], core[at + 1 :]):
                if lexicon.knows(rest):
                    yield f"{core[:at]}'{rest}"


def _parted(text: str) -> Iterator[tuple[str, str]]:
    """Yield the text with one lost blank put in, and with all of them; a sign may stand for one."""
    for found in _BLANK_LOST.finditer(text):
        yield f"{text[: found.start()]} {text[found.end() :]}", "blank"
    yield _BLANK_LOST.sub(" ", text), "blank"
    for found in _SIGN_FOR_BLANK.finditer(text):
        yield f"{text[: found.start()]} {text[found.end() :]}", "sign for blank"


def _in_digits(text: str) -> Iterator[tuple[str, str]]:
    """Yield digits for the letters that look like them, beside digits or where no other letters are."""
    yield _LIKE_DIGITS.sub(lambda run: run[0].translate(_DIGITS), text), "digits"
    if not re.search(r"[^\W\dlI|iOoQDSBZ]", text):
        yield text.translate(_DIGITS), "digits"


def _accented(text: str, lexicon: Lexicon) -> Iterator[str]:
    """Yield the text with a letter that the language does not have as those of its letters that look like it."""
    strange = [at for at, letter in enumerate(text) if _is_strange(letter, lexicon)]
    if len(strange) == 1:
        at, letter = strange[0], text[strange[0]]
        for kin in lexicon.alphabet:
            if confusions.bare(kin) == confusions.bare(letter.lower()):
                yield text[:at] + (kin.upper() if letter.isupper() else kin) + text[at + 1 :]


def _is_strange(letter: str, lexicon: Lexicon) -> bool:
    return letter.isalpha() and not letter.isascii() and letter.lower() not in lexicon.alphabet


def _with_other_signs(text: str, is_cut: bool) -> Iterator[tuple[str, str]]:
    before, core, after = _EDGES.match(text).groups()
    for bare in (core, before + core, core + after):
        yield bare, "bare"
    yield before + "".join(sign for sign in core if sign.isalnum() or sign in "-'’.,/") + after, "inside"
    if len(after) < 2:
        for stop in _STOPS if after else ".,":
            yield before + core + stop, "stop"
        if is_cut:
            yield f"{before}{core}-", "hyphen"


def like(read: str, true: str) -> str:
    """Return `true` with the capitals of what was read."""
    if len(read) > 1 and read.isupper():
        return true.upper()
    return true[:1].upper() + true[1:] if read[:1].isupper() else true
