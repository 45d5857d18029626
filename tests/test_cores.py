"""Threads are as many as the cores that are ours, not as many as the machine has."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ocrsite.cores import owned_cores

MINE = len(os.sched_getaffinity(0))


def group(root: Path, files: dict[str, str], membership: str) -> tuple[Path, Path]:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    (root / "membership").write_text(membership)
    return root, root / "membership"


@pytest.mark.parametrize(
    ("files", "membership"),
    [
        ({"cpu.max": "100000 100000\n"}, "0::/\n"),
        ({"site/cpu.max": "150000 100000\n"}, "0::/site\n"),
        ({"site/cpu.max": "100000 100000\n", "site/worker/cpu.max": "max 100000\n"}, "0::/site/worker\n"),
        ({"cpu/site/cpu.cfs_quota_us": "50000\n", "cpu/site/cpu.cfs_period_us": "100000\n"}, "4:cpu,cpuacct:/site\n"),
    ],
)
def test_a_quota_counts_wherever_it_is_set(tmp_path, files, membership):
    assert owned_cores(*group(tmp_path, files, membership)) == 1


@pytest.mark.parametrize(
    ("files", "membership"),
    [
        ({"cpu.max": "max 100000\n"}, "0::/\n"),
        ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, "4:cpu,cpuacct:/\n"),
        ({"cpu.max": "what"}, "0::/\n"),
        ({}, "0::/\n"),
    ],
)
def test_without_a_quota_it_is_what_the_process_may_run_on(tmp_path, files, membership):
    assert owned_cores(*group(tmp_path, files, membership)) == MINE


def test_a_machine_without_control_groups_is_fine(tmp_path):
    assert owned_cores(tmp_path, tmp_path / "missing") == MINE
