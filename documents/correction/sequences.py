"""Several sequences side by side in one llama.cpp context: tokens in, logits out.

What a sequence holds is not computed again, and what two of them begin with (the instruction) only once: llama.cpp
then keeps one copy of its keys and values for both.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from llama_cpp import llama_cpp as api

from documents.correction.base import CorrectionError
from documents.correction.batching import Ask

BATCH_TOKENS = 512  # the most that goes into one llama_decode call: llama.cpp's own default for n_ubatch
WORTH_SHARING = 16  # tokens; fewer are computed faster than they are shared


@dataclass(frozen=True)
class Token:
    """One token of a batch: its slot and place there, and whether the logits after it are wanted."""

    slot: int
    place: int
    token: int
    wanted: bool


class Sequences:
    """The slots of one context. Not for use from two threads at once: llama.cpp would abort."""

    def __init__(self, context: api.llama_context_p, *, count: int, cells: int, vocab_size: int, shares: bool) -> None:
        """`cells` is how many tokens the context holds in all; `shares` is False for a model that cannot roll back."""
        self._context, self._memory = context, api.llama_get_memory(context)
        self._cells, self._vocab_size, self._shares = cells, vocab_size, shares
        self._batch = api.llama_batch_init(BATCH_TOKENS, 0, 1)
        self._held: list[list[int]] = [[] for _ in range(count)]  # the tokens whose keys and values each slot has
        self.tokens_done, self.seconds_used = 0, 0.0

    def close(self) -> None:
        """Free what belongs to the slots alone."""
        api.llama_batch_free(self._batch)

    def rows(self, asks: Mapping[int, Ask]) -> dict[int, np.ndarray]:
        """Return for each slot the logits that are asked for: (wanted, vocabulary) float32.

        Raises CorrectionError when llama.cpp refuses the tokens.
        """
        started = time.monotonic()
        self._make_room(asks)
        self._share(asks)
        tokens: list[Token] = []
        for slot, ask in asks.items():
            wanted = frozenset(ask.wanted)
            start = self._reuse(slot, ask.sequence, ask.wanted[0])
            tokens += [Token(slot, at, ask.sequence[at], at in wanted) for at in range(start, len(ask.sequence))]
        rows = self._decode(tokens)
        self._held = [list(asks[slot].sequence) if slot in asks else held for slot, held in enumerate(self._held)]
        self.seconds_used += time.monotonic() - started
        ends = np.cumsum([len(ask.wanted) for ask in asks.values()])[:-1]
        return dict(zip(asks, np.split(rows, ends), strict=True))

    def _make_room(self, asks: Mapping[int, Ask]) -> None:
        """Forget what slots hold that are not asked for, where not everything fits."""
        others = [slot for slot, held in enumerate(self._held) if held and slot not in asks]
        needed = sum(len(ask.sequence) for ask in asks.values()) + sum(len(self._held[slot]) for slot in others)
        for slot in others if needed > self._cells else ():
            self._cut(slot, 0)

    def _share(self, asks: Mapping[int, Ask]) -> None:
        """Compute what all of `asks` begin with in one slot, where none has it yet; `_reuse` gives it to the others."""
        if not self._shares or len(asks) == 1:
            return
        slot, sequences = next(iter(asks)), [ask.sequence for ask in asks.values()]
        same = min(_alike(sequences[0], other) for other in sequences)
        if same >= max(_alike(held, sequences[0]) for held in self._held) + WORTH_SHARING:
            start = self._reuse(slot, sequences[0], same)
            self._decode([Token(slot, at, sequences[0][at], wanted=False) for at in range(start, same)])
            self._held[slot] = list(sequences[0][:same])

    def _reuse(self, slot: int, sequence: Sequence[int], most: int) -> int:
        """Have the slot hold the longest beginning of `sequence` that any slot has, up to `most`; return its length."""
        own = min(_alike(self._held[slot], sequence), most)
        if own == most or not self._shares:
            return self._cut(slot, own)
        alike = [min(_alike(held, sequence), most) for held in self._held]
        best = max(range(len(alike)), key=alike.__getitem__)
        if alike[best] < own + WORTH_SHARING:
            return self._cut(slot, own)
        self._cut(slot, 0)
        api.llama_memory_seq_cp(self._memory, best, slot, 0, alike[best])
        self._held[slot] = list(sequence[: alike[best]])
        return alike[best]

    def _cut(self, slot: int, length: int) -> int:
        """Forget what the slot holds from `length` on; return what is left. Recurrent models cannot forget a part."""
        kept = length if api.llama_memory_seq_rm(self._memory, slot, length, -1) else 0
        if kept < length:
            api.llama_memory_seq_rm(self._memory, slot, -1, -1)
        self._held[slot] = self._held[slot][:kept]
        return kept

    def _decode(self, tokens: Sequence[Token]) -> np.ndarray:
        """Compute the tokens in batches; return copies of the logits that are wanted, in order."""
        parts = [tokens[at : at + BATCH_TOKENS] for at in range(0, len(tokens), BATCH_TOKENS)]
        found = [self._decode_batch(part) for part in parts]
        self.tokens_done += len(tokens)
        return np.concatenate(found) if found else np.empty((0, self._vocab_size), dtype=np.float32)

    def _decode_batch(self, tokens: Sequence[Token]) -> np.ndarray:
        batch = self._batch
        batch.n_tokens = len(tokens)
        for i, one in enumerate(tokens):
            batch.token[i], batch.pos[i], batch.logits[i] = one.token, one.place, one.wanted
            batch.n_seq_id[i], batch.seq_id[i][0] = 1, one.slot
        code = api.llama_decode(self._context, batch)
        if code != 0:
            self._held = [[] for _ in self._held]
            api.llama_memory_clear(self._memory, True)
            raise CorrectionError(f"llama.cpp could not process this passage (code {code}).")
        count = sum(one.wanted for one in tokens)
        if not count:
            return np.empty((0, self._vocab_size), dtype=np.float32)
        logits = api.llama_get_logits(self._context)
        return np.array(np.ctypeslib.as_array(logits, (count, self._vocab_size)), dtype=np.float32)


def _alike(one: Sequence[int], other: Sequence[int]) -> int:
    """Return how many tokens two lists begin with in common, by halving: lists compare much faster than a loop does."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[low:middle] == other[low:middle] else (low, middle - 1)
    return low
