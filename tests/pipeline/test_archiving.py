"""The whole archive, out and in: nothing is lost, nothing changed, nothing half."""

from __future__ import annotations

import hashlib
import json
import zipfile
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db.models import Model
from django.utils.dateparse import parse_datetime

from documents import search
from documents.models import (
    Collection,
    CollectionRole,
    Document,
    DocumentType,
    Edit,
    EditState,
    Layer,
    Page,
    PageText,
    Role,
    Tag,
)
from documents.pipeline import archiving, reviewing
from documents.pipeline.archiving import ArchiveProblem, tables
from documents.pipeline.removing import remove_documents
from documents.pipeline.reviewing import WrittenLine
from documents.pipeline.texts import add_text
from tests.scenes import make_document, make_read_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive(alice, bob):
    """Twenty documents with all that can be said about them; returns their storage names."""
    for name in default_storage.listdir("")[0] if default_storage.exists("") else []:
        _empty(name)
    for number in range(19):
        _fill(make_read_page(alice if number % 2 else bob, f"page {number}", 'dos  «corazón» 東京 \\ "x"'), alice)
    make_document(alice, title="Unread", pages=3, scope=str(alice.pk))
    readers = Group.objects.create(name="Readers")
    alice.groups.add(readers)
    collection = Collection.objects.create(name="Maps", owner=bob)
    CollectionRole.objects.create(collection=collection, group=readers, role=Role.REVIEWER)
    Document.objects.filter(title="Unread").update(
        collection=collection, document_type=DocumentType.objects.create(name="Letter"),
        created_at=parse_datetime("1999-12-31T23:59:59.123456Z"),
    )  # fmt: skip
    return stored()


def _empty(folder: str) -> None:
    for name in default_storage.listdir(folder)[0]:
        _empty(f"{folder}/{name}")
    for name in default_storage.listdir(folder)[1]:
        default_storage.delete(f"{folder}/{name}")


def _fill(page: Page, alice: Any) -> None:
    """Give a page a model's layer with edits, a person's layer, an approval, tags and files."""
    lines = [{"text": line["text"].upper(), "box": line["box"], "confidence": 0.5} for line in page.current.lines]
    text = add_text(page, Layer.LLM, lines, made_by="model", details={"a": [1, None]})
    edit = {"before": "p", "after": "P", "margin": 1.5, "rule": "r", "state": EditState.APPLIED}
    Edit.objects.create(text=text, line=0, start=0, end=1, **edit)
    reviewing.save_text(page, [WrittenLine(f"written {page.pk}", 0)], based_on=text.pk, author=alice)
    reviewing.approve(page, by=alice)
    page.document.tags.add(Tag.objects.get_or_create(name=f"tag {page.pk % 3}")[0])
    names = f"pages/{page.pk}.jpg", f"pages/{page.pk}-small.jpg"
    Page.objects.filter(pk=page.pk).update(picture=names[0], thumbnail=names[1])
    for name in (*names, page.document.original):
        default_storage.save(name, ContentFile(f"content of {name}".encode() * 100))


def stored() -> dict[str, bytes]:
    """Return the stored files by name."""
    return {
        name: default_storage.open(name).read()
        for name in archiving.moving.stored_names()
        if default_storage.exists(name)
    }


def rows() -> dict[type[Model], list[dict[str, Any]]]:
    """Return all rows that make the archive, people by their names."""
    names = tables.names()
    return {model: list(tables.lines(model, names)) for model in tables.tables().values()}


def clear() -> None:
    """Make the site an empty one whose people have other numbers."""
    remove_documents(Document.objects.all())
    for model in tables.tables().values():
        model._base_manager.all().delete()
    for folder in default_storage.listdir("")[0]:
        _empty(folder)
    get_user_model().objects.all().delete()
    Group.objects.all().delete()
    for name in ("zoe", "bob"):
        get_user_model().objects.create_user(name, password="kept")


@pytest.mark.parametrize("name", ["taken", "taken.zip"])
def test_an_archive_taken_in_is_the_one_that_was_taken_out(archive, tmp_path, name):
    before = rows()
    out = archiving.export_archive(tmp_path / name)
    assert len(out.problems) == 1  # the original of the unread document was never stored
    assert sum(map(len, before.values())) == out.rows
    clear()
    taken = archiving.import_archive(tmp_path / name)
    assert (taken.rows, taken.files) == (out.rows, out.files)
    assert rows() == before
    assert stored() == archive
    assert archiving.check(tmp_path / name).problems == []


def test_what_people_and_programs_made_is_there_again(archive, tmp_path):
    archiving.export_archive(tmp_path / "taken")
    clear()
    archiving.import_archive(tmp_path / "taken")
    page = Page.objects.filter(approved_by__isnull=False).first()
    assert page.approved_by.username == "alice"
    assert [text.layer for text in page.texts.order_by("version")] == ["ocr", "llm", "human"]
    assert page.current.author.username == "alice"
    unread = Document.objects.get(title="Unread")
    assert unread.created_at.isoformat() == "1999-12-31T23:59:59.123456+00:00"
    assert unread.collection.roles.get().group.name == "Readers"
    # In quotes: another page's number may be one that OCR reads for this one's.
    assert search.find(search.parse(f'"{page.current.text}"'), Document.objects.all()).page_ids == (page.pk,)


def test_scopes_follow_their_owners(archive, tmp_path, alice):
    archiving.export_archive(tmp_path / "taken")
    clear()
    archiving.import_archive(tmp_path / "taken")
    unread = Document.objects.get(title="Unread")
    assert unread.scope == str(unread.owner.pk)


def test_people_keep_their_passwords_and_new_ones_get_none(archive, tmp_path):
    archiving.export_archive(tmp_path / "taken")
    assert "password" not in (tmp_path / "taken/people.json").read_text()
    clear()
    archiving.import_archive(tmp_path / "taken")
    users = get_user_model().objects
    assert users.get(username="bob").check_password("kept")
    assert not users.get(username="alice").has_usable_password()
    assert users.get(username="alice").groups.get().name == "Readers"


def test_new_documents_are_numbered_after_those_taken_in(archive, tmp_path, bob):
    last = Document.objects.order_by("pk").last().pk
    archiving.export_archive(tmp_path / "taken")
    clear()
    archiving.import_archive(tmp_path / "taken")
    assert make_document(get_user_model().objects.get(username="bob")).pk > last


def test_sha256sum_can_check_the_files(archive, tmp_path):
    archiving.export_archive(tmp_path / "taken")
    for line in (tmp_path / "taken/files.sha256").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((tmp_path / "taken" / name).read_bytes()).hexdigest() == digest


def test_a_site_with_documents_takes_nothing_in(archive, tmp_path):
    archiving.export_archive(tmp_path / "taken")
    with pytest.raises(ArchiveProblem, match="empty site"):
        archiving.import_archive(tmp_path / "taken")


@pytest.mark.parametrize("name", ["tables/documents_page.jsonl", "people.json", "files.sha256", "files/originals"])
def test_a_damaged_archive_is_refused_as_a_whole(archive, tmp_path, name):
    archiving.export_archive(tmp_path / "taken")
    path = tmp_path / "taken" / name
    if path.is_dir():
        path = next(file for file in path.rglob("*") if file.is_file())
    path.write_bytes(path.read_bytes()[:-2] + b"x\n")
    clear()
    with pytest.raises(ArchiveProblem, match="damaged"):
        archiving.import_archive(tmp_path / "taken")
    assert not Document.objects.exists()
    assert not PageText.objects.exists()


def test_no_file_of_an_archive_leaves_the_storage(archive, tmp_path):
    archiving.export_archive(tmp_path / "taken")
    hashes = f"{'0' * 64}  files/../../evil\n".encode()
    (tmp_path / "taken/files.sha256").write_bytes(hashes)
    manifest = json.loads((tmp_path / "taken/manifest.json").read_text())
    manifest["files"]["sha256"] = hashlib.sha256(hashes).hexdigest()
    (tmp_path / "taken/manifest.json").write_text(json.dumps(manifest))
    clear()
    with pytest.raises(ArchiveProblem, match=r"files\.sha256"):
        archiving.import_archive(tmp_path / "taken")


def test_what_is_no_archive_is_refused(tmp_path):
    (tmp_path / "file").write_text("hello")
    (tmp_path / "empty").mkdir()
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("x", "y")
    for name in ("file", "empty", "other.zip", "nothing"):
        with pytest.raises(ArchiveProblem, match="no archive"):
            archiving.import_archive(tmp_path / name)


def change_manifest(path, **values):
    manifest = json.loads((path / "manifest.json").read_text()) | values
    (path / "manifest.json").write_text(json.dumps(manifest))
    return manifest


def test_an_archive_of_a_newer_program_is_refused(archive, tmp_path):
    archiving.export_archive(tmp_path / "taken")
    clear()
    manifest = change_manifest(tmp_path / "taken", version=99)
    with pytest.raises(ArchiveProblem, match="version 99"):
        archiving.import_archive(tmp_path / "taken")
    told = {"columns": ["id"], "rows": 1, "sha256": ""}
    change_manifest(tmp_path / "taken", version=1, tables=manifest["tables"] | {"documents_hologram": told})
    with pytest.raises(ArchiveProblem, match="newer program"):
        archiving.import_archive(tmp_path / "taken")


def test_an_archive_of_an_older_program_gets_the_defaults(archive, tmp_path):
    archiving.export_archive(tmp_path / "taken")
    manifest = json.loads((tmp_path / "taken/manifest.json").read_text())
    facts = manifest["tables"]["documents_document"]
    place = facts["columns"].index("handwritten")
    path = tmp_path / "taken/tables/documents_document.jsonl"
    told = [json.loads(line) for line in path.read_text().splitlines()]
    path.write_text("".join(json.dumps(row[:place] + row[place + 1 :]) + "\n" for row in told))
    facts["columns"].pop(place)
    facts["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    change_manifest(tmp_path / "taken", tables=manifest["tables"])
    clear()
    archiving.import_archive(tmp_path / "taken")
    assert not Document.objects.filter(handwritten=True).exists()


def test_nothing_that_lies_there_is_written_over(archive, tmp_path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(ArchiveProblem, match="already"):
        archiving.export_archive(tmp_path / "taken")


def test_the_check_names_what_differs(archive, tmp_path):
    archiving.export_archive(tmp_path / "taken")
    page = Page.objects.exclude(picture="").first()
    Tag.objects.filter(pk=Tag.objects.first().pk).update(name="other")
    default_storage.delete(page.picture)
    (tmp_path / "taken/files" / page.thumbnail).write_bytes(b"other")
    problems = " ".join(archiving.check(tmp_path / "taken").problems)
    assert "documents_tag" in problems
    assert "documents_edit" not in problems
    assert f"{page.picture} is missing from this site" in problems
    assert f"{page.thumbnail} in the archive is not what" in problems


def test_the_command_exports_imports_and_checks(archive, tmp_path, capsys):
    Document.objects.filter(title="Unread").delete()
    path = str(tmp_path / "taken.zip")
    call_command("archive", "export", path)
    call_command("archive", "check", path)
    assert "rows and" in capsys.readouterr().out
    with pytest.raises(CommandError, match="empty site"):
        call_command("archive", "import", path)


def test_every_table_is_in_the_archive_or_left_out_on_purpose():
    kept = {model._meta.model_name for model in tables.tables().values()}
    assert {"document", "page", "pagetext", "edit", "tag", "collection", "document_tags"} <= kept
    assert not kept & tables.LEFT_OUT
