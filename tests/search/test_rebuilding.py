"""The index is written anew beside the old one, whatever people do meanwhile."""

from __future__ import annotations

import threading
from contextlib import nullcontext
from datetime import UTC, datetime

import pytest
from django.db import connection

from documents.models import Document, IndexState, IndexWord, Layer, Page
from documents.pipeline.texts import add_text, stored_line
from documents.search import find, index, parse, postgres_build, rebuild, rebuilding, remove_pages, repair_when_due
from ocrsite.process import ChildFailed, from_child
from tests.scenes import make_read_page, make_reading

pytestmark = pytest.mark.django_db


def finds(typed: str) -> bool:
    """Return whether a page with the very words is found."""
    found = find(parse(typed), Document.objects.all())
    return len(found.page_ids) > len(found.near)


def write(page: Page, text: str) -> None:
    add_text(page, Layer.HUMAN, [stored_line(line) for line in make_reading(text).lines], made_by="somebody")


def empty_the_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {'page_search' if connection.vendor == 'postgresql' else 'page_fts'}")


def is_begun() -> bool:
    return bool({rebuilding.builder().NEW, rebuilding.builder().CHANGED} & set(connection.introspection.table_names()))


def test_it_can_be_written_anew_from_the_texts(alice):
    page = make_read_page(alice, "Helo", title="Greeting")
    write(page, "Hello modem")
    empty_the_index()
    told: list[int] = []
    assert rebuild(told.append) == 1
    assert told == [1]
    assert all(finds(typed) for typed in ("helo", "hello", "greeting"))
    assert find(parse("modern"), Document.objects.all()).near, "the words are there anew as well"
    assert not is_begun()


class FakeConnection:
    """A connection outside of any transaction, as a rebuild has it at work."""

    in_atomic_block = False

    def __init__(self) -> None:
        self.closed_in: list[int] = []

    def close(self) -> None:
        self.closed_in.append(threading.get_ident())


@pytest.mark.parametrize("fails", [False, True])
def test_postgresql_makes_its_indexes_while_another_thread_writes_the_words(monkeypatch, fails):
    fake, words, is_indexed = FakeConnection(), threading.Event(), threading.Event()

    def write_words() -> None:
        assert is_indexed.wait(10), "both go on at the same time"
        words.set()
        if fails:
            raise ValueError("no room")

    def make_indexes() -> None:
        is_indexed.set()
        assert words.wait(10), "both go on at the same time"

    monkeypatch.setattr(postgres_build, "connection", fake)
    monkeypatch.setattr(postgres_build, "_make_indexes", make_indexes)
    with pytest.raises(ValueError, match="no room") if fails else nullcontext():
        postgres_build.finish(write_words)
    (closed_in,) = fake.closed_in
    assert closed_in != threading.get_ident(), "the thread's own connection is closed, not ours"


def test_it_forgets_words_that_stand_on_no_page_any_more(alice):
    make_read_page(alice, "helo", title="Scan")
    IndexWord.objects.create(word="goodbye", key="goodbye", backwards="eybdoog", length=7)
    rebuild()
    assert set(IndexWord.objects.values_list("word", flat=True)) == {"helo", "scan"}


def test_pages_that_change_meanwhile_are_in_it_as_they_are_now(alice, monkeypatch):
    monkeypatch.setattr(rebuilding, "BATCH", 1)
    first, second, third = (make_read_page(alice, text) for text in ("one ship", "two ships", "three ships"))

    def work(done: int) -> None:
        if done == 1:
            write(first, "one boat")
            write(second, "two boats")
        if done == 3:
            remove_pages([third.pk])
            third.document.delete()
            make_read_page(alice, "four rafts")

    rebuild(work)
    assert [finds(f'"{typed}"') for typed in ("one boat", "two boats", "four rafts")] == [True] * 3
    assert finds('"one ship"'), "as it was read"
    assert find(parse("three"), Document.objects.all()).page_ids == ()
    assert index.remove_orphans() == 0
    assert find(parse("raftz"), Document.objects.all()).near, "their words are known"


def test_the_old_index_answers_until_the_end(alice):
    make_read_page(alice, "a ship")
    asked: list[bool] = []
    rebuild(lambda done: asked.append(finds("ship")))
    assert asked == [True]


def test_killed_halfway_it_leaves_the_old_index_as_it_was(alice):
    page = make_read_page(alice, "a ship")

    def die(done: int) -> None:
        raise MemoryError

    with pytest.raises(MemoryError):
        rebuild(die)
    write(page, "a boat")
    assert finds("ship")
    assert finds("boat")
    assert is_begun()
    rebuild()
    assert finds("boat")
    assert not is_begun()


def test_what_was_left_halfway_is_cleared_away_once_a_day(alice):
    make_read_page(alice, "a ship")
    rebuild()
    IndexState.objects.update(checked_at=None)
    rebuilding.builder().begin()
    assert repair_when_due() == ""
    assert not is_begun()


@pytest.mark.skipif(connection.vendor == "postgresql", reason="One session may take PostgreSQL's lock twice.")
def test_only_one_process_does_it_at_a_time(alice):
    make_read_page(alice, "a ship")
    with rebuilding.builder().alone() as is_alone:
        assert is_alone
        with pytest.raises(rebuilding.AlreadyBuilding):
            rebuild()
        assert repair_when_due() == ""
    assert repair_when_due()


def test_an_index_of_older_rules_is_written_anew(alice):
    make_read_page(alice, "Hello")
    empty_the_index()
    assert repair_when_due()
    assert finds("hello")
    assert repair_when_due() == ""


def test_it_is_checked_once_a_day(alice, monkeypatch):
    make_read_page(alice, "Hello")
    repair_when_due()
    monkeypatch.setattr(index.database(), "problem", lambda: "It is damaged.")
    assert repair_when_due() == ""
    IndexState.objects.update(checked_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert repair_when_due() == "It is damaged."


def two_pieces():
    """What the child of the next tests does."""
    yield "one"
    yield ["two"]


def a_broken_piece():
    yield "one"
    raise ValueError("this traceback is part of the test")


def a_piece_and_no_more():
    yield "one"
    raise SystemExit  # with 0, as if all were well


def test_big_archives_are_read_by_another_process():
    assert list(from_child("tests.search.test_rebuilding.two_pieces")) == ["one", ["two"]]


@pytest.mark.parametrize("ends", ["a_broken_piece", "a_piece_and_no_more"])
def test_a_process_that_ends_before_its_work_is_heard_of(ends):
    pieces = from_child(f"tests.search.test_rebuilding.{ends}")
    assert next(pieces) == "one"
    with pytest.raises(ChildFailed):
        next(pieces)
