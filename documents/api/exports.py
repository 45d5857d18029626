"""Exports that are made in the background: asked for, looked after, fetched."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Status

from documents.api import schemas
from documents.export.formats import chosen
from documents.models import ExportJob
from documents.pipeline import export_jobs
from documents.views import export

router = Router()
NOT_FOUND = {404: schemas.Message}


@router.post("", response={202: schemas.ExportOut, 422: schemas.Message}, summary="Ask for an export")
def start(request: HttpRequest, wish: schemas.ExportWish) -> Status:
    """Have an export made: of documents, of pages or of what a search finds. What you may not see is left out."""
    try:
        formats = chosen(wish.formats)
    except KeyError as exc:
        return Status(422, {"message": _("There is no such format: %(names)s.") % {"names": ", ".join(exc.args)}})
    selected = export.selection(request.user, _asked(wish))
    if not selected.items:
        return Status(422, {"message": _("None of these documents is there for you.")})
    return Status(202, export_jobs.start(request.user, selected.title, selected.items, formats))


def _asked(wish: schemas.ExportWish) -> QueryDict:
    """Return the wish as the form on the web would send it."""
    asked = QueryDict(mutable=True)
    asked.setlist("document", [str(key) for key in wish.documents])
    asked.setlist("page", [str(key) for key in wish.pages])
    if wish.q is not None:
        asked.update({"q": wish.q, "all": "on", "only_pages": "on" if wish.only_pages else ""})
    return asked


@router.get("", response=list[schemas.ExportOut], summary="Your exports")
def exports(request: HttpRequest) -> Any:
    """Return your exports, newest first."""
    return ExportJob.objects.filter(owner=request.user)[:100]


@router.get("/{int:pk}", response={200: schemas.ExportOut, **NOT_FOUND}, summary="How far an export is")
def one(request: HttpRequest, pk: int) -> ExportJob:
    """Return one of your exports."""
    return get_object_or_404(ExportJob, pk=pk, owner=request.user)


@router.get("/{int:pk}/file", response=NOT_FOUND, summary="Fetch the file")
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the file of a finished export."""
    return export.export_download(request, pk)


@router.delete("/{int:pk}", response={204: None, **NOT_FOUND}, summary="Delete an export")
def delete(request: HttpRequest, pk: int) -> Status:
    """Delete one of your exports, or stop one that is being made."""
    export_jobs.remove(get_object_or_404(ExportJob, pk=pk, owner=request.user))
    return Status(204, None)
