from __future__ import annotations

from collections import Counter

import pytest

from documents.models import CheckedLine, Document, Layer, Page
from documents.pipeline import quality, reviewing
from documents.pipeline.texts import add_text, stored_line
from tests.scenes import make_document, make_reading

pytestmark = pytest.mark.django_db
V = CheckedLine.Verdict


def make_book(owner, pages: int = 3, lines: int = 10, **fields) -> Document:
    document = make_document(owner, pages=pages, **fields)
    document.pages.update(status="done", picture="pages/1.jpg", width=1000, height=1400)
    for page in document.pages.order_by("number"):
        reading = make_reading(*(f"page {page.number} line {number} of four" for number in range(lines)))
        add_text(page, Layer.OCR, [stored_line(line) for line in reading.lines], made_by="fake 1.0")
    return document


@pytest.fixture
def book(alice):
    return make_book(alice)


def start(document: Document, size: int = 6, seed: int = 1):
    return quality.start(document, Document.objects.filter(pk=document.pk), size, by=document.owner, seed=seed)


def test_every_page_has_its_share_of_the_sample(book):
    check = start(book)
    assert Counter(check.lines.values_list("text__page__number", flat=True)) == {1: 2, 2: 2, 3: 2}
    assert check.lines_total == 30


def test_no_line_is_taken_twice(book):
    check = start(book, size=30)
    assert check.lines.values("text", "line").distinct().count() == 30


def test_another_start_takes_other_lines(book):
    taken = [set(start(book, seed=seed).lines.values_list("expected", flat=True)) for seed in (1, 2)]
    assert taken[0] != taken[1]


def test_lines_without_a_place_on_the_scan_are_left_out(book, alice):
    for page in book.pages.all():
        add_text(page, Layer.HUMAN, [{"text": "typed in", "box": None}], made_by="alice")
    assert start(book) is None
    assert not book.checks.exists()


def test_pages_without_a_picture_are_left_out(book):
    Page.objects.update(picture="")
    assert start(book) is None


def test_a_line_typed_as_we_have_it_is_right_at_once(book, alice):
    check = start(book)
    line = quality.next_line(check)
    quality.type_in(line, f"  {line.expected.replace(' ', '  ')}", by=alice)
    line.refresh_from_db()
    assert (line.verdict, line.words, line.errors) == (V.SAME, 6, 0)


def test_a_line_typed_otherwise_waits_for_a_judgement(book, alice):
    check = start(book)
    line = quality.next_line(check)
    quality.type_in(line, "page 1 lime 0 of fourteen", by=alice)
    assert quality.next_line(check).pk == line.pk


@pytest.mark.parametrize(("verdict", "words", "errors"), [(V.TYPED, 6, 2), (V.TEXT, 6, 0), (V.UNREADABLE, 0, 0)])
def test_the_judgement_decides_what_counts(book, alice, verdict, words, errors):
    check = start(book)
    line = quality.next_line(check)
    quality.type_in(line, line.expected.replace("line", "lime").replace("four", "fourteen"), by=alice)
    quality.judge(line, verdict, by=alice)
    line.refresh_from_db()
    assert (line.words, line.errors) == (words, errors)


def test_the_last_line_finishes_the_measurement(book, alice):
    check = start(book, size=3)
    while line := quality.next_line(check):
        assert quality.latest(book) is None
        quality.type_in(line, line.expected, by=alice)
    found, share = quality.latest(book)
    assert (found, share.value, share.count) == (check, 1.0, 18)


def test_what_was_measured_stays_whatever_is_mended_later(book, alice):
    check = start(book, size=3)
    line = quality.next_line(check)
    reviewing.save_text(line.text.page, [], based_on=line.text.page.current_id, author=alice)
    quality.type_in(line, line.expected, by=alice)
    assert quality.result(check).value == 1.0


def test_it_tells_the_share_per_maker(book, alice):
    check = start(book, size=3)
    while line := quality.next_line(check):
        quality.type_in(line, line.expected, by=alice)
    makers = quality.by_maker(Document.objects.all())
    assert list(makers) == ["ocr"]
    assert makers["ocr"]["fake 1.0"].count == 18


def test_it_counts_approvals_per_person_and_day(book, alice):
    reviewing.approve(book.pages.first(), by=alice)
    documents = Document.objects.all()
    assert quality.approvals_by_person(documents) == [("alice", 1)]
    days = quality.approvals_by_day(documents)
    assert (len(days), sum(count for _day, count in days)) == (quality.DAYS, 1)


def test_quotation_marks_and_blanks_make_no_difference():
    assert quality.wrong_words("„yes“  he said", '"yes" he said') == 0
