"""The list of documents."""

from __future__ import annotations

import pytest
from django.urls import reverse

from documents.models import Batch, Document, DocumentStatus, PageStatus
from documents.search import titles
from tests.scenes import make_document, make_read_page

pytestmark = pytest.mark.django_db


def listed(client, **asked: str) -> list[str]:
    """Return the titles on the screen, in order."""
    answer = client.get(reverse("library"), asked)
    assert answer.status_code == 200
    return [document.title for document in answer.context["page_obj"]]


def test_it_lists_the_newest_first(as_alice, alice):
    for title in ("old", "new"):
        make_document(alice, title=title)
    assert listed(as_alice) == ["new", "old"]


def test_it_lists_what_is_shared_and_ones_own(as_bob, alice, bob):
    make_document(alice, title="shared")
    make_document(alice, title="hers", scope=str(alice.pk))
    make_document(bob, title="his", scope=str(bob.pk))
    assert listed(as_bob) == ["his", "shared"]


@pytest.mark.parametrize(
    ("sort", "titles"), [("", "bca"), ("oldest", "acb"), ("title", "abc"), ("pages", "cba"), ("nonsense", "bca")]
)
def test_it_sorts(as_alice, alice, sort, titles):
    for title, pages in (("a", 1), ("c", 3), ("b", 2)):
        make_document(alice, title=title, pages=pages)
    assert listed(as_alice, sort=sort) == list(titles)


def test_it_narrows_down(as_alice, alice, bob):
    make_document(bob, title="other")
    wanted = make_read_page(alice, title="War diary").document
    Document.objects.filter(pk=wanted.pk).update(status=DocumentStatus.DONE)
    tag = wanted.tags.create(name="diaries")
    for asked in ({"q": "DIARY"}, {"status": "done"}, {"tag": tag.pk}, {"uploader": alice.pk}):
        assert listed(as_alice, **asked) == ["War diary"]


@pytest.mark.parametrize("typed", ["war diary", "DIARIES war", "diar", "größe 3"])
def test_it_finds_titles_by_their_words_and_beginnings_of_words(as_alice, alice, typed):
    make_read_page(alice, title="War: the Diaries, Grösse 3")
    make_read_page(alice, "war diary, size 3", title="Letters")
    assert listed(as_alice, q=typed) == (["War: the Diaries, Grösse 3"] if typed != "war diary" else [])


def test_it_finds_the_titles_of_documents_that_wait_to_be_read(as_alice, alice, bob):
    make_document(alice, title="War diary")
    make_document(bob, title="War diary, his alone", scope=str(bob.pk))
    assert listed(as_alice, q="diary") == ["War diary"]


def test_it_looks_at_the_newest_titles_alone_when_a_word_is_in_too_many(as_alice, alice, monkeypatch):
    monkeypatch.setattr("documents.search.titles.MOST", 2)
    for number in range(3):
        make_read_page(alice, title=f"Scan {number}")
    Document.objects.update(status=DocumentStatus.DONE)
    assert listed(as_alice, q="scan") == ["Scan 2", "Scan 1"]


@pytest.mark.parametrize(
    "asked",
    [{"tag": "9" * 30}, {"tag": "x"}, {"uploader": "-1"}, {"status": "nonsense"}, {"page": "9" * 5000}, {"q": "\0"}],
)
def test_it_ignores_filters_that_make_no_sense(as_alice, alice, asked):
    make_document(alice, title="here")
    assert listed(as_alice, **asked) == ["here"]


def test_it_splits_into_screens(as_alice, alice):
    for number in range(51):
        make_document(alice, title=str(number))
    assert listed(as_alice, page="2") == ["0"]


def test_it_asks_the_database_as_often_for_many_documents_as_for_one(as_alice, alice, django_assert_max_num_queries):
    for _ in range(20):
        make_document(alice, pages=2).tags.create(name=f"tag {_}")
    with django_assert_max_num_queries(15):
        listed(as_alice)


def test_it_sends_the_rows_alone_to_the_script(as_alice, alice):
    make_document(alice, title="here")
    answer = as_alice.get(reverse("library"), headers={"HX-Request": "true"})
    assert "here" in answer.text
    assert "<html" not in answer.text


def test_it_shows_how_far_every_document_is(as_alice, alice):
    make_document(alice, pages=4).pages.filter(number__lt=4).update(status=PageStatus.DONE)
    answer = as_alice.get(reverse("library"))
    (document,) = answer.context["page_obj"]
    assert (document.pages_read, document.pages_settled, document.first_page.number) == (3, 3, 1)
    assert answer.context["busy"]


def test_it_shows_hostile_titles_as_text(as_alice, alice):
    make_document(alice, title="<script>alert(1)</script>").tags.create(name="<i>")
    answer = as_alice.get(reverse("library"))
    assert "<script>alert" not in answer.text
    assert "<i>" not in answer.text


def test_it_invites_to_upload_when_there_is_nothing(as_alice):
    answer = as_alice.get(reverse("library"))
    assert answer.context["total"] == 0
    assert reverse("upload") in answer.text


def test_it_lists_a_batch_alone_for_those_who_may_see_something_of_it(client, alice, bob):
    batch = Batch.objects.create(owner=alice, key="a")
    make_document(alice, title="in it", batch=batch)
    make_document(alice, title="private", batch=batch, scope=str(alice.pk))
    make_document(alice, title="another")
    client.force_login(alice)
    assert set(listed(client, batch=str(batch.pk))) == {"in it", "private"}
    client.force_login(bob)
    assert listed(client, batch=str(batch.pk)) == ["in it"]
    assert "Uploaded together by alice" in client.get(batch.get_absolute_url()).content.decode()


def test_a_batch_of_which_nothing_is_seen_is_not_named(as_bob, alice):
    batch = Batch.objects.create(owner=alice, key="a")
    make_document(alice, batch=batch, scope=str(alice.pk))
    assert "Uploaded together" not in as_bob.get(batch.get_absolute_url()).content.decode()


def test_it_says_when_older_titles_were_not_looked_at(as_alice, alice, monkeypatch):
    monkeypatch.setattr(titles, "MOST", 2)
    for number in range(3):
        make_read_page(alice, "text", title=f"Diary {number}")
    said = "only the newest 5,000 with these words in the title were looked at"
    assert said in as_alice.get("/?q=diary").text
    assert said not in as_alice.get("/?q=2").text
