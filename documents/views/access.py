"""Who may see and do what: the one place where views get documents, pages and collections.

What a user may not see is not found; what he may see but not do is forbidden, with a sentence that says so.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from documents.models import Batch, Collection, Document, Page, Role


def visible_documents(user: Any, role: str = Role.READER):
    """Return the documents with which `user` may do what `role` may (by default: see them), as a queryset."""
    return Document.objects.visible_to(user, role)


def get_document(user: Any, pk: int, role: str = Role.READER) -> Document:
    """Return the document. Raises Http404 when it is not there or not for this user, PermissionDenied when he may see
    it, but not do what `role` may."""
    found = get_object_or_404(visible_documents(user).select_related("owner", "collection", "document_type"), pk=pk)
    _check(user, found.pk, role)
    return found


def get_page(user: Any, pk: int, role: str = Role.READER) -> Page:
    """Return the page with its document and current text. Raises Http404 and PermissionDenied as get_document does."""
    pages = Page.objects.select_related("document", "document__owner", "current", "approved_by")
    found = get_object_or_404(pages.filter(visible_documents(user).contain("document_id")), pk=pk)
    _check(user, found.document_id, role)
    return found


def may(user: Any, document: Document, role: str) -> bool:
    """Return whether the user may do with the document what `role` may."""
    return visible_documents(user, role).filter(pk=document.pk).exists()


def _check(user: Any, document_id: int, role: str) -> None:
    if role != Role.READER and not visible_documents(user, role).filter(pk=document_id).exists():
        raise PermissionDenied(_("You may read this document, but not change it. Ask a manager of its collection."))


def visible_collections(user: Any):
    """Return the collections that the user may see, as a queryset."""
    return Collection.objects.for_role(user, Role.READER)


def get_collection(user: Any, pk: int, role: str = Role.READER) -> Collection:
    """Return the collection. Raises Http404 and PermissionDenied as get_document does."""
    found = get_object_or_404(visible_collections(user), pk=pk)
    if not Collection.objects.for_role(user, role).filter(pk=pk).exists():
        raise PermissionDenied(_("Only managers may change this collection."))
    return found


def visible_batches(user: Any, role: str = Role.READER):
    """Return the batches that hold a document with which the user may do what `role` may, as a queryset."""
    return Batch.objects.filter(pk__in=visible_documents(user, role).order_by().values("batch"))


def get_batch(user: Any, pk: int, role: str = Role.READER) -> Batch:
    """Return the batch. Raises Http404 when it holds nothing for this user."""
    return get_object_or_404(visible_batches(user, role), pk=pk)
