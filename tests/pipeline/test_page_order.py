from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from documents import search
from documents.models import Comment, Document, DocumentStatus, Layer, Page, PageStatus
from documents.pipeline import origins, page_order, removing
from documents.pipeline.texts import add_text, stored_line
from tests.scenes import make_document, make_line

pytestmark = pytest.mark.django_db


def make_book(owner, pages: int = 4, **fields) -> Document:
    """Return a document whose pages say which they are."""
    document = make_document(owner, pages=pages, **fields)
    document.pages.update(status=PageStatus.DONE)
    for page in document.pages.order_by("number"):
        add_text(page, Layer.OCR, [stored_line(make_line(f"leaf{page.number} of {document.pk}"))], made_by="fake")
    return document


@pytest.fixture
def book(alice):
    return make_book(alice)


def leaves(document: Document) -> list[str]:
    """Return what the pages say that they are, in their order."""
    return [page.current.text.split()[0] for page in document.pages.select_related("current").order_by("number")]


def ids(document: Document, *numbers: int) -> list[int]:
    return list(document.pages.filter(number__in=numbers).order_by("number").values_list("pk", flat=True))


def numbers(document: Document) -> list[int]:
    return list(document.pages.order_by("number").values_list("number", flat=True))


def test_pages_are_put_in_the_given_order(book):
    page_order.reorder(book, ids(book, 3) + ids(book, 1))
    assert leaves(book) == ["leaf3", "leaf1", "leaf2", "leaf4"]
    assert numbers(book) == [1, 2, 3, 4]


def test_ids_of_other_documents_do_nothing(book, alice):
    page_order.reorder(book, ids(make_book(alice), 2) + ids(book, 2))
    assert leaves(book) == ["leaf2", "leaf1", "leaf3", "leaf4"]


@pytest.mark.parametrize(("before", "order"), [(1, "3412"), (2, "1342"), (99, "1234")])
def test_pages_are_moved_before_another(book, before, order):
    page_order.move_before(book, ids(book, 3, 4), before)
    assert "".join(leaf[-1] for leaf in leaves(book)) == order


def test_a_moved_page_is_still_read_from_its_place_in_the_file(book):
    page_order.reorder(book, ids(book, 4))
    first = book.pages.get(number=1)
    assert (origins.origin_of(first).original, origins.origin_of(first).number) == (book.original, 4)


def test_pictures_keep_names_of_their_own_when_pages_change_places(book):
    before = {origins.picture_names(page) for page in book.pages.all()}
    page_order.reorder(book, ids(book, 2))
    assert {origins.picture_names(page) for page in book.pages.all()} == before


def test_pages_that_are_split_off_are_a_document_of_their_own(book):
    new = page_order.split(book, ids(book, 2, 3), "Letters")
    book.refresh_from_db()
    assert (leaves(book), leaves(new)) == (["leaf1", "leaf4"], ["leaf2", "leaf3"])
    assert (book.page_count, Document.objects.get(pk=new.pk).page_count) == (2, 2)
    assert (new.title, new.owner, new.original) == ("Letters", book.owner, book.original)


def test_a_document_keeps_a_page(book):
    assert page_order.split(book, ids(book, 1, 2, 3, 4), "All") is None
    assert page_order.remove(book, ids(book, 1, 2, 3, 4), by=None) == 0


def test_merging_keeps_pages_texts_and_comments(book, alice):
    other = make_book(alice, pages=2)
    Comment.objects.create(document=other, author=alice, text="Mind the order")
    page_order.merge(book, other)
    assert leaves(book) == ["leaf1", "leaf2", "leaf3", "leaf4", "leaf1", "leaf2"]
    assert book.comments.get().text == "Mind the order"
    assert not Document.objects.filter(pk=other.pk).exists()


def test_the_file_of_a_merged_document_stays_for_its_pages(book, alice, django_capture_on_commit_callbacks):
    other = make_book(alice, pages=1)
    default_storage.save(other.original, ContentFile(b"scan"))
    with django_capture_on_commit_callbacks(execute=True):
        page_order.merge(book, other)
    assert default_storage.exists(other.original)
    with django_capture_on_commit_callbacks(execute=True):
        removing.remove_documents(Document.objects.filter(pk=book.pk))
    assert not default_storage.exists(other.original)


def test_a_removed_page_is_seen_nowhere_and_comes_back_to_its_place(book, alice):
    (page,) = ids(book, 2)
    page_order.remove(book, [page], by=alice)
    assert leaves(book) == ["leaf1", "leaf3", "leaf4"]
    documents = Document.objects.visible_to(alice)
    assert search.find(search.parse("leaf2"), documents).total == 0
    assert page_order.bring_back(book, page)
    assert leaves(book) == ["leaf1", "leaf2", "leaf3", "leaf4"]
    assert not book.removed_pages.exists()


def test_the_bin_is_shown_to_nobody(book, alice, admin):
    page_order.remove(book, ids(book, 2), by=alice)
    for user in (alice, admin):
        assert list(Document.objects.visible_to(user)) == [book]


def test_removing_a_document_empties_its_bin(book, alice):
    page_order.remove(book, ids(book, 2), by=alice)
    removing.remove_documents(Document.objects.filter(pk=book.pk))
    assert not Page.objects.exists()


def test_pages_in_work_stay_where_they_are(book):
    book.pages.filter(number=2).update(status=PageStatus.READING)
    with pytest.raises(page_order.PagesInWork):
        page_order.split(book, ids(book, 2), "Part")
    assert book.page_count == 4


def test_both_documents_are_settled_after_a_split(book):
    Document.objects.filter(pk=book.pk).update(status=DocumentStatus.PROCESSING)
    book.refresh_from_db()
    new = page_order.split(book, ids(book, 2), "Part")
    statuses = Document.objects.filter(pk__in=(book.pk, new.pk)).values_list("status", flat=True)
    assert set(statuses) == {DocumentStatus.DONE}


def test_a_title_is_found_on_the_page_that_is_first_now(book, alice):
    new = page_order.split(book, ids(book, 3), "Zeppelin")
    found = search.find(search.parse("Zeppelin"), Document.objects.visible_to(alice))
    assert list(found.page_ids) == ids(new, 1)
