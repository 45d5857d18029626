"""`python -m bench [NAME ...]`: run benchmarks one after the other, each in a process and a data folder of its own."""

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
    "scale": "screens, search and dispatching with 10,000 documents of 5 pages",
    "accuracy": "errors before and after correction on scans with known text",
}


def main() -> int:
    """Run what was asked for, or all of it. Return the exit status: 1 when a benchmark failed."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", epilog=listing(), formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="benchmarks to run; all when none is given")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the data folder here, and use it again")
    asked, rest = parser.parse_known_args()
    unknown = set(asked.names) - set(BENCHMARKS)
    if unknown:
        parser.error(f"There is no benchmark called {', '.join(sorted(unknown))}.\n{listing()}")
    if rest and len(asked.names) != 1:
        parser.error(f"{' '.join(rest)} is an option of one benchmark; name that one alone.")
    return max(run(name, rest, asked.keep) for name in asked.names or BENCHMARKS)


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
