"""In by the scanners' folder, out as files: on real parts, with a real browser and a real program with a token."""

from __future__ import annotations

import json
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.export.scenes import text_by_pdfium
from tests.live import RunningSite, running_site
from tests.samples.scans import save_scans, scan_of

pytestmark = pytest.mark.browser
SECONDS = 120  # on a busy machine of two cores


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The folder that a scanner writes into."""
    return tmp_path_factory.mktemp("scans")


@pytest.fixture(scope="module")
def site(tmp_path_factory, folder):
    with running_site(tmp_path_factory.mktemp("site"), WATCH_DIR=str(folder), WATCH_OWNER="admin") as running:
        yield running


class Program:
    """A program that uses the API."""

    def __init__(self, site: RunningSite, key: str) -> None:
        self._root, self._headers = f"{site.url}/api/v1", {"Authorization": f"Bearer {key}"}

    def ask(self, path: str, **body: Any) -> Any:
        data = json.dumps(body).encode() if body else None
        headers = self._headers | {"Content-Type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(self._root + path, data, headers)) as answer:
            return json.load(answer)

    def wait_for(self, path: str, is_right: Any) -> Any:
        """Return the answer once it is right; fail when it takes too long."""
        deadline = time.monotonic() + SECONDS
        while not is_right(answer := self.ask(path)):
            assert time.monotonic() < deadline, answer
            time.sleep(0.2)
        return answer


def test_a_scan_goes_in_by_the_folder_and_out_as_a_pdf_with_its_very_text(site, folder, tab: Page, tmp_path):
    tab.goto(site.url)
    tab.get_by_label("Username").fill(site.username)
    tab.get_by_label("Password").fill(site.password)
    tab.get_by_role("button", name="Sign in").click()
    tab.goto(f"{site.url}/account/")
    tab.get_by_label("What it is for").fill("tests")
    tab.get_by_role("button", name="Make a token").click()
    program = Program(site, tab.locator("#key").inner_text())

    scan = scan_of("The harbour office was closed", "on the third of May 1952.", "We remain, yours faithfully")
    save_scans(folder / "letter.png", scan)
    (folder / "notes.docx").write_bytes(b"PK\x03\x04")
    found = program.wait_for("/documents", lambda told: told["total"] == 1)["documents"][0]
    program.wait_for(f"/documents/{found['id']}", lambda told: told["status"] == "done")
    (text,) = program.ask(f"/documents/{found['id']}/text")
    assert "harbour" in text["text"]
    assert (folder / "done/letter.png").exists()
    assert (folder / "failed/notes.docx.txt").read_text()

    tab.goto(site.url + found["url"])
    tab.get_by_role("link", name="Export", exact=True).click()
    tab.get_by_label("Word").check()
    tab.get_by_role("button", name="Export", exact=True).click()
    expect(tab.get_by_role("heading", name="My exports")).to_be_visible()
    with tab.expect_download(timeout=SECONDS * 1000) as download:
        tab.get_by_role("link", name="Download").click(timeout=SECONDS * 1000)
    assert download.value.suggested_filename == "export.zip"

    job = program.ask("/exports", documents=[found["id"]], formats=["pdf"])
    program.wait_for(f"/exports/{job['id']}", lambda told: told["state"] == "done")
    tab.reload()
    with tab.expect_download() as download:
        tab.get_by_role("link", name="Download").first.click()
    download.value.save_as(tmp_path / "letter.pdf")
    assert text_by_pdfium(tmp_path / "letter.pdf") == text["text"]


def test_the_description_of_the_api_works_without_the_internet(site, tab: Page):
    tab.goto(f"{site.url}/api/v1/docs")
    tab.get_by_label("Username").fill(site.username)
    tab.get_by_label("Password").fill(site.password)
    tab.get_by_role("button", name="Sign in").click()
    expect(tab.get_by_text("Upload a file")).to_be_visible(timeout=SECONDS * 1000)
