"""The review page: saving, conflicts, approving, older versions, pictures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.html import escape

from documents.models import Layer, Page, PageStatus
from documents.pipeline.options import ReadingOptions, options_of
from documents.pipeline.texts import add_text, stored_line
from tests.scenes import make_document, make_line, make_read_page, make_reading

pytestmark = pytest.mark.django_db


def url(name: str, page: Page, *more: int) -> str:
    return reverse(name, args=[page.pk, *more])


def edited(page: Page, *lines: str) -> dict[str, Any]:
    """Return the form of the review page with these lines in place of the current ones."""
    page.refresh_from_db()
    return {"line": lines, "source": range(len(lines)), "based_on": page.current_id}


def save(client, page: Page, *lines: str):
    return client.post(url("page-save", page), edited(page, *lines))


def test_it_shows_the_text_beside_the_scan(as_alice, alice):
    page = make_read_page(alice, "First line", "Second line")
    answer = as_alice.get(page.get_absolute_url())
    assert [line["text"] for line in answer.context["lines"]] == ["First line", "Second line"]
    assert "Second line" in answer.text


def test_it_sets_blocks_apart(as_alice, alice):
    page = make_document(alice).pages.get()
    lines = [make_line("First"), make_line("Second", top=90), make_line("Third", top=120)]
    stored = [stored_line(replace(line, block=int(number > 0))) for number, line in enumerate(lines)]
    add_text(page, Layer.OCR, stored, made_by="fake")
    answer = as_alice.get(page.get_absolute_url())
    assert [line["opens_block"] for line in answer.context["lines"]] == [False, True, False]
    assert answer.text.count("line--opens") == 1


def test_it_says_how_the_picture_was_prepared(as_alice, alice):
    page = make_read_page(alice, "First")
    page.texts.update(details={"preparation": ["invert", "denoise"]})
    answer = as_alice.get(page.get_absolute_url())
    assert "inverted (it was white on black), specks removed." in answer.text


def test_it_shows_a_page_that_has_not_been_read(as_alice, alice):
    page = make_document(alice).pages.get()
    answer = as_alice.get(page.get_absolute_url())
    assert answer.context["lines"] == []


def test_it_lights_the_searched_words(as_alice, alice):
    page = make_read_page(alice, "Hello world")
    answer = as_alice.get(page.get_absolute_url(), {"q": "world"})
    assert answer.context["desk"]["hits"] == [[60, 0, 110, 20]]


def test_it_leads_to_the_pages_before_and_after(as_alice, alice):
    first, second, third = make_document(alice, pages=3).pages.order_by("number")
    context = as_alice.get(second.get_absolute_url()).context
    assert (context["previous_page"], context["next_page"]) == (first, third)


@pytest.mark.parametrize(("known", "status"), [("done", 204), ("pending", 200), ("", 200)])
def test_it_says_when_the_page_has_become_something_else(as_alice, alice, known, status):
    page = make_read_page(alice, "Hello")
    answer = as_alice.get(url("page-status", page), {"known": known})
    assert answer.status_code == status
    assert ("HX-Refresh" in answer) == (status == 200)


def test_it_saves_an_edit_as_a_new_version_with_its_author(as_alice, alice):
    page = make_read_page(alice, "Helo", "world")
    before = page.current
    save(as_alice, page, "Hello", "world")
    page.refresh_from_db()
    assert (page.current.text, page.current.layer, page.current.version) == ("Hello\nworld", Layer.HUMAN, 2)
    assert (page.current.author, page.current.based_on) == (alice, before)


def test_it_keeps_the_place_on_the_scan_of_every_line(as_alice, alice):
    page = make_read_page(alice, "Helo", "world")
    boxes = [line["box"] for line in page.current.lines]
    save(as_alice, page, "Hello", "world", "A new line")
    page.refresh_from_db()
    assert [line["box"] for line in page.current.lines] == [*boxes, None]


def test_it_makes_no_version_when_nothing_was_changed(as_alice, alice):
    page = make_read_page(alice, "Hello", "world")
    save(as_alice, page, "Hello", "world", "  ")
    assert page.texts.count() == 1


def test_it_shows_both_texts_and_saves_nothing_when_somebody_was_faster(client, alice, bob):
    page = make_read_page(alice, "Helo", "world")
    mine = edited(page, "Hallo", "world")
    client.force_login(bob)
    save(client, page, "Hello", "world")
    client.force_login(alice)
    answer = client.post(url("page-save", page), mine)
    page.refresh_from_db()
    assert answer.status_code == 409
    assert [row["kind"] for row in answer.context["rows"]] == ["conflict", "same"]
    assert [line.text for row in answer.context["rows"] for line in row["lines"]] == ["Hallo", "world"]
    assert "Hallo" in answer.text
    assert "Hello" in answer.text
    assert (page.texts.count(), page.current.author) == (2, bob)


def test_it_lets_a_person_insist_after_a_conflict(client, alice):
    page = make_read_page(alice, "Helo")
    client.force_login(alice)
    old = edited(page, "Hallo")
    save(client, page, "Hello")
    based_on = client.post(url("page-save", page), old).context["theirs"].pk
    client.post(url("page-save", page), old | {"based_on": based_on})
    page.refresh_from_db()
    assert page.current.text == "Hallo"


@pytest.mark.parametrize("based_on", ["", "x", "-1", "²", "9" * 5000])
def test_it_takes_a_form_without_a_proper_version_for_a_conflict(as_alice, alice, based_on):
    page = make_read_page(alice, "Helo")
    form = {"line": ["Hello"], "source": ["9" * 5000], "based_on": based_on}
    assert as_alice.post(url("page-save", page), form).status_code == 409


@pytest.mark.parametrize("source", ["", "7", "x", "-1", "9" * 5000])
def test_it_saves_lines_that_were_made_from_no_line(as_alice, alice, source):
    page = make_read_page(alice, "Helo")
    as_alice.post(url("page-save", page), edited(page, "Hello") | {"source": source})
    page.refresh_from_db()
    assert page.current.lines == [{"text": "Hello", "box": None, "confidence": None}]


def test_it_takes_text_for_a_page_that_no_engine_could_read(as_alice, alice):
    page = make_document(alice).pages.get()
    as_alice.post(url("page-save", page), {"line": ["Written by hand"]})
    page.refresh_from_db()
    assert page.current.text == "Written by hand"


def test_it_never_puts_a_machine_over_a_person(as_alice, alice):
    page = make_read_page(alice, "Helo")
    save(as_alice, page, "Hello")
    add_text(page, Layer.OCR, [stored_line(line) for line in make_reading("Hero").lines], made_by="fake 2.0")
    page.refresh_from_db()
    assert page.current.text == "Hello"
    assert page.texts.count() == 3


def test_it_approves_and_goes_on_to_the_next_page(as_alice, alice):
    page = make_read_page(alice, "Hello")
    following = page.document.pages.create(number=2, status=PageStatus.DONE)
    add_text(following, Layer.OCR, [stored_line(make_line("World"))], made_by="fake 1.0")
    answer = as_alice.post(url("page-approve", page))
    page.refresh_from_db()
    assert answer["Location"] == following.get_absolute_url()
    assert page.approved_by == alice
    assert page.approved_at


def test_it_goes_back_to_the_document_after_the_last_page(as_alice, alice):
    page = make_read_page(alice, "Hello")
    assert as_alice.post(url("page-approve", page))["Location"] == page.document.get_absolute_url()


def test_it_saves_what_was_edited_when_approving(as_alice, alice):
    page = make_read_page(alice, "Helo")
    as_alice.post(url("page-approve", page), edited(page, "Hello"))
    page.refresh_from_db()
    assert (page.current.text, page.approved_by) == ("Hello", alice)


def test_it_does_not_approve_a_text_that_the_person_has_not_seen(as_alice, alice):
    page = make_read_page(alice, "Helo")
    old = edited(page, "Helo")
    save(as_alice, page, "Hello")
    assert as_alice.post(url("page-approve", page), old).status_code == 409
    page.refresh_from_db()
    assert page.approved_by is None


def test_it_does_not_approve_a_page_without_text(as_alice, alice):
    page = make_document(alice).pages.get()
    answer = as_alice.post(url("page-approve", page), follow=True)
    page.refresh_from_db()
    assert page.approved_at is None
    assert "nothing to approve" in answer.text


def test_it_takes_the_approval_back_when_the_text_is_changed(as_alice, alice):
    page = make_read_page(alice, "Helo")
    as_alice.post(url("page-approve", page))
    save(as_alice, page, "Hello")
    page.refresh_from_db()
    assert (page.approved_by, page.approved_at) == (None, None)


def test_it_brings_an_older_version_back_as_a_new_one(as_alice, alice):
    page = make_read_page(alice, "Helo")
    save(as_alice, page, "Hello")
    as_alice.post(url("page-restore", page, 1))
    page.refresh_from_db()
    assert (page.current.text, page.current.version, page.current.author) == ("Helo", 3, alice)


@pytest.mark.parametrize("version", [0, 9, 10**12, 10**30])
def test_it_does_not_find_a_version_that_never_was(as_alice, alice, version):
    page = make_read_page(alice, "Hello")
    assert as_alice.post(url("page-restore", page, version)).status_code == 404


def test_it_reads_a_page_again_and_fences_off_what_is_still_running(as_alice, alice):
    page = make_read_page(alice, "Hello")
    as_alice.post(url("page-again", page))
    page.refresh_from_db()
    assert (page.status, page.revision) == (PageStatus.PENDING, 1)


def test_it_corrects_a_page_again(as_alice, alice, settings):
    settings.CORRECTION = False  # no model is looked for
    page = make_read_page(alice, "Hello")
    as_alice.post(url("page-again", page), {"step": "correct"})
    page.refresh_from_db()
    assert page.status == PageStatus.READ


def test_it_says_why_an_unread_page_cannot_be_corrected(as_alice, alice):
    page = make_document(alice).pages.get()
    answer = as_alice.post(url("page-again", page), {"step": "correct"}, follow=True)
    assert "has not been read yet" in answer.text


@pytest.mark.parametrize("name", ["page-picture", "thumbnail"])
def test_it_sends_pictures_for_this_browser_alone(as_alice, alice, name):
    page = make_read_page(alice, "Hello")
    page.picture = page.thumbnail = default_storage.save("pages/picture.jpg", ContentFile(b"jpeg"))
    page.save()
    answer = as_alice.get(url(name, page))
    assert b"".join(answer.streaming_content) == b"jpeg"
    assert answer["Content-Type"] == "image/jpeg"
    assert "private" in answer["Cache-Control"]


def test_browsers_keep_a_picture_until_the_page_has_another_one(as_alice, alice):
    page = make_read_page(alice, "Hello")
    page.picture = page.thumbnail = default_storage.save("pages/picture.jpg", ContentFile(b"jpeg"))
    page.save()
    shown = as_alice.get(page.get_absolute_url()).text
    assert f'data-picture="{page.picture_url}"' in shown
    assert "max-age=86400" in as_alice.get(page.picture_url)["Cache-Control"]
    old = page.picture_url, page.thumbnail_url
    page.picture = page.thumbnail = "pages/turned.jpg"
    assert page.picture_url != old[0] and page.thumbnail_url != old[1]


@pytest.mark.parametrize("name", ["page-picture", "thumbnail"])
@pytest.mark.parametrize("stored", ["", "pages/gone.jpg"])
def test_it_does_not_find_a_picture_that_is_not_there(as_alice, alice, name, stored):
    page = make_read_page(alice, "Hello")
    Page.objects.update(picture=stored, thumbnail=stored)
    assert as_alice.get(url(name, page)).status_code == 404


HOSTILE = "<script>alert(1)</script> </mark> {{7*7}} {% now %} &amp; \x02x\x03 a\x00b \ud800"
CLEANED = "<script>alert(1)</script> </mark> {{7*7}} {% now %} &amp; x ab "


def test_it_shows_hostile_text_from_a_scan_as_text(as_alice, alice):
    page = make_read_page(alice, HOSTILE)
    assert page.current.text == CLEANED
    text = as_alice.get(page.get_absolute_url(), {"q": "alert"}).text
    assert "<script>alert" not in text
    assert escape("<script>alert(1)</script>") in text
    assert "{{7*7}}" in text


def test_it_gives_hostile_text_back_as_it_was_written(as_alice, alice):
    page = make_read_page(alice, "Hello")
    typed = HOSTILE.replace("\ud800", "")  # no browser can send it
    save(as_alice, page, typed, "two\r\nlines")
    page.refresh_from_db()
    assert page.current.text == CLEANED.strip() + "\ntwo lines"
    text = as_alice.get(page.get_absolute_url()).text
    assert "<script>alert" not in text


def test_it_shows_hostile_text_in_a_conflict_as_text(as_alice, alice):
    page = make_read_page(alice, "<script>alert(1)</script>")
    answer = as_alice.post(url("page-save", page), {"line": ["<script>alert(2)</script>"]})
    assert answer.status_code == 409
    assert "<script>alert" not in answer.text


def test_one_page_is_read_again_with_options_of_its_own(as_alice, alice):
    page = make_read_page(alice, "tbe text")
    asked = {"step": "read", "engine": "rapidocr", "mode": "fast", "language": "es", "handwritten": ""}
    as_alice.post(reverse("page-again", args=[page.pk]), asked)
    page.refresh_from_db()
    assert options_of(page) == ReadingOptions("rapidocr", "fast", "es", False, False)
    assert (page.document.engine, page.status) == ("", PageStatus.PENDING)


def test_what_the_scan_coach_found_is_said(as_alice, alice):
    page = make_read_page(alice, "text")
    Page.objects.filter(pk=page.pk).update(coach=["blurred"])
    assert "scan is blurred" in as_alice.get(page.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("confidence", "said"), [(0.3, True), (0.9, False)])
def test_a_reading_that_is_not_reliable_says_so(as_alice, alice, confidence, said):
    page = make_read_page(alice, "scrawl", handwritten=True)
    page.texts.update(confidence=confidence)
    assert ("not reliable" in as_alice.get(page.get_absolute_url()).content.decode()) is said


def test_the_sentence_of_a_problem_is_shown_escaped(as_alice, alice):
    page = make_read_page(alice, "text", status=PageStatus.QUARANTINED)
    Page.objects.filter(pk=page.pk).update(problem="<b>Damaged</b> at 50 %")
    shown = as_alice.get(page.get_absolute_url()).content.decode()
    assert "&lt;b&gt;Damaged&lt;/b&gt; at 50 %" in shown
