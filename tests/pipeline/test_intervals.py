from __future__ import annotations

import pytest

from documents.pipeline.intervals import design_effect, share_of, wilson


@pytest.mark.parametrize(
    ("value", "count", "low", "high"),
    [(0.5, 10, 0.2366, 0.7634), (0.9, 50, 0.7864, 0.9565), (1.0, 20, 0.8389, 1.0), (0.0, 20, 0.0, 0.1611)],
)
def test_the_interval_is_wilsons(value, count, low, high):
    assert wilson(value, count) == pytest.approx((low, high), abs=1e-4)


def test_nothing_counted_says_nothing():
    assert wilson(0.5, 0) == (0.0, 1.0)
    assert share_of([]) is None
    assert share_of([(0, 0)]) is None


def test_errors_that_lie_together_widen_the_interval():
    scattered = share_of([(10, 1)] * 20)
    together = share_of([(10, 0)] * 18 + [(10, 10)] * 2)
    assert scattered.value == together.value
    assert together.low < scattered.low
    assert together.high > scattered.high


def test_groups_never_narrow_the_interval():
    assert design_effect([(10, 1)] * 20) == 1.0


def test_a_sample_without_errors_is_not_taken_for_certain():
    share = share_of([(8, 0)] * 50)
    assert (share.percent, share.high) == ("100.0", 1.0)
    assert share.low == pytest.approx(0.9905, abs=1e-3)


def test_people_read_the_longer_arm():
    share = share_of([(1000, 8)])
    assert (share.percent, share.margin) == ("99.2", "0.8")
