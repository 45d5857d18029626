"""Pages per minute of the whole system, against the bare engine on the same page pictures in one process.

Every uploaded file goes the bulk way here (INTERACTIVE_PAGES=0), so BULK_WORKERS is the number of reading workers. The
bare engine and the site take turns, so that what else the machine does meets both.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import median

from django.conf import settings

from bench import report, samples
from bench.site import Visitor
from documents.ocr.rapid import RapidEngine
from documents.pipeline.pictures import sniff
from documents.pipeline.rendering import draw_page
from tests.live import running_site

HEADER = [
    "workers", "threads", "correction", "bare pages/min", "site pages/min", "site / bare",
    "engine seconds site / bare", "jobs outside the engine %", "workers idle %",
]  # fmt: skip


@dataclass(frozen=True)
class Setup:
    """One way to run the site."""

    workers: int
    threads: int
    correction: bool

    def environment(self) -> dict[str, str]:
        """Return the variables that make it so."""
        return {
            "INTERACTIVE_PAGES": "0", "BULK_WORKERS": str(self.workers), "OCR_THREADS": str(self.threads),
            "CORRECTION": str(self.correction).lower(), "SWEEP_SECONDS": "15",
            "OCR_ENGINE": "rapidocr", "READING_MODE": "fast",  # what the bare engine does, and no more
        }  # fmt: skip


def main(options: list[str]) -> None:
    """Print a row per set-up: pages per minute bare and through the site, their ratio, and where the time went."""
    parser = argparse.ArgumentParser(prog="python -m bench throughput")
    parser.add_argument("--pages", type=int, default=12, help="pages in each round (12)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each set-up, of which the median counts (3)")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], help="numbers of reading workers (1 2)")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2], help="values of OCR_THREADS (1 2)")
    parser.add_argument("--correction", nargs="+", default=["off", "on"], choices=["off", "on"], help="(off on)")
    asked = parser.parse_args(options)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pictures = samples.mixed(asked.pages, folder)
        drawn = page_pictures(pictures, folder / "drawn")
        corrections = [word == "on" for word in asked.correction]
        setups = [Setup(*values) for values in product(asked.workers, asked.threads, corrections)]
        rows = [measured(setup, pictures, drawn, asked.rounds, folder / f"site{n}") for n, setup in enumerate(setups)]
    report.table(HEADER, rows)


def page_pictures(originals: Sequence[Path], folder: Path) -> list[Path]:
    """Return the pictures that the site would show the engine, drawn by the same code into `folder`."""
    settings.FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)
    drawn = []
    for number, path in enumerate(originals):
        place = folder / str(number)
        place.mkdir(parents=True)
        drawn.append(draw_page(path, sniff(path.read_bytes()[:1024]), 1, place).picture.path)
    return drawn


def measured(
    setup: Setup, originals: Sequence[Path], drawn: Sequence[Path], rounds: int, folder: Path
) -> list[str | float]:
    """Return the row of one set-up. Both sides have seen each page once before the first round."""
    folder.mkdir()
    engine = RapidEngine(threads=setup.threads)
    with running_site(folder, **setup.environment()) as site:
        visitor = Visitor(site)
        documents = [visitor.upload(path) for path in originals]
        visitor.wait_for(visitor.all_finished)
        bare_seconds(engine, drawn[:1])
        before = newest(visitor)
        times = [(bare_seconds(engine, drawn), site_seconds(visitor, documents)) for _ in range(rounds)]
        site_spent = spent(visitor, after=before)
        visitor.close()
    correction = "on" if setup.correction else "off"
    return [setup.workers, setup.threads, correction, *figures(times, site_spent, setup, drawn)]


def figures(
    times: Sequence[tuple[float, float]], site_spent: Spent, setup: Setup, drawn: Sequence[Path]
) -> Iterator[float]:
    """Yield the numbers of a row from the seconds (bare, site) of each round."""
    bare, through = (list(column) for column in zip(*times, strict=True))
    yield 60 * len(drawn) / median(bare)
    yield 60 * len(drawn) / median(through)
    yield median(bare_time / site_time for bare_time, site_time in times)
    yield site_spent.engine / sum(bare)
    yield 100 * (1 - site_spent.engine / site_spent.jobs)
    yield 100 * (1 - site_spent.jobs / (setup.workers * sum(through)))


def bare_seconds(engine: RapidEngine, pictures: Sequence[Path]) -> float:
    """Return how long the engine alone takes for the pictures, one after the other."""
    started = time.monotonic()
    for picture in pictures:
        engine.read(picture, language="", handwritten=False)
    return time.monotonic() - started


def site_seconds(visitor: Visitor, documents: Sequence[int]) -> float:
    """Return how long the site takes to do all documents again, from the first request to the last page's end."""
    started = time.monotonic()
    for document in documents:
        visitor.read_again(document)
    return visitor.wait_for(visitor.all_finished) - started


def newest(visitor: Visitor) -> tuple[int, int]:
    """Return the ids of the newest text and the newest try."""
    return visitor.rows("SELECT (SELECT max(id) FROM documents_pagetext), (SELECT max(id) FROM documents_attempt)")[0]


@dataclass(frozen=True)
class Spent:
    """Seconds of reading, summed over pages: in the engine, and in the jobs around it from claim to end."""

    engine: float
    jobs: float


def spent(visitor: Visitor, *, after: tuple[int, int]) -> Spent:
    """Return what the site itself recorded for the texts and tries that are newer than those of `after`."""
    texts = "SELECT sum(seconds) FROM documents_pagetext WHERE layer = 'ocr' AND id > ?"
    tries = "SELECT sum(julianday(ended_at) - julianday(started_at)) * 86400 FROM documents_attempt "
    return Spent(
        visitor.rows(texts, after[0])[0][0],
        visitor.rows(tries + "WHERE step = 'read' AND outcome = 'done' AND id > ?", after[1])[0][0],
    )
