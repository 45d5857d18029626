"""RQ's way in. A job is a doorway: what it does is in the pipeline, and afterwards the next page is called."""

from __future__ import annotations

from django.db import close_old_connections

from documents.pipeline import changing, correcting, dispatching, export_jobs, looking, model_tests, reading


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


def look_at_document(document_id: int) -> None:
    """Draw a document's pages for a turn; what is left goes to the end of the line."""
    close_old_connections()
    if looking.look_at(document_id):
        dispatching.call_for_look(document_id)


def test_model(model_id: int) -> None:
    """Try a language model on a sample; 0 is the one that the settings name."""
    close_old_connections()
    model_tests.run(model_id)


def change_documents(change_id: int) -> None:
    """Go on with a change to many documents for a turn; what is left goes to the end of the line."""
    close_old_connections()
    if changing.go_on(change_id):
        dispatching.call_for_change(change_id)


def export_documents(job_id: int) -> None:
    """Make the file that somebody asked for."""
    close_old_connections()
    export_jobs.run(job_id)
