"""A very big archive, quickly: pages with little but their text, written in large pieces, indexed at the end."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from itertools import accumulate

from django.contrib.auth import get_user_model
from django.core.management.color import no_style
from django.db import connection, transaction
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
        with transaction.atomic():
            documents = [_document(n, chance, owners, types, [None] * 8 + [hidden, open_to_all]) for n in some]
            moments = [document.created_at for document in documents]
            Document.objects.bulk_create(documents)
            for document, moment in zip(documents, moments, strict=True):
                document.created_at = moment  # auto_now_add has put another one in its place
            Document.objects.bulk_update(documents, ["created_at"], batch_size=200)
            through = Document.tags.through
            through.objects.bulk_create(
                through(document_id=d.pk, tag_id=tag.pk)
                for d in documents for tag in chance.sample(tags, k=chance.choice((0, 1, 1, 2)))
            )  # fmt: skip
            rows = list(_pages(documents, chance, pages))
            PageText.objects.bulk_create(_text(page, texts) for page in rows)
            Page.objects.bulk_create(rows)
    _reset_sequences()


def _document(number: int, chance: random.Random, owners: list, types: list, collections: list) -> Document:
    owner = chance.choice(owners)
    return Document(
        pk=number, owner=owner, title=f"Scan {own_word(number)} {number}", original_name=f"scan{number}.pdf",
        original=f"originals/none/{number}", kind="pdf", sha256=f"{number:064x}", size=1, page_count=EACH,
        status=DocumentStatus.DONE, lane=Lane.BULK, scope=str(owner.pk) if chance.random() < 0.05 else "",
        document_type=chance.choice(types), collection=chance.choice(collections),
        created_at=now() - chance.random() * YEARS,
    )  # fmt: skip


def _pages(documents: list[Document], chance: random.Random, last: int) -> Iterator[Page]:
    for document in documents:
        for number in range(1, EACH + 1):
            key = (document.pk - 1) * EACH + number
            if key <= last:
                language = "en" if chance.random() < 0.8 else "de"
                yield Page(
                    pk=key, document=document, number=number, status=PageStatus.DONE, current_id=key,
                    width=1240, height=1754, dpi=150, language=language, languages=f",{language},",
                )  # fmt: skip


def _text(page: Page, texts: Texts) -> PageText:
    return PageText(
        pk=page.pk, page_id=page.pk, version=1, layer=Layer.OCR, text=texts.of(page.pk), lines=[], made_by="bench",
        confidence=0.5 + page.pk % 50 / 100, seconds=1,
    )  # fmt: skip


def _reset_sequences() -> None:
    """Let new rows get new numbers: these had theirs given."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Document, Page, PageText]):
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")
