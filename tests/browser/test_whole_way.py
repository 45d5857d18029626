"""The whole way on real parts: sign in, drop scans, watch, review, search; and what happens when parts are killed."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
import redis
from playwright.sync_api import Page, expect

from ocrsite.sockets import socket_path
from tests.live import RunningSite, running_site
from tests.samples.make import encrypted_pdf, html
from tests.samples.scans import save_scans, scan_of

pytestmark = [pytest.mark.browser, pytest.mark.faults, pytest.mark.long]
READ_SECONDS = 120  # for a few pages on a busy two-core machine

LETTER = (
    "Dear Sir, we thank you for the letter of last week",
    "and for the kind words about the harbour office.",
    "The inv0ice over 1,230.00 was paid on 3 May 1952.",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running_site(tmp_path_factory.mktemp("site")) as running:
        yield running


@pytest.fixture
def signed_in(site: RunningSite, tab: Page) -> Page:
    tab.goto(site.url)
    tab.get_by_label("Username").fill(site.username)
    tab.get_by_label("Password").fill(site.password)
    tab.get_by_role("button", name="Sign in").click()
    expect(tab).to_have_url(site.url + "/")
    return tab


def rows(site: RunningSite, query: str, *values) -> list[tuple]:
    """Return what the site's database says now."""
    with sqlite3.connect(f"file:{site.data_dir / 'db.sqlite3'}?mode=ro", uri=True, timeout=20) as database:
        return database.execute(query, values).fetchall()


def wait_for(condition, seconds: float = READ_SECONDS) -> None:
    """Return when `condition()` is true; fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.1)


def ocr_children(worker: int) -> list[psutil.Process]:
    """Return the worker's engine processes."""
    found = []
    for child in psutil.Process(worker).children() if psutil.pid_exists(worker) else []:
        with suppress(psutil.NoSuchProcess):  # one that was killed a moment ago
            found += [child] if "documents.ocr.service" in child.cmdline() else []
    return found


def upload(tab: Page, site: RunningSite, *paths: Path) -> None:
    tab.goto(f"{site.url}/upload/")
    tab.locator("input[type=file]").set_input_files(paths)


def test_a_scan_goes_all_the_way(site: RunningSite, signed_in: Page, tmp_path: Path):
    tab = signed_in
    letter = save_scans(tmp_path / "letter.png", scan_of(*LETTER))
    (tmp_path / "page.pdf").write_bytes(html())
    (tmp_path / "locked.pdf").write_bytes(encrypted_pdf())

    upload(tab, site, letter, tmp_path / "page.pdf", tmp_path / "locked.pdf")
    files = tab.locator("#files li")
    expect(files.filter(has_text="letter.png").get_by_role("link")).to_be_visible()
    expect(files.filter(has_text="page.pdf")).to_contain_text("not a PDF")
    expect(files.filter(has_text="locked.pdf")).to_contain_text(re.compile("password", re.IGNORECASE))

    # The list comes to "Done" by itself, without loading it again.
    tab.goto(site.url)
    expect(tab.get_by_role("link", name="letter")).to_be_visible()
    expect(tab.locator(".shelf__status .pill").first).to_have_text("Done", timeout=READ_SECONDS * 1000)

    # The real engine read it, the misread word was mended, and the number is as it was.
    tab.get_by_role("link", name="letter").first.click()
    tab.get_by_role("link", name="Review").first.click()
    expect(tab.locator("#text[data-ready]")).to_be_visible()
    lines = tab.locator("#lines .line")
    expect(lines).to_have_count(3)
    expect(lines.nth(2).locator(".word--applied").first).to_contain_text("invoice")
    expect(lines.nth(2)).to_contain_text("1,230.00")

    # The word that was clicked lights its place on the scan, and is edited in place.
    lines.nth(1).locator(".word").first.click()
    expect(tab.locator("#lit")).to_have_attribute("d", re.compile("M"))
    tab.keyboard.press("e")
    field = lines.nth(1).locator("textarea")
    field.fill("and for the kind words about the lighthouse.")
    tab.keyboard.press("Control+s")
    expect(tab.locator("body")).to_contain_text("Saved.")
    expect(tab.locator("#lines .line").nth(1)).to_contain_text("lighthouse")

    # Search finds the new word and the raw ones, and lands on the page with the words lit on the scan.
    tab.goto(f"{site.url}/search/?q=lighthouse")
    expect(tab.locator("main mark")).to_have_text("lighthouse")
    tab.goto(f"{site.url}/search/?q=harbour+office")
    tab.locator("main a[href*='/pages/']").first.click()
    expect(tab.locator(".box--hit")).to_have_count(2)

    # The same file again is already here.
    upload(tab, site, letter)
    expect(tab.locator("#files li").first).to_contain_text("Already here")


def test_the_ocr_child_is_killed_in_mid_page_and_the_document_still_completes(
    site: RunningSite, signed_in: Page, tmp_path: Path
):
    pages = [scan_of(f"This is page number {number}.", *LETTER * 4, seed=number) for number in (1, 2, 3)]
    upload(signed_in, site, save_scans(tmp_path / "three.pdf", *pages))
    expect(signed_in.locator("#files li").get_by_role("link")).to_be_visible()
    of_it = "document_id = (SELECT max(id) FROM documents_document)"

    def killed_in_mid_page() -> bool:
        for (holder,) in rows(site, "SELECT lease_holder FROM documents_page WHERE status = 'reading'"):
            for child in ocr_children(int(holder.split()[1])):
                child.kill()
        return rows(site, "SELECT 1 FROM documents_attempt WHERE outcome = 'failed'") != []

    wait_for(killed_in_mid_page)
    wait_for(lambda: rows(site, f"SELECT count(*) FROM documents_page WHERE status = 'done' AND {of_it}") == [(3,)])
    assert rows(site, "SELECT status FROM documents_document ORDER BY id DESC LIMIT 1") == [("done",)]
    reasons = rows(site, "SELECT reason FROM documents_attempt WHERE outcome = 'failed'")
    assert any("SIGKILL" in reason for (reason,) in reasons)
    of_page = "documents_pagetext t JOIN documents_page p ON p.id = t.page_id"
    texts = rows(site, f"SELECT count(*) FROM {of_page} WHERE layer = 'ocr' AND {of_it}")
    assert texts == [(3,)]  # one reading each: the killed try left nothing behind


def test_a_killed_worker_and_an_emptied_redis_lose_nothing(site: RunningSite, signed_in: Page, tmp_path: Path):
    pages = [scan_of(f"Page {number} of the second book.", *LETTER * 3, seed=10 + number) for number in (1, 2, 3)]
    upload(signed_in, site, save_scans(tmp_path / "book.tiff", *pages))
    expect(signed_in.locator("#files li").get_by_role("link")).to_be_visible()
    of_it = "document_id = (SELECT max(id) FROM documents_document)"

    wait_for(lambda: rows(site, f"SELECT 1 FROM documents_page WHERE status = 'reading' AND {of_it}") != [])
    [(holder,)] = rows(site, f"SELECT lease_holder FROM documents_page WHERE status = 'reading' AND {of_it} LIMIT 1")
    os.kill(int(holder.split()[1]), signal.SIGKILL)
    redis.Redis(unix_socket_path=str(socket_path(site.data_dir / "redis" / "redis.sock"))).flushall()

    wait_for(lambda: rows(site, f"SELECT count(*) FROM documents_page WHERE status = 'done' AND {of_it}") == [(3,)])
    of_page = "documents_pagetext t JOIN documents_page p ON p.id = t.page_id"
    assert rows(site, f"SELECT count(*) FROM {of_page} WHERE layer = 'ocr' AND {of_it}") == [(3,)]
    assert ("expired",) in rows(site, "SELECT outcome FROM documents_attempt")
