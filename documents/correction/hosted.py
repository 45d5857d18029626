"""A corrector in a child process: a model that crashes, hangs or eats the memory takes no worker with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from documents.correction.base import Candidate, CorrectionError, CorrectorCrashed, ModelUnavailable
from documents.correction.gguf_file import check_gguf
from documents.hosts.client import Host, HostAnswer, HostDied, HostTimeout

SERVICE = "documents.correction.service"
ALL_LAYERS = -1
# What is tried after a start with all layers on the GPU died, as llama.cpp aborts when the GPU's memory is short:
# parts of the model, then the processor alone.
LADDER = (0.75, 0.5, 0.25, 0.0)


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
        recycle_after: int = 200,
        max_rss_mb: float | None = None,
    ) -> None:
        """Remember what to start; nothing runs yet. `seconds` is the deadline per request, `max_rss_mb` is MiB.

        `gpu_layers` -1 means all; when the child dies of that, fewer are tried.
        """
        self.name = name
        self.device = ""
        self.gpu_layers = gpu_layers
        self._seconds = seconds
        self._path = path.resolve()
        self._options: dict[str, Any] = {"path": str(self._path), "threads": threads, "context_size": context_size}
        self._limits = {"start_seconds": start_seconds, "recycle_after": recycle_after, "max_rss_mb": max_rss_mb}
        self._host = self._new_host(gpu_layers)
        self._answered = False

    def _new_host(self, gpu_layers: int) -> Host:
        self.gpu_layers = gpu_layers
        return Host(SERVICE, {**self._options, "gpu_layers": gpu_layers}, name=self.name, **self._limits)

    @property
    def pid(self) -> int | None:
        """Return the child's process id, None while there is none."""
        return self._host.pid

    def close(self) -> None:
        """End the child. The next page starts a new one."""
        self._host.close()

    def propose(self, lines: Sequence[str], *, language: str) -> list[Candidate]:
        """Return one candidate per line, in order. Raises CorrectorCrashed, ModelUnavailable, CorrectionError."""
        answer = self._ask({"lines": list(lines), "language": language})
        self._answered = True
        self.device = answer["device"]
        return [Candidate(text, margin) for text, margin in answer["candidates"]]

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the child's answer, going down the ladder while a GPU model has never answered and dies."""
        steps: list[int] | None = None
        while True:
            try:
                return self._host.ask(request, seconds=self._seconds)
            except HostAnswer as error:
                raise _as_correction_error(error) from error
            except HostTimeout as error:
                raise CorrectorCrashed(
                    f"The correction model {self.name} gave no answer in {self._seconds:.0f} seconds and was stopped."
                ) from error
            except HostDied as error:
                steps = self._ladder() if steps is None else steps
                if not steps:
                    raise CorrectorCrashed(f"The correction model {self.name} ended: {error.reason}.") from error
                self._host.close()
                self._host = self._new_host(steps.pop(0))

    def _ladder(self) -> list[int]:
        """Return the numbers of layers to fall back to; none for a model on the processor or one that has worked."""
        if self.gpu_layers != ALL_LAYERS or self._answered:
            return []
        layers = check_gguf(self._path).layers
        return sorted({int(layers * part) for part in LADDER}, reverse=True)


def _as_correction_error(error: HostAnswer) -> CorrectionError:
    """Return the service's own error as it was raised in the child."""
    kind = ModelUnavailable if error.kind == "ModelUnavailable" else CorrectionError
    return kind(error.message)
