"""States: moves, leases, fences, and what becomes of pages whose worker died."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils.timezone import now

from documents import states
from documents.models import Attempt, DocumentStatus, Page, PageStatus
from documents.states import CORRECTING, MOVES, READING
from tests.scenes import make_document, make_read_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(alice):
    return make_document(alice).pages.get()


def expire(page: Page) -> None:
    Page.objects.filter(pk=page.pk).update(lease_until=now() - timedelta(seconds=1))


def fresh(page: Page) -> Page:
    return Page.objects.select_related("document").get(pk=page.pk)


def test_every_status_has_its_moves_and_leads_only_to_statuses_there_are():
    assert set(MOVES) == set(PageStatus.values)
    assert set().union(*MOVES.values()) <= set(PageStatus.values)


def test_a_claim_counts_the_attempt_before_the_work(page):
    lease = states.claim(page.pk, 0, READING, seconds=60)
    row = fresh(page)
    assert (row.status, row.attempts, row.lease_token) == (PageStatus.READING, 1, lease.token)
    assert Attempt.objects.get().outcome == Attempt.Outcome.RUNNING


def test_a_page_is_claimed_once(page):
    assert states.claim(page.pk, 0, READING, seconds=60)
    assert states.claim(page.pk, 0, READING, seconds=60) is None


def test_a_message_of_an_older_revision_claims_nothing(page):
    states.again(Page.objects.filter(pk=page.pk), READING)
    assert states.claim(page.pk, 0, READING, seconds=60) is None
    assert states.claim(page.pk, 1, READING, seconds=60)


def test_a_result_is_taken_while_the_lease_is_ours(page):
    lease = states.claim(page.pk, 0, READING, seconds=60)
    assert states.finish(lease, PageStatus.DONE)
    assert fresh(page).status == PageStatus.DONE
    assert fresh(page).document.status == DocumentStatus.DONE


def test_a_late_result_is_thrown_away(page):
    late = states.claim(page.pk, 0, READING, seconds=60)
    expire(page)
    states.expire_leases()
    Page.objects.filter(pk=page.pk).update(next_try_at=None)
    second = states.claim(page.pk, 0, READING, seconds=60)
    assert states.finish(late, PageStatus.DONE) is False
    assert fresh(page).status == PageStatus.READING
    assert states.finish(second, PageStatus.DONE) is True
    assert set(Attempt.objects.values_list("outcome", flat=True)) == {"fenced", "done"}


def test_a_finish_to_a_status_that_is_no_move_is_a_bug(page):
    lease = states.claim(page.pk, 0, READING, seconds=60)
    with pytest.raises(AssertionError):
        states.finish(lease, PageStatus.CORRECTING)


def test_a_failed_page_waits_longer_each_time_and_is_given_up_after_three(page):
    waits = []
    for _attempt in range(settings.MAX_ATTEMPTS):
        lease = states.claim(page.pk, 0, READING, seconds=60)
        states.fail(lease, "It broke.", crash_reason="killed by SIGSEGV")
        row = fresh(page)
        waits.append(row.next_try_at and round((row.next_try_at - now()).total_seconds()))
    assert waits == [5, 30, None]
    assert (row.status, row.problem, row.crash_reason) == (PageStatus.QUARANTINED, "It broke.", "killed by SIGSEGV")
    assert row.document.status == DocumentStatus.DONE_WITH_PROBLEMS
    assert states.claim(page.pk, 0, READING, seconds=60) is None


def test_a_final_failure_is_not_tried_again(page):
    states.fail(states.claim(page.pk, 0, READING, seconds=60), "Damaged.", final=True)
    assert fresh(page).status == PageStatus.QUARANTINED


def test_one_bad_page_does_not_fail_the_document(alice):
    bad, good = make_document(alice, pages=2).pages.all()
    states.fail(states.claim(bad.pk, 0, READING, seconds=60), "Damaged.", final=True)
    assert fresh(bad).document.status == DocumentStatus.PROCESSING
    states.finish(states.claim(good.pk, 0, READING, seconds=60), PageStatus.DONE)
    assert fresh(bad).document.status == DocumentStatus.DONE_WITH_PROBLEMS


def test_a_page_whose_worker_died_goes_back_in_line(page):
    states.claim(page.pk, 0, READING, seconds=60)
    assert states.expire_leases() == 0
    expire(page)
    assert states.expire_leases() == 1
    assert (fresh(page).status, fresh(page).attempts) == (PageStatus.PENDING, 1)
    assert states.expire_leases() == 0


@pytest.mark.parametrize(
    ("holder", "gone"),
    [
        (states.this_process(), False),
        (states.this_process().rsplit(" ", 1)[0] + " 1.0", True),  # the number was given to another process since
        (f"{socket.gethostname()} 999999999 1.0", True),
        ("another-machine 1 1.0", False),
        ("", False),
    ],
    ids=["this", "its number is another's", "gone", "elsewhere", "unknown"],  # processes that run tests name it alike
)
def test_a_page_goes_back_at_once_when_its_worker_is_known_to_be_gone(page, holder, gone):
    states.claim(page.pk, 0, READING, seconds=3600)
    Page.objects.filter(pk=page.pk).update(lease_holder=holder)
    assert states.expire_leases() == gone


def test_a_page_that_kills_three_workers_is_quarantined(page):
    for _attempt in range(settings.MAX_ATTEMPTS):
        Page.objects.filter(pk=page.pk).update(next_try_at=None)
        assert states.claim(page.pk, 0, READING, seconds=60)
        expire(page)
        states.expire_leases()
    assert fresh(page).status == PageStatus.QUARANTINED


def test_a_lost_message_is_no_attempt(page):
    [queued] = states.mark_queued([page.pk], READING)
    assert (queued.dispatches, states.mark_queued([page.pk], READING)) == (1, [])
    assert states.requeue_lost([page.pk], READING) == 1
    assert (fresh(page).status, fresh(page).attempts) == (PageStatus.PENDING, 0)


def test_a_page_whose_correction_fails_keeps_its_text_and_is_tried_again_later(alice):
    page = make_read_page(alice, "tbe text", status=PageStatus.READ)
    for _attempt in range(settings.MAX_ATTEMPTS):
        Page.objects.filter(pk=page.pk).update(next_try_at=None)
        states.fail(states.claim(page.pk, 0, CORRECTING, seconds=60), "The model broke off.")
    row = fresh(page)
    assert (row.status, row.problem) == (PageStatus.CORRECTION_PENDING, "The model broke off.")
    assert row.document.status == DocumentStatus.DONE
    assert states.unpark_uncorrected() == 0
    Page.objects.filter(pk=page.pk).update(next_try_at=now())
    assert states.unpark_uncorrected() == 1
    assert (fresh(page).status, fresh(page).attempts) == (PageStatus.READ, 0)


def test_without_a_model_pages_are_settled_with_the_reason_and_caught_up_later(alice):
    page = make_read_page(alice, "tbe text", status=PageStatus.READ)
    assert states.park_uncorrected("There is no model.") == 1
    assert fresh(page).problem == "There is no model."
    assert fresh(page).document.status == DocumentStatus.DONE
    assert states.unpark_uncorrected() == 1
    assert fresh(page).status == PageStatus.READ
    assert fresh(page).document.status == DocumentStatus.PROCESSING


def test_again_fences_what_is_still_running(page):
    running = states.claim(page.pk, 0, READING, seconds=60)
    assert states.again(Page.objects.filter(pk=page.pk), READING) == 1
    assert states.finish(running, PageStatus.DONE) is False
    assert (fresh(page).status, fresh(page).revision, fresh(page).attempts) == (PageStatus.PENDING, 1, 0)


def test_a_page_without_text_is_not_corrected_again(page):
    assert states.again(Page.objects.filter(pk=page.pk), CORRECTING) == 0


def test_cancelling_stops_what_waits_and_keeps_what_is_read(alice):
    document = make_document(alice, pages=3)
    waiting, read, running = document.pages.all()
    Page.objects.filter(pk=read.pk).update(status=PageStatus.READ)
    lease = states.claim(running.pk, 0, READING, seconds=60)
    assert states.cancel(document) == 3
    assert [fresh(p).status for p in (waiting, read, running)] == ["cancelled", "done", "cancelled"]
    assert states.finish(lease, PageStatus.DONE) is False
    assert fresh(waiting).document.status == DocumentStatus.CANCELLED
