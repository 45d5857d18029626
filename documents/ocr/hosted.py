"""An OCR engine in a child process, with a deadline for each page."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from documents.hosts.client import Host, HostAnswer, HostDied

from .base import Box, EngineCrashed, EngineUnavailable, OcrError, Reading
from .checked import checked_reading
from .engines import known

PAGE_SECONDS = 90.0
"""A page's time where the caller gives none: over ten times what a full page took on one core (4 to 8 s)."""


class HostedEngine:
    """Reads pages with the engine called `name` in its own process, so that a crash or hang costs one page only."""

    def __init__(
        self,
        name: str,
        options: dict[str, Any],
        *,
        start_seconds: float = 90,
        recycle_after: int = 200,
        max_rss_mb: float = 4000,
        service: str = "documents.ocr.service",
    ) -> None:
        """Remember what to start; the process starts with the first page.

        `options` are the engine's own (see its class). Raises ValueError for an unknown engine.
        """
        self.name = known(name)
        self._wishes: dict[str, Any] = {}
        self._host = Host(
            service,
            {"engine": name, **options},
            name=name,
            start_seconds=start_seconds,
            recycle_after=recycle_after,
            max_rss_mb=max_rss_mb,
        )

    def wishing(self, wishes: dict[str, Any]) -> HostedEngine:
        """Return this engine, in the same process, as one that reads pages with `wishes`: more keywords of `read`."""
        other = copy.copy(self)
        other._wishes = wishes
        return other

    @property
    def pid(self) -> int | None:
        """The process id of the engine's process, or None while there is none."""
        return self._host.pid

    def read(self, image: Path, *, language: str, handwritten: bool, seconds: float = PAGE_SECONDS) -> Reading:
        """Read the picture file at `image` within `seconds`; starting the engine has its own time.

        Raises EngineCrashed when the process died or was killed at the deadline, EngineUnavailable or OcrError as
        the engine did. The next page is read by a new process.
        """
        question = {"language": language, "handwritten": handwritten, "wishes": self._wishes}
        return self._ask(question, image, seconds)

    def read_lines(
        self, image: Path, boxes: Sequence[Box], *, language: str, slope: float = 0.0, seconds: float = PAGE_SECONDS
    ) -> Reading:
        """Read single lines of the picture: one Line for each box, without text where nothing was read.

        `slope` is how many pixels the lines fall for each pixel to the right. Raises what `read` raises; OcrError too
        when the engine reads whole pages only.
        """
        return self._ask({"language": language, "boxes": list(boxes), "slope": slope}, image, seconds)

    def _ask(self, question: dict[str, Any], image: Path, seconds: float) -> Reading:
        request = {"image": str(image.resolve()), **question}
        try:
            return checked_reading(self._host.ask(request, seconds=seconds), image)
        except HostDied as died:
            raise EngineCrashed(f"The {self.name} engine stopped in the middle of this page ({died.reason}).") from died
        except HostAnswer as answer:
            raise self._from_answer(answer) from answer
        except ValueError as error:
            raise OcrError(f"The {self.name} engine gave an answer that cannot be understood ({error}).") from error

    def close(self) -> None:
        """End the engine's process, which frees its memory."""
        self._host.close()

    def _from_answer(self, answer: HostAnswer) -> OcrError:
        if answer.kind == EngineUnavailable.__name__:
            return EngineUnavailable(answer.message)
        if answer.kind == OcrError.__name__:
            return OcrError(answer.message)
        return OcrError(f"The {self.name} engine could not read this page ({answer}).")
