"""Correct the lines of one page: choose words, ask for a wording, keep what the guards vouch for."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain

from documents.correction.alignment import Edit, apply_edits
from documents.correction.base import (
    Alternative,
    Brief,
    Candidate,
    Change,
    Correction,
    Corrector,
    Question,
    RawLine,
    Weigher,
)
from documents.correction.briefing import brief_of
from documents.correction.choosing import Ask, choose_words
from documents.correction.gate import is_clear, is_worth_wording, sort_lines
from documents.correction.guards import SMALL, Trust, is_prose, judge
from documents.correction.kinds import Kind, kind_of_page
from documents.correction.lexicon import Lexicon, guess_language, lexicon_for
from documents.correction.numbers import NumberProfile, number_repairs, repairs_by_sum

FALLBACK_LANGUAGE = "en"  # of a text too short to tell its language, as in reading


def correct_lines(
    corrector: Corrector,
    lines: Sequence[RawLine | str],
    *,
    language: str = "",
    languages: frozenset[str] | None = None,
    kind: Kind | None = None,
    trust: Trust = SMALL,
    terms: Sequence[str] = (),
) -> Correction:
    """Return as many lines as came in, repaired where that is safe, and every change that was wanted.

    `language` is an ISO 639-1 code, "" to guess it from the text. `languages` are those that the model knows, None for
    any; in others words are chosen without it. In a language without a lexicon only numbers are looked at. `kind` None
    is told from the text. `terms` are the house's own: never changed, and meant where they were misread. Raises
    CorrectionError as the corrector does.
    """
    raw = [line if isinstance(line, RawLine) else RawLine(line) for line in lines]
    texts = [line.text for line in raw]
    kind = kind or kind_of_page(texts)
    lexicon = lexicon_for(language or guess_language(" ".join(texts)) or FALLBACK_LANGUAGE)
    profile: NumberProfile = "frozen" if kind == "receipt" else "prose"
    certain = [change for change in _numbers(texts, profile) if change.before not in terms]
    if lexicon is None:
        return Correction(tuple(_applied(texts, certain)), tuple(certain), corrector.name, sent=0, seconds=0.0)
    lexicon = lexicon.with_house(terms) if terms else lexicon
    gate = sort_lines(raw, lexicon, kind)
    knows_language = languages is None or lexicon.language in languages
    brief = brief_of(raw, gate.doubtful, lexicon, kind)
    interview = Interview(corrector, raw, lexicon.language, brief) if knows_language else None
    chosen = choose_words(raw, gate.doubtful, lexicon=lexicon, kind=kind, ask=interview and interview.weigh)
    settled = {(change.line, change.start) for change in chosen if change.applied}
    left = [n for n in gate.doubtful if is_worth_wording(raw[n], lexicon, {at for line, at in settled if line == n})]
    written = _written(interview, texts, left, lexicon, trust, kind) if interview else []
    certain = [change for change in certain if change.line not in gate.broken]
    changes = [_with_readings(change, raw[change.line]) for change in _settled(certain, chosen, written)]
    return Correction(
        tuple(_applied(texts, changes)), tuple(changes), corrector.name,
        sent=len(interview.lines) if interview else 0, seconds=interview.seconds if interview else 0.0,
        clean=len(gate.clean), broken=gate.broken,
    )  # fmt: skip


class Interview:
    """What a model is asked about one page: `lines` are the numbers of those it saw, `seconds` its time."""

    def __init__(self, model: Corrector, raw: Sequence[RawLine], language: str, brief: Brief) -> None:
        """`brief` holds what is held for every line of the page, `raw` are these lines."""
        self._model = model
        self._raw = raw
        self._language = language
        self._brief = brief
        self.lines: set[int] = set()
        self.seconds = 0.0

    @property
    def weigh(self) -> Ask | None:
        """How to ask for the model's opinion on words; None for a model that cannot be asked."""
        return self._weigh if isinstance(self._model, Weigher) else None

    def _weigh(self, numbers: Sequence[int], questions: Sequence[Question]) -> list[list[float | None]]:
        """Return the opinions on the words of lines `numbers`; none on words that are clear to the engines."""
        unclear = [n for n, one in enumerate(questions) if not is_clear(self._raw[numbers[n]], one.start)]
        self.lines.update(numbers[n] for n in unclear)
        opinions: list[list[float | None]] = [[None] * len(one.wordings) for one in questions]
        asked = [questions[n] for n in unclear]
        with self._timed():
            brief = replace(self._brief, held=())
            said = self._model.weigh(asked, language=self._language, brief=brief) if asked else []
        for n, opinion in zip(unclear, said, strict=True):
            opinions[n] = opinion
        return opinions

    def propose(self, numbers: Sequence[int], lines: Sequence[str]) -> list[Candidate]:
        """Return the model's wording of each of `lines`."""
        self.lines.update(numbers)
        with self._timed():
            held = tuple(self._brief.held[number] for number in numbers)
            candidates = self._model.propose(lines, language=self._language, brief=replace(self._brief, held=held))
        assert len(candidates) == len(lines), "a corrector gives one candidate per line"
        return candidates

    @contextmanager
    def _timed(self) -> Iterator[None]:
        started = time.monotonic()
        yield
        self.seconds += time.monotonic() - started


def _numbers(texts: Sequence[str], profile: NumberProfile) -> list[Change]:
    """Return the changes of numbers that are refuted as they were read, and proved as they are now."""
    repairs = [(number, repair) for number, text in enumerate(texts) for repair in number_repairs(text, profile)]
    places = {(number, repair.start) for number, repair in repairs}
    repairs += [(n, repair) for n, repair in repairs_by_sum(texts) if (n, repair.start) not in places]
    return [
        Change(number, one.start, one.end, one.before, one.after, None, one.rule, applied=True)
        for number, one in repairs
    ]


def _written(
    interview: Interview, texts: Sequence[str], numbers: Sequence[int], lexicon: Lexicon, trust: Trust, kind: Kind
) -> list[Change]:
    """Return the changes that the model's own wording of running text holds, judged by the guards."""
    asked = [n for n in numbers if is_prose(texts[n], lexicon)]
    if not asked or (kind == "receipt" and not trust.forms):
        return []
    profile: NumberProfile = "frozen" if kind == "receipt" else "prose"
    changes = []
    for number, candidate in zip(asked, interview.propose(asked, [texts[n] for n in asked]), strict=True):
        changes += judge(number, texts[number], candidate, lexicon=lexicon, trust=trust, numbers=profile)[1]
    return changes


def _settled(*groups: Sequence[Change]) -> list[Change]:
    """Return the changes of all groups by place; of overlapping ones the applied one stays, else the first group's."""
    kept: list[Change] = []
    for change in sorted(chain(*groups), key=lambda change: not change.applied):  # stable: the groups' order stays
        if not any(_overlap(change, other) for other in kept):
            kept.append(change)
    return sorted(kept, key=lambda change: (change.line, change.start))


def _with_readings(change: Change, line: RawLine) -> Change:
    """Return the change with what other engines read in its place, where it does not say so yet."""
    read = [Alternative(one.text, one.engine) for one in line.others if change.start <= one.start < change.end]
    new = [one for one in read if one not in change.alternatives and one.text not in (change.before, change.after)]
    return replace(change, alternatives=(*change.alternatives, *new)) if new else change


def _overlap(one: Change, other: Change) -> bool:
    return (
        one.line == other.line
        and one.start < max(other.end, other.start + 1)
        and other.start < max(one.end, one.start + 1)
    )


def _applied(texts: Sequence[str], changes: Sequence[Change]) -> list[str]:
    """Return the lines with the applied changes made."""
    return [_line(text, number, changes) for number, text in enumerate(texts)]


def _line(text: str, number: int, changes: Sequence[Change]) -> str:
    applied = (change for change in changes if change.applied and change.line == number)
    return apply_edits(text, [Edit(change.start, change.end, change.before, change.after) for change in applied])
