"""Pages for `bench review`, written straight into the data folder that DATA_DIR names. Run as a program by it."""

from __future__ import annotations

import io
import json
import random

import django
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw, ImageFont

LINES, WORDS_PER_LINE = 300, 10
DOUBTFUL = 50
SIZE = (2480, 10_000)
"""The width of A4 at 300 dpi; high enough that 300 lines stand on it without touching."""
ROW = 32


def main() -> None:
    """Make a page of 3,000 words and one with 50 doubtful ones; print their ids as JSON."""
    from django.contrib.auth import get_user_model
    from wordfreq import top_n_list

    words = [word for word in top_n_list("en", 3000) if word.isalpha() and len(word) > 2]
    owner = get_user_model().objects.get(is_superuser=True)
    chance = random.Random(7)
    large = [[(chance.choice(words), chance.random() < 0.06, "") for _ in range(WORDS_PER_LINE)] for _ in range(LINES)]
    print(json.dumps({"large": make_page(owner, large), "doubtful": make_page(owner, doubtful(words, chance))}))


def doubtful(words: list[str], chance: random.Random) -> list[list[tuple[str, bool, str]]]:
    """Return rows of (word, doubtful, what another engine read) with 50 doubtful words: half are right as they are, of
    the others the second engine has the right reading. The right word of each place is in capitals for the reviewer.
    """
    rows = [[(chance.choice(words), False, "") for _ in range(WORDS_PER_LINE)] for _ in range(DOUBTFUL)]
    for number, row in enumerate(rows):
        right = row[4][0]
        row[4] = (right.upper(), True, right) if number % 2 else (f"{right[:-1]}¦", True, right.upper())
    return rows


def make_page(owner, rows: list[list[tuple[str, bool, str]]]) -> int:
    """Store a read page with these words, its picture, and what the model would add to it. Return its id."""
    from documents.models import Layer, Page, PageStatus
    from documents.ocr.base import Alternative, Line, Word
    from documents.pipeline.texts import add_text, stored_line
    from tests.scenes import make_document

    page = make_document(owner, status="done").pages.get()
    paper = Image.new("L", SIZE, 250)
    pen, font, lines = ImageDraw.Draw(paper), ImageFont.load_default(24), []
    for number, row in enumerate(rows):
        top, left, placed = 60 + ROW * number, 120, []
        for text, is_doubtful, other in row:
            pen.text((left, top), text, fill=20, font=font)
            right = left + int(pen.textlength(text, font=font))
            others = (Alternative(other, "tesseract", 0.5),) if other else ()
            placed.append(Word(text, (left, top, right, top + 26), 0.4 if is_doubtful else 0.97, others))
            left = right + 12
        text = " ".join(word.text for word in placed)
        lines.append(Line(text, (120, top, left, top + 26), 0.9, tuple(placed), block=number // 20))
    buffer = io.BytesIO()
    paper.save(buffer, "JPEG", quality=80)
    name = default_storage.save(f"bench/{page.pk}.jpg", ContentFile(buffer.getvalue()))
    fields = {"status": PageStatus.DONE, "picture": name, "width": SIZE[0], "height": SIZE[1]}
    Page.objects.filter(pk=page.pk).update(**fields)
    page.refresh_from_db()
    add_text(page, Layer.OCR, [stored_line(line) for line in lines], made_by="made up")
    return page.pk


if __name__ == "__main__":
    django.setup()
    main()
