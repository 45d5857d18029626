from __future__ import annotations

import pytest
from django.urls import reverse

from documents.models import Batch, Comment, Document, QueuedPage
from documents.pipeline import review_queue
from tests.scenes import make_read_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(alice):
    return make_read_page(alice, "some words of a letter")


def test_an_empty_queue_says_so(as_alice):
    shown = as_alice.get(reverse("queue")).content.decode()
    assert "Nothing waits for review" in shown


def test_it_shows_what_waits_and_who_has_it(as_alice, page, bob):
    review_queue.hold(page.pk, bob)
    shown = as_alice.get(reverse("queue")).content.decode()
    assert page.document.title in shown
    assert "bob, until" in shown


def test_it_does_not_show_what_others_keep_for_themselves(as_bob, alice):
    hidden = make_read_page(alice, "secret", scope=str(alice.pk))
    assert hidden.document.title not in as_bob.get(reverse("queue")).content.decode()
    assert as_bob.post(reverse("queue-next"))["Location"] == reverse("queue")


def test_next_opens_the_page_and_reserves_it(as_alice, page, alice):
    assert as_alice.post(reverse("queue-next"))["Location"] == page.get_absolute_url()
    assert QueuedPage.objects.get(page=page).holder == alice
    assert "is reserved for you until" in as_alice.get(reverse("queue")).content.decode()


def test_approving_a_page_from_the_queue_opens_the_next_one(as_alice, page, alice):
    other = make_read_page(alice, "more words")
    first = review_queue.take_next(alice, Document.objects.all())
    answer = as_alice.post(reverse("page-approve", args=[first.pk]))
    assert answer["Location"] == ({page, other} - {first}).pop().get_absolute_url()


def test_when_none_is_left_it_says_so(as_alice, page):
    as_alice.post(reverse("queue-next"))
    answer = as_alice.post(reverse("page-approve", args=[page.pk]), follow=True)
    assert "There is no page for you now" in answer.content.decode()


def test_a_page_is_taken_out_of_the_list(as_alice, page, alice):
    assert as_alice.post(reverse("page-reserve", args=[page.pk]))["Location"] == page.get_absolute_url()
    assert QueuedPage.objects.get(page=page).holder == alice


def test_a_page_that_another_has_cannot_be_reserved(as_alice, page, bob):
    review_queue.hold(page.pk, bob)
    answer = as_alice.post(reverse("page-reserve", args=[page.pk]), follow=True)
    assert "Somebody else has reserved this page" in answer.content.decode()


def test_asking_for_a_second_look_takes_the_approval_back(as_alice, page):
    as_alice.post(reverse("page-approve", args=[page.pk]))
    as_alice.post(reverse("page-second-look", args=[page.pk]))
    page.refresh_from_db()
    assert page.approved_at is None
    assert QueuedPage.objects.get(page=page).second_look


def test_a_state_that_is_none_shows_all(as_alice, page):
    answer = as_alice.get(reverse("queue"), {"state": "odd", "collection": "x" * 30})
    assert page.document.title in answer.content.decode()


def test_comments_are_shown_on_the_page_and_on_its_document(as_alice, page):
    as_alice.post(reverse("page-comment", args=[page.pk]), {"text": "Is this <b>the</b> seal?"})
    for url in (reverse("page-comments", args=[page.pk]), reverse("document-comments", args=[page.document_id])):
        assert "Is this &lt;b&gt;the&lt;/b&gt; seal?" in as_alice.get(url).content.decode()


def test_a_comment_is_settled_and_opened_again(as_alice, page, alice):
    comment = Comment.objects.create(document=page.document, page=page, author=alice, text="Look here")
    url = reverse("comment-settle", args=[comment.pk])
    assert "Open again" in as_alice.post(url, {"on": "page"}).content.decode()
    assert "Open again" not in as_alice.post(url, {"on": "page"}).content.decode()


def test_nobody_settles_comments_that_he_may_not_see(as_bob, alice):
    hidden = make_read_page(alice, "secret", scope=str(alice.pk))
    comment = Comment.objects.create(document=hidden.document, author=alice, text="secret")
    assert as_bob.post(reverse("comment-settle", args=[comment.pk])).status_code == 404


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 2001])
def test_it_refuses_comments_that_are_empty_or_too_long(as_alice, page, text):
    answer = as_alice.post(reverse("page-comment", args=[page.pk]), {"text": text})
    assert answer.status_code == 422
    assert not Comment.objects.exists()


def test_the_desk_says_who_has_the_page_and_until_when(client, page, alice, bob):
    review_queue.hold(page.pk, bob)
    client.force_login(alice)
    shown = client.get(page.get_absolute_url()).content.decode()
    assert "Reserved by bob until" in shown
    assert "Reserve for me" not in shown
    client.force_login(bob)
    assert "Reserved for you until" in client.get(page.get_absolute_url()).content.decode()


def test_a_page_is_reserved_and_given_back_from_the_desk(as_alice, page, alice):
    assert "Reserve for me" in as_alice.get(page.get_absolute_url()).content.decode()
    as_alice.post(reverse("page-reserve", args=[page.pk]))
    assert QueuedPage.objects.get(page=page).holder == alice
    answer = as_alice.post(reverse("page-release", args=[page.pk]), {"stay": "on"})
    assert answer.url == page.get_absolute_url()
    assert not QueuedPage.objects.get(page=page).is_held


def test_the_queue_of_a_batch_gives_out_its_pages_alone(as_alice, alice, page):
    batch = Batch.objects.create(owner=alice, key="a")
    inside = [make_read_page(alice, "some more words", batch=batch) for _ in range(2)]
    shown = as_alice.get(reverse("queue"), {"batch": batch.pk}).content.decode()
    assert "Only the pages of" in shown
    assert page.document.title not in shown
    first = as_alice.post(reverse("queue-next"), {"batch": batch.pk, "collection": ""})["Location"]
    taken = next(one for one in inside if one.get_absolute_url() == first)
    second = as_alice.post(reverse("page-approve", args=[taken.pk]))["Location"]
    assert {first, second} == {one.get_absolute_url() for one in inside}
