from __future__ import annotations

import os
import select
import sys

import pytest

from documents.pipeline import probe as probe_module
from documents.pipeline.pictures import Contents, Limits, ToolMissing, Unreadable
from documents.pipeline.probe import probe
from tests.samples import make

LIMITS = Limits()


@pytest.fixture
def upload(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(make.pdf(2))
    return path


def child_runs(monkeypatch, code: str) -> None:
    """Let `code` run in the place of the looking child."""
    run = probe_module._run
    monkeypatch.setattr(probe_module, "_run", lambda command, seconds: run([sys.executable, "-c", code], seconds))


def test_it_tells_what_a_file_holds(upload):
    assert probe(upload, "pdf", LIMITS) == Contents("pdf", 2)


def test_it_passes_on_what_is_wrong_with_a_file(upload):
    upload.write_bytes(make.encrypted_pdf())
    with pytest.raises(Unreadable, match="password") as caught:
        probe(upload, "pdf", LIMITS)
    assert caught.value.reason == "encrypted"


def test_it_passes_on_the_limits(upload):
    with pytest.raises(Unreadable) as caught:
        probe(upload, "pdf", Limits(max_pages=1))
    assert caught.value.reason == "too_many_pages"


def test_it_refuses_a_picture_that_unpacks_to_gigapixels(upload):
    upload.write_bytes(make.huge_png())
    with pytest.raises(Unreadable) as caught:
        probe(upload, "png", LIMITS)
    assert caught.value.reason == "too_large"


@pytest.mark.parametrize("code", ["import os; os.abort()", "raise MemoryError", "import time; time.sleep(60)"])
def test_a_child_that_dies_or_hangs_means_an_unsafe_file(monkeypatch, upload, code):
    child_runs(monkeypatch, code)
    with pytest.raises(Unreadable, match="could not be opened safely"):
        probe(upload, "pdf", LIMITS, seconds=0.5)


def test_nothing_that_a_killed_child_started_lives_on(monkeypatch, upload, tmp_path):
    os.mkfifo(tmp_path / "line")
    reader = os.open(tmp_path / "line", os.O_RDONLY | os.O_NONBLOCK)
    command = ["sh", "-c", f"exec 3>'{tmp_path}/line'; echo up >&3; sleep 600 & sleep 600"]
    run = probe_module._run
    monkeypatch.setattr(probe_module, "_run", lambda _, seconds: run(command, seconds))
    with pytest.raises(Unreadable):
        probe(upload, "pdf", LIMITS, seconds=1)
    assert os.read(reader, 10) == b"up\n"
    assert select.select([reader], [], [], 10)[0], "somebody still holds the line"
    assert os.read(reader, 10) == b""
    os.close(reader)


def test_the_child_does_not_see_our_secrets(monkeypatch, upload):
    monkeypatch.setenv("SECRET_KEY", "tell nobody")
    code = "import json, os; print(json.dumps({'kind': 'x', 'pages': int('SECRET_KEY' in os.environ)}))"
    child_runs(monkeypatch, code)
    assert probe(upload, "pdf", LIMITS).pages == 0


def test_missing_poppler_is_not_the_fault_of_the_file(monkeypatch, upload, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolMissing, match="poppler-utils"):
        probe(upload, "pdf", LIMITS)


def test_a_missing_file_is_not_taken_for_a_broken_one(tmp_path):
    with pytest.raises(FileNotFoundError):
        probe(tmp_path / "gone.pdf", "pdf", LIMITS)


def test_the_child_takes_little_memory_and_time(monkeypatch, upload):
    code = (
        "import json, resource as r; from documents.pipeline import probe as p; p._limit_myself();"
        "ok = r.getrlimit(r.RLIMIT_AS)[1] == p.MEMORY_BYTES and r.getrlimit(r.RLIMIT_CPU)[1] == p.CPU_SECONDS;"
        "print(json.dumps({'kind': 'x', 'pages': int(ok)}))"
    )
    child_runs(monkeypatch, code)
    assert probe(upload, "pdf", LIMITS).pages == 1
