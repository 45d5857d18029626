"""How quick the screens, the search and the dispatcher are with a big archive.

Requests go through Django's test client with the settings of the real site: what is left out is gunicorn and the
network.
"""

from __future__ import annotations

import argparse
import io
import random
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import redis
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from bench import big_search, report
from bench.archive import OWNERS, Archive, own_word
from bench.screens import HEADER, Address, measured, milliseconds, signed_in
from documents import queues, serving
from documents.models import Document, DocumentStatus, Page, PageStatus, Tag
from documents.pipeline import dispatching, sweeping


def main(options: list[str]) -> None:
    """Print a row per screen, then the dispatcher's and the sweeper's times."""
    parser = argparse.ArgumentParser(prog="python -m bench scale")
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--each", type=int, default=5, help="pages per document (5)")
    parser.add_argument("--pages", type=int, metavar="N", help="only search, with N lean pages, on both databases")
    parser.add_argument("--requests", type=int, default=100, help="requests per screen (100)")
    parser.add_argument("--only", default="", metavar="WORDS", help="only screens whose name holds these words")
    parser.add_argument("--words", type=int, default=100, help="words on each of the N pages (100)")
    parser.add_argument("--on", choices=big_search.DATABASES, default="", help="only this one, with --pages")
    asked = parser.parse_args(options)
    if asked.pages:
        big_search.main(asked.pages, asked.words, asked.requests, asked.only, asked.on)
        return
    call_command("bootstrap", stdout=io.StringIO())  # it prints a password that nobody needs
    archive = Archive()
    archive.fill(asked.documents, asked.each)
    waiting = archive.add_pending(200, 50)  # 10,000 pages in line beside the finished ones
    try:
        report.say(f"{Document.objects.count()} documents, {Page.objects.count()} pages, {database_gib():.1f} GiB.")
        client = signed_in(OWNERS[0])
        screens = {name: url for name, url in addresses(archive, waiting).items() if asked.only in name}
        rows = [measured(client, name, address, asked.requests) for name, address in screens.items()]
        report.table(HEADER, rows)
        if not asked.only:
            report.table(["background step", "p50 ms", "p95 ms"], background())
    finally:
        Document.objects.filter(pk__in=waiting).delete()


def addresses(archive: Archive, waiting: list[int]) -> dict[str, Address]:
    """Return what is asked for, by name; each call of an address gives the next one of its kind."""
    chance = random.Random(2)
    pages = list(Page.objects.filter(status=PageStatus.DONE, document__scope="").values_list("pk", "document")[:20_000])
    tag, owner = Tag.objects.first().pk, get_user_model().objects.get(username=OWNERS[1]).pk
    medium, common = archive.words(1500, 2500, 200), archive.words(1, 20, 200)

    def page() -> int:
        return chance.choice(pages)[0]

    def library(**query: object) -> Address:
        return lambda: f"{reverse('library')}?{urlencode(query)}"

    def search(words: Callable[[], str], **query: object) -> Address:
        return lambda: f"{reverse('search')}?{urlencode({'q': words(), **query})}"

    def any_medium() -> str:
        return chance.choice(medium)

    def two_words() -> str:
        return f"{chance.choice(medium)} {chance.choice(common)}"

    return {
        "library": library(),
        "library, page 100": library(page=100),
        "library, by tag, status and uploader": library(tag=tag, status=DocumentStatus.DONE, uploader=owner),
        "library, title holds": lambda: library(q=any_medium())(),
        "library, sorted by title": library(sort="title"),
        "library, rows alone": library(status=DocumentStatus.PROCESSING),
        "document": lambda: reverse("document", args=[chance.choice(pages)[1]]),
        "document in work, progress": lambda: reverse("document-progress", args=[waiting[-1]]),
        "page": lambda: reverse("page", args=[page()]),
        "page, with a word lit": lambda: f"{reverse('page', args=[page()])}?q={any_medium()}",
        "page, still the same": lambda: f"{reverse('page-status', args=[page()])}?known=done",
        "search, rare word": search(lambda: own_word(Page.objects.get(pk=page()))),
        "search, medium word": search(any_medium),
        "search, common word": search(lambda: chance.choice(common)),
        "search, common word, last page": search(lambda: chance.choice(common), page=99),
        "search, beginning of a word": search(lambda: f"{any_medium()[:3]}*"),
        "search, phrase": search(lambda: f'"{phrase(page())}"'),
        "search, two words": search(two_words),
        "search, medium word without a common one": search(lambda: f"{any_medium()} -{chance.choice(common)}"),
        "search, medium word with filters": search(lambda: f"{any_medium()} status:done uploader:{OWNERS[1]} lang:de"),
        "search, medium word, dates": search(lambda: f"{any_medium()} date:2020..2030"),
        "healthz": lambda: reverse("healthz"),
    }


def phrase(page_id: int) -> str:
    """Return two neighbouring words of a page's text."""
    line = Page.objects.select_related("current").get(pk=page_id).current.text.splitlines()[1]
    return " ".join(line.split()[:2])


def background() -> Iterator[list[str | float]]:
    """Yield a row for the dispatcher with free windows, and one for a round of the sweeper: 10,000 pages wait."""
    with own_redis():
        for name, step in (("dispatch, windows empty", dispatching.dispatch), ("sweep", sweeping.sweep)):
            times = [step_seconds(step) for _ in range(20)]
            yield [name, *milliseconds(times)]


def step_seconds(step: Callable[[], None]) -> float:
    """Return how long a step takes when Redis is empty and no page is in line."""
    queues.doorbell().flushdb()
    Page.objects.filter(status=PageStatus.QUEUED).update(status=PageStatus.PENDING)
    started = time.perf_counter()
    step()
    return time.perf_counter() - started


@contextmanager
def own_redis() -> Iterator[None]:
    """Run the site's own Redis on the benchmark's data folder."""
    serving.prepare_places()
    with subprocess.Popen(serving.redis_program().command, stdout=subprocess.DEVNULL) as process:
        try:
            wait_for_redis()
            yield
        finally:
            process.terminate()


def wait_for_redis() -> None:
    """Return when Redis answers. Raises redis.RedisError when it does not within five seconds."""
    deadline = time.monotonic() + 5
    while True:
        try:
            queues.doorbell().ping()
            return
        except redis.RedisError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def database_gib() -> float:
    """Return how much of the database file is in use, in GiB."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (page_count - freelist_count) * page_size "
            "FROM pragma_page_count, pragma_freelist_count, pragma_page_size"
        )
        return cursor.fetchone()[0] / 2**30
