"""Measured quality: a random sample of lines is typed anew from the scan, and compared with our text."""

from __future__ import annotations

import random
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import accumulate
from typing import Any

from django.db import transaction
from django.db.models import Count, F, QuerySet, Value
from django.db.models.functions import Length, Replace, TruncDate
from django.utils.timezone import localdate, now
from rapidfuzz.distance import Levenshtein

from documents.models import Batch, CheckedLine, Collection, Document, Page, PageText, QualityCheck
from documents.pipeline.intervals import Share, share_of
from documents.pipeline.texts import clean

SIZE, LARGEST = 50, 500
"""Lines in a sample where nobody says otherwise, and at most. With 50 lines of 8 words and 2 % wrong words, the
interval reaches 1.9 percentage points to its longer side."""

DAYS = 30
V = CheckedLine.Verdict


def start(
    of: Document | Collection | Batch, documents: QuerySet[Document], size: int, *, by: Any, seed: int | None = None
) -> QualityCheck | None:
    """Begin a measurement of `of`, whose documents are given. Return it; None when there is no line to choose.

    Every k-th line is taken from a random start, in the order of documents, pages and lines: chance decides, and each
    page has its share (systematic sampling, which strata by page without weights come to).
    """
    texts = list(_texts(documents).values_list("current", "lines_in_it"))
    total = sum(lines for _text, lines in texts)
    chosen = _every(total, min(size, LARGEST, total), random.Random(seed))
    with transaction.atomic():
        check = QualityCheck.objects.create(**{of._meta.model_name: of}, lines_total=total, started_by=by)
        CheckedLine.objects.bulk_create(_lines(check, texts, chosen))
        if check.lines.exists():
            return check
        check.delete()
    return None


def _texts(documents: QuerySet[Document]) -> QuerySet[Page]:
    """Return the pages whose scan and text can be compared, with the number of lines of each."""
    text = F("current__text")
    breaks = Length(text) - Length(Replace(text, Value("\n"), Value("")))
    pages = Page.objects.filter(document__in=documents, current__isnull=False).exclude(picture="")
    pages = pages.exclude(current__text="").order_by("document", "number")
    return pages.annotate(lines_in_it=breaks + 1)


def _every(total: int, size: int, chance: random.Random) -> list[int]:
    """Return `size` numbers below `total`, evenly apart from a random start."""
    if not size:
        return []
    begin = chance.random() * total / size
    return [int(begin + number * total / size) for number in range(size)]


def _lines(check: QualityCheck, texts: Sequence[tuple[int, int]], chosen: Sequence[int]) -> Iterable[CheckedLine]:
    """Return the chosen lines, those without words or a place on the scan left out."""
    ends = list(accumulate(lines for _text, lines in texts))
    wanted: dict[int, list[int]] = defaultdict(list)
    for number in chosen:
        at = bisect_right(ends, number)
        wanted[texts[at][0]].append(number - (ends[at - 1] if at else 0))
    for text in PageText.objects.filter(pk__in=wanted).order_by("page__document", "page__number"):
        for number in wanted[text.pk]:
            line = text.lines[number] if number < len(text.lines) else {}
            if line.get("box") and line["text"].strip():
                yield CheckedLine(check_of=check, text=text, line=number, expected=line["text"], box=line["box"])


def next_line(check: QualityCheck, documents: QuerySet[Document] | None = None) -> CheckedLine | None:
    """Return the first line that is not judged yet, of those documents alone where some are given."""
    lines = check.lines if documents is None else check.lines.filter(documents.contain("text__page__document_id"))
    return lines.filter(verdict=V.OPEN).select_related("text__page__document").first()


def type_in(line: CheckedLine, typed: str, *, by: Any) -> None:
    """Keep what somebody read on the scan. The line is judged at once when our text says the same."""
    line.typed = clean(typed).strip()
    line.save(update_fields=["typed"])
    if words_of(line.typed) == words_of(line.expected):
        judge(line, V.SAME, by=by)


def judge(line: CheckedLine, verdict: str, *, by: Any) -> None:
    """Decide what stands on the scan, and count. The last line finishes the measurement."""
    truth = line.typed if verdict == V.TYPED else line.expected
    words = words_of(truth) if verdict != V.UNREADABLE else []
    errors = wrong_words(line.expected, truth) if verdict == V.TYPED else 0
    with transaction.atomic():
        CheckedLine.objects.filter(pk=line.pk, verdict=V.OPEN).update(
            verdict=verdict, words=len(words), errors=min(errors, len(words)), judged_by=by, judged_at=now()
        )
        if not CheckedLine.objects.filter(check_of=line.check_of_id, verdict=V.OPEN).exists():
            QualityCheck.objects.filter(pk=line.check_of_id, finished_at=None).update(finished_at=now())


def words_of(text: str) -> list[str]:
    """Return the words of a line as they are compared: how blanks and quotation marks are typed makes no difference."""
    return re.sub(r"[‘’‚`´]", "'", re.sub(r"[“”„«»]", '"', text)).split()


def wrong_words(text: str, truth: str) -> int:
    """Return how many words have to be changed, put in or taken out to make the text the truth."""
    return Levenshtein.distance(words_of(text), words_of(truth))


def result(check: QualityCheck) -> Share | None:
    """Return the share of right words with its interval, of the lines judged so far; None before the first."""
    return share_of(list(_judged(check.lines.all()).values_list("words", "errors")))


def _judged(lines: QuerySet[CheckedLine]) -> QuerySet[CheckedLine]:
    return lines.exclude(verdict__in=(V.OPEN, V.UNREADABLE))


def latest(of: Document | Collection | Batch) -> tuple[QualityCheck, Share] | None:
    """Return the newest finished measurement of a document, collection or batch with its result; None without one."""
    check = of.checks.filter(finished_at__isnull=False).first()
    found = result(check) if check else None
    return (check, found) if check and found else None


def by_maker(documents: QuerySet[Document]) -> dict[str, dict[str, Share]]:
    """Return the measured share of right words per layer and what made the text (engine, model, person)."""
    lines = _judged(CheckedLine.objects.filter(documents.contain("text__page__document_id")))
    groups: dict[str, dict[str, list]] = defaultdict(lambda: defaultdict(list))
    for layer, maker, words, errors in lines.values_list("text__layer", "text__made_by", "words", "errors"):
        groups[layer][maker].append((words, errors))
    return {layer: _shares(makers) for layer, makers in groups.items()}


def by_day(documents: QuerySet[Document]) -> dict[str, Share]:
    """Return the measured share of right words per day on which lines were judged, of the last DAYS days."""
    since = now() - timedelta(days=DAYS)
    lines = _judged(CheckedLine.objects.filter(documents.contain("text__page__document_id"), judged_at__gte=since))
    groups: dict[str, list] = defaultdict(list)
    days = lines.annotate(day=TruncDate("judged_at")).order_by("day")
    for day, words, errors in days.values_list("day", "words", "errors"):
        groups[day.isoformat()].append((words, errors))
    return _shares(groups)


def _shares(groups: dict[str, list]) -> dict[str, Share]:
    shares = {name: share_of(lines) for name, lines in groups.items()}
    return {name: share for name, share in shares.items() if share}


def approvals_by_person(documents: QuerySet[Document]) -> list[tuple[str, int]]:
    """Return how many pages each person approved, most first."""
    pages = Page.objects.filter(documents.contain("document_id"), approved_by__isnull=False)
    counted = pages.values("approved_by__username").annotate(count=Count("pk")).order_by("-count")
    return list(counted.values_list("approved_by__username", "count")[:20])


def approvals_by_day(documents: QuerySet[Document]) -> list[tuple[str, int]]:
    """Return how many pages were approved on each of the last DAYS days, days without any too."""
    first = localdate() - timedelta(days=DAYS - 1)
    pages = Page.objects.filter(documents.contain("document_id"), approved_at__gte=now() - timedelta(days=DAYS))
    counted = pages.annotate(day=TruncDate("approved_at")).values("day").annotate(count=Count("pk")).order_by()
    found = dict(counted.values_list("day", "count"))
    days = [first + timedelta(days=number) for number in range(DAYS)]
    return [(day.isoformat(), found.get(day, 0)) for day in days]
