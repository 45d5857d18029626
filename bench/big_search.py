"""Search in a very big archive: SQLite, PostgreSQL and Tantivy on the same texts, one after the other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from bench import report
from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
SERVER = (
    "-c shared_buffers=4GB -c work_mem=64MB -c effective_cache_size=12GB -c random_page_cost=1.1 -c max_wal_size=8GB "
    "-c jit=off"
)
"""What docs/operations.md advises for a machine of 16 GB; everything else is as PostgreSQL comes."""

BYTES_PER_WORD = 110
"""Of disk: text, copy in the index, index and rows, in both databases and Tantivy together; measured with 100 words."""


DATABASES = ("sqlite", "postgresql", "tantivy")


def main(pages: int, words: int, requests: int, only: str = "", on: str = "") -> None:
    """Print a table per database and one for Tantivy. `on` is one of DATABASES, `only` a piece of screens' names.

    Archives of a kept data folder are used again: then nothing is built.
    """
    report.say(
        f"{pages} pages of about {words} words, 5 to a document. Disk needed for a while: about "
        f"{pages * words * BYTES_PER_WORD / 2**30:.0f} GiB in {settings.DATA_DIR}."
    )
    numbers = ["--pages", str(pages), "--words", str(words), "--requests", str(requests)]
    asked = [on] if on else DATABASES
    if "sqlite" in asked:
        _run("big_archive", [*numbers, "--only", only], "SQLite", DATA_DIR=str(settings.DATA_DIR / "sqlite"))
    if "postgresql" in asked and postgres.PROGRAMS is None:
        report.say(postgres.MISSING)
    elif "postgresql" in asked:
        os.chmod(settings.DATA_DIR, 0o755)  # the server runs as another user
        with postgres.postgres_server(settings.DATA_DIR / "server", SERVER) as url:
            data = str(settings.DATA_DIR / "pg")
            _run("big_archive", [*numbers, "--only", only], "PostgreSQL", DATA_DIR=data, DATABASE_URL=url)
    if "tantivy" in asked:
        _run("tantivy_search", numbers, "Tantivy", DATA_DIR=str(settings.DATA_DIR / "tantivy"))


def _run(name: str, options: list[str], title: str, **environment: str) -> None:
    report.say(f"**{title}**")
    subprocess.run(
        [sys.executable, "-m", "bench.run", name, *options], cwd=ROOT, env=os.environ | environment, check=True
    )
