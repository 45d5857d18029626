"""The fields of a question, as conditions on documents and pages."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property, reduce

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import Expression, RawSQL
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from documents.languages import LANGUAGES
from documents.models import Collection, Document, DocumentStatus, DocumentType, Layer, Page, PageText, Tag
from documents.search import titles
from documents.search.index import database
from documents.search.query import FIELDS, All, Any, Filter, Not, Part, Query, Term, parse

FEW_DOCUMENTS = 5000
"""Documents that are named one by one to the index, if a question narrows down to so few. Of more, a common word soon
finds a thousand pages."""

PAGE_STATES = {"approved": Q(approved_at__isnull=False), "unapproved": Q(approved_at=None)}
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")


@dataclass(frozen=True)
class Condition:
    """What a document must fulfil, or a page when not `is_of_document`."""

    q: Q
    is_of_document: bool = True

    def on_pages(self) -> Q:
        """Return the condition as one on pages."""
        if not self.is_of_document:
            return self.q
        return Q(Document.objects.filter(self.q).contain("document_id"))


class Narrowing:
    """The pages that a user may see and that fulfil a query's fields.

    A field that cannot be understood is left out; `hints` are sentences that say so.
    """

    def __init__(self, query: Query, documents: QuerySet) -> None:
        """`documents` are those that the user may see: nothing here widens them."""
        self.hints: list[str] = []
        self.conditions = [found for part in query.filters if (found := self._condition(part)) is not None]
        self._is_in_one = any(isinstance(part, Filter) and part.name == "doc" for part in query.filters)
        self.documents = documents.order_by().filter(*(c.q for c in self.conditions if c.is_of_document))

    @cached_property
    def _few_documents(self) -> list[int] | None:
        """The ids of the documents that fulfil the fields, newest first; None when they are too many to be named, or
        when no field is about documents."""
        if not any(condition.is_of_document for condition in self.conditions):
            return None
        found = list(self.documents.order_by("-pk").values_list("pk", flat=True)[: FEW_DOCUMENTS + 1])
        return found if len(found) <= FEW_DOCUMENTS else None

    @property
    def is_of_documents(self) -> bool:
        """Whether it is documents alone that are narrowed down: all their pages are meant."""
        return all(condition.is_of_document for condition in self.conditions)

    def pages(self) -> QuerySet:
        """Return the pages, in no order."""
        return self._pages(self._few_documents)

    def _pages(self, among: list[int] | None) -> QuerySet:
        pages = Page.objects.filter(*(c.q for c in self.conditions if not c.is_of_document))
        if among is not None:
            return pages.filter(document__in=RawSQL(*database().listed(among)))
        # Exists, and not a list of documents: with a common word few pages are looked at, of however many documents.
        return pages.filter(self.documents.contain("document_id"))

    def matching(
        self, text: Part, *, limit: int | None = None, order: str = "-", known: Sequence[int] = ()
    ) -> QuerySet:
        """Return the pages whose words fulfil `text`, `limit` at most, without `known`; `order` as `matching` of the
        database has it."""
        return database().matching(**self._asked(text, known, self._among(text)), limit=limit, order=order)

    def rows(
        self, columns: Sequence[str | Expression], text: Part, *, limit: int, order: str, known: Sequence[int],
        is_patient: bool,
    ) -> tuple[list[tuple], bool]:  # fmt: skip
        """Return what `columns` say of the pages whose words fulfil `text`, as `rows` of the database does, and whether
        there may be more of them among pages that were not looked at."""
        among = self._among(text)
        asked = self._asked(text, known, among)
        rows, timed_out = database().rows(columns=columns, **asked, limit=limit, order=order, is_patient=is_patient)
        is_all = len(rows) == limit or among is not None or database().looks_everywhere(text, is_patient=is_patient)
        return rows, timed_out or not is_all

    def _asked(self, text: Part, known: Sequence[int], among: list[int] | None) -> dict[str, object]:
        """Return what the database is asked about: `documents` only where all of their pages are meant."""
        documents = self.documents if self.is_of_documents and not known else None
        return {"pages": self._pages(among).exclude(pk__in=known), "text": text, "among": among, "documents": documents}

    def _among(self, text: Part) -> list[int] | None:
        """Return the ids of the documents to start from: one that is named, or a few of a common text."""
        # The few pages of a rare word are looked at one by one, sooner than documents could be listed.
        is_narrowed = any(condition.is_of_document for condition in self.conditions)
        return self._few_documents if self._is_in_one or (is_narrowed and database().is_common(text)) else None

    def _condition(self, part: Part) -> Condition | None:
        if isinstance(part, Filter):
            return _READERS[part.name](self, part.value)
        if isinstance(part, Term):
            return Condition(Q(database().fulfils(part)), is_of_document=False)
        if isinstance(part, Not):
            inner = self._unwanted(part.part)
            return None if inner is None else Condition(~inner.q, inner.is_of_document)
        assert isinstance(part, All | Any)
        inner = [found for one in part.parts if (found := self._condition(one)) is not None]
        together = operator.or_ if isinstance(part, Any) else operator.and_
        if all(one.is_of_document for one in inner):
            return Condition(reduce(together, (one.q for one in inner))) if inner else None
        return Condition(reduce(together, (one.on_pages() for one in inner)), is_of_document=False)

    def _unwanted(self, part: Part) -> Condition | None:
        """Return the condition that must not hold. Of titles all are asked for: leaving some out would let them in."""
        if isinstance(part, Filter) and part.name == "title" and (terms := parse(part.value).terms):
            return Condition(Q(pk__in=RawSQL(*database().titled(terms))))
        return self._condition(part)

    def title(self, value: str) -> Condition | None:
        terms = parse(value).terms
        if not terms:
            return None
        found = titles.newest(terms)
        if len(found) == titles.MOST:
            self.hints.append(_("Only the newest 5,000 documents with %s in their title were looked at.") % value)
        return Condition(Q(pk__in=RawSQL(*database().listed(found))))

    # Names are looked up first: with ids the database takes the index of the documents, or of their tags.

    def tag(self, value: str) -> Condition:
        tags = list(Tag.objects.filter(name__iexact=value).values_list("pk", flat=True))
        return Condition(Q(pk__in=Document.tags.through.objects.filter(tag_id__in=tags).values("document_id")))

    def type(self, value: str) -> Condition:
        kinds = list(DocumentType.objects.filter(name__iexact=value).values_list("pk", flat=True))
        return Condition(Q(document_type__in=kinds))

    def collection(self, value: str) -> Condition:
        collections = list(Collection.objects.filter(name__iexact=value).values_list("pk", flat=True))
        return Condition(Q(collection__in=collections))

    def uploader(self, value: str) -> Condition:
        owners = list(get_user_model().objects.filter(username__iexact=value).values_list("pk", flat=True))
        return Condition(Q(owner__in=owners))

    def doc(self, value: str) -> Condition:
        return Condition(Q(pk=int(value)) if value.isdecimal() and len(value) < 19 else Q(pk__in=()))

    def engine(self, value: str) -> Condition:
        readings = PageText.objects.order_by().filter(page=OuterRef("pk"), layer=Layer.OCR, made_by__icontains=value)
        return Condition(Q(Exists(readings)), is_of_document=False)

    def lang(self, value: str) -> Condition | None:
        names = {str(name).lower(): code for code, name in LANGUAGES.items()}
        code = names.get(value.lower(), value.lower())
        if code not in LANGUAGES:
            return self._hint(_("lang: takes one of: %s."), ", ".join(sorted(LANGUAGES)))
        return Condition(Q(languages__contains=f",{code},") | Q(language=code), is_of_document=False)

    def status(self, value: str) -> Condition | None:
        wanted = value.lower().replace(" ", "_")
        if wanted in PAGE_STATES:
            return Condition(PAGE_STATES[wanted], is_of_document=False)
        if wanted not in DocumentStatus.values:
            return self._hint(_("status: takes one of: %s."), ", ".join([*DocumentStatus.values, *PAGE_STATES]))
        return Condition(Q(status=wanted))

    def date(self, value: str) -> Condition | None:
        first, dots, last = value.partition("..")
        start = _days(first)
        end = _days(last) if dots else start
        if not (start or end) or (first and not start) or (last and not end):
            return self._hint(_("date: takes a year, a month or a day, or a range: %s."), "2024, 2024-05, 2024..2025")
        fields = {"created_at__gte": start and start[0], "created_at__lt": end and end[1]}
        return Condition(Q(**{field: moment for field, moment in fields.items() if moment}))

    def _hint(self, sentence: str, values: str) -> None:
        self.hints.append(sentence % values)


_READERS: dict[str, Callable[[Narrowing, str], Condition | None]] = {name: getattr(Narrowing, name) for name in FIELDS}


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
