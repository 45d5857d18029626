"""`python -m bench [NAME [OPTION ...]]`: run one benchmark, or all, each in a process and a data folder of its own."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCHMARKS = {
    "latency": "from the upload of a receipt to its text, and to its corrected text",
    "throughput": "pages per minute of the whole system against the bare engine",
    "memory": "memory of every process of the running site",
    "scale": "screens, search and dispatching with 10,000 documents of 5 pages; --pages N: search alone",
    "export": "searchable PDFs of real scans: exact text, places of words, size; and speed of every format",
    "archive_roundtrip": "the whole archive out of one site and into an empty one, compared by hash",
    "accuracy": "errors of reading on scans with known text, per engine and mode",
    "review": "the review desk: opening and scrolling 3,000 words, keys per doubtful word",
    "preparation": "errors of reading on damaged pages, prepared and not, and what it does to undamaged ones",
    "correction": "errors before and after correction on such scans and on text pairs",
    "weights": "the weights of evidence.py, fitted anew on such scans and text pairs",
    "fields": "how often date and total of receipts are found exactly",
    "copying": "the correcting loop against plain chat completion, same model and text",
    "model_memory": "memory of the language model's process over 1,000 pages",
    "server": "what parallel requests to a correction server gain",
}


def main() -> int:
    """Run what was asked for, or all of it. Return the exit status: 1 when a benchmark failed."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", epilog=listing(), formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="the benchmark to run, then its own options; else all")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the data folder here, and use it again")
    parser.add_argument("options", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.name is None:
        return max(run(name, [], asked.keep) for name in BENCHMARKS)
    if asked.name not in BENCHMARKS:
        parser.error(f"There is no benchmark called {asked.name}.\n{listing()}")
    return run(asked.name, asked.options, asked.keep)


def listing() -> str:
    """Return the names of the benchmarks with what they measure, one per line."""
    return "\n".join(f"  {name:<12}{what}" for name, what in BENCHMARKS.items())


def run(name: str, options: list[str], keep: Path | None) -> int:
    """Run one benchmark with its options. Return its exit status."""
    with data_folder(keep) as folder:
        command = [sys.executable, "-m", "bench.run", name, *options]
        return subprocess.run(command, cwd=ROOT, env=environment(folder), check=False).returncode


@contextmanager
def data_folder(keep: Path | None) -> Iterator[Path]:
    """Give the folder for the benchmark's data: `keep`, or one that is gone afterwards. It is never var/."""
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="ocrsite-bench-") as folder:
        yield Path(folder)


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a benchmark: ours, but with its own data; a model already downloaded is used."""
    models = Path(os.environ.get("DATA_DIR", ROOT / "var")) / "models"
    own = {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "ocrsite.settings", "LOG_LEVEL": "WARNING"}
    return {"DIRECTORY_MODEL_PATH": str(models)} | os.environ | own


if __name__ == "__main__":
    sys.exit(main())
