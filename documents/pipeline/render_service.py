"""What the child process that draws pages runs (see documents.hosts.child for the contract). A leaf.

Poppler has processes of its own, but Pillow's decoders run where they are called: a picture that crashes one, or
eats the memory, must take this child and not the worker.
"""

from __future__ import annotations

import resource
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from documents.ocr.pdf_text import read_text_layer
from documents.ocr.preparing import prepare
from documents.pipeline.coach import look_at
from documents.pipeline.pictures import Limits, display_copy, render_page, thumbnail

ADDRESS_SPACE = 4 * 1024**3
"""Bytes: four times what the largest page that is allowed takes decoded, converted and written."""


def open_service(options: dict[str, Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Return the function that draws one page (picture, browser copy and thumbnail), or prepares a drawn one.

    Request: `path`, `kind`, `number` (from 1), `folder` for the three files, `dpi`, `limits` (fields of Limits),
    `with_text` (whether to look for a PDF's own text). Answer: the fields of Picture; `display` and `small`, the paths
    of the two JPEG copies; `coach`, what is wrong with the scan; `layer`, `{"reading": ..., "why": ...}` or None.
    A request with `wanted` is one to prepare `picture` in that way, into `folder`; answer: the fields of Prepared.
    """
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))

    def draw(request: dict[str, Any]) -> dict[str, Any]:
        folder = Path(request["folder"])
        picture = render_page(
            Path(request["path"]), request["kind"], request["number"], folder / "page.bmp",
            dpi=request["dpi"], limits=Limits(**request["limits"]),
        )  # fmt: skip
        display_copy(picture.path, folder / "display.jpg")
        thumbnail(picture.path, folder / "small.jpg")
        copies = {"display": str(folder / "display.jpg"), "small": str(folder / "small.jpg")}
        found = {"coach": look_at(picture.path), "layer": text_layer(request, picture.path)}
        return {**asdict(picture), "path": str(picture.path), **copies, **found}

    return lambda request: prepared(request) if "wanted" in request else draw(request)


def prepared(request: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of Prepared as JSON."""
    done = prepare(Path(request["picture"]), Path(request["folder"]), request["wanted"])
    return {**asdict(done), "path": str(done.path)}


def text_layer(request: dict[str, Any], picture: Path) -> dict[str, Any] | None:
    """Return the PDF's own text for the page as JSON, None where it is not asked for or there is none."""
    if request["kind"] != "pdf" or not request["with_text"]:
        return None
    layer = read_text_layer(Path(request["path"]), request["number"], picture)
    return {"reading": layer.reading.to_json() if layer.reading else None, "why": layer.why}
