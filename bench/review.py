"""The review desk in a real browser: how soon a page of 3,000 words is there, how smoothly it scrolls, and how many
keys a reviewer needs per doubtful word."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bench import report, samples
from bench.measures import percentile
from bench.reviewer import Reviewer
from bench.site import Visitor
from tests.browser.conftest import CHROMIUM
from tests.live import ROOT, RunningSite, running_site

SETS = ("receipts", "typed-en", "typed-de", "typed-cs", "typed-da", "typed-fr", "print-es")
PLACES = 50

SCROLLED = """() => new Promise((resolve) => {
  const area = document.getElementById("reading-scroll");
  const frames = [];
  let last = performance.now();
  const step = (now) => {
    frames.push(now - last);
    last = now;
    area.scrollTop += 120;
    if (area.scrollTop + area.clientHeight < area.scrollHeight - 1) requestAnimationFrame(step);
    else resolve(frames.slice(2));
  };
  requestAnimationFrame(step);
})"""

TIMING = """() => {
  const loading = performance.getEntriesByType("navigation")[0];
  const [ready] = performance.getEntriesByName("desk-ready");
  return {server: loading.responseEnd - loading.requestStart, ready: ready.startTime};
}"""
RIGHT = """() => [...document.querySelectorAll("#lines .line__text")]
  .filter((line) => /[A-Z]{2,}/.test(line.textContent) && !line.textContent.includes("¦")).length"""


def main(options: list[str]) -> None:
    """Print the times of opening and scrolling the large page, then the keys of the scripted reviewer."""
    parser = argparse.ArgumentParser(prog="python -m bench review")
    parser.add_argument("--opens", type=int, default=12, help="how often the page is opened (12)")
    parser.add_argument("--pages", type=int, default=2, help="real scans of each set that are reviewed (2)")
    asked = parser.parse_args(options)
    with tempfile.TemporaryDirectory() as folder, running_site(Path(folder), SWEEP_SECONDS="15") as site:
        pages = made_pages(site)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            tab = browser.new_page(viewport={"width": 1440, "height": 900})
            sign_in(tab, site)
            opened = [open_page(tab, f"{site.url}/pages/{pages['large']}/") for _ in range(asked.opens + 1)][1:]
            report.table(["a page of 3,000 words", "median ms", "p95 ms"], opening_rows(opened))
            report.table(["scrolled through", "figure"], scrolling_rows(tab.evaluate(SCROLLED)))
            report.table(["scripted reviewer", "figure"], reviewing_rows(tab, f"{site.url}/pages/{pages['doubtful']}/"))
            if samples.are_there():
                header = [
                    "real scans",
                    "pages",
                    "places",
                    "by one key",
                    "with their line",
                    "with the page",
                    "typed",
                    "not told",
                    "keys per place",
                ]
                report.table(header, [real_row(tab, site, name, asked.pages) for name in SETS])
            browser.close()


def real_row(tab: Page, site: RunningSite, name: str, count: int) -> list[str | float]:
    """Return the row of a set: scans go through the whole pipeline, then a reviewer decides up to 50 places of each."""
    visitor, works = Visitor(site), []
    for sample in samples.of_set(name)[:count]:
        document = visitor.upload(sample.picture)
        visitor.wait_for(visitor.all_finished)
        [(page,)] = visitor.rows("SELECT id FROM documents_page WHERE document_id = ?", document)
        tab.goto(f"{site.url}/pages/{page}/")
        tab.wait_for_selector("#text[data-ready]")
        works.append(Reviewer(tab, sample.text).review(PLACES))
    visitor.close()
    places, keys = sum(work.places for work in works), sum(work.keys for work in works)
    ways = [sum(getattr(work, name) for work in works) for name in ("by_one_key", "by_line", "with_page")]
    typed, not_told = sum(len(work.typed) for work in works), sum(work.not_told for work in works)
    return [name, len(works), places, *ways, typed, not_told, keys / max(places, 1)]


def made_pages(site: RunningSite) -> dict[str, int]:
    """Return the ids of the pages, made by a process that has the site's data folder."""
    env = os.environ | {"DATA_DIR": str(site.data_dir)}
    command = [sys.executable, "-m", "bench.review_pages"]
    made = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True)
    return json.loads(made.stdout.splitlines()[-1])


def sign_in(tab: Page, site: RunningSite) -> None:
    """Sign in as the superuser."""
    tab.goto(site.url)
    tab.get_by_label("Username").fill(site.username)
    tab.get_by_label("Password").fill(site.password)
    tab.get_by_role("button", name="Sign in").click()
    tab.wait_for_url(site.url + "/")


def open_page(tab: Page, url: str) -> dict[str, float]:
    """Return the milliseconds of one opening, the browser's caches warm: server, script, style and layout, ready."""
    inside = tab.context.new_cdp_session(tab)
    inside.send("Performance.enable")
    before = metrics(inside)
    tab.goto(url, wait_until="domcontentloaded")
    tab.wait_for_selector("#text[data-ready]")
    after = metrics(inside)
    timing = tab.evaluate(TIMING)
    spent = {name: 1000 * (after[name] - before.get(name, 0)) for name in after}
    # Figures of a page that is gone are gone too: what is counted began with this one.
    return timing | {
        "script": spent["ScriptDuration"] if spent["ScriptDuration"] >= 0 else 1000 * after["ScriptDuration"],
        "layout": abs(spent["LayoutDuration"]) + abs(spent["RecalcStyleDuration"]),
    }


def metrics(inside: Any) -> dict[str, float]:
    """Return Chromium's own counters for this tab, in seconds."""
    return {one["name"]: one["value"] for one in inside.send("Performance.getMetrics")["metrics"]}


def opening_rows(opened: list[dict[str, float]]) -> list[list[str | float]]:
    """Return the rows of the table of openings."""
    figures = {
        "server: from the request to the last byte": [one["server"] for one in opened],
        "script, all of the page's own and the libraries'": [one["script"] for one in opened],
        "server and script together": [one["server"] + one["script"] for one in opened],
        "style and layout": [one["layout"] for one in opened],
        "from the click until every key is heard": [one["ready"] for one in opened],
    }
    return [[name, median(times), percentile(times, 95)] for name, times in figures.items()]


def scrolling_rows(frames: list[float]) -> list[list[str | float]]:
    """Return what the frames say: their number, the usual time between two, the worst, and how many came late."""
    late = sum(frame > 34 for frame in frames)
    return [
        ["frames", len(frames)],
        ["ms from frame to frame, median", median(frames)],
        ["p95", percentile(frames, 95)],
        ["longest", max(frames)],
        ["frames that came more than one late (over 34 ms)", late],
    ]


def reviewing_rows(tab: Page, url: str) -> list[list[str | float]]:
    """Let a reviewer who knows the text (right words are in capitals) clear the page with the keyboard; count keys."""
    tab.goto(url)
    tab.wait_for_selector("#text[data-ready]")
    words = int(tab.locator("#lines [role=button].word").count())
    keys = 0
    while tab.locator("#lines [role=button].word").count():
        read = tab.locator(".word.is-here").inner_text()
        tab.keyboard.press("Enter" if read.isupper() else "1")
        keys += 1
        assert keys <= 2 * words, "the reviewer does not get on"
    right = tab.evaluate(RIGHT)
    tab.keyboard.press("Enter")  # the focus is on Approve by now
    tab.wait_for_url("**/documents/**")
    keys += 1
    return [
        ["doubtful words", words],
        ["right in the end", right],
        ["keys, with the approving of the page", keys],
        ["keys per word", keys / words],
    ]
