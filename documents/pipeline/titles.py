"""Changing what a document is called, so that search knows it too."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from documents.models import Document
from documents.pipeline.texts import latest_reading_text
from documents.search import index_page


def save_details(form: Any) -> Document:
    """Save the (valid) form of a document and put its new title into the index."""
    with transaction.atomic():
        document = form.save()
        page = document.pages.select_related("current", "document").filter(number=1).first()
        if page:
            current = page.current.text if page.current else ""
            index_page(page, raw=latest_reading_text(page), current=current)
    return document
