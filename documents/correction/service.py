"""What the child process of a corrector runs: see documents.hosts.child for the contract."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from documents.correction.base import NO_BRIEF, Brief, Question
from documents.correction.gguf_file import check_gguf
from documents.correction.llama import LlamaCorrector
from documents.correction.runtime import Runtime


def open_service(options: dict[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Load the model and return the function that answers requests.

    Options: `path`, `threads`, `context_size`, `gpu_layers`. Request: `language`, `brief`, and `lines` to word anew or
    `questions` as [line, start, end, wordings]. Answer: `candidates` as [text, margin] pairs or `opinions`, `model`,
    and `facts`: where it runs and how fast (see RunningModel). Raises ModelUnavailable.
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
        result = _weighed(corrector, request) if "questions" in request else _worded(corrector, request)
        return {**result, "model": corrector.name, "facts": facts(corrector.runtime)}

    return answer


def _worded(corrector: LlamaCorrector, request: dict[str, Any]) -> dict[str, Any]:
    candidates = corrector.propose(request["lines"], language=request["language"], brief=_brief(request))
    return {"candidates": [[candidate.text, candidate.margin] for candidate in candidates]}


def _weighed(corrector: LlamaCorrector, request: dict[str, Any]) -> dict[str, Any]:
    questions = [Question(line, start, end, tuple(wordings)) for line, start, end, wordings in request["questions"]]
    return {"opinions": corrector.weigh(questions, language=request["language"], brief=_brief(request))}


def _brief(request: dict[str, Any]) -> Brief:
    return Brief.from_json(request["brief"]) if "brief" in request else NO_BRIEF


def facts(runtime: Runtime) -> dict[str, Any]:
    """Return where the model lies and what it has done since it was loaded, as plain values."""
    done = runtime.sequences
    return {**asdict(runtime.placement), "tokens": done.tokens_done, "seconds": done.seconds_used}
