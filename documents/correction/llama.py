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

from documents.correction.base import NO_BRIEF, Brief, Candidate, Held, Question
from documents.correction.batching import Ask, Talk, together
from documents.correction.following import first_departure, open_places, place_after
from documents.correction.prompts import (
    ByteWindowStyle,
    PromptStyle,
    Segment,
    Wish,
    style_of,
    wish_of,
)
from documents.correction.runtime import Runtime
from documents.correction.weighing import opinions

FARTHEST = 256  # tokens of the source that are looked at for a draft


@dataclass(frozen=True)
class Written:
    """The model's answer to one request; `complete` is False when it ran into its length limit."""

    text: str
    margin: float | None
    complete: bool


@dataclass(frozen=True)
class Way:
    """How the texts of one request are asked: what is said before them, how many are under way at once, and how many
    tokens of each are verified per pass."""

    wish: Wish
    at_once: int
    draft: int


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
        held = brief.held or ((),) * len(lines)
        segments = self.style.segments(lines)
        way = self._way([segment.text for segment in segments], wish_of(language, brief))
        if isinstance(self.style, ByteWindowStyle):
            windows = [self._from_windows(line, own, way) for line, own in zip(lines, held, strict=True)]
            return together(windows, self.runtime.rows_of, way.at_once)
        talks = [self._several(segment, lines, held, way) for segment in segments]
        found: dict[int, Candidate] = {}
        for some in together(talks, self.runtime.rows_of, way.at_once):
            found.update(some)
        return [found.get(number, Candidate(line)) for number, line in enumerate(lines)]

    def weigh(
        self, questions: Sequence[Question], *, language: str, brief: Brief = NO_BRIEF
    ) -> list[list[float | None]]:
        """Return for each wording of each question by how many nats the model prefers it to what was read."""
        way = self._way([question.line for question in questions], wish_of(language, brief))
        talks = [opinions(self.style, question, way.wish) for question in questions]
        return together(talks, self.runtime.rows_of, way.at_once)

    def _way(self, texts: Sequence[str], wish: Wish) -> Way:
        """Return how to ask about `texts`: as many at once as the context holds, and the fewer, the longer drafts."""
        style = self.style
        longest = max((style.room(text, wish) for text in texts), default=1)
        at_once = max(1, min(style.at_once, len(texts), self.runtime.slots_for(longest)))
        return Way(wish, at_once, max(style.draft, style.pass_tokens // at_once - 1))

    def _from_windows(self, line: str, held: Sequence[Held], way: Way) -> Talk[Candidate]:
        """Return the candidate of one line, put together from windows; from the right, so that offsets hold."""
        text, margins = line, []
        for segment in reversed(self.style.segments([line])):
            written = yield from self._write(segment.text, _within(held, segment.start, segment.text), way)
            if written.complete and written.margin is not None and "\n" not in written.text:
                text = text[: segment.start] + written.text + text[segment.start + len(segment.text) :]
                margins.append(written.margin)
        return Candidate(text, min(margins, default=None))

    def _several(
        self, segment: Segment, lines: Sequence[str], held: Sequence[Sequence[Held]], way: Way
    ) -> Talk[dict[int, Candidate]]:
        """Return the candidates of a segment; when the answer has another line count, ask line by line."""
        written = yield from self._write(segment.text, _of_segment(held, segment, lines), way)
        answers = written.text.strip("\n").split("\n")
        if written.complete and len(answers) == len(segment.lines):
            return {n: _kept_indent(lines[n], text, written.margin) for n, text in zip(segment.lines, answers)}
        if len(segment.lines) == 1:
            return {}
        alone = [Segment((number,), lines[number]) for number in segment.lines if lines[number].strip()]
        found: dict[int, Candidate] = {}
        for one in alone:
            found.update((yield from self._several(one, lines, held, way)))
        return found

    def _write(self, text: str, held: Sequence[Held], way: Way) -> Talk[Written]:
        """Return the model's wording of `text`: greedy, except for the bias towards the source and what is held."""
        style, source = self.style, text.encode()
        sequence = style.prompt(text, way.wish)
        biases = self._biases(text, held)
        start, most = len(sequence), style.most(text)
        at, margin, room = 0, None, max(style.first_draft, way.draft)
        while len(sequence) - start < most:
            draft = style.source(source[at:])[:FARTHEST]
            along = self._along(biases, draft, at)
            open_ = open_places(along, room)
            draft = draft[: open_[-1] + 1] if len(open_) == room else draft
            copied, token, odds = len(draft), None, None
            if len(open_):
                rows = yield Ask([*sequence, *draft[: open_[-1]]], [len(sequence) - 1 + place for place in open_])
                copied, token, odds = first_departure(rows, draft, open_, along)
            margin, room = odds if margin is None else margin, way.draft
            wanted = [*draft[:copied], *([] if token is None else [token])]
            if style.is_end(wanted[-1]):
                return Written(self._text([*sequence[start:], *wanted[:-1]]), margin, complete=True)
            sequence += wanted
            at = place_after(source, self.runtime.text(sequence[start:]), at + len(self.runtime.text(wanted)), token)
        return Written(self._text(sequence[start:]), margin, complete=False)

    def _biases(self, text: str, held: Sequence[Held]) -> np.ndarray:
        """Return for each byte of `text`, and for its end, by how many nats the model has to prefer something else."""
        biases = np.full(len(text.encode()) + 1, self.style.bias, dtype=np.float32)
        for one in held:
            start = len(text[: one.start].encode())
            biases[start : start + len(text[one.start : one.end].encode())] += one.nats
        if len(biases) > 1 and biases[-2] == np.inf:
            biases[-1] = np.inf  # behind what is frozen, the text ends where it ended
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


def _kept_indent(line: str, answer: str, margin: float | None) -> Candidate:
    """Return the answer with the line's own white space at both ends, which chat models drop."""
    body = line.strip()
    if not body:
        return Candidate(line)
    before, _, after = line.partition(body)
    return Candidate(before + answer.strip() + after, margin)
