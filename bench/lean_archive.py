"""A very big archive, quickly: pages with little but their text, written in large pieces, indexed at the end."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import timedelta
from itertools import accumulate
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model
from django.utils.timezone import now
from tqdm import tqdm
from wordfreq import top_n_list

from documents.models import (
    Collection,
    Document,
    DocumentStatus,
    DocumentType,
    Lane,
    Layer,
    Page,
    PageStatus,
    PageText,
    Tag,
)  # fmt: skip

VOCABULARY, LINES, WORDS_PER_LINE = 20_000, 16_000, 8
EACH, CHUNK = 5, 1000  # pages per document, documents per transaction
OWNERS, TAGS, TYPES = ("alice", "bob", "carol", "dave"), 20, ("Letter", "Map", "Receipt")
YEARS = timedelta(days=3650)


class Texts:
    """The texts of the pages: lines of words drawn by Zipf's law (1949), and a word that stands on one page alone."""

    def __init__(self, words: int) -> None:
        """`words` stand on a page, about: whole lines of eight."""
        chance = random.Random(1)
        self.words = [word for word in top_n_list("en", 2 * VOCABULARY) if word.isalpha()][:VOCABULARY]
        weights = list(accumulate(1 / rank for rank in range(1, len(self.words) + 1)))
        self._lines = [
            " ".join(chance.choices(self.words, cum_weights=weights, k=WORDS_PER_LINE)) for _ in range(LINES)
        ]
        self._count = max(1, words // WORDS_PER_LINE)

    def of(self, page: int) -> str:
        """Return the text of the page with this number, counted from 1; the same every time."""
        lines = random.Random(page).choices(self._lines, k=self._count)
        return "\n".join([f"{lines[0]} {own_word(page)}", *lines[1:]])


def own_word(page: int) -> str:
    """Return a word of letters that stands on this page alone; those of neighbours are not alike."""
    letters, page = [], page * 2_654_435_761 % 20**6  # Knuth's multiplicative hashing: one to one
    for _ in range(6):
        page, place = divmod(page, 20)
        letters.append("bcdfghjklmnpqrstvwxz"[place] + "aeiou"[(page + place) % 5])
    return "".join(letters)


def fill(pages: int, texts: Texts) -> None:
    """Write that many pages, five to a document; nothing is indexed yet."""
    chance = random.Random(2)
    owners = [get_user_model().objects.get_or_create(username=name)[0] for name in OWNERS]
    tags = [Tag.objects.get_or_create(name=f"Box {number}")[0] for number in range(TAGS)]
    types = [DocumentType.objects.get_or_create(name=name)[0] for name in TYPES]
    hidden = Collection.objects.create(name="Hidden", owner=owners[3])
    open_to_all = Collection.objects.create(name="Open", owner=owners[3], is_open=True)
    numbers = range(1, -(-pages // EACH) + 1)
    for first in tqdm(numbers[::CHUNK], desc="documents", unit=f"{CHUNK}", disable=None):
        some = range(first, min(first + CHUNK, numbers.stop))
        keys = range((some.start - 1) * EACH + 1, min((some.stop - 1) * EACH, pages) + 1)
        with transaction.atomic():
            done = {"status": DocumentStatus.DONE, "lane": Lane.BULK}
            _insert(Document(kind="pdf", size=1, page_count=EACH, **done), (
                _document(number, chance, owners, types, [None] * 8 + [hidden.pk, open_to_all.pk]) for number in some
            ))  # fmt: skip
            _insert(Document.tags.through(), (
                {"document_id": number, "tag_id": tag.pk}
                for number in some for tag in chance.sample(tags, k=chance.choice((0, 1, 1, 2)))
            ))  # fmt: skip
            _insert(PageText(version=1, layer=Layer.OCR, made_by="bench", seconds=1), (
                {"id": key, "page_id": key, "text": texts.of(key), "confidence": 0.5 + key % 50 / 100} for key in keys
            ))  # fmt: skip
            usual = Page(status=PageStatus.DONE, width=1240, height=1754, dpi=150)
            _insert(usual, (_page(key, chance) for key in keys))
    _reset_sequences()


def _insert(usual: Model, rows: Iterable[dict[str, Any]]) -> None:
    """Write a row for each of `rows`, whose columns differ from those of `usual`: ten times as fast as bulk_create."""
    prepared = {
        field.column: field.get_db_prep_save(field.pre_save(usual, add=True), connection)
        for field in usual._meta.concrete_fields if field.column != "id"  # the database numbers rows that have none
    }  # fmt: skip
    rows = [prepared | row for row in rows]
    names, places = ", ".join(rows[0]), ", ".join(["%s"] * len(rows[0]))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {usual._meta.db_table} ({names}) VALUES ({places})", [tuple(row.values()) for row in rows]
        )


def _document(number: int, chance: random.Random, owners: list, types: list, collections: list) -> dict[str, Any]:
    owner = chance.choice(owners).pk
    moment = now() - chance.random() * YEARS
    return {
        "id": number, "owner_id": owner, "title": f"Scan {own_word(number)} {number}", "sha256": f"{number:064x}",
        "original_name": f"scan{number}.pdf", "scope": str(owner) if chance.random() < 0.05 else "",
        "document_type_id": chance.choice(types).pk, "collection_id": chance.choice(collections),
        "created_at": connection.ops.adapt_datetimefield_value(moment),
    }  # fmt: skip


def _page(key: int, chance: random.Random) -> dict[str, Any]:
    language = "en" if chance.random() < 0.8 else "de"
    return {
        "id": key, "document_id": (key - 1) // EACH + 1, "number": (key - 1) % EACH + 1, "current_id": key,
        "language": language, "languages": f",{language},",
    }  # fmt: skip


def _reset_sequences() -> None:
    """Let new rows get new numbers: these had theirs given."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Document, Page, PageText]):
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")  # as autovacuum does by itself, a while later
