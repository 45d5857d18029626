"""Files that leave as they are: the picture of a page, and what was uploaded."""

from __future__ import annotations

import shutil
from pathlib import Path

from documents.export.base import ExportDocument, NothingToWrite


def write_picture(document: ExportDocument, target: Path, *, pages: int) -> tuple[str, ...]:
    """Write the JPEG of the document's one page. Raises NothingToWrite when it has none."""
    (page,) = document.pages
    if page.picture is None:
        raise NothingToWrite("A page has no picture yet, or it is missing from the storage.")
    shutil.copyfile(page.picture, target)
    return ()


def write_original(document: ExportDocument, target: Path, *, pages: int) -> tuple[str, ...]:
    """Write the uploaded file. Raises FileNotFoundError when it is gone."""
    for _page in document.pages:  # each counts as done
        pass
    if document.original is None:
        raise FileNotFoundError(document.original_name)
    shutil.copyfile(document.original, target)
    return ()
