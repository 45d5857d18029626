"""The list of documents."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property

from documents.forms import LibraryForm
from documents.models import Batch, Document, DocumentStatus, Page, Role
from documents.views.access import visible_batches, visible_documents

PER_PAGE = 50
MOST_COUNTED = 5_000


class CappedPaginator(Paginator):
    """Counts no further than anybody turns pages: counting 200,000 documents takes longer than showing fifty."""

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by()[:MOST_COUNTED].count()


def library(request: HttpRequest) -> HttpResponse:
    """Show the documents, newest first; a request by htmx gets the rows alone."""
    form = LibraryForm(request.GET)
    listed = form.filtered(visible_documents(request.user))
    page_obj = CappedPaginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    page_obj.object_list = documents = _with_details(page_obj.object_list)
    context = {
        "form": form,
        "page_obj": page_obj,
        "total": page_obj.paginator.count,
        "is_capped": page_obj.paginator.count == MOST_COUNTED,
        "is_filtered": any(form.cleaned_data.values()),
        **_batch(request.user, form.cleaned_data.get("batch")),
        "busy": any(document.status == DocumentStatus.PROCESSING for document in documents),
    }
    is_htmx = "HX-Request" in request.headers
    return render(request, "documents/_library_rows.html" if is_htmx else "documents/library.html", context)


def _batch(user: Any, batch: Batch | None) -> dict[str, Any]:
    """Return what is shown of the batch that is listed: itself, and whether the person may measure it."""
    if batch is None or not visible_batches(user).filter(pk=batch.pk).exists():
        return {}
    return {"batch": batch, "can_measure": visible_batches(user, Role.REVIEWER).filter(pk=batch.pk).exists()}


def _with_details(documents) -> list[Document]:
    """Return the listed documents with what a row shows of them: owner, progress, `tag_names` and `first_page`; four
    queries, whatever their number."""
    keys = list(documents.values_list("pk", flat=True))
    shown = ("title", "scope", "handwritten", "page_count", "status", "created_at", "batch_id", "owner__username")
    detailed = Document.objects.with_progress().select_related("owner").only(*shown).in_bulk(keys)
    pages = Page.objects.order_by().filter(document__in=keys, number=1).only("document_id", "number", "thumbnail")
    first_pages = {page.document_id: page for page in pages}
    tags = Document.tags.through.objects.filter(document__in=keys).order_by("tag__name")
    tag_names = defaultdict(list)
    for key, name in tags.values_list("document_id", "tag__name"):
        tag_names[key].append(name)
    for key, document in detailed.items():
        document.first_page, document.tag_names = first_pages.get(key), tag_names[key]
    return [detailed[key] for key in keys]
