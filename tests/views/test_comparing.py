"""Any two versions beside each other."""

from __future__ import annotations

import pytest
from django.urls import reverse

from documents.models import Layer
from documents.pipeline.texts import add_text
from documents.views.comparing import Piece, compared_lines, marked_words
from tests.scenes import make_document, make_read_page


def rows(old: list[str], new: list[str]) -> list[tuple[str, str, bool]]:
    def joined(pieces: list[Piece]) -> str:
        return "".join(f"[{piece.text}]" if piece.differs else piece.text for piece in pieces)

    return [(joined(row["old"]), joined(row["new"]), row["differs"]) for row in compared_lines(old, new)]


def test_it_marks_the_words_that_differ():
    assert rows(["tbe fox", "runs"], ["the fox", "runs"]) == [("[tbe] fox", "[the] fox", True), ("runs", "runs", False)]


def test_it_marks_lines_that_only_one_version_has():
    assert rows(["one"], ["one", "two"]) == [("one", "one", False), ("", "[two]", True)]


def test_nothing_is_marked_in_equal_lines():
    assert marked_words("the fox", "the fox") == [Piece("the fox", False)]


@pytest.fixture
def page(alice):
    page = make_read_page(alice, "tbe fox")
    line = page.current.lines[0] | {"text": "the fox"}
    add_text(page, Layer.HUMAN, [line], made_by="alice", author=alice, based_on=page.current)
    return page


def look(client, page, **asked):
    return client.get(reverse("page-versions", args=[page.pk]), asked)


def test_it_shows_the_current_text_beside_what_it_was_made_from(as_alice, page):
    context = look(as_alice, page).context
    assert ([text.version for text in context["texts"]], context["difference_count"]) == ([1, 2], 1)


def test_it_shows_any_two(as_alice, page):
    context = look(as_alice, page, old=2, new=1).context
    assert [text.version for text in context["texts"]] == [2, 1]


@pytest.mark.parametrize("version", ["9", "x", "-1", "9" * 40])
def test_it_does_not_find_a_version_that_never_was(as_alice, page, version):
    assert look(as_alice, page, old=version).status_code == 404


def test_it_finds_nothing_to_compare_on_an_unread_page(as_alice, alice):
    assert look(as_alice, make_document(alice).pages.get()).status_code == 404
