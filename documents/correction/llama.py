"""A corrector that runs a GGUF model in this process through llama.cpp.

Most of a page is to be copied, so the model verifies instead of writing: the source itself is the draft, one pass
gives the model's opinion on many tokens of it, and only where the model departs by more than the style's bias does
it write a token of its own. That is faster than writing and leans towards the source, which is where errors of a
corrector come from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein

from documents.correction.base import Candidate
from documents.correction.prompts import ByteWindowStyle, PromptStyle, Segment, style_of
from documents.correction.runtime import Runtime

# After a departure the place in the source is found again by the last bytes written (design figure: 24 are enough
# to be unique, and a departure moves the text by a few bytes at most).
TAIL_BYTES = 24
DRIFT_BYTES = 8


@dataclass(frozen=True)
class Written:
    """The model's answer to one request; `complete` is False when it ran into its length limit."""

    text: str
    margin: float | None
    complete: bool


class LlamaCorrector:
    """A Corrector (see base.py). `context_size` is in tokens; `gpu_layers` -1 puts the whole model on the GPU."""

    def __init__(self, path: Path, *, threads: int, context_size: int, gpu_layers: int = 0) -> None:
        """Load the model. Raises ModelUnavailable."""
        self.runtime = Runtime(path, threads=threads, context_size=context_size, gpu_layers=gpu_layers)
        self.style: PromptStyle = style_of(self.runtime)
        self.name = path.stem

    @property
    def device(self) -> str:
        """Return "gpu" or "cpu"."""
        return self.runtime.device

    def close(self) -> None:
        """Free the model's memory."""
        self.runtime.close()

    def propose(self, lines: Sequence[str], *, language: str) -> list[Candidate]:
        """Return one candidate per line, in order; an answer that cannot be used leaves the line as it came."""
        if isinstance(self.style, ByteWindowStyle):
            return [self._from_windows(line) for line in lines]
        found: dict[int, Candidate] = {}
        for segment in self.style.segments(lines):
            found.update(self._several(segment, lines))
        return [found.get(number, Candidate(line)) for number, line in enumerate(lines)]

    def _from_windows(self, line: str) -> Candidate:
        """Return the candidate of one line, put together from windows; from the right, so that offsets hold."""
        text, margins = line, []
        for segment in reversed(self.style.segments([line])):
            written = self._write(segment.text)
            if written.complete and written.margin is not None and "\n" not in written.text:
                text = text[: segment.start] + written.text + text[segment.start + len(segment.text) :]
                margins.append(written.margin)
        return Candidate(text, min(margins, default=None))

    def _several(self, segment: Segment, lines: Sequence[str]) -> dict[int, Candidate]:
        """Return the candidates of a segment; when the answer has another line count, ask line by line."""
        written = self._write(segment.text)
        answers = written.text.strip("\n").split("\n")
        if written.complete and len(answers) == len(segment.lines):
            return {n: _kept_indent(lines[n], text, written.margin) for n, text in zip(segment.lines, answers)}
        if len(segment.lines) == 1:
            return {}
        alone = [Segment((number,), lines[number]) for number in segment.lines if lines[number].strip()]
        return {n: candidate for one in alone for n, candidate in self._several(one, lines).items()}

    def _write(self, text: str) -> Written:
        """Return the model's wording of `text`: greedy, except for the style's bias towards the source."""
        style, source = self.style, text.encode()
        sequence = style.prompt(text)
        start, most = len(sequence), style.most(text)
        at, margin, room = 0, None, style.first_draft
        while len(sequence) - start < most:
            draft = style.source(source[at:])[:room]
            rows = self.runtime.rows([*sequence, *draft[:-1]], max(len(draft), 1))
            copied, token, odds = _first_departure(rows, draft, style.bias)
            margin = odds if margin is None else margin
            room = style.draft
            wanted = [*draft[:copied], *([] if token is None else [token])]
            if style.is_end(wanted[-1]):
                return Written(self._text([*sequence[start:], *wanted[:-1]]), margin, complete=True)
            sequence += wanted
            at = _place(source, self.runtime.text(sequence[start:]), at + len(self.runtime.text(wanted)), token)
        return Written(self._text(sequence[start:]), margin, complete=False)

    def _text(self, tokens: Sequence[int]) -> str:
        return self.runtime.text(tokens).decode("utf-8", "replace")


def _first_departure(rows: np.ndarray, draft: Sequence[int], bias: float) -> tuple[int, int | None, float | None]:
    """Return how many tokens of `draft` are copied, the token written instead of the next one, and its log-odds."""
    best = rows.argmax(axis=1)
    if not draft:
        return 0, int(best[0]), None
    each = np.arange(len(draft))
    odds = rows[each, best] - rows[each, draft]
    departures = np.flatnonzero(odds > bias)
    if not len(departures):
        return len(draft), None, None
    first = int(departures[0])
    return first, int(best[first]), float(odds[first])


def _place(source: bytes, written: bytes, expected: int, departed: int | None) -> int:
    """Return the position in `source` that goes on from what is `written`; `expected` when nothing departed."""
    if departed is None:
        return expected
    tail = written[-TAIL_BYTES:]

    def distance(at: int) -> tuple[int, int]:
        return Levenshtein.distance(tail, source[max(0, at - len(tail)) : at]), abs(at - expected)

    places = range(max(0, expected - DRIFT_BYTES), min(len(source), expected + DRIFT_BYTES) + 1)
    at = min(places, key=distance, default=len(source))
    while at < len(source) and source[at] & 0xC0 == 0x80:  # never start inside a UTF-8 character
        at += 1
    return at


def _kept_indent(line: str, answer: str, margin: float | None) -> Candidate:
    """Return the answer with the line's own white space at both ends, which chat models drop."""
    body = line.strip()
    if not body:
        return Candidate(line)
    before, _, after = line.partition(body)
    return Candidate(before + answer.strip() + after, margin)
