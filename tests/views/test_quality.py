from __future__ import annotations

import pytest
from django.urls import reverse

from documents.models import Batch, CheckedLine, Collection, Document, QualityCheck
from documents.pipeline import quality
from documents.pipeline.intervals import share_of
from documents.views import plots
from tests.pipeline.test_quality import make_book

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(alice):
    return make_book(alice)


@pytest.fixture
def check(book, alice):
    return quality.start(book, Document.objects.filter(pk=book.pk), 2, by=alice, seed=1)


def answer(client, check, **values):
    line = quality.next_line(check)
    return client.post(reverse("quality-answer", args=[check.pk]), {"line": line.pk, **values}, follow=True)


def test_a_sample_is_taken_and_its_first_line_is_asked_blindly(as_alice, book):
    answer = as_alice.post(reverse("quality-start"), {"document": book.pk, "size": "5"}, follow=True)
    shown = answer.content.decode()
    assert "Line 1 of 5" in shown
    assert quality.next_line(QualityCheck.objects.get()).expected not in shown


def test_readings_that_differ_are_put_side_by_side(as_alice, check):
    expected = quality.next_line(check).expected
    shown = answer(as_alice, check, typed="something else").content.decode()
    assert expected in shown
    assert "something else" in shown
    shown = answer(as_alice, check, verdict="typed").content.decode()
    assert "Line 2 of 2" in shown


def test_the_result_is_shown_with_its_interval_on_the_document_too(as_alice, check, book):
    while line := quality.next_line(check):
        shown = answer(as_alice, check, typed=line.expected).content.decode()
    assert "100.0 %" in shown
    assert "with 95 % confidence" in shown
    assert "100.0 % ±" in as_alice.get(reverse("quality")).content.decode()
    assert "100.0 % ±" in as_alice.get(book.get_absolute_url()).content.decode()


def test_it_asks_for_something_to_be_typed(as_alice, check):
    shown = answer(as_alice, check, typed="  ")
    assert shown.status_code == 422
    assert "Type what stands in the picture" in shown.content.decode()


def test_an_unreadable_line_counts_for_nothing(as_alice, check):
    answer(as_alice, check, verdict="unreadable")
    shown = answer(as_alice, check, verdict="unreadable").content.decode()
    assert "nothing can be said" in shown


def test_a_verdict_before_anything_was_typed_is_not_taken(as_alice, check):
    assert answer(as_alice, check, verdict="text").status_code == 422
    assert not check.lines.exclude(verdict="").exists()


def test_a_line_judged_in_another_window_does_no_harm(as_alice, check, alice):
    line = quality.next_line(check)
    quality.judge(line, CheckedLine.Verdict.TEXT, by=alice)
    url = reverse("quality-answer", args=[check.pk])
    assert as_alice.post(url, {"line": line.pk, "typed": "late"}).status_code == 302
    assert CheckedLine.objects.get(pk=line.pk).typed == ""


def test_nobody_sees_measurements_of_what_he_may_not_see(as_bob, check, book, alice):
    Document.objects.filter(pk=book.pk).update(scope=str(alice.pk))
    assert as_bob.get(check.get_absolute_url()).status_code == 404
    assert as_bob.post(reverse("quality-answer", args=[check.pk])).status_code == 404
    assert as_bob.post(reverse("quality-start"), {"document": book.pk}).status_code == 404
    assert book.title not in as_bob.get(reverse("quality")).content.decode()


def test_readers_of_a_collection_see_its_measurement_and_judge_nothing(as_bob, book, alice, bob):
    collection = Collection.objects.create(name="Kept", owner=alice)
    collection.roles.create(user=bob, role="reader")
    Document.objects.filter(pk=book.pk).update(collection=collection)
    check = quality.start(collection, collection.documents.all(), 2, by=alice)
    assert "Reviewers are at work" in as_bob.get(check.get_absolute_url()).content.decode()
    assert as_bob.post(reverse("quality-answer", args=[check.pk])).status_code == 404
    assert as_bob.post(reverse("quality-start"), {"collection": collection.pk}).status_code == 403


def test_private_documents_are_no_part_of_a_collections_sample(as_alice, book, alice):
    collection = Collection.objects.create(name="Kept", owner=alice)
    Document.objects.filter(pk=book.pk).update(collection=collection, scope=str(alice.pk))
    as_alice.post(reverse("quality-start"), {"collection": collection.pk})
    assert not QualityCheck.objects.exists()


def test_a_plot_of_shares_lies_inside_its_picture():
    plot = plots.share_plot({"good": share_of([(500, 1)]), "bad": share_of([(20, 12)])})
    places = [x for mark in plot.marks for x in (mark.left, mark.x, mark.right)]
    assert min(places) >= plots.LABELS
    assert max(places) <= plots.WIDTH


def test_days_without_anything_have_no_bars():
    assert plots.columns([("2026-01-01", 0)]) == []
    assert [bar.height for bar in plots.columns([("a", 1), ("b", 2)])] == [plots.COLUMN_HEIGHT / 2, plots.COLUMN_HEIGHT]


def test_a_batch_is_measured_and_says_so_on_its_screen(as_alice, alice):
    batch = Batch.objects.create(owner=alice, key="a")
    book = make_book(alice, batch=batch)
    as_alice.post(reverse("quality-start"), {"batch": batch.pk, "size": "3"})
    check = QualityCheck.objects.get()
    assert check.of == batch
    while line := quality.next_line(check):
        answer(as_alice, check, typed=line.expected)
    shown = as_alice.get(batch.get_absolute_url()).content.decode()
    assert "100.0 % ±" in shown
    assert book.title in shown
    assert str(batch) in as_alice.get(reverse("quality")).content.decode()


def test_lines_of_documents_that_somebody_may_not_see_are_not_shown_to_him(client, alice, bob, as_alice):
    batch = Batch.objects.create(owner=alice, key="a")
    make_book(alice, batch=batch)
    hidden = make_book(alice, batch=batch)
    check = quality.start(batch, Document.objects.all(), 50, by=alice)
    Document.objects.filter(pk=hidden.pk).update(scope=str(alice.pk))
    client.force_login(bob)
    while line := quality.next_line(check, Document.objects.exclude(pk=hidden.pk)):
        client.post(reverse("quality-answer", args=[check.pk]), {"line": line.pk, "typed": line.expected})
    shown = client.get(check.get_absolute_url()).content.decode()
    assert "Others judge them" in shown
    assert quality.next_line(check).expected not in shown
    line = quality.next_line(check)
    client.post(reverse("quality-answer", args=[check.pk]), {"line": line.pk, "typed": line.expected})
    assert quality.next_line(check) == line
