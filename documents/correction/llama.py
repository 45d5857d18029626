"""A corrector that runs a GGUF model in this process through llama.cpp.

Most of a page is to be copied, so the model verifies instead of writing: the source itself is the draft, one pass
gives the model's opinion on many tokens of it, and only where the model departs by more than the style's bias does
it write a token of its own. That is faster than writing and leans towards the source, which is where errors of a
corrector come from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein

from documents.correction.base import NO_BRIEF, Brief, Candidate, Held, Question
from documents.correction.prompts import (
    NO_WISH,
    ByteWindowStyle,
    PromptStyle,
    Segment,
    Wish,
    style_of,
    wish_of,
)
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

    def propose(self, lines: Sequence[str], *, language: str, brief: Brief = NO_BRIEF) -> list[Candidate]:
        """Return one candidate per line, in order; an answer that cannot be used leaves the line as it came."""
        wish = wish_of(language, brief)
        held = brief.held or ((),) * len(lines)
        if isinstance(self.style, ByteWindowStyle):
            return [self._from_windows(line, own) for line, own in zip(lines, held, strict=True)]
        found: dict[int, Candidate] = {}
        for segment in self.style.segments(lines):
            found.update(self._several(segment, lines, held, wish))
        return [found.get(number, Candidate(line)) for number, line in enumerate(lines)]

    def weigh(
        self, questions: Sequence[Question], *, language: str, brief: Brief = NO_BRIEF
    ) -> list[list[float | None]]:
        """Return for each wording of each question by how many nats the model prefers it to what was read."""
        wish = wish_of(language, brief)
        return [self._opinions(question, wish) for question in questions]

    def _opinions(self, question: Question, wish: Wish) -> list[float | None]:
        segment = next((one for one in self.style.segments([question.line]) if _holds(one, question)), None)
        source = self.style.source(segment.text.encode()) if segment else []
        if segment is None or not source:
            return [None] * len(question.wordings)
        prompt, most = self.style.prompt(segment.text, wish), self.style.most(segment.text)
        start, end = question.start - segment.start, question.end - segment.start
        copied = _log_likelihoods(self.runtime, prompt, source, 0)
        found: list[float | None] = []
        for wording in question.wordings:
            other = self.style.source((segment.text[:start] + wording + segment.text[end:]).encode())
            same = next((n for n, pair in enumerate(zip(other, source)) if pair[0] != pair[1]), len(source) - 1)
            fits = 0 < len(other) <= most
            found.append(
                float(_log_likelihoods(self.runtime, prompt, other, same).sum() - copied[same:].sum()) if fits else None
            )
        return found

    def _from_windows(self, line: str, held: Sequence[Held]) -> Candidate:
        """Return the candidate of one line, put together from windows; from the right, so that offsets hold."""
        text, margins = line, []
        for segment in reversed(self.style.segments([line])):
            written = self._write(segment.text, _within(held, segment.start, segment.text))
            if written.complete and written.margin is not None and "\n" not in written.text:
                text = text[: segment.start] + written.text + text[segment.start + len(segment.text) :]
                margins.append(written.margin)
        return Candidate(text, min(margins, default=None))

    def _several(
        self, segment: Segment, lines: Sequence[str], held: Sequence[Sequence[Held]], wish: Wish
    ) -> dict[int, Candidate]:
        """Return the candidates of a segment; when the answer has another line count, ask line by line."""
        written = self._write(segment.text, _of_segment(held, segment, lines), wish)
        answers = written.text.strip("\n").split("\n")
        if written.complete and len(answers) == len(segment.lines):
            return {n: _kept_indent(lines[n], text, written.margin) for n, text in zip(segment.lines, answers)}
        if len(segment.lines) == 1:
            return {}
        alone = [Segment((number,), lines[number]) for number in segment.lines if lines[number].strip()]
        return {n: candidate for one in alone for n, candidate in self._several(one, lines, held, wish).items()}

    def _write(self, text: str, held: Sequence[Held] = (), wish: Wish = NO_WISH) -> Written:
        """Return the model's wording of `text`: greedy, except for the bias towards the source and what is held."""
        style, source = self.style, text.encode()
        sequence = style.prompt(text, wish)
        biases = self._biases(text, held)
        start, most = len(sequence), style.most(text)
        at, margin, room = 0, None, style.first_draft
        while len(sequence) - start < most:
            draft = style.source(source[at:])[:room]
            rows = self.runtime.rows([*sequence, *draft[:-1]], max(len(draft), 1))
            copied, token, odds = _first_departure(rows, draft, self._along(biases, draft, at))
            margin = odds if margin is None else margin
            room = style.draft
            wanted = [*draft[:copied], *([] if token is None else [token])]
            if style.is_end(wanted[-1]):
                return Written(self._text([*sequence[start:], *wanted[:-1]]), margin, complete=True)
            sequence += wanted
            at = _place(source, self.runtime.text(sequence[start:]), at + len(self.runtime.text(wanted)), token)
        return Written(self._text(sequence[start:]), margin, complete=False)

    def _biases(self, text: str, held: Sequence[Held]) -> np.ndarray:
        """Return for each byte of `text`, and for its end, by how many nats the model has to prefer something else."""
        biases = np.full(len(text.encode()) + 1, self.style.bias, dtype=np.float32)
        for one in held:
            start = len(text[: one.start].encode())
            biases[start : start + len(text[one.start : one.end].encode())] += one.nats
        return biases

    def _along(self, biases: np.ndarray, draft: Sequence[int], at: int) -> np.ndarray:
        """Return the bias of each token of a draft that starts at byte `at`: the highest of its bytes."""
        found = np.empty(len(draft), dtype=np.float32)
        for number, token in enumerate(draft):
            end = at + max(len(self.runtime.piece(token)), 1)
            found[number] = biases[min(at, len(biases) - 1) : end].max(initial=self.style.bias)
            at = end
        return found

    def _text(self, tokens: Sequence[int]) -> str:
        return self.runtime.text(tokens).decode("utf-8", "replace")


def _holds(segment: Segment, question: Question) -> bool:
    return segment.start <= question.start and question.end <= segment.start + len(segment.text)


def _log_likelihoods(runtime: Runtime, prompt: Sequence[int], answer: Sequence[int], first: int) -> np.ndarray:
    """Return the logarithm of the probability of each token of `answer` from the `first` on, after `prompt`."""
    wanted = np.asarray(answer[first:])
    rows = runtime.rows([*prompt, *answer[:-1]], len(wanted))
    highest = rows.max(axis=1)
    return rows[np.arange(len(wanted)), wanted] - highest - np.log(np.exp(rows - highest[:, None]).sum(axis=1))


def _within(held: Sequence[Held], start: int, text: str) -> list[Held]:
    """Return what is held in a piece of a line that begins at `start`, counted from there."""
    inside = (one for one in held if start <= one.start and one.end <= start + len(text))
    return [replace(one, start=one.start - start, end=one.end - start) for one in inside]


def _of_segment(held: Sequence[Sequence[Held]], segment: Segment, lines: Sequence[str]) -> list[Held]:
    """Return what is held in a segment of several lines, counted from its start."""
    found, start = [], 0
    for number in segment.lines:
        found += [replace(one, start=one.start + start, end=one.end + start) for one in held[number]]
        start += len(lines[number]) + 1
    return found


def _first_departure(
    rows: np.ndarray, draft: Sequence[int], biases: np.ndarray
) -> tuple[int, int | None, float | None]:
    """Return how many tokens of `draft` are copied, the token written instead of the next one, and its log-odds."""
    best = rows.argmax(axis=1)
    if not draft:
        return 0, int(best[0]), None
    each = np.arange(len(draft))
    odds = rows[each, best] - rows[each, draft]
    departures = np.flatnonzero(odds > biases)
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
