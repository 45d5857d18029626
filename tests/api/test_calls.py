"""What the calls of the API answer."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from documents.models import Document, ExportJob
from documents.pipeline import export_jobs
from tests.export.scenes import make_jpeg
from tests.scenes import make_document, make_read_page

pytestmark = pytest.mark.django_db

ROOT = "/api/v1"


@pytest.fixture
def scan(tmp_path):
    """A file as a scanner sends it."""
    return SimpleUploadedFile("scan.jpg", make_jpeg(tmp_path / "scan.jpg", (200, 300)).read_bytes(), "image/jpeg")


def upload(program, file=None, **fields):
    return program.post(f"{ROOT}/documents", fields | ({"file": file} if file else {}))


def test_an_upload_becomes_a_document_of_the_tokens_owner(program, alice, scan):
    answer = upload(program, scan, title="Letter", tags="mail, 1914", private="true", language="de")
    assert answer.status_code == 201
    told = answer.json()
    document = Document.objects.get(pk=told["id"])
    assert (told["status"], told["pages"], told["url"]) == ("stored", 1, document.get_absolute_url())
    assert (document.owner, document.title, document.scope) == (alice, "Letter", str(alice.pk))
    assert sorted(tag.name for tag in document.tags.all()) == ["1914", "mail"]


def test_the_same_file_is_answered_with_what_is_there(program, scan):
    first = upload(program, scan).json()
    scan.seek(0)
    answer = upload(program, scan)
    assert (answer.status_code, answer.json()["status"], answer.json()["id"]) == (200, "duplicate", first["id"])


@pytest.mark.parametrize(("content", "status"), [(b"", 422), (b"hello", 415), (b"%PDF-1.4 broken", 422)])
def test_what_cannot_be_read_is_answered_with_a_sentence(program, content, status):
    answer = upload(program, SimpleUploadedFile("x.pdf", content))
    assert (answer.status_code, answer.json()["status"]) == (status, "rejected")
    assert answer.json()["message"].endswith(".")
    assert not Document.objects.exists()


def test_a_file_above_the_limit_is_stopped(program, scan, settings):
    settings.MAX_UPLOAD_BYTES = 100
    assert upload(program, scan).status_code == 413


@pytest.mark.parametrize("fields", [{}, {"engine": "x"}, {"title": "x" * 300}])
def test_it_says_what_is_missing_or_wrong(program, fields):
    answer = upload(program, **fields)
    assert answer.status_code == 422
    assert answer.json()["message"]


def test_documents_are_listed_in_parts(program, alice):
    for number in range(5):
        make_document(alice, title=f"Scan no {number}")
    told = program.get(f"{ROOT}/documents", {"limit": 2, "offset": 1}).json()
    assert told["total"] == 5
    assert [document["title"] for document in told["documents"]] == ["Scan no 3", "Scan no 2"]
    assert program.get(f"{ROOT}/documents", {"title": "NO 4"}).json()["total"] == 1
    assert program.get(f"{ROOT}/documents", {"status": "done"}).json()["total"] == 0
    assert program.get(f"{ROOT}/documents", {"status": "nonsense"}).json()["total"] == 0


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 10**9}, {"offset": -1}, {"limit": "x"}])
def test_impossible_parts_are_refused(program, query):
    answer = program.get(f"{ROOT}/documents", query)
    assert answer.status_code == 422
    assert next(iter(query)) in answer.json()["message"]


def test_a_document_tells_how_far_it_is(program, alice):
    document = make_read_page(alice, "Hello").document
    told = program.get(f"{ROOT}/documents/{document.pk}").json()
    assert told["owner"] == "alice"
    assert (told["progress"]["pages"], told["progress"]["read"], told["progress"]["percent"]) == (1, 1, 100)


def test_a_document_tells_its_pages_and_text(program, alice):
    page = make_read_page(alice, "Hello", "world", page_count=2)
    page.document.pages.create(number=2)
    base = f"{ROOT}/documents/{page.document_id}"
    assert [told["number"] for told in program.get(f"{base}/pages").json()] == [1, 2]
    assert [told["text"] for told in program.get(f"{base}/text").json()] == ["Hello\nworld", ""]


def test_a_page_tells_its_lines_and_words(program, alice):
    page = make_read_page(alice, "Hello world")
    told = program.get(f"{ROOT}/pages/{page.pk}").json()
    assert (told["text"], told["layer"]) == ("Hello world", "ocr")
    assert [word["text"] for word in told["lines"][0]["words"]] == ["Hello", "world"]


def test_a_page_without_text_is_no_error(program, alice):
    told = program.get(f"{ROOT}/pages/{make_document(alice).pages.get().pk}").json()
    assert (told["text"], told["lines"], told["layer"]) == ("", [], "")


def test_a_search_answers_as_the_screen_does(program, alice):
    page = make_read_page(alice, "the <b>wombat</b>")
    told = program.get(f"{ROOT}/search", {"q": "wombat"}).json()
    assert told["total"] == 1
    (hit,) = told["hits"]
    assert (hit["page"], hit["document"], hit["is_near"]) == (page.pk, page.document_id, False)
    assert "<mark>wombat</mark>" in hit["snippet"]
    assert "<b>" not in hit["snippet"]
    assert told["is_complete"]


@pytest.mark.parametrize("typed", ["", '"', "AND OR", "(", "tag:", "x" * 1000, "\x00", "a* OR NOT ("])
def test_no_question_is_an_error(program, typed):
    assert program.get(f"{ROOT}/search", {"q": typed, "sort": "nonsense", "patient": True}).status_code == 200


def test_a_small_export_is_sent_at_once(program, alice):
    document = make_read_page(alice, "Hello").document
    answer = program.get(f"{ROOT}/documents/{document.pk}/export/txt")
    assert answer.getvalue() == b"Hello"
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_large_export_is_waited_for(program, alice):
    document = make_document(alice, pages=30)
    answer = program.get(f"{ROOT}/documents/{document.pk}/export/txt")
    assert answer.status_code == 202
    export_jobs.run(answer.json()["id"])
    told = program.get(f"{ROOT}/exports/{answer.json()['id']}").json()
    assert told["state"] == "done"
    assert b"Waiting to be read" in program.get(f"{ROOT}/exports/{told['id']}/file").getvalue()
    assert program.delete(f"{ROOT}/exports/{told['id']}").status_code == 204
    assert program.get(f"{ROOT}/exports").json() == []


def test_an_export_that_cannot_be_made_says_why(program, alice):
    document = make_document(alice, kind="jpeg")
    answer = program.get(f"{ROOT}/documents/{document.pk}/export/pdf")
    assert answer.status_code == 422
    assert "picture" in answer.json()["message"]
    assert program.get(f"{ROOT}/documents/{document.pk}/export/exe").status_code == 422


def ask_for_export(program, **wish):
    return program.post(f"{ROOT}/exports", json.dumps(wish), content_type="application/json")


def test_documents_pages_and_searches_can_be_exported(program, alice):
    one, two = make_read_page(alice, "wombat"), make_read_page(alice, "other")
    for wish, count in (
        ({"documents": [one.document_id, two.document_id]}, 2), ({"pages": [two.pk]}, 1), ({"q": "wombat"}, 1),
        ({"q": "wombat", "only_pages": True}, 1),
    ):  # fmt: skip
        answer = ask_for_export(program, formats=["txt", "md"], **wish)
        assert answer.status_code == 202
        export_jobs.run(answer.json()["id"])
        with zipfile.ZipFile(io.BytesIO(program.get(f"{ROOT}/exports/{answer.json()['id']}/file").getvalue())) as sent:
            assert len(sent.namelist()) == 2 * count


@pytest.mark.parametrize(
    "wish",
    [{}, {"formats": []}, {"formats": ["exe"], "documents": [1]}, {"formats": ["txt"]}, {"formats": ["txt"], "q": None},
     {"formats": ["txt"], "documents": [10**30]}, {"formats": ["txt"], "documents": "all"}],
)  # fmt: skip
def test_wishes_that_make_no_sense_are_refused(program, wish):
    answer = ask_for_export(program, **wish)
    assert answer.status_code == 422
    assert answer.json()["message"]
    assert not ExportJob.objects.exists()


def test_what_is_not_json_is_refused(program):
    answer = program.post(f"{ROOT}/exports", "{", content_type="application/json")
    assert answer.status_code in (400, 422)


def test_the_description_needs_nothing_from_elsewhere(client, alice):
    client.force_login(alice)
    shown = client.get(f"{ROOT}/docs")
    assert shown.status_code == 200
    assert "https://" not in shown.text
    described = client.get(f"{ROOT}/openapi.json").json()
    assert described["openapi"].startswith("3.")
    assert all(call["summary"] for path in described["paths"].values() for call in path.values())
