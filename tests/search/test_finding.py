"""What is found, by whom, and that the index follows every change. The same on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection

from documents.forms import DocumentForm
from documents.models import Collection, Document, DocumentStatus, DocumentType, Layer, Page, PageText
from documents.pipeline.texts import add_text, stored_line
from documents.pipeline.titles import save_details
from documents.search import (
    Found,
    all_documents,
    all_pages,
    find,
    finding,
    index,
    parse,
    remove_orphans,
)  # fmt: skip
from tests.scenes import make_read_page, make_reading
from tests.search.test_query import LISTED, random_queries

pytestmark = pytest.mark.django_db


def search(typed: str, sort: str = finding.RELEVANCE) -> Found:
    return find(parse(typed), Document.objects.all(), sort=sort)


def finds(typed: str) -> bool:
    """Return whether a page with the very words is found."""
    found = search(typed)
    return len(found.page_ids) > len(found.near)


def add_layer(page: Page, layer: str, *texts: str) -> None:
    add_text(page, layer, [stored_line(line) for line in make_reading(*texts).lines], made_by="somebody")


def empty_the_index() -> None:
    table = "page_search" if connection.vendor == "postgresql" else "page_fts"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Hello world", "hello"), ("Hello world", "WORLD hello"), ("Hello\tworld", '"hello world"'),
        ("archives", "arch*"), ("the café", "cafe"), ("the cafe", "CAFÉ"), ("Straße", "strasse"), ("Straße", "STRAẞE"),
        ("STRASSE", "straße"), ("it's", "it's"), ("1.234,50", "1.234,50"), ("a final word", "ﬁnal"), ("waſſer", "wasser"),
        ("a ﬁnal word", "final"), ("cafe\u0301", "café"), ("İstanbul", "istanbul"), ("I˙stanbul İz", "İz"), ("œuvre", "oeuvre"),
        ("мой йод", "йод"), ("Καλημέρα", "ΚΑΛΗΜΈΡΑ"), ("한국어", "한국어"), ("ＡＢＣ", "abc"),
        ("私は東京都に住む", "東京"), ("私は東京都に住む", "京都"), ("私は東京都に住む", "東京都に"), ("山", "山"), ("富士山", "富"),
        ("がくせい", "がく"), ("ﾃｽﾄ", "テスト"), ("Hello", "hello -world"), ("ship and boat", "ship OR train"),
        ("Hello", "-moon"), ("Hello", '-"world hello"'), ("Hello moon", "-(hello world)"), ("Hello", "-hello OR -moon"),
        ("ship and boat", "(train OR ship) boat"), ("ship", "ship -(boat train)"), ("ship boat", "ship -(boat train)"),
        ("12e5 x1", "12e5"), ("a/b/c.txt e-mail@example.org", "example"), ("-15.5", "15"), ("www.example.org/a?b=c", "www"),
    ],
)  # fmt: skip
def test_it_finds_words_however_they_are_written(alice, text, typed):
    make_read_page(alice, text, title="Scan")
    assert finds(typed)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Hello world", "hello moon"), ("Hello world", '"world hello"'), ("archives", '"archiv"'),
        ("Hello world", "hello -world"), ("Hello world", "-hello"), ("Hello world", "-moon -world"),
        ("Hello world", "-(hello OR moon)"), ("archives", "-arch*"), ("東京", "-東京"), ("Hello", ""), ("Hello", "+"), ("東京", "京東"),
        ("東京 都心", "京都"), ("archives", "ar*"), ("ship boat", "ship -(boat OR train)"), ("ship", "(boat OR train) ship"),
    ],
)  # fmt: skip
def test_it_does_not_find_what_was_not_asked_for(alice, text, typed):
    make_read_page(alice, text, title="Scan")
    assert not finds(typed)


def test_it_finds_a_phrase_that_goes_on_in_the_next_line(alice):
    make_read_page(alice, "the old", "man and the sea")
    assert finds('"old man"')


def test_it_finds_words_cut_at_a_lines_end_whole_and_in_halves(alice):
    make_read_page(alice, "die Wirt-", "schaft und twenty-", "five")
    assert all(finds(typed) for typed in ("wirtschaft", '"wirtschaft und"', "schaft", "twenty-five"))


def test_it_finds_titles_on_the_first_page_only(alice):
    page = make_read_page(alice, "Hello", title="War diary", pages=1)
    assert search("diary").page_ids == (page.pk,)


def test_it_finds_the_raw_and_the_current_text(alice):
    page = make_read_page(alice, "the qnick fox")
    add_layer(page, Layer.LLM, "the quick fox")
    assert search('"qnick"').page_ids == search('"quick"').page_ids == (page.pk,)


@pytest.mark.parametrize(
    ("read", "typed"),
    [
        ("modem times", "modern"),
        ("he11o", "hello"),
        ("parlsh regisler", "parish register"),
        ("Govermnent", "government"),
    ],
)
def test_it_finds_words_that_ocr_has_misread(alice, read, typed):
    page = make_read_page(alice, read)
    found = search(typed)
    assert (found.page_ids, found.near) == ((page.pk,), {page.pk})


@pytest.mark.parametrize("typed", ['"modern"', "mode*", "modern -modem"])
def test_it_takes_quotes_and_stars_at_their_word(alice, typed):
    make_read_page(alice, "a modem")
    assert '"' not in typed or not search(typed).page_ids
    assert "-" not in typed or not search(typed).page_ids


def test_the_very_words_come_before_words_like_them(alice):
    near = make_read_page(alice, "modem modem modem")
    exact = make_read_page(alice, "modern", *["something else"] * 20)
    newer = make_read_page(alice, "modem")
    found = search("modern")
    assert found.page_ids[0] == exact.pk
    assert found.near == {near.pk, newer.pk}


def test_of_words_like_them_the_nearest_come_first(alice):
    nearest = make_read_page(alice, "the ohicks")  # c and o look alike to OCR
    farther = make_read_page(alice, "the cheeks and the cheeks")
    newest = make_read_page(alice, "the chimes of the cheeks")
    assert search("chicks").page_ids == (nearest.pk, newest.pk, farther.pk)
    one_is_exact = make_read_page(alice, "a modern barm")
    none_is = make_read_page(alice, "a modem barm")
    assert search("modern barn").page_ids == (one_is_exact.pk, none_is.pk)


def test_another_number_is_another_thing(alice):
    make_read_page(alice, "invoice 1915")
    assert not search("1914").page_ids


def test_it_sets_pages_that_say_more_about_it_first(alice):
    much = make_read_page(alice, "ship ship ship")
    make_read_page(alice, "ship ahoy", *["and something else"] * 30)
    assert search("ship").page_ids[0] == much.pk


def test_it_sorts_by_date_and_by_confidence(alice):
    first, second, third = (make_read_page(alice, "ship") for _ in range(3))
    PageText.objects.filter(page=second).update(confidence=0.1)
    assert search("ship", finding.NEWEST).page_ids == (third.pk, second.pk, first.pk)
    assert search("ship", finding.OLDEST).page_ids == (first.pk, second.pk, third.pk)
    assert search("ship", finding.CONFIDENCE).page_ids[0] == second.pk


def test_it_finds_only_among_the_documents_given(alice, bob):
    make_read_page(alice, "secret plans", scope=str(alice.pk))
    shared = make_read_page(alice, "secret plans")
    assert find(parse("secret"), Document.objects.visible_to(bob)).page_ids == (shared.pk,)


@pytest.mark.parametrize("oldest", [False, True])
def test_it_stops_at_a_thousand_and_shows_the_newest(alice, monkeypatch, oldest):
    monkeypatch.setattr(finding, "LIMIT", 3)
    pages = [make_read_page(alice, "ship").pk for _ in range(5)]
    found = search("ship", finding.OLDEST if oldest else finding.RELEVANCE)
    assert (found.total, found.is_capped) == (3, True)
    assert found.page_ids == (tuple(pages[:3]) if oldest else tuple(reversed(pages[2:])))


@pytest.fixture
def wanted(alice, bob) -> Document:
    """A document that every filter below finds, beside one that none does."""
    make_read_page(bob, "ship", title="Other")
    page = make_read_page(alice, "ship", title="War diary", status=DocumentStatus.DONE)
    page.document.tags.create(name="Sea")
    Page.objects.filter(pk=page.pk).update(language="de", languages=",de,fr,")
    PageText.objects.filter(page=page).update(made_by="Tesseract 5")
    Document.objects.filter(pk=page.document_id).update(
        status=DocumentStatus.DONE, created_at=datetime(2020, 5, 5, 23, 30, tzinfo=UTC),
        document_type=DocumentType.objects.create(name="Diary"),
        collection=Collection.objects.create(name="Navy", owner=alice),
    )  # fmt: skip
    return Document.objects.get(pk=page.document_id)


FIELDS = [
    "tag:sea", 'tag:"Sea"', "lang:de", "lang:fr", "lang:German", "date:2020", "date:2020-05", "date:2020-05-05",
    "date:2019..2020", "date:..2020-05-05", "status:done", "uploader:ALICE", "engine:tesseract", "type:diary",
    "collection:navy", "title:diary", 'title:"war diary"', "title:dia*", "-tag:land tag:sea", "status:unapproved lang:de",
    "tag:sea OR tag:land", "(tag:sea lang:de) OR title:nothing", "-uploader:bob",
]  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("words", ["", "ship "])
def test_it_narrows_down_by_fields(wanted, field, words):
    found = search(f"{words} ({field})")
    assert found.page_ids == (wanted.pages.get().pk,)
    assert found.hints == ()


@pytest.mark.parametrize(
    "field",
    ["tag:land", "lang:en", "date:..2020-05-04", "status:cancelled", "uploader:carol", "engine:aspose",
     "type:letter", "collection:army", "title:peace", "-tag:sea date:2020", "uploader:alice date:2021..", "doc:999999"],
)  # fmt: skip
def test_it_narrows_down_to_nothing(wanted, field):
    assert search(f"ship {field}").page_ids == ()


@pytest.mark.parametrize("field", ["date:soon", "date:2024-13", "lang:xx", "status:odd", "date:.."])
def test_a_field_that_makes_no_sense_is_left_out_with_a_hint(wanted, field):
    found = search(f"ship {field}")
    assert found.total == 2
    assert field.partition(":")[0] in found.hints[0]


@pytest.mark.parametrize("typed", LISTED, ids=range(len(LISTED)))
def test_it_answers_whatever_people_type(alice, typed):
    make_read_page(alice, "Hello")
    assert not search(typed).timed_out


def test_it_answers_any_random_input(alice):
    make_read_page(alice, "a é ß 京 ½ 0 bc d e京都")
    assert all(search(typed).total <= 1 for typed in random_queries())


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


def test_it_finds_nothing_of_deleted_documents(alice):
    page, kept = make_read_page(alice, "Hello"), make_read_page(alice, "Hello")
    page.document.delete()
    assert search("hello").page_ids == (kept.pk,)
    remove_orphans()
    assert remove_orphans() == 0
    assert finds("hello")


def test_the_database_finds_out_that_its_index_is_damaged(alice):
    page = make_read_page(alice, "Hello")
    assert index.database().problem() == ""
    if connection.vendor == "postgresql":
        empty_the_index()
    else:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM page_fts_content WHERE id = %s", [page.pk])
    assert index.database().problem()


def test_all_that_fulfils_a_question_can_be_had(alice, monkeypatch):
    monkeypatch.setattr(finding, "LIMIT", 1)
    pages = [make_read_page(alice, "ship") for _ in range(3)]
    make_read_page(alice, "boat")
    everybodys = Document.objects.all()
    assert list(all_pages(parse("ship"), everybodys).values_list("pk", flat=True)) == [
        page.pk for page in reversed(pages)
    ]
    assert sorted(all_documents(parse("ship uploader:alice"), everybodys)) == [page.document_id for page in pages]
    assert all_documents(parse(""), everybodys) == []


def test_all_that_is_found_is_what_the_list_shows_with_words_like_them(alice):
    exact, near = make_read_page(alice, "modern"), make_read_page(alice, "modem")
    make_read_page(alice, "boat")
    everybodys = Document.objects.all()
    assert [page.pk for page in all_pages(parse("modern"), everybodys)] == [near.pk, exact.pk]
    assert all_documents(parse("modern"), everybodys[:0] | everybodys.filter(pk=near.document_id)) == [near.document_id]
