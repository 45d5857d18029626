"""How the pages found are spread over tags, languages, years and so on: counted over what was found, so that nothing
is counted that the user may not see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from documents.languages import LANGUAGES
from documents.models import DocumentStatus
from documents.search.index import pages_of

SHOWN = 8
LABELS = {
    "tag": _("Tag"), "lang": _("Language"), "date": _("Year"), "status": _("Status"), "type": _("Type"),
    "uploader": _("Uploaded by"), "collection": _("Collection"),
}  # fmt: skip
COLUMNS = {
    "date": "document__created_at__year", "status": "document__status", "type": "document__document_type__name",
    "uploader": "document__owner__username", "collection": "document__collection__name",
}  # fmt: skip


@dataclass(frozen=True)
class Value:
    """One value of a field, how it is shown, and on how many of the pages found it stands."""

    value: str
    label: Any
    count: int


@dataclass(frozen=True)
class Facet:
    name: str
    label: Any
    values: tuple[Value, ...]


def facets_of(page_ids: Sequence[int]) -> list[Facet]:
    """Return the facets of the pages, each with its most frequent values first.

    Left out are those without a value, and those with one that all pages have: it narrows down nothing.
    """
    counts: dict[str, Counter] = {name: Counter() for name in LABELS}
    pages = pages_of(page_ids)
    # Counted by the database for all fields at once: there are far fewer combinations than pages.
    combined = pages.values_list("languages", "language", *COLUMNS.values()).annotate(pages=Count("pk"))
    for languages, language, *values, count in combined:
        for code in {*languages.strip(",").split(","), language}:
            counts["lang"][code] += count
        for name, value in zip(COLUMNS, values, strict=True):
            counts[name][value] += count
    for tag, count in pages.values_list("document__tags__name").annotate(pages=Count("pk")):
        counts["tag"][tag] += count
    facets = [_facet(name, counter) for name, counter in counts.items()]
    return [facet for facet in facets if _tells_something(facet, len(page_ids))]


def _tells_something(facet: Facet, pages: int) -> bool:
    return len(facet.values) > 1 or any(value.count < pages for value in facet.values)


def _facet(name: str, counter: Counter) -> Facet:
    known = [(value, count) for value, count in counter.most_common() if value not in (None, "")]
    return Facet(name, LABELS[name], tuple(_values(name, known[:SHOWN])))


def _values(name: str, known: Iterable[tuple[Any, int]]) -> Iterable[Value]:
    for value, count in known:
        labels: dict[Any, Any] = {"lang": LANGUAGES, "status": dict(DocumentStatus.choices)}.get(name, {})
        yield Value(str(value), labels.get(value, value), count)
