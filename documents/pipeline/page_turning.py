"""Turning a page: its pictures, and the places of its words in every layer. No word changes, so no version is added."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image

from documents.models import Page, PageOrigin, PageText
from documents.ocr.turning import TURNS
from documents.pipeline import files, origins

QUALITY = 88
"""Of the JPEG copies for the browser, which are compressed once more. The next reading draws them anew."""


def turn(page: Page, degrees: int) -> None:
    """Turn the page clockwise by 90, 180 or 270 degrees. Raises FileNotFoundError when its picture is missing."""
    old = [name for name in (page.picture, page.thumbnail) if name]
    with files.work_folder() as folder, transaction.atomic():
        origins.remember([page])
        origin = PageOrigin.objects.select_for_update().get(page=page)
        PageOrigin.objects.filter(page=page).update(turn=(origin.turn + degrees) % 360)
        names = origins.picture_names(page)
        turned = [_turned(name, new, degrees, folder) for name, new in zip(old, names, strict=False)]
        size = (page.width, page.height) if degrees == 180 else (page.height, page.width)
        fields = dict(zip(("picture", "thumbnail"), turned, strict=False))
        Page.objects.filter(pk=page.pk).update(width=size[0], height=size[1], **fields)
        for text in PageText.objects.filter(page=page).only("lines"):
            PageText.objects.filter(pk=text.pk).update(lines=turned_lines(text.lines, degrees, size))
        transaction.on_commit(partial(files.remove, [name for name in old if name not in turned]))


def _turned(name: str, new: str, degrees: int, folder: Path) -> str:
    """Store the turned copy of a picture of ours under its new name; return that."""
    target = folder / Path(new).name
    with default_storage.open(name) as stream, Image.open(stream) as image:
        image.transpose(TURNS[degrees]).save(target, "JPEG", quality=QUALITY)
    return files.save_picture(new, target)


def turned_lines(lines: list[dict[str, Any]], degrees: int, size: tuple[int, int]) -> list[dict[str, Any]]:
    """Return stored lines with their boxes, and those of their words, on the turned page, which has that `size`."""
    return [_placed(line, degrees, size) for line in lines]


def _placed(thing: dict[str, Any], degrees: int, size: tuple[int, int]) -> dict[str, Any]:
    placed = dict(thing)
    if thing.get("box"):
        placed["box"] = list(origins.turned_box(tuple(thing["box"]), degrees, size))
    if "words" in thing:
        placed["words"] = [_placed(word, degrees, size) for word in thing["words"]]
    return placed
