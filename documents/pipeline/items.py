"""What somebody takes away: documents, or some of their pages."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from documents.models import Page


@dataclass(frozen=True)
class Item:
    """A document to export, by its id; `numbers` are its pages, None for all."""

    document_id: int
    numbers: tuple[int, ...] | None = None

    @property
    def pages(self) -> QuerySet:
        """Its pages, in order."""
        pages = Page.objects.filter(document=self.document_id).order_by("number")
        return pages if self.numbers is None else pages.filter(number__in=self.numbers)
