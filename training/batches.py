"""Batches of windows without end: batch number n is always the same, so a run can go on where it stopped."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np

from training.material import Material
from training.places import LANGUAGE_WEIGHTS
from training.text import passage
from training.windows import Window, agreed, encoded, pieces

MOST_REPEATS = 2
"""No real pair is seen more often in a whole run: the first model saw them five times and learnt them by heart."""

PROSE = 0.62  # the other lines are drawn from the pack's
CAPITALS = 0.04


@dataclass(frozen=True)
class Mix:
    """What a stage of training is made of: parts of real pairs and of clean lines; the rest are spoilt lines.

    `strength` multiplies the noise's rates.
    """

    real: float
    clean: float
    strength: float


class Batches:
    """A map from a batch's number to its ids and masks, both (size, positions), int16."""

    def __init__(
        self, material: Material, mix: Mix, *, size: int, window: int, count: int, real_before: int = 0
    ) -> None:
        """`count` is how many batches the stage has: where real windows are few, each batch gets fewer of them.

        `real_before` is how many real windows earlier stages of the run have used.
        """
        self._material, self._mix, self._size, self._window = material, mix, size, window
        left = MOST_REPEATS * len(material.real) - real_before
        self._real_each, self._real_before = min(round(size * mix.real), max(0, left) // max(1, count)), real_before

    def real_after(self, batches: int) -> int:
        """Return how many real windows are used once so many batches of this stage are done."""
        return self._real_before + batches * self._real_each

    def __getitem__(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        chance = random.Random(f"{self._mix} {number}")
        windows = self._real(number)
        while len(windows) < self._size:
            window = self._clean(chance) if chance.random() < self._clean_part() else self._spoilt(chance)
            windows += [window] if window else []
        both = [encoded(window, self._window) for window in windows]
        return np.stack([ids for ids, _ in both]), np.stack([mask for _, mask in both])

    def _clean_part(self) -> float:
        """Return the part of clean windows among those that are not real pairs."""
        return self._mix.clean * self._size / (self._size - self._real_each)

    def _real(self, number: int) -> list[Window]:
        """Return the batch's real windows."""
        first, count = self.real_after(number), len(self._material.real)
        return [Window(*self._material.real[at % count]) for at in range(first, first + self._real_each)]

    def _clean(self, chance: random.Random) -> Window | None:
        _, text = self._text(chance)
        return self._cut(text, text, chance)

    def _spoilt(self, chance: random.Random) -> Window | None:
        language, text = self._text(chance)
        raw = self._material.noises[language].spoilt(text, chance, self._mix.strength)
        return self._cut(raw, agreed(raw, text), chance)

    def _cut(self, raw: str, truth: str, chance: random.Random) -> Window | None:
        found = list(pieces(raw, truth, self._window))
        return chance.choice(found) if found else None

    def _text(self, chance: random.Random) -> tuple[str, str]:
        """Return a true line and its language."""
        language = chance.choices(list(LANGUAGE_WEIGHTS), list(LANGUAGE_WEIGHTS.values()))[0]
        if chance.random() < PROSE:
            length = round(chance.triangular(16, 1.6 * self._window, self._window))
            text = passage(self._material.texts[language], length, chance) or "."
            text = text.upper() if chance.random() < CAPITALS else text
        else:
            text = chance.choice(self._material.lines[language])
        return language, " ".join(text.split())
