"""What the database knows becomes files; what a person may not see is in none."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from documents.export.formats import ALL, FORMATS, chosen
from documents.models import Layer, Page
from documents.pipeline.exporting import ExportFailed, export, is_quick
from documents.pipeline.items import Item
from documents.pipeline.reviewing import WrittenLine, save_text
from documents.pipeline.texts import add_text
from tests.export.scenes import boxes_by_poppler, make_jpeg, text_by_poppler, validate
from tests.scenes import make_document, make_read_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(alice, tmp_path):
    """A read page with its original and its picture."""
    return with_files(make_read_page(alice, "Tbe quick fox", "jumps", title="Árbol & co", kind="jpeg"), tmp_path)


def with_files(page: Page, folder) -> Page:
    jpeg = make_jpeg(folder / "scan.jpg", (1000, 1400)).read_bytes()
    page.picture = f"pages/{page.pk}.jpg"
    for name in (page.picture, page.document.original):
        default_storage.delete(name)
        default_storage.save(name, ContentFile(jpeg))
    page.save()
    return page


def text_of(exported) -> str:
    return exported.path.read_text()


@pytest.mark.parametrize("name", FORMATS)
def test_it_writes_every_format(page, alice, tmp_path, name):
    made = export(alice, [Item(page.document_id)], [name], tmp_path)
    assert made.path.stat().st_size > 0
    own = {"csv": ("key-fields.csv", "text/csv"), "original": ("arbol-co.original.jpg", "image/jpeg")}
    assert (made.name, made.mime) == own.get(name, (f"arbol-co.{FORMATS[name].suffix}", FORMATS[name].mime))
    assert made.notes == ()


def test_the_pdf_holds_what_a_person_wrote_in_the_places_that_were_read(page, alice, tmp_path):
    lines = [WrittenLine("The quick brown fox", 0), WrittenLine("jumps", 1), WrittenLine("over", None)]
    save_text(page, lines, based_on=page.current_id, author=alice)
    made = export(alice, [Item(page.document_id)], ["pdf"], tmp_path)
    assert text_by_poppler(made.path) == "The quick brown fox\njumps\nover"
    places = dict(boxes_by_poppler(made.path, 300))
    assert places["fox"] == pytest.approx((100, 0, 130, 20), abs=4)
    assert places["jumps"] == pytest.approx((0, 30, 50, 50), abs=2)


def test_the_pdf_places_the_models_words_by_the_reading(page, alice, tmp_path):
    lines = [{"text": text, "box": line["box"], "confidence": 0.9} for text, line in
             zip(["The quick fox", "jumps"], page.current.lines, strict=True)]  # fmt: skip
    add_text(page, Layer.LLM, lines, made_by="model")
    made = export(alice, [Item(page.document_id)], ["pdf"], tmp_path)
    assert dict(boxes_by_poppler(made.path, 300))["quick"] == pytest.approx((40, 0, 90, 20), abs=2)


def test_a_page_without_text_says_why(alice, tmp_path):
    document = make_read_page(alice, "Hello", page_count=2).document
    document.pages.create(number=2)
    assert text_of(export(alice, [Item(document.pk)], ["txt"], tmp_path)) == "Hello\n\f\n[Waiting to be read]"


def test_it_takes_the_pages_that_were_asked_for(alice, tmp_path):
    document = make_read_page(alice, "one", page_count=2).document
    second = document.pages.create(number=2, width=10, height=10)
    add_text(second, Layer.OCR, [{"text": "two", "box": None, "confidence": None}], made_by="fake")
    assert text_of(export(alice, [Item(document.pk, (2,))], ["txt"], tmp_path)) == "two"


def test_several_documents_and_formats_come_as_one_zip(alice, tmp_path):
    documents = [make_read_page(alice, text, title="Diary").document for text in ("one", "two")]
    made = export(alice, [Item(document.pk) for document in documents], ["txt", "md"], tmp_path)
    with zipfile.ZipFile(made.path) as archive:
        assert set(archive.namelist()) == {f"{d.pk}-diary.{suffix}" for d in documents for suffix in ("txt", "md")}
        assert archive.read(f"{documents[1].pk}-diary.txt") == b"two"


def test_per_page_formats_of_a_long_document_come_as_a_zip(alice, tmp_path):
    document = make_read_page(alice, "one", page_count=2).document
    document.pages.create(number=2)
    made = export(alice, [Item(document.pk)], ["alto"], tmp_path)
    with zipfile.ZipFile(made.path) as archive:
        assert archive.namelist() == ["0001.alto.xml", "0002.alto.xml"]


def test_alto_page_and_hocr_name_the_pictures_that_go_along(page, alice, tmp_path):
    made = export(alice, [Item(page.document_id)], ["hocr", "alto", "page", "pictures"], tmp_path)
    folder = f"{page.document_id}-arbol-co"
    with zipfile.ZipFile(made.path) as archive:
        archive.extractall(tmp_path / "out")
    files = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*.*")}
    assert files == {f"{folder}.hocr", *(f"{folder}/0001.{end}" for end in ("alto.xml", "page.xml", "jpg"))}
    validate(tmp_path / "out" / folder / "0001.page.xml", "page-2019-07-15.xsd")
    alto = validate(tmp_path / "out" / folder / "0001.alto.xml", "alto-4-3.xsd")
    names = "{*}Description/{*}sourceImageInformation/"
    assert alto.findtext(f"{names}{{*}}fileName") == "0001.jpg"
    assert alto.findtext(f"{names}{{*}}documentIdentifier") == page.document.original_name
    assert b'imageFilename="0001.jpg"' in (tmp_path / "out" / folder / "0001.page.xml").read_bytes()
    assert f'image "{folder}/0001.jpg"' in (tmp_path / "out" / f"{folder}.hocr").read_text().replace("&quot;", '"')
    with Image.open(tmp_path / "out" / folder / "0001.jpg") as picture:
        assert picture.size == (page.width, page.height)


def test_without_the_pictures_alto_names_the_uploaded_file(page, alice, tmp_path):
    made = export(alice, [Item(page.document_id)], ["alto"], tmp_path)
    assert f"<fileName>{page.document.original_name}</fileName>" in text_of(made)


def test_a_page_without_a_picture_is_left_out_of_the_pictures(page, alice, tmp_path):
    page.document.pages.create(number=2)
    made = export(alice, [Item(page.document_id)], ["pictures"], tmp_path)
    with zipfile.ZipFile(made.path) as archive:
        assert archive.namelist() == ["0001.jpg"]
    assert made.notes == ("A page has no picture yet, or it is missing from the storage.",)


def test_all_formats_of_all_documents_come_as_one_zip_with_one_table(page, alice, tmp_path):
    other = with_files(make_read_page(alice, "Total 5.00 EUR", title="Bill", kind="jpeg"), tmp_path)
    done: list[int] = []
    items = [Item(page.document_id), Item(other.document_id)]
    made = export(alice, items, chosen([ALL]), tmp_path, page_done=lambda: done.append(1))
    one, two = f"{page.document_id}-arbol-co", f"{other.document_id}-bill"
    whole = ("pdf", "txt", "md", "docx", "hocr", "json", "original.jpg")
    paged = ("alto.xml", "page.xml", "jpg")
    with zipfile.ZipFile(made.path) as archive:
        assert set(archive.namelist()) == {
            "key-fields.csv",
            *(f"{stem}.{end}" for stem in (one, two) for end in whole),
            *(f"{stem}/0001.{end}" for stem in (one, two) for end in paged),
        }
        assert archive.testzip() is None
    assert len(done) == 2 * len(FORMATS), "progress counts every page in every format"
    assert made.notes == ()


def test_it_knows_the_formats_by_name():
    assert chosen(["txt", "pdf", "txt"]) == ["pdf", "txt"]
    with pytest.raises(KeyError, match="wpd"):
        chosen(["wpd", "pdf"])


def test_json_tells_every_version_and_who_made_it(page, alice, tmp_path):
    save_text(page, [WrittenLine("The quick fox", 0)], based_on=page.current_id, author=alice)
    (told,) = json.loads(text_of(export(alice, [Item(page.document_id)], ["json"], tmp_path)))["pages"]
    assert told["text"] == "The quick fox"
    assert [version["layer"] for version in told["versions"]] == ["human", "ocr"]
    assert [version["author"] for version in told["versions"]] == ["alice", None]


def test_what_a_person_may_not_see_is_left_out(alice, bob, tmp_path):
    secret = make_read_page(alice, "secret", scope=str(alice.pk)).document
    shared = make_read_page(alice, "shared").document
    made = export(bob, [Item(secret.pk), Item(shared.pk)], ["txt"], tmp_path)
    assert text_of(made) == "shared"
    with pytest.raises(ExportFailed):
        export(bob, [Item(secret.pk)], ["txt"], tmp_path)


def test_a_document_that_cannot_be_written_does_not_stop_the_others(alice, tmp_path, page):
    unread = make_document(alice, title="Unread")
    made = export(alice, [Item(unread.pk), Item(page.document_id)], ["pdf"], tmp_path)
    with zipfile.ZipFile(made.path) as archive:
        assert len(archive.namelist()) == 1
    assert "Unread" in made.notes[0]


def test_it_counts_every_page_in_every_format(alice, tmp_path, page):
    pages = []
    export(alice, [Item(page.document_id)], ["txt", "md", "pdf"], tmp_path, page_done=lambda: pages.append(1))
    assert len(pages) == 3


def test_hostile_titles_make_harmless_names_and_files(alice, tmp_path):
    document = make_read_page(alice, "<script>", title="../../x\x02\r\n<b>").document
    made = export(alice, [Item(document.pk)], list(FORMATS), tmp_path)
    with zipfile.ZipFile(made.path) as archive:
        assert {name.partition("/")[0].partition(".")[0] for name in archive.namelist()} == {
            f"{document.pk}-x-b", "key-fields"
        }  # fmt: skip
        assert all(".." not in name and "\n" not in name for name in archive.namelist())
        hocr = next(name for name in archive.namelist() if name.endswith("hocr"))
        assert b"<script>" not in archive.read(hocr)


def test_a_missing_original_is_replaced_by_the_pictures(page, alice, tmp_path):
    default_storage.delete(page.document.original)
    made = export(alice, [Item(page.document_id)], ["pdf"], tmp_path)
    assert text_by_poppler(made.path) == "Tbe quick fox\njumps"


def test_a_page_whose_picture_is_gone_is_named(page, alice, tmp_path):
    default_storage.delete(page.picture)
    with pytest.raises(ExportFailed, match="picture"):
        export(alice, [Item(page.document_id)], ["pdf"], tmp_path)


@pytest.mark.parametrize(
    ("kind", "formats", "quick"),
    [
        ("jpeg", ["pdf"], True),
        ("pdf", ["txt", "docx"], True),
        ("pdf", ["pdf"], False),
        ("tiff", ["pdf"], False),
        ("png", ["pdf"], False),
    ],
)
def test_what_takes_uploaded_files_apart_is_left_to_a_worker(alice, kind, formats, quick):
    document = make_document(alice, kind=kind)
    assert is_quick([Item(document.pk)], formats) is quick


def test_what_takes_long_is_left_to_a_worker(alice):
    document = make_document(alice, pages=15)
    assert is_quick([Item(document.pk)], ["txt"])
    assert not is_quick([Item(document.pk)], ["txt", "md"])
    assert is_quick([Item(document.pk, (1, 2))], ["txt", "md"])


def test_the_zip_can_be_read_while_it_is_written_to_the_end(alice, tmp_path):
    made = export(alice, [Item(make_read_page(alice, "x").document.pk) for _ in range(3)], ["txt"], tmp_path)
    assert zipfile.ZipFile(io.BytesIO(made.path.read_bytes())).testzip() is None
    assert [path.name for path in tmp_path.iterdir()] == ["export.zip"]
