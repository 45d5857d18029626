"""What every corrector takes and gives back. A leaf: no Django, nothing of ours but this file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Candidate:
    """The model's own, still unguarded, wording for one line.

    `margin` is the smallest log-odds in nats (natural logarithm) with which the model preferred its first
    departure from the source over copying it; None when the model gives no such figure.
    """

    text: str
    margin: float | None = None


@dataclass(frozen=True)
class Change:
    """One replaced span of one line, in characters of the raw line: raw[start:end] == before.

    `rule` names the guard rule that decided; `applied` tells whether the corrected line holds `after`.
    """

    line: int
    start: int
    end: int
    before: str
    after: str
    margin: float | None
    rule: str
    applied: bool


@dataclass(frozen=True)
class Correction:
    """The corrected lines of one page (as many as came in) and every change that the model wanted.

    `sent` is how many lines the model was asked about, `seconds` the time inside the model.
    """

    lines: tuple[str, ...]
    changes: tuple[Change, ...]
    model: str
    sent: int
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """Return plain dicts and lists."""
        return asdict(self)


class CorrectionError(Exception):
    """The text could not be corrected now. The message is a sentence for staff; the OCR text stays."""


class ModelUnavailable(CorrectionError):
    """There is no usable model: none set, a broken file, still downloading. Try again when that changes."""


class CorrectorCrashed(CorrectionError):
    """The model's process died or was killed at its deadline while it had the page."""


class Corrector(Protocol):
    """A corrector words lines anew; judging its wording is the guard's work."""

    name: str

    def propose(self, lines: Sequence[str], *, language: str) -> list[Candidate]:
        """Return one candidate per line, in order. Raises CorrectionError."""
        ...
