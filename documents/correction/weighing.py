"""A model's opinion on words that others thought of: how much more probable it finds an answer that has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from documents.correction.base import Question
from documents.correction.batching import Ask, Talk
from documents.correction.prompts import PromptStyle, Segment, Wish


def opinions(style: PromptStyle, question: Question, wish: Wish) -> Talk[list[float | None]]:
    """Return for each wording by how many nats the model prefers it to what was read; None where it cannot tell.

    Only the log-odds from the first token that differs to `style.after` tokens behind the last one are computed: what
    the answers begin with is the same, and what comes much later hardly depends on the word.
    """
    segment = next((one for one in style.segments([question.line]) if _holds(one, question)), None)
    source = style.source(segment.text.encode()) if segment else []
    if segment is None or not source:
        return [None] * len(question.wordings)
    prompt, most = style.prompt(segment.text, wish), style.most(segment.text)
    others = [style.source(_with(segment, question, wording).encode()) for wording in question.wordings]
    spans = [_differing(other, source, style.after) if 0 < len(other) <= most else None for other in others]
    asked = [span for span in spans if span]
    if not asked:
        return [None] * len(others)
    first, left_out = min(span.start for span in asked), min(span.left_out for span in asked)
    copied = yield from _log_likelihoods(prompt, source[: len(source) - left_out], first)
    found: list[float | None] = []
    for other, span in zip(others, spans, strict=True):
        if span is None:
            found.append(None)
            continue
        said = yield from _log_likelihoods(prompt, other[: len(other) - span.left_out], span.start)
        found.append(float(said.sum() - copied[span.start - first : len(source) - span.left_out - first].sum()))
    return found


def _holds(segment: Segment, question: Question) -> bool:
    return segment.start <= question.start and question.end <= segment.start + len(segment.text)


def _with(segment: Segment, question: Question, wording: str) -> str:
    start, end = question.start - segment.start, question.end - segment.start
    return segment.text[:start] + wording + segment.text[end:]


@dataclass(frozen=True)
class Span:
    """Where one answer differs from another: from `start` on, but for the last `left_out` tokens of both."""

    start: int
    left_out: int


def _differing(one: Sequence[int], other: Sequence[int], after: int) -> Span:
    """Return where the answers differ, `after` common tokens behind that included; the last token where they do not."""
    pairs = zip(one, other)
    start = next((place for place, pair in enumerate(pairs) if pair[0] != pair[1]), min(len(one), len(other)) - 1)
    behind = zip(reversed(one[start:]), reversed(other[start:]))
    same = next((place for place, pair in enumerate(behind) if pair[0] != pair[1]), min(len(one), len(other)) - start)
    return Span(start, max(0, same - after))


def _log_likelihoods(prompt: Sequence[int], answer: Sequence[int], first: int) -> Talk[np.ndarray]:
    """Return the logarithm of the probability of each token of `answer` from the `first` on, after `prompt`."""
    wanted, before = np.asarray(answer[first:]), len(prompt) - 1
    rows = yield Ask([*prompt, *answer[:-1]], range(before + first, before + len(answer)))
    highest = rows.max(axis=1)
    return rows[np.arange(len(wanted)), wanted] - highest - np.log(np.exp(rows - highest[:, None]).sum(axis=1))
