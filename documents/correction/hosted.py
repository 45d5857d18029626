"""A corrector in a child process: a model that crashes, hangs or eats the memory takes no worker with it."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from documents.correction.base import (
    NO_BRIEF,
    Brief,
    Candidate,
    CorrectionError,
    CorrectorCrashed,
    ModelUnavailable,
    Question,
)
from documents.correction.gguf_file import check_gguf
from documents.correction.ladder import Ladder
from documents.hosts.client import Host, HostAnswer, HostDied, HostTimeout

SERVICE = "documents.correction.service"
GPU_LIBRARIES = ("cuda", "hip", "vulkan", "sycl", "metal", "musa", "opencl", "cann")
# How the ends of what llama.cpp prints name a crash of the GPU: its memory is short, or its driver gave up.
GPU_FAULTS = ("cuda error", "out of memory", "ggml-cuda", "ggml_cuda", "vk::", "hip error")


@dataclass(frozen=True)
class RunningModel:
    """What runs where: the GPU's name ("" for the processor), layers there of all, MiB of memory of the process and of
    the GPU, and tokens per second since the model was loaded, those of the prompt counted in."""

    device: str
    gpu_layers: int
    layers: int
    rss_mb: float
    gpu_mb: float
    tokens_per_second: float


@cache
def can_use_gpu() -> bool:
    """Tell whether the llama.cpp that is installed was built for a GPU, without loading it."""
    found = importlib.util.find_spec("llama_cpp")
    if found is None or found.origin is None:
        return False
    names = [path.name for path in (Path(found.origin).parent / "lib").glob("libggml-*")]
    return any(f"-{kind}." in name for name in names for kind in GPU_LIBRARIES)


class HostedCorrector:
    """A Corrector (see base.py) whose model lives in a child process, started by the first page."""

    def __init__(
        self,
        path: Path,
        *,
        name: str,
        threads: int,
        context_size: int,
        gpu_layers: int = 0,
        seconds: float,
        start_seconds: float = 300.0,
        recycle_after: int = 2000,
        max_rss_mb: float | None = None,
        idle_seconds: float = 0.0,
    ) -> None:
        """Remember what to start; nothing runs yet. `seconds` is the deadline per request, `max_rss_mb` is MiB.

        `gpu_layers` -1 means all; where the GPU's memory does not suffice, fewer are tried (see Ladder). After
        `idle_seconds` without work the child ends and its memory is free; 0 keeps it.
        """
        self.name = name
        self.running: RunningModel | None = None
        self._seconds = seconds
        self._path = path.resolve()
        self._gpu_layers = gpu_layers if can_use_gpu() else 0
        self._options: dict[str, Any] = {"path": str(self._path), "threads": threads, "context_size": context_size}
        self._limits = {
            "start_seconds": start_seconds, "recycle_after": recycle_after, "max_rss_mb": max_rss_mb,
            "idle_seconds": idle_seconds,
        }  # fmt: skip
        self._host: Host | None = None

    @property
    def pid(self) -> int | None:
        """Return the child's process id, None while there is none."""
        return self._host.pid if self._host else None

    def close(self) -> None:
        """End the child. The next page starts a new one."""
        if self._host:
            self._host.close()

    def propose(self, lines: Sequence[str], *, language: str, brief: Brief = NO_BRIEF) -> list[Candidate]:
        """Return one candidate per line, in order. Raises CorrectorCrashed, ModelUnavailable, CorrectionError."""
        answer = self._ask({"lines": list(lines), "language": language, "brief": brief.to_json()})
        return [Candidate(text, margin) for text, margin in answer["candidates"]]

    def weigh(
        self, questions: Sequence[Question], *, language: str, brief: Brief = NO_BRIEF
    ) -> list[list[float | None]]:
        """Return for each wording of each question by how many nats the model prefers it. Raises as `propose` does."""
        asked = [[one.line, one.start, one.end, list(one.wordings)] for one in questions]
        return self._ask({"questions": asked, "language": language, "brief": brief.to_json()})["opinions"]

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the child's answer; while the GPU's memory does not suffice, ask one with less of the model there."""
        if self._host and self._ladder.climb():
            self._restart()
        while True:
            try:
                return self._answer(request)
            except HostTimeout as error:
                raise CorrectorCrashed(
                    f"The correction model {self.name} gave no answer in {self._seconds:.0f} seconds and was stopped."
                ) from error
            except (HostAnswer, HostDied) as error:
                if not (self._is_the_gpus_fault(error) and self._ladder.fall()):
                    raise self._as_correction_error(error) from error
                self._restart()

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        self._host = self._host or self._new_host()
        answer = self._host.ask(request, seconds=self._seconds)
        self._ladder.hold()
        self.running = _running(answer["facts"], self._host.rss_mb)
        return answer

    def _new_host(self) -> Host:
        return Host(SERVICE, {**self._options, "gpu_layers": self._ladder.layers}, name=self.name, **self._limits)

    def _restart(self) -> None:
        self.close()
        self._host, self.running = None, None

    @cached_property
    def _ladder(self) -> Ladder:
        return Ladder(self._gpu_layers, check_gguf(self._path).layers if self._gpu_layers else 0)

    def _is_the_gpus_fault(self, error: HostAnswer | HostDied) -> bool:
        """Tell whether fewer layers on the GPU may help.

        A child that has never answered is given the benefit of the doubt: a driver that kills says little.
        """
        if isinstance(error, HostAnswer):
            return error.kind == "ModelTooBig"
        return self.running is None or any(fault in error.stderr.lower() for fault in GPU_FAULTS)

    def _as_correction_error(self, error: HostAnswer | HostDied) -> CorrectionError:
        """Return the service's own error as it was raised in the child, or what became of the child."""
        if isinstance(error, HostDied):
            return CorrectorCrashed(f"The correction model {self.name} ended: {error.reason}.")
        kind = ModelUnavailable if error.kind in ("ModelUnavailable", "ModelTooBig") else CorrectionError
        return kind(error.message)


def _running(facts: dict[str, Any], rss_mb: float) -> RunningModel:
    speed = facts["tokens"] / facts["seconds"] if facts["seconds"] else 0.0
    return RunningModel(
        facts["device"], facts["gpu_layers"], facts["layers"], round(rss_mb, 1), facts["gpu_mb"], round(speed, 1)
    )
