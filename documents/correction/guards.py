"""What of a model's wording may be believed. Pure functions: no model, no state.

A corrector does good by many small repairs and harm by few large inventions, so every rule here asks the same
question: is this change a repair of something that was misread? Rules and thresholds were measured with the embedded
model; the benchmark's report has the figures.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Levenshtein

from documents.correction.alignment import Edit, apply_edits, edits_between
from documents.correction.base import Candidate, Change
from documents.correction.lexicon import Lexicon, words_of

NumberProfile = Literal["prose", "frozen"]


@dataclass(frozen=True)
class Trust:
    """How far a model is believed. `span` is the part of a word group that may change, and not more than `edits`
    characters (lost and added spaces do not count), `margin` the least log-odds
    (nats) for a repair, `name_margin` the same for a capitalised word, which may be a name, `capitals` whether words
    all in capitals may be repaired at all, `forms` whether it is asked to word receipts and other pages of figures."""

    span: float
    edits: int
    margin: float
    name_margin: float
    capitals: bool
    forms: bool


# A few million parameters, the embedded model: unguarded it made 43 % of the lines in capitals on receipts worse. What
# it words behind the choosing was right 24 times and wrong 12 below 3.5 nats, above 63 and 7 (typed-en, newspapers).
SMALL = Trust(span=0.34, edits=2, margin=3.5, name_margin=4.0, capitals=False, forms=False)
LARGE = Trust(span=0.5, edits=12, margin=1.0, name_margin=2.0, capitals=True, forms=True)  # 3,000 million and more
# For an edit that changes no letter and no digit; of those between 2 and 4 nats more were wrong than right.
PUNCTUATION_MARGIN = 4.0
# What ends a word, sentence or abbreviation stays. It is taken for a stain only behind a little word where the text
# goes on in small letters (`the. rain`, `is, one of`): on 800 newspaper passages ten of ten such were right, of the
# others one of two. So frequent (Zipf) are articles, prepositions and auxiliaries, and no abbreviations.
END_MARKS = frozenset(".,;:!?)…”»")
LITTLE_WORD = 6.0

# The whole line is refused above these: 0.9 % of a 7B model's answers held nearly all of its harm.
LINE_LENGTH_CHANGE = 0.20
LINE_DISTANCE = 0.30
LINE_ALWAYS = 3  # characters

# A line is prose, thus worth asking about, when it has this much of known words and of digits.
PROSE_WORDS = 3
PROSE_KNOWN = 0.5
PROSE_DIGITS = 0.25

CONFUSABLE = {
    "0": "oOQD", "1": "lIi|!tj", "2": "zZ", "3": "B", "5": "sS", "6": "bGC", "8": "B", "9": "gq",
}  # fmt: skip
# Two letters that are read for one (tlie, rnay): one misreading, though two edits.
SPLIT_GLYPHS = {"li": "h", "rn": "m", "cl": "d", "ii": "n", "vv": "w"}
ILLEGAL = frozenset("|~^_\\¬¦§©®°•■□▪◆�<>{}[]«»@#*=")  # hardly ever inside or in place of a word of prose
_CONTROL = re.compile(r"<\|?/?[a-z_]+\|?>|\[/?INST\]|```|\n", re.IGNORECASE)
_NUMBER = re.compile(r"\S*\d\S*")

# Rules whose refused changes are worth a reviewer's look; the others are noise or danger.
PROPOSED_RULES = frozenset(
    {"misread-number", "name", "capitals", "unsure", "not-a-word", "punctuation", "unsure-choice"}
)


def is_proposal(change: Change) -> bool:
    """Tell whether a change that was not applied should be offered to the reviewer."""
    return not change.applied and change.rule in PROPOSED_RULES


def is_prose(line: str, lexicon: Lexicon) -> bool:
    """Tell whether `line` is running text that the model may be asked about: the gate."""
    words = line.split()
    known = sum(lexicon.knows(word) for word in words)
    digits = sum(character.isdigit() for character in line)
    return known >= PROSE_WORDS and known >= PROSE_KNOWN * len(words) and digits <= PROSE_DIGITS * len(line)


def has_odd_glyph(line: str) -> bool:
    """Tell whether `line` holds a sign that hardly ever stands in prose."""
    return any(character in ILLEGAL for character in line)


def judge(
    number: int, raw: str, candidate: Candidate, *, lexicon: Lexicon, trust: Trust, numbers: NumberProfile = "prose"
) -> tuple[str, list[Change]]:
    """Return the line's text and every change that the candidate held, refused ones with applied=False.

    `number` is the line's number for the changes. Text that no rule can vouch for stays as it was read.
    """
    if candidate.text == raw:
        return raw, []
    rule = refused_as_a_whole(raw, candidate.text)
    if rule:
        return raw, [Change(number, 0, len(raw), raw, candidate.text, candidate.margin, rule, applied=False)]
    edits = edits_between(raw, candidate.text)
    changes = []
    for edit in edits:
        rest = raw[edit.end :]
        rule, applied = judge_edit(edit, candidate.margin, rest, lexicon=lexicon, trust=trust, numbers=numbers)
        changes.append(Change(number, edit.start, edit.end, edit.before, edit.after, candidate.margin, rule, applied))
    allowed = [edit for edit, change in zip(edits, changes) if change.applied]
    return apply_edits(raw, allowed), changes


def refused_as_a_whole(raw: str, wording: str) -> str:
    """Return the rule that refuses the whole line, "" when its changes may be looked at one by one."""
    if len(_CONTROL.findall(wording)) > len(_CONTROL.findall(raw)):
        return "markup"
    if abs(len(wording) - len(raw)) > max(LINE_LENGTH_CHANGE * len(raw), LINE_ALWAYS):
        return "line-length"
    if Levenshtein.distance(raw, wording) > max(LINE_DISTANCE * len(raw), LINE_ALWAYS):
        return "line-distance"
    return ""


def judge_edit(
    edit: Edit, margin: float | None, rest: str, *, lexicon: Lexicon, trust: Trust, numbers: NumberProfile
) -> tuple[str, bool]:
    """Return the rule that decides about one word group and whether the change may be made.

    `rest` is what follows it on the line.
    """
    before, after = edit.before.strip(), edit.after.strip()
    refusal = (
        _refused_for_the_house(before, after, lexicon)
        or _refused_for_characters(before, after)
        or _refused_for_numbers(before, after, numbers)
        or _refused_for_words(before, after, lexicon, trust)
        or _refused_for_end_mark(before, after, rest, lexicon)
        or _refused_for_margin(before, after, margin, trust)
    )
    return (refusal, False) if refusal else ("repair", True)


def _refused_for_the_house(before: str, after: str, lexicon: Lexicon) -> str:
    """Refuse what takes away a word of the house's vocabulary."""
    kept = set(words_of(after))
    return "vocabulary" if any(lexicon.protects(word) and word not in kept for word in words_of(before)) else ""


def _refused_for_characters(before: str, after: str) -> str:
    """Refuse what is put in or taken out whole, and characters that the model brought in."""
    if not before or not after:
        return "added" if after else "removed"
    new = Counter(after) - Counter(before)
    if any(not character.isascii() for character in new):
        return "new-character"
    return "symbol" if any(character in ILLEGAL or character in "$%&+/" for character in new) else ""


def _refused_for_numbers(before: str, after: str, numbers: NumberProfile) -> str:
    """Refuse every change to a token with digits, but for one digit inside a word that is a misread letter."""
    ours, theirs = _NUMBER.findall(before), _NUMBER.findall(after)
    if Counter(ours) == Counter(theirs):
        return ""
    if numbers == "prose" and not theirs and len(ours) == 1 and _is_letter_for_digit(ours[0], before, after):
        return ""
    repaired = len(before.split()) == len(after.split()) and is_misread_number(before, after)
    return "misread-number" if repaired else "number"


def _is_letter_for_digit(token: str, before: str, after: str) -> bool:
    """Tell whether `after` is `before` with the one digit inside `token`, a word, read as the letter it looks like."""
    core = token.strip("\"'“”‘’(),.;:!?")
    inside = [i for i, character in enumerate(core) if character.isdigit()]
    if len(inside) != 1 or sum(character.isalpha() for character in core) < 2:
        return False
    digit = core[inside[0]]
    return any(before.replace(digit, letter, 1).casefold() == after.casefold() for letter in CONFUSABLE.get(digit, ""))


def is_misread_number(before: str, after: str) -> bool:
    """Tell whether `after` is the number `before` with letters read as the digits they look like (1,23O.00)."""
    if len(before) != len(after) or not any(character.isdigit() for character in before):
        return False
    changed = [(old, new) for old, new in zip(before, after) if old != new]
    return bool(changed) and all(old in CONFUSABLE.get(new, "") for old, new in changed)


def _refused_for_words(before: str, after: str, lexicon: Lexicon, trust: Trust) -> str:
    """Refuse what replaces a known word, what makes no word, and what goes further than a misreading does."""
    makes_words = all(lexicon.knows(word) for word in after.split() if _letters(word))
    if _letters(before) == _letters(after):
        # Of a name or an abbreviation nobody knows which signs belong to it, but for those that belong to no word.
        odd_alone = ILLEGAL.issuperset(Counter(before) - Counter(after))
        return "" if makes_words or odd_alone else "punctuation"
    if not any(_is_doubtful(word, lexicon) for word in before.split()):
        return "known-word"
    if len(_letters(before)) == 1:
        return "too-short"  # `n` may have been `in`, `an` or a stain
    if not makes_words:
        return "not-a-word"
    if _goes_too_far(_letters(before), _letters(after), trust):
        return "too-far"
    return ""


def _goes_too_far(before: str, after: str, trust: Trust) -> bool:
    distance = misread_distance(before, after) - abs(before.count(" ") - after.count(" "))
    return distance > max(1, min(trust.span * len(before), trust.edits))


def misread_distance(before: str, after: str) -> int:
    """Return how many misreadings lie between two words: edits, with a letter split in two counted once."""
    joined = [before.replace(pair, glyph, 1) for pair, glyph in SPLIT_GLYPHS.items() if pair in before]
    return min([Levenshtein.distance(before, after), *(1 + Levenshtein.distance(one, after) for one in joined)])


def _refused_for_end_mark(before: str, after: str, rest: str, lexicon: Lexicon) -> str:
    """Refuse what takes away or exchanges the mark at a word's end, unless it is a stain."""
    if not _end_marks(before) - _end_marks(after):
        return ""
    word = words_of(after)[-1:]
    is_stain = word and word[0].islower() and lexicon.zipf(word[0]) >= LITTLE_WORD and rest.lstrip()[:1].islower()
    return "" if is_stain else "punctuation"


def _end_marks(text: str) -> frozenset[str]:
    """Return the marks behind the last letter of `text`; there may be quotes among them."""
    letters = [place for place, character in enumerate(text) if character.isalnum()]
    return END_MARKS.intersection(text[letters[-1] + 1 :] if letters else "")


def _refused_for_margin(before: str, after: str, margin: float | None, trust: Trust) -> str:
    """Refuse what the model itself is not sure of. A model that gives no figure counts as just sure enough."""
    sure = trust.margin if margin is None else margin
    if not trust.capitals and len(_letters(before)) > 1 and before.isupper():
        return "capitals"  # names of firms and codes more than words: ISNT PETRO TRADING
    if _letters(before) == _letters(after):
        # Signs are taken away; of those put in or exchanged (`man,` for `man.`) as many were wrong as right.
        return "" if sure >= PUNCTUATION_MARGIN and not _puts_in_signs(before, after) else "punctuation"
    if sure < trust.name_margin and any(word[:1].isupper() for word in before.split()):
        return "name"
    return "" if sure >= trust.margin else "unsure"


def _puts_in_signs(before: str, after: str) -> bool:
    return any(not character.isspace() for character in Counter(after) - Counter(before))


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum() or character.isspace())


def _is_doubtful(word: str, lexicon: Lexicon) -> bool:
    """Tell whether `word` looks misread: letters that make no known word, or a glyph that is none of prose."""
    if has_odd_glyph(word):
        return True
    letters = sum(character.isalpha() for character in word)
    return letters > 0 and not lexicon.knows(word)
