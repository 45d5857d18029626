"""A model's opinion on words that others thought of: how much more probable it finds an answer that has them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from documents.correction.base import Question
from documents.correction.batching import Ask, Talk
from documents.correction.prompts import PromptStyle, Segment, Wish


def opinions(style: PromptStyle, question: Question, wish: Wish) -> Talk[list[float | None]]:
    """Return for each wording by how many nats the model prefers it to what was read; None where it cannot tell.

    What the answers begin with is the same, so only the log-odds from the first difference on are computed.
    """
    segment = next((one for one in style.segments([question.line]) if _holds(one, question)), None)
    source = style.source(segment.text.encode()) if segment else []
    if segment is None or not source:
        return [None] * len(question.wordings)
    prompt, most = style.prompt(segment.text, wish), style.most(segment.text)
    others = [style.source(_with(segment, question, wording).encode()) for wording in question.wordings]
    places = [_first_difference(other, source) for other in others]
    first = min(places, default=0)
    copied = yield from _log_likelihoods(prompt, source, first)
    found: list[float | None] = []
    for other, place in zip(others, places, strict=True):
        if not 0 < len(other) <= most:
            found.append(None)
            continue
        said = yield from _log_likelihoods(prompt, other, place)
        found.append(float(said.sum() - copied[place - first :].sum()))
    return found


def _holds(segment: Segment, question: Question) -> bool:
    return segment.start <= question.start and question.end <= segment.start + len(segment.text)


def _with(segment: Segment, question: Question, wording: str) -> str:
    start, end = question.start - segment.start, question.end - segment.start
    return segment.text[:start] + wording + segment.text[end:]


def _first_difference(one: Sequence[int], other: Sequence[int]) -> int:
    """Return the place of the first token that differs, the last one of `other` where none does."""
    return next((place for place, pair in enumerate(zip(one, other)) if pair[0] != pair[1]), len(other) - 1)


def _log_likelihoods(prompt: Sequence[int], answer: Sequence[int], first: int) -> Talk[np.ndarray]:
    """Return the logarithm of the probability of each token of `answer` from the `first` on, after `prompt`."""
    wanted, before = np.asarray(answer[first:]), len(prompt) - 1
    rows = yield Ask([*prompt, *answer[:-1]], range(before + first, before + len(answer)))
    highest = rows.max(axis=1)
    return rows[np.arange(len(wanted)), wanted] - highest - np.log(np.exp(rows - highest[:, None]).sum(axis=1))
