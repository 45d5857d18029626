from __future__ import annotations

from collections import Counter

import numpy as np

from documents.correction.byte_window import positions
from tests.training.scenes import material
from training.batches import MOST_REPEATS, Batches, Mix

SIZE, WINDOW = 16, 63


def raw_and_true(ids: np.ndarray) -> list[tuple[str, str]]:
    """Return the two sides of each window of a batch."""
    sides = [(row[1 : WINDOW + 1], row[WINDOW + 2 :]) for row in ids]
    return [tuple(bytes(int(i) for i in side if i < 256).decode() for side in both) for both in sides]


def batches(mix: Mix, count: int = 5, **options) -> Batches:
    return Batches(material(), mix, size=SIZE, window=WINDOW, count=count, **options)


def test_a_batch_is_the_same_whenever_it_is_asked_for():
    mix = Mix(real=0.25, clean=0.25, strength=1.0)
    one, other = batches(mix)[5], batches(mix)[5]
    assert one[0].shape == (SIZE, positions(WINDOW))
    assert np.array_equal(one[0], other[0])
    assert not np.array_equal(one[0], batches(mix)[6][0])


def test_it_spreads_the_real_pairs_over_the_stage_and_shows_none_too_often():
    some = batches(Mix(real=0.5, clean=0.25, strength=1.0), count=20)
    each = [[raw for raw, _ in raw_and_true(some[number][0]) if raw.startswith("rnan")] for number in range(20)]
    assert {len(real) for real in each} == {3}
    assert set(Counter(raw for real in each for raw in real).values()) == {MOST_REPEATS}


def test_a_later_stage_counts_the_real_pairs_of_the_one_before():
    mix = Mix(real=0.5, clean=0.25, strength=1.0)
    used = batches(mix, count=7).real_after(7)
    later = batches(mix, count=5, real_before=used)
    assert 0 < later.real_after(5) <= MOST_REPEATS * 30
    assert not any(raw.startswith("rnan") for raw, _ in raw_and_true(batches(mix, real_before=60)[0][0]))


def test_half_of_the_lines_are_clean_where_half_are_to_be():
    some = batches(Mix(real=0.25, clean=0.5, strength=1.0))
    windows = [both for number in range(20) for both in raw_and_true(some[number][0])]
    assert sum(raw == truth for raw, truth in windows) >= 0.45 * len(windows)
    assert sum(raw != truth for raw, truth in windows) >= 0.25 * len(windows)
