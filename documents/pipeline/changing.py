"""One change to many documents: a few at a time, each batch in a transaction of its own, so that nothing waits long.

The row says how far it is. A batch is done by whoever moves `done` on from where it stood: a job that runs twice, or
beside another one, changes nothing twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from documents import states
from documents.models import BulkChange, Collection, Document, DocumentType, Page, Role, Tag
from documents.pipeline import dispatching, removing
from documents.pipeline.intake import find_tags

BATCH, TURN_SECONDS = 20, 2.0
AT_ONCE = 20
"""Documents that are changed while the person waits: what takes longer is done by jobs."""


def _add_tag(documents: QuerySet, argument: str) -> None:
    through, keys = Document.tags.through, documents.values_list("pk", flat=True)
    links = [through(document_id=pk, tag_id=tag.pk) for tag in find_tags([argument]) for pk in keys]
    through.objects.bulk_create(links, ignore_conflicts=True)


def _remove_tag(documents: QuerySet, argument: str) -> None:
    tags = Tag.objects.filter(name__iexact=argument)
    Document.tags.through.objects.filter(document__in=documents, tag__in=tags).delete()


def _set_type(documents: QuerySet, argument: str) -> None:
    documents.update(document_type=DocumentType.objects.get_or_create(name=argument[:60])[0] if argument else None)


def _move(documents: QuerySet, argument: str) -> None:
    documents.update(collection=Collection.objects.filter(name__iexact=argument).first() if argument else None)


def _read_again(documents: QuerySet, argument: str) -> None:
    states.again(Page.objects.filter(document__in=documents), states.READING)


def _delete(documents: QuerySet, argument: str) -> None:
    removing.remove_documents(documents)


@dataclass(frozen=True)
class Action:
    """What is done to the documents, who may have it done, and whether it needs a word more: "" or what that is."""

    do: Callable[[QuerySet, str], None]
    role: str
    label: Any
    needs: str = ""


ACTIONS = {
    "add-tag": Action(_add_tag, Role.MANAGER, _("Add the tag"), "tag"),
    "remove-tag": Action(_remove_tag, Role.MANAGER, _("Take the tag away"), "tag"),
    "type": Action(_set_type, Role.MANAGER, _("Set the type")),
    "collection": Action(_move, Role.MANAGER, _("Move to the collection")),
    "read": Action(_read_again, Role.REVIEWER, _("Read again")),
    "delete": Action(_delete, Role.MANAGER, _("Delete for good")),
}
LABELS = {name: action.label for name, action in ACTIONS.items()}


class Refused(Exception):
    """The change cannot be made; the message is a sentence for staff."""


def start(owner: Any, name: str, argument: str, document_ids: Iterable[int]) -> BulkChange:
    """Begin a change to the documents, as far as `owner` may make it. Return its row; small ones are done already.

    Raises Refused, with nothing changed, when the action or its word makes no sense.
    """
    argument = argument.strip()[:200]
    action = ACTIONS.get(name)
    if action is None:
        raise Refused(_("Choose what is to be done with the documents."))
    if action.needs and not argument:
        raise Refused(_("Name the tag."))
    if name == "collection" and argument and not _may_fill(owner, argument):
        raise Refused(_("There is no collection of that name that you manage."))
    allowed = list(_allowed(owner, action, document_ids))
    change = BulkChange.objects.create(
        owner=owner, action=name, argument=argument, document_ids=allowed, total=len(allowed)
    )
    if len(allowed) <= AT_ONCE:
        go_on(change.pk)
    else:
        dispatching.call_for_change(change.pk)
    change.refresh_from_db()
    return change


def _may_fill(owner: Any, name: str) -> bool:
    return Collection.objects.for_role(owner, Role.MANAGER).filter(name__iexact=name).exists()


def _allowed(owner: Any, action: Action, document_ids: Iterable[int]) -> Iterable[int]:
    wanted = list(document_ids)
    for start_at in range(0, len(wanted), 1000):
        mine = Document.objects.visible_to(owner, action.role).filter(pk__in=wanted[start_at : start_at + 1000])
        yield from mine.order_by("pk").values_list("pk", flat=True)


def go_on(change_id: int) -> bool:
    """Do the next batches, for two seconds at most. Return whether some are left."""
    end = time.monotonic() + TURN_SECONDS
    while time.monotonic() < end:
        change = BulkChange.objects.filter(pk=change_id, state=BulkChange.State.RUNNING).first()
        if change is None:
            return False
        _do_batch(change)
    return BulkChange.objects.filter(pk=change_id, state=BulkChange.State.RUNNING).exists()


def _do_batch(change: BulkChange) -> None:
    action = ACTIONS[change.action]
    batch = change.document_ids[change.done : change.done + BATCH]
    done = change.done + len(batch)
    state = BulkChange.State.DONE if done >= change.total else BulkChange.State.RUNNING
    with transaction.atomic():
        mine = BulkChange.objects.filter(pk=change.pk, done=change.done, state=BulkChange.State.RUNNING)
        if not mine.update(done=done, state=state):
            return  # another job has done this batch, or somebody has stopped it
        # Rights may have been taken away since, and documents deleted.
        documents = Document.objects.filter(pk__in=list(_allowed(change.owner, action, batch)))
        count = documents.count()
        action.do(documents, change.argument)
        BulkChange.objects.filter(pk=change.pk).update(changed=F("changed") + count)
    if change.action == "read":
        dispatching.dispatch()


def stop(change: BulkChange) -> None:
    """Leave the rest of the change undone; what is done stays."""
    BulkChange.objects.filter(pk=change.pk, state=BulkChange.State.RUNNING).update(state=BulkChange.State.STOPPED)


def unfinished() -> list[int]:
    """Return the ids of the changes that are in work, oldest first."""
    running = BulkChange.objects.filter(state=BulkChange.State.RUNNING).order_by("pk")
    return list(running.values_list("pk", flat=True)[:10])
