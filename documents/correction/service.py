"""What the child process of a corrector runs: see documents.hosts.child for the contract."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from documents.correction.gguf_file import check_gguf
from documents.correction.llama import LlamaCorrector


def open_service(options: dict[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Load the model and return the function that answers requests.

    Options: `path`, `threads`, `context_size`, `gpu_layers`. Request: `lines`, `language`. Answer: `candidates` as
    [text, margin] pairs, `model`, `device`. Raises ModelUnavailable.
    """
    path = Path(options["path"])
    check_gguf(path)
    corrector = LlamaCorrector(
        path,
        threads=options["threads"],
        context_size=options["context_size"],
        gpu_layers=options["gpu_layers"],
    )

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        candidates = corrector.propose(request["lines"], language=request["language"])
        return {
            "candidates": [[candidate.text, candidate.margin] for candidate in candidates],
            "model": corrector.name,
            "device": corrector.device,
        }

    return answer
