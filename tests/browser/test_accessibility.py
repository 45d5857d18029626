"""axe-core finds no serious fault on any screen, light and dark, wide and narrow."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from playwright.sync_api import Page, expect

from documents.models import Batch, Document, EditState
from documents.pipeline import quality, review_queue, reviewing
from documents.pipeline.reviewing import WrittenLine
from tests.browser.desk import correct, letter, make_desk, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Playwright runs an event loop in this thread, in which Django would not touch the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
SCREENS = {
    "library": [], "upload": [], "search": [], "document": ["document"], "page": ["page"], "page-versions": ["page"],
    "engines": [], "collections": [], "queue": [], "quality": [], "document-pages": ["document"],
    "page-fields": ["page"],
}  # fmt: skip
LOOKS = [("light", 1440), ("dark", 1440), ("light", 390)]


@pytest.fixture(params=LOOKS, ids=lambda look: f"{look[0]}-{look[1]}")
def screen(request, tab: Page, live_server, admin) -> Iterator[Page]:
    """A tab in which the superuser is signed in."""
    scheme, width = request.param
    tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    tab.set_viewport_size({"width": width, "height": 900})
    sign_in(tab, live_server.url, admin)
    yield tab
    tab.wait_for_load_state("networkidle")
    tab.goto("about:blank")  # the desk sends a draft when it is left, which must not meet an emptied database
    tab.wait_for_timeout(200)


@pytest.fixture
def page(admin):
    document = make_desk(admin, letter(), letter())
    document.original = default_storage.save("desk/original", ContentFile(b"x"))
    document.save()
    page = document.pages.get(number=1)
    correct(page, 2, "qnick", "quick", state=EditState.PROPOSED)
    page.refresh_from_db()
    return page


def faults(tab: Page) -> list[str]:
    """Return what axe-core calls serious or critical, with the first place of each."""
    tab.evaluate(AXE)  # evaluated by the test's own connection, so the site's policy on scripts stays as it is
    found = tab.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{fault['id']}: {fault['help']} {[node['html'][:200] for node in fault['nodes']][:3]}"
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
    ]


def go(tab: Page, live_server, name: str, page) -> None:
    args = {"document": page.document_id, "page": page.pk}
    tab.goto(live_server.url + reverse(name, args=[args[kind] for kind in SCREENS[name]]))


@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_can_be_used_by_everybody(screen, live_server, page, name):
    go(screen, live_server, name, page)
    assert faults(screen) == []


def test_the_desk_with_everything_open_can_be_used_by_everybody(screen, live_server, page):
    go(screen, live_server, "page", page)
    expect(screen.locator("#text[data-ready]")).to_be_visible()
    screen.get_by_role("button", name="View", exact=True).click()
    assert faults(screen) == []
    screen.keyboard.press("Escape")
    screen.locator("#lines .word--proposed").click()
    screen.keyboard.press("f")
    screen.get_by_label("Find", exact=True).fill("tbe")
    expect(screen.locator(".place").first).to_be_visible()
    assert faults(screen) == []


def test_the_desk_that_another_has_with_a_word_being_typed_can_be_used_by_everybody(screen, live_server, page, bob):
    review_queue.hold(page.pk, bob)
    go(screen, live_server, "page", page)
    expect(screen.locator("#text[data-ready]")).to_be_visible()
    expect(screen.get_by_text("Reserved by bob until")).to_be_visible()
    screen.keyboard.press("e")
    screen.keyboard.type("th")
    expect(screen.locator("#completions")).to_be_visible()
    assert faults(screen) == []


def test_a_batch_and_its_measurement_can_be_used_by_everybody(screen, live_server, page, admin):
    batch = Batch.objects.create(owner=admin, key="a")
    Document.objects.update(batch=batch)
    check = quality.start(batch, Document.objects.all(), 3, by=admin, seed=1)
    screen.goto(live_server.url + check.get_absolute_url())
    assert faults(screen) == []
    quality.type_in(quality.next_line(check), "something else", by=admin)
    screen.reload()
    assert faults(screen) == []
    while line := quality.next_line(check):
        quality.judge(line, "typed", by=admin)
    screen.reload()
    expect(screen.locator(".verdict")).to_be_visible()
    assert faults(screen) == []
    screen.goto(live_server.url + batch.get_absolute_url())
    expect(screen.locator(".measured")).to_be_visible()
    assert faults(screen) == []


def test_the_merge_can_be_used_by_everybody(screen, live_server, page, bob):
    go(screen, live_server, "page", page)
    expect(screen.locator("#text[data-ready]")).to_be_visible()
    reviewing.save_text(page, [WrittenLine("another text", 0)], based_on=page.current_id, author=bob)
    screen.keyboard.press("Enter")
    screen.keyboard.press("Control+s")
    expect(screen.locator("#save-merged")).to_be_visible()
    assert faults(screen) == []
