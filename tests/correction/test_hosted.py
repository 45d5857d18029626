from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from documents.correction import hosted
from documents.correction.base import Candidate, CorrectionError, CorrectorCrashed, ModelUnavailable
from documents.correction.hosted import HostedCorrector, RunningModel
from documents.correction.models import EMBEDDED
from documents.correction.service import open_service
from documents.hosts.client import HostAnswer, HostDied, HostTimeout
from tests.correction.gpu_service import CROWDED

LINES = ["Inv0ice No: 12345", "Payrnent is due"]


class FakeHost:
    """Stands in for documents.hosts.client.Host; `script` holds what each request meets, over all hosts."""

    script: list[Any] = []
    started: list[int] = []

    rss_mb = 100.0

    def __init__(self, module: str, options: dict[str, Any], **limits: Any) -> None:
        self.gpu_layers = options["gpu_layers"]
        self.pid = 42

    def ask(self, request: dict[str, Any], *, seconds: float) -> dict[str, Any]:
        FakeHost.started.append(self.gpu_layers)
        event = FakeHost.script.pop(0)
        if isinstance(event, Exception):
            raise event
        facts = {"device": event, "gpu_layers": 3, "layers": 6, "gpu_mb": 12.5, "tokens": 60, "seconds": 2.0}
        return {"candidates": [[line, None] for line in request["lines"]], "model": "m", "facts": facts}

    def close(self) -> None:
        """Nothing runs."""


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> type[FakeHost]:
    monkeypatch.setattr(hosted, "Host", FakeHost)
    monkeypatch.setattr(hosted, "can_use_gpu", lambda: True)
    FakeHost.script, FakeHost.started = [], []
    return FakeHost


def corrector(**changes: Any) -> HostedCorrector:
    options = {"name": "small", "threads": 1, "context_size": 2048, "seconds": 30.0}
    return HostedCorrector(EMBEDDED, **{**options, **changes})


def test_it_corrects_in_a_child_process():
    one = corrector()
    first, _ = one.propose(LINES, language="en")
    assert first.text == "Invoice No: 12345"
    assert one.pid is not None
    assert (one.running.device, one.running.gpu_layers) == ("", 0)
    assert one.running.rss_mb > 10 and one.running.tokens_per_second > 0
    one.close()
    assert one.pid is None


def test_it_says_that_the_model_is_broken(tmp_path: Path):
    (tmp_path / "cut.gguf").write_bytes(EMBEDDED.read_bytes()[:5000])
    with pytest.raises(ModelUnavailable, match="cut.gguf is cut off"):
        HostedCorrector(tmp_path / "cut.gguf", name="cut", threads=1, context_size=256, seconds=30).propose(
            LINES, language="en"
        )


def test_the_service_answers_in_plain_values():
    answer = open_service({"path": str(EMBEDDED), "threads": 1, "context_size": 256, "gpu_layers": 0})
    result = answer({"lines": LINES, "language": "en"})
    assert result["candidates"][0][0] == "Invoice No: 12345"
    assert result["model"] == EMBEDDED.stem
    assert (result["facts"]["device"], result["facts"]["gpu_layers"]) == ("", 0)


@pytest.mark.parametrize(
    ("event", "error", "message"),
    [
        (HostDied("killed by SIGKILL"), CorrectorCrashed, "ended: killed by SIGKILL"),
        (HostTimeout("timeout"), CorrectorCrashed, "no answer in 30 seconds"),
        (HostAnswer("ModelUnavailable", "The model is gone."), ModelUnavailable, "The model is gone"),
        (HostAnswer("CorrectionError", "Too long."), CorrectionError, "Too long"),
    ],
)
def test_it_tells_what_became_of_the_child(fake, event, error, message):
    fake.script = [event]
    with pytest.raises(error, match=message):
        corrector().propose(LINES, language="en")


def test_it_puts_less_of_the_model_on_the_gpu_until_it_starts(fake):
    fake.script = [HostDied("killed by SIGABRT"), HostDied("killed by SIGABRT"), "gpu"]
    one = corrector(gpu_layers=-1)  # the embedded model has 5 layers
    assert one.propose(["a"], language="en") == [Candidate("a")]
    assert fake.started == [-1, 3, 2]


def test_it_ends_on_the_processor_and_gives_up_after_that(fake):
    fake.script = [HostDied("killed by SIGABRT") for _ in range(5)]
    with pytest.raises(CorrectorCrashed):
        corrector(gpu_layers=-1).propose(["a"], language="en")
    assert fake.started == [-1, 3, 2, 1, 0]


def test_it_tells_what_runs_where(fake):
    fake.script = ["RTX"]
    one = corrector(gpu_layers=-1)
    assert one.running is None
    one.propose(["a"], language="en")
    assert one.running == RunningModel("RTX", 3, 6, 100.0, 12.5, 30.0)


def test_it_goes_down_too_when_the_child_says_that_the_model_is_too_big(fake):
    fake.script = [HostAnswer("ModelTooBig", "unable to allocate CUDA0 buffer"), "RTX"]
    corrector(gpu_layers=-1).propose(["a"], language="en")
    assert fake.started == [-1, 3]


def test_it_never_tries_the_gpu_with_a_program_that_was_built_without(fake, monkeypatch):
    monkeypatch.setattr(hosted, "can_use_gpu", lambda: False)
    fake.script = [HostDied("killed by SIGILL")]
    with pytest.raises(CorrectorCrashed):
        corrector(gpu_layers=-1).propose(["a"], language="en")
    assert fake.started == [0]


def test_it_does_not_blame_the_gpu_for_a_crash_after_the_first_answer(fake):
    fake.script = ["RTX", HostDied("killed by SIGSEGV")]
    one = corrector(gpu_layers=-1)
    one.propose(["a"], language="en")
    with pytest.raises(CorrectorCrashed):
        one.propose(["a"], language="en")


def test_it_goes_down_when_the_gpu_runs_out_of_memory_on_a_later_page(fake):
    fake.script = ["RTX", HostDied("killed by SIGABRT", "ggml-cuda.cu:98: CUDA error"), "RTX"]
    one = corrector(gpu_layers=-1)
    one.propose(["a"], language="en")
    assert one.propose(["a"], language="en") == [Candidate("a")]
    assert fake.started == [-1, -1, 3]


def test_it_remembers_what_fitted_and_tries_more_after_a_while(fake, monkeypatch):
    fake.script = [HostDied("killed by SIGABRT"), "RTX", "RTX", "RTX", "RTX"]
    one = corrector(gpu_layers=-1)
    for _ in range(2):
        one.propose(["a"], language="en")
    now = time.monotonic()
    monkeypatch.setattr(one._ladder, "_clock", lambda: now + 3600)
    for _ in range(2):
        one.propose(["a"], language="en")
    assert fake.started == [-1, 3, 3, -1, -1]


def test_its_memory_is_free_after_a_while_without_work_and_the_next_page_starts_it_again():
    one = corrector(idle_seconds=0.5)
    one.propose(LINES, language="en")
    child = psutil.Process(one.pid)
    child.wait(30)
    assert one.pid is None
    assert one.propose(LINES, language="en")[0].text == "Invoice No: 12345"
    assert one.pid not in (None, child.pid)
    one.close()


@pytest.mark.parametrize(
    ("library", "can"), [("libggml-cuda.so", True), ("libggml-metal.dylib", True), ("libggml-cpu.so.0", False)]
)
def test_it_sees_whether_the_program_was_built_for_a_gpu(tmp_path, monkeypatch, library, can):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / library).touch()
    found = SimpleNamespace(origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(hosted.importlib.util, "find_spec", lambda name: found)
    assert hosted.can_use_gpu.__wrapped__() is can


@pytest.fixture
def small_gpu(monkeypatch: pytest.MonkeyPatch):
    """Return a corrector on a GPU with room for two of the model's five layers; its children are real."""
    monkeypatch.setattr(hosted, "SERVICE", "tests.correction.gpu_service")
    monkeypatch.setattr(hosted, "can_use_gpu", lambda: True)
    one = corrector(gpu_layers=-1)
    yield one
    one.close()


def test_an_abort_for_want_of_the_gpus_memory_costs_no_page(small_gpu):
    assert small_gpu.propose(["a"], language="en") == [Candidate("a")]
    assert (small_gpu.running.device, small_gpu.running.gpu_layers) == ("GPU", 2)


def test_it_ends_on_the_processor_when_others_take_the_gpu(small_gpu):
    small_gpu.propose(["a"], language="en")
    assert small_gpu.propose([CROWDED], language="en") == [Candidate(CROWDED)]
    assert (small_gpu.running.device, small_gpu.running.gpu_layers) == ("", 0)
