"""A thousand words, each read with one mistake: searched for as they should read, they are found all the same."""

from __future__ import annotations

import random

import pytest
from wordfreq import top_n_list

from documents.models import Document
from documents.search import find, index_page, parse
from tests.scenes import make_document

pytestmark = pytest.mark.django_db

PAGES, EACH = 200, 5
CONFUSIONS = {
    "rn": ["m"], "m": ["rn", "nn", "in"], "cl": ["d"], "d": ["cl"], "vv": ["w"], "w": ["vv"], "h": ["b", "li"], "b": ["h", "6"],
    "e": ["c", "o"], "c": ["e", "o"], "o": ["0", "e", "c"], "l": ["1", "i", "t"], "i": ["l", "1", "j"], "t": ["l", "f", "r"],
    "f": ["t", "r"], "s": ["5", "8"], "u": ["n", "ii", "v"], "n": ["u", "ri", "r"], "a": ["o", "s", "u"], "g": ["q", "9"],
    "r": ["t", "n"], "y": ["v"], "v": ["y", "u"], "k": ["lc", "h"], "p": ["n"], "z": ["2"], "x": ["z"], "q": ["g"],
}  # fmt: skip
"""What OCR takes one another for, as evaluations since Rice, Nagy and Nartker (1999) list it."""


def misread(word: str, dice: random.Random) -> str:
    """Return the word with one mistake: mostly a confusion, now and then a letter lost, doubled or taken for any."""
    places = [(at, part) for part in CONFUSIONS for at in range(len(word)) if word.startswith(part, at)]
    at, part = dice.choice(places)
    kind = dice.random()
    if kind < 0.8:
        return word[:at] + dice.choice(CONFUSIONS[part]) + word[at + len(part) :]
    if kind < 0.87:
        return word[:at] + word[at + 1 :]
    if kind < 0.94:
        return word[:at] + word[at] + word[at:]
    return word[:at] + dice.choice("abcdefghiklmnoprstuvwz") + word[at + 1 :]


@pytest.fixture
def planted(alice) -> dict[str, int]:
    """A thousand words, each with the page where it stands with a mistake, among 20,000 other words."""
    dice = random.Random(1999)
    known = [word for word in top_n_list("en", 30_000) if word.isalpha() and word.isascii() and 5 <= len(word) <= 14]
    dice.shuffle(known)
    wanted, others = known[: PAGES * EACH], known[PAGES * EACH :]
    pages = list(make_document(alice, pages=PAGES).pages.select_related("document"))
    places = {}
    for number, page in enumerate(pages):
        words = wanted[number * EACH : (number + 1) * EACH]
        places |= dict.fromkeys(words, page.pk)
        text = " ".join([*dice.sample(others, 100), *(misread(word, dice) for word in words)])
        index_page(page, raw=text, current=text)
    return places


def test_it_finds_them_among_the_first_ten(planted):
    documents = Document.objects.all()
    found = sum(page in find(parse(word), documents).page_ids[:10] for word, page in planted.items())
    assert found >= 950, f"{found} of 1,000"
