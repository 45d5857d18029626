"""The review queue: pages where a minute of reading finds the most errors come first, and no page goes to two people.

A page's priority is its expected errors divided by the minutes that reading it takes:

    sum over its words of (1 - probability that the word is right) / (PAGE_SECONDS / 60 + words / WORDS_PER_MINUTE)

The probabilities are those of the reading (documents.ocr.calibration: fitted on real pages). A reservation is a lease
like those of documents.states: a conditional UPDATE whose row count says whether it happened, and an end by the clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import now

from documents.models import OPEN, Comment, Document, Layer, Page, PageText, QueuedPage, ReviewState, latest_reading

WORDS_PER_MINUTE = 180
"""People proofread so many English words a minute on a screen (Ziefle 1998, Human Factors 40(4), 554-568)."""

PAGE_SECONDS = 15
"""To open a page and find one's way on it: an assumption, not measured. It keeps pages of three words from the top."""

UNKNOWN_DOUBT = 0.1
"""Doubt of a machine's word of which no probability is known."""

HOLD = timedelta(minutes=60)
"""How long a page is reserved. Whoever takes it again before has it for as long once more."""

AT_ONCE = 1000
"""Pages from before there was a queue that are put in order at a time: once a minute, by the sweeper."""

_WAITS = Q(page__approved_at=None) & ~Q(page__status__in=OPEN)


def expected_errors(lines: Sequence[Mapping[str, Any]], layer: str = Layer.OCR) -> tuple[float, int]:
    """Return how many words of these stored lines are expected to be wrong, and how many words there are.

    Words that a person settled or wrote count as right: a person's layer (`layer`) has no doubt but what it kept.
    """
    doubt, count = 0.0, 0
    for line in lines:
        words = line.get("words") or []
        number = len(words) or len(line["text"].split())
        count += number
        if words:
            doubt += sum(_doubt(word, layer) for word in words)
        elif layer != Layer.HUMAN:
            doubt += number * (UNKNOWN_DOUBT if line.get("confidence") is None else 1 - line["confidence"])
    return doubt, count


def _doubt(word: Mapping[str, Any], layer: str) -> float:
    if word.get("settled"):
        return 0.0
    if word.get("confidence") is None:
        return 0.0 if layer == Layer.HUMAN else UNKNOWN_DOUBT
    return 1 - word["confidence"]


def minutes_of(words: int) -> float:
    """Return how long reading a page of so many words takes beside its scan, in minutes."""
    return PAGE_SECONDS / 60 + words / WORDS_PER_MINUTE


def put_in_order(page: Page, text: PageText, reading: PageText | None) -> None:
    """Give the page its place in the queue after `text` became its current one. Call it where texts are written.

    `reading` is the page's newest OCR layer, None when it has not been read.
    """
    errors, words = expected_errors(_with_doubts(text, reading), text.layer)
    minutes = minutes_of(words)
    values = {"words": words, "expected_errors": errors, "minutes": minutes, "priority": errors / minutes}
    QueuedPage.objects.update_or_create(page_id=page.pk, defaults=values)


def _with_doubts(text: PageText, reading: PageText | None) -> list[dict[str, Any]]:
    """Return the lines of a text; a model's lines have no words of their own, so those of the reading count."""
    if text.layer != Layer.LLM:
        return text.lines
    read = {tuple(line["box"]): line for line in reading.lines if line["box"]} if reading else {}
    return [line if line.get("words") else read.get(tuple(line["box"] or ()), line) for line in text.lines]


def catch_up() -> int:
    """Put pages in order that were read before there was a queue, some at a time. Return how many."""
    missing = Page.objects.filter(current__isnull=False, queued=None).select_related("current")[:AT_ONCE]
    for page in missing:
        put_in_order(page, page.current, latest_reading(page))
    return len(missing)


def waiting(documents: QuerySet[Document]) -> QuerySet[QueuedPage]:
    """Return the pages of `documents` that somebody should read, the most errors per minute first."""
    return _of(documents).filter(_WAITS).order_by("-priority", "page_id")  # "page" would be by its own order


def _of(documents: QuerySet[Document]) -> QuerySet[QueuedPage]:
    return QueuedPage.objects.filter(documents.contain("page__document_id"), page__current__isnull=False)


def free_for(user: Any, documents: QuerySet[Document]) -> QuerySet[QueuedPage]:
    """Return what `user` may take: not held by another, and no second look at what he has looked at himself."""
    unheld = Q(holder=None) | Q(holder=user) | Q(held_until__lt=now())
    return waiting(documents).filter(unheld).exclude(second_look=True, looked_by=user)


def take_next(user: Any, documents: QuerySet[Document], after: Page | None = None) -> Page | None:
    """Reserve the best free page for `user` and return it; None when there is none. `after` is left out.

    What he holds already comes first: a page that was taken and left is not forgotten.
    """
    free = free_for(user, documents).exclude(page=after.pk if after else None)
    mine = free.filter(holder=user, held_until__gte=now()).values_list("page", flat=True)[:1]
    for page_id in [*mine, *free.values_list("page", flat=True)[:20]]:
        if hold(page_id, user):
            return Page.objects.get(pk=page_id)
    return None


def hold(page_id: int, user: Any) -> bool:
    """Reserve the page for `user`, or renew his reservation; False means that another person has it."""
    mine = QueuedPage.objects.filter(Q(holder=None) | Q(holder=user) | Q(held_until__lt=now()), page=page_id)
    return bool(mine.update(holder=user, held_until=now() + HOLD))


def release(page_id: int, user: Any) -> bool:
    """Give a reserved page back. Return whether `user` had it."""
    return bool(QueuedPage.objects.filter(page=page_id, holder=user).update(holder=None, held_until=None))


def approved(page: Page, by: Any) -> bool:
    """Note that `by` found the page right, and end his reservation. Return whether that is enough.

    It is not where the page's collection wants a second person, or somebody asked for one, and `by` is the first.
    """
    queued, _created = QueuedPage.objects.select_related("page__document__collection").get_or_create(page=page)
    collection = queued.page.document.collection
    wants_two = queued.second_look or (collection is not None and collection.needs_second_person)
    is_enough = not wants_two or queued.looked_by_id not in (None, by.pk)
    QueuedPage.objects.filter(page=page).update(
        holder=None, held_until=None, second_look=not is_enough, looked_by=None if is_enough else by
    )
    return is_enough


def ask_for_second_look(page: Page, *, by: Any) -> None:
    """Let another person look at the page too; an approval is taken back by whoever calls this."""
    QueuedPage.objects.get_or_create(page=page)
    QueuedPage.objects.filter(page=page).update(second_look=True, looked_by=by, holder=None, held_until=None)


def counts(documents: QuerySet[Document]) -> dict[str, int]:
    """Return how many pages are in each state of ReviewState."""
    held = _WAITS & Q(holder__isnull=False, held_until__gte=now())
    free = _WAITS & (Q(holder=None) | Q(held_until=None) | Q(held_until__lt=now()))
    found = _of(documents).aggregate(
        new=Count("pk", filter=free & Q(second_look=False)),
        in_review=Count("pk", filter=held),
        second_look=Count("pk", filter=free & Q(second_look=True)),
        approved=Count("pk", filter=Q(page__approved_at__isnull=False)),
    )
    return {state.value: found[state.value] for state in ReviewState}


def in_state(queue: QuerySet[QueuedPage], state: str) -> QuerySet[QueuedPage]:
    """Return the waiting pages of one state; all of them for ""."""
    held = Q(holder__isnull=False, held_until__gte=now())
    if state == ReviewState.IN_REVIEW:
        return queue.filter(held)
    if state in (ReviewState.NEW, ReviewState.SECOND_LOOK):
        return queue.exclude(held).filter(second_look=state == ReviewState.SECOND_LOOK)
    return queue


def with_comments(queue: QuerySet[QueuedPage]) -> QuerySet[QueuedPage]:
    """Add `open_comments`, the number of comments on the page that nobody has settled."""
    open_ones = Comment.objects.order_by().filter(page=OuterRef("page"), settled_at=None).values("page")
    counted = open_ones.annotate(count=Count("pk")).values("count")
    return queue.annotate(open_comments=Coalesce(Subquery(counted), 0))
