"""The watched folder: nothing is lost, nothing is taken twice, and nothing foreign is touched."""

from __future__ import annotations

import os

import pytest
from django.core.management import CommandError, call_command

from documents import serving
from documents.checks import watched_folder
from documents.models import Document
from documents.pipeline import health, intake, sweeping, watching
from documents.pipeline.intake import Refused, Wishes
from documents.pipeline.watching import Watcher
from tests.export.scenes import make_jpeg

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    """Let no queue take jobs, and let files be still at once."""
    monkeypatch.setattr("documents.queues.room", lambda queue: 0)
    monkeypatch.setattr("documents.queues.ring_look", lambda document_id: None)
    monkeypatch.setattr(watching, "STILL_SECONDS", 0)


@pytest.fixture
def folder(tmp_path):
    """The folder that a scanner writes into."""
    (tmp_path / "scans").mkdir()
    return tmp_path / "scans"


@pytest.fixture
def watcher(folder, alice):
    """A watcher of the folder, for alice."""
    return Watcher(folder, alice, Wishes(tags=["scanner"]))


def put(path, grey=200):
    """Write a picture as a scanner does."""
    path.parent.mkdir(exist_ok=True)
    return make_jpeg(path, (200 + grey, 300))


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_file_becomes_a_document_and_is_moved(folder, watcher, alice):
    put(folder / "scan.jpg")
    assert watcher.look() == 1
    document = Document.objects.get()
    assert (document.owner, document.title, document.original_name) == (alice, "scan", "scan.jpg")
    assert [tag.name for tag in document.tags.all()] == ["scanner"]
    assert files(folder) == ["done/scan.jpg"]
    assert watcher.look() == 0


def test_a_file_that_grows_is_left_alone(folder, watcher, monkeypatch):
    monkeypatch.setattr(watching, "STILL_SECONDS", 5)
    clock = [100.0]
    monkeypatch.setattr(watching.time, "monotonic", lambda: clock[0])
    whole = put(folder / "scan.jpg").read_bytes()
    (folder / "scan.jpg").write_bytes(whole[:100])
    watcher.look()
    for part in (200, 300):
        clock[0] += 4
        (folder / "scan.jpg").write_bytes(whole[:part])
        assert watcher.look() == 0
    (folder / "scan.jpg").write_bytes(whole)
    watcher.look()
    clock[0] += 4
    assert watcher.look() == 0
    clock[0] += 2
    assert watcher.look() == 1
    assert Document.objects.count() == 1


def test_the_same_content_is_taken_once_and_answered(folder, watcher):
    put(folder / "scan.jpg")
    watcher.look()
    put(folder / "again.jpg")
    put(folder / "scan.jpg")
    watcher.look()
    assert Document.objects.count() == 1
    pictures = ["done/again.jpg", "done/scan-2.jpg", "done/scan.jpg"]
    assert files(folder) == sorted([*pictures, "done/again.jpg.txt", "done/scan-2.jpg.txt"])
    assert (folder / "done/again.jpg.txt").read_text() == "Already here: scan.\n"


def test_a_crash_before_the_move_takes_nothing_twice(folder, alice, monkeypatch):
    put(folder / "scan.jpg")
    monkeypatch.setattr(Watcher, "_move", lambda *args: True)
    Watcher(folder, alice, Wishes()).look()
    monkeypatch.undo()
    monkeypatch.setattr(watching, "STILL_SECONDS", 0)
    Watcher(folder, alice, Wishes()).look()
    assert Document.objects.count() == 1
    assert "done/scan.jpg" in files(folder)


def test_what_cannot_be_read_is_kept_with_a_sentence(folder, watcher):
    (folder / "letter.docx").write_bytes(b"PK\x03\x04")
    assert watcher.look() == 1
    assert files(folder) == ["failed/letter.docx", "failed/letter.docx.txt"]
    assert "PDF" in (folder / "failed/letter.docx.txt").read_text()
    assert not Document.objects.exists()


@pytest.mark.parametrize("status", [503, 507])
def test_what_may_be_taken_later_stays(folder, watcher, monkeypatch, status):
    def refuse(*args, **how):
        raise Refused("No room.", status)

    put(folder / "scan.jpg")
    monkeypatch.setattr(intake, "take", refuse)
    assert watcher.look() == 0
    assert files(folder) == ["scan.jpg"]
    monkeypatch.undo()
    monkeypatch.setattr(watching, "STILL_SECONDS", 0)
    assert watcher.look() == 1


def test_a_file_that_was_written_to_meanwhile_is_taken_anew(folder, watcher, monkeypatch):
    put(folder / "scan.jpg")
    real = intake.take

    def slow(*args, **how):
        arrival = real(*args, **how)
        put(folder / "scan.jpg", 100)
        return arrival

    monkeypatch.setattr(intake, "take", slow)
    assert watcher.look() == 0
    monkeypatch.setattr(intake, "take", real)
    assert watcher.look() == 1
    assert Document.objects.count() == 2


@pytest.mark.parametrize("name", [".hidden.jpg", "scan.jpg.part", "scan.tmp", "scan.jpg~", ".trash/scan.jpg"])
def test_hidden_and_unfinished_files_are_left_alone(folder, watcher, name):
    put(folder / name)
    assert watcher.look() == 0
    assert files(folder) == [name]


def test_links_are_left_alone(folder, watcher, tmp_path):
    os.symlink(put(tmp_path / "elsewhere.jpg"), folder / "link.jpg")
    (tmp_path / "other").mkdir()
    put(tmp_path / "other" / "scan.jpg")
    os.symlink(tmp_path / "other", folder / "linked")
    os.mkfifo(folder / "pipe.jpg")
    assert watcher.look() == 0


def test_folders_below_are_watched_too(folder, watcher):
    put(folder / "office 2" / "scan.jpg")
    put(folder / "office 2" / "done" / "scan.jpg", 100)
    assert watcher.look() == 2
    assert "done/scan.jpg" in files(folder)


def test_a_folder_that_keeps_its_files_is_told_and_not_read_for_ever(folder, watcher, monkeypatch, settings):
    def keep(*args):
        raise PermissionError(13, "Permission denied")

    put(folder / "scan.jpg")
    monkeypatch.setattr(watching.os, "rename", keep)
    watcher.look()
    settings.WATCH_DIR = folder
    assert "Permission denied" in health.problem_of(health.WATCHER)
    assert health.problem_of(health.WATCHER) in sweeping._problems("", [])
    monkeypatch.setattr(intake, "take", None)  # would fail
    assert watcher.look() == 0


def test_it_says_what_is_missing_to_begin(settings, folder, alice):
    for values, words in (
        ({"WATCH_DIR": None}, "WATCH_DIR"), ({"WATCH_DIR": folder / "none"}, "is no folder"),
        ({"WATCH_DIR": folder, "WATCH_OWNER": "nobody"}, "no active user"),
    ):  # fmt: skip
        for name, value in values.items():
            setattr(settings, name, value)
        with pytest.raises(CommandError, match=words):
            call_command("watch")
    settings.WATCH_OWNER = "alice"
    assert watching.make_watcher()


def test_it_is_run_when_a_folder_is_set(settings, tmp_path):
    places = serving.Places(tmp_path, tmp_path, tmp_path / "s")
    assert "watcher" not in [program.name for program in serving.site_programs(places)]
    settings.WATCH_DIR = tmp_path
    assert "watcher" in [program.name for program in serving.site_programs(places)]


def test_the_check_refuses_folders_that_lie_within_each_other(settings, tmp_path):
    assert watched_folder(None) == []
    settings.DATA_DIR, settings.WATCH_OWNER = tmp_path / "data", "alice"
    for folder, ids in (
        (tmp_path, ["documents.E002"]),
        (tmp_path / "data/x", ["documents.E002"]),
        (tmp_path / "y", []),
    ):
        settings.WATCH_DIR = folder
        assert [message.id for message in watched_folder(None)] == ids
    settings.WATCH_OWNER = ""
    assert [message.id for message in watched_folder(None)] == ["documents.E003"]
