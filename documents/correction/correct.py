"""Correct the lines of one page: choose what to ask, ask, and keep only what the guards vouch for."""

from __future__ import annotations

import time
from collections.abc import Sequence

from documents.correction.base import Candidate, Change, Correction, Corrector
from documents.correction.guards import SMALL, NumberProfile, Trust, has_doubt, is_prose, judge
from documents.correction.lexicon import Lexicon, guess_language, lexicon_for

# Engines' confidences are not comparable, but below this no engine's line is text that can be repaired (a judgement).
UNREADABLE = 0.3


def correct_lines(
    corrector: Corrector,
    lines: Sequence[str],
    *,
    confidences: Sequence[float] | None = None,
    language: str = "",
    languages: frozenset[str] | None = None,
    numbers: NumberProfile = "prose",
    trust: Trust = SMALL,
) -> Correction:
    """Return as many lines as came in, repaired where that is safe, and every change that the model wanted.

    `confidences` are the OCR engine's, 0 to 1 per line. `language` is an ISO 639-1 code, "" to guess it from the
    text. `languages` are those that the model knows, None for any. In a language that the model does not know, or
    that has no lexicon to judge by, nothing is sent (sent=0). Raises CorrectionError as the corrector does.
    """
    lexicon = _lexicon(lines, language, languages)
    chosen = _worth_asking(lines, confidences, lexicon) if lexicon else []
    if not chosen or lexicon is None:
        return Correction(tuple(lines), (), corrector.name, sent=0, seconds=0.0)
    started = time.monotonic()
    candidates = corrector.propose([lines[number] for number in chosen], language=lexicon.language)
    seconds = time.monotonic() - started
    assert len(candidates) == len(chosen), "a corrector gives one candidate per line"
    judged, changes = _judged(lines, dict(zip(chosen, candidates)), lexicon, trust, numbers)
    return Correction(tuple(judged), tuple(changes), corrector.name, sent=len(chosen), seconds=seconds)


def _lexicon(lines: Sequence[str], language: str, languages: frozenset[str] | None) -> Lexicon | None:
    """Return the lexicon of the page's language, None where the model or we do not know that language."""
    code = language or guess_language(" ".join(lines))
    if languages is not None and code not in languages:
        return None
    return lexicon_for(code)


def _worth_asking(lines: Sequence[str], confidences: Sequence[float] | None, lexicon: Lexicon) -> list[int]:
    """Return the numbers of the lines of prose that hold something doubtful and are not beyond repair."""
    return [
        number
        for number, line in enumerate(lines)
        if is_prose(line, lexicon)
        and has_doubt(line, lexicon)
        and (confidences is None or confidences[number] >= UNREADABLE)
    ]


def _judged(
    lines: Sequence[str], candidates: dict[int, Candidate], lexicon: Lexicon, trust: Trust, numbers: NumberProfile
) -> tuple[list[str], list[Change]]:
    """Return the lines after the guards and the changes in order."""
    texts, changes = list(lines), []
    for number, candidate in candidates.items():
        texts[number], found = judge(
            number, lines[number], candidate, lexicon=lexicon, trust=trust, numbers=numbers
        )
        changes += found
    return texts, changes
