"""How figures are printed: as Markdown that can go into README.md as it is."""

from __future__ import annotations

import datetime
import os
import platform
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import psutil


def heading(name: str, options: Sequence[str]) -> None:
    """Print the benchmark's name, command, machine and date."""
    command = " ".join(["python -m bench", name, *options])
    print(f"### {name}\n\n`{command}` on {datetime.date.today()}; {machine()}.\n", flush=True)


def say(sentence: str) -> None:
    """Print a paragraph at once: a table may take minutes."""
    print(f"{sentence}\n", flush=True)


def machine() -> str:
    """Return cores, processor, memory and the load of the last minute; a load beside ours makes figures worse."""
    memory = psutil.virtual_memory().total / 2**30
    return f"{os.cpu_count()} cores, {processor()}, {memory:.0f} GiB, load at the start {os.getloadavg()[0]:.1f}"


def processor() -> str:
    """Return the processor's model, as Linux names it; elsewhere its kind."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print a Markdown table; numbers are set to the right."""
    rows = [list(row) for row in rows]
    columns = zip(*rows, strict=True)
    is_right = [all(value == "" or not isinstance(value, str) for value in column) for column in columns]
    print(f"| {' | '.join(header)} |")
    print(f"|{'|'.join('---:' if right else '---' for right in is_right)}|")
    for row in rows:
        print(f"| {' | '.join(shown(value) for value in row)} |")
    print(flush=True)


def shown(value: Any) -> str:
    """Return a figure with about three digits that say something; text as it is."""
    if not isinstance(value, float):
        return str(value)
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"
