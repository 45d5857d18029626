"""Search: the same question language and the same order as on the search page."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from documents import search as index
from documents.api import schemas
from documents.search import finding
from documents.views import searching
from documents.views.access import visible_documents

router = Router()


@router.get("", response=schemas.Hits, summary="Search")
def search(
    request: HttpRequest, q: str, sort: str = finding.RELEVANCE, patient: bool = False,
    limit: Annotated[int, Query(ge=1, le=100)] = 20, offset: Annotated[int, Query(ge=0, le=1000)] = 0,
) -> dict[str, Any]:  # fmt: skip
    """Return the pages that hold the words asked for. A question that makes no sense gets a hint, never an error.

    A search that takes too long is stopped (`is_complete` is false then); a `patient` one after 20 seconds only.
    """
    typed = q.replace("\x00", "")
    query = index.parse(typed)
    wanted = sort if sort in finding.SORTS else finding.RELEVANCE
    found = index.find(query, visible_documents(request.user), sort=wanted, is_patient=patient)
    keys = found.page_ids[offset : offset + limit]
    hits = searching.hits_of(keys, query, typed)
    return {
        "total": found.total, "is_capped": found.is_capped, "is_complete": not found.timed_out,
        "sorted_by": found.sorted_by,
        "hints": [str(hint) for hint in found.hints], "hits": [_hit(hits[key]) for key in keys if key in hits],
    }  # fmt: skip


def _hit(hit: searching.Hit) -> dict[str, Any]:
    return {
        "page": hit.page.pk, "number": hit.page.number, "document": hit.page.document_id,
        "title": hit.page.document.title, "snippet": str(hit.snippet.text), "layer": hit.snippet.layer,
        "is_near": hit.snippet.is_near, "url": hit.url,
    }  # fmt: skip
