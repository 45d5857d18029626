"""What every corrector takes and gives back. A leaf: no Django, nothing of ours but this file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol, runtime_checkable


@dataclass(frozen=True)
class Other:
    """What another OCR engine, `engine`, read in raw[start:end] of a line and was not taken, and how probable it is
    that it is right (0 to 1)."""

    start: int
    end: int
    text: str
    engine: str
    confidence: float


@dataclass(frozen=True)
class RawWord:
    """raw[start:end] of a line is a word, and right with the probability `confidence`."""

    start: int
    end: int
    confidence: float


@dataclass(frozen=True)
class RawLine:
    """One line as it was read. `confidence` is the mean of its words', None where no engine gave any (text alone).

    `words` and `others` may be empty, or leave out words that could not be found in `text`.
    """

    text: str
    confidence: float | None = None
    words: tuple[RawWord, ...] = ()
    others: tuple[Other, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """The model's own, still unguarded, wording for one line.

    `margin` is the smallest log-odds in nats (natural logarithm) with which the model preferred its first
    departure from the source over copying it; None when the model gives no such figure.
    """

    text: str
    margin: float | None = None


@dataclass(frozen=True)
class Held:
    """line[start:end] is to stay unless the model prefers something else by `nats`; infinity freezes it."""

    start: int
    end: int
    nats: float


@dataclass(frozen=True)
class Brief:
    """What a corrector is told beside the lines: the `kind` of page, words of the house that may be meant, and per line
    what is held, in order; no entry for lines where nothing is."""

    kind: str = "prose"
    terms: tuple[str, ...] = ()
    held: tuple[tuple[Held, ...], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return plain dicts and lists, as they travel over a pipe."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Brief:
        """Return the Brief that `to_json` gave."""
        held = tuple(tuple(Held(**one) for one in line) for line in data["held"])
        return cls(data["kind"], tuple(data["terms"]), held)


NO_BRIEF = Brief()


@dataclass(frozen=True)
class Question:
    """Which of `wordings` is right in the place of line[start:end]?"""

    line: str
    start: int
    end: int
    wordings: tuple[str, ...]


@dataclass(frozen=True)
class Alternative:
    """Another wording of a changed place, and where it comes from: the name of an OCR engine, or "words"."""

    text: str
    source: str


@dataclass(frozen=True)
class Change:
    """One replaced span of one line, in characters of the raw line: raw[start:end] == before.

    `rule` names the rule that decided; `applied` tells whether the corrected line holds `after`. `margin` are the
    log-odds of `after` against `before` in nats, None where there is no such figure.
    """

    line: int
    start: int
    end: int
    before: str
    after: str
    margin: float | None
    rule: str
    applied: bool
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True)
class Correction:
    """The corrected lines of one page (as many as came in) and every change that was wanted.

    `sent` is how many lines the model was asked about, `clean` how many held nothing doubtful; `broken` are the numbers
    of those too badly read to be repaired. `seconds` is the time inside the model.
    """

    lines: tuple[str, ...]
    changes: tuple[Change, ...]
    model: str
    sent: int
    seconds: float
    clean: int = 0
    broken: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return plain dicts and lists."""
        return asdict(self)


class CorrectionError(Exception):
    """The text could not be corrected now. The message is a sentence for staff; the OCR text stays."""


class ModelUnavailable(CorrectionError):
    """There is no usable model: none set, a broken file, still downloading. Try again when that changes."""


class ModelTooBig(ModelUnavailable):
    """The model could not be loaded with so many layers on the GPU; its memory is the usual reason."""


class CorrectorCrashed(CorrectionError):
    """The model's process died or was killed at its deadline while it had the page."""


class Corrector(Protocol):
    """A corrector words lines anew; judging its wording is the guard's work."""

    name: str

    def propose(self, lines: Sequence[str], *, language: str, brief: Brief = NO_BRIEF) -> list[Candidate]:
        """Return one candidate per line, in order. Raises CorrectionError."""
        ...


@runtime_checkable
class Weigher(Protocol):
    """A corrector that can also be asked for its opinion on words that others thought of."""

    def weigh(
        self, questions: Sequence[Question], *, language: str, brief: Brief = NO_BRIEF
    ) -> list[list[float | None]]:
        """Return for each wording of each question by how many nats the model prefers it to what was read.

        None where the model cannot tell. Raises CorrectionError.
        """
        ...
