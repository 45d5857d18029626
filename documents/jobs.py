"""RQ's way in. A job is a doorway: what it does is in the pipeline, and afterwards the next page is called."""

from __future__ import annotations

from django.db import close_old_connections

from documents.pipeline import correcting, dispatching, reading


def read_page(page_id: int, revision: int) -> None:
    """Read one page, then call the next ones."""
    close_old_connections()
    reading.read_page(page_id, revision)
    dispatching.dispatch()


def correct_page(page_id: int, revision: int) -> None:
    """Correct one page's text, then call the next ones."""
    close_old_connections()
    correcting.correct_page(page_id, revision)
    dispatching.dispatch()
