"""What is told of every page found, beside its number: enough to group pages by document and to count facets."""

from __future__ import annotations

from typing import Any, NamedTuple

from documents.search.index import database


class Fact(NamedTuple):
    """What is counted of one page; type, uploader and collection are ids."""

    page: int
    document: int
    languages: str
    language: str
    year: int
    status: str
    type: int | None
    uploader: int
    collection: int | None


def columns() -> tuple[Any, ...]:
    """Return what a query for pages must ask for to get the values of a Fact."""
    return (
        "pk", "document_id", "languages", "language", database().year("document__created_at"), "document__status",
        "document__document_type_id", "document__owner_id", "document__collection_id",
    )  # fmt: skip
