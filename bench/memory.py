"""How much memory every process of the running site holds after it has read and corrected a few pages."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import psutil

from bench import report, samples
from bench.site import Visitor
from tests.live import RunningSite, running_site

NAMES = {
    "documents.ocr.service": "OCR child",
    "documents.pipeline.render_service": "rendering child",
    "documents.correction.service": "language model child",
    "rqworker look": "worker: look",
    "rqworker interactive": "worker: interactive",
    "rqworker bulk": "worker: bulk",
    "rqworker correct": "worker: correct",
    "rqworker export": "worker: export",
    "gunicorn": "web",
    "supervisord": "supervisord",
    "redis-server": "Redis",
    "sweeper": "sweeper",
    "manage.py serve": "serve",
}
"""Words of a command line, and what the process is; the first that fits."""


def main(options: list[str]) -> None:
    """Print a row per process and the sum."""
    parser = argparse.ArgumentParser(prog="python -m bench memory")
    parser.add_argument("--pages", type=int, default=6, help="pages to read before measuring (6)")
    count = parser.parse_args(options).pages
    with tempfile.TemporaryDirectory() as folder:
        pictures = samples.mixed(count, Path(folder))
        with running_site(Path(folder)) as site:
            visitor = Visitor(site)
            for picture in pictures:
                visitor.upload(picture)
            visitor.wait_for(visitor.all_finished)
            rows = sorted(measured(site))
            visitor.close()
    rows.append(["all", *(sum(column) for column in list(zip(*rows, strict=True))[1:-1]), ""])
    report.table(["process", "RSS MiB", "PSS MiB", "USS MiB", "peak RSS MiB"], rows)


def measured(site: RunningSite) -> list[list[str | float]]:
    """Return name, RSS, PSS, USS and highest RSS so far, in MiB, of each process.

    PSS shares memory that several processes map among them, so its sum is what the site costs; USS is what would be
    free if the process ended.
    """
    rows = []
    for process in site.processes():
        held = process.memory_full_info()
        sizes = [size / 2**20 for size in (held.rss, getattr(held, "pss", held.rss), held.uss)]
        rows.append([name_of(process), *sizes, peak_mib(process.pid)])
    return rows


def name_of(process: psutil.Process) -> str:
    """Return what the process is, in words."""
    command = " ".join(process.cmdline())
    return next((name for words, name in NAMES.items() if words in command), command[:60])


def peak_mib(pid: int) -> float:
    """Return the highest RSS the process has had, VmHWM in proc(5), in MiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0
