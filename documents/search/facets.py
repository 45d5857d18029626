"""How the pages found are spread over tags, languages, years and so on: counted over what was found, so that nothing
is counted that the user may not see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from documents.languages import LANGUAGES
from documents.models import Document, DocumentStatus, Page

SHOWN = 8
LABELS = {
    "tag": _("Tag"), "lang": _("Language"), "date": _("Year"), "status": _("Status"), "type": _("Type"),
    "uploader": _("Uploaded by"), "collection": _("Collection"),
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
    """Return the facets of the pages, each with its most frequent values first; those without a value are left out."""
    counts: dict[str, Counter] = {name: Counter() for name in LABELS}
    rows = Page.objects.filter(pk__in=page_ids).order_by().values_list(
        "document_id", "languages", "language", "document__created_at__year", "document__status",
        "document__document_type__name", "document__owner__username", "document__collection__name",
    )  # fmt: skip
    pages_of: Counter = Counter()
    for document, languages, language, year, status, kind, owner, collection in rows:
        pages_of[document] += 1
        counts["lang"].update({*languages.strip(",").split(","), language} - {""})
        values = {"date": year, "status": status, "type": kind, "uploader": owner, "collection": collection}
        for name, value in values.items():
            counts[name][value] += 1
    tagged = Document.tags.through.objects.filter(document_id__in=list(pages_of))
    for document, tag in tagged.values_list("document_id", "tag__name"):
        counts["tag"][tag] += pages_of[document]
    return [facet for name, counter in counts.items() if (facet := _facet(name, counter)).values]


def _facet(name: str, counter: Counter) -> Facet:
    known = [(value, count) for value, count in counter.most_common() if value not in (None, "")]
    return Facet(name, LABELS[name], tuple(_values(name, known[:SHOWN])))


def _values(name: str, known: Iterable[tuple[Any, int]]) -> Iterable[Value]:
    for value, count in known:
        labels: dict[Any, Any] = {"lang": LANGUAGES, "status": dict(DocumentStatus.choices)}.get(name, {})
        yield Value(str(value), labels.get(value, value), count)
