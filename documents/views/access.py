"""Who may see what: the one place where views get documents and pages. What a user may not see is not found."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404

from documents.models import Document, Page


def visible_documents(user: Any):
    """Return the documents that `user` may see, as a queryset."""
    return Document.objects.visible_to(user)


def get_document(user: Any, pk: int) -> Document:
    """Return the document. Raises Http404 when it is not there or not for this user."""
    return get_object_or_404(visible_documents(user).select_related("owner"), pk=pk)


def get_page(user: Any, pk: int) -> Page:
    """Return the page with its document and current text. Raises Http404 as get_document does."""
    pages = Page.objects.select_related("document", "document__owner", "current", "approved_by")
    return get_object_or_404(pages.filter(document__in=visible_documents(user)), pk=pk)
