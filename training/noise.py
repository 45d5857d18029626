"""A model of the engines' mistakes, fitted on real pairs: it spoils clean lines as the engines would, without end."""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from training.windows import SAME_MARKS

READABLE = 0.35  # of a line's characters wrong: what is worse teaches nothing about letters
LONGEST_TRUE, LONGEST_RAW = 4, 5  # characters of one mistake; longer ones are lost pieces of a line
WORST = 0.35  # no line is spoilt more than this
NOVELTY = 0.06  # of the mistakes are letters at random, for what the fitted lines did not happen to hold
_LETTERS = "etaoinshrdlucmfwypvbgk.,'-il1| ITLO0S5"
END_OF_LINE = "\n"  # stands for "at the end" where a mistake puts something in


@dataclass
class Noise:
    """The mistakes of the lines of one language.

    `changes[c]` counts (true piece, raw piece) of pieces that start with c, `inserted[c]` what was put in before c,
    `weights[c]` is how much more often than the mean a mistake falls on c, `rates` are CERs of the lines that have
    any, and `cost` the mean length of a mistake.
    """

    changes: dict[str, list[tuple[str, str, int]]] = field(default_factory=dict)
    inserted: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    weights: dict[str, float] = field(default_factory=dict)
    rates: list[float] = field(default_factory=list)
    cost: float = 1.0

    def spoilt(self, truth: str, chance: random.Random, strength: float = 1.0) -> str:
        """Return `truth` with at least one mistake tried; `strength` multiplies the rate drawn from real lines."""
        rate = min(chance.choice(self.rates) * strength, WORST)
        wanted = max(1, int(len(truth) * rate / self.cost + chance.random()))
        weights = list(accumulate(self.weights.get(sign, 1.0) for sign in truth))
        places = set(chance.choices(range(len(truth)), cum_weights=weights, k=wanted))
        text, limit = truth, len(truth)
        for at in sorted(places, reverse=True):
            end, raw = self._mistake(truth, at, chance)
            if end <= limit:
                text, limit = text[:at] + raw + text[end:], at
        return " ".join(text.split())

    def _mistake(self, truth: str, at: int, chance: random.Random) -> tuple[int, str]:
        """Return where the true piece at `at` ends and what is read in its place."""
        if chance.random() < NOVELTY:
            sign = chance.choice(_LETTERS)
            return chance.choice([(at + 1, sign), (at + 1, sign), (at + 1, ""), (at, sign)])
        changes, inserted = self.changes.get(truth[at], []), self.inserted.get(truth[at], [])
        fitting = [change for change in changes if truth.startswith(change[0], at)]
        counts = [count for *_, count in fitting] + [count for _, count in inserted]
        if not counts:
            return at, ""
        number = chance.choices(range(len(counts)), counts)[0]
        if number < len(fitting):
            return at + len(fitting[number][0]), fitting[number][1]
        return at, inserted[number - len(fitting)][0]


def mistakes(truth: str, raw: str) -> Iterator[tuple[int, str, str]]:
    """Yield (place in truth, true piece, raw piece) of each mistake; neighbouring edits are one."""
    runs: list[list[int]] = []
    for op in Levenshtein.opcodes(truth, raw):
        if op.tag == "equal":
            continue
        if runs and runs[-1][1] == op.src_start and runs[-1][3] == op.dest_start:
            runs[-1][1], runs[-1][3] = op.src_end, op.dest_end
        else:
            runs.append([op.src_start, op.src_end, op.dest_start, op.dest_end])
    for a, b, c, d in runs:
        yield a, truth[a:b], raw[c:d]


def fitted(pairs: Iterable[tuple[str, str]]) -> Noise:
    """Return the noise of pairs (raw, truth). Raises ValueError when none of the readable pairs has a mistake."""
    changes: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    inserted: dict[str, Counter[str]] = defaultdict(Counter)
    seen, hit, rates, costs = Counter[str](), Counter[str](), [], []
    for raw, truth in pairs:
        raw, truth = raw.translate(SAME_MARKS), truth.translate(SAME_MARKS)
        distance = Levenshtein.distance(raw, truth)
        if distance > READABLE * len(truth):
            continue
        seen.update(truth)
        rates += [distance / len(truth)] if distance else []
        for at, true, read in mistakes(truth, raw):
            if len(true) > LONGEST_TRUE or len(read) > LONGEST_RAW:
                continue
            key = truth[at] if at < len(truth) else END_OF_LINE
            costs.append(max(len(true), len(read)))
            hit[key] += 1
            if true:
                changes[key][true, read] += 1
            else:
                inserted[key][read] += 1
    if not rates or not costs:
        raise ValueError("There is no pair with a mistake to learn from. Make shards of pairs first.")
    shares = {sign: (hit[sign] + 0.05) / (count + 5) for sign, count in seen.items()}
    mean = sum(shares[sign] * count for sign, count in seen.items()) / seen.total()
    return Noise(
        {key: [(true, read, n) for (true, read), n in found.items()] for key, found in changes.items()},
        {key: list(found.items()) for key, found in inserted.items()},
        {sign: share / mean for sign, share in shares.items()},
        rates,
        sum(costs) / len(costs),
    )


def save(noises: dict[str, Noise], path: Path) -> None:
    """Write the noise of each language."""
    path.write_text(json.dumps({language: vars(noise) for language, noise in noises.items()}, ensure_ascii=False))


def load(path: Path) -> dict[str, Noise]:
    """Return what `save` wrote."""
    return {language: Noise(**facts) for language, facts in json.loads(path.read_text()).items()}
