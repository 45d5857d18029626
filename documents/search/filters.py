"""The fields of a question, as conditions on documents and pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from documents.languages import LANGUAGES
from documents.models import Collection, Document, DocumentStatus, DocumentType, Layer, Page, PageText, Tag
from documents.search.index import database
from documents.search.query import All, Any, Filter, Not, Part, Query, parse

PAGE_STATES = {"approved": Q(approved_at__isnull=False), "unapproved": Q(approved_at=None)}
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_NOTHING = Q(pk__in=())


class Narrowing:
    """The pages that a user may see and that fulfil a query's fields.

    A field that cannot be understood is left out; `hints` are sentences that say so.
    """

    def __init__(self, query: Query, documents: QuerySet) -> None:
        """`documents` are those that the user may see: nothing here widens them."""
        self.hints: list[str] = []
        self._documents = documents
        self.conditions = [found for part in query.filters if (found := self._condition(part)) is not None]

    def pages(self) -> QuerySet:
        """Return the pages, in no order."""
        # Exists, and not a list of documents: with a common word few pages are looked at, of however many documents.
        seen = Exists(self._documents.order_by().filter(pk=OuterRef("document_id")))
        return Page.objects.filter(seen, *self.conditions)

    def _condition(self, part: Part) -> Q | None:
        if isinstance(part, Filter):
            return _READERS[part.name](self, part.value)
        if isinstance(part, Not):
            inner = self._condition(part.part)
            return None if inner is None else ~inner
        assert isinstance(part, All | Any)
        inner = [found for one in part.parts if (found := self._condition(one)) is not None]
        joined = Q()
        for one in inner:
            joined = joined | one if isinstance(part, Any) else joined & one
        return joined if inner else None

    def of_document(self, *conditions: Q | Exists, **fields: object) -> Q:
        """Return the condition that the page's document fulfils these."""
        return Q(Exists(Document.objects.order_by().filter(*conditions, pk=OuterRef("document_id"), **fields)))

    def title(self, value: str) -> Q | None:
        terms = parse(value).terms
        if not terms:
            return None
        sql, values = database().titled(terms)
        return Q(document_id__in=RawSQL(sql, values))

    def tag(self, value: str) -> Q:
        tags = list(Tag.objects.filter(name__iexact=value).values_list("pk", flat=True))
        through = Document.tags.through.objects.filter(document_id=OuterRef("document_id"), tag_id__in=tags)
        return Q(Exists(through)) if tags else _NOTHING

    def type(self, value: str) -> Q:
        kinds = list(DocumentType.objects.filter(name__iexact=value).values_list("pk", flat=True))
        return self.of_document(document_type__in=kinds)

    def collection(self, value: str) -> Q:
        collections = list(Collection.objects.filter(name__iexact=value).values_list("pk", flat=True))
        return self.of_document(collection__in=collections)

    def uploader(self, value: str) -> Q:
        return self.of_document(owner__username__iexact=value)

    def engine(self, value: str) -> Q:
        return Q(Exists(PageText.objects.filter(page=OuterRef("pk"), layer=Layer.OCR, made_by__icontains=value)))

    def doc(self, value: str) -> Q:
        return Q(document_id=int(value)) if value.isdecimal() and len(value) < 19 else _NOTHING

    def lang(self, value: str) -> Q | None:
        names = {str(name).lower(): code for code, name in LANGUAGES.items()}
        code = names.get(value.lower(), value.lower())
        if code not in LANGUAGES:
            return self._hint(_("lang: takes one of: %s."), ", ".join(sorted(LANGUAGES)))
        return Q(languages__contains=f",{code},") | Q(language=code)

    def status(self, value: str) -> Q | None:
        wanted = value.lower().replace(" ", "_")
        if wanted in PAGE_STATES:
            return PAGE_STATES[wanted]
        if wanted not in DocumentStatus.values:
            return self._hint(_("status: takes one of: %s."), ", ".join([*DocumentStatus.values, *PAGE_STATES]))
        return self.of_document(status=wanted)

    def date(self, value: str) -> Q | None:
        first, dots, last = value.partition("..")
        start = _days(first)
        end = _days(last) if dots else start
        if not (start or end) or (first and not start) or (last and not end):
            return self._hint(_("date: takes a year, a month or a day, or a range: %s."), "2024, 2024-05, 2024..2025")
        fields = {"created_at__gte": start and start[0], "created_at__lt": end and end[1]}
        return self.of_document(**{field: moment for field, moment in fields.items() if moment})

    def _hint(self, sentence: str, values: str) -> None:
        self.hints.append(sentence % values)


_READERS: dict[str, Callable[[Narrowing, str], Q | None]] = {
    name: getattr(Narrowing, name)
    for name in ("title", "tag", "type", "collection", "uploader", "engine", "lang", "status", "date", "doc")
}


def _days(text: str) -> tuple[datetime, datetime] | None:
    """Return when the year, month or day begins and when it is over, here; None when it is none."""
    match = _DAY.fullmatch(text.strip())
    if not match:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        start = date(year, month or 1, day or 1)
        next_month = date(year + (month or 12) // 12, month % 12 + 1 if month else 1, 1)
        return _midnight(start), _midnight(start + timedelta(days=1) if day else next_month)
    except (ValueError, OverflowError):
        return None


def _midnight(day: date) -> datetime:
    """Return the day's beginning here. A comparison of moments uses the index; one of dates asks row by row."""
    return make_aware(datetime.combine(day, time.min))
