"""What a search looks at, however big the archive and however common the words; and that it says so."""

from __future__ import annotations

import pytest
from django.db import connection

from documents.models import Document, Page
from documents.search import finding, index, parse, postgres
from tests.scenes import make_read_page

pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite's index knows places of words.")


def search(typed: str, sort: str = finding.RELEVANCE) -> finding.Found:
    return finding.find(parse(typed), Document.objects.all(), sort=sort)


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


@on_postgresql
def test_of_rare_words_all_pages_are_found(alice, monkeypatch):
    monkeypatch.setattr(postgres, "LOOKED_AT", 2)
    for _ in range(3):
        make_read_page(alice, "the ship")
    assert len(search('"the ship"').page_ids) == 3
    assert not search('"the ship"').timed_out
