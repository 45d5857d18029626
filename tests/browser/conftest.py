"""A real Chromium for tests that look at the product as a user does."""

from __future__ import annotations

import shutil

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"


@pytest.fixture(scope="module")
def browser():
    """Return a headless Chromium (the system's own: nothing is downloaded)."""
    with sync_playwright() as playwright:
        # --no-sandbox: tests also run as root in containers, where Chromium's sandbox cannot start.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def tab(browser: Browser):
    """Return a tab of its own; the test fails when a script on it threw or the CSP stopped something."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page: Page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if _is_complaint(said) else None)
    yield page
    context.close()
    assert complaints == []


def _is_complaint(said) -> bool:
    # A 4xx answer (a refused upload, say) is logged by Chromium as an error too; that is the product's business.
    return said.type == "error" and "Failed to load resource" not in said.text
