"""The upload portal, with real files through the whole of intake."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from documents.models import Document, Page, Tag
from documents.pipeline import intake
from tests.samples import make
from tests.scenes import make_document

pytestmark = pytest.mark.django_db
WELCOME = "text/html,application/json"


def send(client, data: bytes, name: str = "scan.png", **wishes: str):
    """Post one file as the portal's script does."""
    form = wishes | {"files": SimpleUploadedFile(name, data)}
    return client.post(reverse("upload"), form, headers={"accept": "application/json"})


@pytest.fixture(autouse=True)
def fresh_folders(settings, tmp_path):
    """Give every test its own incoming folder and storage."""
    settings.INCOMING_DIR = tmp_path / "incoming"
    settings.INCOMING_DIR.mkdir()
    options = {"location": tmp_path / "files", "file_permissions_mode": 0o640}
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    }


@pytest.fixture
def incoming(settings) -> Path:
    """The folder in which uploads arrive; it must be empty again afterwards."""
    return settings.INCOMING_DIR


@pytest.fixture
def looks_fine(monkeypatch):
    """Skip the look into the file, where the test is about something else."""
    monkeypatch.setattr(intake, "_look_into", lambda part: ("png", 1))


def test_it_shows_the_portal(as_alice):
    answer = as_alice.get(reverse("upload"))
    assert answer.context["limits"]["max_mb"] == 500


@pytest.mark.parametrize(
    ("name", "data", "kind", "pages"),
    [
        ("a.png", make.png(), "png", 1), ("a.jpg", make.jpeg(), "jpeg", 1), ("a.webp", make.webp(), "webp", 1),
        ("a.tif", make.tiff(3), "tiff", 3), ("a.pdf", make.pdf(2), "pdf", 2),
        ("pdf-in-disguise.png", make.pdf(), "pdf", 1),
    ],
)  # fmt: skip
def test_it_stores_every_kind_of_scan(as_alice, alice, incoming, name, data, kind, pages):
    answer = send(as_alice, data, name)
    document = Document.objects.get()
    assert (answer.status_code, answer.json()["status"]) == (201, "stored")
    assert answer.json()["url"] == document.get_absolute_url()
    assert (document.owner, document.kind, document.page_count, document.original_name) == (alice, kind, pages, name)
    assert list(document.pages.values_list("number", flat=True)) == list(range(1, pages + 1))
    assert not any(incoming.iterdir())


def test_it_keeps_the_file_under_its_hash_closed_to_other_users_of_the_machine(as_alice, looks_fine):
    send(as_alice, b"content")
    document = Document.objects.get()
    path = Path(default_storage.path(document.original))
    assert document.original == f"originals/{document.sha256[:2]}/{document.sha256[2:4]}/{document.sha256}"
    assert path.read_bytes() == b"content"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_it_keeps_what_the_person_wished_for(as_alice, alice, looks_fine):
    Tag.objects.create(name="Letters")
    wishes = {"title": "My scan", "tags": "letters, 1914", "language": "de", "handwritten": "on", "private": "on"}
    send(as_alice, b"content", **wishes)
    document = Document.objects.get()
    assert (document.title, document.language, document.handwritten) == ("My scan", "de", True)
    assert document.scope == str(alice.pk)
    assert [tag.name for tag in document.tags.all()] == ["1914", "Letters"]


def test_it_rings_once_the_rows_are_there(as_alice, looks_fine, monkeypatch, django_capture_on_commit_callbacks):
    rung = []
    monkeypatch.setattr(intake.dispatching, "dispatch", lambda: rung.append("dispatch"))
    monkeypatch.setattr(intake.dispatching, "call_for_look", lambda pk: rung.append(Document.objects.get().pk == pk))
    with django_capture_on_commit_callbacks(execute=True):
        send(as_alice, b"content")
        assert rung == []
    assert rung == [True, "dispatch"]


def test_it_points_to_the_first_copy_when_a_file_comes_twice(as_alice, looks_fine):
    first, second = send(as_alice, b"content"), send(as_alice, b"content", "other.png")
    assert (second.status_code, second.json()["status"]) == (200, "duplicate")
    assert second.json()["url"] == first.json()["url"]


@pytest.mark.parametrize("wishes", [{}, {"private": "on"}])
def test_it_does_not_tell_of_a_private_copy(client, alice, bob, looks_fine, wishes):
    client.force_login(alice)
    send(client, b"content", private="on")
    client.force_login(bob)
    assert send(client, b"content", **wishes).json()["status"] == "stored"
    assert Document.objects.filter(owner=bob).exists()


def test_it_knows_the_private_copy_of_the_person_himself(as_alice, looks_fine):
    first, second = (send(as_alice, b"content", private="on") for _ in range(2))
    assert second.json()["url"] == first.json()["url"]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", 422), (make.html(), 415), (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415), (make.noise_pdf(), 422),
        (make.cut(make.pdf(), 0.3), 422), (make.cut(make.jpeg()), 422), (make.encrypted_pdf(), 422),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), 422), (make.many_frames_tiff(2_001), 422),
    ],
    ids=["empty", "html", "svg", "noise", "half pdf", "half jpeg", "encrypted", "hollow png", "too many frames"],
)  # fmt: skip
def test_it_refuses_broken_files_with_one_sentence_and_keeps_nothing(as_alice, incoming, data, status):
    answer = send(as_alice, data, "report.pdf")
    said = answer.json()
    assert (answer.status_code, said["status"], said["name"]) == (status, "rejected", "report.pdf")
    assert said["message"][0].isupper()
    assert said["message"].endswith(".")
    assert not Document.objects.exists()
    assert not any(incoming.iterdir())
    assert not Path(default_storage.path("originals")).exists()


def test_it_refuses_a_file_that_is_too_large(as_alice, settings, incoming):
    settings.MAX_UPLOAD_BYTES = 1024 * 1024
    answer = send(as_alice, bytes(1024 * 1024 + 1))
    assert answer.status_code == 413
    assert "1 MB" in answer.json()["message"]
    assert not any(incoming.iterdir())


def test_it_stops_reading_a_file_that_is_larger_than_announced(alice, settings, incoming):
    settings.MAX_UPLOAD_BYTES = 10
    with pytest.raises(intake.Refused) as refused:
        intake.take(iter([b"123456"] * 3), "scan.png", alice, intake.Wishes(), expected_size=1)
    assert refused.value.status == 413
    assert not any(incoming.iterdir())


def test_it_refuses_files_before_the_disk_is_full(as_alice, monkeypatch):
    monkeypatch.setattr(intake.files, "free_bytes", lambda: 1000)
    answer = send(as_alice, make.png())
    assert answer.status_code == 507
    assert "free space" in answer.json()["message"]


def test_it_keeps_nothing_when_the_disk_does_not_take_the_file(as_alice, monkeypatch, looks_fine, incoming):
    def full(part, sha256):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(intake.files, "keep_original", full)
    assert send(as_alice, b"content").status_code == 507
    assert not Document.objects.exists()
    assert not any(incoming.iterdir())


def test_it_says_what_is_missing_when_pdfs_cannot_be_opened_here(as_alice, monkeypatch):
    def no_poppler(*args):
        raise intake.ToolMissing("PDF files cannot be opened: install poppler-utils on the server.")

    monkeypatch.setattr(intake, "probe", no_poppler)
    answer = send(as_alice, make.pdf())
    assert answer.status_code == 503
    assert "poppler" in answer.json()["message"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../x.png", "x.png"), ("..\\..\\x.png", "x.png"), ("a\r\nSet-Cookie: b.png", "aSet-Cookie: b.png"),
        ("gpj.\u202egnp.exe", "gpj.gnp.exe"), ("x" * 4000, "x" * 200), ("a\0b.png", "ab.png"), ("\ud800", "file"),
        ("", "file"), ("  a \t b.png ", "a b.png"), ("..", ".."), ("cafe\u0301.png", "café.png"),
    ],
)  # fmt: skip
def test_it_shows_hostile_names_cleaned_and_stores_under_the_hash(alice, looks_fine, name, shown):
    document = intake.take([b"content"], name, alice, intake.Wishes()).document
    assert document.original_name == shown
    assert document.original == intake.files.original_name(document.sha256)
    assert document.title


def test_it_survives_a_hostile_name_in_the_request_itself(as_alice, looks_fine):
    head = b'--B\r\nContent-Disposition: form-data; name="files"; filename="../..\\\x00\xe2\x80\xae<b>.png"\r\n\r\n'
    answer = as_alice.post(
        reverse("upload"), head + b"content\r\n--B--\r\n", content_type="multipart/form-data; boundary=B",
        headers={"accept": "application/json"},
    )  # fmt: skip
    assert answer.status_code == 201
    assert Document.objects.get().original_name == "<b>.png"


def test_it_answers_for_every_file_when_a_browser_without_script_sends_several(as_alice):
    files = [SimpleUploadedFile("good.png", make.png()), SimpleUploadedFile("bad.pdf", make.html())]
    files.append(SimpleUploadedFile("empty.png", b""))
    answer = as_alice.post(reverse("upload"), {"files": files}, headers={"accept": WELCOME})
    assert [result["status"] for result in answer.context["results"]] == ["stored", "rejected", "rejected"]
    assert all(name in answer.text for name in ("good.png", "bad.pdf", "empty.png"))


@pytest.mark.parametrize("accept", ["application/json", WELCOME])
def test_it_asks_for_a_file_when_there_is_none(as_alice, accept):
    answer = as_alice.post(reverse("upload"), {}, headers={"accept": accept})
    assert answer.status_code == 422
    assert "Choose at least one file." in answer.text


def test_it_refuses_settings_that_are_not_on_offer(as_alice):
    answer = send(as_alice, make.png(), language="klingon")
    assert answer.status_code == 422
    assert not Document.objects.exists()


def test_it_makes_one_document_of_a_file_that_comes_twice_at_the_same_moment(alice, looks_fine, monkeypatch):
    monkeypatch.setattr(intake, "_already_here", lambda *args: None)
    arrivals = [intake.take([b"content"], "scan.png", alice, intake.Wishes()) for _ in range(2)]
    assert [arrival.is_new for arrival in arrivals] == [True, False]
    assert arrivals[0].document == arrivals[1].document
    assert Page.objects.count() == 1


def test_it_makes_up_for_a_crash_between_file_and_rows(alice, looks_fine, monkeypatch, incoming):
    def crash(facts):
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(intake, "_record", crash)
        with pytest.raises(RuntimeError):
            intake.take([b"content"], "scan.png", alice, intake.Wishes(title="Mine", tags=["war"]))
    assert not intake.adopt_orphans(), "an upload of this very moment is left to its own request"
    _make_old(*incoming.iterdir())
    assert intake.adopt_orphans() == 1
    document = Document.objects.get()
    assert (document.title, document.page_count, document.tags.get().name) == ("Mine", 1, "war")
    assert not any(incoming.iterdir())


def test_it_clears_away_what_was_never_answered_for(alice, incoming):
    lost = {"sha256": "0" * 64, "owner": alice.pk}
    for name, content in (("a.part", "half a file"), ("b.json", '{"half'), ("c.json", json.dumps(lost))):
        (incoming / name).write_text(content)
    _make_old(*incoming.iterdir())
    assert intake.adopt_orphans() == 0
    assert not any(incoming.iterdir())


def test_it_lets_people_with_much_waiting_go_the_bulk_way(as_alice, alice, looks_fine):
    make_document(alice, pages=intake.INTERACTIVE_BACKLOG)
    send(as_alice, b"content")
    assert Document.objects.first().lane == "bulk"


def _make_old(*paths: Path) -> None:
    for path in paths:
        os.utime(path, (1, 1))


def test_what_is_uploaded_in_one_go_is_a_batch(as_alice, looks_fine):
    sent = ((b"1", "a"), (b"2", "a"), (b"3", "b"))
    first, second, later = (send(as_alice, data, batch=key).json() for data, key in sent)
    assert first["batch"] == second["batch"] != later["batch"]
    batch = Document.objects.get(pk=first["id"]).batch
    assert first["batch"] == batch.get_absolute_url()
    assert batch.documents.count() == 2


def test_what_comes_without_a_batch_belongs_to_the_day(client, alice, bob, looks_fine):
    urls = []
    for who, data in ((alice, b"1"), (alice, b"2"), (bob, b"3")):
        client.force_login(who)
        urls.append(send(client, data).json()["batch"])
    assert urls[0] == urls[1] != urls[2]


def test_every_opening_of_the_portal_begins_a_batch(as_alice):
    keys = {as_alice.get(reverse("upload")).context["form"]["batch"].value() for _ in range(2)}
    assert len(keys) == 2
