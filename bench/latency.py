"""How long one person waits on an idle site: from the upload of a receipt to its text, and to its corrected text."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from statistics import median

from bench import report, samples
from bench.measures import percentile
from bench.site import Visitor
from tests.live import running_site

PAUSE_SECONDS = 0.5
"""Between receipts, so that each finds the site idle."""


def main(options: list[str]) -> None:
    """Print the seconds of the first upload after the start (cold) and of the later ones (warm)."""
    parser = argparse.ArgumentParser(prog="python -m bench latency")
    parser.add_argument("--pages", type=int, default=8, help="receipts, one after the other (8)")
    count = parser.parse_args(options).pages
    with tempfile.TemporaryDirectory() as folder:
        pictures = samples.receipts(count, Path(folder))
        with running_site(Path(folder), SWEEP_SECONDS="15") as site:
            visitor = Visitor(site)
            waits = [wait(visitor, picture) for picture in pictures]
            visitor.close()
    rows = [row("first, cold", waits[:1])]
    if waits[1:]:
        rows.append(row(f"the {len(waits) - 1} after it, warm", waits[1:]))
    report.table(["receipt", "text median s", "text p95 s", "corrected median s", "corrected p95 s"], rows)


def wait(visitor: Visitor, picture: Path) -> tuple[float, float]:
    """Upload a picture. Return the seconds from the POST until its text can be read, and until it is corrected."""
    time.sleep(PAUSE_SECONDS)
    started = time.monotonic()
    document = visitor.upload(picture)
    read = visitor.wait_for(lambda: visitor.has_layer(document, "ocr"))
    corrected = visitor.wait_for(visitor.all_finished)
    return read - started, corrected - started


def row(name: str, waits: list[tuple[float, float]]) -> list[str | float]:
    """Return a row of the table: median and 95th percentile of both waits."""
    read, corrected = zip(*waits, strict=True)
    return [name, median(read), percentile(read, 95), median(corrected), percentile(corrected, 95)]
