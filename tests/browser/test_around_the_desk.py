"""What lies around the review desk, in a real browser and from the keyboard: key fields, the queue, arranging pages,
measuring quality."""

from __future__ import annotations

import os

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from documents.models import CheckedLine, FieldValue, QueuedPage
from documents.pipeline import quality
from tests.browser.desk import line, make_desk, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Playwright runs an event loop in this thread, in which Django would not touch the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
RECEIPT = ("BLUE HARBOUR TRADING LTD", "Invoice No: 20417", "Date: 27/03/2018", "Net 42.00", "VAT 8.40", "Total 50.40")


def paper() -> list:
    return [line(text, 40 + 60 * number, doubtful={}) for number, text in enumerate(RECEIPT)]


@pytest.fixture
def document(alice):
    return make_desk(alice, paper(), paper(), paper())


@pytest.fixture
def site(tab: Page, live_server, alice, document):
    """Open an address by its name; alice is signed in."""
    sign_in(tab, live_server.url, alice)
    yield lambda name, *args: tab.goto(live_server.url + reverse(name, args=args))
    tab.wait_for_load_state("networkidle")
    tab.goto("about:blank")  # the desk sends a draft when it is left, which must not meet an emptied database
    tab.wait_for_timeout(200)


def test_the_field_in_hand_is_lit_on_the_scan_and_enter_saves(tab, site, document):
    site("page-fields", document.pages.get(number=1).pk)
    expect(tab.locator(".place.is-lit")).to_have_attribute("data-field", "number")
    tab.keyboard.press("Tab")
    expect(tab.locator(".place.is-lit")).to_have_attribute("data-field", "date")
    expect(tab.locator(".keyfield canvas")).not_to_have_count(0)
    assert tab.locator(".keyfield canvas").first.evaluate("canvas => canvas.width") > 20
    tab.get_by_label("Total").fill("51,00")
    tab.keyboard.press("Enter")
    expect(tab.locator(".notices")).to_contain_text("The fields are saved.")
    assert FieldValue.objects.get(name="total").value == "51.00"


def test_one_key_takes_the_next_page_of_the_queue(tab, site, alice):
    site("queue")
    tab.keyboard.press("j")
    tab.keyboard.press("j")
    expect(tab.locator(".queue__link").nth(1)).to_be_focused()
    tab.keyboard.press("n")
    expect(tab.locator("#text[data-ready]")).to_be_visible()
    assert QueuedPage.objects.get(holder=alice).is_held


def test_pages_are_arranged_and_thrown_away_by_keys(tab, site, document):
    first = document.pages.get(number=1)
    site("document-pages", document.pk)
    tab.keyboard.press("j")
    tab.keyboard.press("Shift+J")
    tab.locator("#save-order").click()
    expect(tab.locator(".notices")).to_contain_text("The new order is saved.")
    first.refresh_from_db()
    assert first.number == 2
    tab.keyboard.press("j")
    tab.keyboard.press("Space")
    expect(tab.locator("#ticked")).to_have_text("Ticked pages: 1")
    tab.keyboard.press("Delete")
    expect(tab.locator(".gone")).to_have_count(1)
    assert document.pages.count() == 2


def test_a_page_that_is_turned_shows_the_turned_picture_at_once(tab, site, document):
    page = document.pages.get(number=1)
    site("page-fields", page.pk)  # so that the browser has the upright picture
    site("document-pages", document.pk)
    tab.locator(".sheetlet__tick").first.check()
    tab.keyboard.press("]")
    expect(tab.locator(".notices")).to_contain_text("1 page is turned.")
    site("page-fields", page.pk)
    shape = tab.locator(".paper__sheet img").evaluate(
        "image => image.decode().then(() => [image.naturalWidth, image.naturalHeight])"
    )
    assert shape == [1400, 1000]


def test_lines_are_typed_blindly_and_judged_by_keys(tab, site, document, alice):
    check = quality.start(document, type(document).objects.all(), 2, by=alice, seed=1)
    site("quality-check", check.pk)
    expect(tab.get_by_label("What stands in the outlined line?")).to_be_focused()
    tab.keyboard.type(quality.next_line(check).expected)
    tab.keyboard.press("Enter")
    expect(tab.locator("main")).to_contain_text("Line 2 of 2")
    tab.keyboard.type("something else")
    tab.keyboard.press("Enter")
    expect(tab.locator("#choose-1")).to_be_visible()
    tab.keyboard.press("1")
    expect(tab.locator(".verdict")).to_contain_text("100.0 %")
    assert set(check.lines.values_list("verdict", flat=True)) == {CheckedLine.Verdict.SAME, CheckedLine.Verdict.TEXT}
