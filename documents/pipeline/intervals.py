"""How far a measured share can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

Z = 1.96
"""Of the normal distribution, for 95 %."""


@dataclass(frozen=True)
class Share:
    """A share of `count` things, with the ends of its 95 % interval; all between 0 and 1."""

    value: float
    low: float
    high: float
    count: int

    @property
    def percent(self) -> str:
        """The share as people read it: 99.2."""
        return f"{100 * self.value:.1f}"

    @property
    def margin(self) -> str:
        """The longer arm of the interval in percentage points: 0.3."""
        return f"{100 * max(self.high - self.value, self.value - self.low):.1f}"

    @property
    def ends(self) -> tuple[str, str]:
        """The ends of the interval as people read them: 98.8, 99.5."""
        return f"{100 * self.low:.1f}", f"{100 * self.high:.1f}"


def wilson(value: float, count: float) -> tuple[float, float]:
    """Return the ends of the 95 % interval of a share `value` seen in `count` independent things.

    The score interval of Wilson (1927, J. Am. Stat. Assoc. 22, 209-212); unlike the textbook's it holds near 0 and 1
    (Brown, Cai and DasGupta 2001, Statistical Science 16, 101-133). `count` may be a fraction (see `share_of`).
    """
    if not count:
        return 0.0, 1.0
    square = Z * Z / count
    middle = (value + square / 2) / (1 + square)
    arm = Z * sqrt(value * (1 - value) / count + square / (4 * count)) / (1 + square)
    return max(0.0, middle - arm), min(1.0, middle + arm)


def share_of(groups: Sequence[tuple[int, int]]) -> Share | None:
    """Return the share of right things of groups (things, wrong ones) that were chosen by chance; None without any.

    Words of one line are not independent: a bad line has many wrong ones. So the number of words is divided by the
    design effect (Kish 1965, Survey Sampling, chapter 5), measured between the lines, before Wilson's formula.
    """
    groups = [group for group in groups if group[0]]
    count, wrong = sum(things for things, _wrong in groups), sum(wrong for _things, wrong in groups)
    if not count:
        return None
    share = 1 - wrong / count
    return Share(share, *wilson(share, count / design_effect(groups)), count)


def design_effect(groups: Sequence[tuple[int, int]]) -> float:
    """Return how many times larger groups make the variance of a share than single things would; at least 1."""
    count, wrong, lines = sum(g[0] for g in groups), sum(g[1] for g in groups), len(groups)
    share = wrong / count
    alone = share * (1 - share) / count
    if lines < 2 or not alone:
        return 1.0
    between = sum((bad - share * things) ** 2 for things, bad in groups) * lines / (lines - 1) / count**2
    return max(1.0, between / alone)
