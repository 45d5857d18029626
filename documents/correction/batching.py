"""Several texts through one model at once: what each asks for next is computed together with what the others ask for.

A model reads all of its weights for every pass, however few tokens that is for; so passes are what is to be saved.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

T = TypeVar("T")


@dataclass(frozen=True)
class Ask:
    """Of `sequence` the logits after the tokens at the places `wanted` are asked for, in order and at least one."""

    sequence: Sequence[int]
    wanted: Sequence[int]


Talk = Generator[Ask, np.ndarray, T]
"""Work on one text: it yields what it asks for, is sent the logits (wanted, vocabulary), returns what came of it."""

Compute = Callable[[Mapping[int, Ask]], Mapping[int, np.ndarray]]
"""Takes what is asked for in each slot and returns the logits; a slot remembers what it computed last."""


def together(talks: Iterable[Talk[T]], compute: Compute, at_once: int) -> list[T]:
    """Return what came of each talk, in order; up to `at_once` of them are under way, each in a slot of its own."""
    waiting, results = deque(enumerate(talks)), {}
    free, under_way, asks = list(range(at_once)), {}, {}
    while waiting or asks:
        said: Mapping[int, np.ndarray | None] = compute(asks) if asks else {}
        while free and waiting:
            slot = free.pop(0)
            under_way[slot] = waiting.popleft()
            said = {**said, slot: None}
        for slot, rows in said.items():
            number, talk = under_way[slot]
            try:
                asks[slot] = talk.send(rows)
            except StopIteration as end:
                results[number] = end.value
                asks.pop(slot, None)
                free.append(slot)
    return [results[number] for number in range(len(results))]
