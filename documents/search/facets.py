"""How the pages found are spread over documents, tags, languages, years and so on: counted over what was found, so that
nothing is counted that the user may not see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from documents.languages import LANGUAGES
from documents.models import Collection, Document, DocumentStatus, DocumentType, Tag
from documents.search.facts import Fact
from documents.search.index import database

SHOWN = 8
LABELS = {
    "tag": _("Tag"), "lang": _("Language"), "date": _("Year"), "status": _("Status"), "type": _("Type"),
    "uploader": _("Uploaded by"), "collection": _("Collection"),
}  # fmt: skip

_NAMES = {
    "tag": (Tag, "name"), "type": (DocumentType, "name"), "uploader": (get_user_model(), "username"),
    "collection": (Collection, "name"),
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


def facets_of(facts: Sequence[Fact]) -> list[Facet]:
    """Return the facets of the pages, each with its most frequent values first.

    Left out are those without a value, and those with one that all pages have: it narrows down nothing. A thousand rows
    are counted here in a tenth of the time that SQLite takes.
    """
    # By columns: counted without a step of Python for each page.
    columns = Fact(*zip(*facts, strict=True)) if facts else Fact(*([()] * len(Fact._fields)))
    counts = {"tag": _tags(columns), "lang": _languages(columns), "date": Counter(columns.year)}
    for name in ("status", "type", "uploader", "collection"):
        counts[name] = Counter(getattr(columns, name))
    facets = [_facet(name, counts[name]) for name in LABELS]
    return [facet for facet in facets if _tells_something(facet, len(facts))]


def _tags(columns: Fact) -> Counter:
    """Return on how many pages each tag stands, by its id."""
    pages = Counter(columns.document)
    tagged = Document.tags.through.objects.filter(document_id__in=RawSQL(*database().listed(list(pages))))
    counts: Counter = Counter()
    for document_id, tag_id in tagged.values_list("document_id", "tag_id"):
        counts[tag_id] += pages[document_id]
    return counts


def _languages(columns: Fact) -> Counter:
    counts: Counter = Counter()
    for (languages, language), count in Counter(zip(columns.languages, columns.language, strict=True)).items():
        for code in {*languages.strip(",").split(","), language}:
            counts[code] += count
    return counts


def _tells_something(facet: Facet, pages: int) -> bool:
    return len(facet.values) > 1 or any(value.count < pages for value in facet.values)


def _facet(name: str, counter: Counter) -> Facet:
    known = [(value, count) for value, count in counter.most_common(SHOWN + 2) if value not in (None, "")][:SHOWN]
    return Facet(name, LABELS[name], tuple(_values(name, known)))


def _values(name: str, known: Sequence[tuple[Any, int]]) -> Iterable[Value]:
    values = [value for value, _count in known]
    if name in _NAMES:
        names = _names(name, values)
        return (Value(names[value], names[value], count) for value, count in known if value in names)
    labels: dict[Any, Any] = {"lang": LANGUAGES, "status": dict(DocumentStatus.choices)}.get(name, {})
    return (Value(str(value), labels.get(value, value), count) for value, count in known)


def _names(name: str, keys: Sequence[int]) -> dict[int, str]:
    model, field = _NAMES[name]
    return dict(model.objects.filter(pk__in=keys).values_list("pk", field)) if keys else {}
