"""Drawing a page in a child process."""

from __future__ import annotations

import atexit
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from documents.hosts.client import Host, HostAnswer, HostDied, HostTimeout
from documents.ocr.base import Reading
from documents.ocr.preparing_options import Prepared
from documents.pipeline.intake import limits
from documents.pipeline.pictures import PageProblem, Picture

PREPARING_SECONDS = 30
"""For preparing a drawn page: detectors take 0.2 s, all steps together 2 s on a page of 8 million pixels."""


@dataclass(frozen=True)
class Drawing:
    """A page as a lossless picture for the engines, its copies for the browser, and what was found on the way.

    `coach` are codes of documents.pipeline.coach. `text` is the PDF's own text when it is real; `note` says why it
    was left alone when it is not.
    """

    picture: Picture
    display: Path
    small: Path
    coach: tuple[str, ...] = ()
    text: Reading | None = None
    note: str = ""


class RenderingFailed(Exception):
    """The page could not be drawn for a reason that may pass: a missing program, a full disk, a child that died."""


def budget_seconds() -> float:
    """Return the longest that drawing a page may take: a damaged PDF page is drawn twice and asked about once.

    Preparing it for reading comes after that.
    """
    return 2 * limits().page_seconds + 20 + PREPARING_SECONDS


@lru_cache(maxsize=1)
def _host() -> Host:
    host = Host("documents.pipeline.render_service", {}, name="rendering", start_seconds=30, recycle_after=500)
    atexit.register(host.close)
    return host


def draw_page(original: Path, kind: str, number: int, folder: Path, *, with_text: bool = False) -> Drawing:
    """Draw page `number` (from 1) of the file into `folder`; `with_text` looks for a PDF's own text too.

    Raises PageProblem when the page is at fault, RenderingFailed when another try may help.
    """
    request = {
        "path": str(original.resolve()), "kind": kind, "number": number, "folder": str(folder.resolve()),
        "dpi": settings.RENDER_DPI, "limits": asdict(limits()), "with_text": with_text,
    }  # fmt: skip
    try:
        answer = _host().ask(request, seconds=budget_seconds())
    except HostTimeout as exc:
        raise PageProblem(_("Drawing this page took too long and was stopped."), "timeout") from exc
    except HostDied as exc:
        raise RenderingFailed(_("Drawing this page broke off (%(why)s).") % {"why": exc.reason}) from exc
    except HostAnswer as exc:
        if exc.kind == "PageProblem":
            raise PageProblem(exc.message, "damaged") from exc
        raise RenderingFailed(exc.message) from exc
    return _drawing(answer)


def prepare_picture(picture: Path, folder: Path, wanted: str) -> Prepared:
    """Return the drawn picture as it is to be read (see documents.ocr.preparing). Raises RenderingFailed."""
    request = {"picture": str(picture.resolve()), "folder": str(folder.resolve()), "wanted": wanted}
    try:
        answer = _host().ask(request, seconds=PREPARING_SECONDS)
    except (HostTimeout, HostDied, HostAnswer) as exc:
        raise RenderingFailed(_("This page could not be prepared for reading, so it was read as it is.")) from exc
    matrix = tuple(tuple(row) for row in answer["matrix"])
    return Prepared(Path(answer["path"]), tuple(answer["steps"]), matrix)


def _drawing(answer: dict[str, Any]) -> Drawing:
    picture = Picture(Path(answer["path"]), answer["width"], answer["height"], answer["dpi"], tuple(answer["warnings"]))
    layer = answer["layer"] or {"reading": None, "why": ""}
    text = Reading.from_json(layer["reading"]) if layer["reading"] else None
    return Drawing(picture, Path(answer["display"]), Path(answer["small"]), tuple(answer["coach"]), text, layer["why"])
