"""The review desk in a real browser, from the keyboard."""

from __future__ import annotations

import os
import re

import pytest
from playwright.sync_api import Page, expect

from documents.models import Collection, CollectionRole, Document, Edit, EditState, Role
from documents.pipeline import reviewing
from documents.pipeline.reviewing import WrittenLine
from tests.browser.desk import correct, letter, line, make_desk, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Playwright runs an event loop in this thread, in which Django would not touch the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture
def document(alice):
    return make_desk(alice, letter(), letter())


@pytest.fixture
def first(document):
    return document.pages.get(number=1)


@pytest.fixture
def desk(tab: Page, live_server, alice, first) -> Page:
    """The first page, opened by alice."""
    sign_in(tab, live_server.url, alice)
    return open_page(tab, live_server, first)


@pytest.fixture(autouse=True)
def quiet_end(tab: Page):
    """Leave the page before the database is emptied: it sends a draft when it is left."""
    yield
    if not tab.is_closed():
        tab.wait_for_load_state("networkidle")
        tab.goto("about:blank")
        tab.wait_for_timeout(200)


def open_page(tab: Page, live_server, page) -> Page:
    tab.goto(live_server.url + page.get_absolute_url())
    expect(tab.locator("#text[data-ready]")).to_be_visible()
    expect(tab.locator("#scan[data-ready]")).to_be_visible()
    return tab


def here(tab: Page) -> str:
    return tab.locator(".word.is-here").inner_text()


def press(tab: Page, *keys: str) -> None:
    for key in keys:
        tab.keyboard.press(key)


def saved(page) -> str:
    page.refresh_from_db()
    return page.current.text


def save(tab: Page) -> None:
    press(tab, "Control+s")
    expect(tab.locator(".notices")).to_contain_text("Saved.")
    expect(tab.locator("#text[data-ready]")).to_be_visible()


def line_texts(tab: Page) -> list[str]:
    return tab.locator("#lines .line__text").all_inner_texts()


def test_it_begins_at_the_first_doubtful_word_with_its_evidence(desk):
    assert here(desk) == "tbe"
    expect(desk.locator("#evidence-what")).to_have_text("Doubtful word")
    expect(desk.locator("#evidence-sure")).to_contain_text("40 % sure")
    expect(desk.locator("#evidence-choices")).to_contain_text("the")
    expect(desk.locator("#lit")).to_have_attribute("d", "M40 40H76V64H40Z")
    assert desk.locator("#evidence-crop").evaluate("canvas => canvas.width") > 50


def test_a_digit_takes_another_reading_and_goes_on(desk, first):
    press(desk, "1")
    assert line_texts(desk)[0] == "the letter of last week"
    assert here(desk) == "tbe"
    press(desk, "1")
    save(desk)
    assert saved(first).splitlines()[:2] == ["the letter of last week", "was read by the office"]


def test_enter_accepts_and_the_word_is_not_doubted_again(desk, first):
    press(desk, "Enter")
    save(desk)
    first.refresh_from_db()
    assert first.current.lines[0]["words"][0]["settled"] is True
    expect(desk.locator("#lines .word--poor")).to_have_count(1)


def test_space_leaves_a_word_for_later(desk):
    press(desk, "Space", "Space")
    expect(desk.locator("#lines .word--poor")).to_have_count(2)
    assert desk.evaluate("document.querySelector('.is-here').closest('li').matches(':first-child')")


def test_when_nothing_is_left_enter_approves_and_goes_on(desk, document, live_server, alice, first):
    # Asked for beforehand: while the server writes the approval, the tables of the tests' database are locked.
    second = live_server.url + document.pages.get(number=2).get_absolute_url()
    press(desk, "Enter", "Enter")
    expect(desk.locator("#evidence-left")).to_have_text("Nothing doubtful is left on this page.")
    press(desk, "Enter")
    expect(desk).to_have_url(second)
    expect(desk.locator("#text[data-ready]")).to_be_visible()
    first.refresh_from_db()
    assert first.approved_by == alice
    press(desk, "Control+z")  # an approval can be undone too
    expect(desk).to_have_url(live_server.url + first.get_absolute_url())
    first.refresh_from_db()
    assert first.approved_by is None


def test_a_change_by_the_model_is_rejected_with_one_key(tab, live_server, alice, first):
    edit = correct(first, 2, "qnick", "quick")
    sign_in(tab, live_server.url, alice)
    desk = open_page(tab, live_server, first)
    press(desk, "Enter", "Enter")
    assert here(desk) == "quick"
    expect(desk.locator("#evidence-change")).to_have_text("qnick → quick")
    expect(desk.locator("#evidence-sure")).to_contain_text("log-odds 2.4")
    expect(desk.locator("#evidence-rule")).to_contain_text("small repair")
    press(desk, "x")
    assert "qnick" in line_texts(desk)[2]
    save(desk)
    edit.refresh_from_db()
    assert edit.state == EditState.REJECTED
    assert "qnick" in saved(first)


def test_a_proposal_stands_apart_and_is_taken_with_one_key(tab, live_server, alice, first):
    correct(first, 2, "qnick", "quick", state=EditState.PROPOSED)
    sign_in(tab, live_server.url, alice)
    desk = open_page(tab, live_server, first)
    expect(desk.locator("#lines .word--proposed")).to_have_text("qnick")
    press(desk, "Shift+Space")
    expect(desk.locator("#evidence-what")).to_have_text("Proposed by the model")
    press(desk, "Enter")
    save(desk)
    assert "quick" in saved(first)
    assert Edit.objects.get().state == EditState.ACCEPTED


def test_a_word_is_taken_out_with_one_key(desk, first):
    press(desk, "Delete")
    assert line_texts(desk)[0] == "letter of last week"
    assert here(desk) == "tbe"
    save(desk)
    assert saved(first).splitlines()[0] == "letter of last week"


def test_the_dictionary_offers_what_a_doubtful_word_may_have_been(tab, live_server, alice):
    document = make_desk(alice, [line("it was ohanged later", 40, doubtful={"ohanged": ""})])
    document.pages.update(language="en")
    sign_in(tab, live_server.url, alice)
    desk = open_page(tab, live_server, document.pages.get())
    expect(desk.locator(".choice-button").first).to_contain_text("changed")
    press(desk, "1")
    assert line_texts(desk) == ["it was changed later"]


def test_somebody_who_may_only_read_changes_nothing(tab, live_server, alice, bob, document, first):
    collection = Collection.objects.create(name="Letters", owner=alice)
    CollectionRole.objects.create(collection=collection, user=bob, role=Role.READER)
    Document.objects.filter(pk=document.pk).update(collection=collection)
    sign_in(tab, live_server.url, bob)
    desk = open_page(tab, live_server, first)
    before = line_texts(desk)
    press(desk, "1", "x", "e", "v", "Delete", "Enter", "Space")
    assert line_texts(desk) == before
    expect(desk.locator("#evidence-do")).to_be_hidden()
    expect(desk.locator("#approve")).to_have_count(0)


def test_everything_can_be_undone_and_done_again(desk):
    before = line_texts(desk)
    press(desk, "1", "Enter", "e")
    desk.keyboard.type("X")
    press(desk, "Enter")
    changed = line_texts(desk)
    assert changed != before
    press(desk, "Control+z", "Control+z", "Control+z")
    assert line_texts(desk) == before
    expect(desk.locator("#undo")).to_be_disabled()
    press(desk, "Control+Shift+z", "Control+Shift+z", "Control+y")
    assert line_texts(desk) == changed


def test_a_word_is_edited_in_place_and_escape_leaves_it(desk):
    press(desk, "e")
    selected = "field => field.value.slice(field.selectionStart, field.selectionEnd)"
    assert desk.locator("textarea:focus").evaluate(selected) == "tbe"
    desk.keyboard.type("THE")
    press(desk, "Escape", "Escape")  # the list first
    assert line_texts(desk)[0] == "tbe letter of last week"
    press(desk, "j", "k", "e")
    desk.keyboard.type("THE")
    press(desk, "Enter")
    assert line_texts(desk)[0] == "THE letter of last week"
    assert here(desk) == "tbe"  # on to the next doubtful word


def test_a_line_can_be_put_in_and_taken_out_again(desk, first):
    press(desk, "e", "Control+Enter")
    desk.keyboard.type("put in between")
    press(desk, "Enter")
    save(desk)
    assert saved(first).splitlines()[1] == "put in between"


def test_what_was_typed_survives_a_closed_browser(desk, live_server, first):
    press(desk, "e")
    desk.keyboard.type("THE")
    press(desk, "Enter")
    expect(desk.locator("#unsaved")).to_have_text("Kept as a draft")
    other = desk.context.new_page()
    desk.close()
    open_page(other, live_server, first)
    expect(other.locator("#draft")).to_contain_text("were never saved")
    assert line_texts(other)[0] == "THE letter of last week"
    other.locator("#draft-drop").click()
    expect(other.locator("#draft")).to_be_hidden()
    assert line_texts(other)[0] == "tbe letter of last week"
    assert not first.drafts.exists()


def test_two_people_on_one_page_are_shown_what_comes_of_both(desk, first, bob):
    lines = [WrittenLine(text, number) for number, text in enumerate(first.current.text.splitlines())]
    lines[2] = WrittenLine("and the quick reply is clear", 2)
    reviewing.save_text(first, lines, based_on=first.current_id, author=bob)
    press(desk, "1", "Control+s")
    expect(desk.locator("h1")).to_have_text("Somebody else saved this page")
    expect(desk.locator("#save-merged")).to_be_focused()
    press(desk, "Enter")
    expect(desk.locator(".notices")).to_contain_text("Saved.")
    assert saved(first) == "the letter of last week\nwas read by tbe office\nand the quick reply is clear"


def test_the_same_misreading_is_mended_everywhere_and_undone_as_one(desk, document, first):
    press(desk, "1")
    expect(desk.locator("#offer")).to_contain_text("stands elsewhere too (4)")
    press(desk, "g")
    expect(desk.locator(".place")).to_have_count(3)  # what was mended here is saved by then
    expect(desk.locator(".place input:focus")).to_have_count(1)
    assert desk.locator(".place__crop").first.evaluate("canvas => canvas.width") > 20
    press(desk, "ArrowDown", "ArrowDown", "Space", "Enter")
    expect(desk.locator(".notices")).to_contain_text("was replaced with “the” in 2 places")
    assert saved(first).splitlines()[1] == "was read by the office"
    assert saved(document.pages.get(number=2)).splitlines()[:2] == ["the letter of last week", "was read by tbe office"]
    expect(desk.locator("#text[data-ready]")).to_be_visible()
    press(desk, "Control+z")
    expect(desk.locator(".notices")).to_contain_text("taken back")
    assert saved(first).splitlines()[:2] == ["the letter of last week", "was read by tbe office"]


def test_find_and_replace_shows_every_place_beforehand(desk, first):
    press(desk, "f")
    desk.get_by_label("Find", exact=True).fill("letter")
    desk.get_by_label("Replace with").fill("parcel")
    expect(desk.locator(".place")).to_have_count(2)
    expect(desk.locator(".places__head")).to_contain_text("become “parcel”")
    desk.locator("#replace-scope").select_option("page")
    expect(desk.locator(".place")).to_have_count(1)
    press(desk, "Escape")
    expect(desk.locator("#replace")).to_be_hidden()
    assert "letter" in saved(first)


def test_scan_and_text_light_each_other(desk):
    desk.locator(".word", has_text="office").hover()
    expect(desk.locator("#lit")).to_have_attribute("d", re.compile(r"^M240 80H312"))
    view = desk.locator("#scan").bounding_box()
    scale = view["width"] / 1000
    desk.mouse.move(view["x"] + 60 * scale, view["y"] + 92 * scale)
    expect(desk.locator(".word.is-lit")).to_have_text("was")
    desk.mouse.click(view["x"] + 60 * scale, view["y"] + 92 * scale)
    assert here(desk) == "was"


def test_the_layout_is_remembered_for_the_person(desk, live_server, first):
    press(desk, "l")
    expect(desk.locator("#panes")).to_have_attribute("data-layout", "above")
    press(desk, "l")
    with desk.expect_response(re.compile("preferences")):
        press(desk, "b")
    open_page_again = desk.goto(live_server.url + first.get_absolute_url())
    assert open_page_again.ok
    expect(desk.locator("#panes")).to_have_attribute("data-layout", "text")
    expect(desk.locator("input[name=boxes][value=line]")).to_be_checked()


def test_the_threshold_decides_what_is_doubtful(desk):
    desk.get_by_role("button", name="View", exact=True).click()
    desk.locator("#doubtful-below").fill("30")
    expect(desk.locator("#lines .word--poor, #lines .word--doubt")).to_have_count(0)


def test_the_scan_is_zoomed_turned_and_outlined_from_the_keyboard(desk):
    def shape() -> str:
        desk.wait_for_timeout(600)
        return desk.locator("#overlay").evaluate("svg => JSON.stringify(svg.getBoundingClientRect())")

    seen = [shape()]
    for key in ("+", "]", "z", "0"):
        press(desk, key)
        seen.append(shape())
    assert len(set(seen)) == len(seen)
    press(desk, "o")
    expect(desk.locator("#outlines")).to_have_attribute("d", re.compile("^M40 40.*M"))


def test_the_text_as_it_was_read_can_be_looked_at(tab, live_server, alice, first):
    correct(first, 2, "qnick", "quick")
    sign_in(tab, live_server.url, alice)
    desk = open_page(tab, live_server, first)
    press(desk, "r")
    assert line_texts(desk)[2] == "and the qnick reply is clear"
    press(desk, "r")
    assert line_texts(desk)[2] == "and the quick reply is clear"


def test_the_keys_are_listed(desk):
    press(desk, "?")
    expect(desk.locator("#keys")).to_contain_text("Next and previous doubtful word")
    press(desk, "Escape")
    press(desk, "Space")


def test_a_word_goes_into_the_vocabulary_of_its_document(desk, document):
    press(desk, "v")
    expect(desk.locator("#vocabulary-said")).to_contain_text("“tbe” is in the vocabulary")
    assert document.vocabulary.get().term == "tbe"
    expect(desk.locator("#lines .word--poor")).to_have_count(1)


RANDOM_CHANGES = """async (address) => {
  const text = await import(address);
  const state = () => JSON.stringify(text.written());
  const isSound = () => text.all().every((line) => {
    const found = [...line.text.matchAll(/\\S+/g)].map((word) => [word.index, word.index + word[0].length]);
    return JSON.stringify(found) === JSON.stringify(line.words.map((word) => [word.start, word.end]));
  });
  let seed = 1;
  const chance = (count) => { seed = (seed * 48271) % 2147483647; return seed % count; };
  const some = (list) => list[chance(list.length)];
  const faults = [];
  const before = state();
  for (let round = 0; round < 300; round += 1) {
    const number = chance(text.all().length);
    const line = text.lineAt(number);
    const word = line.words.length ? some(line.words) : null;
    const stop = word ? text.stopAt(number, word.start, word.end) : null;
    const choices = stop ? text.choicesAt(stop) : [];
    const what = chance(7);
    if (what === 0 && stop) text.accept(stop);
    else if (what === 1 && stop?.edit) text.reject(stop);
    else if (what === 2 && choices.length) text.take(stop, some(choices));
    else if (what === 3 && word) text.put(number, text.rewordSpan(line, word.start, word.end, some(["", "x", "a b"])));
    else if (what === 4) text.put(number, text.reword(line, some(["", "tbe", ` ${line.text} x`, line.text.slice(3)])));
    else if (what === 5) text.change(number + 1, 0, [text.blank("put in")]);
    else if (what === 6) text.undo();
    if (!isSound()) faults.push(`${round}: ${what} ${line.text} > ${JSON.stringify(text.lineAt(number))}`);
  }
  const after = state();
  let steps = 0;
  while (text.undo()) steps += 1;
  if (state() !== before) faults.push("undone, but not as it was");
  while (steps-- > 0) text.redo();
  if (state() !== after) faults.push("done again, but not as it was");
  return faults;
}"""


def test_random_changes_keep_every_word_in_its_place_and_can_all_be_undone(tab, live_server, alice, first):
    correct(first, 2, "qnick", "quick")
    sign_in(tab, live_server.url, alice)
    desk = open_page(tab, live_server, first)
    assert desk.evaluate(RANDOM_CHANGES, "/static/js/review/text.js") == []
