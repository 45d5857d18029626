"""An OCR engine as a service in a child process; see `documents.hosts.child` for the protocol."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from .engines import open_engine


def open_service(options: dict[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Return a function from a request to a Reading's JSON.

    `options` has "engine" (a name) and the engine's own options. A request has "image" (an absolute path),
    "language" and "handwritten", perhaps "wishes" (other keywords of the engine's own `read`); or, for an engine that
    reads single lines, "boxes" and "slope" instead of these.
    Raises what the engine raises.
    """
    settings = dict(options)
    engine = open_engine(settings.pop("engine"), settings)

    def read(request: dict[str, Any]) -> dict[str, Any]:
        image = Path(request["image"])
        if "boxes" in request:
            boxes = [tuple(box) for box in request["boxes"]]
            return engine.read_lines(image, boxes, language=request["language"], slope=request["slope"]).to_json()
        wishes = request.get("wishes", {})
        return engine.read(image, language=request["language"], handwritten=request["handwritten"], **wishes).to_json()

    return read
