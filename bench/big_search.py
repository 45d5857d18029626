"""Search in a very big archive: SQLite, PostgreSQL and Tantivy on the same texts, one after the other."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings

from bench import report
from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
SERVER = (
    "-c shared_buffers=1GB -c work_mem=64MB -c effective_cache_size=8GB -c random_page_cost=1.1 -c max_wal_size=8GB "
    "-c jit=off"
)
"""What docs/operations.md advises for a machine of 16 GB and more; everything else is as PostgreSQL comes."""

BYTES_PER_WORD = 110
"""Of disk: text, copy in the index, index and rows, in both databases and Tantivy together; measured with 100 words."""


def main(pages: int, words: int, requests: int) -> None:
    """Print a table per database and one for Tantivy."""
    report.say(
        f"{pages} pages of about {words} words, 5 to a document. Disk needed for a while: about "
        f"{pages * words * BYTES_PER_WORD / 2**30:.0f} GiB in {settings.DATA_DIR.parent}."
    )
    options = ["--pages", str(pages), "--words", str(words), "--requests", str(requests)]
    _run("big_archive", options, "SQLite", DATA_DIR=str(settings.DATA_DIR / "sqlite"))
    if postgres.PROGRAMS is None:
        report.say(postgres.MISSING)
    else:
        with tempfile.TemporaryDirectory(prefix="ocrsite-bench-pg-") as folder:
            os.chmod(folder, 0o755)  # the server runs as another user
            with postgres.postgres_server(Path(folder), SERVER) as url:
                _run("big_archive", options, "PostgreSQL", DATA_DIR=str(settings.DATA_DIR / "pg"), DATABASE_URL=url)
    _run("tantivy_search", options, "Tantivy", DATA_DIR=str(settings.DATA_DIR / "tantivy"))


def _run(name: str, options: list[str], title: str, **environment: str) -> None:
    report.say(f"**{title}**")
    subprocess.run(
        [sys.executable, "-m", "bench.run", name, *options], cwd=ROOT, env=os.environ | environment, check=True
    )
