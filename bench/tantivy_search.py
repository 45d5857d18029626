"""Tantivy, paperless-ngx's engine, on the same texts: the bare index, without a web page or rights around it."""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable

import tantivy
from django.conf import settings

from bench import report
from bench.lean_archive import Texts, own_word
from bench.screens import milliseconds


def main(options: list[str]) -> None:
    """Print how long it takes to index and to search."""
    parser = argparse.ArgumentParser(prog="python -m bench scale")
    for name in ("--pages", "--words", "--requests"):
        parser.add_argument(name, type=int, required=True)
    asked = parser.parse_args(options)
    texts = Texts(asked.words)
    started = time.perf_counter()
    index = indexed(asked.pages, texts)
    report.table(["step", "seconds"], [["write the index", time.perf_counter() - started]])
    size = sum(path.stat().st_size for path in (settings.DATA_DIR / "index").rglob("*")) / 2**30
    report.say(f"The index takes {size:.1f} GiB.")
    report.table(["search", "p50 ms", "p95 ms"], searched(index, asked.pages, texts, asked.requests))
    report.table(["step", "p50 ms", "p95 ms"], [["index update of one page", *updating(index, asked.pages, texts)]])


def indexed(pages: int, texts: Texts) -> tantivy.Index:
    """Return an index with the texts of all pages; texts are kept, as snippets need them."""
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("page", stored=True, indexed=True, fast=True)
    builder.add_text_field("text", stored=True)
    folder = settings.DATA_DIR / "index"
    folder.mkdir(parents=True, exist_ok=True)
    index = tantivy.Index(builder.build(), path=str(folder))
    writer = index.writer(256_000_000)
    for page in range(1, pages + 1):
        writer.add_document(tantivy.Document(page=page, text=texts.of(page)))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index


def searched(index: tantivy.Index, pages: int, texts: Texts, count: int) -> list[list[str | float]]:
    """Return a row per kind of search: the ten best, all hits counted, with a snippet each."""
    chance = random.Random(3)
    medium, common = texts.words[1500:2500], texts.words[:20]
    kinds: dict[str, Callable[[], str]] = {
        "rare word": lambda: own_word(chance.randint(1, pages)),
        "medium word": lambda: chance.choice(medium),
        "common word": lambda: chance.choice(common),
        "medium and common word": lambda: f"+{chance.choice(medium)} +{chance.choice(common)}",
        "two common words": lambda: f"+{chance.choice(common)} +{chance.choice(common)}",
    }
    return [[name, *milliseconds([_seconds(index, typed()) for _ in range(count)])] for name, typed in kinds.items()]


def _seconds(index: tantivy.Index, typed: str) -> float:
    started = time.perf_counter()
    query = index.parse_query(typed, ["text"])
    searcher = index.searcher()
    cut = tantivy.SnippetGenerator.create(searcher, query, index.schema, "text")
    for _score, address in searcher.search(query, 10).hits:
        cut.snippet_from_doc(searcher.doc(address)).to_html()
    return time.perf_counter() - started


def updating(index: tantivy.Index, pages: int, texts: Texts) -> list[float]:
    """Return median and 95th percentile, in milliseconds, of replacing one page and committing."""
    chance, times = random.Random(4), []
    writer = index.writer(50_000_000, 1)
    for _ in range(20):
        page = chance.randint(1, pages)
        started = time.perf_counter()
        writer.delete_documents("page", page)
        writer.add_document(tantivy.Document(page=page, text=texts.of(page) + " corrected"))
        writer.commit()
        times.append(time.perf_counter() - started)
    return milliseconds(times)
