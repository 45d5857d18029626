"""Taking the whole archive out, in, and comparing it."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.storage import default_storage
from django.db import transaction

from documents import search
from documents.models import Document
from documents.pipeline import files
from documents.pipeline.archiving import people, tables
from documents.pipeline.archiving.store import Target, chunks_of, hash_of, new_target, opened

VERSION = 1
MANIFEST, PEOPLE, HASHES = "manifest.json", "people.json", "files.sha256"

FILES = {"original", "picture", "thumbnail"}
"""Columns that hold names in the file storage."""

Step = Callable[[str], None]
"""Is told what has been done, a word at a time; see `Report` for the sums."""


class ArchiveProblem(Exception):
    """The archive cannot be taken in or read. The message is a sentence for whoever runs the site."""


@dataclass
class Report:
    """How many rows and files there were, and what is wrong, as sentences."""

    rows: int = 0
    files: int = 0
    problems: list[str] = field(default_factory=list)


def export_archive(path: Path, *, step: Step = bool) -> Report:
    """Write the whole archive to a new folder, or to a ZIP when the name ends so.

    Rows are those of one moment; files that are missing are named in the report. Raises ArchiveProblem when something
    is at `path` already, OSError when the disk does not take it.
    """
    report = Report()
    try:
        with new_target(path) as target, tables.snapshot():
            manifest = {"version": VERSION, "tables": _write_tables(target, report, step)}
            told = json.dumps(people.people(), ensure_ascii=False, indent=1, sort_keys=True).encode()
            manifest["people"] = target.write(PEOPLE, [told])
            hashes = dict(_write_files(target, report, step))
            lines = [f"{digest}  files/{name}\n".encode() for name, digest in hashes.items()]
            manifest["files"] = {"count": len(hashes), "sha256": target.write(HASHES, lines)}
            target.write(MANIFEST, [json.dumps(manifest, indent=1).encode()])
    except FileExistsError as exc:
        raise ArchiveProblem(f"There is something at {path} already. Name a place where nothing is yet.") from exc
    return report


def _write_tables(target: Target, report: Report, step: Step) -> dict[str, Any]:
    """Write all rows. Return what the manifest tells of them."""
    names, told = tables.names(), {}
    for table, model in tables.tables().items():
        counted = _Counted(tables.lines(model, names))
        digest = target.write(f"tables/{table}.jsonl", counted)
        told[table] = {"columns": tables.columns(model), "rows": counted.count, "sha256": digest}
        report.rows += counted.count
        step(table)
    return told


class _Counted:
    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines, self.count = lines, 0

    def __iter__(self) -> Iterator[bytes]:
        for line in self._lines:
            self.count += 1
            yield line


def _write_files(target: Target, report: Report, step: Step) -> Iterator[tuple[str, str]]:
    for name in stored_names():
        try:
            with default_storage.open(name) as stream:
                yield name, target.write(f"files/{name}", chunks_of(stream))
        except FileNotFoundError:
            report.problems.append(f"The file {name} is missing from the storage.")
        else:
            report.files += 1
            step(name)


def stored_names() -> list[str]:
    """Return the storage names of all originals and pictures, each once, whichever table names them."""
    names: set[str] = set()
    for model in tables.tables().values():
        for column in FILES.intersection(tables.columns(model)):
            names.update(model._base_manager.values_list(column, flat=True).iterator(chunk_size=5000))
    return sorted(names - {""})


def import_archive(path: Path, *, step: Step = bool) -> Report:
    """Take a whole archive into this site, which holds none yet: everything or nothing.

    Raises ArchiveProblem when this site is not empty, or when anything in the archive is not as its hash says.
    """
    if Document.objects.exists():
        raise ArchiveProblem("This site has documents already. Take an archive into an empty site only.")
    root, manifest = _root(path)
    report = Report()
    _read_files(root, manifest, report, step)
    try:
        with transaction.atomic():
            _read_rows(root, manifest, report, step)
    except (ValueError, LookupError, TypeError) as exc:
        raise ArchiveProblem(f"The rows of the archive do not fit this version of the program ({exc}).") from exc
    search.rebuild()
    return report


def _root(path: Path) -> tuple[Any, dict[str, Any]]:
    """Return the root of the archive and its manifest, which fits this program."""
    try:
        root = opened(path)
        manifest = json.loads((root / MANIFEST).read_text(encoding="utf-8"))
        version = manifest["version"]
    except (OSError, ValueError, LookupError, TypeError, zipfile.BadZipFile) as exc:
        raise ArchiveProblem(f"{path} is no archive of this program, or not a whole one.") from exc
    if version != VERSION:
        raise ArchiveProblem(f"The archive has version {version}; this program reads version {VERSION}.")
    ours = tables.tables()
    for table, told in manifest["tables"].items():
        if told["rows"] and (table not in ours or set(told["columns"]) - set(tables.columns(ours[table]))):
            raise ArchiveProblem(f"The archive was made by a newer program: {table} is unknown here. Update this one.")
    return root, manifest


def _read_files(root: Any, manifest: dict[str, Any], report: Report, step: Step) -> None:
    """Put the files into the storage, each checked before it gets its name."""
    for name, digest in _hashes(root, manifest).items():
        with files.work_folder() as folder:
            part = folder / "part"
            with (root / "files" / name).open("rb") as source, part.open("wb") as copy:
                for chunk in chunks_of(source):
                    copy.write(chunk)
            with part.open("rb") as stream:
                _demand(hash_of(chunks_of(stream)) == digest, f"files/{name}")
            files.save_picture(name, part)
        report.files += 1
        step(name)


def _hashes(root: Any, manifest: dict[str, Any]) -> dict[str, str]:
    """Return the hashes of the files by storage name; no name leads out of the storage."""
    told = (root / HASHES).read_bytes()
    _demand(hash_of([told]) == manifest["files"]["sha256"], HASHES)
    found = {}
    for line in told.decode().splitlines():
        digest, _blank, name = line.partition("  files/")
        _demand(bool(name) and not name.startswith("/") and ".." not in Path(name).parts, HASHES)
        found[name] = digest
    return found


def _demand(is_right: bool, name: str) -> None:
    if not is_right:
        raise ArchiveProblem(f"{name} in the archive is damaged: it is not what its hash says. Take another copy.")


def _read_rows(root: Any, manifest: dict[str, Any], report: Report, step: Step) -> None:
    told = (root / PEOPLE).read_bytes()
    _demand(hash_of([told]) == manifest["people"], PEOPLE)
    people.take_in(json.loads(told))
    users = dict(get_user_model().objects.values_list("username", "pk"))
    keys = {get_user_model(): users, Group: dict(Group.objects.values_list("name", "pk"))}
    ours = tables.tables()
    for table, facts in manifest["tables"].items():
        name = f"tables/{table}.jsonl"
        with (root / name).open("rb") as stream:
            _demand(hash_of(chunks_of(stream)) == facts["sha256"], name)
        if not facts["rows"]:
            continue
        if ours[table]._base_manager.exists():
            raise ArchiveProblem(f"This site is not empty: {table} has rows. Take an archive into an empty site only.")
        with (root / name).open("rb") as stream:
            report.rows += tables.take_in(ours[table], facts["columns"], stream, keys)
        step(table)
    tables.count_on(ours.values())


def check(path: Path, *, step: Step = bool) -> Report:
    """Compare the archive with its own hashes and with this site. Return what differs; nothing is changed."""
    root, manifest = _root(path)
    report, names = Report(), tables.names()
    for table, model in tables.tables().items():
        told = manifest["tables"].get(table, {"rows": 0, "sha256": hash_of([])})
        ours = hash_of(tables.lines(model, names))
        if ours != told["sha256"]:
            report.problems.append(f"The rows of {table} here are not those of the archive.")
        report.rows += told["rows"]
        step(table)
    for name, digest in _hashes(root, manifest).items():
        report.problems += _differences(root, name, digest)
        report.files += 1
        step(name)
    return report


def _differences(root: Any, name: str, digest: str) -> Iterator[str]:
    for where, open_it in (("the archive", (root / "files" / name).open), ("this site", _opener(name))):
        try:
            with open_it("rb") as stream:
                if hash_of(chunks_of(stream)) != digest:
                    yield f"The file {name} in {where} is not what its hash says."
        except (FileNotFoundError, KeyError):
            yield f"The file {name} is missing from {where}."


def _opener(name: str) -> Callable[[str], Any]:
    return lambda mode: default_storage.open(name, mode)
