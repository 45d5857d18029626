"""What a search looks at, however big the archive and however common the words; and that it says so."""

from __future__ import annotations

import pytest
from django.db import connection

from documents.models import Document, Page
from documents.search import finding, index, parse, postgres
from tests.scenes import make_document, make_read_page

pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="It is about PostgreSQL's index.")


def search(typed: str, sort: str = finding.RELEVANCE, *, is_patient: bool = False) -> finding.Found:
    return finding.find(parse(typed), Document.objects.all(), sort=sort, is_patient=is_patient)


def test_a_title_word_of_too_many_documents_is_looked_for_in_the_newest(alice, monkeypatch):
    monkeypatch.setattr("documents.search.titles.MOST", 2)
    pages = [make_read_page(alice, "ship", title=f"Scan {number}") for number in range(3)]
    found = search("ship title:scan")
    assert set(found.page_ids) == {pages[1].pk, pages[2].pk}
    assert "title" in found.hints[0]
    assert not search("ship title:2").hints


def test_an_unwanted_title_word_is_kept_out_of_all_documents(alice, monkeypatch):
    monkeypatch.setattr("documents.search.titles.MOST", 2)
    for number in range(3):
        make_read_page(alice, "ship", title=f"Scan {number}")
    wanted = make_read_page(alice, "ship", title="Letter")
    assert search("ship -title:scan").page_ids == (wanted.pk,)


def test_of_pages_with_words_alike_no_more_are_shown_than_are_enough(alice, monkeypatch):
    monkeypatch.setattr(finding, "ENOUGH", 2)
    for _ in range(4):
        make_read_page(alice, "modem")
    exact = make_read_page(alice, "modern")
    found = search("modern")
    assert found.page_ids[0] == exact.pk
    assert len(found.near) == 2


def test_of_no_pages_none_is_found(alice):
    make_read_page(alice, "ship")
    assert list(index.database().matching(Page.objects.none(), parse("ship").text, limit=5)) == []


SHARES = {"the": 0.9, "of": 0.5, "ship": 0.1, "ships": 0.1}


@pytest.mark.parametrize(
    ("typed", "share"),
    [
        ("the", 0.9), ("zebra", 0), ("the of", 0.45), ('"the of"', 0.45), ("the zebra", 0), ("the OR zebra", 0.9),
        ("zebra OR quagga", 0), ("ship*", 0.2), ("ship -zebra", 0.1), ("(ship OR of) the", 0.45),
    ],
)  # fmt: skip
def test_words_that_postgresqls_statistics_do_not_list_count_as_rare(typed, share):
    assert postgres._share(parse(typed).text, SHARES) == pytest.approx(share)


@on_postgresql
@pytest.mark.parametrize(("sort", "places"), [(finding.NEWEST, [2, 1]), (finding.OLDEST, [0, 1])])
def test_of_common_words_so_many_pages_are_gone_through_and_no_more(alice, monkeypatch, sort, places):
    monkeypatch.setattr(postgres, "is_common", lambda text: True)
    monkeypatch.setattr(postgres, "LOOKED_AT", 2)
    pages = [make_read_page(alice, "the ship") for _ in range(3)]
    found = search('"the ship"', sort)
    assert found.page_ids == tuple(pages[place].pk for place in places)
    assert found.timed_out
    assert "stopped before" in found.hints[0]
    patient = search('"the ship"', sort, is_patient=True)
    assert set(patient.page_ids) == {page.pk for page in pages}
    assert not patient.timed_out
    assert not patient.hints


@on_postgresql
def test_of_rare_words_all_pages_are_found(alice, monkeypatch):
    monkeypatch.setattr(postgres, "LOOKED_AT", 2)
    for _ in range(3):
        make_read_page(alice, "the ship")
    assert len(search('"the ship"').page_ids) == 3
    assert not search('"the ship"').timed_out


def numbered(owner, number: int, text: str) -> Page:
    """Return a page of that id, in the index."""
    page = Page.objects.create(pk=number, document=make_document(owner, pages=0), number=1)
    index.index_page(page, raw=text, current=text)
    return page


def test_the_newest_pages_are_found_first_wherever_they_stand(alice, monkeypatch):
    monkeypatch.setattr(finding, "LIMIT", 3)
    numbers = [7, 9_000, 65_536, 70_000, 200_000, 1_000_000]
    for number in numbers:
        numbered(alice, number, "ship")
    numbered(alice, 1_200_000, "boat")
    found = search("ship", finding.NEWEST)
    assert found.page_ids == (1_000_000, 200_000, 70_000)
    assert found.is_capped
    assert search("ship", finding.OLDEST).page_ids == (7, 9_000, 65_536)


@pytest.mark.parametrize("is_newest_first", [True, False])
@pytest.mark.parametrize("last", [0, 5, 8_191, 8_192, 65_535, 65_536, 70_000, 1_000_000])
def test_the_steps_lead_through_every_page_once_and_in_order(last, is_newest_first):
    seen = [number for step in postgres.steps_through(last, is_newest_first=is_newest_first) for number in step]
    blocks = []
    for number in seen:
        shelf = -1 - number
        whole = range(shelf * postgres.SHELF, (shelf + 1) * postgres.SHELF)
        blocks += [number] if number >= 0 else whole[::-1] if is_newest_first else whole
    assert blocks == sorted(blocks, reverse=is_newest_first)
    assert len(blocks) == len(set(blocks))
    assert set(blocks) >= set(range(last // postgres.BLOCK + 1))


@on_postgresql
@pytest.mark.parametrize("typed", ["ship", "ship type:map"])
def test_what_the_index_knows_of_a_pages_document_is_only_a_lead(alice, bob, typed):
    page = make_read_page(bob, "ship", scope=str(bob.pk))
    mine = make_document(alice)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE page_search SET document_id = %s WHERE page_id = %s", [mine.pk, page.pk])
    seen = Document.objects.visible_to(alice)
    assert not finding.find(parse("ship"), seen).page_ids
    assert not list(finding.all_pages(parse("ship"), seen))


@pytest.mark.parametrize(
    "typed",
    [
        "ship", "ship boat", "ship OR captain", '"old ship"', '"ship old"', "capt*", "ship -boat",
        "(ship OR captain) -old", "京都", "東", "日誌", "half", "halfway", '"sea log"', "log", "seal",
    ],
)  # fmt: skip
def test_pages_read_one_by_one_are_the_same_that_the_index_finds(alice, typed):
    for text in ("the old ship", "a ship and a boat", "the captain of the boat", "東京都の日誌", "half-\nway", "shipping"):
        make_read_page(alice, *text.split("\n"), title="sea log")
    text, documents = parse(typed).text, list(Document.objects.values_list("pk", flat=True))
    by_index = index.database().matching(Page.objects.all(), text, limit=100)
    one_by_one = index.database().matching(Page.objects.all(), text, limit=100, among=documents)
    assert list(one_by_one) == list(by_index)
    assert bool(by_index) == (typed not in ('"ship old"', "seal"))


@pytest.mark.parametrize("word", ["registrar", "regis" + "t" * 60, "register東京"])
def test_every_word_is_found_by_its_beginning(alice, word):
    page = make_read_page(alice, f"the {word}")
    assert search("regis*").page_ids == (page.pk,)
    assert search(f"{word[:5]}* the").page_ids == (page.pk,)


@on_postgresql
def test_a_beginning_of_too_many_words_is_left_to_the_index(alice, monkeypatch):
    monkeypatch.setattr(postgres, "MOST_BEGINNINGS", 1)
    pages = [make_read_page(alice, word) for word in ("registrar", "register")]
    assert set(search("regis*").page_ids) == {page.pk for page in pages}


@pytest.mark.django_db
def test_an_index_made_by_hand_leads_from_a_tag_to_its_documents():
    with connection.cursor() as cursor:
        known = connection.introspection.get_constraints(cursor, Document.tags.through._meta.db_table)
    assert known["tag_documents"]["columns"] == ["tag_id", "document_id"]
