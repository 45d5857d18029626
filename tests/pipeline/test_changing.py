"""One change to many documents: done once, by those who may, and never half."""

from __future__ import annotations

import pytest

from documents.models import BulkChange, Collection, Document, DocumentType, Page, PageStatus, Role
from documents.pipeline import changing, sweeping
from tests.scenes import make_document, make_read_page

pytestmark = pytest.mark.django_db
RUNNING, DONE, STOPPED = BulkChange.State.RUNNING, BulkChange.State.DONE, BulkChange.State.STOPPED


@pytest.fixture(autouse=True)
def rung(monkeypatch) -> list[int]:
    """The changes that jobs were asked for."""
    found: list[int] = []
    monkeypatch.setattr("documents.queues.room", lambda queue: 0)
    monkeypatch.setattr("documents.queues.ring_change", found.append)
    return found


def keys(*documents: Document) -> list[int]:
    return [document.pk for document in documents]


@pytest.mark.parametrize(
    ("action", "argument", "holds"),
    [
        ("add-tag", "maps", lambda d: sorted(tag.name for tag in d.tags.all()) == ["maps", "old"]),
        ("remove-tag", "OLD", lambda d: d.tags.count() == 0),
        ("type", "Letter", lambda d: d.document_type.name == "Letter"),
        ("type", "", lambda d: d.document_type is None),
        ("collection", "hers", lambda d: d.collection.name == "Hers"),
        ("collection", "", lambda d: d.collection is None),
        ("read", "", lambda d: d.pages.get().status == PageStatus.PENDING),
    ],
)
def test_it_changes_a_few_documents_at_once(alice, action, argument, holds):
    Collection.objects.create(name="Hers", owner=alice)
    document = make_read_page(alice, "text").document
    document.tags.create(name="old")
    Document.objects.filter(pk=document.pk).update(document_type=DocumentType.objects.create(name="Map"))
    change = changing.start(alice, action, argument, keys(document))
    assert (change.state, change.done, change.changed, change.total) == (DONE, 1, 1, 1)
    assert holds(Document.objects.get(pk=document.pk))


def test_it_deletes(alice):
    gone, kept = make_document(alice), make_document(alice)
    changing.start(alice, "delete", "", keys(gone))
    assert list(Document.objects.all()) == [kept]


def test_many_are_changed_by_jobs_a_turn_at_a_time(alice, rung, monkeypatch):
    monkeypatch.setattr(changing, "AT_ONCE", 1)
    monkeypatch.setattr(changing, "BATCH", 2)
    documents = [make_document(alice) for _ in range(5)]
    change = changing.start(alice, "add-tag", "maps", keys(*documents))
    assert (change.state, change.done, rung) == (RUNNING, 0, [change.pk])
    monkeypatch.setattr(changing, "TURN_SECONDS", 0)
    assert changing.go_on(change.pk) is True
    monkeypatch.undo()
    assert changing.go_on(change.pk) is False
    change.refresh_from_db()
    assert (change.state, change.done, change.changed) == (DONE, 5, 5)
    assert Document.objects.filter(tags__name="maps").count() == 5


def test_a_batch_that_another_job_has_done_is_not_done_again(alice, monkeypatch):
    monkeypatch.setattr(changing, "AT_ONCE", 0)
    change = changing.start(alice, "add-tag", "maps", keys(make_document(alice)))
    stale = BulkChange.objects.get(pk=change.pk)
    changing.go_on(change.pk)
    changing._do_batch(stale)
    change.refresh_from_db()
    assert change.changed == 1


def test_it_can_be_stopped(alice, monkeypatch):
    monkeypatch.setattr(changing, "AT_ONCE", 0)
    change = changing.start(alice, "add-tag", "maps", keys(make_document(alice)))
    changing.stop(change)
    assert changing.go_on(change.pk) is False
    change.refresh_from_db()
    assert (change.state, change.done) == (STOPPED, 0)


def test_it_leaves_what_the_person_may_not_change(alice, bob):
    collection = Collection.objects.create(name="Hers", owner=alice)
    collection.roles.create(user=bob, role=Role.REVIEWER)
    hers, hidden = make_document(alice, collection=collection), make_document(alice, scope="1")
    open_to_all = make_document(alice)
    change = changing.start(bob, "add-tag", "maps", keys(hers, hidden, open_to_all))
    assert change.total == 1
    assert list(Document.objects.filter(tags__name="maps")) == [open_to_all]


def test_a_right_that_was_taken_away_meanwhile_counts(alice, bob, monkeypatch):
    monkeypatch.setattr(changing, "AT_ONCE", 0)
    document = make_document(alice)
    change = changing.start(bob, "delete", "", keys(document))
    Document.objects.update(collection=Collection.objects.create(name="Hers", owner=alice))
    changing.go_on(change.pk)
    assert Document.objects.filter(pk=document.pk).exists()


@pytest.mark.parametrize(("action", "argument"), [("", ""), ("burn", ""), ("add-tag", " "), ("collection", "Hers")])
def test_it_refuses_what_makes_no_sense(alice, bob, action, argument):
    Collection.objects.create(name="Hers", owner=alice)
    with pytest.raises(changing.Refused):
        changing.start(bob, action, argument, keys(make_document(alice)))
    assert not BulkChange.objects.exists()


def test_the_sweeper_calls_for_a_change_that_was_lost(alice, rung, monkeypatch):
    monkeypatch.setattr(changing, "AT_ONCE", 0)
    change = changing.start(alice, "add-tag", "maps", keys(make_document(alice)))
    rung.clear()
    monkeypatch.setattr("documents.queues.known_job_ids", lambda: set())
    monkeypatch.setattr("documents.queues.workers_per_queue", dict)
    sweeping.sweep()
    assert rung == [change.pk]
    monkeypatch.setattr("documents.queues.known_job_ids", lambda: {f"change-{change.pk}"})
    sweeping.sweep()
    assert rung == [change.pk]


def test_read_again_calls_the_pages(alice):
    page = make_read_page(alice, "text")
    changing.start(alice, "read", "", [page.document_id])
    assert Page.objects.get(pk=page.pk).revision == 1
