"""The same claims on PostgreSQL: search, lists, export, the API, the whole archive, and the access of every address."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.db import connection

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent.parent
CLAIMS = [
    "tests/search", "tests/test_states.py", "tests/test_access.py", "tests/test_reindex.py", "tests/api",
    "tests/views/test_searching.py", "tests/views/test_library.py", "tests/views/test_changes.py",
    "tests/views/test_collections.py", "tests/views/test_export.py", "tests/pipeline/test_dispatching.py",
    "tests/pipeline/test_removing.py", "tests/pipeline/test_changing.py", "tests/pipeline/test_exporting.py",
    "tests/pipeline/test_export_jobs.py", "tests/pipeline/test_archiving.py", "tests/pipeline/test_watching.py",
    "tests/pipeline/test_fields.py",
]  # fmt: skip


@pytest.mark.long
@pytest.mark.skipif(postgres.PROGRAMS is None, reason=postgres.MISSING)
@pytest.mark.skipif(connection.vendor == "postgresql", reason="This is that run.")
def test_it_keeps_its_claims_on_postgresql():
    with tempfile.TemporaryDirectory(prefix="ocrsite-pg-") as folder:
        os.chmod(folder, 0o755)  # the server runs as another user
        with postgres.postgres_server(Path(folder)) as url:
            # Its own conftest.py names the settings.
            env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
            tests = subprocess.run(
                [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *CLAIMS],
                cwd=ROOT, env=env | {"TEST_DATABASE_URL": url}, capture_output=True, text=True, check=False,
            )  # fmt: skip
    assert tests.returncode == 0, tests.stdout[-4000:] + tests.stderr[-2000:]
