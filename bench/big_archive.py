"""Search, lists, facets and the index of one database, with a very big archive. Run by `bench scale --pages N`."""

from __future__ import annotations

import argparse
import gc
import io
import random
import resource
import time
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

import psutil
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse

from bench import report
from bench.lean_archive import OWNERS, Texts, fill, own_word
from bench.screens import HEADER, WARM_UPS, Address, measured, milliseconds, processor_seconds, signed_in
from documents.models import Document, IndexState, Page
from documents.search import find, index, parse, rebuilding
from documents.search.facets import facets_of
from documents.search.finding import RELEVANCE
from documents.search.rows import VERSION
from documents.views.access import visible_documents


def main(options: list[str]) -> None:
    """Print how long it takes to build, to index and to search."""
    parser = argparse.ArgumentParser(prog="python -m bench scale")
    for name in ("--pages", "--words", "--requests"):
        parser.add_argument(name, type=int, required=True)
    parser.add_argument("--only", default="")
    asked = parser.parse_args(options)
    call_command("bootstrap", stdout=io.StringIO())  # it prints a password that nobody needs
    texts = Texts(asked.words)
    if is_built(asked.pages):
        report.say("The archive was there already, with its index.")
    else:
        report.table(["step", "seconds", "CPU seconds"], building(asked.pages, texts))
    report.say(f"{Document.objects.count()} documents, {Page.objects.count()} pages, {database_gib():.1f} GiB.")
    client = signed_in(OWNERS[0])
    screens = {name: url for name, url in addresses(asked.pages, texts).items() if asked.only in name}
    for address in screens.values():
        client.get(address())  # loads what is loaded on first use
    gc.collect()
    gc.freeze()  # as ocrsite/wsgi.py does
    before = psutil.Process().memory_info().rss
    report.table(HEADER, (measured(client, *row, asked.requests) for row in screens.items()))
    after = psutil.Process().memory_info().rss
    report.say(f"Memory of the process: {before / 2**20:.0f} MiB before these requests, {after / 2**20:.0f} MiB after.")
    searches = {name: url for name, url in screens.items() if name.startswith("search")}
    report.table(["step", "search p50 ms", "p95 ms", "facets p50 ms", "p95 ms"], found_alone(searches, asked.requests))
    if not asked.only:
        report.table(HEADER[:5], [["index update of one page", *updating(asked.pages, texts)]])


def is_built(pages: int) -> bool:
    """Return whether the archive is that of an earlier run, kept whole."""
    return Page.objects.count() == pages and IndexState.objects.filter(version=VERSION).exists()


def building(pages: int, texts: Texts) -> Iterator[list[str | float]]:
    """Yield how many seconds each step takes, and how much processor time, that of its other process with it."""
    steps = {
        "write the archive": lambda: fill(pages, texts), "write the index anew": rebuilding.rebuild,
        "check the index": rebuilding.problem,
    }  # fmt: skip
    for name, step in steps.items():
        started, started_cpu = time.perf_counter(), processor_seconds() + _childrens_seconds()
        step()
        taken = time.perf_counter() - started
        yield [name, taken, processor_seconds() + _childrens_seconds() - started_cpu]


def _childrens_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def addresses(pages: int, texts: Texts) -> dict[str, Address]:
    """Return what is asked for, by name; each call of an address gives the next one of its kind."""
    chance = random.Random(3)
    words = texts.words

    def rare() -> str:
        return own_word(chance.randint(1, pages))

    def medium() -> str:
        return chance.choice(words[1500:2500])

    def common() -> str:
        return chance.choice(words[:20])

    def phrase() -> str:
        return " ".join(texts.of(chance.randint(1, pages)).split("\n")[0].split()[:2])

    def misspelt() -> str:
        word = rare()
        place = chance.randrange(1, len(word) - 1)
        return f"{word[:place]}{chance.choice('aeioumnrst')}{word[place + 1 :]}"

    def somewhere() -> int:
        seen = visible_documents(reader).contain("document_id")
        return Page.objects.filter(seen, pk__gte=chance.randint(1, pages - 100)).order_by("pk")[0].pk

    def search(typed: Callable[[], str], **query: str) -> Address:
        return lambda: f"{reverse('search')}?{urlencode({'q': typed(), **query})}"

    def library(**query: object) -> Address:
        return lambda: f"{reverse('library')}?{urlencode(query)}"

    reader = get_user_model().objects.get(username=OWNERS[0])
    owner = get_user_model().objects.get(username=OWNERS[1]).pk
    return {
        "search, rare word": search(rare),
        "search, medium word": search(medium),
        "search, common word": search(common),
        "search, common word, oldest first": search(common, sort="oldest"),
        "search, common word, least certain first": search(common, sort="confidence"),
        "search, beginning of a word": search(lambda: f"{medium()[:4]}*"),
        "search, phrase": search(lambda: f'"{phrase()}"'),
        "search, medium and common word": search(lambda: f"{medium()} {common()}"),
        "search, two common words": search(lambda: f"{common()} {common()}"),
        "search, medium word without a common one": search(lambda: f"{medium()} -{common()}"),
        "search, either of two medium words": search(lambda: f"{medium()} OR {medium()}"),
        "search, rare word misspelt": search(misspelt),
        "search, common word with fields": search(lambda: f'{common()} uploader:bob lang:de tag:"Box 3"'),
        "search, medium word with fields": search(lambda: f"{medium()} type:map date:2020..2024"),
        "search, rare word and title": search(lambda: f"{common()} title:{own_word(chance.randint(1, pages // 5))}"),
        "search, fields alone": search(lambda: 'type:map tag:"Box 7" uploader:bob'),
        "page, opened from a search for a common word": lambda: (
            f"{reverse('page', args=[somewhere()])}?{urlencode({'q': common()})}"
        ),
        "suggestions": lambda: f"{reverse('search-suggest')}?{urlencode({'q': medium()[:4]})}",
        "library": library(),
        "library, page 100": library(page=100),
        "library, uploader and collection": library(uploader=owner),
        "library, title holds": lambda: library(q=rare())(),
    }


def found_alone(searches: dict[str, Address], count: int) -> Iterator[list[str | float]]:
    """Yield a row for each kind of search without the screen around it, then one for all of them together: median and
    95th percentile, in milliseconds on the clock, of finding the pages in their order, and of counting the facets."""
    everything: list[tuple[float, float]] = []
    for name, address in searches.items():
        times = [_seconds_to_find(address()) for _ in range(WARM_UPS + count)][WARM_UPS:]
        everything += times
        yield [name, *_milliseconds(times)]
    if everything:
        yield ["all kinds together", *_milliseconds(everything)]


def _seconds_to_find(url: str) -> tuple[float, float]:
    documents = visible_documents(get_user_model().objects.get(username=OWNERS[0]))
    asked = dict(parse_qsl(urlsplit(url).query))
    started = time.perf_counter()
    found = find(parse(asked["q"]), documents, sort=asked.get("sort", RELEVANCE))
    searched = time.perf_counter()
    facets_of(found.facts)
    return searched - started, time.perf_counter() - searched


def _milliseconds(times: list[tuple[float, float]]) -> list[float]:
    search, facets = zip(*times, strict=True)
    return [*milliseconds(search), *milliseconds(facets)]


def updating(pages: int, texts: Texts) -> list[float]:
    """Return median and 95th percentile, in milliseconds, of putting a changed page into the index, with the commit: on
    the clock, and of processor time."""
    chance = random.Random(4)
    times = []
    for number in range(200):
        page = Page.objects.select_related("document").get(pk=chance.randint(1, pages))
        text = texts.of(page.pk) + f" corrected{number}"
        started, started_cpu = time.perf_counter(), processor_seconds()
        with transaction.atomic():
            index.index_page(page, raw=texts.of(page.pk), current=text)
        times.append((time.perf_counter() - started, processor_seconds() - started_cpu))
    wall, cpu = zip(*times, strict=True)
    return [*milliseconds(wall), *milliseconds(cpu)]


def database_gib() -> float:
    """Return how much disk the database takes, in GiB."""
    sizes = {
        "sqlite": "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
        "postgresql": "SELECT pg_database_size(current_database())",
    }
    with connection.cursor() as cursor:
        cursor.execute(sizes[connection.vendor])
        return cursor.fetchone()[0] / 2**30
