"""The index: what is found, by whom, how it is shown, and that it follows every change."""

from __future__ import annotations

import sqlite3

import pytest
from django.db import OperationalError, connection

from documents.forms import DocumentForm
from documents.models import Document, Layer, Page
from documents.pipeline.texts import add_text, stored_line
from documents.pipeline.titles import save_details
from documents.search import Hits, find, parse, rebuild, remove_orphans, sqlite
from tests.scenes import make_read_page, make_reading
from tests.search.test_query import LISTED, random_queries

pytestmark = pytest.mark.django_db


def search(typed: str, **pages: str) -> Hits:
    return find(parse(typed), Document.objects.all(), pages=pages)


def finds(typed: str) -> bool:
    return bool(search(typed).items)


def add_layer(page: Page, layer: str, *texts: str) -> None:
    add_text(page, layer, [stored_line(line) for line in make_reading(*texts).lines], made_by="somebody")


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Hello world", "hello"), ("Hello world", "WORLD hello"), ("Hello\tworld", '"hello world"'),
        ("archives", "arch*"), ("the café", "cafe"), ("the cafe", "CAFÉ"), ("Straße", "strasse"), ("Straße", "STRAẞE"),
        ("STRASSE", "straße"), ("it's", "it's"), ("1.234,50", "1.234,50"), ("a final word", "ﬁnal"),
        ("a ﬁnal word", "final"), ("cafe\u0301", "café"), ("İstanbul", "istanbul"), ("I˙stanbul İz", "İz"),
        ("мой йод", "йод"), ("Καλημέρα", "ΚΑΛΗΜΈΡΑ"), ("한국어", "한국어"), ("ＡＢＣ", "abc"),
        ("私は東京都に住む", "東京"), ("私は東京都に住む", "京都"), ("私は東京都に住む", "東京都に"), ("山", "山"), ("富士山", "富"),
        ("がくせい", "がく"), ("ﾃｽﾄ", "テスト"), ("Hello", "hello -world"),
    ],
)  # fmt: skip
def test_it_finds_words_however_they_are_written(alice, text, typed):
    make_read_page(alice, text, title="Scan")
    assert finds(typed)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Hello world", "hello moon"), ("Hello world", '"world hello"'), ("archives", "archiv"),
        ("Hello world", "hello -world"), ("Hello world", "-moon"), ("Hello", ""), ("Hello", "+"), ("東京", "京東"), ("東京 都心", "京都"), ("archives", "ar*"),
    ],
)  # fmt: skip
def test_it_does_not_find_what_was_not_asked_for(alice, text, typed):
    make_read_page(alice, text, title="Scan")
    assert not finds(typed)


def test_it_finds_a_phrase_that_goes_on_in_the_next_line(alice):
    make_read_page(alice, "the old", "man and the sea")
    assert finds('"old man"')


def test_it_finds_titles_on_the_first_page(alice):
    page = make_read_page(alice, "Hello", title="War diary")
    (hit,) = search("diary").items
    assert hit.page == page
    assert "<mark>diary</mark>" in hit.snippet


def test_it_finds_the_raw_and_the_current_text_and_says_which(alice):
    page = make_read_page(alice, "the qnick fox")
    add_layer(page, Layer.LLM, "the quick fox")
    (raw,), (current,) = search("qnick").items, search("quick").items
    assert (raw.layer, raw.snippet) == ("raw", "the <mark>qnick</mark> fox")
    assert (current.layer, current.snippet) == ("current", "the <mark>quick</mark> fox")


def test_it_sets_pages_that_say_more_about_it_first(alice):
    make_read_page(alice, "ship ahoy", *["and something else"] * 30)
    much = make_read_page(alice, "ship ship ship")
    assert search("ship").items[0].page == much


def test_it_finds_only_among_the_documents_given(alice, bob):
    make_read_page(alice, "secret plans", scope=str(alice.pk))
    shared = make_read_page(alice, "secret plans")
    found = find(parse("secret"), Document.objects.visible_to(bob), pages={})
    assert [hit.page for hit in found.items] == [shared]
    assert found.total == 1


def test_it_narrows_down_by_columns_of_the_page(alice):
    page = make_read_page(alice, "Hallo")
    Page.objects.filter(pk=page.pk).update(language="de")
    assert search("hallo", language="de").total == 1
    assert search("hallo", language="en").total == 0


def test_it_gives_one_screen_at_a_time(alice):
    for _ in range(5):
        make_read_page(alice, "ship")
    screens = [find(parse("ship"), Document.objects.all(), pages={}, offset=offset, count=2) for offset in (0, 2, 4)]
    assert [len(hits.items) for hits in screens] == [2, 2, 1]
    assert {hits.total for hits in screens} == {5}
    assert len({hit.page.pk for hits in screens for hit in hits.items}) == 5


def test_it_stops_counting_and_shows_the_newest_when_a_word_is_everywhere(alice, monkeypatch):
    monkeypatch.setattr(sqlite, "COUNT_LIMIT", 3)
    pages = [make_read_page(alice, "ship") for _ in range(4)]
    hits = search("ship")
    assert (hits.total, hits.is_capped, hits.sorted_by) == (2, True, "newest")
    assert hits.items[0].page == pages[-1]


def test_it_stops_a_search_that_takes_too_long(alice, monkeypatch):
    make_read_page(alice, "ship")
    monkeypatch.setattr(sqlite, "SECONDS", -1)
    monkeypatch.setattr(sqlite, "_where", lambda *args: (f"FROM page_fts f, ({ENDLESS}) WHERE f.title MATCH 'x'", []))
    assert search("ship") == Hits(timed_out=True)
    monkeypatch.undo()
    assert finds("ship"), "the next search has all its time again"


ENDLESS = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t"


def test_it_does_not_take_other_faults_for_a_lack_of_time():
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE page_fts")
    with pytest.raises(OperationalError):
        search("ship")


@pytest.mark.parametrize("typed", LISTED, ids=range(len(LISTED)))
def test_it_answers_whatever_people_type(alice, typed):
    make_read_page(alice, "Hello")
    assert not search(typed).timed_out


def test_it_answers_any_random_input(alice):
    make_read_page(alice, "a é ß 京 ½ 0")
    totals = [search(typed).total for typed in random_queries()]
    assert set(totals) == {0, 1}


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "</mark><img src=x>", "&lt;b&gt; \x02\x03"])
def test_it_shows_hostile_text_as_text(alice, hostile):
    make_read_page(alice, f"ship {hostile} ahoy")
    (hit,) = search("ship").items
    assert hit.snippet.startswith("<mark>ship</mark> ")
    assert hit.snippet.count("<") == 2


def test_it_takes_no_marks_from_titles(alice):
    make_read_page(alice, "Hello", title="\x02<b>\x03 ship\0")
    (hit,) = search("ship").items
    assert hit.snippet == "&lt;b&gt; <mark>ship</mark> — Hello"


def test_it_forgets_a_reading_when_the_page_is_read_again(alice):
    page = make_read_page(alice, "old words")
    add_layer(page, Layer.OCR, "new words")
    assert finds("new")
    assert not finds("old")


def test_it_follows_what_people_write_and_keeps_the_raw_text_findable(alice):
    page = make_read_page(alice, "Helo")
    add_layer(page, Layer.HUMAN, "Hello")
    assert finds("hello")
    assert finds("helo")


def test_it_follows_a_title_that_is_changed(alice):
    document = make_read_page(alice, "Hello", title="Old name").document
    form = DocumentForm({"title": "New name", "tags": "", "language": ""}, instance=document)
    assert form.is_valid()
    save_details(form)
    assert finds("new hello")
    assert not finds("old")


def test_it_finds_the_title_of_a_document_that_waits_to_be_read(alice):
    page = make_read_page(alice, title="Scan")
    form = DocumentForm({"title": "Renamed"}, instance=page.document)
    assert form.is_valid()
    save_details(form)
    assert finds("renamed")


def test_it_finds_nothing_of_deleted_documents_and_sweeps_their_rows_away(alice):
    page = make_read_page(alice, "Hello")
    kept = make_read_page(alice, "Hello")
    page.document.delete()
    assert [hit.page for hit in search("hello").items] == [kept]
    assert remove_orphans() == 1
    assert remove_orphans() == 0
    assert finds("hello")


def test_it_can_be_written_anew_from_the_texts(alice):
    page = make_read_page(alice, "Helo", title="Greeting")
    add_layer(page, Layer.HUMAN, "Hello")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM page_fts")
    assert rebuild() == 1
    assert all(finds(typed) for typed in ("helo", "hello", "greeting"))


def test_it_speaks_to_an_sqlite_that_has_fts5():
    options = {row[0] for row in sqlite3.connect(":memory:").execute("PRAGMA compile_options")}
    assert "ENABLE_FTS5" in options
