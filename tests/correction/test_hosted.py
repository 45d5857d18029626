from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from documents.correction import hosted
from documents.correction.base import Candidate, CorrectionError, CorrectorCrashed, ModelUnavailable
from documents.correction.hosted import HostedCorrector
from documents.correction.models import EMBEDDED
from documents.correction.service import open_service
from documents.hosts.client import HostAnswer, HostDied, HostTimeout

LINES = ["Inv0ice No: 12345", "Payrnent is due"]


class FakeHost:
    """Stands in for documents.hosts.client.Host; `script` holds what each request meets, over all hosts."""

    script: list[Any] = []
    started: list[int] = []

    def __init__(self, module: str, options: dict[str, Any], **limits: Any) -> None:
        self.gpu_layers = options["gpu_layers"]
        self.pid = 42

    def ask(self, request: dict[str, Any], *, seconds: float) -> dict[str, Any]:
        FakeHost.started.append(self.gpu_layers)
        event = FakeHost.script.pop(0)
        if isinstance(event, Exception):
            raise event
        return {"candidates": [[line, None] for line in request["lines"]], "model": "m", "device": event}

    def close(self) -> None:
        """Nothing runs."""


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> type[FakeHost]:
    monkeypatch.setattr(hosted, "Host", FakeHost)
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
    assert one.device == "cpu"
    one.close()
    assert one.pid is None


def test_it_says_that_the_model_is_broken(tmp_path: Path):
    (tmp_path / "cut.gguf").write_bytes(EMBEDDED.read_bytes()[:5000])
    with pytest.raises(ModelUnavailable, match="cut.gguf is cut off"):
        HostedCorrector(
            tmp_path / "cut.gguf", name="cut", threads=1, context_size=256, seconds=30
        ).propose(LINES, language="en")


def test_the_service_answers_in_plain_values():
    answer = open_service({"path": str(EMBEDDED), "threads": 1, "context_size": 256, "gpu_layers": 0})
    result = answer({"lines": LINES, "language": "en"})
    assert result["candidates"][0][0] == "Invoice No: 12345"
    assert (result["model"], result["device"]) == (EMBEDDED.stem, "cpu")


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


def test_it_does_not_blame_the_gpu_for_a_crash_after_the_first_answer(fake):
    fake.script = ["gpu", HostDied("killed by SIGSEGV")]
    one = corrector(gpu_layers=-1)
    one.propose(["a"], language="en")
    with pytest.raises(CorrectorCrashed):
        one.propose(["a"], language="en")
