from __future__ import annotations

import pytest
from django.urls import reverse

from tests.scenes import make_document, make_read_page

pytestmark = pytest.mark.django_db
RECEIPT = ("BLUE HARBOUR TRADING LTD", "Invoice No: 20417", "Date: 27/03/2018", "Net 42.00", "VAT 20% 8.40",
           "Grand Total £50.40")  # fmt: skip


@pytest.fixture
def page(alice):
    return make_read_page(alice, *RECEIPT)


def fields_url(page) -> str:
    return reverse("page-fields", args=[page.pk])


def save(client, page, **values):
    return client.post(reverse("page-fields-save", args=[page.pk]), values, follow=True)


def test_it_shows_each_field_with_its_place(as_alice, page):
    shown = as_alice.get(fields_url(page)).content.decode()
    assert 'value="50.40"' in shown
    assert 'data-box="120,150,180,170"' in shown


def test_it_says_what_was_checked(as_alice, page):
    assert "42.00 and 8.40 are 50.40" in as_alice.get(fields_url(page)).content.decode()


def test_it_saves_what_was_typed_and_says_who_did(as_alice, page):
    answer = save(as_alice, page, total="51,00", date="27.3.2018")
    assert 'value="51.00"' in answer.content.decode()
    assert "By alice" in answer.content.decode()
    assert "found on the page: 50.40" in answer.content.decode()


def test_it_keeps_what_was_typed_when_a_field_is_refused(as_alice, page):
    answer = save(as_alice, page, total="much", seller="Harbour & Sons")
    assert answer.status_code == 422
    assert "This is not an amount" in answer.content.decode()
    assert 'value="much"' in answer.content.decode()
    assert 'value="Harbour &amp; Sons"' in answer.content.decode()


def test_a_page_that_has_not_been_read_has_empty_fields(as_alice, alice):
    page = make_document(alice).pages.get()
    answer = as_alice.get(fields_url(page))
    assert answer.status_code == 200
    assert "Not found" in answer.content.decode()


def test_the_table_is_a_download_of_what_the_person_may_see(as_bob, page, alice):
    hidden = make_read_page(alice, *RECEIPT, scope=str(alice.pk))
    answer = as_bob.get(reverse("fields-csv"), {"document": [page.document_id, hidden.document_id]})
    rows = b"".join(answer.streaming_content).decode().splitlines()
    assert len(rows) == 2
    assert answer["Content-Disposition"].startswith("attachment")


def test_without_a_choice_there_is_no_table(as_alice):
    assert as_alice.get(reverse("fields-csv")).status_code == 302
