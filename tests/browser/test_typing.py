"""Typing at the desk: a letter or two are enough, and what Enter takes is seen. Whole lines with one key."""

from __future__ import annotations

import os

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import line, make_desk, sign_in
from tests.browser.test_review_desk import here, line_texts, open_page, press, quiet_end, save, saved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
__all__ = ["quiet_end"]  # a fixture

NARROWED = """async ([url, word, typed, readings]) => (await import(url)).narrowed(word, typed, readings)"""


@pytest.fixture
def page(alice):
    lines = [
        line("Reiohsbank in Raika", 40, doubtful={"Reiohsbank": "", "Raika": ""}),
        line("tbe end", 80, doubtful={"tbe": ""}),
    ]
    document = make_desk(alice, lines)
    document.pages.update(language="de")
    return document.pages.get()


@pytest.fixture
def desk(tab: Page, live_server, alice, page) -> Page:
    sign_in(tab, live_server.url, alice)
    open_page(tab, live_server, page)
    expect(tab.locator("#text[data-suggested]")).to_be_visible()
    return tab


def test_the_first_wrong_letter_is_enough_and_enter_takes_what_is_marked(desk, page):
    press(desk, "e", "c")
    expect(desk.locator("#completions [aria-selected=true]")).to_contain_text("Reichsbank")
    press(desk, "Enter")
    assert line_texts(desk)[0] == "Reichsbank in Raika"
    assert here(desk) == "Raika"
    save(desk)
    assert saved(page).startswith("Reichsbank in")


def test_the_arrows_choose_and_what_was_typed_is_always_there(desk):
    press(desk, "e")
    desk.keyboard.type("xyz")
    marked = desk.locator("#completions [aria-selected=true]")
    first = marked.get_attribute("data-text")
    press(desk, "ArrowDown")
    assert marked.get_attribute("data-text") != first
    expect(desk.locator("#completions [data-text=xyz]")).to_contain_text("as typed")


def test_escape_closes_the_list_first_and_then_leaves_the_line_as_it_was(desk):
    press(desk, "e", "c", "Escape")
    expect(desk.locator("#completions")).to_be_hidden()
    expect(desk.locator("#lines textarea:focus")).to_have_value("c in Raika")
    press(desk, "Escape")
    assert line_texts(desk)[0] == "Reiohsbank in Raika"


def test_an_option_can_be_pressed(desk):
    press(desk, "e", "c")
    desk.locator("#completions [data-text=Reichsbank]").click()
    assert line_texts(desk)[0] == "Reichsbank in Raika"


def test_nothing_is_completed_beside_the_word(desk):
    press(desk, "e", "ArrowRight", "s")
    expect(desk.locator("#lines textarea:focus")).to_have_value("Reiohsbanks in Raika")
    expect(desk.locator("#completions")).to_be_hidden()


def test_a_whole_line_is_right_with_one_key_and_that_can_be_undone(desk, page):
    press(desk, "w")
    assert here(desk) == "tbe"
    press(desk, "Control+z")
    assert here(desk) == "Reiohsbank"
    press(desk, "w")
    save(desk)
    page.refresh_from_db()
    assert all(word["settled"] for word in page.current.lines[0]["words"])


def test_a_line_without_writing_goes_with_one_key(desk, page):
    press(desk, "d")
    assert here(desk) == "tbe"
    save(desk)
    assert saved(page) == "tbe end"


@pytest.mark.parametrize(
    ("word", "typed", "readings", "first"),
    [
        ("tbe", "th", [], "the"),
        ("tbe", "h", ["tie"], "the"),
        ("Kr4mer", "ä", [], "Krämer"),
        ("vidensky", "vid", ["vídeňský"], "vídeňský"),
        ("ofthe", " ", ["of the"], "of the"),
        ("Mar~gate", "g", ["Margate"], "Margate"),
        ("tbere", "the", ["there", "the"], "the"),
        ("SH", "Notits", [], "Notits"),
        ("tbe", "THE", ["the"], "THE"),
        ("občerstvuji", "ob", ["Občerstvuji", "občerstvuje"], "občerstvuje"),
    ],
)
def test_the_likeliest_reading_with_the_letters_comes_first(desk, live_server, word, typed, readings, first):
    url = f"{live_server.url}/static/js/review/narrowing.js"
    assert desk.evaluate(NARROWED, [url, word, typed, readings])[0] == first
