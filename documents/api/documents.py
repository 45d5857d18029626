"""Documents and their pages: upload, how far they are, their text."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext as _
from ninja import File, Form, Query, Router, Status
from ninja.files import UploadedFile

from documents.api import schemas
from documents.export.formats import chosen
from documents.forms import UploadForm
from documents.models import Document, DocumentStatus, Page
from documents.pipeline import export_jobs, exporting
from documents.pipeline.items import Item
from documents.pipeline.progress import progress
from documents.views import document as screens
from documents.views import export, upload
from documents.views.access import get_document, get_page, visible_documents

router, page_router = Router(), Router()
Limit = Annotated[int, Query(ge=1, le=200)]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]
NOT_FOUND = {404: schemas.Message}


@router.post(
    "", response={201: schemas.Uploaded, 200: schemas.Uploaded, (413, 415, 422, 503, 507): schemas.Uploaded},
    summary="Upload a file",
)  # fmt: skip
def upload_document(
    request: HttpRequest, fields: Form[schemas.UploadFields], file: File[UploadedFile | None] = None
) -> Status:
    """Store one file (multipart, field `file`) as a document; 200 when the very file is here already.

    The same limits and the same answers as on the upload page: 413 too large, 415 not a scan, 422 broken or wrong
    settings, 507 no room.
    """
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        message = " ".join(error for errors in form.errors.values() for error in errors)
        return Status(422, _rejected(message))
    if stopped := getattr(request, "oversized", []):
        answer, status = upload.answer_too_large(stopped[0])
    elif file is None:
        return Status(422, _rejected(_("Send the file in the field “file”.")))
    else:
        answer, status = upload.take_file(file, form.wishes(), request.user)
    return Status(status, answer)


def _rejected(message: str) -> dict[str, Any]:
    return {"status": "rejected", "name": "", "message": message}


@router.get("", response=schemas.Documents, summary="List documents")
def list_documents(
    request: HttpRequest, title: str = "", status: str = "", tag: str = "", limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """Return documents, newest first; `title` is a part of it, `status` one of processing, done,
    done_with_problems, cancelled."""
    found = visible_documents(request.user).select_related("owner").prefetch_related("tags")
    if title:
        found = found.filter(title__icontains=title.replace("\x00", ""))
    if status:
        found = found.filter(status=status) if status in DocumentStatus.values else found.none()
    if tag:
        found = found.filter(tags__name__iexact=tag.replace("\x00", ""))
    return {"total": found.count(), "documents": list(found[offset : offset + limit])}


@router.get("/{int:pk}", response={200: schemas.DocumentStatusOut, **NOT_FOUND}, summary="How far a document is")
def document(request: HttpRequest, pk: int) -> Document:
    """Return the facts of a document and its progress."""
    found = get_document(request.user, pk)
    found.progress = progress(found)
    return found


@router.get("/{int:pk}/pages", response={200: list[schemas.PageOut], **NOT_FOUND}, summary="Pages of a document")
def pages(request: HttpRequest, pk: int) -> Any:
    """Return the pages in order, without their text."""
    return get_document(request.user, pk).pages.order_by("number")


@router.get("/{int:pk}/text", response={200: list[schemas.TextOfPage], **NOT_FOUND}, summary="Text of a document")
def text(request: HttpRequest, pk: int) -> list[dict[str, Any]]:
    """Return the current text, page by page."""
    rows = get_document(request.user, pk).pages.order_by("number").values("number", "status", "current__text")
    return [{"number": row["number"], "status": row["status"], "text": row["current__text"] or ""} for row in rows]


@router.get("/{int:pk}/original", response=NOT_FOUND, summary="Download the original")
def original(request: HttpRequest, pk: int) -> FileResponse:
    """Send the file as it was uploaded."""
    return screens.document_original(request, pk)


@router.get(
    "/{int:pk}/export/{name}", response={202: schemas.ExportOut, (404, 422): schemas.Message},
    summary="Export a document",
)  # fmt: skip
def export_document(request: HttpRequest, pk: int, name: str) -> Any:
    """Send the document in a format (pdf, txt, md, docx, hocr, alto, page, json, csv, pictures, original, or all of
    them); 202 with an export to wait for when that takes longer."""
    found = get_document(request.user, pk)
    try:
        formats = chosen([name])
    except KeyError:
        return Status(422, {"message": _("There is no such format.")})
    items = [Item(found.pk)]
    if exporting.is_quick(items, formats):
        return export.sent(request.user, items, formats)
    return Status(202, export_jobs.start(request.user, found.title, items, formats))


@page_router.get("/{int:pk}", response={200: schemas.PageTextOut, **NOT_FOUND}, summary="One page with its text")
def page(request: HttpRequest, pk: int) -> Page:
    """Return the page with the current text, its lines and words."""
    found = get_page(request.user, pk)
    current = found.current
    found.layer, found.made_by = (current.layer, current.made_by) if current else ("", "")
    found.text, found.lines = (current.text, current.lines) if current else ("", [])
    return found
