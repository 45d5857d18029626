"""The whole archive out of one site and into an empty one: how long it takes, and whether both are equal."""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import psutil
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command

from bench.archive import Archive
from bench.report import table
from documents.models import Document, Page
from documents.pipeline import archiving
from documents.pipeline.files import original_name

ORIGINAL, PICTURE, THUMBNAIL = 200_000, 150_000, 8_000  # bytes, as of an A4 page at 300 dpi in grey


def main(options: list[str]) -> None:
    """Print the seconds of every step and what the comparison says."""
    parser = argparse.ArgumentParser(prog="python -m bench archive_roundtrip", description=__doc__)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--pages", type=int, default=2, help="of each document")
    parser.add_argument("--zip", action="store_true", help="into a ZIP, not into a folder")
    asked = parser.parse_args(options)
    call_command("migrate", verbosity=0)
    Archive().fill(asked.documents, asked.pages)
    _store_files()
    path = settings.DATA_DIR / ("taken.zip" if asked.zip else "taken")
    started = time.perf_counter()
    out = archiving.export_archive(path)
    seconds = time.perf_counter() - started
    memory = psutil.Process().memory_info().rss / 2**20
    rows = [("export", f"{seconds:.1f}", f"{out.rows} rows, {out.files} files, {_megabytes(path):.0f} MB")]
    other = settings.DATA_DIR / "other"
    for step in ("migrate", "import", "check"):
        seconds, said = _in_other_site(other, step, path)
        rows.append((step, f"{seconds:.1f}", said))
    table(("step", "seconds", ""), rows)
    print(f"\n{asked.documents} documents of {asked.pages} pages; {len(out.problems)} problems at the export; "
          f"memory after it {memory:.0f} MiB.")  # fmt: skip


def _store_files() -> None:
    """Give every document an original, and every page its pictures: random bytes, so that no two are equal."""
    source = random.Random(1)
    for document in Document.objects.all():
        content = source.randbytes(ORIGINAL)
        document.original = original_name(f"{document.pk:064x}")
        default_storage.save(document.original, ContentFile(content))
        document.save(update_fields=["original"])
    for page in Page.objects.all():
        page.picture, page.thumbnail = f"pages/{page.pk}.jpg", f"pages/{page.pk}-small.jpg"
        default_storage.save(page.picture, ContentFile(source.randbytes(PICTURE)))
        default_storage.save(page.thumbnail, ContentFile(source.randbytes(THUMBNAIL)))
        page.save(update_fields=["picture", "thumbnail"])


def _in_other_site(folder: Path, step: str, path: Path) -> tuple[float, str]:
    """Run a step in the empty site. Return its seconds and the last line that it printed."""
    command = [step, "--verbosity=0"] if step == "migrate" else ["archive", step, str(path)]
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "manage.py", *command], env=os.environ | {"DATA_DIR": str(folder)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    seconds = time.perf_counter() - started
    said = (done.stdout if done.returncode == 0 else done.stderr).strip().splitlines()
    return seconds, said[-1] if said else ""


def _megabytes(path: Path) -> float:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files) / 1e6
