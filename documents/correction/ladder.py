"""How much of a model is put on the GPU: all of it, or as much as its memory has turned out to hold."""

from __future__ import annotations

import time
from collections.abc import Callable

ALL_LAYERS = -1
# What is tried when llama.cpp died for want of the GPU's memory: parts of the model, then the processor alone.
PARTS = (0.75, 0.5, 0.25, 0.0)
# The GPU's other users come and go, so more is tried again: after a quarter of an hour, and twice as late after each
# try that failed, since a failed try costs a load of the model.
CLIMB_SECONDS = 900.0
LONGEST_SECONDS = 6 * 3600.0


class Ladder:
    """The numbers of layers to try, from what was asked for down to none; remembers which one holds."""

    def __init__(self, wanted: int, layers: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Start at the top. `wanted` -1 means all; `layers` is how many the model has, 0 when it does not say."""
        most = layers if wanted == ALL_LAYERS else min(wanted, layers or wanted)
        lower = {int(most * part) for part in PARTS} - {wanted}
        self._rungs = [wanted, *sorted(lower, reverse=True)] if wanted else [0]
        self._at = 0
        self._clock = clock
        self._wait = CLIMB_SECONDS
        self._climb_at = 0.0
        self._is_trying = False

    @property
    def layers(self) -> int:
        """Return the number of layers to start with now, -1 for all."""
        return self._rungs[self._at]

    def fall(self) -> bool:
        """Go one rung down, and remember when to try more again. Return False at the bottom."""
        if self._at + 1 >= len(self._rungs):
            return False
        self._at += 1
        if self._is_trying:
            self._wait = min(2 * self._wait, LONGEST_SECONDS)
            self._is_trying = False
        self._climb_at = self._clock() + self._wait
        return True

    def climb(self) -> bool:
        """Go one rung up when the time has come. Return whether it did; the model has to be loaded anew then."""
        if not self._at or self._clock() < self._climb_at:
            return False
        self._at -= 1
        self._is_trying = True
        self._climb_at = self._clock() + self._wait
        return True

    def hold(self) -> None:
        """The model answered on this rung, so the next try comes in the usual time again."""
        if self._is_trying:
            self._is_trying = False
            self._wait = CLIMB_SECONDS
