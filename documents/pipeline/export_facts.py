"""What JSON tells about documents and pages besides their text: everything that the database knows."""

from __future__ import annotations

from typing import Any

from documents.models import Document, Edit, Page, PageText


def of_document(document: Document) -> dict[str, Any]:
    """Return the facts of a document, as they go into JSON."""
    return {
        "id": document.pk, "original_name": document.original_name, "kind": document.kind,
        "sha256": document.sha256, "size": document.size, "owner": document.owner.get_username(),
        "private": bool(document.scope), "tags": [tag.name for tag in document.tags.all()],
        "document_type": str(document.document_type or ""), "collection": str(document.collection or ""),
        "status": document.status, "page_count": document.page_count,
        "created_at": document.created_at.isoformat(),
    }  # fmt: skip


def of_page(page: Page) -> dict[str, Any]:
    """Return the facts of a page, with all versions of its text, newest first, and what the model wanted to change."""
    texts = page.texts.select_related("author").prefetch_related("edits").order_by("-version")
    return {
        "id": page.pk, "status": page.status, "problem": page.problem, "scan_findings": page.coach,
        "approved_by": page.approved_by.get_username() if page.approved_by else None,
        "approved_at": page.approved_at.isoformat() if page.approved_at else None,
        "versions": [_version(text, is_current=text.pk == page.current_id) for text in texts],
    }  # fmt: skip


def _version(text: PageText, *, is_current: bool) -> dict[str, Any]:
    return {
        "version": text.version, "layer": text.layer, "is_current": is_current, "made_by": text.made_by,
        "author": text.author.get_username() if text.author else None, "created_at": text.created_at.isoformat(),
        "note": text.note, "details": text.details, "confidence": text.confidence, "text": text.text,
        "lines": text.lines, "edits": [_edit(edit) for edit in text.edits.all()],
    }  # fmt: skip


def _edit(edit: Edit) -> dict[str, Any]:
    names = ("line", "start", "end", "before", "after", "margin", "rule", "state")
    return {name: getattr(edit, name) for name in names}
