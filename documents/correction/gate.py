"""What of a page is worth asking about: lines without doubt are left alone, lines beyond repair are for a person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from documents.correction.base import RawLine
from documents.correction.doubts import doubtful_words, ends_within_a_word, known_share
from documents.correction.guards import has_odd_glyph
from documents.correction.kinds import Kind
from documents.correction.lexicon import Lexicon, guess_language, has_script_without_spaces

# Mean probability of a line's words being right below which more than a fifth of its characters is wrong: it finds 143
# of 146 such lines of handwriting, and 9 of 1,700 lines of print and typescript by mistake.
BROKEN = 0.4
# Calibrated confidence from which a word that no lexicon has is taken for a name: of 580 such words on typescripts and
# old books 6 % were wrong, of the 960 below it 26 %.
CLEAR = 0.9
# The same for running text that came without figures, by its share of known words.
BROKEN_KNOWN, BROKEN_WORDS = 0.4, 4
# A line with fewer known words that looks like another language is taken for that.
FOREIGN_KNOWN = 0.6


@dataclass(frozen=True)
class Gate:
    """Numbers of the lines of a page by what is to be done with them; `foreign` are those in no language of ours."""

    clean: tuple[int, ...]
    doubtful: tuple[int, ...]
    broken: tuple[int, ...]
    foreign: tuple[int, ...]


def sort_lines(lines: Sequence[RawLine], lexicon: Lexicon, kind: Kind) -> Gate:
    """Return which lines to correct. Lines without text are in none of the groups."""
    groups: dict[str, list[int]] = {"clean": [], "doubtful": [], "broken": [], "foreign": []}
    continued = False
    for number, line in enumerate(lines):
        if line.text.strip():
            groups[_group(line, lexicon, kind, continued)].append(number)
        continued = ends_within_a_word(line.text)
    return Gate(**{name: tuple(numbers) for name, numbers in groups.items()})


def _group(line: RawLine, lexicon: Lexicon, kind: Kind, continued: bool) -> str:
    if _is_foreign(line.text, lexicon):
        return "foreign"
    if is_broken(line, lexicon, kind):
        return "broken"
    odd = kind != "receipt" and has_odd_glyph(line.text)
    return "doubtful" if odd or doubtful_words(line, lexicon, continued=continued) else "clean"


def is_worth_wording(line: RawLine, lexicon: Lexicon, settled: Collection[int]) -> bool:
    """Tell whether a doubtful line is worth a wording of the model's own.

    It is when it holds an odd sign, or a word that is doubtful to the engines, too. Words that begin at one of the
    places `settled` are no longer in doubt.
    """
    doubts = (doubt.start for doubt in doubtful_words(line, lexicon))
    return has_odd_glyph(line.text) or any(start not in settled and not is_clear(line, start) for start in doubts)


def is_clear(line: RawLine, start: int) -> bool:
    """Tell whether the engines are sure of the word that begins there; a line's mean says nothing of one word."""
    return any(word.start == start and word.confidence >= CLEAR for word in line.words)


def _is_foreign(text: str, lexicon: Lexicon) -> bool:
    """Tell whether the lexicon is of no use: another language, or a script that parts no words."""
    if has_script_without_spaces(text):
        return True
    return known_share(text, lexicon) < FOREIGN_KNOWN and guess_language(text) not in ("", lexicon.language)


def is_broken(line: RawLine, lexicon: Lexicon, kind: Kind) -> bool:
    """Tell whether about a fifth of the line or more is wrong, so that no repair can be trusted."""
    if line.confidence is not None:
        return line.confidence < BROKEN
    words = len(line.text.split())
    return kind != "receipt" and words >= BROKEN_WORDS and known_share(line.text, lexicon) < BROKEN_KNOWN
