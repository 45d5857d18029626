"""Dispatching: small windows, people take turns, and Redis may lose anything."""

from __future__ import annotations

from datetime import timedelta

import pytest
import redis
from django.utils.timezone import now

from documents import queues
from documents.models import DocumentStatus, Heartbeat, Lane, Page, PageStatus
from documents.pipeline import dispatching, health, sweeping
from tests.scenes import make_document, make_read_page

pytestmark = pytest.mark.django_db


class Doorbell:
    """Stands in for Redis: keeps what was rung, has as much room as RQ's queues, and can be out of order."""

    def __init__(self, monkeypatch) -> None:
        self.rung: dict[str, list[tuple[str, int]]] = {name: [] for name in queues.QUEUES}
        self.broken = False
        self.looks: list[int] = []
        monkeypatch.setattr(queues, "ring", self.ring)
        monkeypatch.setattr(queues, "ring_look", self.looks.append)
        monkeypatch.setattr(queues, "room", lambda name: queues.WINDOW - len(self.rung[name]))
        monkeypatch.setattr(queues, "known_job_ids", self.known_job_ids)
        monkeypatch.setattr(queues, "workers_per_queue", lambda: dict.fromkeys(queues.QUEUES, 1))
        monkeypatch.setattr(queues, "clean_registries", lambda: None)

    def ring(self, queue, step, page_id, revision, dispatches):
        if self.broken:
            raise redis.ConnectionError("gone")
        self.rung[queue].append((step, page_id))

    def known_job_ids(self):
        if self.broken:
            raise redis.ConnectionError("gone")
        pages = Page.objects.filter(pk__in=[pk for rung in self.rung.values() for _step, pk in rung])
        return {queues.job_id(page.pk, page.revision, page.dispatches) for page in pages}


@pytest.fixture
def doorbell(monkeypatch):
    return Doorbell(monkeypatch)


def ids(document) -> list[int]:
    return list(document.pages.values_list("pk", flat=True))


def test_only_a_small_window_of_a_big_upload_is_in_redis(doorbell, alice):
    document = make_document(alice, pages=50, lane=Lane.BULK)
    dispatching.dispatch()
    assert doorbell.rung[queues.BULK] == [("read", pk) for pk in ids(document)[: queues.WINDOW]]
    assert document.pages.filter(status=PageStatus.PENDING).count() == 50 - queues.WINDOW


def test_a_bulk_upload_does_not_stand_before_somebodys_single_page(doorbell, alice, bob):
    make_document(alice, pages=50, lane=Lane.BULK)
    single = make_document(bob)
    dispatching.dispatch()
    assert doorbell.rung[queues.INTERACTIVE] == [("read", pk) for pk in ids(single)]


def test_people_take_turns(doorbell, alice, bob):
    hers, his = make_document(alice, pages=10), make_document(bob, pages=10)
    dispatching.dispatch()
    sent = [pk for name in (queues.INTERACTIVE, queues.BULK) for _step, pk in doorbell.rung[name]]
    assert sent == [ids(hers)[0], ids(his)[0], ids(hers)[1], ids(his)[1]]


def test_an_idle_bulk_worker_helps_with_the_interactive_lane(doorbell, alice):
    document = make_document(alice, pages=10)
    dispatching.dispatch()
    assert [pk for _step, pk in doorbell.rung[queues.BULK]] == ids(document)[queues.WINDOW : 2 * queues.WINDOW]


def test_a_page_that_has_to_wait_is_not_sent(doorbell, alice):
    document = make_document(alice)
    document.pages.update(next_try_at=now() + timedelta(seconds=30))
    dispatching.dispatch()
    assert doorbell.rung[queues.INTERACTIVE] == []


def test_read_pages_go_to_the_correcting_queue(doorbell, alice):
    page = make_read_page(alice, "text", status=PageStatus.READ)
    dispatching.dispatch()
    assert doorbell.rung[queues.CORRECT] == [("correct", page.pk)]


def test_without_a_model_the_pages_say_so_and_catch_up_by_themselves(doorbell, alice, monkeypatch):
    page = make_read_page(alice, "text", status=PageStatus.READ)
    monkeypatch.setattr(health, "model_problem", lambda: "There is no model.")
    dispatching.dispatch()
    page.refresh_from_db()
    assert (page.status, page.problem) == (PageStatus.CORRECTION_PENDING, "There is no model.")
    monkeypatch.setattr(health, "model_problem", lambda: "")
    dispatching.dispatch()
    assert doorbell.rung[queues.CORRECT] == [("correct", page.pk)]


def test_a_redis_that_is_down_loses_nothing(doorbell, alice):
    document = make_document(alice)
    doorbell.broken = True
    dispatching.dispatch()
    assert document.pages.get().status == PageStatus.PENDING
    doorbell.broken = False
    sweeping.sweep()
    assert doorbell.rung[queues.INTERACTIVE] == [("read", pk) for pk in ids(document)]


def test_what_redis_forgot_is_sent_again_without_counting_an_attempt(doorbell, alice):
    document = make_document(alice)
    dispatching.dispatch()
    doorbell.rung[queues.INTERACTIVE].clear()
    Page.objects.update(queued_at=now() - timedelta(hours=1))
    sweeping.sweep()
    assert doorbell.rung[queues.INTERACTIVE] == [("read", pk) for pk in ids(document)]
    assert document.pages.get().attempts == 0


def test_what_redis_still_has_is_left_alone(doorbell, alice):
    document = make_document(alice)
    dispatching.dispatch()
    Page.objects.update(queued_at=now() - timedelta(hours=1))
    sweeping.sweep()
    assert document.pages.get().dispatches == 1


def test_a_document_left_open_by_a_crash_is_finished(doorbell, alice):
    document = make_document(alice)
    document.pages.update(status=PageStatus.DONE)
    sweeping.sweep()
    document.refresh_from_db()
    assert document.status == DocumentStatus.DONE


def test_the_sweeper_gives_a_sign_of_life_and_names_what_is_wrong(doorbell, monkeypatch):
    assert health.state()["sweeper_alive"] is False
    monkeypatch.setattr(queues, "workers_per_queue", lambda: {"interactive": 1, "bulk": 0, "correct": 1})
    sweeping.sweep()
    state = health.state()
    assert (state["sweeper_alive"], state["problems"]) == (True, [])  # it may be starting just now
    sweeping.sweep()
    assert health.state()["problems"] == ["No worker is running for: bulk."]
    Heartbeat.objects.update(beat_at=now() - timedelta(minutes=5))
    assert health.state()["sweeper_alive"] is False


def test_pages_that_nobody_has_drawn_yet_are_called_for_again(doorbell, alice):
    document = make_document(alice, pages=2)
    sweeping.sweep()
    assert doorbell.looks == [document.pk]
    document.pages.update(picture="drawn.jpg")
    sweeping.sweep()
    assert doorbell.looks == [document.pk]
