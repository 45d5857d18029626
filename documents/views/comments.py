"""What people say about pages and documents."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from documents.models import Comment, Document, Page, Role
from documents.pipeline.texts import FORBIDDEN
from documents.views.access import get_document, get_page, may, visible_documents

LONGEST = 2000


@require_GET
def page_comments(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the comments on a page, as a part of its screen."""
    found = get_page(request.user, pk)
    return _shown(request, found.document, found)


@require_GET
def document_comments(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the comments on a document, those on its pages too, as a part of its screen."""
    return _shown(request, get_document(request.user, pk), None)


@require_POST
def page_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a comment on a page."""
    found = get_page(request.user, pk, Role.REVIEWER)
    return _add(request, found.document, found)


@require_POST
def document_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a comment on a document."""
    return _add(request, get_document(request.user, pk, Role.REVIEWER), None)


@require_POST
def comment_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a comment as settled, or open it again."""
    comment = get_object_or_404(Comment.objects.filter(visible_documents(request.user).contain("document_id")), pk=pk)
    document = get_document(request.user, comment.document_id, Role.REVIEWER)
    Comment.objects.filter(pk=pk).update(settled_at=None if comment.settled_at else now())
    return _shown(request, document, comment.page if request.POST.get("on") == "page" else None)


def _add(request: HttpRequest, document: Document, page: Page | None) -> HttpResponse:
    text = request.POST.get("text", "").replace("\r\n", "\n").translate(FORBIDDEN | {ord("\n"): "\n"}).strip()
    if not text or len(text) > LONGEST:
        problem = _("Write something first.") if not text else _("A comment has at most 2,000 characters.")
        return _shown(request, document, page, problem, text)
    Comment.objects.create(document=document, page=page, author=request.user, text=text)
    return _shown(request, document, page)


def _shown(
    request: HttpRequest, document: Document, page: Page | None, problem: str = "", typed: str = ""
) -> HttpResponse:
    context: dict[str, Any] = {
        "document": document,
        "page": page,
        "comments": (page.comments if page else document.comments).select_related("author", "page"),
        "can_change": may(request.user, document, Role.REVIEWER),
        "add_url": reverse("page-comment", args=[page.pk]) if page else reverse("document-comment", args=[document.pk]),
        "problem": problem,
        "typed": typed,
    }
    return render(request, "documents/_comments.html", context, status=422 if problem else 200)
