"""How many cores this process owns: those it may run on, and no more than its control groups pay for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

GROUPS = Path("/sys/fs/cgroup")


def owned_cores(groups: Path = GROUPS, membership: Path = Path("/proc/self/cgroup")) -> int:
    """Return the number of cores, at least 1; a container's share of one and a half counts as one.

    More threads than cores wait for each other at every step of a model: that costs many times what it gains.
    """
    may_use = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, int(min([may_use, *_quotas(groups, membership)])))


def _quotas(groups: Path, membership: Path) -> Iterator[float]:
    """Yield the cores that each limit allows, of the process's groups and of those they are in (versions 2 and 1)."""
    try:
        lines = membership.read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _number, controllers, path = line.split(":", 2)
        root = groups if not controllers else groups / "cpu" if "cpu" in controllers.split(",") else None
        if root is None:
            continue
        own = root / path.lstrip("/")
        for folder in (own, *own.parents):
            if folder == root or root in folder.parents:
                yield from _limit(folder)


def _limit(folder: Path) -> Iterator[float]:
    try:
        if (folder / "cpu.max").is_file():
            quota, period = (folder / "cpu.max").read_text().split()
        else:
            quota, period = ((folder / f"cpu.cfs_{name}_us").read_text().strip() for name in ("quota", "period"))
        if quota not in ("max", "-1"):
            yield int(quota) / int(period)
    except (OSError, ValueError):
        return  # no such limit here, or one that this program does not understand
