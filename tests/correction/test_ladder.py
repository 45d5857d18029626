from __future__ import annotations

import pytest

from documents.correction.ladder import CLIMB_SECONDS, LONGEST_SECONDS, Ladder


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("wanted", "layers", "rungs"),
    [
        (-1, 36, [-1, 27, 18, 9, 0]),
        (20, 36, [20, 15, 10, 5, 0]),
        (50, 36, [50, 27, 18, 9, 0]),
        (-1, 1, [-1, 0]),
        (-1, 0, [-1, 0]),
        (0, 36, [0]),
    ],
)
def test_it_goes_down_by_quarters_to_the_processor(wanted: int, layers: int, rungs: list[int]):
    ladder = Ladder(wanted, layers)
    seen = [ladder.layers]
    while ladder.fall():
        seen.append(ladder.layers)
    assert seen == rungs


def test_it_stays_where_it_held_until_the_time_has_come():
    clock = Clock()
    ladder = Ladder(-1, 36, clock=clock)
    ladder.fall()
    clock.now = CLIMB_SECONDS - 1
    assert not ladder.climb() and ladder.layers == 27
    clock.now = CLIMB_SECONDS
    assert ladder.climb() and ladder.layers == -1


def test_it_waits_twice_as_long_after_a_try_that_failed():
    clock = Clock()
    ladder = Ladder(-1, 36, clock=clock)
    ladder.fall()
    clock.now = CLIMB_SECONDS
    ladder.climb()
    ladder.fall()
    clock.now += CLIMB_SECONDS
    assert not ladder.climb()
    clock.now += CLIMB_SECONDS
    assert ladder.climb()


def test_it_never_waits_longer_than_six_hours():
    clock = Clock()
    ladder = Ladder(-1, 36, clock=clock)
    ladder.fall()
    for _ in range(20):
        clock.now += LONGEST_SECONDS
        assert ladder.climb()
        ladder.fall()


def test_it_does_not_climb_from_the_top():
    clock = Clock()
    ladder = Ladder(-1, 36, clock=clock)
    clock.now = LONGEST_SECONDS
    assert not ladder.climb()
